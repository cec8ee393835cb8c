//! Rates and fairness of many processes, in virtual time.

use std::sync::Arc;
use std::time::Duration;

use alicloud_core::{Clock, Operation, RateLimitRequest, RateLimiter as _};
use alicloud_limit_redis::RedisRateLimits;

use super::simulation::{LateClock, Starts, TokioClock, connect, operation, simulate};

static FIFTY: Operation = operation("Fifty", 50);
static FIVE_HUNDRED: Operation = operation("FiveHundred", 500);

async fn check(operation: &'static Operation, callers: &[usize], seconds: u64) {
    let Some((_server, connection)) = connect().await else { return };
    let duration = Duration::from_secs(seconds);
    let starts = simulate(&connection, operation, callers, duration).await;
    let rate = operation.rate_per_second().unwrap() as usize;
    let ideal = rate * seconds as usize;
    let fairness = starts.fairness(callers.len());
    println!(
        "{} processes, {rate} per second: {} of {ideal} starts, at most {} in a second, fairness {fairness:.3}",
        callers.len(),
        starts.count(),
        starts.most_in_a_second(),
    );
    assert!(starts.most_in_a_second() <= rate, "{}", starts.most_in_a_second());
    assert!(starts.count() * 10 >= ideal * 9, "{} of {ideal}", starts.count());
    assert!(fairness >= 0.95, "{fairness} {:?}", starts.of_processes(callers.len()));
}

#[tokio::test(start_paused = true)]
async fn twenty_processes() {
    check(&FIFTY, &[10; 20], 60).await;
}

#[tokio::test(start_paused = true)]
async fn one_process() {
    check(&FIFTY, &[60], 20).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_processes() {
    check(&FIFTY, &[3; 100], 60).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_processes_with_unequal_numbers_of_callers() {
    let callers: Vec<usize> =
        (0..100).map(|process| if process % 4 == 0 { 40 } else { 1 + process % 4 }).collect();
    check(&FIFTY, &callers, 60).await;
}

#[tokio::test(start_paused = true)]
async fn unequal_numbers_of_callers_at_a_high_rate() {
    let callers: Vec<usize> =
        (0..100).map(|process| if process % 10 == 0 { 1 } else { 20 }).collect();
    check(&FIVE_HUNDRED, &callers, 30).await;
}

#[tokio::test(start_paused = true)]
async fn few_processes_with_unequal_numbers_of_callers() {
    check(&FIFTY, &[1, 2, 5, 100], 60).await;
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_wakes_tasks_too_late_is_not_starved() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = TokioClock::start();
    let late: Arc<dyn Clock> = Arc::new(LateClock(clock.clone()));
    let end = clock.elapsed() + Duration::from_secs(20);
    let starts = Starts::default();
    let mut tasks = tokio::task::JoinSet::new();
    for process in 0..20 {
        let limits = RedisRateLimits::with_connection(connection.clone()).virtual_time();
        let clock = if process == 0 { late.clone() } else { clock.clone() };
        let starts = starts.clone();
        tasks.spawn(async move {
            while clock.elapsed() < end {
                limits.acquire(RateLimitRequest::new("id", &FIFTY, &clock)).await;
                starts.record(clock.elapsed(), process);
            }
        });
    }
    tasks.join_all().await;
    let counts = starts.of_processes(20);
    println!("{counts:?} starts, at most {} in a second", starts.most_in_a_second());
    // A twentieth of the starts are 48; without late starts, it would make 4.
    assert!(counts[0] > 20, "{counts:?}");
}
