//! Waits for many tasks, with faults of the service.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{Job, Plan};
use alicloud_core::{Credentials, RateLimits};
use alicloud_fake::{
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Faults, Simulation,
};

use crate::process::{Running, Shell};

const DESCRIBE_BY_ID: &str = "DescribeRefreshTaskById";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_ids_end_in_their_true_status() {
    let _ = wait_for(300, Duration::from_secs(5)).await;
}

/// Prints rate, memory and CPU usage:
/// `cargo test --release -p alicloud-cdn-refresh --test it five_thousand -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes two minutes, and the measurements depend on the machine"]
async fn five_thousand_ids_end_in_their_true_status() {
    let max_rate = wait_for(5_000, Duration::from_secs(40)).await;
    assert!(max_rate <= 30, "{max_rate} calls in a second");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_share_a_rate_limit_submit_everything() {
    let simulation =
        Simulation::new().listing_delay(Duration::ZERO).pending_duration(Duration::ZERO);
    let simulation = simulation.refresh_duration(Duration::from_millis(1));
    let fake = FakeService::builder().simulation(simulation).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    // They have more than a second of work, and start together.
    let start = |program: usize| {
        let urls: Vec<String> =
            (0..600).map(|n| format!("https://p{program}.example/{n}\n")).collect();
        let file = shell.write_file(&format!("{program}.txt"), &urls.concat());
        shell.spawn(&["refresh", "--batch-size", "10", "--wait", "--file", file.to_str().unwrap()])
    };
    let programs: Vec<Running> = (0..8).map(start).collect();
    for program in programs {
        let run = program.wait().await;
        assert_eq!(run.code, 0, "{run:?}");
    }
    let objects: usize = fake.submissions().iter().map(|call| call.objects.len()).sum();
    assert_eq!(objects, 8 * 600);
    let is_throttled = |code: &Option<String>| code.as_deref() == Some("TooManyRequests");
    assert!(fake.requests().iter().any(|request| is_throttled(&request.response.code)));
}

/// Waits for tasks with one id each. Returns the maximum number of calls that arrived within one second,
/// which is only meaningful on an idle machine: on a busy one, calls arrive in bursts.
#[allow(clippy::disallowed_methods, reason = "measures real time")]
async fn wait_for(ids: usize, refresh_duration: Duration) -> usize {
    let poll_times = Arc::new(Mutex::new(Vec::new()));
    let fake = FakeService::builder()
        .simulation(
            Simulation::new()
                .rate_limits(false)
                .listing_delay(refresh_duration / 10)
                .pending_duration(refresh_duration / 10)
                .refresh_duration(refresh_duration)
                .fail_matching("/broken/", "Origin Timeout")
                .task_status("/late/", "timeout")
                .task_status("/off/", "Canceled"),
        )
        .faults(
            Faults::new(5)
                .throttled(0.05)
                .connection_reset(0.01)
                .malformed_body(0.01)
                .only_operation(DESCRIBE_BY_ID),
        )
        .on_request({
            let poll_times = poll_times.clone();
            move |request| {
                if request.operation.as_deref() == Some(DESCRIBE_BY_ID) {
                    poll_times.lock().unwrap().push(Instant::now());
                }
            }
        })
        .record_limit(0)
        .start()
        .await
        .unwrap();

    // One domain per task, because the service gives calls of one domain and second the same id.
    let folders = ["fine", "fine", "fine", "fine", "fine", "fine", "fine", "broken", "late", "off"];
    let urls =
        (0..ids).map(|n| format!("https://d{n}.example/{}/app.js", folders[n % folders.len()]));
    let fast: Client = Client::builder()
        .endpoint(fake.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .rate_limiter(RateLimits::off())
        .build()
        .unwrap();
    let mut job = Job::new(Plan::refresh(urls));
    let _ = job.submit(&fast).concurrency(16).await.unwrap();
    let task_ids = job.task_ids().join(",");
    assert_eq!(job.task_ids().len(), ids);

    let shell = Shell::for_service(&fake);
    let start = Instant::now();
    let child = shell.spawn(&["wait", "--json", "--timeout", "10m", &task_ids]);
    let usage = watch(&child);
    let run = child.wait().await;
    let elapsed = start.elapsed();
    let usage = usage.await.unwrap();
    assert_eq!(run.code, 1, "expected only failed objects: {}", run.stderr);

    let expected: BTreeMap<String, &str> = fake
        .tasks()
        .into_iter()
        .filter(|task| task.object_path.contains(".example/"))
        .map(|task| {
            let status = if task.status == "Complete" { "live" } else { "failed" };
            (task.object_path, status)
        })
        .collect();
    let reported: BTreeMap<String, String> = run
        .json_lines()
        .iter()
        .filter(|line| line["type"] == "object")
        .map(|line| {
            (line["url"].as_str().unwrap().to_owned(), line["status"].as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(reported.len(), ids);
    for (url, status) in &reported {
        assert_eq!(expected.get(url), Some(&status.as_str()), "{url}");
    }

    let poll_times = poll_times.lock().unwrap();
    let max_rate = poll_times
        .iter()
        .enumerate()
        .map(|(first, start)| {
            poll_times[first..]
                .iter()
                .take_while(|time| **time - *start < Duration::from_secs(1))
                .count()
        })
        .max()
        .unwrap();
    println!(
        "{ids} ids: {:.1} s, {} calls, at most {max_rate} in a second",
        elapsed.as_secs_f64(),
        poll_times.len()
    );
    if let Some(Usage { megabytes, cpu_seconds }) = usage {
        let percent = 100.0 * cpu_seconds / elapsed.as_secs_f64();
        println!(
            "peak memory {megabytes:.1} MB, CPU {cpu_seconds:.2} s = {percent:.1} % of a core"
        );
        assert!(megabytes < 50.0, "{megabytes} MB");
    }
    max_rate
}

/// Resource usage of a process.
struct Usage {
    /// Peak memory.
    megabytes: f64,
    cpu_seconds: f64,
}

/// Polls a process until it ends. Returns its last known usage, or `None` where `/proc` does not exist.
fn watch(child: &Running) -> tokio::task::JoinHandle<Option<Usage>> {
    let process = child.pid();
    tokio::spawn(async move {
        let mut last = None;
        while let Some(usage) = usage_of(process) {
            last = Some(usage);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        last
    })
}

fn usage_of(process: u32) -> Option<Usage> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = peak.split_whitespace().next()?.parse().ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The state and the numbers follow the name in parentheses.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some(Usage {
        megabytes: kilobytes / 1024.0,
        cpu_seconds: (ticks(11)? + ticks(12)?) / TICKS_PER_SECOND,
    })
}
