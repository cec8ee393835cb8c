//! Processes that do not renew their lease.

use std::time::Duration;

use alicloud_fake::ScriptedResponse;

use super::{AFTER_LEASE, Fleet, durable_server};
use crate::process::{URLS, kill, wait_for_call};

#[tokio::test]
async fn a_suspended_process_that_lost_its_job_sends_nothing_more() {
    let Some(server) = durable_server() else { return };
    let fleet = Fleet::new(server, 40).await;
    let mut suspended = fleet.start(0, 1, &[]);
    fleet.wait_for_submissions(6).await;
    suspended.signal("STOP").await;
    // Waits until the lease of the first one expires.
    let successor = fleet.start(1, 1, &[]);
    fleet.wait_for_submissions(20).await;
    suspended.signal("CONT").await;
    let suspended = suspended.wait().await;
    assert!([2, 4].contains(&suspended.code), "{suspended:?}");
    assert!(suspended.stderr.contains("error: job release-42 in "), "{suspended:?}");
    assert!(suspended.stderr.contains("was taken over by "), "{suspended:?}");
    assert_eq!(suspended.stderr.matches("error: job").count(), 1, "{suspended:?}");
    // 4 if the first one was suspended between recording a call and sending it.
    let successor = successor.wait().await;
    assert!([0, 4].contains(&successor.code), "{successor:?}");
    fleet.finish(1, 1).await;
}

#[tokio::test]
async fn a_suspended_process_continues_if_nobody_took_its_job() {
    let Some(server) = durable_server() else { return };
    let fleet = Fleet::new(server, 40).await;
    let mut suspended = fleet.start(0, 1, &[]);
    fleet.wait_for_submissions(6).await;
    suspended.signal("STOP").await;
    tokio::time::sleep(AFTER_LEASE).await;
    suspended.signal("CONT").await;
    let run = suspended.wait().await;
    assert_eq!(run.code, 0, "{run:?}");
    fleet.assert_submitted_once();
}

#[tokio::test]
async fn a_machine_says_that_it_waits_for_the_lease_of_one_that_died() {
    let Some(server) = durable_server() else { return };
    let mut fleet = Fleet::new(server, 20).await;
    fleet.lease = "5s";
    let killed = fleet.start(0, 1, &[]);
    fleet.wait_for_submissions(6).await;
    kill(killed.pid());
    killed.wait().await;

    // Not within half a second.
    let timed_out = fleet.start(1, 1, &["--timeout", "500ms"]).wait().await;
    assert_eq!(timed_out.code, 2, "{timed_out:?}");
    let expected = "the time of 500ms was up while opening the job (waiting for the lease of ";
    assert!(timed_out.stderr.contains(expected), "{timed_out:?}");

    // A signal ends the wait, also for a process 1, which has no default actions.
    let mut interrupted = fleet.start(1, 1, &[]);
    tokio::time::sleep(Duration::from_millis(500)).await;
    interrupted.signal("TERM").await;
    let interrupted = interrupted.wait().await;
    assert_eq!(interrupted.code, 2, "{interrupted:?}");
    assert!(interrupted.stderr.contains("interrupted before anything was sent"), "{interrupted:?}");

    let run = fleet.start(2, 1, &[]).wait().await;
    assert!([0, 4].contains(&run.code), "{run:?}");
    assert!(
        run.stderr.contains("still opening the job after 2 s: waiting for the lease of "),
        "{run:?}"
    );
    fleet.finish(2, 1).await;
}

#[tokio::test]
async fn a_machine_says_that_the_server_is_away() {
    let Some(server) = durable_server() else { return };
    let mut fleet = Fleet::new(server, 20).await;
    fleet.server.kill();
    let timed_out = fleet.start(1, 1, &["--timeout", "400ms"]).wait().await;
    assert_eq!(timed_out.code, 2, "{timed_out:?}");
    assert!(timed_out.stderr.contains("while opening the job (redis://"), "{timed_out:?}");
    let running = fleet.start(0, 1, &[]);
    tokio::time::sleep(Duration::from_millis(2300)).await;
    fleet.server.restart();
    fleet.wait_for_submissions(5).await;
    fleet.server.kill();
    tokio::time::sleep(Duration::from_millis(2300)).await;
    fleet.server.restart();
    let run = running.wait().await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("still opening the job after 2 s: redis://"), "{run:?}");
    assert!(run.stderr.contains("connection refused"), "{run:?}");
    fleet.assert_submitted_once();
}

#[tokio::test]
async fn a_pod_that_is_stopped_before_a_call_is_accepted_is_replaced() {
    let Some(server) = durable_server() else { return };
    let fleet = Fleet::new(server, 0).await;
    let state = fleet.state();
    for _ in 0..50 {
        let throttled =
            ScriptedResponse::error(http::StatusCode::BAD_REQUEST, "TooMany.Refresh", "Full.");
        fleet.fake.enqueue(throttled.for_operation("RefreshObjectCaches"));
    }
    let mut stopped = fleet.machines[0].spawn(&["refresh", "--state", &state, URLS[0]]);
    wait_for_call(&fleet.fake, "RefreshObjectCaches").await;
    stopped.signal("TERM").await;
    let stopped = stopped.wait().await;
    // Not 3, which fails the job of the pod.
    assert_eq!(stopped.code, 2, "{stopped:?}");
    assert_eq!(fleet.fake.submissions().len(), 0);
}
