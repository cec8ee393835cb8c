//! Calls of operations and products without a generated crate.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod paths;

use std::collections::BTreeMap;

use alicloud_core::testing::{
    DeterministicNonce, FakeTransport, Fault, ManualClock, RecordedRequest,
};
use alicloud_core::wire::Value;
use alicloud_core::{
    Client, Credentials, Error, Format, Outcome, RateLimitRequest, RateLimiter, SignatureVersion,
};
use common::*;
use serde_json::json;

const READ: &str = "DescribeRefreshTaskById";

fn generic(fake: &FakeTransport, code: &str, version: &str, host: &str) -> Client {
    Client::generic(code, version, host)
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .nonce_source(DeterministicNonce::constant("3156853299f313e23d1673dc12e1703d"))
        .credentials(Credentials::new("testAccessKeyId", "testAccessKeySecret"))
        .transport(fake.clone())
        .build()
        .unwrap()
}

/// Returns a text with everything sent over the network.
fn sent_text(request: &RecordedRequest) -> String {
    let headers: BTreeMap<&str, &str> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    format!("{} {} {headers:?} {:?}", request.method(), request.uri(), request.body())
}

#[tokio::test]
async fn generic_and_typed_calls_send_the_same_request() {
    let fake = FakeTransport::new().respond(READ, &response()).respond_json("ModifyCluster", "{}");
    let typed = client(&fake);
    let untyped = generic(&fake, "Cdn", "2018-05-10", "cdn.aliyuncs.com");
    let cs = fixed_builder(&CS).transport(fake.clone()).build().unwrap();
    let untyped_cs = generic(&fake, "CS", "2015-12-15", "cs.aliyuncs.com");
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let call = typed.call(&DESCRIBE, &describe(&["1", "2"]));
        call.signature(signature).await.unwrap();
        for client in [&typed, &untyped] {
            let call = client.generic_call(READ).param("TaskId", "1,2").into_call();
            let value = call.signature(signature).await.unwrap();
            assert_eq!(value["Tasks"][0]["Status"], "Complete");
        }

        let body = json!({"name": "x", "tags": [1, 2]});
        let request = ClusterRequest {
            id: Some("a b/c".to_owned()),
            force: Some(true),
            trace: Some("t".to_owned()),
            body: Some(body.clone()),
        };
        cs.call(&CLUSTER, &request).signature(signature).await.unwrap();
        for client in [&cs, &untyped_cs] {
            let call = client
                .generic_call("ModifyCluster")
                .roa("PUT", "/clusters/{ClusterId}?api=2")
                .path_param("ClusterId", "a b/c")
                .param("force", true)
                .header("X-Trace", "t")
                .body(&body);
            call.into_call().signature(signature).await.unwrap();
        }
    }
    let sent: Vec<String> = fake.requests().iter().map(sent_text).collect();
    assert_eq!(sent.len(), 12);
    for group in sent.chunks(3) {
        assert!(group[0] == group[1] && group[1] == group[2], "{group:#?}");
    }
}

