//! Waits of the generated client of the test product `machines`, whose operations are like those of a
//! service for virtual machines: a required region, ids as a JSON list in a text, and pages.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use std::time::Duration;

use alicloud_core::testing::{FakeTransport, ManualClock};
use alicloud_core::{Credentials, Outcome, PollStatus, PolledItem, Wait};
use alicloud_machines::Client;
use alicloud_machines::model::{DescribeMachinesRequest, Machine, MachineStatus};
use serde_json::{Value, json};

type MachineWait = Wait<Vec<PolledItem<Machine>>, DescribeMachinesRequest>;

const MACHINES: &str = "DescribeMachines";

fn client(fake: &FakeTransport) -> Client {
    Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .region("cn-hangzhou")
        .transport(fake.clone())
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .build()
        .unwrap()
}

/// A fake that responds with these pages, in this order.
fn fake(operation: &str, pages: &[Value]) -> FakeTransport {
    pages
        .iter()
        .fold(FakeTransport::new(), |fake, page| fake.respond_json(operation, page.to_string()))
}

fn in_region(wait: MachineWait) -> MachineWait {
    wait.map_request(|request| request.region_id("cn-hangzhou"))
}

/// A page with a total and machines with their states.
fn page(total: usize, machines: &[(&str, &str)]) -> Value {
    let machine = |(id, status): &(&str, &str)| json!({"InstanceId": id, "Status": status});
    let machines: Vec<Value> = machines.iter().map(machine).collect();
    json!({"TotalCount": total, "PageSize": 10, "Instances": {"Instance": machines}})
}

fn parameters(fake: &FakeTransport, name: &str) -> Vec<String> {
    let requests = fake.requests();
    requests.iter().map(|request| request.param(name).unwrap_or("-").to_owned()).collect()
}

#[tokio::test]
async fn each_target_state_has_a_method() {
    let stopping = page(2, &[("i-1", "Stopping"), ("i-2", "Stopped")]);
    let responses = [stopping, page(1, &[("i-1", "STOPPED ")])];
    let fake_stopped = fake(MACHINES, &responses);
    let wait = client(&fake_stopped).wait_until_stopped(["i-1", "i-2"]);
    let machines = in_region(wait).max_wait(Duration::from_secs(300)).await.unwrap();
    assert!(machines.iter().all(|machine| machine.status == PollStatus::Succeeded));
    assert_eq!(machines[1].items[0].status, Some(MachineStatus::Stopped));
    // Only what is not final is polled again. The ids are a JSON list.
    assert_eq!(parameters(&fake_stopped, "InstanceIds"), [r#"["i-1","i-2"]"#, r#"["i-1"]"#]);
    assert_eq!(parameters(&fake_stopped, "RegionId"), ["cn-hangzhou"; 2]);
    assert_eq!(parameters(&fake_stopped, "PageSize"), ["-", "-"]);

    // A stopped machine is not a failure of this wait.
    let responses =
        ["Pending", "Stopped", "Starting", "Running"].map(|state| page(1, &[("i-1", state)]));
    let fake_running = fake(MACHINES, &responses);
    client(&fake_running).wait_until_running(["i-1"]).await.unwrap();
    assert_eq!(parameters(&fake_running, "PageSize"), ["100"; 4]);
}

#[tokio::test]
async fn a_failure_has_the_reason() {
    let machine = json!({"InstanceId": "i-1", "Status": "Locked", "LockReason": "overdue"});
    let fake = fake(MACHINES, &[json!({"TotalCount": 1, "Instances": {"Instance": [machine]}})]);
    let error = in_region(client(&fake).wait_until_running(["i-1"])).await.unwrap_err();
    assert!(error.is_failure());
    assert_eq!(error.to_string(), "the wait failed: 1 of 1 failed: i-1 is Locked (overdue)");
}

#[tokio::test]
async fn an_unlisted_id_is_in_progress_until_the_end_of_the_wait() {
    let fake = fake(MACHINES, &vec![page(1, &[("i-1", "Stopped")]); 30]);
    let wait = in_region(client(&fake).wait_until_stopped(["i-1", "i-2"]));
    let error = wait.max_wait(Duration::from_secs(60)).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(error.to_string().ends_with("1 of 2 in progress: i-2 is not listed"), "{error}");
    assert_eq!(error.state().unwrap()[0].status, PollStatus::Succeeded);
    assert_eq!(parameters(&fake, "InstanceIds")[1], r#"["i-2"]"#);
}

#[tokio::test]
async fn all_pages_of_a_call_are_read() {
    let ids: Vec<String> = (1..=25).map(|index| format!("i-{index}")).collect();
    let pages: Vec<Value> = ids
        .chunks(10)
        .map(|ids| page(25, &ids.iter().map(|id| (id.as_str(), "Stopped")).collect::<Vec<_>>()))
        .collect();
    let fake = fake(MACHINES, &pages);
    let machines = in_region(client(&fake).wait_until_stopped(&ids)).await.unwrap();
    assert_eq!((machines.len(), fake.requests().len()), (25, 3));
    assert_eq!(parameters(&fake, "PageNumber"), ["-", "2", "3"]);
    assert_eq!(parameters(&fake, "RegionId"), ["cn-hangzhou"; 3]);
    let all = serde_json::to_string(&ids).unwrap();
    assert!(parameters(&fake, "InstanceIds").iter().all(|sent| *sent == all));
}

#[tokio::test]
async fn pages_that_end_early_are_an_error() {
    let fake = fake(MACHINES, &[page(25, &[("i-1", "Stopped")]), page(25, &[])]);
    let error = in_region(client(&fake).wait_until_stopped(["i-1"])).await.unwrap_err();
    assert!(error.call_error().unwrap().incomplete_list().is_some(), "{error}");
}

#[tokio::test]
async fn more_ids_than_one_call_takes_are_split() {
    let ids: Vec<String> = (0..230).map(|index| format!("i-{index}")).collect();
    // The calls run concurrently, so each response has the machines of all of them.
    let all: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "Running")).collect();
    let fake = fake(MACHINES, &vec![page(230, &all); 3]);
    let machines = in_region(client(&fake).wait_until_running(&ids)).await.unwrap();
    assert_eq!(machines.len(), 230);
    let mut counts: Vec<usize> = parameters(&fake, "InstanceIds")
        .iter()
        .map(|sent| serde_json::from_str::<Vec<String>>(sent).unwrap().len())
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, [30, 100, 100]);
    assert!(machines.iter().all(|machine| machine.items.len() == 1));
}

