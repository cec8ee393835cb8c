//! The state on the server: lifetime, lost scripts, clock jumps, keys of other programs.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use alicloud_core::{Operation, RateLimitRequest, RateLimiter as _, SystemClock};
use alicloud_limit_redis::{RedisConnection, RedisRateLimits, redis};

use super::simulation::{SetClock, TokioClock, connect, operation};

static TEN: Operation = operation("Ten", 10);

pub(super) async fn command(connection: &RedisConnection, words: &[&str]) -> redis::Value {
    let mut command = redis::cmd(words[0]);
    command.arg(&words[1..]);
    connection.command("", command).await.unwrap()
}

#[tokio::test]
async fn every_key_has_a_bounded_lifetime() {
    let Some((_server, connection)) = connect().await else { return };
    let limits = RedisRateLimits::with_connection(connection.clone());
    let clock = Arc::new(SystemClock) as _;
    for account in ["id", "other } account"] {
        limits.acquire(RateLimitRequest::new(account, &TEN, &clock)).await;
    }
    let keys: Vec<String> =
        connection.command("", redis::cmd("KEYS").arg("*").to_owned()).await.unwrap();
    assert_eq!(keys.len(), 2, "{keys:?}");
    for key in keys {
        assert!(key.starts_with("alicloud:limit:1:{Cdn/Ten/"), "{key}");
        let lifetime: i64 =
            connection.command("", redis::cmd("PTTL").arg(&key).to_owned()).await.unwrap();
        assert!((50_000..=62_000).contains(&lifetime), "{key}: {lifetime}");
    }
}

#[tokio::test(start_paused = true)]
async fn scripts_that_the_server_forgot_are_sent_again_with_their_state() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = TokioClock::start();
    let limits = RedisRateLimits::with_connection(connection.clone()).virtual_time();
    let (request, start) = (RateLimitRequest::new("id", &TEN, &clock), clock.elapsed());
    for _ in 0..5 {
        limits.acquire(request).await;
    }
    command(&connection, &["SCRIPT", "FLUSH"]).await;
    for _ in 0..6 {
        limits.acquire(request).await;
    }
    assert!(limits.is_shared());
    // The eleventh start waited for the window of the first.
    assert_eq!(clock.elapsed() - start, Duration::from_millis(1_060));
}

#[tokio::test(start_paused = true)]
async fn a_lost_state_costs_a_window() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = TokioClock::start();
    let limits = RedisRateLimits::with_connection(connection.clone()).virtual_time();
    let request = RateLimitRequest::new("id", &TEN, &clock);
    let start = clock.elapsed();
    limits.acquire(request).await;
    assert_eq!(clock.elapsed(), start);
    command(&connection, &["FLUSHALL"]).await;
    limits.acquire(request).await;
    assert_eq!(clock.elapsed() - start, Duration::from_millis(1_060));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_costs_at_most_a_window() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = SetClock::start();
    let limits = RedisRateLimits::with_connection(connection.clone()).virtual_time();
    let dynamic: Arc<dyn alicloud_core::Clock> = clock.clone();
    let request = RateLimitRequest::new("id", &TEN, &dynamic);
    for hours in [-10_i64, 10, -1, 1] {
        let start = tokio::time::Instant::now();
        for _ in 0..11 {
            limits.acquire(request).await;
        }
        // The last clock that was set is that of these starts.
        assert!(start.elapsed() < Duration::from_millis(2 * 1_060 + 100), "{:?}", start.elapsed());
        clock.set_by_hours(hours);
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_was_stopped_gives_up_its_reservations() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = TokioClock::start();
    let start = clock.elapsed();
    let [stopped, other] =
        [(); 2].map(|()| RedisRateLimits::with_connection(connection.clone()).virtual_time());
    let request = RateLimitRequest::new("id", &TEN, &clock);
    for _ in 0..10 {
        other.acquire(request).await;
    }
    // Reserves a start in the next window, and is not polled when it comes.
    let mut late = stopped.acquire(request);
    assert!(
        std::future::poll_fn(|context| Poll::Ready(late.as_mut().poll(context))).await.is_pending()
    );
    tokio::time::sleep(Duration::from_secs(3)).await;
    for _ in 0..10 {
        other.acquire(request).await;
    }
    let before = clock.elapsed() - start;
    late.await;
    assert!(clock.elapsed() - start >= before + Duration::from_millis(1_000), "{before:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_leaves_its_start_to_the_next_one() {
    let Some((_server, connection)) = connect().await else { return };
    let clock = TokioClock::start();
    let limits = RedisRateLimits::with_connection(connection.clone()).virtual_time();
    let request = RateLimitRequest::new("id", &TEN, &clock);
    for _ in 0..10 {
        limits.acquire(request).await;
    }
    let start = clock.elapsed();
    let (mut first, mut second) = (limits.acquire(request), limits.acquire(request));
    for future in [&mut first, &mut second] {
        assert!(
            std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context)))
                .await
                .is_pending()
        );
    }
    drop(first);
    second.await;
    assert_eq!(clock.elapsed() - start, Duration::from_millis(1_060));
}
