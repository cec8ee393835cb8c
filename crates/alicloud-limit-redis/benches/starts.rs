//! The cost of a start: `cargo bench -p alicloud-limit-redis`. Needs redis-server and Linux.
//!
//! Each line runs limiters with connections of their own for some seconds, and prints the starts in percent of the
//! ideal, the most starts in any second, the CPU time of this process per start, the scripts per start, and the time of the server per script.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark fails by panicking"
)]

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::{Clock, Operation, Product, RateLimitRequest, RateLimiter, SystemClock};
use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisRateLimits, redis};

static PRODUCT: Product = Product::new("Cdn", "2018-05-10");
static FIFTY: Operation = Operation::rpc(&PRODUCT, "Fifty").with_rate_limit(50);
static FIVE_HUNDRED: Operation = Operation::rpc(&PRODUCT, "FiveHundred").with_rate_limit(500);

const DURATION: Duration = Duration::from_secs(20);

/// How long a call takes.
const CALL: Duration = Duration::from_millis(27);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    run_without_limits().await;
    for (operation, processes) in
        [(&FIFTY, 1), (&FIFTY, 8), (&FIFTY, 20), (&FIVE_HUNDRED, 1), (&FIVE_HUNDRED, 20)]
    {
        let Some(server) = RedisProcess::start() else { return };
        run(&server, operation, processes).await;
    }
}

async fn run(server: &RedisProcess, operation: &'static Operation, processes: usize) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let connection = server.config().connect().await.unwrap();
    let (cpu, start) = (cpu_time(), clock.elapsed());
    let starts = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..processes {
        let limits = RedisRateLimits::new(server.config());
        for _ in 0..20 {
            let (limits, clock, starts) = (limits.clone(), clock.clone(), starts.clone());
            tasks.spawn(async move {
                loop {
                    limits.acquire(RateLimitRequest::new("id", operation, &clock)).await;
                    let now = clock.elapsed();
                    if now >= start + DURATION {
                        return;
                    }
                    starts.lock().unwrap().push(now);
                    clock.sleep(CALL).await;
                }
            });
        }
    }
    tasks.join_all().await;
    let cpu = cpu_time() - cpu;
    let mut info = redis::cmd("INFO");
    info.arg("commandstats");
    let info: String = connection.command("", info).await.unwrap();
    let sum = |name: &str| -> f64 {
        info.lines()
            .filter_map(|line| line.strip_prefix("cmdstat_eval")?.split_once(name))
            .map(|(_, rest)| rest.split(',').next().unwrap().parse::<f64>().unwrap())
            .sum()
    };
    let (scripts, server) = (sum("calls="), sum("usec="));
    let mut starts = starts.lock().unwrap().clone();
    starts.sort();
    let most = starts.iter().enumerate().map(|(index, first)| {
        starts
            .iter()
            .skip(index)
            .take_while(|time| **time < *first + Duration::from_secs(1))
            .count()
    });
    let rate = operation.rate_per_second().unwrap();
    let count = starts.len() as f64;
    println!(
        "{processes:2} processes, {rate:3} per second: {:.1} % of the ideal, at most {} in a second, \
         {:.0} µs CPU and {:.2} scripts per start, {:.0} µs of the server per script",
        100.0 * count / (f64::from(rate) * DURATION.as_secs_f64()),
        most.max().unwrap_or_default(),
        cpu.as_secs_f64() * 1e6 / count,
        scripts / count,
        server / scripts,
    );
}

/// Measures what the sleeps of the callers cost: 500 tasks that start 20 ms apart.
async fn run_without_limits() {
    let (cpu, start) = (cpu_time(), SystemClock.elapsed());
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..500 {
        tasks.spawn(async move {
            let time = start + Duration::from_millis(20) * task;
            SystemClock.sleep(time.saturating_sub(SystemClock.elapsed())).await;
            SystemClock.sleep(CALL).await;
        });
    }
    tasks.join_all().await;
    let cpu = cpu_time() - cpu;
    println!("without limits: {:.0} µs CPU per start", cpu.as_secs_f64() * 1e6 / 500.0);
}

/// Returns the CPU time of all threads of this process.
fn cpu_time() -> Duration {
    let mut nanos = 0;
    for task in fs::read_dir("/proc/self/task").unwrap() {
        let text = fs::read_to_string(task.unwrap().path().join("schedstat")).unwrap();
        nanos += text.split(' ').next().unwrap().parse::<u64>().unwrap();
    }
    Duration::from_nanos(nanos)
}
