//! Random submissions against the fake service, in virtual time: the network loses requests and
//! responses, the service throttles and has quotas, journals fail, and the program is killed and started
//! again. No object is submitted twice, and none is lost.
//!
//! `MODEL_SEED=17` runs one seed, which a failure prints. `MODEL_RUNS=10000` runs more than the default, as CI
//! does.

mod log;
mod network;
mod random;

use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{CallState, Error, Job, Plan, Planner, Quota, TargetKind};
use alicloud_core::testing::DeterministicNonce;
use alicloud_core::{Clock as _, Credentials};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Simulation};

use self::log::Log;
use self::network::{Network, VirtualClock};
use self::random::Random;

const RUNS: u64 = 1_000;

/// Longer than a request and its task need to be delivered and listed.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(8);

#[test]
fn random_runs_submit_nothing_twice_and_lose_nothing() {
    #[allow(clippy::disallowed_methods, reason = "options of this test")]
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("MODEL_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("MODEL_RUNS").unwrap_or(RUNS),
    };
    let runs = seeds.end - seeds.start;
    let (next, totals) = (AtomicU64::new(seeds.start), Totals::default());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZeroUsize::get) {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .start_paused(true)
                    .build()
                    .unwrap();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let _print_seed = PrintSeedOnPanic(seed);
                    runtime.block_on(World::run(seed, &totals));
                }
            });
        }
    });
    println!("seeds {seeds:?}: {totals:?}");
    // Every kind of event must happen often enough to mean something.
    if runs >= RUNS {
        let Totals { crashes, unknown, throttled, rejected, found } = &totals;
        for count in [crashes, unknown, throttled, rejected, found] {
            assert!(count.load(Ordering::Relaxed) > runs / 10, "{totals:?}");
        }
    }
}

/// How often something happened in all runs.
#[derive(Debug, Default)]
struct Totals {
    crashes: AtomicU64,
    unknown: AtomicU64,
    throttled: AtomicU64,
    rejected: AtomicU64,
    /// Calls that were found in the task list after their response was lost.
    found: AtomicU64,
}

struct PrintSeedOnPanic(u64);

impl Drop for PrintSeedOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("MODEL_SEED={} fails", self.0);
        }
    }
}

struct World {
    random: Random,
    clock: VirtualClock,
    service: Arc<FakeService>,
    network: Arc<Network>,
    has_tight_quota: bool,
    initial: Job,
    journal: Log,
}

impl World {
    async fn run(seed: u64, totals: &Totals) {
        let mut world = World::new(seed).await;
        for _ in 0..1 + world.random.below(3) {
            world.attempt(totals).await;
        }
        world.network.make_reliable();
        world.journal.is_reliable = true;
        let client = world.client();
        let job = world.submit_reliably(&client, false).await;
        world.assert_unknown_calls_were_not_executed(&job);
        let mut job = world.submit_reliably(&client, true).await;
        world.assert_everything_is_submitted_once(&job);
        let report = job.wait(&client).journal(&mut world.journal).await.unwrap();
        assert_eq!((report.counts().pending, report.counts().failed), (0, 0), "{report:?}");
        // What became final in any wait was recorded.
        assert_eq!(world.restored_job().report().counts(), report.counts());
        world.journal.count(totals);
    }

