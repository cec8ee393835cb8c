//! The metrics of calls and attempts, read from a recorder of the test.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

mod recorder;

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::task::Poll;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::metrics as names;
use alicloud_core::testing::{DeterministicNonce, FakeTransport, Fault, ManualClock};
use alicloud_core::{
    Clock as _, Credentials, Error, ErrorKind, NonceSource, RateLimits, RetryPolicy,
};
use metrics::Unit;
use recorder::{Recorded, TestRecorder};

const READ: &str = "DescribeRefreshTaskById";
const WRITE: &str = "RefreshObjectCaches";
const NOW: u64 = 1_767_323_045;

/// Runs calls and returns what they recorded. The runtime of a test has one thread.
async fn record(calls: impl Future<Output = ()>) -> Recorded {
    let recorder = TestRecorder::default();
    let _guard = metrics::set_default_local_recorder(&recorder);
    calls.await;
    recorder.recorded()
}

fn client(fake: &FakeTransport, clock: &ManualClock) -> Client {
    builder(fake, clock).build().unwrap()
}

fn builder(fake: &FakeTransport, clock: &ManualClock) -> alicloud_core::ClientBuilder<Client> {
    Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .nonce_source(DeterministicNonce::sequence("n"))
        .clock(clock.clone())
}

fn clock() -> ManualClock {
    ManualClock::from_unix_seconds(NOW)
}

async fn read(client: &Client) -> Result<(), Error> {
    let request = DescribeRefreshTaskByIdRequest::new(["704225667"]);
    client.describe_refresh_task_by_id(request).await.map(drop)
}

/// Lets time pass as soon as a request was sent.
async fn advance_after_request(fake: &FakeTransport, clock: &ManualClock, seconds: u64) {
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(seconds));
}

