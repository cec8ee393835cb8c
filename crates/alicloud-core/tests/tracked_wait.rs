//! Waits with a tracker of the caller, single polls, and what a poll keeps after an error.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, Fault, ManualClock};
use alicloud_core::{Client, Clock as _, Error, ItemTracker, PollStatus, RateLimits, RetryPolicy};
use common::*;

const READ: &str = "DescribeRefreshTaskById";
const SECS: fn(u64) -> Duration = Duration::from_secs;

/// Waits until each id is listed or invalid.
#[derive(Debug, Clone, Default, PartialEq)]
struct Listed {
    pending: Vec<String>,
    /// The status of each id; `None` for an invalid one.
    listed: BTreeMap<String, Option<String>>,
    accepts_invalid_ids: bool,
}

impl ItemTracker<Task> for Listed {
    fn pending_ids(&self) -> Vec<String> {
        self.pending.clone()
    }

    fn record_items(&mut self, ids: &[String], items: Vec<Task>) {
        let listed = items.into_iter().filter_map(|task| Some((task.task_id?, task.status)));
        let listed: BTreeMap<_, _> = listed.filter(|(id, _)| ids.contains(id)).collect();
        self.pending.retain(|id| !listed.contains_key(id));
        self.listed.extend(listed);
    }

    fn is_invalid_id(&self, error: &Error) -> bool {
        self.accepts_invalid_ids && error.code() == Some("InvalidTaskId.Malformed")
    }

    fn record_invalid_id(&mut self, id: &str, error: &Error) {
        assert!(self.is_invalid_id(error));
        self.pending.retain(|pending| pending != id);
        self.listed.insert(id.to_owned(), None);
    }
}

/// Returns a tracker for the ids from 1 to `count`.
fn listed(count: u32) -> Listed {
    Listed { pending: ids(1..=count), ..Listed::default() }
}

fn ids(range: impl Iterator<Item = u32>) -> Vec<String> {
    range.map(|id| id.to_string()).collect()
}

fn tasks(ids: impl Iterator<Item = u32>, status: &str) -> DescribeResponse {
    let task = |id: u32| Task { task_id: Some(id.to_string()), status: Some(status.to_owned()) };
    DescribeResponse { tasks: ids.map(task).collect(), ..DescribeResponse::default() }
}

fn setup(fake: &FakeTransport) -> (Client, ManualClock) {
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let client = fixed_builder(&CDN)
        .nonce_source(DeterministicNonce::sequence("n"))
        .clock(clock.clone())
        .retry(RetryPolicy::none())
        // Each of its waits would advance the clock.
        .rate_limiter(RateLimits::off())
        .transport(fake.clone());
    (client.build().unwrap(), clock)
}

