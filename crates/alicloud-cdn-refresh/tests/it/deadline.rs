//! `--timeout` against services that never answer, and `--allow-empty`.
//!
//! Upper bounds of durations are generous, because machines are noisy. They are far below the time after
//! which a call gives up.

use std::time::{Duration, Instant};

use alicloud_fake::{FakeService, ScriptedResponse};
use tokio::net::TcpListener;

use crate::errors::assert_error_line;
use crate::process::{Run, Shell};
use crate::support::instant;

const URL: &str = "https://example.com/a.jpg";

/// How long a run with a timeout of 3 s may take.
const MAX_DURATION: Duration = Duration::from_secs(20);

/// Runs a command with `--timeout 3s`, and checks that it takes 3 s.
async fn run_for_three_seconds(shell: &Shell, args: &[&str]) -> Run {
    #[allow(clippy::disallowed_methods, reason = "measures a process")]
    let start = Instant::now();
    let run = shell.run(&[args, &["--timeout", "3s"]].concat()).await;
    let duration = start.elapsed();
    assert!(
        (Duration::from_millis(2_500)..MAX_DURATION).contains(&duration),
        "{duration:?} {run:?}"
    );
    run
}

/// Returns a service that delays every call of an operation.
async fn start_with_slow(operation: &str) -> FakeService {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    for _ in 0..20 {
        let slow = ScriptedResponse::passthrough().delay(Duration::from_secs(60));
        fake.enqueue(slow.for_operation(operation));
    }
    fake
}

#[tokio::test]
async fn a_service_that_never_answers_ends_the_run_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    for command in ["refresh", "preload"] {
        let args = [command, "--wait", "--endpoint", &endpoint, URL];
        let run = run_for_three_seconds(&shell, &args).await;
        assert_error_line(&run, 2, &["nothing was sent", "reading the quota", "--timeout"]);
        assert!(run.stderr.contains("still reading the quota after 2 s"), "{run:?}");
    }
    let args = ["--json", "refresh", "--wait", "--endpoint", &endpoint, URL];
    let lines = run_for_three_seconds(&shell, &args).await.json_lines();
    assert!(lines.iter().any(|line| line["type"] == "phase"), "{lines:?}");
    assert_eq!(lines.last().unwrap()["exit_code"], 2, "{lines:?}");
    let run = run_for_three_seconds(&shell, &["wait", "17", "--endpoint", &endpoint]).await;
    assert_eq!(run.code, 2, "{run:?}");
}

#[tokio::test]
async fn the_timeout_bounds_each_phase() {
    // A call whose response did not arrive in time may have been executed.
    let fake = start_with_slow("RefreshObjectCaches").await;
    let run = run_for_three_seconds(&Shell::for_service(&fake), &["refresh", "--wait", URL]).await;
    assert_error_line(&run, 4, &[URL, "unknown: ", "before you resend it, check"]);
    assert!(run.stderr.contains("warning: the time was up while submitting"), "{run:?}");

    // Without `--wait` as well.
    let fake = start_with_slow("RefreshObjectCaches").await;
    let run = run_for_three_seconds(&Shell::for_service(&fake), &["refresh", URL]).await;
    assert_error_line(&run, 4, &[URL, "unknown: ", "before you resend it, check"]);

    // The task list that a lost call is looked up in.
    let fake = start_with_slow("DescribeRefreshTasks").await;
    fake.enqueue(ScriptedResponse::response_lost().for_operation("RefreshObjectCaches"));
    let run = run_for_three_seconds(&Shell::for_service(&fake), &["refresh", "--wait", URL]).await;
    assert_error_line(&run, 4, &[URL, "unknown: "]);

    let fake = start_with_slow("DescribeRefreshTaskById").await;
    let run = run_for_three_seconds(&Shell::for_service(&fake), &["refresh", "--wait", URL]).await;
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("still polling the tasks after 2 s"), "{run:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_timeout_bounds_credentials_and_standard_input() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let mut shell = Shell::for_service(&fake);
    let program = r#"{"current": "slow", "profiles": [{"name": "slow", "mode": "External",
        "process_command": "sleep 60"}]}"#;
    std::fs::create_dir(shell.path(".aliyun")).unwrap();
    shell.write_file(".aliyun/config.json", program);
    shell = shell.env("PATH", "/usr/bin:/bin");
    let run = run_for_three_seconds(&shell, &["refresh", "--wait", "--profile", "slow", URL]).await;
    assert_error_line(&run, 2, &["nothing was sent"]);

    // Standard input stays open.
    let mut running = shell.spawn(&["refresh", "--wait", "--timeout", "1s", "-"]);
    let stdin = running.0.stdin.take();
    let run = tokio::time::timeout(MAX_DURATION, running.wait()).await.unwrap();
    drop(stdin);
    assert_error_line(&run, 2, &["nothing was sent", "reading the inputs"]);
}

#[tokio::test]
async fn calls_that_are_not_sent_in_time_leave_the_run_unfinished() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    for _ in 0..50 {
        let throttled = ScriptedResponse::error(
            http::StatusCode::TOO_MANY_REQUESTS,
            "Throttling.User",
            "Slow down.",
        );
        fake.enqueue(throttled.for_operation("RefreshObjectCaches"));
    }
    let run = run_for_three_seconds(&Shell::for_service(&fake), &["refresh", "--wait", URL]).await;
    assert_eq!(fake.submissions().len(), 0);
    assert_error_line(&run, 2, &[URL, "not sent: ", "Throttling.User"]);
}

#[tokio::test]
async fn an_empty_list_is_a_success_if_it_is_allowed() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let empty = shell.write_file("empty.txt", "\u{feff}# nothing\n\r\n  \n");
    let state = shell.path("purge.state");
    let (empty, state) = (empty.to_str().unwrap(), state.to_str().unwrap());
    for command in ["refresh", "preload", "plan"] {
        for source in [&["-"][..], &["--file", "-"], &["--file", empty], &[]] {
            let allowed = shell.run(&[&[command, "--allow-empty"], source].concat()).await;
            assert_eq!((allowed.code, allowed.stderr.as_str()), (0, ""), "{command} {allowed:?}");
            let refused = shell.run(&[&[command], source].concat()).await;
            assert_error_line(&refused, 3, &["no URL "]);
        }
    }
    let args = ["refresh", "--json", "--wait", "--allow-empty", "--state", state, "-"];
    let run = shell.run(&args).await;
    let lines = run.json_lines();
    assert_eq!((run.code, lines.len()), (0, 1), "{lines:?}");
    assert_eq!((&lines[0]["type"], &lines[0]["exit_code"]), (&"result".into(), &0.into()));
    assert!(!shell.path("purge.state").exists());
    assert_eq!(fake.requests().len(), 0);

    // What is not empty, or cannot be read, is no success.
    let invalid = shell.run_with_stdin(&["refresh", "--allow-empty", "-"], "oops\n").await;
    assert_error_line(&invalid, 3, &["has no scheme"]);
    let missing = shell.run(&["refresh", "--allow-empty", "--file", "/nowhere/urls.txt"]).await;
    assert_error_line(&missing, 3, &["cannot read /nowhere/urls.txt"]);
    // A state file of another list is not passed over.
    assert_eq!(shell.run(&["refresh", "--wait", "--state", state, URL]).await.code, 0);
    let other = shell.run(&["refresh", "--allow-empty", "--state", state, "-"]).await;
    assert_error_line(&other, 3, &["belongs to a job with other URLs"]);
}
