//! Error responses of services, gateways and proxies.

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, Credentials, Error, Format, Outcome};

use crate::common::*;

pub(crate) async fn error_of(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
    let fake = FakeTransport::new().respond_raw(
        "DescribeRefreshTaskById",
        status,
        headers,
        body.to_owned(),
    );
    let call = client(&fake).call(&DESCRIBE, &describe(&["1"]));
    let error = call.no_retry().await.unwrap_err();
    let text = error.to_string();
    assert!(!text.contains('\n') && !text.contains("aliyuncs.com/?"), "{text}");
    error
}

#[tokio::test]
async fn a_documented_json_error_is_parsed() {
    let error = error_of(
        400,
        &[("content-type", "application/json;charset=utf-8")],
        r#"{"RequestId":"0AEDAF20","HostId":"cdn.aliyuncs.com","Code":"Throttling.User",
            "Message":"Request was denied\r\ndue to user flow control.","Recommend":"https://api.aliyun.com/t?q=1"}"#,
    )
    .await;
    assert_eq!(error.code(), Some("Throttling.User"));
    assert_eq!(error.request_id(), Some("0AEDAF20"));
    assert_eq!(error.status().unwrap().as_u16(), 400);
    assert_eq!(error.help_url(), Some("https://api.aliyun.com/t?q=1"));
    assert_eq!(error.content_type(), Some("application/json;charset=utf-8"));
    assert_eq!(error.operation().unwrap(), "DescribeRefreshTaskById");
    assert!(error.is_throttling() && !error.is_quota_exceeded() && !error.is_invalid_request());
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: Throttling.User (HTTP 400): Request was denied due to user flow control. \
         [rejected, request id 0AEDAF20, attempt 1]; see https://api.aliyun.com/t?q=1",
    );
    assert!(std::error::Error::source(&error).is_none());
}

