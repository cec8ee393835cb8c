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
    for url in [
        "https://example.com/a,https://user:secret@example.com/b",
        "https://example.com/ahttps:/user:secret@example.com/b",
        r"https://example.com/ahttps:\\user:secret@example.com\b",
        "https://example.com/ahttps：／／user:secret@example.com/b",
    ] {
        let plan = Plan::refresh([url]);
        assert_eq!(plan.invalid_inputs()[0].reason, InvalidReason::SecondUrl, "{url}");
        assert!(!message(&plan).contains("secret"), "{plan:?}");
    }
    let plan = Plan::refresh(["https:/user:secret@example.com/b"]);
    assert!(!message(&plan).contains("secret"), "{plan:?}");
}

#[test]
fn two_urls_are_invalid_in_any_notation() {
    for url in [
        "https://example.com/a?x=1%0Ahttps://example.com/b",
        "https://example.com/a?x=1%0D%0ahttp://example.org/b",
        "https://example.com/a?x=1%0dhttps://example.com/b?y",
        "https://example.com/fit(1%0Ahttps://example.com/b",
        "https://example.com/ahttps:/example.com/b",
        "https://example.com/a.js,http:/example.org/b",
        "https://example.com/a?v=1https:/example.com/b",
        r"https://example.com/ahttps:\\example.com\b",
        r"https://example.com/ahttps:\example.com\b",
        r"https://example.com/a,https:\/\/example.com\/b",
        "https://example.com/ahttps:////example.com/b",
        "https://example.comhttps:/example.com/b",
        "https://example.com/aｈｔｔｐｓ://example.com/b",
        "https://example.com/aＨttps://example.com/b",
        "https://example.com/ahttps：//example.com/b",
        "https://example.com/ahttps:／／example.com/b",
        "https://example.com/a-https：／／ｅxample.com/b",
        "https://example.com/a@https://example.com/b",
        "https://example.com/a$https://example.com/b",
        "https://example.com/a+https://example.com/b",
        "https://example.com/a%https://example.com/b",
        "https://example.com/a?x=1@https://example.com/b",
        "https://example.com/a?x=1,https%3A%2F%2Fexample.com%2Fb",
        "https://example.com/a?x=1;https%3a//example.com/b",
        "https://example.com./a?x=1,https://example.com/b",
        "https://example.com/a?x=1,https://EXAMPLE.com。/b",
        "https://图.example.com/a?x=1,https://xn--wcs.example.com/b",
    ] {
        let plan = Plan::refresh([url]);
        assert_eq!(message(&plan).matches("own line").count(), 1, "{plan:?}");
    }
}

/// A plan contains encoded URLs, which are planned again as they are.
#[test]
fn a_character_before_a_second_url_means_the_same_if_it_is_encoded() {
    for (raw, encoded, is_valid) in [
        ("/fit(80、https://b.example/", "/fit(80%E3%80%81https://b.example/", false),
        ("/(a\u{fffd}https://b.example/", "/(a%EF%BF%BDhttps://b.example/", false),
        (r"/fit(80\nhttps://b.example/", "/fit(80/nhttps://b.example/", false),
        ("/图https://b.example/", "/%E5%9B%BEhttps://b.example/", false),
        (
            "/?to=https://b.example/、https://c.example/",
            "/?to=https://b.example/%E3%80%81https://c.example/",
            true,
        ),
        // The host of the second URL is not that of the first.
        ("/?a.https://example.com.\u{fffd}x/", "/?a.https://example.com.%EF%BF%BDx/", true),
    ] {
        for path in [raw, encoded] {
            let plan = Plan::refresh([format!("https://example.com{path}")]);
            assert_eq!(plan.invalid_inputs().is_empty(), is_valid, "{path}: {plan:?}");
        }
    }
}