/// Responds that the service is busy, and when to retry.
fn busy(fake: FakeTransport, seconds: &str) -> FakeTransport {
    let headers = [("retry-after", seconds)];
    fake.respond_raw(READ, 429, &headers, r#"{"Code": "Throttling.User"}"#)
}

fn requested_ids(fake: &FakeTransport) -> Vec<String> {
    fake.requests().iter().map(|sent| sent.param("TaskId").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_tracker_decides_what_is_polled_next() {
    let fake = FakeTransport::new()
        .respond(READ, &tasks([2, 7].into_iter(), "Refreshing"))
        .respond(READ, &tasks([3].into_iter(), "Complete"))
        .respond(READ, &tasks([1, 2].into_iter(), "Failed"));
    let (client, _) = setup(&fake);
    let tracker = client.wait_for_tracked(&TASKS, listed(3)).await.unwrap();
    assert_eq!(requested_ids(&fake), ["1,2,3", "1,3", "1"]);
    assert_eq!(tracker.listed["2"].as_deref(), Some("Refreshing"));
    assert_eq!(tracker.listed.len(), 3, "{tracker:?}");

    // Nothing is pending from the start.
    let tracker = client.wait_for_tracked(&TASKS, listed(0)).await.unwrap();
    assert_eq!((tracker, fake.requests().len()), (Listed::default(), 3));
}

#[tokio::test]
async fn a_wait_that_cannot_make_progress_is_an_error() {
    #[derive(Debug)]
    struct Stuck;

    impl ItemTracker<Task> for Stuck {
        fn pending_ids(&self) -> Vec<String> {
            Vec::new()
        }

        fn record_items(&mut self, _: &[String], _: Vec<Task>) {}

        fn status(&self) -> PollStatus {
            PollStatus::InProgress("never ends".to_owned())
        }
    }

    let fake = FakeTransport::new();
    let (client, clock) = setup(&fake);
    let error = client.wait_for_tracked(&TASKS, Stuck).await.unwrap_err();
    assert!(error.call_error().unwrap().is_invalid_request(), "{error}");
    assert!(error.to_string().contains("never ends") && error.to_string().contains("TaskId"));
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn an_invalid_id_is_found_by_polling_each_id_of_its_call_alone() {
    let reject = |fake: FakeTransport| fake.error(READ, 400, "InvalidTaskId.Malformed", "No.");
    // The ids 1 to 10 are in one call, 11 and 12 in another.
    let mut fake = reject(FakeTransport::new()).respond(READ, &tasks(11..=12, "Complete"));
    for id in 1..=10 {
        fake = match id {
            4 | 9 => reject(fake),
            _ => fake.respond(READ, &tasks(id..=id, "Complete")),
        };
    }
    let (client, clock) = setup(&fake);
    let tracker = Listed { accepts_invalid_ids: true, ..listed(12) };
    let tracker = client.wait_for_tracked(&TASKS, tracker).await.unwrap();
    let invalid: Vec<_> = tracker.listed.iter().filter(|(_, status)| status.is_none()).collect();
    assert_eq!(invalid, [(&"4".to_owned(), &None), (&"9".to_owned(), &None)]);
    assert_eq!((fake.requests().len(), clock.elapsed()), (12, Duration::ZERO), "in one poll");

    // By default, the error ends the wait.
    let fake = reject(FakeTransport::new());
    let (client, _) = setup(&fake);
    let error = client.wait_for_tracked(&TASKS, listed(12)).await.unwrap_err();
    assert_eq!(error.call_error().unwrap().code(), Some("InvalidTaskId.Malformed"));
    assert_eq!(error.into_state(), Some(listed(12)));
}

#[tokio::test]
async fn a_retry_delay_omits_the_rest_of_a_poll() {
    // Eight calls. The longest delay counts, whichever call it belongs to, and whatever fails later.
    let fake = FakeTransport::new().respond(READ, &tasks(1..=10, "Complete"));
    let fake = busy(busy(busy(fake, "30"), "120"), "5").fault(READ, Fault::ConnectionReset);
    let fake = fake.respond(READ, &tasks(11..=80, "Complete"));
    let (client, clock) = setup(&fake);
    let mut progress = client.wait_for_tracked(&TASKS, Arc::new(Mutex::new(listed(80)))).progress();
    let tracker = progress.next().await.unwrap().unwrap();
    assert_eq!((tracker.lock().unwrap().listed.len(), fake.requests().len()), (10, 5));
    assert_eq!(progress.last_error().unwrap().retry_after(), Some(SECS(120)));

    let last = progress.next().await.unwrap().unwrap();
    assert_eq!(clock.elapsed(), SECS(120));
    assert!(Arc::ptr_eq(&tracker, &last) && progress.last_error().is_none());
    assert_eq!((last.lock().unwrap().listed.len(), fake.requests().len()), (80, 12));
    assert!(progress.next().await.is_none());
}

#[tokio::test]
async fn a_retry_delay_also_omits_the_ids_of_a_rejected_call() {
    let reject = |fake: FakeTransport| fake.error(READ, 400, "InvalidTaskId.Malformed", "No.");
    let fake = reject(busy(FakeTransport::new(), "60"));
    let (client, _) = setup(&fake);
    let tracker = Listed { accepts_invalid_ids: true, ..listed(20) };
    let error = client.wait_for_tracked(&TASKS, tracker).poll_once().await.unwrap_err();
    assert_eq!(error.call_error().unwrap().retry_after(), Some(SECS(60)));
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn a_wait_resumes_from_the_tracker_of_an_earlier_one() {
    let fake = FakeTransport::new().respond(READ, &tasks(1..=2, "Complete")).error(
        READ,
        403,
        "Forbidden.RAM",
        "Not you.",
    );
    let (client, _) = setup(&fake);
    let error = client.wait_for_tracked(&TASKS, listed(3)).await.unwrap_err();
    assert!(error.call_error().unwrap().is_forbidden() && error.polls() == 2, "{error}");
    assert!(error.to_string().contains("1 in progress"), "{error}");

    let granted = FakeTransport::new().respond(READ, &tasks(3..=3, "Complete"));
    let (client, _) = setup(&granted);
    let tracker = client.wait_for_tracked(&TASKS, error.into_state().unwrap()).await.unwrap();
    assert_eq!(tracker.listed.len(), 3);
    assert_eq!(requested_ids(&granted), ["3"]);
}

#[tokio::test]
async fn a_single_poll_returns_the_state_whatever_its_status() {
    for (status, expected) in [
        ("Refreshing", PollStatus::InProgress("is Refreshing".to_owned())),
        ("Failed", PollStatus::Failed("is Failed".to_owned())),
        ("Complete", PollStatus::Succeeded),
    ] {
        let fake = FakeTransport::new().respond(READ, &tasks(1..=1, status));
        let (client, clock) = setup(&fake);
        let tasks = client.wait_for_each(&TASKS, ["1"]).poll_once().await.unwrap();
        assert_eq!(tasks[0].status, expected);
        assert_eq!((fake.requests().len(), clock.elapsed()), (1, Duration::ZERO));
    }
}

#[tokio::test]
async fn a_single_poll_that_fails_has_the_state_of_the_rest() {
    // Two calls, of which the second fails.
    for is_transient in [true, false] {
        let fake = FakeTransport::new().respond(READ, &tasks(1..=10, "Complete"));
        let fake = match is_transient {
            true => fake.fault(READ, Fault::ConnectionReset),
            false => fake.error(READ, 403, "Forbidden.RAM", "No."),
        };
        let (client, clock) = setup(&fake);
        let error = client.wait_for_each(&TASKS, ids(1..=11)).poll_once().await.unwrap_err();
        assert_eq!(error.call_error().unwrap().is_transient(), is_transient, "{error}");
        assert!(!error.is_timeout() && !error.is_failure() && error.polls() == 1);
        assert!(error.to_string().contains("1 of 11 in progress: 11 is not listed"), "{error}");
        assert_eq!(error.into_state().unwrap()[9].status, PollStatus::Succeeded);
        assert_eq!(clock.elapsed(), Duration::ZERO, "it is not repeated");
    }

    let (client, _) = setup(&FakeTransport::new());
    let no_ids: [&str; 0] = [];
    let error = client.wait_for_each(&TASKS, no_ids).poll_once().await.unwrap_err();
    assert!(error.call_error().unwrap().is_invalid_request(), "{error}");
}

#[tokio::test]
async fn a_single_poll_that_hangs_ends_at_the_maximum_wait() {
    let fake = FakeTransport::new().fault(READ, Fault::Hang);
    let (client, clock) = setup(&fake);
    let wait = client.wait_for_each(&TASKS, ["1"]).max_wait(SECS(30));
    let running = tokio::spawn(wait.poll_once());
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    clock.advance(SECS(30));
    assert!(running.await.unwrap().unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_tolerated_error_can_be_read_between_polls() {
    let fake = FakeTransport::new()
        .fault(READ, Fault::ConnectionReset)
        .respond(READ, &tasks(1..=1, "Refreshing"))
        .fault(READ, Fault::ReadTimeout)
        .respond(READ, &tasks(1..=1, "Complete"));
    let (client, _) = setup(&fake);
    let mut progress = client.wait_for_each(&TASKS, ["1"]).progress();
    assert!(progress.last_error().is_none());
    let mut has_error = Vec::new();
    while let Some(state) = progress.next().await {
        assert_eq!(state.unwrap().len(), 1);
        has_error.push(progress.last_error().is_some());
    }
    assert_eq!(has_error, [true, false, true, false]);
}
