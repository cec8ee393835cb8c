//! Retries: which errors are retried, with which delays, and what is never sent twice. On a manual clock.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod corrections;
mod writes;

use std::future::IntoFuture as _;
use std::time::Duration;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, Fault, ManualClock};
use alicloud_core::{
    Client, ClientBuilder, Clock as _, Credentials, Error, Format, RetryBudget, RetryPolicy,
    SignatureVersion,
};
use common::*;

const READ: &str = "DescribeRefreshTaskById";
const WRITE: &str = "RefreshObjectCaches";
const NOW: u64 = 1_767_323_045;

fn builder(fake: &FakeTransport, clock: &ManualClock) -> ClientBuilder<Client> {
    fixed_builder(&CDN)
        .nonce_source(DeterministicNonce::sequence("n"))
        .clock(clock.clone())
        .transport(fake.clone())
}

fn setup(fake: &FakeTransport) -> (Client, ManualClock) {
    let clock = ManualClock::from_unix_seconds(NOW);
    (builder(fake, &clock).build().unwrap(), clock)
}

fn refresh(token: Option<&str>) -> RefreshRequest {
    RefreshRequest {
        object_path: vec!["http://example.com/1".to_owned()],
        client_token: token.map(str::to_owned),
        ..RefreshRequest::default()
    }
}

alicloud_core::wire::request! {
    /// A write without an idempotency token; the client generates one for `RefreshRequest`.
    struct TokenlessRequest -> () {
        object_path: Option<String> = form("ObjectPath"),
    }
}

fn nonces(fake: &FakeTransport) -> Vec<String> {
    let nonce = |sent: &alicloud_core::testing::RecordedRequest| {
        let header = sent.header("x-acs-signature-nonce").map(str::to_owned);
        header.or_else(|| sent.param("SignatureNonce").map(str::to_owned)).unwrap()
    };
    fake.requests().iter().map(nonce).collect()
}

async fn read(client: &Client) -> Result<DescribeResponse, Error> {
    client.call(&DESCRIBE, &describe(&["1"])).await
}

#[tokio::test]
async fn a_read_is_retried_until_it_succeeds_and_signed_again() {
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let fake = FakeTransport::new()
            .fault(READ, Fault::ConnectionReset)
            .error(READ, 503, "ServiceUnavailable", "Try later.")
            .fault(READ, Fault::ConnectionRefused)
            .respond(READ, &response());
        let (client, clock) = setup(&fake);
        let call = client.call(&DESCRIBE, &describe(&["1"])).signature(signature);
        let retried = call.response().await.unwrap();
        assert_eq!((retried.value, retried.attempts), (response(), 4));
        let mut nonces = nonces(&fake);
        nonces.dedup();
        assert_eq!(nonces, ["n-1", "n-2", "n-3", "n-4"]);

        let mut total_delay = Duration::ZERO;
        for (index, sent) in fake.requests().iter().enumerate() {
            let (previous_attempts, delay) =
                (sent.header("x-acs-retry-attempts"), sent.header("x-acs-retry-delay"));
            if index == 0 {
                assert_eq!((previous_attempts, delay), (None, None));
                continue;
            }
            assert_eq!(previous_attempts, Some(index.to_string().as_str()));
            let delay = Duration::from_millis(delay.unwrap().parse().unwrap());
            assert!(delay <= Duration::from_millis(200 << (index - 1)), "{delay:?}");
            total_delay += delay;
            if signature == SignatureVersion::Acs3 {
                let authorization = sent.header("authorization").unwrap();
                let signed = "x-acs-date;x-acs-retry-attempts;x-acs-retry-delay;x-acs-signature";
                assert!(authorization.contains(signed), "{authorization}");
            }
        }
        assert_eq!(clock.elapsed(), total_delay);
        assert!(total_delay > Duration::ZERO);
    }
}

