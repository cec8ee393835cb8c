//! Blocking calls, outside and inside async runtimes.

#![cfg(feature = "blocking")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::time::Duration;

use alicloud_core::blocking::block_on;
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{Client, PollStatus, SystemClock};
use common::*;

const READ: &str = "DescribeRefreshTaskById";

fn setup() -> (Client, FakeTransport) {
    let fake = FakeTransport::new().fault(READ, Fault::ConnectionReset).respond(READ, &response());
    (client(&fake), fake)
}

fn wait_for_everything() {
    let (client, fake) = setup();
    assert_eq!(client.call(&DESCRIBE, &describe(&["1"])).wait().unwrap(), response());
    assert_eq!(client.call(&DESCRIBE, &describe(&["1"])).response().wait().unwrap().attempts, 1);
    assert_eq!(fake.requests().len(), 3);

    let poll_client = client.clone();
    let wait = client.wait_until(
        move || poll_client.call(&DESCRIBE, &describe(&["1"])),
        |_| PollStatus::Succeeded,
    );
    assert_eq!(wait.wait().unwrap(), response());
    let batches = client.batches(&DESCRIBE, "TaskId", 0..25, |ids: &[i32]| DescribeRequest {
        task_ids: ids.iter().map(ToString::to_string).collect(),
    });
    assert_eq!(batches.wait().unwrap().into_responses().unwrap().len(), 3);

    let poll_client = client.clone();
    let mut progress = client
        .wait_until(
            move || poll_client.call(&DESCRIBE, &describe(&["1"])),
            |_| PollStatus::Succeeded,
        )
        .progress()
        .blocking();
    assert!(progress.next().unwrap().is_ok() && progress.next().is_none());

    let failing = FakeTransport::new().error(READ, 403, "Forbidden.RAM", "No.");
    let error = common::client(&failing).call(&DESCRIBE, &describe(&["1"])).wait().unwrap_err();
    assert!(error.is_forbidden());
}

#[test]
fn blocking_calls_work_outside_a_runtime() {
    wait_for_everything();
}

#[test]
fn blocking_calls_work_inside_any_runtime() {
    let single = tokio::runtime::Builder::new_current_thread().build().unwrap();
    single.block_on(async { wait_for_everything() });
    single.block_on(async { tokio::spawn(async { wait_for_everything() }).await.unwrap() });
    let multi = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    multi.block_on(async { tokio::spawn(async { wait_for_everything() }).await.unwrap() });
    multi.block_on(async { tokio::task::spawn_blocking(wait_for_everything).await.unwrap() });
    // A blocking call inside another.
    block_on(async { wait_for_everything() }).unwrap();
}

#[test]
fn timers_do_not_need_those_of_the_callers_runtime() {
    // Without `enable_time` a sleep on this runtime would panic.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        use alicloud_core::Clock as _;
        block_on(async { SystemClock.sleep(Duration::from_millis(5)).await }).unwrap();
    });
}

#[test]
fn a_future_that_yields_often_completes_inside_a_task() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let sum = runtime.block_on(async {
        tokio::spawn(async {
            block_on(async {
                let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
                (0..10_000_u64).for_each(|number| sender.send(number).unwrap());
                drop(sender);
                let mut sum = 0;
                // Each receive uses up the cooperative budget of the task, which is 128.
                while let Some(number) = receiver.recv().await {
                    sum += number;
                }
                sum
            })
            .unwrap()
        })
        .await
        .unwrap()
    });
    assert_eq!(sum, 9_999 * 10_000 / 2);
}

#[test]
fn many_threads_block_concurrently() {
    let fake = FakeTransport::new().respond(READ, &response());
    let client = fixed_builder(&CDN)
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .rate_limiter(alicloud_core::RateLimits::off())
        .transport(fake.clone())
        .build()
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..25 {
                    client.call(&DESCRIBE, &describe(&["1"])).wait().unwrap();
                }
            });
        }
    });
    assert_eq!(fake.requests().len(), 400);
}

#[cfg(feature = "transport")]
#[test]
fn the_default_transport_reuses_connections_across_blocking_calls() {
    use std::io::{Read as _, Write as _};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    // The server accepts only one connection.
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for _ in 0..3 {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let response = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{\"TotalCount\":1}";
            stream.write_all(response).unwrap();
        }
    });
    let client: Client = alicloud_core::ClientBuilder::new(&CDN)
        .credentials(alicloud_core::Credentials::new("id", "secret"))
        .endpoint(endpoint)
        .build()
        .unwrap();
    for _ in 0..2 {
        let response = client.call(&DESCRIBE, &describe(&["1"])).wait().unwrap();
        assert_eq!(response.total_count, Some(1));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { client.call(&DESCRIBE, &describe(&["1"])).wait().unwrap() });
    server.join().unwrap();
}
