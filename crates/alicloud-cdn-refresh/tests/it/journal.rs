//! Journals: what happens when recording is slow, fails or is dropped, and when sending is no longer allowed.

use std::future::{IntoFuture as _, pending};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{BoxFuture, Error, Event, Job, Journal, JournalError, Plan, SendCheck};
use alicloud_core::testing::{FakeTransport, ManualClock};
use alicloud_core::{Credentials, RateLimitRequest, RateLimiter};
use futures_util::FutureExt as _;

use crate::support::{A, DESCRIBE_BY_ID, NOW, in_memory, states};

const REFRESH: &str = "RefreshObjectCaches";

/// A journal in memory that can stop to respond at an event, before or after it stores it.
#[derive(Default)]
struct Table {
    rows: Vec<Event>,
    /// Whether to hang at an event.
    hangs: Option<fn(&Event) -> bool>,
    stores_before_it_hangs: bool,
    /// Whether this program may send.
    may_send: Option<Arc<AtomicBool>>,
}

impl Journal for Table {
    fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let hangs = self.hangs.is_some_and(|hangs| events.iter().any(hangs));
            if !hangs || self.stores_before_it_hangs {
                self.rows.extend_from_slice(events);
            }
            if hangs {
                pending::<()>().await;
            }
            Ok(())
        })
    }

    fn send_check(&self) -> Option<SendCheck> {
        let may_send = self.may_send.clone()?;
        Some(Arc::new(move || match may_send.load(Ordering::SeqCst) {
            true => Ok(()),
            false => Err("another program continues the job".into()),
        }))
    }
}

impl Table {
    fn restored(&self, initial: &Job) -> Job {
        let mut job = initial.clone();
        self.rows.iter().for_each(|event| job.apply(event));
        job
    }
}

fn new_job() -> Job {
    Job::new(Plan::refresh([A]))
}

fn accepting() -> FakeTransport {
    FakeTransport::new().respond_json(REFRESH, r#"{"RefreshTaskId": "17"}"#)
}

fn is_sent(event: &Event) -> bool {
    matches!(event, Event::Sent { .. })
}

fn is_ended(event: &Event) -> bool {
    matches!(event, Event::Ended { .. })
}

#[tokio::test]
async fn a_submission_that_is_dropped_while_it_records_a_result_loses_nothing() {
    for stores_before_it_hangs in [false, true] {
        let client = in_memory(&accepting());
        let (mut job, initial) = (new_job(), new_job());
        let mut table = Table { hangs: Some(is_sent), stores_before_it_hangs, ..Table::default() };
        assert!(job.submit(&client).journal(&mut table).into_future().now_or_never().is_none());
        assert_eq!(states(&job), ["sent"], "the result is known");

        table.hangs = None;
        let _ = job.submit(&client).journal(&mut table).await.unwrap();
        assert_eq!(table.restored(&initial), job);
        assert_eq!(states(&job), ["sent"]);
    }
}

#[tokio::test]
async fn a_wait_that_is_dropped_while_it_records_a_status_loses_nothing() {
    let live = r#"{"Tasks": [{"TaskId": "17", "ObjectPath": "http://a.example/a", "Status": "Complete"}]}"#;
    for stores_before_it_hangs in [false, true] {
        let client = in_memory(&accepting().respond_json(DESCRIBE_BY_ID, live));
        let (mut job, initial) = (new_job(), new_job());
        let mut table = Table { hangs: Some(is_ended), stores_before_it_hangs, ..Table::default() };
        let _ = job.submit(&client).journal(&mut table).await.unwrap();
        assert!(job.wait(&client).journal(&mut table).into_future().now_or_never().is_none());

        // Everything is final, so nothing is polled any more.
        table.hangs = None;
        let report = job.wait(&client).journal(&mut table).await.unwrap();
        assert!(report.is_live());
        assert!(table.restored(&initial).report().is_live(), "{:?}", table.rows);
    }
}

#[tokio::test]
async fn a_dropped_record_of_a_call_sends_nothing() {
    let fake = accepting();
    let client = in_memory(&fake);
    let (mut job, initial) = (new_job(), new_job());
    let mut table = Table { hangs: Some(|_| true), ..Table::default() };
    table.stores_before_it_hangs = true;
    assert!(job.submit(&client).journal(&mut table).into_future().now_or_never().is_none());
    assert_eq!((states(&job), fake.requests().len()), (vec!["planned"], 0));
    // Another program cannot know that.
    assert_eq!(states(&table.restored(&initial)), ["sending"]);

    table.hangs = None;
    let _ = job.submit(&client).journal(&mut table).await.unwrap();
    assert_eq!((states(&job), fake.requests().len()), (vec!["sent"], 1));
}

#[tokio::test]
async fn results_that_could_not_be_recorded_are_recorded_by_the_next_submission() {
    let client = in_memory(&accepting());
    let (mut job, initial) = (new_job(), new_job());
    let mut rows = Vec::new();
    let mut failing = |event: &Event| {
        if is_sent(event) {
            return Err("the table is locked".into());
        }
        rows.push(event.clone());
        Ok(())
    };
    let error = job.submit(&client).journal(&mut failing).await.unwrap_err();
    assert!(matches!(error, Error::Journal(_)), "{error}");
    assert_eq!(states(&job), ["sent"]);

    let mut table = Table { rows, ..Table::default() };
    assert_eq!(states(&table.restored(&initial)), ["sending"]);
    let _ = job.submit(&client).journal(&mut table).await.unwrap();
    assert_eq!(table.restored(&initial), job);
}

/// A rate limiter: while a call waits for it, the program is suspended and the job moves to another program.
#[derive(Debug)]
struct Suspension(Arc<AtomicBool>);

impl RateLimiter for Suspension {
    fn acquire<'a>(&'a self, _: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            tokio::task::yield_now().await;
            self.0.store(false, Ordering::SeqCst);
            tokio::task::yield_now().await;
        })
    }
}

#[tokio::test]
async fn a_call_is_not_sent_when_the_job_moved_while_it_waited_for_the_rate_limiter() {
    let (fake, may_send) = (accepting(), Arc::new(AtomicBool::new(true)));
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .clock(ManualClock::from_unix_seconds(NOW))
        .rate_limiter(Suspension(may_send.clone()))
        .build()
        .unwrap();
    let (mut job, initial) = (new_job(), new_job());
    let mut table = Table { may_send: Some(may_send), ..Table::default() };
    let error = job.submit(&client).journal(&mut table).await.unwrap_err();
    assert!(matches!(error, Error::Journal(_)), "{error:?}");
    assert_eq!(error.to_string(), "another program continues the job");
    assert_eq!(fake.requests().len(), 0);
    // The other program looks it up.
    assert_eq!(states(&table.restored(&initial)), ["sending"]);
    assert_eq!(states(&job), ["sending"]);
}
