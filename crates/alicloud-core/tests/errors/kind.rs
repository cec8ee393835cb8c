//! Kinds, clones and serialization of errors.

use std::collections::BTreeSet;
use std::error::Error as _;

use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_core::{
    BatchReport, Client, Credentials, Error, ErrorKind, Outcome, TransportError,
    TransportErrorKind, WaitError, http,
};
use serde_json::{Value, json};

use crate::common::*;

const READ: &str = "DescribeRefreshTaskById";

async fn error_of(fake: FakeTransport) -> Error {
    client(&fake).call(&DESCRIBE, &describe(&["1"])).no_retry().await.unwrap_err()
}

async fn response_error(status: u16, code: &str) -> Error {
    error_of(FakeTransport::new().error(READ, status, code, "M")).await
}

/// A transport that always fails.
#[derive(Debug)]
struct Failing(TransportErrorKind);

impl alicloud_core::Transport for Failing {
    fn send(
        &self,
        _: http::Request<alicloud_core::bytes::Bytes>,
        _: alicloud_core::TransportOptions,
    ) -> alicloud_core::BoxFuture<
        '_,
        Result<http::Response<alicloud_core::bytes::Bytes>, TransportError>,
    > {
        let error = TransportError::new(self.0).with_source("the root cause");
        Box::pin(std::future::ready(Err(error)))
    }
}

async fn transport_error(kind: TransportErrorKind) -> Error {
    let client = fixed_builder(&CDN).transport(Failing(kind)).build().unwrap();
    client.generic_call(READ).into_call().no_retry().await.unwrap_err()
}

type Predicate = fn(&Error) -> bool;

/// The methods that agree with a kind.
const PREDICATES: [(ErrorKind, Predicate); 13] = [
    (ErrorKind::Throttling, Error::is_throttling),
    (ErrorKind::QuotaExceeded, Error::is_quota_exceeded),
    (ErrorKind::ClockSkew, Error::is_clock_skew),
    (ErrorKind::NonceUsed, Error::is_nonce_used),
    (ErrorKind::Auth, Error::is_auth),
    (ErrorKind::Forbidden, Error::is_forbidden),
    (ErrorKind::NotFound, Error::is_not_found),
    (ErrorKind::Timeout, Error::is_timeout),
    (ErrorKind::ServerError, Error::is_server_error),
    (ErrorKind::InvalidRequest, Error::is_invalid_request),
    (ErrorKind::Connect, Error::is_connect),
    (ErrorKind::Decode, Error::is_decode),
    (ErrorKind::Configuration, Error::is_configuration),
];

#[tokio::test]
async fn kinds_agree_with_the_methods() {
    let no_credentials = fixed_builder(&CDN).credentials(Credentials::new("", ""));
    let no_credentials: Client = no_credentials.transport(FakeTransport::new()).build().unwrap();
    let untyped = client(&FakeTransport::new());
    let errors = [
        (ErrorKind::Throttling, response_error(400, "Throttling.User").await),
        (ErrorKind::Throttling, response_error(504, "Throttling.Timeout").await),
        (ErrorKind::Throttling, response_error(429, "Any").await),
        (ErrorKind::QuotaExceeded, response_error(400, "QuotaExceeded.Refresh").await),
        (ErrorKind::ClockSkew, response_error(400, "InvalidTimeStamp.Expired").await),
        (ErrorKind::NonceUsed, response_error(400, "SignatureNonceUsed").await),
        (ErrorKind::Auth, response_error(404, "InvalidAccessKeyId.NotFound").await),
        (ErrorKind::Auth, no_credentials.generic_call("New").await.unwrap_err()),
        (ErrorKind::Forbidden, response_error(403, "Forbidden.RAM").await),
        (ErrorKind::NotFound, response_error(404, "InvalidDomain.NotFound").await),
        (ErrorKind::Timeout, response_error(504, "").await),
        (ErrorKind::Timeout, error_of(FakeTransport::new().fault(READ, Fault::ReadTimeout)).await),
        (ErrorKind::Timeout, transport_error(TransportErrorKind::AttemptTimeout).await),
        (ErrorKind::Timeout, transport_error(TransportErrorKind::ReadTimeout).await),
        (ErrorKind::ServerError, response_error(500, "InternalError").await),
        (ErrorKind::ServerError, response_error(502, "").await),
        (ErrorKind::InvalidRequest, response_error(400, "InvalidTaskId.Malformed").await),
        (ErrorKind::InvalidRequest, untyped.generic_call("New").method("A B").await.unwrap_err()),
        (ErrorKind::InvalidRequest, untyped.generic_call("A\nB").await.unwrap_err()),
        (ErrorKind::Connect, transport_error(TransportErrorKind::Connect).await),
        (ErrorKind::Connect, transport_error(TransportErrorKind::Dns).await),
        (ErrorKind::Connect, transport_error(TransportErrorKind::Tls).await),
        (ErrorKind::Transport, transport_error(TransportErrorKind::Interrupted).await),
        (ErrorKind::Transport, transport_error(TransportErrorKind::Body).await),
        (ErrorKind::Transport, transport_error(TransportErrorKind::TooLarge).await),
        (ErrorKind::Transport, transport_error(TransportErrorKind::Request).await),
        (ErrorKind::Transport, transport_error(TransportErrorKind::Other).await),
        (ErrorKind::Decode, error_of(FakeTransport::new().respond_raw(READ, 200, &[], "<")).await),
        (ErrorKind::Configuration, Client::generic("A", "1", "a b").build().unwrap_err()),
        (ErrorKind::Other, response_error(400, "Any.Code").await),
        (ErrorKind::Other, response_error(302, "").await),
    ];
    let mut texts = BTreeSet::new();
    for (kind, error) in errors {
        assert_eq!(error.kind(), kind, "{error}");
        texts.insert(kind.to_string());
        let first = PREDICATES.iter().find(|(_, predicate)| predicate(&error));
        match first {
            Some((first, _)) => assert_eq!(*first, kind, "{error}"),
            None => assert!(matches!(kind, ErrorKind::Transport | ErrorKind::Other), "{error}"),
        }
        assert_eq!(serde_json::to_value(&error).unwrap()["kind"], kind.as_str());
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        assert_eq!(error.clone().kind(), kind);
    }
    assert_eq!(texts.len(), 15, "{texts:?}");
}

