//! Servers that are killed, restarted or paused. Real time, with wide bounds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use alicloud_core::{BoxFuture, Clock, Operation, RateLimitRequest, RateLimiter as _, SystemClock};
use alicloud_limit_redis::RedisRateLimits;
use alicloud_limit_redis::testing::RedisProcess;
use tokio::task::JoinSet;

use super::simulation::{Starts, operation};

static FORTY: Operation = operation("Forty", 40);
const PROCESSES: usize = 8;

/// Processes of this test that start calls until they are stopped.
struct Fleet {
    limits: Vec<RedisRateLimits>,
    starts: Starts,
    stops: Arc<AtomicBool>,
    tasks: JoinSet<()>,
}

impl Fleet {
    fn start(server: &RedisProcess) -> Fleet {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (starts, stops) = (Starts::default(), Arc::new(AtomicBool::new(false)));
        let mut fleet = Fleet { limits: Vec::new(), starts, stops, tasks: JoinSet::new() };
        for process in 0..PROCESSES {
            let limits = RedisRateLimits::new(server.config());
            fleet.limits.push(limits.clone());
            for _ in 0..10 {
                let (limits, clock) = (limits.clone(), clock.clone());
                let (starts, stops) = (fleet.starts.clone(), fleet.stops.clone());
                fleet.tasks.spawn(async move {
                    while !stops.load(Ordering::Relaxed) {
                        limits.acquire(RateLimitRequest::new("id", &FORTY, &clock)).await;
                        starts.record(clock.elapsed(), process);
                        clock.sleep(Duration::from_millis(20)).await;
                    }
                });
            }
        }
        fleet
    }

    async fn wait_until(&self, what: &str, condition: impl Fn(&RedisRateLimits) -> bool) {
        let deadline = SystemClock.elapsed() + Duration::from_secs(30);
        while !self.limits.iter().all(&condition) {
            assert!(SystemClock.elapsed() < deadline, "not {what}");
            SystemClock.sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for this many further starts.
    async fn wait_for_starts(&self, count: usize) {
        let (before, deadline) =
            (self.starts.count(), SystemClock.elapsed() + Duration::from_secs(30));
        while self.starts.count() < before + count {
            assert!(SystemClock.elapsed() < deadline, "{} starts", self.starts.count() - before);
            SystemClock.sleep(Duration::from_millis(20)).await;
        }
    }

    async fn stop(mut self) {
        self.stops.store(true, Ordering::Relaxed);
        while self.tasks.join_next().await.is_some() {}
        let (most, counts) = (self.starts.most_in_a_second(), self.starts.of_processes(PROCESSES));
        println!("{} starts, at most {most} in a second, {counts:?}", self.starts.count());
        // Twice the rate, and starts that a loaded machine delays.
        assert!(most <= 2 * 40 + 8, "{most}");
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_killed_and_restarted() {
    let Some(mut server) = RedisProcess::start() else { return };
    let fleet = Fleet::start(&server);
    fleet.wait_for_starts(60).await;
    for _ in 0..2 {
        server.kill();
        fleet.wait_until("in fallback", |limits| !limits.is_shared()).await;
        fleet.wait_for_starts(40).await;
        server.restart();
        fleet.wait_until("shared", RedisRateLimits::is_shared).await;
        fleet.wait_for_starts(40).await;
    }
    fleet.stop().await;
}

#[tokio::test]
async fn a_server_that_is_paused() {
    let Some(server) = RedisProcess::start() else { return };
    let fleet = Fleet::start(&server);
    fleet.wait_for_starts(60).await;
    server.pause();
    fleet.wait_until("in fallback", |limits| !limits.is_shared()).await;
    fleet.wait_for_starts(80).await;
    server.resume();
    fleet.wait_until("shared", RedisRateLimits::is_shared).await;
    fleet.wait_for_starts(60).await;
    fleet.stop().await;
}

#[test]
fn limits_outlive_the_runtime_of_the_first_caller() {
    let Some(server) = RedisProcess::start() else { return };
    let limits = RedisRateLimits::new(server.config());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            for _ in 0..30 {
                limits.acquire(RateLimitRequest::new("id", &FORTY, &clock)).await;
            }
        });
    }
    assert!(limits.is_shared());
}

/// A clock that panics when it is read on the thread of the connections.
#[derive(Debug)]
struct PanickingClock;

impl Clock for PanickingClock {
    fn now(&self) -> SystemTime {
        SystemClock.now()
    }

    fn elapsed(&self) -> Duration {
        assert_ne!(std::thread::current().name(), Some("alicloud-redis"), "as the test intends");
        SystemClock.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        SystemClock.sleep(duration)
    }
}

#[tokio::test]
async fn calls_start_although_a_request_panics() {
    let Some(server) = RedisProcess::start() else { return };
    let limits = RedisRateLimits::new(server.config()).processes(1);
    let clock: Arc<dyn Clock> = Arc::new(PanickingClock);
    let starts = async {
        for _ in 0..3 {
            limits.acquire(RateLimitRequest::new("id", &FORTY, &clock)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), starts).await.unwrap();
    assert!(!limits.is_shared());
}
