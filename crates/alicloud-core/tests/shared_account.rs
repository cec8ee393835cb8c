//! One account that several clients and processes use, on a virtual clock.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::testing::{DeterministicNonce, FakeTransport};
use alicloud_core::{
    AttemptResult, Client, ClientBuilder, Clock, Credentials, Operation, RateLimitRequest,
    RateLimiter, RateLimits,
};
use common::paused::PausedClock;
use common::*;

const RATE: usize = 50;
const SECOND: Duration = Duration::from_secs(1);

static LIST: Operation =
    Operation::rpc(&CDN, "DescribeRefreshTasks").read_only().with_rate_limit(RATE as u32);

/// A service that accepts 50 calls in any second.
#[derive(Default)]
struct Service {
    accepted: VecDeque<Duration>,
}

impl Service {
    fn accepts(&mut self, now: Duration) -> bool {
        while self.accepted.front().is_some_and(|start| *start + SECOND <= now) {
            self.accepted.pop_front();
        }
        let accepts = self.accepted.len() < RATE;
        if accepts {
            self.accepted.push_back(now);
        }
        accepts
    }
}

/// What happened to the calls of a process.
#[derive(Debug, Default, Clone)]
struct Counts {
    accepted: usize,
    throttled: usize,
    longest_wait: Duration,
}

