//! Many tasks waited for at once, from a service that is not at its best.

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

const LOOK: &str = "DescribeRefreshTaskById";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_object_of_three_hundred_ids_ends_in_its_true_state() {
    let _ = wait_for(300, Duration::from_secs(5)).await;
}

/// The numbers of the whole thing, for the one who wants to see them:
/// `cargo test --release -p alicloud-cdn-refresh --test it five_thousand -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes two minutes, and what it measures depends on the machine"]
async fn every_object_of_five_thousand_ids_ends_in_its_true_state() {
    let most = wait_for(5_000, Duration::from_secs(40)).await;
    assert!(most <= 30, "{most} calls in a second");
}

/// Waits for tasks that each have an id of their own. The result is the most calls that arrived within one
/// second, which on a machine that is busy with something else says little: then they arrive in heaps.
#[allow(clippy::disallowed_methods, reason = "what is measured is real time")]
async fn wait_for(ids: usize, takes: Duration) -> usize {
    let looks = Arc::new(Mutex::new(Vec::new()));
    let fake = FakeService::builder()
        .simulation(
            Simulation::new()
                .rate_limits(false)
                .listing_delay(takes / 10)
                .pending_duration(takes / 10)
                .refresh_duration(takes)
                .fail_matching("/broken/", "Origin Timeout")
                .task_status("/late/", "timeout")
                .task_status("/off/", "Canceled"),
        )
        .faults(
            Faults::new(5)
                .throttled(0.05)
                .connection_reset(0.01)
                .malformed_body(0.01)
                .only_operation(LOOK),
        )
        .on_request({
            let looks = looks.clone();
            move |request| {
                if request.operation.as_deref() == Some(LOOK) {
                    looks.lock().unwrap().push(Instant::now());
                }
            }
        })
        .record_limit(0)
        .start()
        .await
        .unwrap();

    // A domain each, because the service merges what a domain submits in one second.
    let parts = ["fine", "fine", "fine", "fine", "fine", "fine", "fine", "broken", "late", "off"];
    let urls = (0..ids).map(|n| format!("https://d{n}.example/{}/app.js", parts[n % parts.len()]));
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

    let shell = Shell::of(&fake);
    let begun = Instant::now();
    let child = shell.start(&["wait", "--json", "--timeout", "10m", &task_ids]);
    let watched = watch(&child);
    let run = child.end().await;
    let took = begun.elapsed();
    let used = watched.await.unwrap();
    assert_eq!(run.code, 1, "some have failed, and nothing else is wrong: {}", run.stderr);

    let truth: BTreeMap<String, &str> = fake
        .tasks()
        .into_iter()
        .filter(|task| task.object_path.contains(".example/"))
        .map(|task| {
            let status = if task.status == "Complete" { "live" } else { "failed" };
            (task.object_path, status)
        })
        .collect();
    let told: BTreeMap<String, String> = run
        .json()
        .iter()
        .filter(|line| line["type"] == "object")
        .map(|line| {
            (line["url"].as_str().unwrap().to_owned(), line["status"].as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(told.len(), ids);
    for (url, status) in &told {
        assert_eq!(truth.get(url), Some(&status.as_str()), "{url}");
    }

    let looks = looks.lock().unwrap();
    let most = looks
        .iter()
        .enumerate()
        .map(|(first, start)| {
            looks[first..]
                .iter()
                .take_while(|look| **look - *start < Duration::from_secs(1))
                .count()
        })
        .max()
        .unwrap();
    println!(
        "{ids} ids: {:.1} s, {} calls, at most {most} in a second",
        took.as_secs_f64(),
        looks.len()
    );
    if let Some(Used { megabytes, seconds }) = used {
        let percent = 100.0 * seconds / took.as_secs_f64();
        println!("memory {megabytes:.1} MB at most, CPU {seconds:.2} s = {percent:.1} % of a core");
        assert!(megabytes < 50.0, "{megabytes} MB");
    }
    most
}

/// What a process has used in all.
struct Used {
    megabytes: f64,
    seconds: f64,
}

/// Looks at a process until it ends; the result is what it was seen to use last, where that can be seen.
fn watch(child: &Running) -> tokio::task::JoinHandle<Option<Used>> {
    let process = child.id();
    tokio::spawn(async move {
        let mut last = None;
        while let Some(used) = used(process) {
            last = Some(used);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        last
    })
}

fn used(process: u32) -> Option<Used> {
    const TICKS_A_SECOND: f64 = 100.0;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = peak.split_whitespace().next()?.parse().ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name, which stands in parentheses, come the state and then numbers.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some(Used {
        megabytes: kilobytes / 1024.0,
        seconds: (ticks(11)? + ticks(12)?) / TICKS_A_SECOND,
    })
}
