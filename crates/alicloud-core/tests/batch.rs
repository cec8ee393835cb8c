//! Calls split into batches.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::{Arc, Mutex};

use alicloud_core::bytes::Bytes;
use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::percent_decode;
use alicloud_core::{
    BoxFuture, Client, Outcome, RateLimits, Transport, TransportError, TransportOptions,
};
use common::*;
use http::{Request, Response};

/// Responds with the requested ids, or with an error if one is invalid. Earlier calls respond later.
#[derive(Debug, Clone, Default)]
struct Service(Arc<Mutex<Stats>>);

#[derive(Debug, Default)]
struct Stats {
    batch_sizes: Vec<usize>,
    running: usize,
    max_running: usize,
}

impl Transport for Service {
    fn send(
        &self,
        request: Request<Bytes>,
        _: TransportOptions,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let query = request.uri().query().unwrap();
            let ids = percent_decode(query.strip_prefix("TaskId=").unwrap()).into_owned();
            let ids: Vec<&str> = ids.split(',').collect();
            let delay = {
                let mut stats = self.0.lock().unwrap();
                stats.batch_sizes.push(ids.len());
                stats.running += 1;
                stats.max_running = stats.max_running.max(stats.running);
                20_usize.saturating_sub(stats.batch_sizes.len())
            };
            for _ in 0..delay {
                tokio::task::yield_now().await;
            }
            self.0.lock().unwrap().running -= 1;
            let task = |id: &&str| Task { task_id: Some((*id).to_owned()), status: None };
            let response = match ids.iter().find(|id| id.starts_with("invalid")) {
                Some(_) => Response::builder()
                    .status(400)
                    .body(Bytes::from_static(br#"{"Code": "InvalidTaskId.Malformed"}"#)),
                None => {
                    let response =
                        DescribeResponse { tasks: ids.iter().map(task).collect(), ..response() };
                    Response::builder().body(serde_json::to_vec(&response).unwrap().into())
                }
            };
            Ok(response.unwrap())
        })
    }
}

fn client_for(service: &Service) -> Client {
    let builder = fixed_builder(&CDN).rate_limiter(RateLimits::off());
    builder.transport(service.clone()).build().unwrap()
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

fn request(ids: &[String]) -> DescribeRequest {
    DescribeRequest { task_ids: ids.to_vec() }
}

fn task_ids(response: DescribeResponse) -> impl Iterator<Item = String> {
    response.tasks.into_iter().map(|task| task.task_id.unwrap())
}

#[tokio::test]
async fn inputs_are_split_at_the_documented_limit_and_stay_in_order() {
    for (count, calls) in [(0, 0), (1, 1), (10, 1), (11, 2), (1_234, 124)] {
        let service = Service::default();
        let batches = client_for(&service).batches(&DESCRIBE, "TaskId", numbers(count), request);
        let report = batches.await;
        assert!(report.is_complete());
        assert_eq!(report.batches().len(), calls);
        let responses = report.into_responses().unwrap();
        let ids: Vec<String> = responses.into_iter().flat_map(task_ids).collect();
        assert_eq!(ids, numbers(count));
        assert!(service.0.lock().unwrap().max_running <= 4);
    }
}

#[tokio::test]
async fn batch_size_and_concurrency_are_configurable() {
    for (size, concurrency, calls, max_running) in [(4, 7, 25, 7), (100, 0, 10, 1), (0, 3, 100, 3)]
    {
        let service = Service::default();
        let batches = client_for(&service)
            .batches(&DESCRIBE, "TaskId", numbers(100), request)
            .batch_size(size)
            .concurrency(concurrency);
        assert!(batches.await.is_complete());
        let stats = service.0.lock().unwrap();
        assert_eq!(
            (stats.batch_sizes.len(), stats.max_running),
            (calls, max_running),
            "{size} {concurrency}"
        );
    }
    // A parameter without a documented limit gets all inputs in one call.
    let service = Service::default();
    let batches = client_for(&service).batches(&DESCRIBE, "NoSuchParameter", numbers(10), request);
    assert_eq!(batches.await.batches().len(), 1);
}

#[tokio::test]
async fn a_failed_call_affects_only_its_own_inputs() {
    let service = Service::default();
    let mut inputs = numbers(30);
    inputs[14] = "invalid".to_owned();
    let report = client_for(&service).batches(&DESCRIBE, "TaskId", inputs, request).await;
    let failed: Vec<&str> = report.failures().map(|(input, _)| input.as_str()).collect();
    assert_eq!(failed, ["10", "11", "12", "13", "invalid", "15", "16", "17", "18", "19"]);
    assert!(report.failures().all(|(_, error)| error.outcome() == Outcome::Rejected));
    let text = report.to_string();
    assert!(
        text.starts_with("10 of 30 inputs failed in 1 of 3 calls; first error: ")
            && text.contains("InvalidTaskId.Malformed"),
        "{text}",
    );
    let report = report.into_responses().unwrap_err();
    let succeeded: Vec<bool> = report.into_iter().map(|batch| batch.result.is_ok()).collect();
    assert_eq!(succeeded, [true, false, true]);
}

#[tokio::test]
async fn invalid_inputs_are_found_by_bisection() {
    let service = Service::default();
    let mut inputs = numbers(60);
    for index in [3, 4, 37] {
        inputs[index] = format!("invalid{index}");
    }
    let batches = client_for(&service).batches(&DESCRIBE, "TaskId", inputs.clone(), request);
    let report = batches.bisect_failures().await;
    let failed: Vec<&str> = report.failures().map(|(input, _)| input.as_str()).collect();
    assert_eq!(failed, ["invalid3", "invalid4", "invalid37"]);
    let order: Vec<String> = report.into_iter().flat_map(|batch| batch.inputs).collect();
    assert_eq!(order, inputs);
    assert!(service.0.lock().unwrap().batch_sizes.len() <= 6 + 2 * 3 * 4);
}

#[tokio::test]
async fn other_errors_are_not_bisected() {
    let fake = FakeTransport::new().error("DescribeRefreshTaskById", 403, "Forbidden.RAM", "No.");
    let client = fixed_builder(&CDN).transport(fake.clone()).build().unwrap();
    let batches: alicloud_core::Batches<String, DescribeRequest> =
        Client::batches(&client, &DESCRIBE, "TaskId", numbers(20), request);
    let report = batches.bisect_failures().map_call(|call| call.no_retry()).await;
    assert_eq!((fake.requests().len(), report.failures().count()), (2, 20));
}

#[test]
fn batches_are_send_and_their_future_is_small() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let client = client_for(&Service::default());
    let batches = send(client.batches(&DESCRIBE, "TaskId", numbers(20), request));
    println!("{batches:?}");
    assert_eq!(size_of_val(&send(batches.into_future())), size_of::<usize>());
}
