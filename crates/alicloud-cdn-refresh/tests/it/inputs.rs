//! Inputs that mean several objects, or none, are invalid with the remedy.

use alicloud_cdn_refresh::{InvalidReason, Plan, Planner, TargetKind};
use alicloud_fake::FakeService;

use crate::errors::assert_error_line;
use crate::process::Shell;
use crate::support::instant;

/// Returns the message of the only input of a plan.
fn message(plan: &Plan) -> String {
    assert_eq!((plan.object_count(), plan.invalid_inputs().len()), (0, 1), "{plan:?}");
    plan.invalid_inputs()[0].to_string()
}

fn plan_as(kind: TargetKind, url: &str) -> Plan {
    Planner::new().refresh_as(kind, [url]).plan()
}

#[test]
fn two_urls_in_one_input_are_invalid() {
    let separators = [
        ",", ";", "|", r"\n", r"\r\n", r"\t", "\t", " ", "", "%2C", "%0A", "%0d%0a", "\",\"", "，",
        "、",
    ];
    for separator in separators {
        for second in ["https://example.com/b", "HTTPS://example.com/b?v=1", "http://example.com/b"]
        {
            let url = format!("https://example.com/a.js{separator}{second}");
            for kind in [TargetKind::File, TargetKind::Preload, TargetKind::IgnoreParams] {
                let message = message(&plan_as(kind, &url));
                assert!(message.contains("own line"), "{message}");
            }
        }
    }
    let plan = Plan::refresh(["https://example.com/a,https://user:secret@example.com/b"]);
    assert_eq!(plan.invalid_inputs()[0].reason, InvalidReason::SecondUrl);
    assert!(!message(&plan).contains("secret"), "{plan:?}");
}

#[test]
fn urls_that_contain_a_url_are_valid() {
    for url in [
        "https://example.com/web/2020/https://example.org/a",
        "https://example.com/proxy/http://example.com/a.jpg",
        "https://example.com/?u=https://example.org/a",
        "https://example.com/go?u=https://example.com/a,https://example.com/b",
        "https://example.com/fetch/https%3A%2F%2Fexample.org%2Fa",
        "https://example.com/combo/a.js,b.js;c.js",
        "https://example.com/https-guide,http.html",
    ] {
        let plan = Plan::refresh([url]);
        assert_eq!(plan.calls()[0].objects[0].url, url);
    }
}

#[test]
fn wildcards_are_only_valid_in_patterns() {
    for (kind, url) in [
        (TargetKind::File, "https://example.com/*"),
        (TargetKind::File, "https://example.com/a.js?*"),
        (TargetKind::Directory, "https://example.com/img/*"),
        (TargetKind::IgnoreParams, "https://example.com/*.js"),
        (TargetKind::Preload, "https://example.com/img/*"),
    ] {
        let message = message(&plan_as(kind, url));
        assert!(message.contains("--kind regex") && message.contains("%2A"), "{message}");
    }
    assert_eq!(Plan::refresh(["https://example.com/a%2Ab"]).object_count(), 1);
    assert_eq!(plan_as(TargetKind::Regex, "https://example.com/.*").object_count(), 1);
}

#[test]
fn invisible_characters_are_invalid() {
    let plan = Plan::refresh([
        "https://example.com/a\u{200b}.js",
        "https://exa\u{ad}mple.com/a.js",
        "\u{feff}https://example.com/a.js",
        "https://example.com/a.js\u{202e}",
        "https://example.com/a\u{a0}b.js",
        "https://example.com/%E2%80%8B.js",
    ]);
    assert_eq!((plan.invalid_inputs().len(), plan.object_count()), (5, 1));
    let message = plan.invalid_inputs()[0].to_string();
    assert!(message.contains("invisible character U+200B; remove it"), "{message}");
    assert!(message.is_ascii(), "{message}");
    let tags = Planner::new().cache_tags("example.com", ["spring\u{200b}"]).plan();
    assert_eq!(tags.invalid_inputs().len(), 1);
}

#[test]
fn patterns_with_unbalanced_brackets_or_a_trailing_backslash_are_invalid() {
    for (pattern, expected) in [
        ("https://example.com/(a|b", "unbalanced ("),
        ("https://example.com/a|b)", "unbalanced )"),
        ("https://example.com/[a-z", "unbalanced ["),
        ("https://example.com/a{2", "unbalanced {"),
        (r"https://example.com/a\", "ends with a backslash"),
    ] {
        let message = message(&plan_as(TargetKind::Regex, pattern));
        assert!(message.contains(expected), "{message}");
    }
    let valid = r"https://example.com/(a|[^)(\]]{2,})\(\[\\";
    assert_eq!(plan_as(TargetKind::Regex, valid).calls()[0].objects[0].url, valid);
}

#[tokio::test]
async fn the_command_sends_none_of_them() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let joined = "https://example.com/a\nhttps://example.com/bhttps://example.com/c\n";
    let run = shell.run_with_stdin(&["refresh", "--wait", "-"], joined).await;
    let parts = ["<stdin>:2: ", "contains a second URL; pass each URL as its own argument or on"];
    assert_error_line(&run, 3, &parts);
    let run = shell.run(&["preload", "https://example.com/static/"]).await;
    assert_error_line(
        &run,
        3,
        &["is a directory, which cannot be preloaded; pass the URL of each"],
    );
    let run = shell.run(&["refresh", "--kind", "directory", "https://example.com/img/*"]).await;
    assert_error_line(&run, 3, &["contains the wildcard *", "write %2A"]);
    assert_eq!(fake.submissions().len(), 0);
}
