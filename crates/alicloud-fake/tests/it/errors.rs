//! Error codes, and the order of checks.

use std::time::{Duration, UNIX_EPOCH};

use alicloud_fake::Account;

use crate::client::{Response, now, send, service};
use crate::sign::Call;

async fn response_to(request: impl AsRef<[u8]>) -> Response {
    let service = service()
        .account(
            Account::new("sts", "sts-secret")
                .security_token("the token")
                .expires_at(now() + Duration::from_secs(1)),
        )
        .account(
            Account::new("expired", "sts-secret").security_token("old token").expires_at(now()),
        )
        .start()
        .await
        .unwrap();
    send(&service, request).await
}

async fn error_code(request: impl AsRef<[u8]>) -> String {
    response_to(request).await.code().unwrap_or_default()
}

/// Asserts that the call is rejected in both schemes.
async fn assert_error(call: Call<'_>, status: u16, expected: &str) {
    for request in [call.acs3(), call.rpc(), call.rpc_form()] {
        let response = response_to(&request).await;
        assert_eq!(response.code().as_deref(), Some(expected), "{request}");
        assert_eq!(response.status, status, "{request}");
    }
}

async fn assert_accepted(call: Call<'_>) {
    for request in [call.acs3(), call.rpc(), call.rpc_form()] {
        let response = response_to(&request).await;
        assert_eq!(response.status, 200, "{request}\n{}", response.body);
    }
}

fn call_with_time(time: &str) -> Call<'_> {
    Call { time, ..Call::default() }
}

#[tokio::test]
async fn a_timestamp_has_exactly_one_format() {
    for invalid in [
        "2026-01-02 03:04:05",
        "2026-01-02T03:04:05+00:00",
        "2026-01-02T03:04:05.000Z",
        "2026-01-02T03:04:0Z",
        "2026-02-30T03:04:05Z",
        "2026-01-02t03:04:05Z",
        "1767323045",
        "Fri, 02 Jan 2026 03:04:05 GMT",
        "2026-01-02T03:04:é5Z",
    ] {
        assert_error(call_with_time(invalid), 400, "InvalidTimeStamp.Format").await;
    }
    assert_error(call_with_time(""), 400, "MissingTimestamp").await;
}

#[tokio::test]
async fn a_timestamp_may_differ_by_15_minutes() {
    assert_accepted(call_with_time("2026-01-02T02:49:05Z")).await;
    assert_accepted(call_with_time("2026-01-02T03:19:05Z")).await;
    assert_error(call_with_time("2026-01-02T02:49:04Z"), 400, "InvalidTimeStamp.Expired").await;
    assert_error(call_with_time("2026-01-02T03:19:06Z"), 400, "InvalidTimeStamp.Expired").await;
    assert_error(call_with_time("9999-12-31T23:59:59Z"), 400, "InvalidTimeStamp.Expired").await;
}

#[tokio::test]
async fn the_access_key_must_be_known_and_its_secret_correct() {
    let unknown = Call { access_key_id: "unknown", ..Call::default() };
    assert_error(unknown, 404, "InvalidAccessKeyId.NotFound").await;
    let wrong_secret = Call { secret: "wrong", ..Call::default() };
    assert_error(wrong_secret, 400, "SignatureDoesNotMatch").await;
}

fn temporary<'a>(access_key_id: &'a str, token: Option<&'a str>) -> Call<'a> {
    Call { access_key_id, secret: "sts-secret", token, ..Call::default() }
}

#[tokio::test]
async fn a_temporary_key_requires_its_token() {
    assert_accepted(temporary("sts", Some("the token"))).await;
    let invalid_calls = [
        (temporary("sts", None), "MissingSecurityToken"),
        (temporary("sts", Some("nonsense")), "InvalidSecurityToken.Malformed"),
        (temporary("sts", Some("old token")), "InvalidSecurityToken.MismatchWithAccessKey"),
        (temporary("expired", Some("old token")), "InvalidSecurityToken.Expired"),
        (
            Call { token: Some("the token"), ..Call::default() },
            "InvalidSecurityToken.MismatchWithAccessKey",
        ),
        (Call { token: Some("nonsense"), ..Call::default() }, "InvalidSecurityToken.Malformed"),
    ];
    for (call, expected) in invalid_calls {
        assert_error(call, 400, expected).await;
    }
}

