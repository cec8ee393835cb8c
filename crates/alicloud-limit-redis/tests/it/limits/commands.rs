//! What a start costs the server.

use std::collections::BTreeMap;
use std::time::Duration;

use alicloud_core::Operation;
use alicloud_limit_redis::{RedisConnection, redis};

use super::simulation::{connect, operation, simulate};

static FIFTY: Operation = operation("Fifty", 50);

/// Returns how often each command ran, also in scripts.
async fn command_counts(connection: &RedisConnection) -> BTreeMap<String, usize> {
    let mut command = redis::cmd("INFO");
    command.arg("commandstats");
    let text: String = connection.command("", command).await.unwrap();
    let counts = text.lines().filter_map(|line| {
        let (name, values) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
        Some((name.to_owned(), values.split_once(',')?.0.parse().unwrap()))
    });
    counts.collect()
}

#[tokio::test(start_paused = true)]
async fn starts_are_reserved_in_batches() {
    for (callers, max_scripts) in [(vec![20; 20], 0.3), (vec![60], 0.05), (vec![4; 100], 1.2)] {
        let Some((_server, connection)) = connect().await else { return };
        let before = command_counts(&connection).await;
        let starts = simulate(&connection, &FIFTY, &callers, Duration::from_secs(60)).await;
        // Each caller waits for one more start, after the end.
        let starts = (starts.count() + callers.iter().sum::<usize>()) as f64;
        let after = command_counts(&connection).await;
        let of = |name: &str| {
            let count = |counts: &BTreeMap<String, usize>| counts.get(name).copied().unwrap_or(0);
            (count(&after) - count(&before)) as f64 / starts
        };
        // In virtual time, the script does not run TIME.
        let scripts = of("evalsha") + of("eval");
        let commands = scripts + of("get") + of("set") + scripts;
        println!(
            "{} processes: {scripts:.2} scripts, {commands:.2} commands per start with those of the script",
            callers.len(),
        );
        assert!(scripts <= max_scripts, "{after:?}");
        assert!(commands <= scripts * 4.0 + 0.01, "{after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn operations_without_a_rate_need_no_command() {
    use alicloud_core::{AttemptResult, RateLimitRequest, RateLimiter as _};
    use alicloud_limit_redis::RedisRateLimits;

    static UNLIMITED: Operation = Operation::rpc(&super::simulation::PRODUCT, "Unlimited");
    let Some((_server, connection)) = connect().await else { return };
    let before = command_counts(&connection).await;
    let clock = super::simulation::TokioClock::start();
    let limits =
        RedisRateLimits::with_connection(connection.clone()).virtual_time().unlimited(&FIFTY);
    for operation in [&UNLIMITED, &FIFTY] {
        let request = RateLimitRequest::new("id", operation, &clock);
        for _ in 0..100 {
            limits.acquire(request).await;
        }
        limits.observe(&request, AttemptResult::Throttled, None);
    }
    for result in [AttemptResult::Succeeded, AttemptResult::Failed] {
        let request = RateLimitRequest::new("id", &super::feedback::TEN, &clock);
        RedisRateLimits::with_connection(connection.clone())
            .virtual_time()
            .observe(&request, result, None);
    }
    assert_eq!(command_counts(&connection).await.get("evalsha"), before.get("evalsha"));
}
