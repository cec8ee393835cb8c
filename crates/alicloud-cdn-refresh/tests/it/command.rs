//! The command, run as a process.

use std::time::Duration;

use alicloud_fake::{FakeService, ScriptedResponse, Simulation};

use crate::errors::assert_error_line;
use crate::process::{Shell, URLS};
use crate::support::instant;

#[tokio::test]
async fn demo_prints_plan_and_result_without_control_characters() {
    let mut args = vec!["--demo", "refresh", "--wait"];
    args.extend(URLS);
    let run = Shell::new().run(&args).await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("Plan: 1 file, 1 directory in 2 calls\n"), "{run:?}");
    assert!(run.stdout.ends_with("Done: 2 of 2 live\n"), "{run:?}");
    assert!(run.stderr.contains("100% 2 of 2 live"), "{run:?}");
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[tokio::test]
async fn every_json_line_parses_and_the_last_is_the_result() {
    let mut args = vec!["--demo", "--json", "refresh", "--wait"];
    args.extend(URLS);
    let run = Shell::new().run(&args).await;
    let lines = run.json_lines();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types[0], "plan");
    for expected in ["call", "progress", "object"] {
        assert!(types.contains(&expected), "{types:?}");
    }
    let result = lines.last().unwrap();
    assert_eq!((&result["type"], &result["exit_code"]), (&"result".into(), &0.into()));
    assert_eq!(result["counts"]["live"], 2);
    assert_eq!(run.stderr, "");
}

#[tokio::test]
async fn reads_urls_from_arguments_files_and_stdin() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let file = shell.write_file(
        "urls.txt",
        "\u{feff}# comment\nhttps://b.example/1\r\n\n https://b.example/2 \r\n",
    );
    let args = ["refresh", "--wait", "https://a.example/1", "-", "--file", file.to_str().unwrap()];
    let run = shell.run_with_stdin(&args, "https://c.example/1\nhttps://a.example/1").await;
    assert_eq!(run.code, 0, "{run:?}");
    let mut objects: Vec<String> =
        fake.submissions().into_iter().flat_map(|submission| submission.objects).collect();
    objects.sort();
    assert_eq!(
        objects,
        [
            "https://a.example/1",
            "https://b.example/1",
            "https://b.example/2",
            "https://c.example/1"
        ]
    );
    assert!(run.stdout.contains("1 duplicate"), "{run:?}");
}

#[tokio::test]
async fn requests_xml_responses() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let run = Shell::for_service(&fake)
        .run(&["refresh", "--wait", "--response-format", "xml", URLS[0]])
        .await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(fake.requests().iter().any(|request| request.param("Format") == Some("XML")
        || request.headers.get("accept").is_some_and(|value| value == "application/xml")));
}

#[tokio::test]
async fn colors_only_terminals_unless_no_color_is_set() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let args = ["refresh", "--wait", URLS[0]];
    let plain = Shell::for_service(&fake).run(&args).await;
    assert!(!plain.stdout.contains('\u{1b}'), "{plain:?}");
    let forced = Shell::for_service(&fake).env("CLICOLOR_FORCE", "1").run(&args).await;
    assert!(forced.stdout.contains("\u{1b}[32mDone:"), "{forced:?}");
    let none = Shell::for_service(&fake).env("NO_COLOR", "1").run(&args).await;
    assert!(!none.stdout.contains('\u{1b}'), "{none:?}");
}

#[tokio::test]
async fn quiet_prints_only_errors() {
    let fake = FakeService::builder()
        .simulation(instant().fail_matching("broken", "Origin Timeout"))
        .start()
        .await
        .unwrap();
    let success = Shell::for_service(&fake).run(&["refresh", "--wait", "--quiet", URLS[0]]).await;
    assert_eq!((success.code, success.stdout.as_str(), success.stderr.as_str()), (0, "", ""));
    let broken = "https://example.com/broken";
    let run =
        Shell::for_service(&fake).run(&["refresh", "--wait", "--quiet", URLS[0], broken]).await;
    assert_error_line(
        &run,
        1,
        &["https://example.com/broken: failed: Origin Timeout; check that the origin"],
    );
    assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1), "{run:?}");
}

