//! Connection faults of the fake service, and how the client handles them: which calls it retries, which
//! outcome it reports, and what the service executed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

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

const INCOMPLETE_CHUNK: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{";

/// Returns the regular response with this `Content-Length`.
fn with_content_length(text: &'static str) -> ScriptedResponse {
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
async fn connection_faults_are_retried_for_reads_only() {
    let unavailable =
        ScriptedResponse::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "Sorry.")
            .executed();
    for (name, response, executed) in [
        ("reset", ScriptedResponse::connection_reset(), 0),
        ("response lost", ScriptedResponse::response_lost(), 1),
        ("no response", ScriptedResponse::no_response(), 0),
        ("truncated body", ScriptedResponse::passthrough().truncate_body(7), 1),
        ("error after execution", unavailable, 1),
        ("immediate reset", ScriptedResponse::connection_reset().on_connect(), 0),
        ("reset before the body", ScriptedResponse::connection_reset().before_request_body(), 0),
        ("connection closed", ScriptedResponse::connection_closed(), 0),
        ("incomplete head", ScriptedResponse::raw("HTTP/1.1 200").executed(), 1),
        ("incomplete chunk", ScriptedResponse::raw(INCOMPLETE_CHUNK), 0),
        ("not HTTP", ScriptedResponse::raw("SSH-2.0-OpenSSH\r\n"), 0),
        ("stalled body", ScriptedResponse::passthrough().truncate_body(7).ending(Ending::Hang), 1),
        ("invalid content length", with_content_length("x"), 1),
        ("content length too large", with_content_length("9000"), 1),
    ] {
        let builder = FakeService::builder().simulation(Simulation::new());
        let service = builder.tasks(Task::examples()).start().await.unwrap();
        let client = client(&service);
        service.enqueue(response.clone());
        let write = RefreshObjectCachesRequest::new([URL]);
        let error = client.refresh_object_caches(write).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{name}: {error}");
        assert_eq!(service.submissions().len(), executed, "{name}");

        service.enqueue(response);
        let read = DescribeRefreshTaskByIdRequest::new(["12345678"]);
        let response = client.describe_refresh_task_by_id(read).response().await.unwrap();
        assert_eq!((response.attempts, response.value.tasks.len()), (2, 1), "{name}");
    }
}

#[tokio::test]
async fn slow_bodies_and_closed_idle_connections_are_no_errors() {
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
async fn a_content_length_that_is_too_small_is_retried_for_reads_only() {
    let service = FakeService::builder().simulation(Simulation::new()).start().await.unwrap();
    let client = client(&service);
    service.enqueue(with_content_length("5"));
    let read = DescribeRefreshTaskByIdRequest::new(["12345678"]);
    assert_eq!(client.describe_refresh_task_by_id(read).response().await.unwrap().attempts, 2);

    service.enqueue(with_content_length("5"));
    let write = RefreshObjectCachesRequest::new([URL]);
    let error = client.refresh_object_caches(write).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
}

#[tokio::test]
async fn an_undecodable_response_leaves_the_outcome_unknown() {
    let service = FakeService::builder().simulation(Simulation::new()).start().await.unwrap();
    service.enqueue(ScriptedResponse::malformed_body().executed());
    let write = RefreshObjectCachesRequest::new([URL]);
    let error = client(&service).refresh_object_caches(write).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    assert_eq!(service.submissions().len(), 1);
}

#[tokio::test]
async fn writes_are_not_submitted_twice_despite_random_faults() {
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
    let (mut succeeded, mut unknown) = (Vec::new(), Vec::new());
    for index in 0..40 {
        let url = format!("{URL}/{index}");
        let result = client.refresh_object_caches(RefreshObjectCachesRequest::new([&url])).await;
        match result {
            Ok(_) => succeeded.push(url),
            Err(error) if error.outcome() == Outcome::Unknown => unknown.push(url),
            Err(error) => assert_eq!(error.outcome(), Outcome::Rejected, "{error}"),
        }
    }
    let mut submitted: Vec<String> =
        service.submissions().into_iter().flat_map(|submission| submission.objects).collect();
    assert!(succeeded.iter().all(|url| submitted.contains(url)), "successful calls were executed");
    assert!(submitted.iter().all(|url| succeeded.contains(url) || unknown.contains(url)));
    assert!(submitted.len() > succeeded.len(), "some responses were lost");
    let count = submitted.len();
    submitted.sort();
    submitted.dedup();
    assert_eq!(submitted.len(), count, "a URL was submitted twice");
}