    async fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let clock = VirtualClock::new(Duration::ZERO);
        let has_tight_quota = random.chance(30);
        let service = FakeService::builder()
            .simulation(simulation(&mut random, has_tight_quota))
            .clock({
                let clock = clock.clone();
                move || clock.now()
            })
            .start()
            .await
            .unwrap();
        let service = Arc::new(service);
        let network = Arc::new(Network::new(service.clone(), random.fork()));
        let initial = Job::new(plan(&mut random));
        let journal = Log::new(random.fork(), clock.clone());
        // The clock of the program may be wrong by some minutes.
        let clock = VirtualClock::new(Duration::from_secs(random.below(300)));
        World { random, clock, service, network, has_tight_quota, initial, journal }
    }

    fn client(&mut self) -> Client {
        // They vary the backoff, so they have to follow from the seed.
        let nonces = DeterministicNonce::sequence(self.random.below(u64::MAX).to_string());
        Client::builder()
            .nonce_source(nonces)
            .endpoint(self.service.endpoint())
            .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
            .transport(self.network.clone())
            .clock(self.clock.clone())
            .build()
            .unwrap()
    }

    /// Returns the job as a program that starts now finds it.
    fn restored_job(&self) -> Job {
        let mut job = self.initial.clone();
        self.journal
            .events
            .iter()
            .for_each(|event| job.apply(&serde_json::from_str(event).unwrap()));
        job
    }

    /// Starts the program, and perhaps kills it.
    async fn attempt(&mut self, totals: &Totals) {
        let (mut job, client, clock) = (self.restored_job(), self.client(), self.clock.clone());
        let random = &mut self.random;
        let mut submit = job
            .submit(&client)
            .journal(&mut self.journal)
            .concurrency(1 + random.index(4))
            .include_deferred(random.chance(50))
            .lookup_timeout(LOOKUP_TIMEOUT);
        if random.chance(25) {
            submit = submit.timeout(random.duration(60_000));
        }
        if random.chance(25) {
            submit = submit.with_graceful_shutdown(clock.sleep(random.duration(20_000)));
        }
        let latest_kill = if random.chance(70) { 5_000 } else { 60_000 };
        let killed_after = match random.chance(60) {
            true => random.duration(latest_kill),
            false => Duration::from_secs(100_000),
        };
        let result = tokio::time::timeout(killed_after, submit.into_future()).await;
        match result {
            Ok(Ok(_)) => assert_eq!(self.restored_job(), job),
            Ok(Err(error)) => assert!(matches!(error, Error::Journal(_)), "{error:?}"),
            Err(_) => _ = totals.crashes.fetch_add(1, Ordering::Relaxed),
        }
        self.assert_nothing_is_submitted_twice();
        if self.random.chance(25) {
            self.wait_for_a_while().await;
        }
    }

    /// Waits for what was submitted, until the program is killed.
    async fn wait_for_a_while(&mut self) {
        let (mut job, client) = (self.restored_job(), self.client());
        let wait = job.wait(&client).journal(&mut self.journal).into_future();
        match tokio::time::timeout(self.random.duration(20_000), wait).await {
            Ok(Err(Error::Journal(_))) | Err(_) => {}
            Ok(Err(Error::Call(error))) => assert!(error.is_transient(), "{error:?}"),
            Ok(result) => assert_eq!(result.unwrap().counts().failed, 0),
        }
    }

    /// Submits until nothing changes, over a network and a journal without faults.
    async fn submit_reliably(&mut self, client: &Client, resend_unknown: bool) -> Job {
        let mut job = self.restored_job();
        for _ in 0..2 {
            // What is still on its way arrives.
            self.clock.sleep(Duration::from_secs(60)).await;
            let submit = job.submit(client).journal(&mut self.journal);
            let submit = submit.lookup_timeout(LOOKUP_TIMEOUT).include_deferred(true);
            let _ = submit.resend_unknown(resend_unknown).await.unwrap();
        }
        self.assert_nothing_is_submitted_twice();
        job
    }

    /// Returns how often each object was submitted as each kind.
    fn submissions(&self) -> BTreeMap<(String, String), usize> {
        let mut counts = BTreeMap::new();
        for submission in self.service.submissions() {
            for url in submission.objects {
                *counts.entry((submission.object_type.clone(), url)).or_default() += 1;
            }
        }
        counts
    }

    fn assert_nothing_is_submitted_twice(&self) {
        let submissions = self.submissions();
        assert!(submissions.values().all(|count| *count == 1), "{submissions:?}");
    }

    fn assert_unknown_calls_were_not_executed(&self, job: &Job) {
        let submissions = self.submissions();
        for call in job.calls().iter().filter(|call| call.state.is_response_lost()) {
            for object in &call.objects {
                let key = (object_type(call.kind), object.url.clone());
                assert!(!submissions.contains_key(&key), "{call:?}");
            }
        }
    }

    fn assert_everything_is_submitted_once(&self, job: &Job) {
        let mut expected = BTreeMap::new();
        for call in job.calls() {
            match &call.state {
                CallState::Sent { .. } => {
                    for object in &call.objects {
                        expected.insert((object_type(call.kind), object.url.clone()), 1);
                    }
                }
                // A call that is unknown stays so if it cannot be resent.
                CallState::Rejected { .. }
                | CallState::Planned { error: Some(_) }
                | CallState::Unknown { .. } => {
                    assert!(self.has_tight_quota, "{call:?}");
                }
                _ => panic!("{call:?}"),
            }
        }
        assert_eq!(self.submissions(), expected, "{job:?}");
    }
}

/// Returns the name of a kind in the task list.
fn object_type(kind: Option<TargetKind>) -> String {
    let name = match kind {
        Some(TargetKind::File) => "file",
        Some(TargetKind::Directory) => "directory",
        Some(TargetKind::Regex) => "regex",
        Some(TargetKind::Preload) => "preload",
        kind => panic!("{kind:?} is not planned"),
    };
    name.to_owned()
}

fn simulation(random: &mut Random, has_tight_quota: bool) -> Simulation {
    let quota = |random: &mut Random| if has_tight_quota { random.below(8) } else { 1_000 };
    Simulation::new()
        .listing_delay(random.duration(2_000))
        .pending_duration(random.duration(2_000))
        .refresh_duration(random.duration(5_000))
        .preload_duration(random.duration(5_000))
        .rate_limits(random.chance(50))
        .daily_files(quota(random))
        .daily_directories(quota(random))
        .daily_regexes(quota(random))
        .daily_preloads(quota(random))
        .files_per_minute(3 + random.below(10))
        .stale_reads(random.chance(50))
}

/// Returns a plan of up to 12 calls of several kinds and domains. Some URLs are submitted as two kinds, and
/// some calls are deferred.
fn plan(random: &mut Random) -> Plan {
    let mut planner = Planner::new();
    for domain in 0..1 + random.below(2) {
        let urls = |ending: &str, count: u64| -> Vec<String> {
            (0..count).map(|n| format!("https://d{domain}.example/{n}{ending}")).collect()
        };
        planner = planner
            .refresh(urls(".jpg", random.below(3)))
            .refresh_as(TargetKind::Directory, urls("/", random.below(2)))
            .refresh_as(TargetKind::Regex, urls("/.*", random.below(4)))
            .preload(urls(".jpg", random.below(2)));
    }
    let mut plan = planner.plan();
    if random.chance(25) {
        let mut quota = Quota::default();
        quota.files.remaining = Some(random.below(3));
        quota.regexes.remaining = Some(random.below(3));
        plan.truncate_to(&quota);
    }
    plan
}
