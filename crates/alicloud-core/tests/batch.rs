//! More inputs than one call takes.

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

/// Answers with the ids that it is asked for, unless one is wrong; the first calls answer last.
#[derive(Debug, Clone, Default)]
struct Service(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    calls: Vec<usize>,
    under_way: usize,
    at_once: usize,
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
            let turns = {
                let mut seen = self.0.lock().unwrap();
                seen.calls.push(ids.len());
                seen.under_way += 1;
                seen.at_once = seen.at_once.max(seen.under_way);
                20_usize.saturating_sub(seen.calls.len())
            };
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            self.0.lock().unwrap().under_way -= 1;
            let task = |id: &&str| Task { task_id: Some((*id).to_owned()), status: None };
            let response = match ids.iter().find(|id| id.starts_with("wrong")) {
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

fn client_of(service: &Service) -> Client {
    let builder = still(&CDN).rate_limiter(RateLimits::off());
    builder.transport(service.clone()).build().unwrap()
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

fn request(ids: &[String]) -> DescribeRequest {
    DescribeRequest { task_ids: ids.to_vec() }
}

fn names(response: DescribeResponse) -> impl Iterator<Item = String> {
    response.tasks.into_iter().map(|task| task.task_id.unwrap())
}

#[tokio::test]
async fn inputs_are_split_at_the_limit_and_kept_in_order() {
    for (count, calls) in [(0, 0), (1, 1), (10, 1), (11, 2), (1_234, 124)] {
        let service = Service::default();
        let batches = client_of(&service).batches(&DESCRIBE, "TaskId", numbers(count), request);
        let report = batches.await;
        assert!(report.is_complete());
        assert_eq!(report.batches().len(), calls);
        let responses = report.into_responses().unwrap();
        let got: Vec<String> = responses.into_iter().flat_map(names).collect();
        assert_eq!(got, numbers(count));
        assert!(service.0.lock().unwrap().at_once <= 4);
    }
}

#[tokio::test]
async fn the_size_and_the_number_at_once_can_be_chosen() {
    for (size, at_once, calls, seen) in [(4, 7, 25, 7), (100, 0, 10, 1), (0, 3, 100, 3)] {
        let service = Service::default();
        let batches = client_of(&service)
            .batches(&DESCRIBE, "TaskId", numbers(100), request)
            .batch_size(size)
            .concurrency(at_once);
        assert!(batches.await.is_complete());
        let state = service.0.lock().unwrap();
        assert_eq!((state.calls.len(), state.at_once), (calls, seen), "{size} {at_once}");
    }
    // A parameter without a documented limit takes all.
    let service = Service::default();
    let batches = client_of(&service).batches(&DESCRIBE, "NoSuchParameter", numbers(10), request);
    assert_eq!(batches.await.batches().len(), 1);
}

#[tokio::test]
async fn a_call_that_fails_fails_for_its_inputs_alone() {
    let service = Service::default();
    let mut inputs = numbers(30);
    inputs[14] = "wrong".to_owned();
    let report = client_of(&service).batches(&DESCRIBE, "TaskId", inputs, request).await;
    let failed: Vec<&str> = report.failures().map(|(input, _)| input.as_str()).collect();
    assert_eq!(failed, ["10", "11", "12", "13", "wrong", "15", "16", "17", "18", "19"]);
    assert!(report.failures().all(|(_, error)| error.outcome() == Outcome::Rejected));
    let text = report.to_string();
    assert!(
        text.starts_with("10 of 30 inputs failed in 1 of 3 calls; the first: ")
            && text.contains("InvalidTaskId.Malformed"),
        "{text}",
    );
    let report = report.into_responses().unwrap_err();
    let oks: Vec<bool> = report.into_iter().map(|batch| batch.result.is_ok()).collect();
    assert_eq!(oks, [true, false, true]);
}

#[tokio::test]
async fn wrong_inputs_are_found_by_halving() {
    let service = Service::default();
    let mut inputs = numbers(60);
    for wrong in [3, 4, 37] {
        inputs[wrong] = format!("wrong{wrong}");
    }
    let batches = client_of(&service).batches(&DESCRIBE, "TaskId", inputs.clone(), request);
    let report = batches.bisect_failures().await;
    let failed: Vec<&str> = report.failures().map(|(input, _)| input.as_str()).collect();
    assert_eq!(failed, ["wrong3", "wrong4", "wrong37"]);
    let order: Vec<String> = report.into_iter().flat_map(|batch| batch.inputs).collect();
    assert_eq!(order, inputs);
    assert!(service.0.lock().unwrap().calls.len() <= 6 + 2 * 3 * 4);
}

#[tokio::test]
async fn halving_is_not_for_other_errors() {
    let fake = FakeTransport::new().error("DescribeRefreshTaskById", 403, "Forbidden.RAM", "No.");
    let client = still(&CDN).transport(fake.clone()).build().unwrap();
    let batches: alicloud_core::Batches<String, DescribeRequest> =
        Client::batches(&client, &DESCRIBE, "TaskId", numbers(20), request);
    let report = batches.bisect_failures().map_call(|call| call.no_retry()).await;
    assert_eq!((fake.requests().len(), report.failures().count()), (2, 20));
}

#[test]
fn they_can_go_to_another_thread() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let client = client_of(&Service::default());
    let batches = send(client.batches(&DESCRIBE, "TaskId", numbers(20), request));
    println!("{batches:?}");
    assert_eq!(size_of_val(&send(batches.into_future())), size_of::<usize>());
}
