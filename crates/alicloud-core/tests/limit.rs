//! Rate limits, on a virtual clock.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, Fault};
use alicloud_core::{
    BoxFuture, Client, ClientBuilder, Clock, Credentials, Operation, Outcome, RateLimitRequest,
    RateLimiter, RateLimits,
};
use common::paused::PausedClock;
use common::*;

const RATE: usize = 30;
const SECOND: Duration = Duration::from_secs(1);

fn clock() -> Arc<dyn Clock> {
    Arc::new(PausedClock::new())
}

fn builder(fake: &FakeTransport, clock: &Arc<dyn Clock>) -> ClientBuilder<Client> {
    ClientBuilder::new(&CDN)
        .clock(clock.clone())
        .nonce_source(DeterministicNonce::sequence("n"))
        .credentials(Credentials::new("testAccessKeyId", "testAccessKeySecret"))
        .transport(fake.clone())
}

/// Returns the maximum number of starts in any half-open window of one second.
fn max_per_second(starts: &[Duration]) -> usize {
    let count_from = |first: &Duration| {
        starts.iter().filter(|start| *start >= first && **start < *first + SECOND).count()
    };
    starts.iter().map(count_from).max().unwrap()
}

/// Spawns tasks in order and returns them with their start times, in the order of the starts.
async fn run_tasks(
    limits: &RateLimits,
    clock: &Arc<dyn Clock>,
    operation: &'static Operation,
    tasks: usize,
) -> Vec<(usize, Duration)> {
    let started: Arc<Mutex<Vec<(usize, Duration)>>> = Arc::default();
    let mut handles = Vec::new();
    for task in 0..tasks {
        let (limits, clock, started) = (limits.clone(), clock.clone(), started.clone());
        handles.push(tokio::spawn(async move {
            limits.acquire(RateLimitRequest::new("id", operation, &clock)).await;
            started.lock().unwrap().push((task, clock.elapsed()));
        }));
        // Each task queues before the next is spawned, so that the order is defined.
        tokio::task::yield_now().await;
    }
    for handle in handles {
        handle.await.unwrap();
    }
    let started = started.lock().unwrap();
    started.clone()
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_start_in_order_and_at_the_rate() {
    let clock = clock();
    let started = run_tasks(&RateLimits::new(), &clock, &DESCRIBE, 1_000).await;
    let order: Vec<usize> = started.iter().map(|(task, _)| *task).collect();
    assert_eq!(order, (0..1_000).collect::<Vec<_>>());
    let times: Vec<Duration> = started.iter().map(|(_, time)| *time).collect();
    assert_eq!(max_per_second(&times), RATE);
    // Measured over whole windows, because the first thirty start immediately.
    let windows = (times.len() - 1) / RATE;
    let rate = (windows * RATE) as f64 / (times[windows * RATE] - times[0]).as_secs_f64();
    println!("{} starts, {rate:.2} per second of {RATE} allowed", times.len());
    assert!((0.98 * RATE as f64..=RATE as f64).contains(&rate), "{rate}");
}

#[tokio::test(start_paused = true)]
async fn tasks_that_arrive_and_give_up_at_random_stay_below_the_limit() {
    let clock = clock();
    let limits = RateLimits::new();
    let started: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let mut seed = 1_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    let mut handles = Vec::new();
    for _ in 0..2_000 {
        let (limits, clock, started) = (limits.clone(), clock.clone(), started.clone());
        let (delay, timeout) = (random(30_000), 1 + random(40_000));
        handles.push(tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(delay)).await;
            let acquire = limits.acquire(RateLimitRequest::new("id", &DESCRIBE, &clock));
            if tokio::time::timeout(Duration::from_millis(timeout), acquire).await.is_ok() {
                started.lock().unwrap().push(clock.elapsed());
            }
        }));
    }
    for handle in handles {
        handle.await.unwrap();
    }
    let started = started.lock().unwrap();
    assert!(max_per_second(&started) <= RATE);
    // Tasks that give up leave no gap: the rate is used up while other tasks wait.
    let early_starts = started.iter().filter(|time| time.as_secs() < 30).count();
    assert!(early_starts >= 29 * RATE, "{early_starts}");
}

#[tokio::test(start_paused = true)]
async fn a_task_that_gives_up_lets_the_next_one_start() {
    let clock = clock();
    let limits = RateLimits::new().operation(&DESCRIBE, 1);
    let acquire = || limits.acquire(RateLimitRequest::new("id", &DESCRIBE, &clock));
    acquire().await;
    let mut context = Context::from_waker(Waker::noop());
    let mut first = acquire();
    let mut second = acquire();
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    tokio::time::advance(2 * SECOND).await;
    // The first task is still ahead, so elapsed time does not help.
    assert!(second.as_mut().poll(&mut context).is_pending());
    drop(first);
    assert_eq!(second.as_mut().poll(&mut context), Poll::Ready(()));
}

#[tokio::test(start_paused = true)]
async fn a_queue_is_shared_from_the_request_on() {
    let clock = clock();
    let limits = RateLimits::new().operation(&DESCRIBE, 1);
    let acquire = |account| limits.acquire(RateLimitRequest::new(account, &DESCRIBE, &clock));
    let mut context = Context::from_waker(Waker::noop());
    // The queue of an access key must not be forgotten before the first task of it starts.
    let mut first = acquire("a");
    acquire("b").await;
    acquire("a").await;
    assert!(first.as_mut().poll(&mut context).is_pending());
}

