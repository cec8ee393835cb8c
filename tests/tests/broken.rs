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
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Ending, FakeService, Faults, Reply,
    Simulation, Task,
};
use http::StatusCode;
use http::header::{CONTENT_LENGTH, HeaderValue};

const URL: &str = "http://example.com/a";

const HALF_A_CHUNK: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{";

/// The usual answer with this length, right or wrong.
fn length(text: &'static str) -> Reply {
    Reply::usual().header(CONTENT_LENGTH, HeaderValue::from_static(text))
}

fn client(service: &FakeService) -> Client {
    Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .attempt_timeout(Duration::from_millis(500))
        .retry(RetryPolicy::new().max_delay(Duration::from_millis(5)))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_broken_write_is_sent_once_and_a_broken_read_again() {
    let unavailable =
        Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "Sorry.").carried_out();
    for (name, reply, carried_out) in [
        ("reset", Reply::reset(), 0),
        ("lost", Reply::lost(), 1),
        ("silent", Reply::silent(), 0),
        ("cut", Reply::usual().cut_after(7), 1),
        ("an error afterwards", unavailable, 1),
        ("reset at once", Reply::reset().at_once(), 0),
        ("reset before the body", Reply::reset().before_body(), 0),
        ("closed", Reply::closed(), 0),
        ("half a head", Reply::raw("HTTP/1.1 200").carried_out(), 1),
        ("half a chunk", Reply::raw(HALF_A_CHUNK), 0),
        ("not HTTP", Reply::raw("SSH-2.0-OpenSSH\r\n"), 0),
        ("silence in the body", Reply::usual().cut_after(7).then(Ending::Silence), 1),
        ("a length that is none", length("x"), 1),
        ("a length that is too long", length("9000"), 1),
    ] {
        let builder = FakeService::builder().simulation(Simulation::new());
        let service = builder.tasks(Task::examples()).start().await.unwrap();
        let client = client(&service);
        service.enqueue(reply.clone());
        let write = RefreshObjectCachesRequest::new([URL]);
        let error = client.refresh_object_caches(write).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{name}: {error}");
        assert_eq!(service.submissions().len(), carried_out, "{name}");

        service.enqueue(reply);
        let read = DescribeRefreshTaskByIdRequest::new(["12345678"]);
        let reply = client.describe_refresh_task_by_id(read).raw().await.unwrap();
        assert_eq!((reply.attempts, reply.value.tasks.len()), (2, 1), "{name}");
    }
}

#[tokio::test]
async fn what_is_slow_or_closed_while_idle_is_no_failure() {
    let service = FakeService::builder().start().await.unwrap();
    let client = client(&service);
    for reply in [
        Reply::usual().dripping(64, Duration::from_millis(1)),
        Reply::usual().then(Ending::Close),
        Reply::usual(),
    ] {
        service.enqueue(reply);
        let read = DescribeRefreshTaskByIdRequest::new(["12345678"]);
        let reply = client.describe_refresh_task_by_id(read).await.unwrap();
        assert_eq!(reply.tasks.len(), 1);
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
    service.enqueue(Reply::garbage().carried_out());
    let write = RefreshObjectCachesRequest::new([URL]);
    let error = client(&service).refresh_object_caches(write).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    assert_eq!(service.submissions().len(), 1);
}

#[tokio::test]
async fn nothing_is_submitted_twice_in_bad_weather() {
    let service = FakeService::builder()
        .simulation(Simulation::new().rates(false))
        .faults(Faults::seeded(3).throttled(0.2).reset(0.1).lost(0.1).garbage(0.1))
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