#[tokio::test]
async fn other_field_names_and_formats_are_parsed() {
    for (content_type, body) in [
        ("application/json", r#"{"requestId":"R","code":"A.B","message":"M"}"#),
        ("text/plain", "\u{feff}  {\"requestid\":\"R\",\"errorCode\":\"A.B\",\"errorMsg\":\"M\"}"),
        ("application/json", r#"{"RequestId":"R","Error":{"Code":"A.B","Message":"M"}}"#),
        (
            "text/xml;charset=utf-8",
            "<Error><RequestId>R</RequestId><HostId/><Code>A.B</Code><Message>M</Message></Error>",
        ),
        (
            "application/json",
            "<?xml version='1.0'?>\n<KMS><Code>A.B</Code><Message>M</Message><RequestId>R</RequestId></KMS>",
        ),
        (
            "text/xml",
            "<ErrorResponse><Error><Code>A.B</Code><Message>M</Message></Error><RequestId>R</RequestId></ErrorResponse>",
        ),
    ] {
        let error = error_of(404, &[("content-type", content_type)], body).await;
        assert_eq!(error.code(), Some("A.B"), "{body}");
        assert_eq!(error.message(), Some("M"), "{body}");
        assert_eq!(error.request_id(), Some("R"), "{body}");
    }
    let error =
        error_of(500, &[("x-acs-request-id", "H")], r#"{"code":500,"Description":"broken"}"#).await;
    assert_eq!(
        (error.code(), error.message(), error.request_id()),
        (Some("500"), Some("broken"), Some("H"))
    );
    let denied =
        r#"{"Code":"NoPermission","Message":"M","AccessDeniedDetail":{"AuthAction":"cdn:X"}}"#;
    let error = error_of(403, &[], denied).await;
    assert!(error.is_forbidden() && !error.is_auth());
    assert_eq!(error.access_denied_detail().unwrap()["AuthAction"], "cdn:X");
}

#[tokio::test]
async fn access_denied_details_are_parsed() {
    let body = r#"{"Code":"Forbidden.RAM","Message":"No.","AccessDeniedDetail":{
        "PolicyType":"AccountLevelIdentityBasedPolicy","AuthPrincipalOwnerId":"1042",
        "AuthPrincipalDisplayName":"2034","AuthPrincipalType":"SubUser","NoPermissionType":"ImplicitDeny",
        "AuthAction":"cdn:DescribeRefreshTasks","EncodedDiagnosticMessage":"AQFohtp4"}}"#;
    let error = error_of(403, &[], body).await;
    let denied = error.access_denied().unwrap();
    assert_eq!(denied.action(), Some("cdn:DescribeRefreshTasks"));
    assert_eq!((denied.principal(), denied.principal_type()), (Some("2034"), Some("SubUser")));
    assert_eq!((denied.principal_owner(), denied.reason()), (Some("1042"), Some("ImplicitDeny")));
    assert_eq!(denied.policy_type(), Some("AccountLevelIdentityBasedPolicy"));
    assert_eq!(denied.encoded_diagnosis(), Some("AQFohtp4"));
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: Forbidden.RAM (HTTP 403): No. (denied: cdn:DescribeRefreshTasks for SubUser \
         2034 (ImplicitDeny by AccountLevelIdentityBasedPolicy)) [rejected, attempt 1]",
    );
    for detail in ["null", "\"text\"", "[]"] {
        let body = format!(r#"{{"Code":"NoPermission","AccessDeniedDetail":{detail}}}"#);
        assert!(error_of(403, &[], &body).await.access_denied().is_none(), "{detail}");
    }
    let xml = "<E><Code>NoPermission</Code><AccessDeniedDetail><AuthAction>cdn:X</AuthAction></AccessDeniedDetail></E>";
    assert_eq!(error_of(403, &[], xml).await.access_denied().unwrap().action(), Some("cdn:X"));
}

#[tokio::test]
async fn unstructured_and_empty_bodies_are_quoted() {
    let page = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n<body>nginx</body></html>";
    let error = error_of(502, &[("content-type", "text/html")], page).await;
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: HTTP 502 without an error code (text/html, starts with \"502 Bad Gateway nginx\") \
         [outcome unknown, attempt 1]",
    );
    assert!(error.is_server_error() && error.code().is_none());
    assert_eq!(error.body().unwrap(), page);

    let error = error_of(500, &[], "").await;
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: HTTP 500 without an error code (empty body) [outcome unknown, attempt 1]",
    );
    for body in ["{", "[1]", "null", "plain text", "<a", "\u{0}\u{1}\u{2}", "{\"a\":1}", "<html/>"]
    {
        let error = error_of(503, &[], body).await;
        assert!(error.code().is_none() && error.is_server_error(), "{body}");
    }
    let error = error_of(302, &[("location", "https://portal.example/login")], "").await;
    assert_eq!((error.status().unwrap().as_u16(), error.outcome()), (302, Outcome::Unknown));
    let long = format!("{{\"Message\":\"{}\"}}", "x".repeat(100_000));
    let error = error_of(400, &[], &long).await;
    assert_eq!(error.body().unwrap().len(), 4096);
    assert!(error.to_string().len() < 2_000);
}

