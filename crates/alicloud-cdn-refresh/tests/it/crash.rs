//! Killed at any moment, the command goes on from its state file: nothing is submitted twice, and
//! every object is accounted for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use alicloud_fake::{FakeService, ScriptedResponse, Simulation};
use futures_util::StreamExt as _;

use crate::process::Shell;

const MOMENTS: u64 = 50;
const AT_ONCE: usize = 6;
const OBJECTS: usize = 24;

/// When the command is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    After(Duration),
    /// When the service has decided on so many requests, before their answers arrive.
    AtRequest(usize),
}

fn moments() -> impl Iterator<Item = Moment> {
    // Xorshift: the same moments in each run, as far as a clock can have them.
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    (0..MOMENTS).map(move |index| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        match index % 3 {
            0 => Moment::After(Duration::from_millis(random % 600)),
            _ => Moment::AtRequest(1 + (random % (OBJECTS as u64 + 12)) as usize),
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_submitted_twice_and_nothing_is_lost() {
    let ends: Vec<(Moment, i32, bool)> =
        futures_util::stream::iter(moments()).map(one).buffer_unordered(AT_ONCE).collect().await;
    assert_eq!(ends.len(), MOMENTS as usize);
    let interrupted = ends.iter().filter(|(_, _, interrupted)| *interrupted).count();
    let unknown = ends.iter().filter(|(_, code, _)| *code == 4).count();
    println!(
        "{MOMENTS} kills, {interrupted} before the end, {unknown} with an answer that stays unknown"
    );
    assert!(interrupted > 30, "most kills come before the end: {ends:?}");
}

/// Kills the command at a moment and goes on. The result is how going on ended at first, and whether the
/// command was killed before its own end.
async fn one(moment: Moment) -> (Moment, i32, bool) {
    let (requests, victim) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU32::new(0)));
    let simulation = Simulation::new()
        .listing_delay(Duration::from_millis(150))
        .pending_duration(Duration::from_millis(50))
        .refresh_duration(Duration::from_millis(150))
        .daily_regexes(OBJECTS as u64);
    let fake = FakeService::builder()
        .simulation(simulation)
        .on_request({
            let (requests, victim) = (requests.clone(), victim.clone());
            move |_| {
                let count = requests.fetch_add(1, Ordering::SeqCst) + 1;
                let victim = victim.load(Ordering::SeqCst);
                if matches!(moment, Moment::AtRequest(at) if at == count) && victim != 0 {
                    kill(victim);
                }
            }
        })
        .start()
        .await
        .unwrap();
    // So that there are moments between them.
    for _ in 0..OBJECTS {
        let slow = ScriptedResponse::passthrough().delay(Duration::from_millis(15));
        fake.enqueue(slow.for_operation("RefreshObjectCaches"));
    }
    let shell = Shell::of(&fake);
    // Each a call of its own, and those of one domain and second share an id.
    let urls: Vec<String> =
        (0..OBJECTS).map(|n| format!(r"https://d{}.example/{n}/.*\.js", n % 3)).collect();
    let state = shell.path("purge.state");
    let mut args = vec![
        "refresh",
        "--kind",
        "regex",
        "--wait",
        "--poll-interval",
        "50ms",
        "--lookup-timeout",
        "8s",
    ];
    args.extend(["--state", state.to_str().unwrap()]);
    let new = [&args[..], &urls.iter().map(String::as_str).collect::<Vec<_>>()].concat();

    let child = shell.start(&new);
    victim.store(child.id(), Ordering::SeqCst);
    if let Moment::After(time) = moment {
        tokio::time::sleep(time).await;
        kill(child.id());
    }
    let interrupted = child.end().await.code != 0;
    victim.store(0, Ordering::SeqCst);

    // Killed before the file was there, nothing was sent.
    let mut run = match state.exists() {
        true => shell.run(&args).await,
        false => shell.run(&new).await,
    };
    let first = run.code;
    if first == 4 {
        // What it does not know was not carried out, and it says so of nothing else.
        let taken = times(&fake);
        for line in run.stdout.lines().filter(|line| line.starts_with("unknown")) {
            assert!(!taken.keys().any(|url| line.contains(url.as_str())), "{moment:?}: {line}");
        }
        args.push("--resend-unknown");
        run = shell.run(&args).await;
    }
    assert_eq!(run.code, 0, "{moment:?}: {run:?}");
    let expected: BTreeMap<String, usize> = urls.iter().map(|url| (url.clone(), 1)).collect();
    assert_eq!(times(&fake), expected, "{moment:?}: {run:?}");
    (moment, first, interrupted)
}

/// How often each object was submitted.
fn times(fake: &FakeService) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for url in fake.submissions().into_iter().flat_map(|one| one.objects) {
        *times.entry(url).or_default() += 1;
    }
    times
}

fn kill(process: u32) {
    // It may have ended by itself.
    let _ =
        std::process::Command::new("sh").args(["-c", &format!("kill -KILL {process}")]).status();
}