#[tokio::test]
async fn values_are_sent_flattened_as_json_or_in_a_form() {
    let fake = FakeTransport::new().respond_json("Tag", "{}");
    client(&fake)
        .generic_call("Tag")
        .param("Tags", json!([{"Key": "a", "Value": 1}, {"Key": "b"}]))
        .param("Nothing", None::<String>)
        .param("Number", 1.5)
        .json_param("Filter", json!({"a": [1, 2]}))
        .form_param("Text", "a\nb")
        .await
        .unwrap();
    let sent = &fake.requests()[0];
    let expected = [
        ("Filter", r#"{"a":[1,2]}"#),
        ("Number", "1.5"),
        ("Tags.1.Key", "a"),
        ("Tags.1.Value", "1"),
        ("Tags.2.Key", "b"),
        ("Text", "a\nb"),
    ];
    let params: Vec<(&str, &str)> =
        sent.params().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(params, expected);
    assert_eq!(sent.body().as_ref(), b"Text=a%0Ab");
}

#[tokio::test]
async fn both_formats_decode_to_values() {
    let fake = FakeTransport::new().respond(READ, &response());
    let client = client(&fake);
    for format in [Format::Json, Format::Xml] {
        let call = client.generic_call(READ).param("TaskId", "1").into_call().format(format);
        let response = call.response().await.unwrap();
        assert_eq!(response.request_id, common::response().request_id);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert_eq!(text(&response.value["TotalCount"]), "1");
    }
}

#[tokio::test]
async fn generic_calls_are_retried_and_reported_like_typed_ones() {
    let fake = FakeTransport::new()
        .fault("New", Fault::ConnectionReset)
        .respond_json("New", r#"{"Done": true}"#);
    let client = client(&fake);
    // Not marked as read-only, so not retried.
    let error: Error = client.generic_call("New").await.unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    assert_eq!((error.product(), error.operation()), (Some("Cdn"), Some("New")));
    assert!(error.to_string().starts_with("Cdn New: "), "{error}");

    let fake = FakeTransport::new()
        .fault("New", Fault::ConnectionReset)
        .fault("New", Fault::ConnectionReset)
        .respond_json("New", r#"{"Done": true}"#);
    let client = common::client(&fake);
    assert_eq!(client.generic_call("New").read_only().await.unwrap()["Done"], true);
    assert_eq!(client.generic_call("New").idempotent().rate_limit(5).await.unwrap()["Done"], true);
}

#[tokio::test]
async fn rate_limiters_see_the_rate_of_a_generic_call() {
    #[derive(Debug)]
    struct CheckingLimiter;

    impl RateLimiter for CheckingLimiter {
        fn acquire<'a>(
            &'a self,
            request: RateLimitRequest<'a>,
        ) -> alicloud_core::BoxFuture<'a, ()> {
            assert_eq!(request.key(), "Cdn/New/testAccessKeyId");
            assert_eq!(request.rate_per_second(), Some(7));
            Box::pin(std::future::ready(()))
        }
    }

    let fake = FakeTransport::new().respond_json("New", "{}");
    let client = fixed_builder(&CDN).rate_limiter(CheckingLimiter).transport(fake).build().unwrap();
    client.generic_call("New").rate_limit(7).await.unwrap();
}

#[tokio::test]
async fn invalid_calls_are_not_sent() {
    let fake = FakeTransport::new();
    let client = client(&fake);
    let call = || client.generic_call("New");
    for (call, expected) in [
        (call().roa("GET", "clusters"), "path: \"clusters\" is not a path"),
        (call().roa("GET", "/a b"), "path: \"/a b\" is not a path"),
        (call().roa("GET", "/{Id}").path_param("Id", ""), "Id: is part of the path"),
        (call().roa("GET", "/{Id}"), "has no value for Id"),
        (call().roa("GET", "/{Id}").path_param("Id", ".."), "is not allowed in a path"),
        (call().param("Map", BTreeMap::from([(vec![1], 1)])), "parameter Map: "),
        (call().header("a b", "c"), "header \"a b\": the name is invalid"),
        (call().header("a", "b\r\nc: d"), "header \"a\": the value has a line break"),
        (call().method("GE T"), "not an HTTP method"),
        (client.generic_call("New\r\nx: y"), "has an invalid name or value"),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert!(fake.requests().is_empty());

    let error = Client::generic("Cdn", "2018-05-10", "not a host").build().unwrap_err();
    assert!(error.is_configuration(), "{error}");
    let anonymous = generic(
        &FakeTransport::new().respond_json("AssumeRoleWithOIDC", "{}"),
        "Sts",
        "2015-04-01",
        "sts.aliyuncs.com",
    );
    assert_eq!((anonymous.product(), anonymous.version()), ("Sts", "2015-04-01"));
    assert_eq!(anonymous.generic_call("AssumeRoleWithOIDC").anonymous().await.unwrap(), json!({}));
}

#[tokio::test]
async fn numbers_that_are_not_finite_are_not_sent() {
    #[derive(serde::Serialize)]
    struct Point(f64, f32);
    #[derive(serde::Serialize)]
    enum Shape {
        Circle { radius: f64 },
        Line(f64, f64),
        Dot(Option<f64>),
    }
    #[derive(serde::Serialize)]
    struct Filter {
        points: Vec<Point>,
        rates: BTreeMap<String, f64>,
        shape: Option<Shape>,
    }
    let filter = |point, rate, shape| Filter {
        points: vec![Point(1.0, 2.0), Point(1.0, point)],
        rates: BTreeMap::from([("a".to_owned(), rate)]),
        shape,
    };
    let fake = FakeTransport::new().respond_json("New", "{}");
    let client = client(&fake);
    let call = || client.generic_call("New");
    let (infinite, negative) = (f64::INFINITY, &f64::NEG_INFINITY);
    for (call, expected) in [
        (call().param("P", f64::NAN), "parameter P: P is NaN, but only finite"),
        (call().param("P", Some(&f32::NEG_INFINITY)), "parameter P: P is -inf"),
        (call().param("P", [1.0, infinite]), "parameter P: P.2 is inf"),
        (call().form_param("P", [("a", f64::NAN)]), "parameter P: P.1.2 is NaN"),
        (call().form_param("P", filter(1.0, f64::NAN, None)), "parameter P: P.rates.a is NaN"),
        (call().json_param("P", f64::NAN), "parameter P: P is NaN"),
        (call().json_param("P", filter(f32::NAN, 1.0, None)), "parameter P: P.points.2.2 is NaN"),
        (call().json_param("P", BTreeMap::from([(7, infinite)])), "parameter P: P.7 is inf"),
        (call().body(filter(1.0, infinite, None)), "parameter body: body.rates.a is inf"),
        (
            call().body(filter(1.0, 1.0, Some(Shape::Circle { radius: f64::NAN }))),
            "parameter body: body.shape.radius is NaN",
        ),
        (
            call().body(filter(1.0, 1.0, Some(Shape::Line(1.0, f64::NAN)))),
            "parameter body: body.shape.2 is NaN",
        ),
        (
            call().body(filter(1.0, 1.0, Some(Shape::Dot(Some(f64::NAN))))),
            "parameter body: body.shape.Dot is NaN",
        ),
        (call().roa("GET", "/{P}").path_param("P", f64::NAN), "parameter P: is NaN"),
        (call().roa("GET", "/{P}").path_param("P", negative), "parameter P: is -inf"),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 0), "{error}");
        assert!(error.is_invalid_request() && error.to_string().contains(expected), "{error}");
    }
    assert!(fake.requests().is_empty());

    let finite = filter(f32::MAX, f64::MIN_POSITIVE, Some(Shape::Dot(None)));
    call().param("P", [1.5, -0.0]).json_param("Filter", finite).await.unwrap();
    assert_eq!(fake.requests()[0].param("P.1"), Some("1.5"));
}