/// Returns the counters of CDN calls: metric and result with the count.
fn counters(recorded: &Recorded, operation: &str) -> BTreeMap<String, u64> {
    let labels = format!(r#"{{product="Cdn",operation="{operation}""#);
    let short = |name: &str| name.replace(&labels, "").replace([',', '}'], " ").trim().to_owned();
    recorded.counters.iter().map(|(name, count)| (short(name), *count)).collect()
}

fn expected<const N: usize>(counters: [(&str, u64); N]) -> BTreeMap<String, u64> {
    counters.map(|(name, count)| (name.to_owned(), count)).into()
}

fn seconds(recorded: &Recorded, name: &str, operation: &str) -> Vec<f64> {
    let name = format!(r#"{name}{{product="Cdn",operation="{operation}"}}"#);
    recorded.histograms.get(&name).cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_successful_call_is_one_call_and_one_attempt() {
    let fake = FakeTransport::new().respond_json(READ, "{}");
    let recorded = record(async { read(&client(&fake, &clock())).await.unwrap() }).await;
    let names: Vec<&str> = recorded.counters.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            r#"alicloud_attempts_total{product="Cdn",operation="DescribeRefreshTaskById",result="success"}"#,
            r#"alicloud_calls_total{product="Cdn",operation="DescribeRefreshTaskById",result="success"}"#,
        ]
    );
    assert!(recorded.counters.values().all(|count| *count == 1));
    let histograms: Vec<&str> = recorded.histograms.keys().map(String::as_str).collect();
    assert_eq!(
        histograms,
        [
            r#"alicloud_attempt_duration_seconds{product="Cdn",operation="DescribeRefreshTaskById"}"#,
            r#"alicloud_call_duration_seconds{product="Cdn",operation="DescribeRefreshTaskById"}"#,
        ]
    );
}

#[tokio::test]
async fn retries_and_throttled_attempts_are_counted() {
    let fake = FakeTransport::new()
        .error(READ, 400, "Throttling.User", "Too many requests.")
        .error(READ, 503, "ServiceUnavailable", "Try later.")
        .fault(READ, Fault::ConnectionRefused)
        .respond_json(READ, "{}");
    let clock = clock();
    let recorded = record(async {
        // The limiter would make the calls after a throttled one wait, which belongs to their durations.
        let client = builder(&fake, &clock).rate_limiter(RateLimits::off()).build().unwrap();
        read(&client).await.unwrap();
        read(&client).await.unwrap(); // the last response is repeated
    })
    .await;
    assert_eq!(
        counters(&recorded, READ),
        expected([
            (r#"alicloud_attempts_total result="connect""#, 1),
            (r#"alicloud_attempts_total result="server_error""#, 1),
            (r#"alicloud_attempts_total result="success""#, 2),
            (r#"alicloud_attempts_total result="throttling""#, 1),
            (r#"alicloud_calls_total result="success""#, 2),
            ("alicloud_retries_total", 3),
        ])
    );
    // Virtual time passes only between the attempts of the first call.
    assert_eq!(seconds(&recorded, names::ATTEMPT_DURATION, READ), [0.0; 5]);
    let delays = clock.elapsed().as_secs_f64();
    assert!(delays > 0.0);
    assert_eq!(seconds(&recorded, names::CALL_DURATION, READ), [delays, 0.0]);
}

#[tokio::test]
async fn a_corrected_time_is_a_retry() {
    let fake = FakeTransport::new()
        .respond_raw(
            READ,
            400,
            &[("date", "Fri, 02 Jan 2026 04:04:05 GMT")],
            r#"{"Code": "InvalidTimeStamp.Expired", "Message": "M"}"#,
        )
        .respond_json(READ, "{}");
    let recorded = record(async { read(&client(&fake, &clock())).await.unwrap() }).await;
    assert_eq!(
        counters(&recorded, READ),
        expected([
            (r#"alicloud_attempts_total result="clock_skew""#, 1),
            (r#"alicloud_attempts_total result="success""#, 1),
            (r#"alicloud_calls_total result="success""#, 1),
            ("alicloud_retries_total", 1),
        ])
    );
}

#[tokio::test]
async fn a_failed_call_has_the_kind_of_its_error() {
    for (status, code, kind) in [
        (404, "InvalidTask.NotFound", ErrorKind::NotFound),
        (403, "Forbidden.RAM", ErrorKind::Forbidden),
        (400, "QuotaExceeded.Refresh", ErrorKind::QuotaExceeded),
        (400, "Text \"of\" the, {service}\n", ErrorKind::Other),
    ] {
        let fake = FakeTransport::new().error(READ, status, code, "A message.");
        let recorded = record(async {
            assert_eq!(read(&client(&fake, &clock())).await.unwrap_err().kind(), kind, "{code}");
        })
        .await;
        assert_eq!(
            counters(&recorded, READ),
            expected([
                (&format!(r#"alicloud_attempts_total result="{kind}""#), 1),
                (&format!(r#"alicloud_calls_total result="{kind}""#), 1),
            ])
        );
    }
}

#[tokio::test]
async fn durations_are_those_of_the_clock_of_the_client() {
    // Only the second attempt has a response.
    let fake = FakeTransport::new().fault(READ, Fault::Hang).respond_json(READ, "{}");
    let clock = clock();
    let recorded = record(async {
        let builder = builder(&fake, &clock).attempt_timeout(Duration::from_secs(2));
        let client = builder.build().unwrap();
        let (result, ()) = tokio::join!(read(&client), advance_after_request(&fake, &clock, 2));
        result.unwrap();
    })
    .await;
    assert_eq!(
        counters(&recorded, READ),
        expected([
            (r#"alicloud_attempts_total result="success""#, 1),
            (r#"alicloud_attempts_total result="timeout""#, 1),
            (r#"alicloud_calls_total result="success""#, 1),
            ("alicloud_retries_total", 1),
        ])
    );
    assert_eq!(seconds(&recorded, names::ATTEMPT_DURATION, READ), [2.0, 0.0]);
    let total = clock.elapsed().as_secs_f64();
    assert!(total > 2.0);
    assert_eq!(seconds(&recorded, names::CALL_DURATION, READ), [total]);
}

#[tokio::test]
async fn the_timeout_of_a_call_ends_its_attempt() {
    let fake = FakeTransport::new().fault(READ, Fault::Hang);
    let clock = clock();
    let recorded = record(async {
        let client = builder(&fake, &clock).timeout(Duration::from_secs(5)).build().unwrap();
        let (result, ()) = tokio::join!(read(&client), advance_after_request(&fake, &clock, 5));
        assert!(result.unwrap_err().is_timeout());
    })
    .await;
    assert_eq!(
        counters(&recorded, READ),
        expected([
            (r#"alicloud_attempts_total result="timeout""#, 1),
            (r#"alicloud_calls_total result="timeout""#, 1),
        ])
    );
    assert_eq!(seconds(&recorded, names::ATTEMPT_DURATION, READ), [5.0]);
    assert_eq!(seconds(&recorded, names::CALL_DURATION, READ), [5.0]);
}

#[tokio::test]
async fn a_dropped_call_is_cancelled() {
    let fake = FakeTransport::new().fault(READ, Fault::Hang);
    let clock = clock();
    let recorded = record(async {
        let client = client(&fake, &clock);
        let mut call = Box::pin(read(&client));
        let is_pending = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending()));
        assert!(is_pending.await);
        clock.advance(Duration::from_secs(3));
        drop(call);
        drop(read(&client)); // never polled
    })
    .await;
    assert_eq!(
        counters(&recorded, READ),
        expected([
            (r#"alicloud_attempts_total result="cancelled""#, 1),
            (r#"alicloud_calls_total result="cancelled""#, 1),
        ])
    );
    assert_eq!(seconds(&recorded, names::ATTEMPT_DURATION, READ), [3.0]);
    assert_eq!(seconds(&recorded, names::CALL_DURATION, READ), [3.0]);
}

#[tokio::test]
async fn a_call_that_sends_nothing_has_no_attempts() {
    #[derive(Debug)]
    struct NoNonce;
    impl NonceSource for NoNonce {
        fn nonce(&self) -> io::Result<String> {
            Err(io::Error::other("no random numbers"))
        }
    }
    let fake = FakeTransport::new().respond_json(READ, "{}");
    let recorded = record(async {
        let invalid = DescribeRefreshTaskByIdRequest::new([""; 0]);
        let client_with_nonces = client(&fake, &clock());
        client_with_nonces.describe_refresh_task_by_id(invalid).await.unwrap_err();
        let client = builder(&fake, &clock()).nonce_source(NoNonce).build().unwrap();
        assert!(read(&client).await.unwrap_err().is_configuration());
        // A preview is no call.
        let request = DescribeRefreshTaskByIdRequest::new(["704225667"]);
        client_with_nonces.describe_refresh_task_by_id(request).preview().await.unwrap();
    })
    .await;
    assert_eq!(fake.requests().len(), 0);
    assert_eq!(
        counters(&recorded, READ),
        expected([
            (r#"alicloud_calls_total result="configuration""#, 1),
            (r#"alicloud_calls_total result="invalid_request""#, 1),
        ])
    );
    assert_eq!(seconds(&recorded, names::ATTEMPT_DURATION, READ), [0.0; 0]);
    assert_eq!(seconds(&recorded, names::CALL_DURATION, READ), [0.0; 2]);
}

#[tokio::test]
async fn generic_calls_have_the_names_of_the_program() {
    let fake = FakeTransport::new().fault(WRITE, Fault::ConnectionReset);
    let recorded = record(async {
        let name: String = ["Cd", "n"].concat(); // known at run time only
        let client: alicloud_core::Client =
            alicloud_core::Client::generic(name, "2018-05-10", "cdn.aliyuncs.com")
                .credentials(Credentials::new("id", "secret"))
                .transport(fake.clone())
                .clock(clock())
                .retry(RetryPolicy::new())
                .build()
                .unwrap();
        client.generic_call(WRITE).param("ObjectPath", "secret").await.unwrap_err();
    })
    .await;
    assert_eq!(
        counters(&recorded, WRITE),
        expected([
            (r#"alicloud_attempts_total result="transport""#, 1),
            (r#"alicloud_calls_total result="transport""#, 1),
        ])
    );
}

#[tokio::test]
async fn every_metric_has_a_unit_and_a_description() {
    let recorded = record(async { names::describe() }).await;
    let units: BTreeMap<&str, Option<Unit>> =
        recorded.descriptions.iter().map(|(name, (unit, _))| (name.as_str(), *unit)).collect();
    assert_eq!(
        units,
        BTreeMap::from([
            (names::CALLS, Some(Unit::Count)),
            (names::CALL_DURATION, Some(Unit::Seconds)),
            (names::ATTEMPTS, Some(Unit::Count)),
            (names::ATTEMPT_DURATION, Some(Unit::Seconds)),
            (names::RETRIES, Some(Unit::Count)),
        ])
    );
    assert!(recorded.descriptions.values().all(|(_, text)| text.ends_with('.')));
}
