//! What throttled attempts change for all processes, in virtual time.

use std::sync::Arc;
use std::time::Duration;

use alicloud_core::{AttemptResult, Clock, Operation, RateLimitRequest, RateLimiter as _};
use alicloud_limit_redis::{RedisConnection, RedisRateLimits};

use super::simulation::{Starts, TokioClock, connect, operation};

pub(super) static TEN: Operation = operation("Ten", 10);
static FIFTY: Operation = operation("Fifty", 50);

fn process(connection: &RedisConnection) -> RedisRateLimits {
    RedisRateLimits::with_connection(connection.clone()).virtual_time()
}

async fn wait_for_start(limits: &RedisRateLimits, clock: &Arc<dyn Clock>) -> Duration {
    let before = clock.elapsed();
    limits.acquire(RateLimitRequest::new("id", &TEN, clock)).await;
    clock.elapsed() - before
}

#[tokio::test(start_paused = true)]
async fn all_processes_wait_as_long_as_the_service_asks() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = TokioClock::start();
    let (a, b) = (process(&connection), process(&connection));
    assert_eq!(wait_for_start(&b, &clock).await, Duration::ZERO);
    let request = RateLimitRequest::new("id", &TEN, &clock);
    a.observe(&request, AttemptResult::Throttled, Some(Duration::from_secs(5)));
    assert_eq!(wait_for_start(&b, &clock).await, Duration::from_secs(5));
    // The pause of another account or operation is not ours.
    let other = RateLimitRequest::new("other", &TEN, &clock);
    a.observe(&other, AttemptResult::Throttled, Some(Duration::from_secs(3_600)));
    assert!(wait_for_start(&b, &clock).await < Duration::from_secs(1));
    // A pause is at most a minute.
    a.acquire(other).await;
    assert!(clock.elapsed() < Duration::from_secs(31_536_000 + 5 + 62));
}

#[tokio::test(start_paused = true)]
async fn many_throttled_attempts_end_the_window() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = TokioClock::start();
    let (a, b) = (process(&connection), process(&connection));
    wait_for_start(&b, &clock).await;
    let request = RateLimitRequest::new("id", &TEN, &clock);
    // One throttled attempt of many calls can be chance.
    a.observe(&request, AttemptResult::Throttled, None);
    assert_eq!(wait_for_start(&b, &clock).await, Duration::ZERO);
    a.observe(&request, AttemptResult::Throttled, None);
    let wait = wait_for_start(&b, &clock).await;
    assert!((Duration::from_millis(900)..Duration::from_millis(1_100)).contains(&wait), "{wait:?}");
}

/// Runs four processes against a service that accepts a number of calls in each second.
async fn run_against(capacity: usize, seconds: u64) -> Option<(Starts, Starts)> {
    let (_server, connection) = connect().await?;
    let clock = TokioClock::start();
    let end = clock.elapsed() + Duration::from_secs(seconds);
    let (accepted, throttled) = (Starts::default(), Starts::default());
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..4 {
        let limits = process(&connection);
        for _ in 0..20 {
            let (limits, clock) = (limits.clone(), clock.clone());
            let (accepted, throttled) = (accepted.clone(), throttled.clone());
            tasks.spawn(async move {
                let request = RateLimitRequest::new("id", &FIFTY, &clock);
                while clock.elapsed() < end {
                    limits.acquire(request).await;
                    let now = clock.elapsed();
                    let result =
                        match accepted.count_since(now.saturating_sub(Duration::from_secs(1))) {
                            count if count < capacity => {
                                accepted.record(now, number);
                                AttemptResult::Succeeded
                            }
                            _ => {
                                throttled.record(now, number);
                                AttemptResult::Throttled
                            }
                        };
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    limits.observe(&request, result, None);
                }
            });
        }
    }
    tasks.join_all().await;
    Some((accepted, throttled))
}

#[tokio::test(start_paused = true)]
async fn the_rate_adapts_to_other_programs_of_the_account() {
    let Some((accepted, throttled)) = run_against(25, 60).await else { return };
    println!("{} accepted of 1500, {} throttled", accepted.count(), throttled.count());
    assert!(accepted.count() >= 1_500 * 8 / 10, "{}", accepted.count());
    // At the documented rate, every second call would be throttled.
    assert!(throttled.count() * 5 < accepted.count(), "{}", throttled.count());
    assert!(accepted.fairness(4) > 0.95);
}

#[tokio::test(start_paused = true)]
async fn a_service_without_other_programs_gets_the_documented_rate() {
    let Some((accepted, throttled)) = run_against(50, 30).await else { return };
    assert_eq!(throttled.count(), 0);
    assert!(accepted.count() > 1_350, "{}", accepted.count());
}
