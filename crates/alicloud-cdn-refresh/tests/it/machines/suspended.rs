//! Processes that are suspended for longer than their lease.

use super::{AFTER_LEASE, Fleet, durable_server};

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
