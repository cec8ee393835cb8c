//! Throttled submissions: every throttling code, the service's hint, jitter, and the end of patience.

use std::time::Duration;

use alicloud_cdn_refresh::{Job, Limits, ObjectStatus, Plan, Planner, TargetKind};
use alicloud_core::testing::FakeTransport;

use crate::submit::{REFRESH, accept};
use crate::support::{in_memory, states};

/// Attempts of one call, which the client makes itself.
const ATTEMPTS: usize = 4;

const CODES: [(u16, &str); 10] = [
    (400, "Throttling"),
    (429, "Throttling.User"),
    (429, "Throttling.Api"),
    (503, "Throttling.System"),
    (400, "ThrottlingException"),
    (429, "TooManyRequests"),
    (403, "ServiceBusy"),
    (403, "Request.FlowControl"),
    (400, "QuotaPerMinuteExceeded.Preload"),
    (400, "TooMany.Preload"),
];

/// Returns a service that throttles a number of calls.
fn throttled(mut fake: FakeTransport, (status, code): (u16, &str), calls: usize) -> FakeTransport {
    let is_retried_by_client = !code.starts_with("Quota") && !code.starts_with("TooMany.");
    for _ in 0..calls * if is_retried_by_client { ATTEMPTS } else { 1 } {
        fake = fake.error(REFRESH, status, code, "Slow down.");
    }
    fake
}

#[tokio::test]
async fn a_call_is_sent_after_every_kind_of_throttling() {
    for (status, code) in CODES {
        let fake = accept(throttled(FakeTransport::new(), (status, code), 3), "1");
        let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
        let report = job.submit(&in_memory(&fake)).await.unwrap();
        assert_eq!(states(&job), ["sent"], "{code}: {report:?}");
    }
}

#[tokio::test]
async fn throttling_never_rejects_an_object_and_ends_after_ten_minutes() {
    for (status, code) in CODES {
        let fake = throttled(FakeTransport::new(), (status, code), 100);
        let mut job = Job::new(Plan::refresh(["http://a.example/1", "http://a.example/d/"]));
        let client = in_memory(&fake);
        let start = client.core().clock().elapsed();
        let report = job.submit(&client).concurrency(1).await.unwrap();
        let waited = client.core().clock().elapsed() - start;
        assert_eq!(states(&job), ["not sent"; 2], "{code}");
        let ObjectStatus::NotSent { error: Some(error) } = &report.objects[0].status else {
            panic!("{report:?}")
        };
        assert_eq!(error.code.as_deref(), Some(code));
        assert!((400..=1_500).contains(&waited.as_secs()), "{code}: {waited:?}");
    }
}

#[tokio::test]
async fn a_throttled_call_waits_as_long_as_the_service_asks_for() {
    let hints = [("retry-after", "90"), ("x-acs-retry-after", "90000")];
    for (name, value) in hints {
        let body = r#"{"Code": "Throttling.User", "Message": "Slow down."}"#;
        let fake = FakeTransport::new().respond_raw(REFRESH, 429, &[(name, value)], body);
        let fake = accept(fake, "1");
        let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
        let client = in_memory(&fake);
        let start = client.core().clock().elapsed();
        let _ = job.submit(&client).await.unwrap();
        let waited = client.core().clock().elapsed() - start;
        assert_eq!((states(&job), fake.requests().len()), (vec!["sent"], 2), "{name}");
        assert!((90..=92).contains(&waited.as_secs()), "{name}: {waited:?}");
    }
}

#[tokio::test]
async fn a_hint_of_more_than_ten_minutes_is_not_waited_for() {
    let body = r#"{"Code": "Throttling.User", "Message": "Slow down."}"#;
    let fake = FakeTransport::new().respond_raw(REFRESH, 429, &[("retry-after", "3600")], body);
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let client = in_memory(&fake);
    let start = client.core().clock().elapsed();
    let _ = job.submit(&client).await.unwrap();
    assert_eq!((states(&job), fake.requests().len()), (vec!["not sent"], 1));
    assert!(client.core().clock().elapsed() - start < Duration::from_secs(1));
}

#[tokio::test]
async fn an_accepted_call_restores_the_patience_of_its_queue() {
    let mut fake = FakeTransport::new();
    for id in ["1", "2", "3"] {
        fake = accept(throttled(fake, (400, "TooMany.Refresh"), 8), id);
    }
    let urls = ["http://a.example/1/", "http://a.example/2/", "http://a.example/3/"];
    let limits = Limits::default().batch_size(TargetKind::Directory, 1);
    let plan = Planner::new().limits(limits).refresh(urls).plan();
    let mut job = Job::new(plan);
    let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["sent"; 3]);
}

#[tokio::test]
async fn a_call_that_is_throttled_until_the_timeout_is_not_sent() {
    // A second is less than the pause of the rate limiter after a throttled call.
    for (code, seconds) in CODES.into_iter().flat_map(|code| [(code, 1), (code, 150)]) {
        let fake = throttled(FakeTransport::new(), code, 100);
        let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
        let client = in_memory(&fake);
        let start = client.core().clock().elapsed();
        let _ = job.submit(&client).timeout(Duration::from_secs(seconds)).await.unwrap();
        let waited = client.core().clock().elapsed() - start;
        assert_eq!(states(&job), ["not sent"], "{code:?} {seconds}");
        // The last wait may begin just before the end.
        assert!(waited <= Duration::from_secs(seconds + 75), "{code:?} {seconds}: {waited:?}");
    }
}
