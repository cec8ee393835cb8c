//! Writes and attempts that may have been executed: what is never sent twice.

use std::time::Duration;

use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{Error, Outcome};

use crate::common::*;
use crate::{NOW, READ, TokenlessRequest, WRITE, builder, nonces, refresh, setup};

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
