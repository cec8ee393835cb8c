//! Calls of which the answer was lost: what is found of them, and what is never just sent again.

use std::time::Duration;

use alicloud_cdn_refresh::{Job, Plan, Planner, PreloadOptions, TargetKind};
use alicloud_core::testing::{FakeTransport, Fault};

use crate::submit::{REFRESH, sent_urls, taken, three};
use crate::support::{in_memory, states, task, task_of_kind, wrapped_listing};

const LIST: &str = "DescribeRefreshTasks";

#[tokio::test]
async fn what_is_older_than_the_list_is_not_looked_for_in_it() {
    let old = r#"{"calls": [
        {"domain": "a.example", "kind": "file", "state": {"state": "sending", "at": "2025-12-29T03:04:05Z"},
         "objects": [{"url": "http://a.example/old", "status": {"status": "pending"}}]},
        {"domain": "a.example", "kind": "file", "state": {"state": "sending", "at": "2026-01-02T03:04:05Z"},
         "objects": [{"url": "http://a.example/new", "status": {"status": "pending"}}]}]}"#;
    let mut job: Job = serde_json::from_str(old).unwrap();
    let list = wrapped_listing(&[task("7", "http://a.example/new", "Pending", "0%")]);
    let fake = FakeTransport::new().respond_json(LIST, list);
    for _ in 0..2 {
        let report = job.submit(&in_memory(&fake)).await.unwrap();
        assert_eq!(states(&job), ["unknown", "sent"]);
        let text = report.objects[0].to_string();
        assert_eq!(text.matches("it was sent more than 3 days ago").count(), 1, "{text}");
    }
    let requests = fake.requests();
    let list = requests.iter().find(|request| request.param("StartTime").is_some()).unwrap();
    assert_eq!(list.param("StartTime"), Some("2026-01-02T03:03:53Z"));

    let fake = taken(FakeTransport::new(), "8");
    let _ = job.submit(&in_memory(&fake)).resend_unknown(true).await.unwrap();
    assert_eq!(job.task_ids(), ["8", "7"]);
}