#[tokio::test]
async fn an_unsigned_token_is_rejected() {
    let call = temporary("sts", Some("the token"));
    let acs3 =
        call.acs3().replace("x-acs-security-token;", "").replace(";x-acs-security-token", "");
    assert_eq!(error_code(acs3).await, "IncompleteSignature");

    // RPC signs every parameter.
    let unsigned = temporary("sts", None)
        .rpc()
        .replace("&Signature=", "&SecurityToken=the%20token&Signature=");
    assert_eq!(error_code(unsigned).await, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn a_nonce_is_valid_once_per_access_key() {
    for sign in [Call::acs3, Call::rpc] {
        let service = service().account(Account::new("other", "secret")).start().await.unwrap();
        let call = Call::default();
        assert_eq!(send(&service, sign(&call)).await.status, 200);
        let repeated = send(&service, sign(&call)).await;
        assert_eq!(repeated.status, 400);
        assert_eq!(repeated.code().as_deref(), Some("SignatureNonceUsed"));
        let new_nonce = Call { nonce: "twice", ..call.clone() };
        assert_eq!(send(&service, sign(&new_nonce)).await.status, 200);
        let other_key = Call { access_key_id: "other", secret: "secret", ..call };
        assert_eq!(send(&service, sign(&other_key)).await.status, 200);
    }
}

#[tokio::test]
async fn a_rejected_request_does_not_use_up_its_nonce() {
    let service = service().start().await.unwrap();
    let guess = Call { secret: "guess", ..Call::default() };
    assert_eq!(send(&service, guess.acs3()).await.status, 400);
    assert_eq!(send(&service, Call::default().acs3()).await.status, 200);
}

#[tokio::test]
async fn a_nonce_is_valid_again_once_a_replay_is_expired() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    let second = Arc::new(AtomicU64::new(1_767_323_045));
    let clock = Arc::clone(&second);
    let service = service()
        .clock(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)))
        .start()
        .await
        .unwrap();
    // 10 minutes ahead of the service, so a replay is possible for 25 minutes.
    let ahead = call_with_time("2026-01-02T03:14:05Z");
    assert_eq!(send(&service, ahead.acs3()).await.status, 200);
    second.fetch_add(25 * 60, Ordering::Relaxed);
    let replayed = send(&service, ahead.acs3()).await;
    assert_eq!(replayed.code().as_deref(), Some("SignatureNonceUsed"));
    second.fetch_add(1, Ordering::Relaxed);
    let later = call_with_time("2026-01-02T03:29:05Z");
    assert_eq!(send(&service, later.acs3()).await.status, 200);
}

#[tokio::test]
async fn version_and_operation_must_exist() {
    for (version, operation, status, expected) in [
        ("2014-11-11", "DescribeRefreshTaskById", 400, "InvalidVersion"),
        ("", "DescribeRefreshTaskById", 400, "MissingVersion"),
        ("2018-05-10", "DescribeNothing", 404, "InvalidAction.NotFound"),
        ("2018-05-10", "", 400, "MissingAction"),
    ] {
        let call = Call { version, operation, ..Call::default() };
        assert_error(call, status, expected).await;
    }
}

#[tokio::test]
async fn rpc_operations_require_the_root_path_and_get_or_post() {
    let other_path = Call { path: "/tasks", ..Call::default() };
    assert_error(other_path, 404, "InvalidApi.NotFound").await;
    let delete = Call { method: "DELETE", ..Call::default() };
    assert_error(delete, 400, "UnsupportedHTTPMethod").await;
}

/// Each call also fails all later checks.
#[tokio::test]
async fn checks_run_in_the_order_of_the_service() {
    let mut call = Call {
        time: "yesterday",
        access_key_id: "unknown",
        secret: "guess",
        token: Some("nonsense"),
        version: "2014-11-11",
        operation: "DescribeNothing",
        params: &[],
        ..Call::default()
    };
    assert_error(call.clone(), 400, "InvalidTimeStamp.Format").await;
    call.time = "2025-01-01T00:00:00Z";
    assert_error(call.clone(), 400, "InvalidTimeStamp.Expired").await;
    call.time = Call::default().time;
    assert_error(call.clone(), 404, "InvalidAccessKeyId.NotFound").await;
    call.access_key_id = Call::default().access_key_id;
    assert_error(call.clone(), 400, "InvalidSecurityToken.Malformed").await;
    call.token = None;
    assert_error(call.clone(), 400, "SignatureDoesNotMatch").await;
    call.secret = Call::default().secret;
    call.nonce = "";
    assert_error(call.clone(), 400, "MissingSignatureNonce").await;
    call.nonce = "once";
    assert_error(call.clone(), 400, "InvalidVersion").await;
    call.version = Call::default().version;
    assert_error(call.clone(), 404, "InvalidAction.NotFound").await;
    call.operation = Call::default().operation;
    assert_error(call.clone(), 400, "MissingTaskId").await;
    call.params = &[("TaskId", "12345678")];
    assert_accepted(call).await;
}
