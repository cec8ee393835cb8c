//! `DescribeRefreshTasks` and `DescribePreloadDetailById`.

use std::time::Duration;

use alicloud_fake::{Simulation, Task};
use serde_json::Value;

use crate::cdn::{Cdn, field_values, urls};

const LIST: &str = "DescribeRefreshTasks";

fn without_listing_delay() -> Simulation {
    Simulation::new().rate_limits(false).listing_delay(Duration::ZERO)
}

fn paths(response: &Value) -> Vec<&str> {
    field_values(response["Tasks"]["CDNTask"].as_array().unwrap(), "ObjectPath")
}

#[tokio::test]
async fn tasks_are_paged_newest_first() {
    let cdn = Cdn::new(without_listing_delay()).await;
    for n in 1..=25 {
        cdn.refresh(&format!("http://example.com/{n}")).await;
        cdn.advance_seconds(1);
    }
    let response = cdn.call_ok(LIST, &[]).await;
    let numbers = [&response["PageNumber"], &response["PageSize"], &response["TotalCount"]];
    assert_eq!(numbers, [1, 20, 25]);
    let first = paths(&response);
    assert_eq!((first.len(), first[0]), (20, "http://example.com/25"));

    let response = cdn.call_ok(LIST, &[("PageNumber", "3"), ("PageSize", "10")]).await;
    assert_eq!(response["PageNumber"], 3);
    assert_eq!((paths(&response).len(), paths(&response)[4]), (5, "http://example.com/1"));
    let response = cdn.call_ok(LIST, &[("PageNumber", "100000"), ("PageSize", "100")]).await;
    assert_eq!((paths(&response).len(), &response["TotalCount"]), (0, &Value::from(25)));
    for (name, value) in [
        ("PageNumber", "0"),
        ("PageNumber", "100001"),
        ("PageNumber", "one"),
        ("PageSize", "0"),
        ("PageSize", "101"),
        ("PageSize", "-1"),
    ] {
        let error = cdn.call_error(LIST, &[(name, value)]).await;
        assert_eq!(error, (400, format!("Invalid{name}")));
    }
}

#[tokio::test]
async fn tasks_can_be_filtered() {
    let pinned = Task {
        creation_time: "2026-01-02T03:04:06Z".into(),
        ..Task::new("5", "https://pinned.example/a")
    };
    let cdn = Cdn::with_pinned(
        without_listing_delay(),
        [pinned, Task { creation_time: "?".into(), ..Task::new("6", "?") }],
    )
    .await;
    let ids = cdn.refresh("https://a.example/file\nhttps://b.example/file").await;
    let first_id = ids.split(',').next().unwrap();
    cdn.refresh_as("ExQuery", "https://a.example/file").await;
    cdn.advance_seconds(10);
    cdn.refresh_as("Directory", "https://a.example/").await;

    let all = [
        "https://a.example/",
        "https://pinned.example/a",
        "https://a.example/file",
        "https://b.example/file",
        "https://a.example/file",
        "?",
    ];
    assert_eq!(paths(&cdn.call_ok(LIST, &[]).await), all);
    let file = ("ObjectType", "file");
    for (filter, expected) in [
        (&[("TaskId", first_id)][..], &["https://a.example/file"; 2][..]),
        (&[("TaskId", "5,99")], &["https://pinned.example/a"]),
        (&[("ObjectPath", "https://b.example/file")], &["https://b.example/file"]),
        (&[("ObjectPath", "https://b.example/fil")], &[]),
        (&[("ObjectType", "Directory")], &["https://a.example/"]),
        (&[("ObjectType", "exquery")], &["https://a.example/file"]),
        (&[file, ("DomainName", "A.example")], &["https://a.example/file"]),
        (&[file, ("Status", "complete")], &["https://pinned.example/a", "?"]),
        (&[file, ("Status", "Refreshing")], &["https://a.example/file", "https://b.example/file"]),
        (&[file, ("Status", "Failed")], &[]),
        (
            &[("StartTime", "2026-01-02T03:04:06Z"), ("EndTime", "2026-01-02T03:04:15Z")],
            &["https://a.example/", "https://pinned.example/a"],
        ),
        (
            &[("StartTime", "2026-01-02T03:04:05Z"), ("EndTime", "2026-01-02T03:04:05Z"), file],
            &["https://b.example/file", "https://a.example/file"],
        ),
        (&[("ResourceGroupId", "rg"), ("TaskId", ""), ("Status", "")], &all),
    ] {
        let response = cdn.call_ok(LIST, filter).await;
        let mut actual = paths(&response);
        let mut expected = expected.to_vec();
        actual.sort_unstable();
        expected.sort_unstable();
        assert_eq!(actual, expected, "{filter:?}");
        assert_eq!(response["TotalCount"], expected.len());
    }
}

