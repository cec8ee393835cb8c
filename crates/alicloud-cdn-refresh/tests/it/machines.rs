//! Jobs that move between machines: processes of the command with folders of their own, one Redis server and one
//! account.
//!
//! `MACHINES_KILLS=30 MACHINES_URLS=5000` makes the first test longer, and `MACHINES_SEED` changes its delays.

mod limits;
mod suspended;

use std::collections::BTreeMap;
use std::time::Duration;

use alicloud_core::credentials::Variables;
use alicloud_fake::{FakeService, ScriptedResponse, Simulation};
use alicloud_limit_redis::testing::RedisProcess;

use crate::process::{Running, Shell, kill, submission_counts};

const LEASE: &str = "700ms";
/// Longer than the lease.
const AFTER_LEASE: Duration = Duration::from_millis(1200);

/// Machines that run one job.
struct Fleet {
    server: RedisProcess,
    fake: FakeService,
    machines: Vec<Shell>,
    urls: Vec<String>,
    lease: &'static str,
}

impl Fleet {
    /// Creates three machines with calls that take some time, so that kills fall between them.
    async fn new(server: RedisProcess, url_count: usize) -> Self {
        let simulation = Simulation::new()
            .listing_delay(Duration::from_millis(150))
            .pending_duration(Duration::from_millis(50))
            .refresh_duration(Duration::from_millis(150));
        let fake = FakeService::builder().simulation(simulation).start().await.unwrap();
        let urls: Vec<String> =
            (0..url_count).map(|n| format!("https://d{}.example/{n}", n % 3)).collect();
        let machines: Vec<Shell> = (0..3).map(|_| Shell::for_service(&fake)).collect();
        for machine in &machines {
            machine.write_file("urls.txt", &urls.join("\n"));
        }
        let fleet = Fleet { server, fake, machines, urls, lease: LEASE };
        fleet.slow_down(url_count);
        fleet
    }

    fn slow_down(&self, calls: usize) {
        for _ in 0..calls {
            let slow = ScriptedResponse::passthrough().delay(Duration::from_millis(110));
            self.fake.enqueue(slow.for_operation("RefreshObjectCaches"));
        }
    }

    fn state(&self) -> String {
        format!("{}/release-42", self.server.url())
    }

    /// Starts the command on a machine: always the same command.
    fn start(&self, machine: usize, batch_size: usize, options: &[&str]) -> Running {
        let shell = &self.machines[machine];
        let file = shell.path("urls.txt");
        let (state, batch_size) = (self.state(), batch_size.to_string());
        let mut args = vec!["refresh", "--wait", "--poll-interval", "100ms"];
        // One search is enough: the lease of a lost machine lasts longer than the service takes to list a task.
        args.extend(["--lookup-timeout", "0s", "--lease", self.lease]);
        args.extend(["--state", &state, "--batch-size", &batch_size]);
        args.extend(["--file", file.to_str().unwrap()]);
        args.extend(options);
        shell.spawn(&args)
    }