#[tokio::test]
async fn a_list_is_read_to_its_end_however_long_it_is() {
    // Thirty pages, at ten calls a second, for a search of one second.
    let full: Vec<_> = (0..100)
        .map(|n| task("6", &format!("http://a.example/other/{n}"), "Pending", "0%"))
        .collect();
    let mut fake = FakeTransport::new().fault(REFRESH, Fault::Reset);
    for _ in 0..30 {
        fake = fake.respond_json(LIST, wrapped_listing(&full));
    }
    let fake = fake
        .respond_json(LIST, wrapped_listing(&[task("7", "http://a.example/1", "Pending", "0%")]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).lookup_timeout(Duration::from_secs(1)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
}

#[tokio::test]
async fn a_lost_answer_is_looked_for() {
    let fake = FakeTransport::new()
        .fault(REFRESH, Fault::Reset)
        .respond_json(LIST, wrapped_listing(&[]))
        .respond_json(LIST, wrapped_listing(&[
            // The same object of an earlier task is not this one.
            serde_json::json!({"TaskId": "6", "ObjectPath": "http://a.example/1", "CreationTime": "2026-01-02T03:03:00Z"}),
            task("7", "HTTP://A.EXAMPLE/%31", "Pending", "0%"),
        ]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
    assert_eq!(sent_urls(&fake).len(), 1);
    let list = fake.requests().into_iter().find(|request| request.operation() == LIST).unwrap();
    assert_eq!(
        (list.param("DomainName"), list.param("ObjectType")),
        (Some("a.example"), Some("file"))
    );
}

#[tokio::test]
async fn what_is_not_found_stays_unknown_until_somebody_decides() {
    let mut fake = FakeTransport::new().fault(REFRESH, Fault::Reset);
    for _ in 0..100 {
        fake = fake.respond_json(
            LIST,
            wrapped_listing(&[task("6", "http://a.example/2", "Complete", "100%")]),
        );
    }
    let mut job = Job::new(Plan::refresh(["http://a.example/1", "http://a.example/2"]));
    let client = in_memory(&fake);
    let _ = job.submit(&client).await.unwrap();
    assert_eq!(states(&job), ["unknown"], "half of a call is not the call");
    let report = job.report();
    assert!(report.objects[0].to_string().contains("in which its objects are not"), "{report:?}");
    assert!(!report.is_live());

    let _ = job.submit(&client).await.unwrap();
    assert_eq!(states(&job), ["unknown"]);
    assert_eq!(sent_urls(&fake).len(), 1, "it is not sent again by itself");

    let again = taken(FakeTransport::new(), "8").respond_json(LIST, wrapped_listing(&[]));
    let _ = job.submit(&in_memory(&again)).resend_unknown(true).await.unwrap();
    assert_eq!(job.task_ids(), ["8"]);
    assert_eq!(sent_urls(&again).len(), 1);
}

#[tokio::test]
async fn a_response_without_a_task_is_no_success() {
    let fake = FakeTransport::new().respond_json(REFRESH, r#"{"RequestId": "R"}"#);
    let fake = fake
        .respond_json(LIST, wrapped_listing(&[task("7", "http://a.example/1", "Pending", "0%")]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
}

#[tokio::test]
async fn a_call_that_may_have_been_carried_out_stays_so_when_sending_it_again_fails() {
    let lost =
        FakeTransport::new().fault(REFRESH, Fault::Reset).respond_json(LIST, wrapped_listing(&[]));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&lost)).await.unwrap();
    for again in [
        FakeTransport::new().fault(REFRESH, Fault::Refused),
        FakeTransport::new().error(REFRESH, 400, "QuotaExceeded.Refresh", "Enough."),
    ] {
        let again = again.respond_json(LIST, wrapped_listing(&[]));
        let _ = job.submit(&in_memory(&again)).resend_unknown(true).await.unwrap();
        assert_eq!(states(&job), ["unknown"]);
    }
}

#[tokio::test]
async fn an_entry_of_the_list_stands_for_one_call() {
    // The same URL twice, for two areas.
    let url = "http://a.example/film";
    let plan = Planner::new()
        .preload_with(PreloadOptions::new().area("domestic"), [url])
        .preload_with(PreloadOptions::new().area("overseas"), [url])
        .plan();
    let entry = |id| task_of_kind(id, url, "preload", "Pending", "0%");
    let lost = || {
        FakeTransport::new()
            .fault("PushObjectCache", Fault::Reset)
            .fault("PushObjectCache", Fault::Reset)
    };
    let mut job = Job::new(plan.clone());
    let fake = lost().respond_json(LIST, wrapped_listing(&[entry("7")]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(states(&job), ["unknown"; 2], "nobody knows of which call the entry is");

    let mut job = Job::new(plan);
    let fake = lost().respond_json(LIST, wrapped_listing(&[entry("7"), entry("8")]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7", "8"]);
}

#[tokio::test]
async fn an_entry_of_another_kind_is_of_another_call() {
    // Both of one second, so under one id; the answer of the second is lost.
    let url = "http://a.example/x";
    let plan = Planner::new().refresh([url]).refresh_as(TargetKind::IgnoreParams, [url]).plan();
    let fake = taken(FakeTransport::new(), "7").fault(REFRESH, Fault::Reset).respond_json(
        LIST,
        wrapped_listing(&[
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
async fn a_lost_call_is_not_sent_again_while_it_cannot_be_looked_for() {
    let down = |fake: FakeTransport| fake.error(LIST, 403, "Forbidden.RAM", "You may not list.");
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job
        .submit(&in_memory(&down(FakeTransport::new().fault(REFRESH, Fault::Reset))))
        .await
        .unwrap();
    assert_eq!(states(&job), ["unknown"]);
    let fake = down(taken(FakeTransport::new(), "8"));
    let report = job.submit(&in_memory(&fake)).resend_unknown(true).await.unwrap();
    assert_eq!((states(&job), sent_urls(&fake).len()), (vec!["unknown"], 0));
    let text = report.objects[0].to_string();
    assert!(text.contains("cannot be read (") && text.contains("You may not list."), "{text}");
    assert!(text.ends_with("and grant them this action"), "{text}");
}

#[tokio::test]
async fn what_may_have_been_carried_out_stays_so_when_sending_is_halted() {
    let mut fake = FakeTransport::new();
    for _ in 0..3 {
        fake = fake.fault(REFRESH, Fault::Reset);
    }
    let mut job = three();
    let _ = job.submit(&in_memory(&fake.respond_json(LIST, wrapped_listing(&[])))).await.unwrap();
    let fake = FakeTransport::new().error(REFRESH, 400, "QuotaExceeded.Refresh", "Enough.");
    let fake = fake.respond_json(LIST, wrapped_listing(&[]));
    let _ = job.submit(&in_memory(&fake)).concurrency(1).resend_unknown(true).await.unwrap();
    assert_eq!((states(&job), sent_urls(&fake).len()), (vec!["unknown"; 3], 1));
}

#[tokio::test]
async fn the_list_is_read_by_the_clock_of_the_service() {
    // Its clock is ten minutes ahead of ours.
    let mut entry = task("7", "http://a.example/1", "Pending", "0%");
    entry["CreationTime"] = "2026-01-02T03:14:06Z".into();
    let headers = [("content-type", "application/json"), ("date", "Fri, 02 Jan 2026 03:14:07 GMT")];
    let fake = FakeTransport::new().fault(REFRESH, Fault::Reset).respond_raw(
        LIST,
        200,
        &headers,
        wrapped_listing(&[entry]),
    );
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["7"]);
    let requests = fake.requests();
    let list = requests.iter().find(|request| request.param("StartTime").is_some()).unwrap();
    assert_eq!(list.param("StartTime"), Some("2026-01-02T03:13:55Z"));
    assert_eq!(list.param("EndTime"), Some("2026-01-02T03:14:08Z"));
}
