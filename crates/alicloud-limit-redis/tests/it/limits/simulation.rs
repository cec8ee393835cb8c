//! Simulated processes: the script of the real server in the paused time of tokio.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_core::{BoxFuture, Clock, Operation, Product, RateLimitRequest, RateLimiter as _};
use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConnection, RedisRateLimits};

pub(super) static PRODUCT: Product = Product::new("Cdn", "2018-05-10");

pub(super) const fn operation(name: &'static str, rate: u32) -> Operation {
    Operation::rpc(&PRODUCT, name).with_rate_limit(rate)
}

/// The time of a tokio runtime; it stands still while a task runs if the runtime is paused.
#[derive(Debug)]
pub(super) struct TokioClock(tokio::time::Instant);

impl TokioClock {
    pub(super) fn start() -> Arc<dyn Clock> {
        Arc::new(TokioClock(tokio::time::Instant::now()))
    }
}

impl Clock for TokioClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        // A year, so that the time of the server is no small number.
        Duration::from_secs(31_536_000) + self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock whose time can be set, as the clock of a server.
#[derive(Debug)]
pub(super) struct SetClock {
    time: Arc<dyn Clock>,
    hours: std::sync::atomic::AtomicI64,
}

impl SetClock {
    pub(super) fn start() -> Arc<SetClock> {
        Arc::new(SetClock { time: TokioClock::start(), hours: 0.into() })
    }

    pub(super) fn set_by_hours(&self, hours: i64) {
        self.hours.fetch_add(hours, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        let hours = self.hours.load(std::sync::atomic::Ordering::Relaxed);
        let seconds = self.time.elapsed().as_secs_f64() + 3_600.0 * hours as f64;
        Duration::from_micros((seconds * 1e6).round() as u64)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.time.sleep(duration)
    }
}

/// The clock of a machine that wakes every task 40 ms too late.
#[derive(Debug)]
pub(super) struct LateClock(pub(super) Arc<dyn Clock>);

impl Clock for LateClock {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration + Duration::from_millis(40))
    }
}

/// The start of each call, and which process made it.
#[derive(Clone, Default)]
pub(super) struct Starts(Arc<Mutex<Vec<(Duration, usize)>>>);

impl Starts {
    pub(super) fn record(&self, time: Duration, process: usize) {
        self.0.lock().unwrap().push((time, process));
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Returns the number of starts after a time.
    pub(super) fn count_since(&self, since: Duration) -> usize {
        self.0.lock().unwrap().iter().filter(|(time, _)| *time > since).count()
    }

    /// Returns the most starts in any window of one second.
    pub(super) fn most_in_a_second(&self) -> usize {
        let mut times: Vec<_> = self.0.lock().unwrap().iter().map(|(time, _)| *time).collect();
        times.sort();
        let in_second = |(index, first): (usize, &Duration)| {
            times[index..].partition_point(|time| *time < *first + Duration::from_secs(1))
        };
        times.iter().enumerate().map(in_second).max().unwrap_or_default()
    }

    /// Returns the number of starts of each process.
    pub(super) fn of_processes(&self, processes: usize) -> Vec<usize> {
        let mut counts = vec![0; processes];
        for (_, process) in &*self.0.lock().unwrap() {
            counts[*process] += 1;
        }
        counts
    }

    /// Returns Jain's fairness index of the starts of the processes: 1 if all are equal.
    pub(super) fn fairness(&self, processes: usize) -> f64 {
        let counts = self.of_processes(processes);
        let sum: usize = counts.iter().sum();
        let squares: usize = counts.iter().map(|count| count * count).sum();
        (sum * sum) as f64 / (processes * squares) as f64
    }
}

/// Runs processes with these numbers of callers for a time. Each caller starts calls of 50 ms, one after the other.
pub(super) async fn simulate(
    connection: &RedisConnection,
    operation: &'static Operation,
    callers: &[usize],
    duration: Duration,
) -> Starts {
    let clock = TokioClock::start();
    let end = clock.elapsed() + duration;
    let starts = Starts::default();
    let mut tasks = tokio::task::JoinSet::new();
    for (process, callers) in callers.iter().enumerate() {
        let limits = RedisRateLimits::with_connection(connection.clone()).virtual_time();
        for _ in 0..*callers {
            let (limits, clock, starts) = (limits.clone(), clock.clone(), starts.clone());
            tasks.spawn(async move {
                loop {
                    limits.acquire(RateLimitRequest::new("id", operation, &clock)).await;
                    if clock.elapsed() >= end {
                        return;
                    }
                    starts.record(clock.elapsed(), process);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
        }
    }
    tasks.join_all().await;
    starts
}

/// Returns a server and a connection to it, which is open before the time is paused.
pub(super) async fn connect() -> Option<(RedisProcess, RedisConnection)> {
    let server = RedisProcess::start()?;
    let connection = server.config().connect().await.unwrap();
    Some((server, connection))
}