#[test]
fn hosts_that_cannot_exist_are_invalid() {
    let (label, long) = ("a".repeat(64), "abcdefghi.".repeat(30));
    let hosts = [
        "a.example.com,b.example.com",
        "example.com;example.org",
        "example.com|example.org",
        "example.com%2c",
        "example.com，example.org",
        "-a.com",
        "a-.com",
        "a.-com",
        "ex$a.com",
        "ex(a).com",
        "ex!a.com",
        "ex+ample.com",
        "ex&a.com",
        "ex'a.com",
        "ex~a.com",
        "ex=a.com",
        "ex{a}.com",
        "*.example.com",
        "example.com。。",
        "example.com.。",
        "example.com:0",
        "example.com:000",
        "example.com:65536",
        &format!("{label}.com"),
        &format!("{}.com", "图".repeat(60)),
        &format!("{long}com"),
    ];
    for host in hosts {
        for kind in [TargetKind::File, TargetKind::Regex, TargetKind::Preload] {
            let plan = plan_as(kind, &format!("https://{host}/x"));
            assert!(message(&plan).contains("is not a domain name"), "{host}: {plan:?}");
        }
    }
    for domain in ["example.com,b.com", "-a.com", "example.com:80"] {
        let plan = Planner::new().cache_tags(domain, ["spring"]).plan();
        assert!(message(&plan).contains("is not a domain name"), "{domain}: {plan:?}");
    }
    let longest = format!("{}com", format!("{}.", "a".repeat(49)).repeat(5));
    for (host, sent) in [
        ("my_host.example.com", "my_host.example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("a--b.example.com", "a--b.example.com"),
        ("1.example.com", "1.example.com"),
        ("图.Example.com", "xn--wcs.example.com"),
        ("xn--wcs.example.com", "xn--wcs.example.com"),
        ("example.com。", "example.com"),
        ("例子。中国", "xn--fsqu00a.xn--fiqs8s"),
        ("example.com:8080", "example.com:8080"),
        ("example.com:65535", "example.com:65535"),
        (&format!("{}.com", "a".repeat(63)), &format!("{}.com", "a".repeat(63))),
        (&longest, &longest),
    ] {
        let plan = Plan::refresh([format!("https://{host}/x")]);
        assert_eq!(plan.invalid_inputs(), [], "{host}");
        assert_eq!(plan.calls()[0].objects[0].url, format!("https://{sent}/x"));
    }
}

#[test]
fn cache_tags_that_are_several_tags_or_urls_are_invalid() {
    for (tag, expected) in [
        ("spring,sale", "pass each tag separately"),
        (
            "spring sale",
            "contains whitespace; pass each tag as its own argument or on its own line",
        ),
        ("spring\nsale", "contains whitespace; pass each tag"),
        ("spring\tsale", "contains whitespace; pass each tag"),
        ("spring\u{a0}sale", "contains an invisible character; remove it from the tag"),
        ("spring\u{7}", "contains an invisible character; remove it from the tag"),
        ("spring*", "contains *, which is not a wildcard in cache tags"),
        ("*", "contains *, which is not a wildcard in cache tags"),
        ("https://example.com/a", "contains a URL"),
        ("spring|http://example.com", "contains a URL"),
        ("https://user:secret@example.com/a,b", "contains a URL"),
    ] {
        let message = message(&Planner::new().cache_tags("example.com", [tag]).plan());
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("%20") && !message.contains("secret"), "{message}");
    }
    let tags = ["spring", "a:b", "a/b", "v1.2", "a=b", "a%20b", "季节", "a;b", "a|b"];
    let plan = Planner::new().cache_tags("my_host.example.com", tags).plan();
    assert_eq!((plan.object_count(), plan.invalid_inputs().len()), (tags.len(), 0));
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
        "https://example.com/web/2020/https:/example.com/a",
        "https://example.com/fetch/https:/example.org/a",
        "https://example.com/fetch/w_100,h_100/https://example.com/a",
        "https://example.com/fetch/w_100,h_100/https:/example.com/a",
        "https://example.com/?u=https:/example.com/a",
        "https://example.com/?u=https%3A%2F%2Fexample.com%2Fa,https%3A%2F%2Fexample.com%2Fb",
        "https://example.com/?x=1,https%3A%2F%2Fexample.org%2Fb",
        "https://example.com/?text=see+https://example.com/a",
        "https://example.com/?text=see%20https://example.com/a",
        "https://example.com/?text=see%0Ahttps%3A%2F%2Fexample.com%2Fa",
        "https://example.com/?state=1%7Chttps%3A%2F%2Fexample.com",
        "https://example.com/git+https://example.org/a",
        "https://example.com/a@https://example.org/b",
        "https://example.com/??a.js,b.js",
        "https://example.com/a(1),b(2);c@2x$d+e.jpg",
        "https://example.com/xhttp:/guide/",
        "https://example.com/xhttp:/a%5Cguide.html",
        "https://example.com/http:8080/a",
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