#[tokio::test]
async fn delays_are_reproducible_with_deterministic_nonces() {
    let delay_with = |nonce, policy| async move {
        let fake = FakeTransport::new().error(READ, 500, "InternalError", "M");
        let clock = ManualClock::from_unix_seconds(NOW);
        let builder = builder(&fake, &clock).nonce_source(DeterministicNonce::constant(nonce));
        let builder = builder.timeout(Duration::from_secs(100_000)).retry(policy);
        assert_eq!(read(&builder.build().unwrap()).await.unwrap_err().attempts(), 4);
        clock.elapsed()
    };
    // Each delay is a part of its maximum: FNV-1a of the nonce and the attempt, mixed by splitmix64.
    let policy = RetryPolicy::new();
    assert_eq!(delay_with("a", policy).await, Duration::from_millis(191 + 227 + 280));
    assert_eq!(delay_with("b", policy).await, Duration::from_millis(4 + 284 + 582));
    let long = Duration::from_secs(10_000);
    let policy = policy.base_delay(long).max_delay(long);
    let expected = Duration::from_millis(9_574_404 + 5_685_464 + 3_507_338);
    assert_eq!(delay_with("a", policy).await, expected);
}

#[tokio::test]
async fn the_delay_that_the_service_asks_for_is_respected() {
    for (headers, min, max) in [
        (&[("x-acs-retry-after", "1500")][..], 1_500, 1_700),
        (&[("x-ratelimit-user-api", "Limit:30,Remain:0,TimeLeft:820,Reset:1")], 820, 1_020),
        (&[("retry-after", "30")], 30_000, 30_200),
        (&[("retry-after", "1.5")], 1_500, 1_700),
        (&[("retry-after-ms", "1500")], 1_500, 1_700),
        (&[("retry-after", "Fri, 02 Jan 2026 03:04:15 GMT")], 10_000, 10_200),
        // Without a hint, the rate limiter starts nothing for a second of the service.
        (&[], 1_010, 1_010),
    ] {
        let body = r#"{"Code":"Throttling.Api","Message":"M"}"#;
        let fake =
            FakeTransport::new().respond_raw(READ, 429, headers, body).respond(READ, &response());
        let (client, clock) = setup(&fake);
        read(&client).await.unwrap();
        let delay = clock.elapsed().as_millis();
        assert!((min..=max).contains(&delay), "{headers:?}: {delay}");
    }
}

#[tokio::test]
async fn a_call_is_not_retried_if_the_delay_exceeds_its_timeout() {
    let fake =
        FakeTransport::new().respond_raw(READ, 429, &[("retry-after", "61")], r#"{"Code":"X"}"#);
    let (client, clock) = setup(&fake);
    let error = read(&client).await.unwrap_err();
    assert_eq!((fake.requests().len(), clock.elapsed()), (1, Duration::ZERO));
    assert!(error.is_throttling() && error.retry_after() == Some(Duration::from_secs(61)));
    let text = error.to_string();
    assert!(text.contains("not retried because a delay of 61") && text.contains("timeout of 60s"));

    // A longer timeout allows the delay.
    let call = client.call(&DESCRIBE, &describe(&["1"])).timeout(Duration::from_secs(100));
    assert_eq!(call.await.unwrap_err().attempts(), 2);
    assert!(clock.elapsed() < Duration::from_secs(100));
}

#[tokio::test]
async fn a_timeout_error_includes_the_previous_error() {
    let fake = FakeTransport::new()
        .error(READ, 500, "InternalError", "It broke.")
        .fault(READ, Fault::Hang);
    let (client, clock) = setup(&fake);
    let task = tokio::spawn(client.call(&DESCRIBE, &describe(&["1"])).into_future());
    while fake.requests().len() < 2 {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(60));
    let error = task.await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 2);
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: timed out after 60s; previous attempt: InternalError (HTTP 500): It broke. \
         [outcome unknown, attempt 2]",
    );
}

