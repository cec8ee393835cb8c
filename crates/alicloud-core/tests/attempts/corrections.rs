//! Corrections before a retry: of the clock, and of expired credentials.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alicloud_core::credentials::{CredentialsError, ProvideCredentials};
use alicloud_core::testing::{FakeTransport, ManualClock};
use alicloud_core::{BoxFuture, Client, Clock as _, Credentials, Outcome, RetryBudget};

use crate::common::*;
use crate::{NOW, READ, builder, nonces, read, setup};

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
