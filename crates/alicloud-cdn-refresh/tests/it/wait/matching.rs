//! Which object of a job a listed task belongs to: by id, URL, kind and cache tag.

use std::time::Duration;

use alicloud_cdn_refresh::{Job, Plan, Planner, TargetKind};
use alicloud_core::testing::FakeTransport;

use crate::support::{A, B, in_memory, polls, submitted, task, task_of_kind};

#[tokio::test]
async fn calls_with_the_same_id_are_distinguished_by_object() {
    // The service gives calls of the same second one id, and it also covers an object of another job.
    let fake = FakeTransport::new()
        .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
        .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
    let mut job = Job::new(Plan::refresh([A, "http://a.example/d/"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    let unrelated = task("17", "http://a.example/other", "Failed", "0%");
    let directory = |status| task_of_kind("17", "http://a.example/d/", "directory", status, "0%");
    let file = || task("17", A, "Complete", "100%");
    let fake = polls(&[
        &[unrelated.clone(), file(), directory("Refreshing")],
        &[unrelated, file(), directory("Complete")],
    ]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn other_objects_under_the_same_id_are_ignored() {
    let mut job = submitted(Plan::refresh([A, B]), "17").await;
    let fake = polls(&[&[
        task("17", A, "Complete", "100%"),
        task("17", "http://a.example/c", "Complete", "100%"),
        task("17", "https://a.example/b", "Complete", "100%"),
    ]]);
    let report = job.wait(&in_memory(&fake)).max_wait(Duration::from_secs(1)).await.unwrap();
    assert_eq!((report.counts().live, report.counts().pending), (1, 1));
}

#[tokio::test]
async fn other_spellings_of_a_url_match() {
    let plan =
        Plan::refresh(["http://a.example/%e5", "http://a.example/%E5", "https://a.example/x"]);
    let mut job = submitted(plan, "17").await;
    let fake = polls(&[&[
        task("17", "HTTP://A.example/%E5", "Complete", "100%"),
        task("17", "a.example/x", "Complete", "100%"),
    ]]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
}

#[tokio::test]
async fn a_url_of_two_kinds_under_one_id_is_two_objects() {
    let other = |status| task_of_kind("17", A, "IgnoreParams", status, "1%");
    for status in ["Complete", "Failed"] {
        let mut job = submitted(Plan::refresh([A]), "17").await;
        let fake = polls(&[
            &[other(status)],
            &[other(status), task("17", A, "Refreshing", "1%")],
            &[other("Refreshing"), task("17", A, "complete", "100%")],
        ]);
        let report = job.wait(&in_memory(&fake)).await.unwrap();
        assert!(report.is_live(), "{status}: {report:?}");
        assert_eq!(fake.requests().len(), 3, "{status}");
    }
    // The English documentation uses another name, and an unknown name matches every kind.
    for kind in ["ExQuery", "IGNOREPARAMS", "brand-new"] {
        let plan = Planner::new().refresh_as(TargetKind::IgnoreParams, [A]).plan();
        let mut job = submitted(plan, "17").await;
        let fake = polls(&[&[task_of_kind("17", A, kind, "Complete", "100%")]]);
        assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live(), "{kind}");
    }
}

#[tokio::test]
async fn a_task_without_a_kind_is_the_same_as_with_it() {
    for has_kind in [[true, false, false], [false, true, false], [false, false, true]] {
        let mut job = submitted(Plan::refresh([A]), "17").await;
        let task_statuses = ["Pending", "Refreshing", "Complete"];
        let tasks = has_kind.into_iter().zip(task_statuses).map(|(has_kind, status)| {
            let mut task = task("17", A, status, "1%");
            if !has_kind {
                task["ObjectType"] = serde_json::Value::Null;
            }
            [task]
        });
        let tasks: Vec<_> = tasks.collect();
        let fake = polls(&[&tasks[0], &tasks[1], &tasks[2]]);
        assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live(), "{has_kind:?}");
    }
}

#[tokio::test]
async fn an_object_that_is_only_listed_as_another_kind_is_matched_after_a_while() {
    let plan = || Planner::new().refresh_as(TargetKind::IgnoreParams, [A]).plan();
    let listed = [task("17", A, "Complete", "100%")];
    let fake = polls(&[&listed[..]; 20]);
    let mut job = submitted(plan(), "17").await;
    let client = in_memory(&fake);
    let mut wait = job.wait(&client);
    let mut warnings = Vec::new();
    while let Some(progress) = wait.next().await {
        warnings.extend(progress.unwrap().warnings);
    }
    drop(wait);
    assert!(job.report().is_live());
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains(" as file, but not the submitted "), "{warnings:?}");
    assert!(warnings[1].contains("is only listed as \"file\""), "{warnings:?}");
    let poll_count = fake.requests().len();
    assert!((5..20).contains(&poll_count), "after some polls, before the timeout: {poll_count}");

    // The time counts, not the number of polls.
    let mut job = submitted(plan(), "17").await;
    let client = in_memory(&polls(&[&listed[..]; 100]));
    let interval = Duration::from_secs(1);
    let report =
        job.wait(&client).poll_interval(interval, interval).max_wait(20 * interval).await.unwrap();
    assert_eq!(report.counts().pending, 1);

    // A task that belongs to another call is never used.
    let both = Planner::new().refresh([A]).refresh_as(TargetKind::IgnoreParams, [A]).plan();
    let mut job = submitted(both, "17").await;
    let _ = job.wait(&in_memory(&polls(&[&listed[..]; 100]))).await.unwrap();
    let counts = job.report().counts();
    assert_eq!((counts.live, counts.pending), (1, 1));
}

#[tokio::test]
async fn other_objects_under_the_same_id_cause_no_warnings() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let mut unrelated = task("17", "http://a.example/unrelated", "Failed", "1%");
    unrelated["Description"] = "Origin Timeout".into();
    let undocumented = task("17", "http://a.example/undocumented", "Sleeping", "1%");
    let fake = polls(&[
        &[unrelated.clone(), undocumented.clone(), task("17", A, "Refreshing", "1%")],
        &[unrelated, undocumented, task("17", A, "Complete", "100%")],
    ]);
    let client = in_memory(&fake);
    let mut wait = job.wait(&client);
    while let Some(progress) = wait.next().await {
        let progress = progress.unwrap();
        assert_eq!((progress.last_failure, progress.warnings.len()), (None, 0));
    }
}

#[tokio::test]
async fn cache_tags_are_live_when_all_their_tasks_are() {
    let plan = Planner::new().cache_tags("a.example", ["red", "blue"]).plan();
    let mut job = submitted(plan, "17,18").await;
    let done = |id| task(id, "http://a.example/anything", "Complete", "100%");
    let fake = polls(&[&[done("17")], &[done("17"), done("18")]]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
    assert_eq!(fake.requests().len(), 3, "an id is polled while its list is empty or grows");
}
