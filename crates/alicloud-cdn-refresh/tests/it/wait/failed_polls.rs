//! Polls that fail, are rejected or are throttled.

use std::time::Duration;

use alicloud_cdn_refresh::{Error, Job, ObjectStatus, Plan};
use alicloud_core::testing::{FakeTransport, Fault};

use crate::support::{A, DESCRIBE_BY_ID, in_memory, statuses, submitted, task, tasks_by_id};

#[tokio::test]
async fn a_failed_poll_makes_no_object_fail() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new();
    let faults = (0..4).fold(fake, |fake, _| fake.fault(DESCRIBE_BY_ID, Fault::ConnectionReset));
    let fake = faults
        .error(DESCRIBE_BY_ID, 503, "ServiceUnavailable", "Later.")
        .respond_raw(DESCRIBE_BY_ID, 200, &[("content-type", "text/html")], "<html>oops</html>")
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[task("17", A, "Complete", "100%")]));
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());

    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new().error(DESCRIBE_BY_ID, 403, "Forbidden.RAM", "Not you.");
    let error = job.wait(&in_memory(&fake)).await.unwrap_err();
    assert!(matches!(&error, Error::Call(call) if call.is_forbidden()), "{error}");
    assert_eq!(statuses(&job), [ObjectStatus::Pending { service_status: None, percent: None }]);
}

#[tokio::test]
async fn a_rejected_id_does_not_affect_the_others() {
    let mut job = Job::from_task_ids(["17", "999999999999999999999999"]).unwrap();
    let reject =
        |fake: FakeTransport| fake.error(DESCRIBE_BY_ID, 400, "InvalidTaskId.Malformed", "No.");
    let done = || tasks_by_id(&[task("17", A, "Complete", "100%")]);
    let fake = reject(FakeTransport::new()).respond_json(DESCRIBE_BY_ID, done());
    let fake = reject(fake).respond_json(DESCRIBE_BY_ID, done());
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert_eq!(report.to_string(), "1 of 2 live; 1 failed");
    let invalid = report.not_live().next().unwrap().to_string();
    assert!(
        invalid.starts_with("task 999999999999999999999999: not a task of this account"),
        "{invalid}"
    );
}

#[tokio::test]
async fn retry_after_delays_the_next_poll() {
    // Two calls, the first with a retry delay that is longer than a call's own retries wait.
    let urls: Vec<String> = (0..11).map(|n| format!("http://a.example/{n}")).collect();
    let ids: Vec<String> = (10..21).map(|id| id.to_string()).collect();
    let mut job = submitted(Plan::refresh(&urls), &ids.join(",")).await;
    let later = [("content-type", "application/json"), ("x-acs-retry-after", "120000")];
    let busy = r#"{"Code": "TooManyRequests", "Message": "Slower.", "RequestId": "R"}"#;
    let done: Vec<_> = urls.iter().map(|url| task("10", url, "Complete", "100%")).collect();
    let mut fake = FakeTransport::new();
    for _ in 0..4 {
        fake = fake.respond_raw(DESCRIBE_BY_ID, 429, &later, busy);
    }
    let fake = fake
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&done))
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[]));
    let client = in_memory(&fake);
    let start = client.core().clock().elapsed();
    let report = job.wait(&client).await.unwrap();
    assert!(report.is_live(), "{report:?}");
    assert!(client.core().clock().elapsed() - start >= Duration::from_secs(120));
}

#[tokio::test]
async fn an_error_of_the_whole_call_makes_no_object_fail() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new().error(
        DESCRIBE_BY_ID,
        404,
        "InvalidAction.NotFound",
        "No such operation.",
    );
    let error = job.wait(&in_memory(&fake)).await.unwrap_err();
    assert!(error.to_string().contains("InvalidAction.NotFound"), "{error}");
    assert_eq!(statuses(&job), [ObjectStatus::Pending { service_status: None, percent: None }]);

    // A rejected id makes no object fail whose call has another id.
    let mut job = submitted(Plan::refresh([A]), "17,18").await;
    let reject =
        |fake: FakeTransport| fake.error(DESCRIBE_BY_ID, 400, "InvalidTaskId.Malformed", "No.");
    let fake = reject(FakeTransport::new())
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[task("17", A, "Refreshing", "1%")]));
    let fake = reject(fake)
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[task("17", A, "Complete", "100%")]));
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
}

#[tokio::test]
async fn a_single_poll_that_is_throttled_is_repeated() {
    for (throttled, is_live) in [(9, true), (200, false)] {
        let mut job = submitted(Plan::refresh([A]), "17").await;
        let fake = (0..throttled).fold(FakeTransport::new(), |fake, _| {
            fake.error(DESCRIBE_BY_ID, 429, "Throttling.User", "Slow down.")
        });
        let done = tasks_by_id(&[task("17", A, "Complete", "100%")]);
        let client = in_memory(&fake.respond_json(DESCRIBE_BY_ID, done));
        let start = client.core().clock().elapsed();
        let result = job.poll_once(&client).await;
        assert_eq!(result.is_ok_and(|report| report.is_live()), is_live, "{throttled}");
        assert!(client.core().clock().elapsed() - start < Duration::from_secs(90));
    }
}
