//! Clients, responses and assertions that several tests share.

use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{CallState, Event, Job, Journal as _, ObjectStatus, Plan, StateFile};
use alicloud_core::Credentials;
use alicloud_core::testing::{FakeTransport, ManualClock};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Simulation};
use futures_util::FutureExt as _;

/// 2026-01-02T03:04:05Z.
pub(crate) const NOW: u64 = 1_767_323_045;

pub(crate) const DESCRIBE_BY_ID: &str = "DescribeRefreshTaskById";

/// URLs of two files of one domain.
pub(crate) const A: &str = "http://a.example/a";
pub(crate) const B: &str = "http://a.example/b";

/// Creates a client with an in-memory transport and a clock that skips every wait.
pub(crate) fn in_memory(transport: &FakeTransport) -> Client {
    Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(transport.clone())
        .clock(ManualClock::from_unix_seconds(NOW))
        .build()
        .unwrap()
}

/// Creates a client of a fake service.
pub(crate) fn client_of(fake: &FakeService) -> Client {
    Client::builder()
        .endpoint(fake.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()
        .unwrap()
}

/// Creates a simulation in which every task completes immediately.
pub(crate) fn instant() -> Simulation {
    let soon = Duration::from_millis(1);
    Simulation::new()
        .listing_delay(soon)
        .pending_duration(soon)
        .refresh_duration(soon)
        .preload_duration(soon)
        .rate_limits(false)
}

/// Returns a listed task of kind `file`.
pub(crate) fn task(id: &str, url: &str, status: &str, progress: &str) -> serde_json::Value {
    task_of_kind(id, url, "file", status, progress)
}

/// Returns a task as the service lists it.
pub(crate) fn task_of_kind(
    id: &str,
    url: &str,
    kind: &str,
    status: &str,
    progress: &str,
) -> serde_json::Value {
    serde_json::json!({
        "TaskId": id, "ObjectPath": url, "ObjectType": kind, "Status": status, "Process": progress,
        "CreationTime": "2026-01-02T03:04:05Z", "Description": "",
    })
}

/// Returns a response of `DescribeRefreshTaskById`.
pub(crate) fn tasks_by_id(tasks: &[serde_json::Value]) -> String {
    serde_json::json!({ "Tasks": tasks, "TotalCount": tasks.len(), "RequestId": "R" }).to_string()
}

/// Returns a transport with one response per poll.
pub(crate) fn polls(responses: &[&[serde_json::Value]]) -> FakeTransport {
    responses.iter().fold(FakeTransport::new(), |fake, tasks| {
        fake.respond_json(DESCRIBE_BY_ID, tasks_by_id(tasks))
    })
}

/// Returns a response of `DescribeRefreshTasks`.
pub(crate) fn task_list(tasks: &[serde_json::Value]) -> String {
    serde_json::json!({
        "Tasks": { "CDNTask": tasks }, "TotalCount": tasks.len(), "PageNumber": 1, "PageSize": 100,
        "RequestId": "R",
    })
    .to_string()
}

/// Returns a job that was submitted in one call, with these task ids.
pub(crate) async fn submitted(plan: Plan, ids: &str) -> Job {
    let fake = FakeTransport::new()
        .respond_json("RefreshObjectCaches", format!(r#"{{"RefreshTaskId": "{ids}"}}"#))
        .respond_json("RefreshObjectCacheByCacheTag", format!(r#"{{"RefreshTaskId": "{ids}"}}"#));
    let mut job = Job::new(plan);
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    job
}

/// Returns the state of each call, as a word.
pub(crate) fn states(job: &Job) -> Vec<&'static str> {
    let word = |state: &CallState| match state {
        CallState::Planned { error: None } => "planned",
        CallState::Planned { error: Some(_) } => "not sent",
        CallState::Deferred => "deferred",
        CallState::Sending { .. } => "sending",
        CallState::Sent { .. } => "sent",
        CallState::Rejected { .. } => "rejected",
        CallState::Unknown { .. } => "unknown",
        _ => "other",
    };
    job.calls().iter().map(|call| word(&call.state)).collect()
}

/// Returns the status of each object.
pub(crate) fn statuses(job: &Job) -> Vec<ObjectStatus> {
    job.report().objects.into_iter().map(|object| object.status).collect()
}

/// Records events in a state file, which writes without waiting.
pub(crate) fn record(file: &mut StateFile, events: &[Event]) {
    file.record(events).now_or_never().expect("no wait").unwrap();
}