    async fn wait_for_submissions(&self, count: usize) {
        while self.fake.submissions().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends the job on a machine: what stays unknown was not submitted, and is resent.
    async fn finish(&self, machine: usize, batch_size: usize) -> i32 {
        let run = self.start(machine, batch_size, &["--json"]).wait().await;
        match run.code {
            4 => {
                let submitted = submission_counts(&self.fake);
                let lines = run.json_lines();
                let unknown = lines.iter().filter(|line| line["status"] == "unknown");
                let unknown: Vec<&str> =
                    unknown.map(|line| line["url"].as_str().unwrap()).collect();
                assert!(!unknown.is_empty(), "{run:?}");
                unknown
                    .iter()
                    .for_each(|url| assert!(!submitted.contains_key(*url), "{url}: {run:?}"));
                let run = self.start(machine, batch_size, &["--resend-unknown"]).wait().await;
                assert_eq!(run.code, 0, "{run:?}");
            }
            code => assert_eq!(code, 0, "{run:?}"),
        }
        self.assert_submitted_once();
        run.code
    }

    fn assert_submitted_once(&self) {
        let expected: BTreeMap<String, usize> =
            self.urls.iter().map(|url| (url.clone(), 1)).collect();
        assert_eq!(submission_counts(&self.fake), expected);
    }
}

fn durable_server() -> Option<RedisProcess> {
    RedisProcess::builder().setting("appendonly", "yes").setting("appendfsync", "always").start()
}

fn number(variable: &str, default: usize) -> usize {
    let text = Variables::from_env().text(variable).unwrap();
    text.map_or(default, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_is_killed_on_one_machine_continues_on_another() {
    let Some(server) = durable_server() else { return };
    let (kills, url_count) = (number("MACHINES_KILLS", 5), number("MACHINES_URLS", 200));
    // Some hundred calls at most.
    let batch_size = url_count.div_ceil(500);
    let fleet = Fleet::new(server, url_count).await;
    // Xorshift, so that every run has the same delays.
    let mut random = 0x9E37_79B9_7F4A_7C15_u64 ^ number("MACHINES_SEED", 0) as u64;
    let mut interrupted = 0;
    for index in 0..kills {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let running = fleet.start(index % 3, batch_size, &[]);
        let pid = running.pid();
        // From before the job is open until after some calls.
        tokio::time::sleep(Duration::from_millis(random % 2500)).await;
        kill(pid);
        let run = running.wait().await;
        interrupted += usize::from(run.code == -1);
        assert!([-1, 0, 2, 4].contains(&run.code), "{run:?}");
        for (url, count) in submission_counts(&fleet.fake) {
            assert_eq!(count, 1, "{url} after kill {index}");
        }
    }
    let submitted = submission_counts(&fleet.fake).len();
    let code = fleet.finish(kills % 3, batch_size).await;
    println!(
        "{interrupted} of {kills} kills before the end, {submitted} of {url_count} URLs submitted by killed \
         processes, exit code {code} after that"
    );
    assert!(interrupted > 0);
}

#[tokio::test]
async fn two_machines_do_not_run_one_job_at_once() {
    let Some(server) = durable_server() else { return };
    let fleet = Fleet::new(server, 40).await;
    let first = fleet.start(0, 1, &[]);
    fleet.wait_for_submissions(3).await;
    let second = fleet.start(1, 1, &[]).wait().await;
    assert_eq!(second.code, 2, "{second:?}");
    let in_use = format!("error: job release-42 in {}/0 is in use by ", fleet.server.url());
    assert!(second.stderr.starts_with(&in_use), "{second:?}");
    assert!(second.stderr.contains(&format!("(process {}) since 2", first.pid())), "{second:?}");
    assert_eq!(second.stderr.lines().count(), 1, "{second:?}");

    // Reading is allowed, and the hint names the job.
    let status = fleet.machines[1].run(&["status", "--state", &fleet.state()]).await;
    assert_eq!(status.code, 2, "{status:?}");
    assert!(status.stderr.contains(&format!("status --state {}/0/release-42", fleet.server.url())));

    let first = first.wait().await;
    assert_eq!(first.code, 0, "{first:?}");
    fleet.assert_submitted_once();

    // A finished job is not submitted again: its result is printed, for a pod that died before it told its exit code.
    let again = fleet.start(1, 1, &[]).wait().await;
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.stdout.contains("40 of 40 live"), "{again:?}");
    fleet.assert_submitted_once();
    let result = fleet.machines[2].run(&["refresh", "--state", &fleet.state()]).await;
    assert_eq!(result.code, 0, "{result:?}");
    let waited = fleet.machines[2].run(&["wait", "--state", &fleet.state()]).await;
    assert_eq!(waited.code, 0, "{waited:?}");
}

#[tokio::test]
async fn a_job_continues_after_the_server_was_killed_and_restarted() {
    let Some(server) = durable_server() else { return };
    let mut fleet = Fleet::new(server, 40).await;
    let running = fleet.start(0, 1, &[]);
    fleet.wait_for_submissions(5).await;
    fleet.server.restart();
    fleet.wait_for_submissions(15).await;
    fleet.server.kill();
    tokio::time::sleep(AFTER_LEASE).await;
    fleet.server.restart();
    let run = running.wait().await;
    assert_eq!(run.code, 0, "{run:?}");
    fleet.assert_submitted_once();
}

#[tokio::test]
async fn the_hint_after_a_lost_job_waits_for_its_tasks() {
    let Some(server) = RedisProcess::start() else { return };
    let mut fleet = Fleet::new(server, 40).await;
    let running = fleet.start(0, 1, &[]);
    fleet.wait_for_submissions(5).await;
    fleet.server.restart();
    let run = running.wait().await;
    assert_eq!(run.code, 1, "{run:?}");
    let hint = run.stderr.lines().find(|line| line.contains("To wait for what was submitted"));
    assert!(hint.is_some_and(|hint| hint.contains(" wait 2")), "{run:?}");
    assert!(!run.stderr.contains("To send the rest"), "{run:?}");
    assert!(!run.stderr.contains("wait --state") && !run.stderr.contains("--wait --state"));

    // A job of which only a part is left.
    let connection = fleet.server.config().connect_lazily();
    let first = fleet.start(0, 1, &[]);
    fleet.wait_for_submissions(10).await;
    kill(first.pid());
    first.wait().await;
    tokio::time::sleep(AFTER_LEASE).await;
    let key = "alicloud:job:1:{release-42}:events";
    let mut delete = alicloud_limit_redis::redis::cmd("DEL");
    delete.arg(key);
    connection.command::<usize>(key, delete).await.unwrap();
    let submitted = fleet.fake.submissions().len();
    for options in [&[][..], &["--json"]] {
        let run = fleet.start(1, 1, options).wait().await;
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains("is incomplete: ") || run.stdout.contains("is incomplete: "));
    }
    assert_eq!(fleet.fake.submissions().len(), submitted);
}

#[tokio::test]
async fn a_job_that_the_server_lost_is_not_continued() {
    let Some(server) = RedisProcess::start() else { return };
    let mut fleet = Fleet::new(server, 40).await;
    let running = fleet.start(0, 1, &["--json"]);
    fleet.wait_for_submissions(5).await;
    fleet.server.restart();
    let run = running.wait().await;
    // Not 2 or 4, after which a pipeline would submit everything again.
    assert_eq!(run.code, 1, "{run:?}");
    let lines = run.json_lines();
    let message = &lines.iter().find(|line| line["type"] == "error").unwrap()["message"];
    assert!(message.as_str().unwrap().contains("is no longer on the server"), "{message}");
    // Its tasks are known.
    let result = lines.last().unwrap();
    assert_eq!(result["type"], "result");
    assert!(result["task_ids"].as_array().is_some_and(|ids| !ids.is_empty()), "{result}");
    let submitted = fleet.fake.submissions().len();
    assert!((5..40).contains(&submitted), "{submitted}");

    let wait = fleet.machines[1].run(&["refresh", "--state", &fleet.state()]).await;
    assert_eq!(wait.code, 3, "{wait:?}");
    assert!(wait.stderr.contains("does not exist, so there is no job to resume"), "{wait:?}");
}
