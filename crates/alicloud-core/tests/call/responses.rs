//! The values returned, and the order of the responses of a fake.

use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_core::wire::Value;
use alicloud_core::{Format, Outcome, SignatureVersion};

use crate::common::*;

#[tokio::test]
async fn json_and_xml_decode_to_the_same_value() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client = client(&fake);
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        for format in [Format::Json, Format::Xml] {
            let call =
                client.call(&DESCRIBE, &describe(&["1"])).format(format).signature(signature);
            let got = call.response().await.unwrap();
            assert_eq!(got.value, response());
            assert_eq!(got.body.starts_with(b"<"), format == Format::Xml);
            assert_eq!(got.request_id, response().request_id);
            assert_eq!((got.status.as_u16(), got.attempts, got.issues.len()), (200, 1, 0));
        }
    }
}

#[tokio::test]
async fn decode_issues_are_returned_with_the_value() {
    let fake = FakeTransport::new().respond_raw(
        "DescribeRefreshTaskById",
        200,
        &[("x-acs-request-id", "from-the-head")],
        r#"{"TotalCount": "many", "Tasks": [{"TaskId": 7, "New": {}}]}"#,
    );
    let got = client(&fake).call(&DESCRIBE, &describe(&["1"])).response().await.unwrap();
    assert_eq!(got.value.total_count, None);
    assert_eq!(got.value.tasks[0].task_id.as_deref(), Some("7"));
    assert_eq!(got.issues[0].path, "TotalCount");
    assert_eq!(got.request_id.as_deref(), Some("from-the-head"));
}

#[tokio::test]
async fn a_fake_returns_its_responses_in_order() {
    let fake = FakeTransport::new()
        .fault("DescribeRefreshTaskById", Fault::ConnectionRefused)
        .fault("DescribeRefreshTaskById", Fault::ConnectionReset)
        .fault("DescribeRefreshTaskById", Fault::ReadTimeout)
        .error("DescribeRefreshTaskById", 503, "ServiceUnavailable", "Try later.")
        .respond("DescribeRefreshTaskById", &response());
    let client = client(&fake);
    let call = || client.call(&DESCRIBE, &describe(&["1"])).no_retry();
    let error = call().await.unwrap_err();
    assert!(error.is_connect() && error.outcome() == Outcome::NotSent);
    let error = call().await.unwrap_err();
    assert!(!error.is_connect() && error.outcome() == Outcome::Unknown);
    let error = call().await.unwrap_err();
    assert!(error.is_timeout() && error.outcome() == Outcome::Unknown);
    let error = call().format(Format::Xml).await.unwrap_err();
    assert!(error.is_server_error() && error.code() == Some("ServiceUnavailable"));
    assert!(error.body().unwrap().starts_with(b"<Error>"));
    assert_eq!(call().await.unwrap(), response());
    assert_eq!(call().await.unwrap(), response());
    assert_eq!(fake.requests().len(), 6);

    let error = client
        .call(&REFRESH, &RefreshRequest { object_path: vec!["x".into()], ..Default::default() });
    let error = error.await.unwrap_err().to_string();
    assert!(
        error.contains(
            r#"no response for "RefreshObjectCaches", only for ["DescribeRefreshTaskById"]"#
        ),
        "{error}"
    );
}

#[tokio::test]
async fn any_response_can_be_decoded_as_a_json_value() {
    alicloud_core::wire::request! { struct AnyRequest -> Value { } }
    let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById", r#"{"A": [1]}"#);
    let value = client(&fake).call(&DESCRIBE, &AnyRequest {}).await.unwrap();
    assert_eq!(value, serde_json::json!({"A": [1]}));
}
