//! Jobs in Redis, with a real redis-server.

mod bad_input;
mod lost_data;
mod recording;

use std::time::Duration;

use alicloud_cdn_refresh::{
    Event, Job, Journal as _, ObjectStatus, Plan, RedisConnection, RedisJournal, RedisStore,
    ServiceId,
};
use alicloud_core::testing::FakeTransport;
use alicloud_limit_redis::redis::{FromRedisValue, cmd};
use alicloud_limit_redis::testing::RedisProcess;

use crate::support::{in_memory, states};

/// A lease that is shorter than the patience of a test.
const LEASE: Duration = Duration::from_millis(600);

fn new_job() -> Job {
    Job::new(Plan::refresh(["http://a.example/1", "http://b.example/2"]))
}

fn sending(call: usize) -> Event {
    Event::Sending { call, sent_at: std::time::SystemTime::UNIX_EPOCH }
}

fn sent(call: usize) -> Event {
    let task_ids = vec![format!("{}", 17 + call)];
    Event::Sent { call, sent_at: std::time::SystemTime::UNIX_EPOCH, task_ids }
}

fn connection_to(server: &RedisProcess) -> RedisConnection {
    server.config().response_timeout(Duration::from_millis(500)).connect_lazily()
}

/// Returns a store with a short lease, over a connection of its own.
fn store_on(server: &RedisProcess) -> RedisStore {
    let store = RedisStore::new(connection_to(server)).lease(LEASE);
    store.write_timeout(Duration::from_secs(5))
}

fn key(part: &str) -> String {
    format!("alicloud:job:1:{{purge}}:{part}")
}

/// Runs a command with a key of the job `purge`.
async fn run<T: FromRedisValue>(
    server: &RedisProcess,
    command: &str,
    part: &str,
    arguments: &[&str],
) -> T {
    let mut command = cmd(command);
    command.arg(key(part)).arg(arguments);
    connection_to(server).command(&key(part), command).await.unwrap()
}

/// Makes another program take the job, as if the lease had expired.
async fn take_over(server: &RedisProcess) -> (RedisJournal, Job) {
    run::<u32>(server, "DEL", "lease", &[]).await;
    store_on(server).open("purge").await.unwrap()
}

#[tokio::test]
async fn a_job_moves_to_another_program() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    assert_eq!(journal.name(), "purge");
    journal.record(&[sending(0), sent(0)]).await.unwrap();
    journal.record(&[]).await.unwrap();
    journal.record(&[sending(1)]).await.unwrap();
    journal.close().await;

    let (mut journal, job) = store_on(&server).open("purge").await.unwrap();
    assert_eq!(states(&job), ["sent", "sending"]);
    assert_eq!(job.task_ids(), ["17"]);
    journal.record(&[sent(1)]).await.unwrap();
    let live = |call| Event::Ended { call, statuses: vec![(0, ObjectStatus::Live)] };
    journal.record(&[live(0), live(1)]).await.unwrap();
    // Dropped: it is given back in the background.
    drop(journal);
    let (_journal, job) = store_on(&server).open("purge").await.unwrap();
    assert!(job.report().is_live());
}

#[tokio::test]
async fn a_job_that_another_program_renews_is_in_use() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0)]).await.unwrap();

    let error = store_on(&server).open("purge").await.unwrap_err().to_string();
    let process = std::process::id();
    assert!(
        error.starts_with(&format!("job purge in {}/0 is in use by ", server.url())),
        "{error}"
    );
    assert!(error.contains(&format!(" (process {process}) since 2")), "{error}");
    assert!(error.ends_with("; wait until it ends, or choose another name"), "{error}");
    let error = store_on(&server).create("purge", &new_job()).await.unwrap_err().to_string();
    assert!(error.contains("is in use by "), "{error}");

    // It can be read meanwhile.
    let snapshot = store_on(&server).read("purge").await.unwrap();
    assert!(snapshot.is_in_use);
    assert!(snapshot.job.report().objects[0].to_string().contains("another program is sending it"));

    // The lease is renewed in the background, also while no event happens.
    tokio::time::sleep(3 * LEASE).await;
    assert!(journal.lease().unwrap().is_valid());
    journal.record(&[sent(0)]).await.unwrap();
    journal.close().await;
    let snapshot = store_on(&server).read("purge").await.unwrap();
    assert_eq!((snapshot.is_in_use, states(&snapshot.job)), (false, vec!["sent", "planned"]));
    let error = store_on(&server).create("purge", &new_job()).await.unwrap_err().to_string();
    assert!(error.ends_with("already exists; resume from it, or choose another name"), "{error}");
}

