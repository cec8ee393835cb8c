//! Decoding as a part of a call: what is retried, and that large bodies do not hold the runtime's thread.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::thread::{self, ThreadId};
use std::time::Duration;

use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::{Node, Scalar, Shape, Value, View};
use alicloud_core::{Client, GenericCall, Operation, Outcome, RetryPolicy};
use common::*;

const FAST: RetryPolicy = RetryPolicy::new().base_delay(Duration::ZERO);

fn client(fake: &FakeTransport) -> Client {
    fixed_builder(&CDN).transport(fake.clone()).retry(FAST).build().unwrap()
}

fn read(client: &Client) -> GenericCall {
    client.generic_call("DescribeRefreshQuota").read_only()
}

/// Bodies of a successful response that have no value: cut off, of a proxy, of another format, empty.
const UNDECODABLE: [&str; 5] =
    [r#"{"UrlRemain": "90"#, "<html><body>Sign in</body></html>", "upstream", "<a><b></a>", ""];

#[tokio::test]
async fn a_read_is_retried_if_its_response_cannot_be_decoded() {
    for body in UNDECODABLE {
        let fake = FakeTransport::new()
            .respond_raw("DescribeRefreshQuota", 200, &[], body)
            .respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
        let response = read(&client(&fake)).into_call().response().await.unwrap();
        assert_eq!(
            (&response.value["UrlRemain"], response.attempts),
            (&"9000".into(), 2),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_read_that_can_never_be_decoded_ends_after_the_last_attempt() {
    for body in UNDECODABLE {
        let fake = FakeTransport::new().respond_raw("DescribeRefreshQuota", 200, &[], body);
        let error = read(&client(&fake)).await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!((error.attempts(), fake.requests().len()), (4, 4), "{body}");
    }
}

#[tokio::test]
async fn a_write_is_not_sent_twice_if_its_response_cannot_be_decoded() {
    for body in UNDECODABLE.iter().filter(|body| !body.is_empty()) {
        let fake = FakeTransport::new().respond_raw("RefreshObjectCaches", 200, &[], *body);
        let error = client(&fake).generic_call("RefreshObjectCaches").await.unwrap_err();
        assert!(error.is_decode() && error.outcome() == Outcome::Unknown, "{error}");
        assert_eq!(fake.requests().len(), 1, "{body}");
    }
}

/// A body of a bit more than this many bytes.
fn body_of(bytes: usize) -> String {
    format!(r#"{{"UrlRemain": "9000", "Filler": "{}"}}"#, "a".repeat(bytes))
}

/// A field that remembers the thread that decoded it.
#[derive(Debug, Clone, Default, PartialEq)]
struct DecodedBy(Option<ThreadId>);

impl Node for DecodedBy {
    fn kind() -> Shape {
        Shape::Text
    }

    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }

    fn clear(&mut self) {
        self.0 = None;
    }

    fn set_scalar(&mut self, _: Scalar<'_>) -> bool {
        self.0 = Some(thread::current().id());
        true
    }
}

alicloud_core::wire::record! {
    struct Quota { url_remain: DecodedBy = "UrlRemain", filler: Option<String> = "Filler" }
}
alicloud_core::wire::request! { struct QuotaRequest -> Quota {} }

#[tokio::test]
async fn a_large_body_is_decoded_beside_the_thread_of_the_runtime() {
    static QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();
    for (bytes, is_decoded_in_place) in [(1_000, true), (256 << 10, false), (5 << 20, false)] {
        let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", body_of(bytes));
        let call = client(&fake).call(&QUOTA, &QuotaRequest {});
        let response = call.response().await.unwrap();
        let thread = response.value.url_remain.0.unwrap();
        assert_eq!(thread == thread::current().id(), is_decoded_in_place, "{bytes}");
        assert_eq!(response.value.filler.unwrap().len(), bytes);
        assert!(response.body.len() > bytes && response.issues.is_empty());
    }
}

#[tokio::test]
async fn a_deadline_ends_the_decoding_of_a_large_body() {
    let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", body_of(10 << 20));
    let error = read(&client(&fake)).into_call().timeout(Duration::ZERO).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_large_body_that_cannot_be_decoded_is_retried_as_well() {
    let broken = body_of(2 << 20).replace('}', "");
    let fake = FakeTransport::new()
        .respond_raw("DescribeRefreshQuota", 200, &[], broken)
        .respond_json("DescribeRefreshQuota", "{}");
    assert_eq!(read(&client(&fake)).into_call().response().await.unwrap().attempts, 2);
}

alicloud_core::wire::record! { struct Items { items: Vec<Task> = "Items" } }
alicloud_core::wire::record! { struct Required { id: Option<String> = "Id".required() } }
alicloud_core::wire::request! { struct TaskRequest -> Task {} }
alicloud_core::wire::request! { struct ListRequest -> Vec<Task> {} }
alicloud_core::wire::request! { struct ItemsRequest -> Items {} }
alicloud_core::wire::request! { struct RequiredRequest -> Required {} }
alicloud_core::wire::request! { struct ValueRequest -> Value {} }

/// Responds to reads and writes with a body.
fn with_body(body: impl Into<Vec<u8>>) -> Client {
    let body = body.into();
    let fake = FakeTransport::new()
        .respond_raw("DescribeRefreshTaskById", 200, &[], body.clone())
        .respond_raw("RefreshObjectCaches", 200, &[], body);
    fixed_builder(&CDN).transport(fake).retry(RetryPolicy::none()).build().unwrap()
}

#[tokio::test]
async fn a_body_that_means_absent_is_no_struct() {
    const REASON: &str = "the response has no value: it is `null`, an empty text or an empty list";
    for body in
        ["null", " null\n", "\"\"", "\" \\n \"", "[]", "[ \n ]", "\u{feff}null", "null\0\0", "\0[]"]
    {
        let client = with_body(body);
        let error = client.call(&DESCRIBE, &TaskRequest {}).await.unwrap_err();
        assert!(error.is_decode() && error.to_string().contains(REASON), "{body:?} {error}");
        let error = client.call(&REFRESH, &RequiredRequest {}).await.unwrap_err();
        assert!(error.is_decode() && error.outcome() == Outcome::Unknown, "{body:?} {error}");
        let response = client.call(&REFRESH, &TaskRequest {}).response().await.unwrap();
        assert_eq!(response.value, Task::default());
        let issues: Vec<String> = response.issues.iter().map(ToString::to_string).collect();
        assert_eq!(issues, [REASON], "{body:?}");
    }
    // A free-form value keeps them.
    for body in ["null", "\"\"", "[]"] {
        let response = with_body(body).call(&DESCRIBE, &ValueRequest {}).response().await.unwrap();
        assert_eq!((response.value.to_string().as_str(), response.issues.len()), (body, 0));
    }
    // Lists can be empty, and a struct with one list can be that list.
    for body in ["[]", "{}"] {
        let client = with_body(body);
        assert_eq!(client.call(&DESCRIBE, &ListRequest {}).await.unwrap(), []);
        assert_eq!(client.call(&DESCRIBE, &ItemsRequest {}).await.unwrap(), Items::default());
        assert_eq!(client.call(&DESCRIBE, &TaskRequest {}).await.is_ok(), body == "{}");
    }
    assert!(with_body("null").call(&DESCRIBE, &ListRequest {}).await.unwrap_err().is_decode());
}

#[tokio::test]
async fn a_successful_body_in_another_encoding_is_an_error() {
    for (before, after) in [(0, 1), (1, 0), (0, 3), (3, 0)] {
        for body in [r#"{"TaskId": "1"}"#, "<R><TaskId>1</TaskId></R>", "{}"] {
            let wide = |byte: u8| [vec![0; before], vec![byte], vec![0; after]].concat();
            let client = with_body(body.bytes().flat_map(wide).collect::<Vec<u8>>());
            assert!(client.call(&DESCRIBE, &TaskRequest {}).await.unwrap_err().is_decode());
            assert!(client.call(&REFRESH, &TaskRequest {}).await.unwrap_err().is_decode());
        }
    }
}
