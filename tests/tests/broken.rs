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
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Faults, Reply, Simulation,
};
use http::StatusCode;

const URL: &str = "http://example.com/a";

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
    ] {
        let service = FakeService::builder().simulation(Simulation::new()).start().await.unwrap();
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