#[tokio::test(start_paused = true)]
async fn accounts_operations_and_limiters_are_counted_separately() {
    static LIST: Operation =
        Operation::rpc(&CDN, "DescribeRefreshTasks").read_only().with_rate_limit(2);
    let clock = clock();
    let limits = RateLimits::new();
    for account in ["a", "b", ""] {
        for operation in [&LIST, &DESCRIBE] {
            limits.acquire(RateLimitRequest::new(account, operation, &clock)).await;
            limits.acquire(RateLimitRequest::new(account, operation, &clock)).await;
        }
    }
    // Without a documented rate there is no limit.
    for _ in 0..1_000 {
        limits.acquire(RateLimitRequest::new("a", &REFRESH, &clock)).await;
    }
    assert_eq!(clock.elapsed(), Duration::ZERO);
    limits.clone().acquire(RateLimitRequest::new("a", &LIST, &clock)).await;
    assert!(clock.elapsed() >= SECOND);

    // The rate of one operation is not that of the others of the product.
    let slow = RateLimits::new().operation(&DESCRIBE, 1);
    let before = clock.elapsed();
    for _ in 0..2 {
        slow.acquire(RateLimitRequest::new("a", &LIST, &clock)).await;
    }
    assert_eq!(clock.elapsed(), before);
    assert!(format!("{slow:?}").contains(r#"{("Cdn", "DescribeRefreshTaskById"): Some(1)}"#));

    for (limits, expected) in [
        (RateLimits::new().shared_by(3), 10),
        (RateLimits::new().operation(&DESCRIBE, 5), 5),
        (RateLimits::new().operation(&DESCRIBE, 0), 1),
        (RateLimits::new().operation(&DESCRIBE, 12).shared_by(4), 3),
        (RateLimits::new().unlimited(&DESCRIBE), 40),
        (RateLimits::off(), 40),
    ] {
        let started = run_tasks(&limits, &clock, &DESCRIBE, 40).await;
        let times: Vec<Duration> = started.iter().map(|(_, time)| *time).collect();
        assert_eq!(max_per_second(&times), expected, "{limits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_limits_its_attempts() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let clock = clock();
    let client = builder(&fake, &clock).timeout(Duration::from_secs(3_600)).build().unwrap();
    let times: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let mut handles = Vec::new();
    for _ in 0..1_000 {
        let (client, clock, times) = (client.clone(), clock.clone(), times.clone());
        handles.push(tokio::spawn(async move {
            client.call(&DESCRIBE, &describe(&["1"])).await.unwrap();
            times.lock().unwrap().push(clock.elapsed());
        }));
    }
    for handle in handles {
        handle.await.unwrap();
    }
    let times = times.lock().unwrap().clone();
    assert_eq!((times.len(), max_per_second(&times)), (1_000, RATE));

    // Retries count: three attempts at one call per second take at least two seconds.
    let fake = FakeTransport::new()
        .fault("DescribeRefreshTaskById", Fault::ConnectionReset)
        .fault("DescribeRefreshTaskById", Fault::ConnectionReset)
        .respond("DescribeRefreshTaskById", &response());
    let limits = RateLimits::new().operation(&DESCRIBE, 1);
    let client = builder(&fake, &clock).rate_limiter(limits).build().unwrap();
    let before = clock.elapsed();
    client.call(&DESCRIBE, &describe(&["1"])).await.unwrap();
    assert!(clock.elapsed() - before >= 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_limiter_counts_towards_the_timeout() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let clock = clock();
    let limits = RateLimits::new().operation(&DESCRIBE, 1).shared_by(60);
    let client = builder(&fake, &clock).rate_limiter(limits).build().unwrap();
    let call = || client.call(&DESCRIBE, &describe(&["1"])).timeout(5 * SECOND);
    call().await.unwrap();
    let error = call().await.unwrap_err();
    assert!(error.is_timeout() && error.outcome() == Outcome::NotSent, "{error}");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_custom_limiter_sees_every_call() {
    #[derive(Debug, Default)]
    struct RecordingLimiter(Mutex<Vec<String>>);

    impl RateLimiter for RecordingLimiter {
        fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
            Box::pin(async move {
                let (product, operation) = (request.product(), request.operation());
                let (account, rate) = (request.account(), request.rate_per_second());
                let entry = format!("{}: {product} {operation} {account} {rate:?}", request.key());
                self.0.lock().unwrap().push(entry);
            })
        }
    }

    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let limiter = Arc::new(RecordingLimiter::default());
    let clock: Arc<dyn Clock> = Arc::new(alicloud_core::SystemClock);
    let client = builder(&fake, &clock).rate_limiter(limiter.clone()).build().unwrap();
    client.call(&DESCRIBE, &describe(&["1"])).await.unwrap();
    let entries = limiter.0.lock().unwrap().clone();
    assert_eq!(
        entries,
        [
            "Cdn/DescribeRefreshTaskById/testAccessKeyId: Cdn DescribeRefreshTaskById testAccessKeyId Some(30)"
        ]
    );
}
