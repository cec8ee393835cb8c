//! Calls whose responses were lost: lookups, and that they are never blindly resent.

use std::time::Duration;

use alicloud_cdn_refresh::{Job, Plan, Planner, PreloadOptions, TargetKind};
use alicloud_core::testing::{FakeTransport, Fault};

use crate::submit::{REFRESH, accept, job_of_three_calls, sent_urls};
use crate::support::{in_memory, states, task, task_list, task_of_kind};

const LIST_TASKS: &str = "DescribeRefreshTasks";

#[tokio::test]
async fn calls_older_than_the_task_list_are_not_looked_up() {
    let old = r#"{"calls": [
        {"domain": "a.example", "kind": "file", "state": {"state": "sending", "sent_at": "2025-12-29T03:04:05Z"},
         "objects": [{"url": "http://a.example/old", "status": {"status": "pending"}}]},
        {"domain": "a.example", "kind": "file", "state": {"state": "sending", "sent_at": "2026-01-02T03:04:05Z"},
         "objects": [{"url": "http://a.example/new", "status": {"status": "pending"}}]}]}"#;
    let mut job: Job = serde_json::from_str(old).unwrap();
    let list = task_list(&[task("7", "http://a.example/new", "Pending", "0%")]);
    let fake = FakeTransport::new().respond_json(LIST_TASKS, list);
    for _ in 0..2 {
        let report = job.submit(&in_memory(&fake)).await.unwrap();
        assert_eq!(states(&job), ["unknown", "sent"]);
        let text = report.objects[0].to_string();
        assert_eq!(text.matches("it was sent more than 3 days ago").count(), 1, "{text}");
    }
    let requests = fake.requests();
    let list = requests.iter().find(|request| request.param("StartTime").is_some()).unwrap();
    assert_eq!(list.param("StartTime"), Some("2026-01-02T03:03:53Z"));

    let fake = accept(FakeTransport::new(), "8");
    let _ = job.submit(&in_memory(&fake)).resend_unknown(true).await.unwrap();
    assert_eq!(job.task_ids(), ["8", "7"]);
}