#[tokio::test]
async fn plan_quota_completions_and_man_send_nothing() {
    let shell = Shell::new();
    let plan = shell.run(&["plan", "--kind", "regex", r"https://a.example/.*\.js", "oops"]).await;
    assert_eq!(plan.code, 3, "an input is invalid: {plan:?}");
    assert!(plan.stdout.contains(r"regex         https://a.example/.*\.js"), "{plan:?}");
    assert_eq!(shell.run(&["plan", URLS[0]]).await.code, 0);
    let quota = shell.run(&["--demo", "--json", "quota"]).await;
    assert_eq!(
        quota.json_lines()[0]["files"],
        serde_json::json!({"remaining": 10_000, "limit": 10_000})
    );
    let over_quota = ["--demo", "plan", "--quota", "--kind", "preload", "-"];
    let urls: String = (0..1_001).map(|n| format!("https://a.example/{n}\n")).collect();
    let over_quota = shell.run_with_stdin(&over_quota, &urls).await;
    assert_eq!(over_quota.code, 3);
    assert!(
        over_quota.stderr.contains("1001 preloads requested, but only 1000 of 1000 left"),
        "{over_quota:?}"
    );
    for shell_name in ["bash", "zsh", "fish"] {
        let run = shell.run(&["completions", shell_name]).await;
        assert!(run.code == 0 && run.stdout.contains("preload"), "{run:?}");
    }
    for (args, title) in
        [(&["man"][..], "cdn-refresh"), (&["man", "refresh"], "cdn-refresh-refresh")]
    {
        let man = shell.run(args).await;
        assert!(man.code == 0 && man.stdout.contains(&format!(".TH {title} 1")), "{man:?}");
    }
    let batches =
        shell.run(&["plan", "--batch-size", "1", URLS[0], "https://example.com/b.jpg"]).await;
    assert!(batches.stdout.starts_with("Plan: 2 files in 2 calls\n"), "{batches:?}");
    assert_eq!(shell.run(&["--help"]).await.code, 0);
    assert_eq!(shell.run(&["--version"]).await.code, 0);
}

#[tokio::test]
async fn without_wait_prints_task_ids_to_wait_for() {
    let slow =
        Simulation::new().refresh_duration(Duration::from_secs(5)).pending_duration(Duration::ZERO);
    let slow =
        slow.listing_delay(Duration::from_millis(100)).fail_matching("broken", "Origin Timeout");
    let fake = FakeService::builder().simulation(slow).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let run = shell.run(&["refresh", URLS[0], "https://example.com/broken"]).await;
    assert_eq!(run.code, 0, "{run:?}");
    let id = &fake.submissions()[0].task_ids[0];
    assert!(run.stdout.contains(&format!("Tasks: {id}\n")), "{run:?}");
    let endpoint = fake.endpoint();
    assert!(
        run.stderr.contains(&format!("cdn-refresh --endpoint {endpoint} wait {id}")),
        "{run:?}"
    );
    assert!(run.stdout.ends_with("Submitted: 2 objects, not live yet\n"), "{run:?}");
    let run = shell.run(&["status", id]).await;
    assert_eq!(run.code, 2, "it is not finished: {run:?}");
    let run = shell.run(&["wait", id, "--poll-interval", "50ms"]).await;
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("live      https://example.com/a.jpg"), "{run:?}");
    let failed =
        ["https://example.com/broken: failed: Origin Timeout; check that the origin serves"];
    assert_error_line(&run, 1, &failed);
    assert_eq!(shell.run(&["status", id]).await.code, 1);
}

#[tokio::test]
async fn lost_response_exits_with_4_and_can_be_resent() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    fake.enqueue(ScriptedResponse::connection_reset().for_operation("RefreshObjectCaches"));
    let shell = Shell::for_service(&fake);
    let state = shell.path("purge.state");
    let args = [
        "refresh",
        "--wait",
        "--lookup-timeout",
        "1s",
        "--state",
        state.to_str().unwrap(),
        URLS[0],
    ];
    let run = shell.run(&args).await;
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("did not find its objects"), "{run:?}");
    assert!(run.stderr.contains("--resend-unknown"), "{run:?}");
    assert_eq!(shell.run(&args).await.code, 4, "resent without --resend-unknown");
    assert_eq!(fake.submissions().len(), 0);
    let run = shell.run(&[&args[..], &["--resend-unknown"]].concat()).await;
    assert_eq!((run.code, fake.submissions().len()), (0, 1), "{run:?}");

    // A call that was executed is found in the task list.
    fake.enqueue(ScriptedResponse::response_lost().for_operation("RefreshObjectCaches"));
    let run = shell.run(&["refresh", "--wait", URLS[1]]).await;
    assert_eq!((run.code, fake.submissions().len()), (0, 2), "{run:?}");
}

#[tokio::test]
async fn partial_sends_valid_inputs_within_the_quota() {
    let fake = FakeService::builder().simulation(instant().daily_files(2)).start().await.unwrap();
    let run = Shell::for_service(&fake)
        .run(&[
            "refresh",
            "--wait",
            "--partial",
            "--json",
            "oops",
            "https://a.example/1",
            "https://a.example/2",
            "https://a.example/3",
        ])
        .await;
    assert_eq!(run.code, 1, "{run:?}");
    let lines = run.json_lines();
    let counts = &lines.last().unwrap()["counts"];
    assert_eq!(
        (&counts["live"], &counts["invalid"], &counts["not_sent"]),
        (&2.into(), &1.into(), &1.into())
    );
    let invalid = lines.iter().find(|line| line["type"] == "invalid-input").unwrap();
    assert_eq!(
        (&invalid["source"], &invalid["reason"]),
        (&"argument 1".into(), &"no-scheme".into())
    );
    assert_eq!(fake.submissions()[0].objects.len(), 2);
    let deferred = lines.iter().find(|line| line["url"] == "https://a.example/3").unwrap();
    assert_eq!(deferred["status"], "not-sent");
}