#[tokio::test]
async fn a_lease_that_is_not_renewed_is_taken_over_when_it_expires() {
    let Some(server) = RedisProcess::start() else { return };
    store_on(&server).create("purge", &new_job()).await.unwrap().close().await;
    // What a killed program leaves.
    run::<u32>(
        &server,
        "HSET",
        "lease",
        &["owner", "x", "holder", "host-1", "since", "y", "beat", "7"],
    )
    .await;
    run::<u32>(&server, "PEXPIRE", "lease", &["700"]).await;
    let (mut journal, _) = store_on(&server).open("purge").await.unwrap();
    journal.record(&[sending(0)]).await.unwrap();

    // One that never expires, because the clock of the server was set, is in use.
    journal.close().await;
    run::<u32>(
        &server,
        "HSET",
        "lease",
        &["owner", "x", "holder", "host-1", "since", "y", "beat", "7"],
    )
    .await;
    let error = store_on(&server).open("purge").await.unwrap_err().to_string();
    assert!(error.contains("is in use by host-1 since y"), "{error}");
}

#[tokio::test]
async fn a_program_that_lost_the_job_records_and_sends_nothing() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0)]).await.unwrap();
    let lease = journal.lease().unwrap();

    let (mut successor, job) = take_over(&server).await;
    assert_eq!(states(&job), ["sending", "planned"]);
    let error = journal.record(&[sent(0)]).await.unwrap_err().to_string();
    assert!(error.contains("was taken over by ") && error.contains("(process "), "{error}");
    assert!(!lease.is_valid());
    assert_eq!(lease.confirm().await.unwrap_err().to_string(), error);
    // It cannot give back what it does not have.
    journal.close().await;
    successor.record(&[sent(0)]).await.unwrap();
    let snapshot = store_on(&server).read("purge").await.unwrap();
    assert_eq!(states(&snapshot.job), ["sent", "planned"]);
    assert!(snapshot.is_in_use);
}

#[tokio::test]
async fn a_lease_that_expired_without_a_successor_is_confirmed() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    run::<u32>(&server, "DEL", "lease", &[]).await;
    journal.lease().unwrap().confirm().await.unwrap();
    journal.record(&[sending(0)]).await.unwrap();
    assert!(store_on(&server).read("purge").await.unwrap().is_in_use);
}

#[tokio::test]
async fn a_job_belongs_to_its_service_and_expires() {
    let Some(server) = RedisProcess::start() else { return };
    let service = ServiceId::from_client(&in_memory(&FakeTransport::new())).await;
    let store = store_on(&server);
    let mut journal = store.create_for("purge", &new_job(), &service).await.unwrap();
    journal.check_service(&service).unwrap();
    journal.record(&[sending(0)]).await.unwrap();
    for part in ["header", "events", "owner"] {
        let seconds: i64 = run(&server, "TTL", part, &[]).await;
        assert!((14 * 86_400 - 60..=14 * 86_400).contains(&seconds), "{part}: {seconds}");
    }
    journal.close().await;
    let snapshot = store.read("purge").await.unwrap();
    snapshot.check_service(&service).unwrap();
    let (journal, _) = store.open("purge").await.unwrap();
    let other = r#"{"endpoint":"https://other.example"}"#;
    let other: ServiceId = serde_json::from_str(other).unwrap();
    let error = journal.check_service(&other).unwrap_err().to_string();
    assert!(error.starts_with("job purge in redis://"), "{error}");
    assert!(error.contains("belongs to a job of the endpoint https://cdn.aliyuncs.com"), "{error}");
    assert_eq!(snapshot.check_service(&other).unwrap_err().to_string(), error);
}

#[tokio::test]
async fn a_lease_is_not_valid_after_the_job_was_closed() {
    let Some(server) = RedisProcess::start() else { return };
    let journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    let lease = journal.lease().unwrap();
    assert!(lease.is_valid());
    journal.close().await;
    assert!(!lease.is_valid());
    let error = lease.confirm().await.unwrap_err().to_string();
    assert!(error.ends_with("was given back by this program; open it again"), "{error}");
    let (_successor, _) = store_on(&server).open("purge").await.unwrap();
    assert!(!lease.is_valid());
}
