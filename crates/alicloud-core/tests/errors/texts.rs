//! What the text of an error shows: of proxies, of causes, of denied access, and of what is not an error at all.

use std::fmt;

use alicloud_core::testing::FakeTransport;
use alicloud_core::{
    BoxFuture, Error, Transport, TransportError, TransportErrorKind, TransportOptions,
};

use crate::common::*;

const READ: &str = "DescribeRefreshTaskById";

async fn error_of(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
    let fake = FakeTransport::new().respond_raw(READ, status, headers, body.to_owned());
    let call = client(&fake).call(&DESCRIBE, &describe(&["1"]));
    call.no_retry().await.unwrap_err()
}

#[tokio::test]
async fn the_text_of_a_page_is_found_after_long_tags() {
    let tags = format!("<html><head data-a='{}'></head><body>", "x".repeat(500));
    let page = format!("{tags}<p>Blocked</p> by   the\nproxy</body></html>");
    let error = error_of(502, &[("content-type", "text/html")], &page).await;
    assert!(error.to_string().contains(r#"starts with "Blocked by the proxy""#), "{error}");

    let error = error_of(502, &[], &format!("<p>{}</p>", "word ".repeat(100))).await;
    let shown = error.to_string();
    // At most 120 characters.
    let start = format!("starts with \"{}…\")", "word ".repeat(24).trim_end());
    assert!(shown.contains(&start), "{shown}");
    assert!(shown.contains("no content type"), "{error}");

    for (body, shown) in [
        ("a > b", "a > b"),
        ("<p>a > b</p>", "a > b"),
        ("a<b>c</b>d", "a c d"),
        ("<br><br>", "<br><br>"),
        ("a <b", "a"),
    ] {
        let error = error_of(502, &[], body).await;
        assert!(error.to_string().contains(&format!("starts with {shown:?})")), "{error}");
    }
}

#[tokio::test]
async fn a_page_is_recognized_without_its_outer_element() {
    for page in [
        "<!DOCTYPE html><title>Login</title>",
        "<!doctype HTML>\n<head></head>",
        "<HTML lang='en'>",
        "<!-- a --><html></html>",
    ] {
        let error = error_of(200, &[], page).await;
        assert!(error.to_string().contains("the response is a web page"), "{error}");
    }
    // A page is not an error of the service, even if it is well-formed and has such elements.
    let page = "<html><Code>Throttling</Code><Message>M</Message></html>";
    let error = error_of(503, &[], page).await;
    assert_eq!((error.code(), error.message()), (None, None));
}

#[tokio::test]
async fn only_an_object_is_shown_as_denied_access() {
    for detail in ["null", "\"text\"", "[]", "17"] {
        let body = format!(r#"{{"Code":"NoPermission","AccessDeniedDetail":{detail}}}"#);
        let error = error_of(403, &[], &body).await;
        let text = error.to_string();
        assert!(!text.contains("denied:") && text.contains("NoPermission (HTTP 403) ["), "{text}");
        let detail: serde_json::Value = serde_json::from_str(detail).unwrap();
        let expected = Some(&detail).filter(|detail| !detail.is_null());
        assert_eq!(error.access_denied_detail(), expected);
    }
}

#[tokio::test]
async fn details_of_an_error_are_redacted_at_every_depth() {
    let secret = "testAccessKeySecret";
    let body = format!(
        r#"{{"Code":"NoPermission","AccessDeniedDetail":{{"AuthAction":"a {secret}","List":["{secret}",1,true],
            "{secret}":{{"Inner":"{secret}"}}}}}}"#
    );
    let error = error_of(403, &[], &body).await;
    let expected = serde_json::json!({
        "AuthAction": "a <redacted>",
        "List": ["<redacted>", 1, true],
        "<redacted>": {"Inner": "<redacted>"},
    });
    assert_eq!(error.access_denied_detail(), Some(&expected));
}

#[tokio::test]
async fn an_error_before_the_first_attempt_has_no_number_of_attempts() {
    let fake = FakeTransport::new();
    let error = client(&fake).call(&DESCRIBE, &describe(&[])).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("Cdn DescribeRefreshTaskById: parameter TaskId: has 0"), "{text}");
    assert!(text.ends_with(" [not sent]"), "{text}");
}

#[test]
fn an_error_without_a_call_has_no_outcome_in_its_text() {
    let error = fixed_builder(&CDN).endpoint("a b").build().unwrap_err();
    let text = error.to_string();
    assert!(!text.is_empty() && !text.contains("[not sent"), "{text}");
}

/// An error with a cause.
#[derive(Debug)]
struct Failure(&'static str, Option<Box<Failure>>);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

#[derive(Debug)]
struct FailingTransport(&'static [&'static str]);

impl Transport for FailingTransport {
    fn send(
        &self,
        _: http::Request<bytes::Bytes>,
        _: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, TransportError>> {
        let causes = self.0.iter().rev();
        let cause = causes.fold(None, |cause, text| Some(Box::new(Failure(text, cause)))).unwrap();
        let error = TransportError::new(TransportErrorKind::Connect).with_source(*cause);
        Box::pin(async move { Err(error) })
    }
}

#[tokio::test]
async fn every_cause_is_shown_once() {
    for (causes, shown) in [
        (&["refused"][..], ": refused"),
        (&["outer", "inner"], ": outer: inner"),
        // Many errors include the text of their cause.
        (&["outer: inner", "inner"], ": outer: inner"),
        (&["a: b", "b", "c"], ": a: b: c"),
        (&["two\nlines"], ": two lines"),
    ] {
        let builder = fixed_builder(&CDN).transport(FailingTransport(causes));
        let call = builder.build().unwrap().call(&DESCRIBE, &describe(&["1"]));
        let error = call.no_retry().await.unwrap_err();
        let expected = format!(
            "Cdn {READ}: could not connect (cdn.aliyuncs.com){shown} [not sent, attempt 1]"
        );
        assert_eq!(error.to_string(), expected);
    }
    let error = TransportError::new(TransportErrorKind::Body).with_source("cut off");
    assert_eq!(format!("{error:?}"), r#"TransportError { kind: Body, source: Some("cut off") }"#);
}

#[tokio::test]
async fn texts_of_the_service_are_shortened_at_their_limits() {
    for (field, limit) in
        [("Code", 200), ("Message", 1_000), ("RequestId", 100), ("Recommend", 300)]
    {
        let shown = async |length: usize| {
            let text = "é".repeat(length);
            let (code, other) = match field {
                "Code" => (text.as_str(), String::new()),
                _ => ("C", format!(r#","{field}":"{text}""#)),
            };
            error_of(400, &[], &format!(r#"{{"Code":"{code}"{other}}}"#)).await.to_string()
        };
        let (fits, cut) = ("é".repeat(limit), format!("{}…", "é".repeat(limit)));
        let text = shown(limit).await;
        assert!(text.contains(&fits) && !text.contains('…'), "{field}");
        assert!(shown(limit + 1).await.contains(&cut), "{field}");
    }
    let error = error_of(400, &[], r#"{"Code":" C ","Message":"  a \t\n  b\r\n"}"#).await;
    assert!(error.to_string().contains("C (HTTP 400): a b ["), "{error}");
}
