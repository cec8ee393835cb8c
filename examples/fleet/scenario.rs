//! A run of the fleet with one Redis server, and what is expected of it.

use std::error::Error;
use std::process::Stdio;
use std::time::Duration;

use alicloud_fake::{Account, FakeService, Faults, Simulation};
use alicloud_limit_redis::testing::RedisProcess;
use tokio::process::{Child, Command};

use crate::arrivals::{Arrivals, max_per_second};

const PROCESSES: usize = 20;
const CALLS: usize = 500;
const RATE: f64 = 50.0;

/// A run, and what happens to Redis during it.
pub(crate) struct Scenario {
    pub(crate) title: &'static str,
    pub(crate) outages: Vec<Outage>,
    pub(crate) max_starts_per_second: usize,
}

/// An outage of Redis, a number of seconds after the previous one.
pub(crate) enum Outage {
    /// The server is killed, and started again without its data.
    Kill { after_seconds: u64, seconds: u64 },
    /// The server is suspended.
    Suspend { after_seconds: u64, seconds: u64 },
}

/// What a process printed.
#[derive(Default)]
struct Report {
    succeeded: usize,
    without_result: usize,
    throttled: usize,
    seconds: f64,
    cpu_milliseconds: f64,
}

impl Scenario {
    /// Runs the fleet, prints what the service counted, and returns what differs from what is expected.
    pub(crate) async fn run(self) -> Result<Vec<String>, Box<dyn Error>> {
        println!("\n{}: {PROCESSES} processes × {CALLS} calls, {RATE} per second", self.title);
        let mut redis = RedisProcess::start().ok_or("redis-server is not installed")?;
        let arrivals = Arrivals::default();
        let fake = service(&arrivals).await?;
        let mut children = Vec::new();
        for number in 0..PROCESSES {
            children.push(start_worker(fake.endpoint(), &redis.url(), number)?);
        }
        let outages = async {
            for outage in self.outages {
                outage.happen(&mut redis).await;
            }
            // Not before the processes have ended.
            std::future::pending::<()>().await;
        };
        let reports = tokio::select! {
            reports = collect(children) => reports?,
            () = outages => Vec::new(),
        };
        Ok(evaluate(&reports, &arrivals, self.max_starts_per_second))
    }
}

impl Outage {
    async fn happen(&self, redis: &mut RedisProcess) {
        let (Outage::Kill { after_seconds, seconds } | Outage::Suspend { after_seconds, seconds }) =
            *self;
        tokio::time::sleep(Duration::from_secs(after_seconds)).await;
        match self {
            Outage::Kill { .. } => {
                redis.kill();
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                redis.restart();
                println!("  Redis was killed, and restarted after {seconds} s");
            }
            Outage::Suspend { .. } => {
                redis.pause();
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                redis.resume();
                println!("  Redis was suspended for {seconds} s");
            }
        }
    }
}

/// Starts a service that accepts 50 calls in any second, and lets 5 % of them fail.
async fn service(arrivals: &Arrivals) -> Result<FakeService, Box<dyn Error>> {
    let faults = Faults::new(1).connection_reset(0.02).response_lost(0.015).malformed_body(0.015);
    let arrivals = arrivals.clone();
    let builder = FakeService::builder()
        .simulation(Simulation::new().daily_files(1_000_000))
        .faults(faults)
        .record_limit(0)
        .on_request(move |request| arrivals.record(request));
    let accounts = (0..PROCESSES).map(|number| Account::new(format!("key-{number}"), "secret"));
    Ok(accounts.fold(builder, |builder, account| builder.account(account)).start().await?)
}

fn start_worker(endpoint: &str, redis: &str, number: usize) -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .args(["worker", endpoint, redis, &number.to_string(), &CALLS.to_string()])
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

async fn collect(children: Vec<Child>) -> Result<Vec<Report>, Box<dyn Error>> {
    let mut reports = Vec::new();
    for child in children {
        let output = child.wait_with_output().await?;
        if !output.status.success() {
            return Err(format!("a process failed: {}", output.status).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let [succeeded, without_result, throttled, seconds, cpu_milliseconds] =
            text.split_whitespace().map(str::parse::<f64>).collect::<Result<Vec<_>, _>>()?[..]
        else {
            return Err(format!("a process printed {text:?}").into());
        };
        let count = |number: f64| number as usize;
        reports.push(Report {
            succeeded: count(succeeded),
            without_result: count(without_result),
            throttled: count(throttled),
            seconds,
            cpu_milliseconds,
        });
    }
    Ok(reports)
}

/// Prints the numbers, and returns what differs from what is expected.
fn evaluate(reports: &[Report], arrivals: &Arrivals, max_starts: usize) -> Vec<String> {
    let sum = |number: fn(&Report) -> usize| reports.iter().map(number).sum::<usize>();
    let times = arrivals.times();
    let (starts, most) = (times.len(), max_per_second(&times));
    let seconds = times.last().copied().unwrap_or_default().as_secs_f64();
    let ideal = (starts as f64 / RATE - 1.0).max(1.0);
    let mut durations: Vec<f64> = reports.iter().map(|report| report.seconds).collect();
    durations.sort_unstable_by(f64::total_cmp);
    let slowest = durations.last().copied().unwrap_or_default();
    let median = durations.get(durations.len() / 2).copied().unwrap_or_default();
    let cpu: f64 = reports.iter().map(|report| report.cpu_milliseconds).sum();
    let (succeeded, lost) = (sum(|report| report.succeeded), sum(|report| report.throttled));
    println!(
        "  calls: {succeeded} succeeded, {} without a result because of a fault, {lost} lost to throttling",
        sum(|report| report.without_result)
    );
    println!(
        "  the service counted {starts} starts, {} of them throttled, at most {most} in a second",
        arrivals.throttled()
    );
    println!(
        "  {seconds:.1} s, {:.3} × the ideal {ideal:.1} s; slowest process {:.3} × the median",
        seconds / ideal,
        slowest / median
    );
    println!(
        "  CPU of the processes: {:.0} µs per start, everything included",
        cpu * 1_000.0 / starts as f64
    );
    let mut failures = Vec::new();
    let ended = succeeded + sum(|report| report.without_result);
    if ended != PROCESSES * CALLS {
        failures.push(format!("{ended} of {} calls ended without throttling", PROCESSES * CALLS));
    }
    if most > max_starts {
        failures.push(format!("{most} starts in a second, {max_starts} are allowed"));
    }
    failures
}