#[tokio::test]
async fn a_clone_is_the_same_error() {
    let error = transport_error(TransportErrorKind::Interrupted).await;
    let clone = error.clone();
    assert_eq!(format!("{error} {error:?}"), format!("{clone} {clone:?}"));
    drop(error);
    let source = clone.transport_error().unwrap().source().unwrap();
    assert_eq!(source.to_string(), "the root cause");
    let transport_error = clone.transport_error().unwrap().clone();
    assert_eq!(transport_error.source().unwrap().to_string(), "the root cause");

    fn assert_clone<T: Clone + Send + Sync + 'static>() {}
    assert_clone::<Error>();
    assert_clone::<WaitError<String>>();
    assert_clone::<BatchReport<String, ()>>();
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
}

#[tokio::test]
async fn errors_are_objects_for_logs() {
    let fake = FakeTransport::new().respond_raw(
        READ,
        503,
        &[("x-acs-retry-after", "1500")],
        r#"{"RequestId": "0AEDAF20", "Code": "Throttling.User", "Message": "a\r\nb", "Recommend": "https://api.aliyun.com/t"}"#,
    );
    let error = error_of(fake).await;
    let expected = json!({
        "kind": "throttling",
        "summary": error.to_string(),
        "product": "Cdn",
        "operation": READ,
        "code": "Throttling.User",
        "message": "a b",
        "request_id": "0AEDAF20",
        "status": 503,
        "outcome": "rejected",
        "attempts": 1,
        "is_transient": true,
        "retry_after_ms": 1500,
        "help_url": "https://api.aliyun.com/t",
    });
    assert_eq!(serde_json::to_value(&error).unwrap(), expected);
    let text = serde_json::to_string(&error).unwrap();
    assert!(text.starts_with(r#"{"kind":"throttling","summary":"Cdn "#), "{text}");

    let error = transport_error(TransportErrorKind::Interrupted).await;
    let expected = json!({
        "kind": "transport",
        "summary": error.to_string(),
        "product": "Cdn",
        "operation": READ,
        "outcome": "unknown",
        "attempts": 1,
        "is_transient": true,
        "transport_error": "interrupted",
    });
    assert_eq!(serde_json::to_value(&error).unwrap(), expected);

    let error = Client::generic("A", "1", "a b").build().unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let fields: Value = serde_json::to_value(&error).unwrap();
    let names: Vec<&String> = fields.as_object().unwrap().keys().collect();
    assert_eq!(names, ["attempts", "is_transient", "kind", "outcome", "summary"]);
}

#[tokio::test]
async fn serialized_errors_have_no_secrets_and_are_short() {
    let token = alicloud_core::wire::percent_encode(TOKEN);
    let twice = alicloud_core::wire::percent_encode(&token);
    let body = json!({
        "Code": "SignatureDoesNotMatch",
        "Message": format!(
            "Wrong. server string to sign is:POST&%2F&SecurityToken%3D{twice}%26 or {TOKEN} or {SECRET} {}",
            "x".repeat(5_000),
        ),
        "RequestId": "R\n".repeat(1_000),
    });
    let fake = FakeTransport::new().respond_raw(READ, 400, &[], body.to_string());
    let client: Client = fixed_builder(&CDN)
        .transport(fake)
        .credentials(Credentials::new("id", SECRET).with_security_token(TOKEN))
        .build()
        .unwrap();
    let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
    let text = serde_json::to_string(&error).unwrap();
    assert!(!text.contains("Nobody") && !text.contains("\\n"), "{text}");
    assert!(text.len() < 2_000, "{text}");
    assert_eq!(serde_json::to_value(&error).unwrap()["message"], "Wrong.");
}
