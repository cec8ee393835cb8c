//! Retries: which errors are retried, with which delays, and what is never sent twice. On a manual clock.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::future::IntoFuture as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alicloud_core::credentials::{CredentialsError, ProvideCredentials};
use alicloud_core::testing::{DeterministicNonce, FakeTransport, Fault, ManualClock};
use alicloud_core::{
    BoxFuture, Client, ClientBuilder, Clock as _, Credentials, Error, Format, Outcome, RetryBudget,
    RetryPolicy, SignatureVersion,
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
async fn a_write_is_retried_only_if_it_was_certainly_not_executed() {
    type AddResponse = fn(FakeTransport) -> FakeTransport;
    let table: &[(AddResponse, usize, Outcome)] = &[
        (|fake| fake.fault(WRITE, Fault::ConnectionRefused), 4, Outcome::NotSent),
        (|fake| fake.fault(WRITE, Fault::ConnectionReset), 1, Outcome::Unknown),
        (|fake| fake.fault(WRITE, Fault::ReadTimeout), 1, Outcome::Unknown),
        (|fake| fake.error(WRITE, 400, "Throttling.User", "M"), 4, Outcome::Rejected),
        (|fake| fake.error(WRITE, 503, "Throttling", "M"), 4, Outcome::Rejected),
        (|fake| fake.error(WRITE, 503, "ServiceUnavailable", "M"), 1, Outcome::Unknown),
        (|fake| fake.error(WRITE, 500, "InternalError", "M"), 1, Outcome::Unknown),
        (|fake| fake.error(WRITE, 400, "SignatureNonceUsed", "M"), 1, Outcome::Unknown),
        (|fake| fake.error(WRITE, 400, "QuotaExceeded.Refresh", "M"), 1, Outcome::Rejected),
        (|fake| fake.error(WRITE, 400, "InvalidObjectPath.Malformed", "M"), 1, Outcome::Rejected),
    ];
    for (add_response, attempts, outcome) in table {
        let fake = add_response(FakeTransport::new());
        let (client, _) = setup(&fake);
        let request = TokenlessRequest { object_path: Some("http://example.com/1".to_owned()) };
        let error = client.call(&REFRESH, &request).await.unwrap_err();
        assert_eq!(fake.requests().len(), *attempts, "{error}");
        assert_eq!((error.attempts() as usize, error.outcome()), (*attempts, *outcome), "{error}");
    }
}

/// Runs a call and advances the clock by 5 s once its first attempt is sent.
async fn advance_during<T: Send + 'static>(
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
    fake: &FakeTransport,
    clock: &ManualClock,
) -> Result<T, Error> {
    let running = tokio::spawn(call);
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(5));
    running.await.unwrap()
}

#[tokio::test]
async fn an_attempt_that_exceeds_its_timeout_is_retried() {
    let fake = FakeTransport::new().fault(READ, Fault::Hang).respond(READ, &response());
    let clock = ManualClock::from_unix_seconds(NOW);
    let limit = Duration::from_secs(5);
    let client = builder(&fake, &clock).attempt_timeout(limit).build().unwrap();
    let call = client.call(&DESCRIBE, &describe(&["1"])).into_future();
    let value = advance_during(call, &fake, &clock).await.unwrap();
    assert_eq!(value, response());
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn a_write_that_exceeds_its_attempt_timeout_is_not_retried() {
    let fake = FakeTransport::new().fault(WRITE, Fault::Hang).respond(WRITE, &response());
    let (client, clock) = setup(&fake);
    let request = TokenlessRequest { object_path: Some("http://example.com/1".to_owned()) };
    let call =
        client.call(&REFRESH, &request).attempt_timeout(Duration::from_secs(5)).into_future();
    let error = advance_during(call, &fake, &clock).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown));
    assert!(error.is_timeout());
    assert!(error.to_string().contains("no response within the attempt timeout"), "{error}");
}