#[tokio::test]
async fn absence_is_the_target_of_a_deletion() {
    let fake = fake(MACHINES, &[page(1, &[("i-2", "Stopping")]), page(0, &[])]);
    let machines = in_region(client(&fake).wait_until_deleted(["i-1", "i-2"])).await.unwrap();
    assert!(machines.iter().all(|machine| machine.status == PollStatus::Succeeded));
    assert!(machines[0].items.is_empty());
    // The last items that were listed.
    assert_eq!(machines[1].items[0].status, Some(MachineStatus::Stopping));
    assert_eq!(parameters(&fake, "InstanceIds"), [r#"["i-1","i-2"]"#, r#"["i-2"]"#]);
}

#[tokio::test]
async fn the_region_of_the_client_is_sent_if_the_request_has_none() {
    let fake = fake("DescribeMachines", &[]);
    let request = DescribeMachinesRequest::new().instance_ids(["i-1"]);
    let preview = client(&fake).describe_machines(request.clone()).preview().await.unwrap();
    assert!(preview.url.contains("RegionId=cn-hangzhou"), "{preview}");
    let other = request.clone().region_id("eu-central-1");
    let preview = client(&fake).describe_machines(other).preview().await.unwrap();
    assert!(preview.url.contains("RegionId=eu-central-1"), "{preview}");
    assert!(!preview.url.contains("RegionId=cn-hangzhou"), "{preview}");

    // Neither the request nor the client has one.
    let without_region: alicloud_machines::Client = alicloud_machines::Client::builder()
        .endpoint("machines.example")
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .build()
        .unwrap();
    let error = without_region.describe_machines(request).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let expected = "parameter RegionId: is required: set it in the request, or a region with `ClientBuilder::region`";
    assert!(error.to_string().contains(expected), "{error}");
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn fields_in_objects_fixed_parameters_and_repeated_ids() {
    let volume = |state: &str| {
        let attachment = json!({"State": state, "Current": {"Reason": "disk error"}});
        json!({"Data": {"Zone": "a", "Volumes": [
            {"Identity": {"VolumeId": "v-1"}, "Attachment": attachment},
            {"Identity": {"VolumeId": "v-2"}, "Attachment": {"State": "detached"}},
            {"Attachment": {"State": "Lost"}},
        ]}})
    };
    let fake = fake("DescribeVolumes", &[volume("Attaching"), volume("Lost")]);
    let wait = client(&fake).wait_for_volumes(["v-1", "v-2"]);
    let error = wait.map_request(|request| request.region_id("eu-central-1")).await.unwrap_err();
    assert_eq!(error.to_string(), "the wait failed: 1 of 2 failed: v-1 is Lost (disk error)");
    let requests = fake.requests();
    let sent = |name: &str| requests[0].param(name);
    assert_eq!((sent("VolumeId.1"), sent("VolumeId.2")), (Some("v-1"), Some("v-2")));
    assert_eq!((sent("View"), sent("Attachments")), (Some("full"), Some("true")));
    assert_eq!((sent("MaxResults"), sent("RegionId")), (Some("50"), Some("eu-central-1")));
}

#[tokio::test]
async fn ids_alone_are_enough_without_other_required_parameters() {
    let done = |ids: &[&str]| {
        let snapshot = |id: &&str| json!({"SnapshotId": id, "Status": "done"});
        json!({"Snapshots": ids.iter().map(snapshot).collect::<Vec<_>>()})
    };
    let fake = fake("DescribeSnapshots", &[done(&["s-1", "s-2"]), done(&["s-3"])]);
    client(&fake).wait_for_snapshots(["s-1", "s-2", "s-3"]).await.unwrap();
    assert_eq!(parameters(&fake, "SnapshotIds"), ["s-1,s-2", "s-3"]);
}

#[tokio::test]
async fn a_changed_request_and_progress_go_together() {
    let fake = fake(MACHINES, &[page(1, &[("i-1", "Stopping")]), page(1, &[("i-1", "Stopped")])]);
    let mut progress = in_region(client(&fake).wait_until_stopped(["i-1"])).progress();
    let mut states = Vec::new();
    while let Some(machines) = progress.next().await {
        states.push(machines.unwrap()[0].items[0].status.clone().unwrap());
    }
    assert_eq!(states, [MachineStatus::Stopping, MachineStatus::Stopped]);
}