#[tokio::test]
async fn a_call_overrides_the_retry_policy_of_its_client() {
    let fake = FakeTransport::new().error(READ, 500, "InternalError", "M");
    let clock = ManualClock::from_unix_seconds(NOW);
    let client: Client =
        builder(&fake, &clock).retry(RetryPolicy::new().max_attempts(2)).build().unwrap();
    let attempts =
        |call: alicloud_core::Call<DescribeResponse>| async { call.await.unwrap_err().attempts() };
    let call = || client.call(&DESCRIBE, &describe(&["1"]));
    assert_eq!(attempts(call()).await, 2);
    assert_eq!(attempts(call().no_retry()).await, 1);
    assert_eq!(attempts(call().retry(RetryPolicy::new().max_attempts(0))).await, 1);
    assert_eq!(attempts(call().retry(RetryPolicy::new().max_attempts(7))).await, 7);
    assert_eq!(fake.requests().len(), 11);
}

#[tokio::test]
async fn clones_share_a_retry_budget() {
    let fake = FakeTransport::new().error(READ, 500, "InternalError", "M");
    let clock = ManualClock::from_unix_seconds(NOW);
    let budget = RetryBudget::new(4);
    let client: Client = builder(&fake, &clock).retry_budget(budget.clone()).build().unwrap();
    assert_eq!(read(&client).await.unwrap_err().attempts(), 4);
    let error = read(&client.clone()).await.unwrap_err();
    assert_eq!((error.attempts(), budget.retries_left()), (2, Some(0)));
    assert!(
        error.to_string().contains("attempt 2, not retried because the retry budget is exhausted]")
    );
    assert!(format!("{budget:?}").contains("Some(0)"), "{budget:?}");
    let recovered = fake.respond(READ, &response());
    read(&client).await.unwrap_err();
    for _ in 0..5 {
        read(&client).await.unwrap();
    }
    assert_eq!((recovered.requests().len(), budget.retries_left()), (12, Some(1)));
}

#[tokio::test]
async fn the_retry_budget_limits_the_requests_of_an_outage() {
    let fake = FakeTransport::new().error(READ, 503, "ServiceUnavailable", "M");
    let (client, _) = setup(&fake);
    for _ in 0..1_000 {
        read(&client).await.unwrap_err();
    }
    assert_eq!(fake.requests().len(), 1_100);
}

#[tokio::test]
async fn error_codes_take_precedence_over_statuses_for_retries() {
    for (code, status, attempts) in [
        ("InternalError", 400, 4),
        ("ServiceUnavailable", 400, 4),
        ("Throttling.Anything", 418, 4),
        ("TooManyRequests", 400, 4),
        ("", 500, 4),
        ("", 502, 4),
        ("", 504, 4),
        ("", 429, 4),
        ("", 408, 4),
        ("Timeout", 400, 4),
        ("Unheard.Of", 503, 4),
        ("Unheard.Of", 400, 1),
        ("InvalidParameter", 500, 1),
        ("Forbidden.RAM", 500, 1),
        ("InvalidDomain.NotFound", 503, 1),
        ("QuotaExceeded.Refresh", 503, 1),
        ("InvalidAccessKeyId.NotFound", 503, 1),
        ("", 501, 1),
        ("", 404, 1),
        ("", 302, 1),
    ] {
        for format in [Format::Json, Format::Xml] {
            let fake = FakeTransport::new().error(READ, status, code, "M");
            let call = setup(&fake).0.call(&DESCRIBE, &describe(&["1"])).format(format);
            let error = call.await.unwrap_err();
            assert_eq!(fake.requests().len(), attempts, "{code} {status}: {error}");
        }
    }
}

#[tokio::test]
async fn nothing_is_sent_after_a_call_is_dropped() {
    let fake = FakeTransport::new().error(READ, 500, "InternalError", "M");
    // With the system clock, so that the call is dropped during a delay.
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .nonce_source(DeterministicNonce::constant("a"))
        .transport(fake.clone())
        .retry(RetryPolicy::new().base_delay(Duration::from_secs(20)))
        .build()
        .unwrap();
    let call = client.call(&DESCRIBE, &describe(&["1"])).into_future();
    assert!(tokio::time::timeout(Duration::from_millis(20), call).await.is_err());
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(fake.requests().len(), 1);
}
