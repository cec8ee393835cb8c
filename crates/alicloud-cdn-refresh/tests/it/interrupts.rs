//! Interrupted commands: after one signal and after two, and what is left to send.

use std::time::Duration;

use alicloud_fake::{FakeService, ScriptedResponse};

use crate::process::{Running, Shell, URLS, wait_for_call};
use crate::support::instant;

#[tokio::test]
async fn reports_a_used_up_minute_quota() {
    let fake = FakeService::builder().simulation(instant().files_per_minute(1).speed(120.0));
    let fake = fake.start().await.unwrap();
    fake.enqueue(
        ScriptedResponse::error(
            http::StatusCode::BAD_REQUEST,
            "TooMany.Refresh",
            "The queue is full.",
        )
        .for_operation("RefreshObjectCaches"),
    );
    let mut child = Shell::for_service(&fake).spawn(&["refresh", URLS[0]]);
    wait_for_call(&fake, "RefreshObjectCaches").await;
    child.signal("INT").await;
    let run = child.wait().await;
    assert_eq!((run.code, fake.submissions().len()), (3, 0), "{run:?}");
    assert!(run.stderr.contains("the minute quota of example.com is exhausted"), "{run:?}");
    assert!(
        run.stderr.contains("stopping after the calls in progress; press Ctrl-C again"),
        "{run:?}"
    );
}

#[tokio::test]
async fn second_interrupt_stops_immediately_with_an_error() {
    let unresponsive = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", unresponsive.local_addr().unwrap());
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    fake.enqueue(
        ScriptedResponse::passthrough()
            .delay(Duration::from_secs(60))
            .for_operation("RefreshObjectCaches"),
    );
    let cases = [(endpoint.as_str(), 1, 3), (fake.endpoint(), 2, 4)];
    for (endpoint, signal_count, code) in cases {
        let mut child = Shell::for_service(&fake).spawn(&[
            "refresh",
            "--json",
            "--endpoint",
            endpoint,
            URLS[0],
        ]);
        // Interrupts only once the call is in progress.
        let connection = match endpoint == fake.endpoint() {
            true => None,
            false => Some(unresponsive.accept().await.unwrap()),
        };
        match connection {
            Some(_) => tokio::time::sleep(Duration::from_millis(300)).await,
            None => wait_for_call(&fake, "RefreshObjectCaches").await,
        }
        for _ in 0..signal_count {
            child.signal("INT").await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let run = child.wait().await;
        assert_eq!(run.code, code, "{run:?}");
        let last = run.json_lines().pop().unwrap();
        assert_eq!((&last["type"], &last["exit_code"]), (&"error".into(), &code.into()), "{run:?}");
    }
}

/// Starts a refresh of six domains, and returns when four of its calls are in progress.
async fn start_with_four_calls_in_progress(
    fake: &FakeService,
    shell: &Shell,
    options: &[&str],
) -> Running {
    for _ in 0..4 {
        let slow = ScriptedResponse::passthrough().delay(Duration::from_secs(2));
        fake.enqueue(slow.for_operation("RefreshObjectCaches"));
    }
    let urls: Vec<String> = (0..6).map(|n| format!("https://d{n}.example/")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let previous_count = fake.submissions().len();
    let child = shell.spawn(&[&["refresh", "--wait"], options, &urls].concat());
    while fake.submissions().len() < previous_count + 4 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child
}

#[tokio::test]
async fn hints_mention_objects_that_were_not_sent() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let mut child = start_with_four_calls_in_progress(&fake, &shell, &[]).await;
    child.signal("INT").await;
    let run = child.wait().await;
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("2 objects were not sent; pass them again"), "{run:?}");

    let state = shell.path("purge.state");
    let state = state.to_str().unwrap();
    let mut child = start_with_four_calls_in_progress(&fake, &shell, &["--state", state]).await;
    let status = shell.run(&["status", "--state", state]).await;
    assert_eq!(status.code, 2, "{status:?}");
    assert!(status.stdout.contains("another program is sending it"), "{status:?}");
    assert!(status.stderr.contains(&format!(" status --state {state}\n")), "{status:?}");
    child.signal("INT").await;
    assert_eq!(child.wait().await.code, 2);

    let wait = shell.run(&["wait", "--state", state]).await;
    assert_eq!(wait.code, 2, "{wait:?}");
    assert!(wait.stderr.contains(&format!(" refresh --wait --state {state}\n")), "{wait:?}");
    assert_eq!(shell.run(&["refresh", "--wait", "--state", state]).await.code, 0);
    assert_eq!(fake.submissions().len(), 4 + 6);
}
