//! Journals: what happens when recording is slow, fails or is dropped, and when sending is no longer allowed.

use std::future::{IntoFuture as _, pending};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{
    BoxFuture, Error, Event, Job, Journal, JournalError, Lease, Plan, Report,
};
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
    lease: Option<Arc<TestLease>>,
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

    fn lease(&self) -> Option<Arc<dyn Lease>> {
        self.lease.clone().map(|lease| lease as Arc<dyn Lease>)
    }
}

/// A lease that is lost, or only in doubt, when a call waits for the rate limiter.
#[derive(Debug, Default)]
struct TestLease {
    is_in_doubt: AtomicBool,
    is_lost: bool,
}

impl Lease for TestLease {
    fn is_valid(&self) -> bool {
        !self.is_in_doubt.load(Ordering::SeqCst)
    }

    fn confirm(&self) -> BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(async {
            tokio::task::yield_now().await;
            if self.is_lost {
                return Err("another program continues the job".into());
            }
            self.is_in_doubt.store(false, Ordering::SeqCst);
            Ok(())
        })
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

        // Everything is final, so nothing is polled.
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

/// A rate limiter: while a call waits for it, the program is suspended until its lease expires.
#[derive(Debug)]
struct Suspension(Arc<TestLease>);

impl RateLimiter for Suspension {
    fn acquire<'a>(&'a self, _: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        Box::pin(async {
            tokio::task::yield_now().await;
            self.0.is_in_doubt.store(true, Ordering::SeqCst);
            tokio::task::yield_now().await;
        })
    }
}

async fn submit_suspended(is_lost: bool) -> (Result<Report, Error>, Job, Table, usize) {
    let (fake, lease) = (accepting(), Arc::new(TestLease { is_lost, ..TestLease::default() }));
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .clock(ManualClock::from_unix_seconds(NOW))
        .rate_limiter(Suspension(lease.clone()))
        .build()
        .unwrap();
    let mut job = new_job();
    let mut table = Table { lease: Some(lease), ..Table::default() };
    let result = job.submit(&client).journal(&mut table).await;
    (result, job, table, fake.requests().len())
}

#[tokio::test]
async fn a_call_is_not_sent_if_the_lease_was_lost_while_it_waited_for_the_rate_limiter() {
    let (result, job, table, sent) = submit_suspended(true).await;
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Journal(_)), "{error:?}");
    assert_eq!(error.to_string(), "another program continues the job");
    assert_eq!(sent, 0);
    // The other program looks it up.
    assert_eq!(states(&table.restored(&new_job())), ["sending"]);
    assert_eq!(states(&job), ["sending"]);
}

#[tokio::test]
async fn a_call_is_sent_if_nobody_took_the_lease_that_expired() {
    let (result, job, table, sent) = submit_suspended(false).await;
    assert_eq!(result.unwrap().counts().pending, 1);
    assert_eq!((sent, states(&job)), (1, vec!["sent"]));
    assert_eq!(table.restored(&new_job()), job);
}