#[tokio::test]
async fn a_write_with_an_idempotency_token_is_retried_with_the_same_token() {
    for token in [None, Some("my-own-token")] {
        let fake = FakeTransport::new()
            .fault(WRITE, Fault::ConnectionReset)
            .error(WRITE, 500, "InternalError", "M")
            .respond_json(WRITE, "{}");
        let (client, _) = setup(&fake);
        client.call(&REFRESH, &refresh(token)).await.unwrap();
        let sent = fake.requests();
        let tokens: Vec<_> = sent.iter().map(|sent| sent.param("ClientToken").unwrap()).collect();
        assert_eq!(tokens.len(), 3);
        assert!(
            tokens.iter().all(|other| *other == tokens[0] && token.is_none_or(|t| t == *other))
        );
        let mut nonces = nonces(&fake);
        nonces.dedup();
        assert_eq!(nonces.len(), 3);
        assert!(!nonces.contains(&tokens[0].to_owned()));
    }
    // Set with `query_param`, for an operation whose description lacks the parameter.
    let fake = FakeTransport::new().fault(WRITE, Fault::ConnectionReset).respond_json(WRITE, "{}");
    let call =
        setup(&fake).0.call(&REFRESH, &TokenlessRequest::default()).query_param("ClientToken", "t");
    call.await.unwrap();
    assert_eq!(fake.requests().len(), 2);
    // An empty token does not count.
    let fake = FakeTransport::new().fault(WRITE, Fault::ConnectionReset).respond_json(WRITE, "{}");
    let call =
        setup(&fake).0.call(&REFRESH, &TokenlessRequest::default()).query_param("ClientToken", "");
    assert_eq!(call.await.unwrap_err().outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn the_outcome_is_the_worst_of_all_attempts() {
    let fake = FakeTransport::new()
        .fault(WRITE, Fault::ConnectionReset)
        .fault(WRITE, Fault::ConnectionRefused);
    let error = setup(&fake).0.call(&REFRESH, &refresh(None)).await.unwrap_err();
    assert!(error.is_connect());
    assert_eq!((error.attempts(), error.outcome()), (4, Outcome::Unknown));
    assert!(error.to_string().contains("[outcome unknown, attempt 4]"), "{error}");

    let fake = FakeTransport::new()
        .error(WRITE, 400, "Throttling", "M")
        .fault(WRITE, Fault::ConnectionRefused);
    let error = setup(&fake).0.call(&REFRESH, &refresh(None)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);

    // The third attempt was rejected, but the first may have been executed.
    let fake = FakeTransport::new()
        .fault(WRITE, Fault::ConnectionReset)
        .error(WRITE, 400, "SignatureNonceUsed", "M")
        .error(WRITE, 400, "IdempotentParameterMismatch", "M");
    let error = setup(&fake).0.call(&REFRESH, &refresh(None)).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (3, Outcome::Unknown));
}

#[tokio::test]
async fn the_delay_that_the_service_asks_for_is_respected() {
    for (headers, min, max) in [
        (&[("x-acs-retry-after", "1500")][..], 1_500, 1_700),
        (&[("x-ratelimit-user-api", "Limit:30,Remain:0,TimeLeft:820,Reset:1")], 820, 1_020),
        (&[("retry-after", "30")], 30_000, 30_200),
        (&[], 0, 1_000),
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

fn skewed(service_ahead: bool, date: &'static str, cached: bool) -> FakeTransport {
    let code = if service_ahead { "InvalidTimeStamp.Expired" } else { "IllegalTimestamp" };
    let mut headers = vec![("date", date)];
    if cached {
        headers.push(("age", "3"));
    }
    FakeTransport::new().respond_raw(READ, 400, &headers, format!(r#"{{"Code":"{code}"}}"#))
}

#[tokio::test]
async fn clock_skew_is_corrected_once_and_remembered() {
    for (ahead, date, signed) in [
        (true, "Fri, 02 Jan 2026 04:04:05 GMT", "2026-01-02T04:04:05Z"),
        (false, "Fri, 02 Jan 2026 02:04:05 GMT", "2026-01-02T02:04:05Z"),
    ] {
        let fake = skewed(ahead, date, false).respond(READ, &response());
        let clock = ManualClock::from_unix_seconds(NOW);
        let budget = RetryBudget::new(0);
        let client = builder(&fake, &clock).retry_budget(budget).build().unwrap();
        read(&client).await.unwrap();
        read(&client.clone()).await.unwrap();
        let dates: Vec<String> = fake
            .requests()
            .iter()
            .map(|sent| sent.header("x-acs-date").unwrap().to_owned())
            .collect();
        assert_eq!(dates, ["2026-01-02T03:04:05Z", signed, signed]);
        assert_eq!(nonces(&fake), ["n-1", "n-2", "n-3"]);
        assert_eq!(clock.elapsed(), Duration::ZERO);
    }
}

#[tokio::test]
async fn clock_skew_that_cannot_be_corrected_is_reported() {
    let later = "Fri, 02 Jan 2026 04:04:05 GMT";
    for (fake, attempts) in [
        // The correction did not help.
        (skewed(true, later, false), 2),
        // A cached response; equal clocks; more than 24 hours; an invalid date.
        (skewed(true, later, true), 1),
        (skewed(true, "Fri, 02 Jan 2026 03:04:05 GMT", false), 1),
        (skewed(true, "Mon, 05 Jan 2026 03:04:05 GMT", false), 1),
        (skewed(true, "yesterday", false), 1),
    ] {
        let error = read(&setup(&fake).0).await.unwrap_err();
        assert!(error.is_clock_skew(), "{error}");
        assert_eq!((error.attempts(), error.outcome()), (attempts, Outcome::Rejected), "{error}");
    }

    let fake = skewed(true, later, false).respond(READ, &response());
    let clock = ManualClock::from_unix_seconds(NOW);
    let client: Client = builder(&fake, &clock).clock_skew_correction(false).build().unwrap();
    assert_eq!(read(&client).await.unwrap_err().attempts(), 1);

    // Without retries, the skew is still measured for the next call.
    let fake = skewed(true, later, false).respond(READ, &response());
    let (client, _) = setup(&fake);
    let call = client.call(&DESCRIBE, &describe(&["1"])).no_retry();
    assert_eq!(call.await.unwrap_err().attempts(), 1);
    read(&client).await.unwrap();
    assert_eq!(fake.requests()[1].header("x-acs-date"), Some("2026-01-02T04:04:05Z"));
}

#[tokio::test]
async fn half_of_the_round_trip_is_subtracted_from_the_skew() {
    /// Advances the clock by 4 s during each request.
    #[derive(Debug)]
    struct SlowTransport(FakeTransport, ManualClock);
    impl alicloud_core::Transport for SlowTransport {
        fn send(
            &self,
            request: http::Request<bytes::Bytes>,
            options: alicloud_core::TransportOptions,
        ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, alicloud_core::TransportError>>
        {
            self.1.advance(Duration::from_secs(4));
            self.0.send(request, options)
        }
    }
    let fake = skewed(true, "Fri, 02 Jan 2026 04:04:05 GMT", false).respond(READ, &response());
    let clock = ManualClock::from_unix_seconds(NOW);
    let client = builder(&fake, &clock)
        .transport(SlowTransport(fake.clone(), clock.clone()))
        .build()
        .unwrap();
    read(&client).await.unwrap();
    // Sent at 3:04:05 and received at 3:04:09, so the service's 4:04:05 is our 3:04:07; retried at 3:04:09.
    assert_eq!(fake.requests()[1].header("x-acs-date"), Some("2026-01-02T04:04:07Z"));
}

/// Provides new credentials each time, or always the same.
#[derive(Debug, Clone, Default)]
struct RotatingProvider {
    loads: Arc<AtomicU32>,
    constant: bool,
}

impl ProvideCredentials for RotatingProvider {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let number = self.loads.fetch_add(1, Ordering::SeqCst);
        let number = if self.constant { 0 } else { number };
        let credentials = Credentials::new(format!("id-{number}"), SECRET);
        Box::pin(async move { Ok(credentials.with_security_token(TOKEN)) })
    }

    fn name(&self) -> &str {
        "rotating"
    }
}

#[tokio::test]
async fn expired_credentials_are_loaded_again() {
    let expired = || FakeTransport::new().error(READ, 403, "InvalidSecurityToken.Expired", "M");
    for (constant, attempts) in [(false, 2), (true, 1)] {
        let fake = expired();
        let clock = ManualClock::from_unix_seconds(NOW);
        let provider = RotatingProvider { constant, ..RotatingProvider::default() };
        let client = builder(&fake, &clock).credentials(provider.clone()).build().unwrap();
        let error = read(&client).await.unwrap_err();
        assert!(error.is_auth());
        assert_eq!((error.attempts(), fake.requests().len()), (attempts, attempts as usize));
        assert_eq!(provider.loads.load(Ordering::SeqCst), 2);
    }
    let fake = expired().respond(READ, &response());
    let clock = ManualClock::from_unix_seconds(NOW);
    let client = builder(&fake, &clock).credentials(RotatingProvider::default()).build().unwrap();
    read(&client).await.unwrap();
    assert_eq!(fake.requests()[1].header("x-acs-accesskey-id"), Some("id-1"));
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