/// Runs processes, each with a limiter of its own and some tasks that always have a call to make.
/// Returns the counts after the first seconds, in which the processes find their shares.
async fn run_processes(
    tasks_of_processes: &[usize],
    warm_up: Duration,
    end: Duration,
) -> Vec<Counts> {
    let clock: Arc<dyn Clock> = Arc::new(PausedClock::new());
    let service = Arc::new(Mutex::new(Service::default()));
    let mut counts = Vec::new();
    let mut tasks = Vec::new();
    for (process, number) in tasks_of_processes.iter().enumerate() {
        let limits = RateLimits::new();
        let process_counts = Arc::new(Mutex::new(Counts::default()));
        counts.push(process_counts.clone());
        for task in 0..*number {
            let (clock, service, limits) = (clock.clone(), service.clone(), limits.clone());
            let counts = process_counts.clone();
            tasks.push(tokio::spawn(async move {
                // Programs do not start at exactly the same time.
                clock.sleep(Duration::from_millis((process * 7 + task) as u64)).await;
                let request = RateLimitRequest::new("account", &LIST, &clock);
                let mut waiting_since = clock.elapsed();
                while clock.elapsed() < end {
                    limits.acquire(request).await;
                    let now = clock.elapsed();
                    let is_accepted = service.lock().unwrap().accepts(now);
                    clock.sleep(Duration::from_millis(20)).await;
                    let result = match is_accepted {
                        true => AttemptResult::Succeeded,
                        false => AttemptResult::Throttled,
                    };
                    limits.observe(&request, result, None);
                    if now < warm_up {
                        waiting_since = now;
                        continue;
                    }
                    let mut counts = counts.lock().unwrap();
                    let count =
                        if is_accepted { &mut counts.accepted } else { &mut counts.throttled };
                    *count += 1;
                    if is_accepted {
                        counts.longest_wait = counts.longest_wait.max(now - waiting_since);
                        waiting_since = now;
                    }
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    counts.iter().map(|counts| counts.lock().unwrap().clone()).collect()
}

/// Jain's index: 1 for equal shares, 1/n if one of n has everything.
fn fairness(shares: impl Iterator<Item = f64> + Clone) -> f64 {
    let sum: f64 = shares.clone().sum();
    let squares: f64 = shares.clone().map(|share| share * share).sum();
    sum * sum / (squares * shares.count() as f64)
}

#[tokio::test(start_paused = true)]
async fn processes_that_share_an_account_unknowingly_converge_to_equal_shares() {
    let (warm_up, end) = (20 * SECOND, 320 * SECOND);
    for tasks_of_processes in [vec![5; 2], vec![5; 8], vec![10; 20], vec![1, 40, 4, 80, 10, 20]] {
        let counts = run_processes(&tasks_of_processes, warm_up, end).await;
        let sum = |count: fn(&Counts) -> usize| counts.iter().map(count).sum::<usize>() as f64;
        let (accepted, throttled) = (sum(|counts| counts.accepted), sum(|counts| counts.throttled));
        let usage = accepted / (RATE as f64 * (end - warm_up).as_secs_f64());
        let throttled = throttled / (accepted + throttled);
        let fairness = fairness(counts.iter().map(|counts| counts.accepted as f64));
        let longest = counts.iter().map(|counts| counts.longest_wait).max().unwrap();
        let name = format!("{tasks_of_processes:?}");
        println!(
            "{name}: {usage:.2} of the rate used, {throttled:.3} throttled, fairness {fairness:.3}, longest wait {longest:?}"
        );
        assert!((0.75..=1.001).contains(&usage), "{name}: {usage}");
        assert!(throttled < 0.12, "{name}: {throttled}");
        assert!(fairness > 0.95, "{name}: {fairness}");
        // 80 tasks of a process with a sixth of the rate need 10 s for one call each.
        assert!(longest < 60 * SECOND, "{name}: {longest:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_was_throttled_returns_to_the_documented_rate() {
    let clock: Arc<dyn Clock> = Arc::new(PausedClock::new());
    let limits = RateLimits::new();
    let request = RateLimitRequest::new("account", &LIST, &clock);
    let starts_in = async |duration: Duration| {
        let end = clock.elapsed() + duration;
        let mut starts = 0;
        while clock.elapsed() < end {
            limits.acquire(request).await;
            starts += 1;
        }
        starts
    };
    assert_eq!(starts_in(SECOND).await, RATE + 1);
    limits.observe(&request, AttemptResult::Failed, Some(60 * SECOND));
    limits.observe(&request, AttemptResult::Succeeded, None);
    assert!(starts_in(10 * SECOND).await > 9 * RATE);

    // One event, although several calls of the window were throttled, and a pause for all calls.
    for _ in 0..10 {
        limits.observe(&request, AttemptResult::Throttled, Some(3 * SECOND));
    }
    let before = clock.elapsed();
    limits.acquire(request).await;
    assert!(clock.elapsed() - before >= 3 * SECOND);
    assert!((RATE / 2..RATE * 2 / 3).contains(&starts_in(SECOND).await));
    starts_in(20 * SECOND).await;
    assert_eq!(starts_in(101 * SECOND / 100).await, RATE);
}

#[tokio::test(start_paused = true)]
async fn temporary_credentials_of_one_account_share_a_limit() {
    let key = |number: usize| {
        Credentials::new(format!("STS.{number}"), "secret").with_security_token("token")
    };
    let with_account = |number| key(number).with_account_id("1234567890123456");
    type Configure = fn(ClientBuilder<Client>) -> ClientBuilder<Client>;
    let unchanged: Configure = |builder| builder;
    let scoped: Configure = |builder| builder.limit_scope("team");
    for (credentials, configure, seconds) in [
        (&with_account as &dyn Fn(usize) -> Credentials, unchanged, 2),
        (&key, scoped, 2),
        (&key, unchanged, 0),
    ] {
        let clock: Arc<dyn Clock> = Arc::new(PausedClock::new());
        let (fake, limits) = (FakeTransport::new().respond_json("List", "{}"), RateLimits::new());
        let mut calls = Vec::new();
        for number in 0..3 {
            let builder = ClientBuilder::<Client>::new(&CDN).clock(clock.clone());
            let client = configure(builder)
                .nonce_source(DeterministicNonce::sequence("n"))
                .credentials(credentials(number))
                .transport(fake.clone())
                .rate_limiter(limits.clone())
                .build()
                .unwrap();
            let list = Operation::rpc(&CDN, "List").read_only().with_rate_limit(30);
            let list: &'static Operation = Box::leak(Box::new(list));
            for _ in 0..30 {
                let client = client.clone();
                calls.push(tokio::spawn(async move { client.call(list, &describe(&["1"])).await }));
            }
        }
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(clock.elapsed().as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn a_permit_replaces_the_wait_of_the_first_attempt_for_a_second() {
    static ONE: Operation = Operation::rpc(&CDN, "List").read_only().with_rate_limit(1);
    static OTHER: Operation = Operation::rpc(&CDN, "Other").read_only().with_rate_limit(1);
    let clock: Arc<dyn Clock> = Arc::new(PausedClock::new());
    let fake = FakeTransport::new().respond_json("List", "{}");
    let client: Client = ClientBuilder::new(&CDN)
        .clock(clock.clone())
        .nonce_source(DeterministicNonce::sequence("n"))
        .credentials(Credentials::new("id", "secret"))
        .transport(fake)
        .build()
        .unwrap();
    // How long the call waits after its permit is so old.
    for (operation, age, waits) in [
        (&ONE, Duration::ZERO, false),
        (&ONE, SECOND, false),
        (&ONE, Duration::from_millis(1_001), true),
        (&OTHER, Duration::ZERO, true),
    ] {
        clock.sleep(10 * SECOND).await;
        client.acquire(&ONE).await;
        clock.sleep(10 * SECOND - age).await;
        let permit = client.acquire(operation).await;
        // The start of the permit is taken, and so is that of this call.
        if operation.name() == "Other" {
            client.acquire(&ONE).await;
        }
        clock.sleep(age).await;
        let before = clock.elapsed();
        client.call(&ONE, &describe(&["1"])).permit(permit).await.unwrap();
        assert_eq!(clock.elapsed() > before, waits, "{} {age:?}", operation.name());
    }
}