#[tokio::test]
async fn invalid_filters_are_rejected() {
    let cdn = Cdn::new(without_listing_delay()).await;
    let (start, end) = ("StartTime", "EndTime");
    let day = "2026-01-01T00:00:00Z";
    for (filter, code) in [
        (&[("TaskId", "one")][..], "InvalidTaskId.Malformed"),
        (&[("ObjectPath", "nonsense")], "InvalidObjectPath.Malformed"),
        (&[("ObjectType", "files")], "InvalidObjectType.ValueNotSupported"),
        (&[("ObjectType", "file"), ("Status", "Done")], "InvalidStatus.ValueNotSupported"),
        (&[("Status", "Complete")], "MissingParameter.ObjectType"),
        (&[("DomainName", "example.com")], "MissingParameter.ObjectType"),
        (&[("ObjectType", "file"), ("DomainName", "a.example,b.example")], "DomainNameOverLimit"),
        (&[(start, day)], "MissingTimeParameter"),
        (&[(end, day)], "MissingTimeParameter"),
        (&[(start, "yesterday"), (end, day)], "InvalidStartTime.Malformed"),
        (&[(start, day), (end, "2026-01-01T00:00:00.0Z")], "InvalidEndTime.Malformed"),
        (&[(start, day), (end, "2025-12-31T23:59:59Z")], "InvalidEndTime.Mismatch"),
        (&[(start, "2025-12-30T03:04:04Z"), (end, day)], "InvalidTime"),
        (
            &[(start, "2026-01-02T03:04:06Z"), (end, "2026-01-03T00:00:00Z")],
            "InvalidStartTime.ValueNotSupported",
        ),
    ] {
        assert_eq!(cdn.call_error(LIST, filter).await, (400, code.to_owned()), "{filter:?}");
    }
    cdn.call_ok(LIST, &[(start, "2025-12-30T03:04:05Z"), (end, day)]).await;
}

#[tokio::test]
async fn preload_details_combine_the_objects_of_a_task() {
    let cdn = Cdn::new(without_listing_delay().fail_matching("broken", "Internal Error")).await;
    let detail = "DescribePreloadDetailById";
    let id = cdn.preload("https://Example.com/a.jpg?x\nhttps://example.com/b.jpg").await;
    let response = cdn.call_ok(detail, &[("TaskId", &id)]).await;
    assert_eq!(
        response["UrlDetails"],
        serde_json::json!([{
            "TaskId": id,
            "Domain": "example.com",
            "CreationTime": "2026-01-02T03:04:05Z",
            "EndTime": "",
            "RetCode": "0",
            "Process": "0%",
            "Status": "Pending",
            "Urls": [
                {"Url": "/a.jpg?x", "Success": "0%", "Description": ""},
                {"Url": "/b.jpg", "Success": "0%", "Description": ""},
            ],
        }])
    );
    cdn.advance_seconds(40);
    let response = cdn.call_ok(detail, &[("TaskId", &id)]).await;
    let item = &response["UrlDetails"][0];
    assert_eq!((&item["Status"], &item["EndTime"]), (&"Refreshing".into(), &"".into()));
    assert_ne!(item["Urls"][0]["Success"], item["Urls"][1]["Success"]);

    let broken = cdn.preload("https://example.com/c.jpg\nhttps://example.com/broken").await;
    cdn.advance_seconds(80);
    let response = cdn.call_ok(detail, &[("TaskId", &id)]).await;
    let item = &response["UrlDetails"][0];
    assert_eq!([&item["Status"], &item["Process"]], ["Complete", "100%"]);
    assert!(item["EndTime"].as_str().unwrap() > "2026-01-02T03:05:00Z");
    assert_eq!(item["Urls"][0]["Description"], "Successfully preloaded");
    let response = cdn.call_ok(detail, &[("TaskId", &broken)]).await;
    let item = &response["UrlDetails"][0];
    assert_eq!([&item["Status"], &item["RetCode"]], ["Failed", "1"]);
    assert_eq!(item["Urls"][1]["Description"], "Internal Error");

    let refresh = cdn.refresh(&urls("example.com", 2)).await;
    for id in [refresh.as_str(), "404"] {
        let response = cdn.call_ok(detail, &[("TaskId", id)]).await;
        assert_eq!(
            (&response["TotalCount"], &response["UrlDetails"]),
            (&0.into(), &serde_json::json!([]))
        );
    }
    for (params, code) in [
        (&[][..], "MissingTaskId"),
        (&[("TaskId", "1,2")], "InvalidTaskId.Malformed"),
        (&[("TaskId", "")], "InvalidTaskId.Malformed"),
    ] {
        assert_eq!(cdn.call_error(detail, params).await, (400, code.to_owned()));
    }
}
