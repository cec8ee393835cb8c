//! Calls over connections that fail in every way leave no memory, task, thread or socket behind.
//!
//! The server and the clients have a tokio runtime each, so that the tasks of the clients can be counted.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![cfg(all(feature = "transport", target_os = "linux"))]

mod behaviors;
#[path = "../common/mod.rs"]
mod common;
mod resources;
#[path = "../common/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use alicloud_core::{
    BoxFuture, Client, ClientBuilder, Clock, Credentials, Error, Format, Operation, Outcome,
    RateLimits, RetryBudget, SystemClock,
};
use behaviors::behaviors;
use common::*;
use resources::{Resources, resident_kib};
use server::{Behavior, Server};
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};

type Results = BTreeMap<&'static str, usize>;

/// A write without an idempotency token.
static WRITE: Operation = Operation::rpc(&CDN, "PushObjectCache");

alicloud_core::wire::request! {
    struct Write -> DescribeResponse {
        object_path: Option<String> = form("ObjectPath"),
    }
}

const FORMATS: [Format; 2] = [Format::Json, Format::Xml];
/// Calls at the same time.
const WORKERS: usize = 16;
/// Responses above 256 KiB are decoded on a thread.
const MAX_RESPONSE_BYTES: usize = (1 << 20) + (64 << 10);
const READ_TIMEOUT: Duration = Duration::from_millis(20);

/// The system clock, without the delays before retries.
#[derive(Debug)]
struct NoDelayClock;

impl Clock for NoDelayClock {
    fn now(&self) -> SystemTime {
        SystemClock.now()
    }

    fn elapsed(&self) -> Duration {
        SystemClock.elapsed()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::task::yield_now())
    }

    fn timeout(&self, duration: Duration) -> BoxFuture<'static, ()> {
        SystemClock.timeout(duration)
    }
}

#[test]
fn four_thousand_calls_leave_nothing_open() {
    soak(4_000);
}

/// Prints results and memory: `bash .ci/soak`.
///
/// The memory is the median of each quarter of the calls: the peak depends on how many large responses
/// happen to be in memory at the same moment, but a leak raises every sample.
#[test]
#[ignore = "takes minutes, and the measurements depend on the machine"]
fn two_hundred_thousand_calls_leave_memory_flat() {
    let quarters = soak(200_000);
    let medians = quarters.map(|mut samples| {
        samples.sort_unstable();
        let (median, peak) = (samples[samples.len() / 2], samples[samples.len() - 1]);
        println!("memory: median {median} KiB, peak {peak} KiB, {} samples", samples.len());
        median
    });
    let growth = 100.0 * (medians[3] as f64 / medians[1] as f64 - 1.0);
    println!("growth from the second to the last quarter: {growth:.2} %");
    assert!(growth <= 2.0, "{growth:.2} %");
}

