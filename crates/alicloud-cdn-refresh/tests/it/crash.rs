//! Kills the command at many points in time and resumes it from its state file: nothing is submitted
//! twice, and every object is accounted for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use alicloud_fake::{FakeService, ScriptedResponse, Simulation};
use futures_util::StreamExt as _;

use crate::process::{Shell, kill, submission_counts};

const KILL_COUNT: u64 = 50;
const CONCURRENCY: usize = 6;
const OBJECT_COUNT: usize = 24;

/// When the command is killed.
#[derive(Debug, Clone, Copy)]
enum KillPoint {
    After(Duration),
    /// When the service has processed this many requests, before their responses arrive.
    AtRequest(usize),
}

fn kill_points() -> impl Iterator<Item = KillPoint> {
    // Xorshift, so that every run uses the same points.
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    (0..KILL_COUNT).map(move |index| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        match index % 3 {
            0 => KillPoint::After(Duration::from_millis(random % 600)),
            _ => KillPoint::AtRequest(1 + (random % (OBJECT_COUNT as u64 + 12)) as usize),
        }
    })
}

/// What a killed and resumed command came to.
#[derive(Debug)]
struct KillResult {
    /// Exit code of the first resumed run.
    resume_code: i32,
    /// Whether the command was killed before it had finished.
    was_interrupted: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_commands_submit_nothing_twice_and_lose_nothing() {
    let results: Vec<(KillPoint, KillResult)> = futures_util::stream::iter(kill_points())
        .map(async |point| (point, kill_and_resume(point).await))
        .buffer_unordered(CONCURRENCY)
        .collect()
        .await;
    assert_eq!(results.len(), KILL_COUNT as usize);
    let interrupted = results.iter().filter(|(_, result)| result.was_interrupted).count();
    let unknown = results.iter().filter(|(_, result)| result.resume_code == 4).count();
    println!(
        "{KILL_COUNT} kills, {interrupted} before the end, {unknown} with a response that stays lost"
    );
    assert!(interrupted > 30, "too few kills before the end: {results:?}");
}

async fn kill_and_resume(point: KillPoint) -> KillResult {
    let (request_count, target_pid) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU32::new(0)));
    let simulation = Simulation::new()
        .listing_delay(Duration::from_millis(150))
        .pending_duration(Duration::from_millis(50))
        .refresh_duration(Duration::from_millis(150))
        .daily_regexes(OBJECT_COUNT as u64);
    let fake = FakeService::builder()
        .simulation(simulation)
        .on_request({
            let (request_count, target_pid) = (request_count.clone(), target_pid.clone());
            move |_| {
                let count = request_count.fetch_add(1, Ordering::SeqCst) + 1;
                let pid = target_pid.load(Ordering::SeqCst);
                if matches!(point, KillPoint::AtRequest(at) if at == count) && pid != 0 {
                    kill(pid);
                }
            }
        })
        .start()
        .await
        .unwrap();
    // Spreads the calls over time, so that kills fall between them.
    for _ in 0..OBJECT_COUNT {
        let slow = ScriptedResponse::passthrough().delay(Duration::from_millis(15));
        fake.enqueue(slow.for_operation("RefreshObjectCaches"));
    }
    let shell = Shell::for_service(&fake);
    // Regular expressions get a call each, and calls of one domain and second share a task id.
    let urls: Vec<String> =
        (0..OBJECT_COUNT).map(|n| format!(r"https://d{}.example/{n}/.*\.js", n % 3)).collect();
    let state = shell.path("purge.state");
    let mut resume_args = vec![
        "refresh",
        "--kind",
        "regex",
        "--wait",
        "--poll-interval",
        "50ms",
        "--lookup-timeout",
        "8s",
    ];
    resume_args.extend(["--state", state.to_str().unwrap()]);
    let start_args =
        [&resume_args[..], &urls.iter().map(String::as_str).collect::<Vec<_>>()].concat();

    let child = shell.spawn(&start_args);
    target_pid.store(child.pid(), Ordering::SeqCst);
    if let KillPoint::After(delay) = point {
        tokio::time::sleep(delay).await;
        kill(child.pid());
    }
    let was_interrupted = child.wait().await.code != 0;
    target_pid.store(0, Ordering::SeqCst);

    // Without a state file nothing was sent.
    let mut run = match state.exists() {
        true => shell.run(&resume_args).await,
        false => shell.run(&start_args).await,
    };
    let resume_code = run.code;
    if resume_code == 4 {
        // Objects reported as unknown must not have been submitted.
        let submitted = submission_counts(&fake);
        assert!(run.stderr.contains("unknown"), "{point:?}: {run:?}");
        for url in submitted.keys() {
            assert!(!run.stderr.contains(url.as_str()), "{point:?}: {url} was submitted: {run:?}");
        }
        resume_args.push("--resend-unknown");
        run = shell.run(&resume_args).await;
    }
    assert_eq!(run.code, 0, "{point:?}: {run:?}");
    let expected: BTreeMap<String, usize> = urls.iter().map(|url| (url.clone(), 1)).collect();
    assert_eq!(submission_counts(&fake), expected, "{point:?}: {run:?}");
    KillResult { resume_code, was_interrupted }
}
