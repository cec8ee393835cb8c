//! What the service double breaks on the wire, and what the client makes of it: how often a read and
//! a write are sent, what is known of them in the end, and what was carried out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, RefreshObjectCachesRequest};
use alicloud_core::{Credentials, Outcome, RetryPolicy};
use alicloud_fake::{
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Ending, FakeService, Faults,
    ScriptedResponse, Simulation, Task,
};
use http::StatusCode;
use http::header::{CONTENT_LENGTH, HeaderValue};

const URL: &str = "http://example.com/a";

const HALF_A_CHUNK: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{";

/// The usual answer with this length, right or wrong.
fn length(text: &'static str) -> ScriptedResponse {
    ScriptedResponse::passthrough().header(CONTENT_LENGTH, HeaderValue::from_static(text))
}

fn client(service: &FakeService) -> Client {
    Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .read_timeout(Duration::from_millis(500))
        .retry(RetryPolicy::new().max_delay(Duration::from_millis(5)))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_broken_write_is_sent_once_and_a_broken_read_again() {
    let unavailable =
        ScriptedResponse::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "Sorry.")
            .executed();
    for (name, response, carried_out) in [
        ("reset", ScriptedResponse::connection_reset(), 0),
        ("lost", ScriptedResponse::response_lost(), 1),
        ("silent", ScriptedResponse::no_response(), 0),
        ("cut", ScriptedResponse::passthrough().truncate_body(7), 1),
        ("an error afterwards", unavailable, 1),
        ("reset at once", ScriptedResponse::connection_reset().on_connect(), 0),
        ("reset before the body", ScriptedResponse::connection_reset().before_request_body(), 0),
        ("closed", ScriptedResponse::connection_closed(), 0),
        ("half a head", ScriptedResponse::raw("HTTP/1.1 200").executed(), 1),
        ("half a chunk", ScriptedResponse::raw(HALF_A_CHUNK), 0),
        ("not HTTP", ScriptedResponse::raw("SSH-2.0-OpenSSH\r\n"), 0),
        (
            "silence in the body",
            ScriptedResponse::passthrough().truncate_body(7).ending(Ending::Hang),
            1,
        ),
        ("a length that is none", length("x"), 1),
        ("a length that is too long", length("9000"), 1),
    ] {
        let builder = FakeService::builder().simulation(Simulation::new());
        let service = builder.tasks(Task::examples()).start().await.unwrap();
        let client = client(&service);
        service.enqueue(response.clone());
        let write = RefreshObjectCachesRequest::new([URL]);
        let error = client.refresh_object_caches(write).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{name}: {error}");
        assert_eq!(service.submissions().len(), carried_out, "{name}");

        service.enqueue(response);
        let read = DescribeRefreshTaskByIdRequest::new(["12345678"]);
        let response = client.describe_refresh_task_by_id(read).response().await.unwrap();
        assert_eq!((response.attempts, response.value.tasks.len()), (2, 1), "{name}");
    }
}

#[tokio::test]
async fn what_is_slow_or_closed_while_idle_is_no_failure() {
    let service = FakeService::builder().start().await.unwrap();
    let client = client(&service);
    for response in [
        ScriptedResponse::passthrough().slow_body(64, Duration::from_millis(1)),
        ScriptedResponse::passthrough().ending(Ending::Close),
        ScriptedResponse::passthrough(),
    ] {
        service.enqueue(response);
        let read = DescribeRefreshTaskByIdRequest::new(["12345678"]);
        let response = client.describe_refresh_task_by_id(read).await.unwrap();
        assert_eq!(response.tasks.len(), 1);
    }
}

#[tokio::test]
async fn a_length_that_is_too_short_leaves_half_a_document() {
    let service = FakeService::builder().start().await.unwrap();
    service.enqueue(length("5"));
    let read = DescribeRefreshTaskByIdRequest::new(["12345678"]);
    let error = client(&service).describe_refresh_task_by_id(read).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
}

#[tokio::test]
async fn garbage_leaves_open_what_happened() {
    let service = FakeService::builder().simulation(Simulation::new()).start().await.unwrap();
    service.enqueue(ScriptedResponse::malformed_body().executed());
    let write = RefreshObjectCachesRequest::new([URL]);
    let error = client(&service).refresh_object_caches(write).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    assert_eq!(service.submissions().len(), 1);
}

#[tokio::test]
async fn nothing_is_submitted_twice_in_bad_weather() {
    let service = FakeService::builder()
        .simulation(Simulation::new().rate_limits(false))
        .faults(
            Faults::new(3)
                .throttled(0.2)
                .connection_reset(0.1)
                .response_lost(0.1)
                .malformed_body(0.1),
        )
        .start()
        .await
        .unwrap();
    let client = client(&service);
    let (mut done, mut open) = (Vec::new(), Vec::new());
    for number in 0..40 {
        let url = format!("{URL}/{number}");
        let result = client.refresh_object_caches(RefreshObjectCachesRequest::new([&url])).await;
        match result {
            Ok(_) => done.push(url),
            Err(error) if error.outcome() == Outcome::Unknown => open.push(url),
            Err(error) => assert_eq!(error.outcome(), Outcome::Rejected, "{error}"),
        }
    }
    let mut submitted: Vec<String> =
        service.submissions().into_iter().flat_map(|submission| submission.objects).collect();
    assert!(done.iter().all(|url| submitted.contains(url)), "what succeeded was carried out");
    assert!(submitted.iter().all(|url| done.contains(url) || open.contains(url)));
    assert!(submitted.len() > done.len(), "some answers were lost");
    let count = submitted.len();
    submitted.sort();
    submitted.dedup();
    assert_eq!(submitted.len(), count, "something was submitted twice");
}