#[tokio::test]
async fn a_successful_response_that_cannot_be_decoded_is_an_error() {
    for (body, expected) in [
        ("<html><body>Login</body></html>", "the response is a web page"),
        ("", "the response is empty"),
        ("  \n", "the response is empty"),
        ("{\"TotalCount\":", "cannot decode the response as JSON"),
        ("OK", "cannot decode the response as JSON"),
        ("[1,2]", "cannot decode the response as JSON"),
    ] {
        let error =
            error_of(200, &[("content-type", "text/html"), ("x-acs-request-id", "R")], body).await;
        assert!(error.is_decode() && !error.is_server_error(), "{body}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!((error.request_id(), error.status().unwrap().as_u16()), (Some("R"), 200));
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.body().unwrap(), body);
    }
    // The content of the body takes precedence over the requested format.
    for (format, body) in
        [(Format::Xml, r#"{"TotalCount":1}"#), (Format::Json, "<R><TotalCount>1</TotalCount></R>")]
    {
        let fake = FakeTransport::new().respond_raw(
            "DescribeRefreshTaskById",
            200,
            &[("content-type", "text/xml")],
            body,
        );
        let value = client(&fake).call(&DESCRIBE, &describe(&["1"])).format(format).await.unwrap();
        assert_eq!(value.total_count, Some(1));
    }
    let fake =
        FakeTransport::new().respond_raw("DescribeRefreshTaskById", 200, &[], "<html></html>");
    let error =
        client(&fake).call(&DESCRIBE, &describe(&["1"])).format(Format::Xml).await.unwrap_err();
    assert!(error.is_decode());
}

type Predicate = fn(&Error) -> bool;

/// What an error code and a status can mean.
const MEANINGS: [(&str, Predicate); 10] = [
    ("throttling", Error::is_throttling),
    ("quota", Error::is_quota_exceeded),
    ("auth", Error::is_auth),
    ("forbidden", Error::is_forbidden),
    ("not_found", Error::is_not_found),
    ("clock_skew", Error::is_clock_skew),
    ("nonce_used", Error::is_nonce_used),
    ("server", Error::is_server_error),
    ("timeout", Error::is_timeout),
    ("invalid_request", Error::is_invalid_request),
];

#[tokio::test]
async fn error_codes_take_precedence_over_statuses() {
    const REJECTED: Outcome = Outcome::Rejected;
    let table: &[(&str, u16, &str, Predicate, Outcome)] = &[
        ("Throttling", 400, "throttling", Error::is_throttling, REJECTED),
        ("Throttling.Api", 429, "throttling", Error::is_throttling, REJECTED),
        ("Throttling.User", 503, "throttling", Error::is_throttling, REJECTED),
        ("TooManyRequests", 400, "throttling", Error::is_throttling, REJECTED),
        ("ServiceBusy", 403, "throttling", Error::is_throttling, REJECTED),
        ("FlowControlled", 403, "throttling", Error::is_throttling, REJECTED),
        ("", 429, "throttling", Error::is_throttling, REJECTED),
        ("QuotaExceeded.Refresh", 400, "quota", Error::is_quota_exceeded, REJECTED),
        ("QuotaPerMinuteExceeded.Refresh", 429, "quota", Error::is_quota_exceeded, REJECTED),
        ("SingleRequest.OverLimit", 400, "quota", Error::is_quota_exceeded, REJECTED),
        ("PreloadQueueFull", 400, "quota", Error::is_quota_exceeded, REJECTED),
        ("SignatureDoesNotMatch", 400, "auth", Error::is_auth, REJECTED),
        ("InvalidAccessKeyId.NotFound", 404, "auth", Error::is_auth, REJECTED),
        ("InvalidSecurityToken.Expired", 403, "auth", Error::is_auth, REJECTED),
        ("", 401, "auth", Error::is_auth, REJECTED),
        ("Forbidden.RAM", 403, "forbidden", Error::is_forbidden, REJECTED),
        ("NoPermission", 400, "forbidden", Error::is_forbidden, REJECTED),
        ("", 403, "forbidden", Error::is_forbidden, REJECTED),
        ("InvalidDomain.NotFound", 404, "not_found", Error::is_not_found, REJECTED),
        ("EntityNotExist.Role", 400, "not_found", Error::is_not_found, REJECTED),
        ("InvalidTimeStamp.Expired", 400, "clock_skew", Error::is_clock_skew, REJECTED),
        ("IllegalTimestamp", 400, "clock_skew", Error::is_clock_skew, REJECTED),
        ("SignatureNonceUsed", 400, "nonce_used", Error::is_nonce_used, Outcome::Unknown),
        ("InternalError", 500, "server", Error::is_server_error, Outcome::Unknown),
        ("ServiceUnavailable", 503, "server", Error::is_server_error, Outcome::Unknown),
        ("Timeout", 408, "timeout", Error::is_timeout, Outcome::Unknown),
        ("InvalidTaskId.Malformed", 400, "invalid_request", Error::is_invalid_request, REJECTED),
        ("MissingTimeParameter", 400, "invalid_request", Error::is_invalid_request, REJECTED),
        ("InvalidApi.NotFound", 404, "invalid_request", Error::is_invalid_request, REJECTED),
    ];
    for (code, status, name, predicate, outcome) in table {
        let error = error_of(*status, &[], &format!(r#"{{"Code":"{code}","Message":"M"}}"#)).await;
        assert!(predicate(&error), "{code} {status} is not {name}");
        assert_eq!(error.outcome(), *outcome, "{code} {status}");
        for (other, predicate) in MEANINGS {
            assert!(other == *name || !predicate(&error), "{code} {status} is also {other}");
        }
    }
}

#[tokio::test]
async fn several_meanings_can_apply_to_a_response() {
    for (code, status, expected, outcome) in [
        ("Any", 400, "", Outcome::Rejected),
        ("Any", 302, "", Outcome::Unknown),
        ("Any", 403, "forbidden", Outcome::Rejected),
        ("Any", 404, "not_found", Outcome::Rejected),
        ("", 404, "", Outcome::Rejected),
        ("User.NotAuthorized", 400, "forbidden", Outcome::Rejected),
        ("Unauthorized.Role", 404, "forbidden", Outcome::Rejected),
        ("Throttling.User", 401, "throttling transient", Outcome::Rejected),
        ("Throttling.User", 504, "throttling timeout transient", Outcome::Rejected),
        ("QuotaExceeded", 401, "quota", Outcome::Rejected),
        ("QuotaExceeded", 429, "quota", Outcome::Rejected),
        ("QuotaExceeded", 500, "quota", Outcome::Unknown),
        ("InvalidTimeStamp", 401, "clock_skew", Outcome::Rejected),
        ("SignatureNonceUsed", 401, "nonce_used transient", Outcome::Unknown),
        ("SignatureDoesNotMatch", 429, "auth", Outcome::Rejected),
        ("InternalError", 401, "auth", Outcome::Rejected),
        ("InternalError", 429, "throttling transient", Outcome::Rejected),
        ("InternalError", 400, "server transient", Outcome::Unknown),
        ("UnknownError", 400, "server transient", Outcome::Unknown),
        ("Any", 500, "server transient", Outcome::Unknown),
        ("Any", 501, "server transient", Outcome::Unknown),
        ("Any", 504, "server timeout transient", Outcome::Unknown),
        ("Any", 408, "timeout transient", Outcome::Unknown),
        ("RequestTimeout", 400, "timeout transient", Outcome::Unknown),
        ("Forbidden", 503, "forbidden server transient", Outcome::Unknown),
        ("Task.NotFound", 503, "not_found server transient", Outcome::Unknown),
        ("InvalidTask", 503, "server transient", Outcome::Unknown),
        ("InvalidTask", 504, "server timeout transient", Outcome::Unknown),
        ("InvalidTask", 408, "timeout transient", Outcome::Unknown),
        ("InvalidTask", 403, "forbidden", Outcome::Rejected),
        ("InvalidTask", 404, "not_found", Outcome::Rejected),
        ("InvalidVersion", 404, "invalid_request", Outcome::Rejected),
    ] {
        let error = error_of(status, &[], &format!(r#"{{"Code":"{code}","Message":"M"}}"#)).await;
        let applies = MEANINGS.into_iter().filter(|(_, predicate)| predicate(&error));
        let mut actual: Vec<&str> = applies.map(|(name, _)| name).collect();
        actual.extend(error.is_transient().then_some("transient"));
        assert_eq!(
            (actual.join(" ").as_str(), error.outcome()),
            (expected, outcome),
            "{code} {status}"
        );
    }
    // A redirect with the header of throttling is none.
    let error = error_of(302, &[("x-acs-retry-after", "10")], "").await;
    assert!(!error.is_throttling());
}

#[tokio::test]
async fn secrets_quoted_by_the_service_are_redacted() {
    let token = alicloud_core::wire::percent_encode(TOKEN);
    let twice = alicloud_core::wire::percent_encode(&token);
    let body = format!(
        r#"{{"Code":"SignatureDoesNotMatch","Message":"The string to sign is: POST&%2F&SecurityToken%3D{twice}%26 or {token} or {TOKEN} or {SECRET}"}}"#
    );
    let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 400, &[], body);
    let client: Client = fixed_builder(&CDN)
        .transport(fake)
        .credentials(Credentials::new("id", SECRET).with_security_token(TOKEN))
        .build()
        .unwrap();
    let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
    let shown = format!("{error} {error:?} {} {:?}", error.message().unwrap(), error.body());
    assert!(shown.contains("SecurityToken%3D<redacted>%26"), "{shown}");
    assert!(!shown.contains("Nobody"), "{shown}");
}