#[tokio::test]
async fn the_first_lookup_reads_the_whole_list() {
    // Thirty pages at ten calls per second take longer than the timeout of one second.
    let full: Vec<_> = (0..100)
        .map(|n| task("6", &format!("http://a.example/other/{n}"), "Pending", "0%"))
        .collect();
    let mut fake = FakeTransport::new().fault(REFRESH, Fault::ConnectionReset);
    for _ in 0..30 {
        fake = fake.respond_json(LIST_TASKS, task_list(&full));
    }
    let fake = fake
        .respond_json(LIST_TASKS, task_list(&[task("7", "http://a.example/1", "Pending", "0%")]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).lookup_timeout(Duration::from_secs(1)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
}

#[tokio::test]
async fn a_call_whose_response_was_lost_is_looked_up() {
    let fake = FakeTransport::new()
        .fault(REFRESH, Fault::ConnectionReset)
        .respond_json(LIST_TASKS, task_list(&[]))
        .respond_json(LIST_TASKS, task_list(&[
            // An earlier task of the same object.
            serde_json::json!({"TaskId": "6", "ObjectPath": "http://a.example/1", "CreationTime": "2026-01-02T03:03:00Z"}),
            task("7", "HTTP://A.EXAMPLE/%31", "Pending", "0%"),
        ]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
    assert_eq!(sent_urls(&fake).len(), 1);
    let list =
        fake.requests().into_iter().find(|request| request.operation() == LIST_TASKS).unwrap();
    assert_eq!(
        (list.param("DomainName"), list.param("ObjectType")),
        (Some("a.example"), Some("file"))
    );
}

#[tokio::test]
async fn a_call_that_is_not_found_stays_unknown() {
    let mut fake = FakeTransport::new().fault(REFRESH, Fault::ConnectionReset);
    for _ in 0..100 {
        fake = fake.respond_json(
            LIST_TASKS,
            task_list(&[task("6", "http://a.example/2", "Complete", "100%")]),
        );
    }
    let mut job = Job::new(Plan::refresh(["http://a.example/1", "http://a.example/2"]));
    let client = in_memory(&fake);
    let _ = job.submit(&client).await.unwrap();
    assert_eq!(states(&job), ["unknown"], "only some of its objects are listed");
    let report = job.report();
    assert!(report.objects[0].to_string().contains("did not find its objects"), "{report:?}");
    assert!(!report.is_live());

    let _ = job.submit(&client).await.unwrap();
    assert_eq!(states(&job), ["unknown"]);
    assert_eq!(sent_urls(&fake).len(), 1, "it is not resent without resend_unknown");

    let fake = accept(FakeTransport::new(), "8").respond_json(LIST_TASKS, task_list(&[]));
    let _ = job.submit(&in_memory(&fake)).resend_unknown(true).await.unwrap();
    assert_eq!(job.task_ids(), ["8"]);
    assert_eq!(sent_urls(&fake).len(), 1);
}

#[tokio::test]
async fn a_response_without_a_task_id_is_looked_up() {
    let fake = FakeTransport::new().respond_json(REFRESH, r#"{"RequestId": "R"}"#);
    let fake = fake
        .respond_json(LIST_TASKS, task_list(&[task("7", "http://a.example/1", "Pending", "0%")]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
}

#[tokio::test]
async fn an_unknown_call_stays_unknown_when_resending_fails() {
    let lost = FakeTransport::new()
        .fault(REFRESH, Fault::ConnectionReset)
        .respond_json(LIST_TASKS, task_list(&[]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&lost)).await.unwrap();
    for failing in [
        FakeTransport::new().fault(REFRESH, Fault::ConnectionRefused),
        FakeTransport::new().error(REFRESH, 400, "QuotaExceeded.Refresh", "Enough."),
    ] {
        let failing = failing.respond_json(LIST_TASKS, task_list(&[]));
        let _ = job.submit(&in_memory(&failing)).resend_unknown(true).await.unwrap();
        assert_eq!(states(&job), ["unknown"]);
    }
}

#[tokio::test]
async fn a_listed_task_belongs_to_one_call() {
    // Two calls with the same URL, for different areas.
    let url = "http://a.example/film";
    let plan = Planner::new()
        .preload_with(PreloadOptions::new().area("domestic"), [url])
        .preload_with(PreloadOptions::new().area("overseas"), [url])
        .plan();
    let listed = |id| task_of_kind(id, url, "preload", "Pending", "0%");
    let lost = || {
        FakeTransport::new()
            .fault("PushObjectCache", Fault::ConnectionReset)
            .fault("PushObjectCache", Fault::ConnectionReset)
    };
    let mut job = Job::new(plan.clone());
    let fake = lost().respond_json(LIST_TASKS, task_list(&[listed("7")]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(states(&job), ["unknown"; 2], "it is ambiguous to which call the task belongs");

    let mut job = Job::new(plan);
    let fake = lost().respond_json(LIST_TASKS, task_list(&[listed("7"), listed("8")]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7", "8"]);
}

#[tokio::test]
async fn listed_tasks_are_matched_by_kind() {
    // Two calls of the same second, so with one id; the second response is lost.
    let url = "http://a.example/x";
    let plan = Planner::new().refresh([url]).refresh_as(TargetKind::IgnoreParams, [url]).plan();
    let fake =
        accept(FakeTransport::new(), "7").fault(REFRESH, Fault::ConnectionReset).respond_json(
            LIST_TASKS,
            task_list(&[
                task_of_kind("9", url, "file", "Pending", "0%"),
                task_of_kind("7", url, "IgnoreParams", "Pending", "0%"),
            ]),
        );
    let mut job = Job::new(plan);
    let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["sent"; 2]);
    assert_eq!(job.task_ids(), ["7"]);
}

#[tokio::test]
async fn a_call_that_cannot_be_looked_up_is_not_resent() {
    let forbid =
        |fake: FakeTransport| fake.error(LIST_TASKS, 403, "Forbidden.RAM", "You may not list.");
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job
        .submit(&in_memory(&forbid(FakeTransport::new().fault(REFRESH, Fault::ConnectionReset))))
        .await
        .unwrap();
    assert_eq!(states(&job), ["unknown"]);
    let fake = forbid(accept(FakeTransport::new(), "8"));
    let report = job.submit(&in_memory(&fake)).resend_unknown(true).await.unwrap();
    assert_eq!((states(&job), sent_urls(&fake).len()), (vec!["unknown"], 0));
    let text = report.objects[0].to_string();
    assert!(
        text.contains("a lookup in the task list is not possible (")
            && text.contains("You may not list."),
        "{text}"
    );
    assert!(text.ends_with("and grant them this action"), "{text}");
}

#[tokio::test]
async fn an_unknown_call_stays_unknown_when_the_submission_stops() {
    let mut fake = FakeTransport::new();
    for _ in 0..3 {
        fake = fake.fault(REFRESH, Fault::ConnectionReset);
    }
    let mut job = job_of_three_calls();
    let _ = job.submit(&in_memory(&fake.respond_json(LIST_TASKS, task_list(&[])))).await.unwrap();
    let fake = FakeTransport::new().error(REFRESH, 400, "QuotaExceeded.Refresh", "Enough.");
    let fake = fake.respond_json(LIST_TASKS, task_list(&[]));
    let _ = job.submit(&in_memory(&fake)).concurrency(1).resend_unknown(true).await.unwrap();
    assert_eq!((states(&job), sent_urls(&fake).len()), (vec!["unknown"; 3], 1));
}

#[tokio::test]
async fn the_task_list_is_queried_by_the_clock_of_the_service() {
    // Its clock is ten minutes ahead of ours.
    let mut task = task("7", "http://a.example/1", "Pending", "0%");
    task["CreationTime"] = "2026-01-02T03:14:06Z".into();
    let headers = [("content-type", "application/json"), ("date", "Fri, 02 Jan 2026 03:14:07 GMT")];
    let fake = FakeTransport::new().fault(REFRESH, Fault::ConnectionReset).respond_raw(
        LIST_TASKS,
        200,
        &headers,
        task_list(&[task]),
    );
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
    let requests = fake.requests();
    let list = requests.iter().find(|request| request.param("StartTime").is_some()).unwrap();
    assert_eq!(list.param("StartTime"), Some("2026-01-02T03:13:55Z"));
    assert_eq!(list.param("EndTime"), Some("2026-01-02T03:14:08Z"));
}
