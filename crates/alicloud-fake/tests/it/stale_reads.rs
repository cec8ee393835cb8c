//! Stale reads, which return the state of the previous read.

use alicloud_fake::Simulation;

use crate::cdn::{Cdn, field_values};

const LIST: &str = "DescribeRefreshTasks";

async fn cdn_with_stale_reads() -> Cdn {
    Cdn::new(Simulation::new().rate_limits(false).stale_reads(true)).await
}

async fn statuses(cdn: &Cdn, id: &str) -> Vec<String> {
    field_values(&cdn.tasks_by_id(id).await, "Status").into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_first_read_is_stale() {
    let cdn = cdn_with_stale_reads().await;
    let id = cdn.refresh("http://example.com/").await;
    // The task is not listed yet, so this does not count as a read.
    assert!(statuses(&cdn, &id).await.is_empty());
    cdn.advance_seconds(60);
    let task = cdn.tasks_by_id(&id).await.remove(0);
    assert_eq!([&task["Status"], &task["Process"]], ["Pending", "0%"]);
    assert_eq!(cdn.service.tasks()[0].status, "Complete");
    assert_eq!(statuses(&cdn, &id).await, ["Complete"]);
}

#[tokio::test]
async fn a_read_returns_the_state_of_the_previous_read() {
    let cdn = cdn_with_stale_reads().await;
    let id = cdn.refresh("http://example.com/").await;
    for (seconds, expected) in [(3, "Pending"), (7, "Pending"), (40, "Refreshing"), (0, "Complete")]
    {
        cdn.advance_seconds(seconds);
        assert_eq!(statuses(&cdn, &id).await, [expected], "{seconds}");
    }
}

#[tokio::test]
async fn a_list_reads_tasks_with_any_status() {
    let cdn = cdn_with_stale_reads().await;
    let (a, b) = ("http://a.example/", "http://b.example/");
    let ids = [cdn.refresh(a).await, cdn.refresh(b).await];
    cdn.advance_seconds(60);
    let done = [("ObjectType", "file"), ("Status", "Complete"), ("DomainName", "a.example")];
    assert_eq!(cdn.call_ok(LIST, &done).await["TotalCount"], 0, "the filter uses the stale status");
    let response = cdn.call_ok(LIST, &done).await;
    assert_eq!(field_values(response["Tasks"]["CDNTask"].as_array().unwrap(), "TaskId"), [&ids[0]]);
    assert_eq!(statuses(&cdn, &ids[1]).await, ["Pending"], "it has not been read before");
}

#[tokio::test]
async fn preload_details_are_stale() {
    let cdn = cdn_with_stale_reads().await;
    let id = cdn.preload("http://example.com/a\nhttp://example.com/b").await;
    cdn.advance_seconds(600);
    let detail = async || cdn.call_ok("DescribePreloadDetailById", &[("TaskId", &id)]).await;
    let first = &detail().await["UrlDetails"][0];
    assert_eq!([&first["Status"], &first["EndTime"], &first["Process"]], ["Pending", "", "0%"]);
    let second = &detail().await["UrlDetails"][0];
    assert_eq!([&second["Status"], &second["Process"]], ["Complete", "100%"]);
}
