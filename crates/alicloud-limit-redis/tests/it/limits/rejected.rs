//! Servers that respond but cannot store the state: each process uses its share, and logs it once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::{Clock, Operation, RateLimitRequest, RateLimiter as _};
use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConfig, RedisRateLimits};

use super::simulation::{TokioClock, operation};
use super::state::command;
use crate::logs::Logs;

static TEN: Operation = operation("Ten", 10);
const KEY: &str = "alicloud:limit:1:{Cdn/Ten/id}";

/// Starts calls for 10 virtual seconds and returns their number.
async fn starts_in_ten_seconds(limits: &RedisRateLimits, clock: &Arc<dyn Clock>) -> usize {
    let end = clock.elapsed() + Duration::from_secs(10);
    let mut starts = 0;
    while clock.elapsed() < end {
        limits.acquire(RateLimitRequest::new("id", &TEN, clock)).await;
        starts += 1;
    }
    starts
}

/// Checks that one of five processes uses a fifth of the rate, and what is logged.
async fn check_share(config: RedisConfig, cause: &str) {
    let limits = RedisRateLimits::new(config).processes(5).virtual_time();
    let (clock, (logs, guard)) = (TokioClock::start(), Logs::capture());
    let starts = starts_in_ten_seconds(&limits, &clock).await;
    drop(guard);
    assert!((18..=22).contains(&starts), "{cause}: {starts} starts");
    assert!(!limits.is_shared());
    let lines = logs.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("WARN") && lines[0].contains(cause), "{lines:?}");
    assert!(!lines[0].contains("s3cr3t"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn full_memory() {
    let Some(server) = RedisProcess::builder().setting("maxmemory", "1").start() else { return };
    check_share(server.config(), "memory is full").await;
}

#[tokio::test(start_paused = true)]
async fn a_read_only_replica() {
    let Some(master) = RedisProcess::start() else { return };
    let of = format!("127.0.0.1 {}", master.port());
    let Some(replica) = RedisProcess::builder().setting("replicaof", &of).start() else { return };
    check_share(replica.config(), "read-only replica").await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_and_no_password() {
    let Some(server) = RedisProcess::builder().setting("requirepass", "s3cr3t-1").start() else {
        return;
    };
    check_share(server.config(), "requires a password").await;
    check_share(server.config().credentials("", "s3cr3t-2"), "rejected the password").await;
}

#[tokio::test(start_paused = true)]
async fn a_user_with_and_without_the_rights() {
    let builder = RedisProcess::builder()
        .setting("user", "reader on >s3cr3t ~alicloud:* +get +ping")
        .setting("user", "writer on >s3cr3t ~alicloud:limit:* +eval +evalsha +get +set +time");
    let Some(server) = builder.start() else { return };
    check_share(server.config().credentials("reader", "s3cr3t"), "ACL SETUSER reader").await;
    let config = server.config().credentials("writer", "s3cr3t");
    let (limits, clock) = (RedisRateLimits::new(config).virtual_time(), TokioClock::start());
    assert!(starts_in_ten_seconds(&limits, &clock).await > 90);
    assert!(limits.is_shared());
}

#[tokio::test(start_paused = true)]
async fn keys_of_other_programs_and_versions() {
    let Some(server) = RedisProcess::start() else { return };
    let connection = server.config().connect().await.unwrap();
    command(&connection, &["LPUSH", KEY, "1"]).await;
    check_share(server.config(), "another program").await;
    for value in ["", "text", "\u{81}\u{a7}version\u{2}"] {
        command(&connection, &["SET", KEY, value]).await;
        check_share(server.config(), "another version").await;
    }
    // The value is not damaged, and the limits are shared as soon as the key is gone.
    let clock = TokioClock::start();
    let changes = Arc::new(Mutex::new(Vec::new()));
    let collected = changes.clone();
    let limits = RedisRateLimits::new(server.config()).processes(5).virtual_time();
    let limits = limits.on_change(move |error| {
        collected.lock().unwrap().push(error.map(ToString::to_string));
    });
    starts_in_ten_seconds(&limits, &clock).await;
    {
        let changes = changes.lock().unwrap();
        let [Some(error)] = changes.as_slice() else { panic!("{changes:?}") };
        assert!(error.contains("another version wrote"), "{error}");
    }
    command(&connection, &["DEL", KEY]).await;
    let (logs, guard) = Logs::capture();
    assert!(starts_in_ten_seconds(&limits, &clock).await > 20);
    drop(guard);
    assert!(limits.is_shared());
    let lines = logs.lines();
    assert!(lines.len() == 1 && lines[0].contains("available again"), "{lines:?}");
    let changes = changes.lock().unwrap();
    assert!(changes.len() == 2 && changes[1].is_none(), "{changes:?}");
}