/// Makes this number of calls and checks that nothing stays open. Returns the samples of the resident
/// memory in KiB, for each quarter of the calls.
fn soak(calls: usize) -> [Vec<u64>; 4] {
    // Another test would change the resources of the process.
    static RUNNING: Mutex<()> = Mutex::new(());
    let _alone = RUNNING.lock();
    // The first runtime of a process opens what all of them share.
    drop(runtime());
    let before = Resources::in_use();
    let start = Instant::now();

    let server_runtime = runtime();
    let redirect_target = server_runtime.block_on(Server::start(vec![Behavior::Close], None));
    let servers = FORMATS.map(|format| {
        let behaviors = behaviors(format, &redirect_target);
        server_runtime.block_on(Server::start_cycle(behaviors))
    });
    let client_runtime = runtime();
    let finished = Arc::new(AtomicUsize::new(0));
    let sampler = std::thread::spawn({
        let finished = finished.clone();
        move || sample(&finished, calls)
    });
    // A port that is bound, but has no listener.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let clients = [
        client(Format::Json, servers[0].address),
        client(Format::Xml, servers[1].address),
        client(Format::Json, closed.local_addr().unwrap()),
    ];
    let results = client_runtime.block_on(run(clients, calls, finished));
    let samples = sampler.join().unwrap();
    println!("{calls} calls in {:.0} s: {results:?}", start.elapsed().as_secs_f64());
    let open = Resources::in_use();

    // The clients are dropped, so their connections close, on both sides.
    let held = || {
        let connections = servers.iter().map(|server| server.open.load(Ordering::SeqCst));
        (client_runtime.metrics().num_alive_tasks(), connections.sum::<usize>())
    };
    drop(closed);
    let is_released = (0..1_000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        held() == (0, 0)
    });
    assert!(is_released, "tasks and connections after the last call: {:?}", held());
    drop(client_runtime);
    drop(server_runtime);
    // A thread that decodes a canceled call's response holds the runtime until it has finished.
    let after = (0..1_000).map(|_| Resources::in_use()).find(|after| {
        std::thread::sleep(Duration::from_millis(10));
        *after == before
    });
    let after = after.unwrap_or_else(Resources::in_use);
    println!("before {before:?}, at the last call {open:?}, after {after:?}");
    assert_eq!(before, after);

    assert!(redirect_target.requests().is_empty(), "a redirect was followed");
    for result in ["succeeded", "rejected", "unknown", "not sent", "timed out", "canceled"] {
        let count = results.get(result).copied().unwrap_or_default();
        assert!(count > calls / 200, "only {count} calls {result}");
    }
    samples
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn client(format: Format, address: SocketAddr) -> Client {
    ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(format!("http://{}", address))
        .no_proxy()
        .format(format)
        .clock(NoDelayClock)
        .read_timeout(READ_TIMEOUT)
        .max_response_bytes(MAX_RESPONSE_BYTES)
        .rate_limiter(RateLimits::off())
        .retry_budget(RetryBudget::unlimited())
        .build()
        .unwrap()
}

/// Samples the resident memory until all calls are finished.
fn sample(finished: &AtomicUsize, calls: usize) -> [Vec<u64>; 4] {
    let mut samples = [const { Vec::new() }; 4];
    loop {
        let count = finished.load(Ordering::Relaxed);
        if count >= calls {
            return samples;
        }
        samples[count * 4 / calls].push(resident_kib());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Makes all calls. Returns how many had which result.
async fn run(clients: [Client; 3], calls: usize, finished: Arc<AtomicUsize>) -> Results {
    let next = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (clients, next, finished) = (clients.clone(), next.clone(), finished.clone());
            tokio::spawn(async move {
                let mut results = Results::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= calls {
                        return results;
                    }
                    let result = make_call(&clients, number).await;
                    *results.entry(result).or_default() += 1;
                    finished.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let mut results = Results::new();
    for worker in workers {
        for (result, count) in worker.await.unwrap() {
            *results.entry(result).or_default() += count;
        }
    }
    results
}

/// Makes one call: a read or a write, with one of the timeouts, or canceled.
async fn make_call(clients: &[Client; 3], number: usize) -> &'static str {
    let client = &clients[if number.is_multiple_of(17) { 2 } else { number % 2 }];
    let call = if (number / 2).is_multiple_of(2) {
        client.call(&DESCRIBE, &describe(&["1"]))
    } else {
        client.call(&WRITE, &Write { object_path: Some("http://example.com/1".to_owned()) })
    };
    let variant = number / 4;
    let result = match variant % 8 {
        0 => first_polls(call.response(), variant / 8 % 12).await,
        1 => Some(call.timeout(Duration::from_millis(3)).response().await),
        2 => Some(call.attempt_timeout(Duration::from_millis(5)).response().await),
        _ => Some(call.response().await),
    };
    match result {
        None => "canceled",
        Some(Ok(_)) => "succeeded",
        Some(Err(error)) => result_of(&error),
    }
}

fn result_of(error: &Error) -> &'static str {
    match error.outcome() {
        _ if error.is_timeout() => "timed out",
        Outcome::NotSent => "not sent",
        Outcome::Rejected => "rejected",
        _ => "unknown",
    }
}

/// Polls a future at most this number of times, then drops it.
async fn first_polls<F: Future>(future: F, max_polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|context| {
        if polls == max_polls {
            return Poll::Ready(None);
        }
        polls += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polls == max_polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
