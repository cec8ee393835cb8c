//! Waits: live, failed and pending objects, timeouts and warnings.

mod failed_polls;
mod matching;

use std::time::Duration;

use alicloud_cdn_refresh::{Job, ObjectStatus, Plan, TargetKind};
use alicloud_core::testing::FakeTransport;
use alicloud_fake::{FakeService, Simulation};

use crate::support::{
    A, B, DESCRIBE_BY_ID, client_of, in_memory, polls, statuses, submitted, task, task_of_kind,
    tasks_by_id,
};

#[tokio::test]
async fn unlisted_objects_are_pending() {
    let mut job = submitted(Plan::refresh([A, B]), "17").await;
    let fake = polls(&[
        &[],
        &[task("17", A, "Complete", "100%")],
        &[task("17", A, "Complete", "100%"), task("17", B, "Refreshing", "50%")],
        &[task("17", A, "Complete", "100%"), task("17", B, "COMPLETE", "100%")],
    ]);
    let client = in_memory(&fake);
    let mut wait = job.wait(&client);
    let mut seen = Vec::new();
    while let Some(progress) = wait.next().await {
        let progress = progress.unwrap();
        seen.push((progress.live, progress.pending, progress.percent));
    }
    drop(wait);
    assert_eq!(seen, [(0, 2, 0.0), (1, 1, 50.0), (1, 1, 75.0), (2, 0, 100.0)]);
    assert!(job.report().is_live());
}

#[tokio::test]
async fn failed_objects_have_the_reason() {
    let mut job = submitted(Plan::refresh([A, B, "http://a.example/c"]), "17,18").await;
    let mut failed = task("17", A, "failed", "3%");
    failed["Description"] = "Origin Timeout".into();
    let all = [
        failed,
        task("18", B, "Timeout", "9%"),
        task("18", "http://a.example/c", "Canceled", "0%"),
    ];
    let report = job.wait(&in_memory(&polls(&[&all]))).await.unwrap();
    let failed_as = |status: &str, description: Option<&str>| ObjectStatus::Failed {
        service_status: status.to_owned(),
        description: description.map(str::to_owned),
    };
    assert_eq!(
        statuses(&job),
        [
            failed_as("failed", Some("Origin Timeout")),
            failed_as("Timeout", None),
            failed_as("Canceled", None)
        ]
    );
    assert_eq!(report.to_string(), "0 of 3 live; 3 failed");
    assert_eq!(report.objects[0].to_string(), "http://a.example/a: failed: Origin Timeout");
}

#[tokio::test]
async fn an_undocumented_status_is_pending_with_one_warning() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let sleeping = task("17", A, "Sleeping", "10%");
    let fake = polls(&[
        std::slice::from_ref(&sleeping),
        std::slice::from_ref(&sleeping),
        &[task("17", A, "Complete", "100%")],
    ]);
    let client = in_memory(&fake);
    let mut wait = job.wait(&client);
    let mut warnings = Vec::new();
    while let Some(progress) = wait.next().await {
        warnings.extend(progress.unwrap().warnings);
    }
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("Sleeping") && warnings[0].contains(A), "{warnings:?}");
    drop(wait);
    assert!(job.report().is_live());
}

#[tokio::test]
async fn a_timeout_is_not_an_error_and_the_report_shows_pending_objects() {
    for (plan, minutes) in [(Plan::refresh([A]), 15), (Plan::preload([A]), 60)] {
        let is_preload = plan.object_count_of(TargetKind::Preload) > 0;
        let fake = FakeTransport::new()
            .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
            .respond_json("PushObjectCache", r#"{"PushTaskId": "17"}"#);
        let kind = if is_preload { "preload" } else { "file" };
        let fake = (0..1_000).fold(fake, |fake, _| {
            fake.respond_json(
                DESCRIBE_BY_ID,
                tasks_by_id(&[task_of_kind("17", A, kind, "Refreshing", "42.5%")]),
            )
        });
        let client = in_memory(&fake);
        let mut job = Job::new(plan);
        let _ = job.submit(&client).await.unwrap();
        let start = client.core().clock().elapsed();
        let report = job.wait(&client).await.unwrap();
        assert_eq!((client.core().clock().elapsed() - start).as_secs(), minutes * 60);
        assert_eq!(report.objects[0].to_string(), format!("{A}: Refreshing, 42.5%"));
        assert!(fake.requests().len() > 80, "polls about every ten seconds");
    }
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = polls(&[&[], &[], &[]]);
    let report = job.wait(&in_memory(&fake)).max_wait(Duration::from_secs(5)).await.unwrap();
    assert_eq!(report.objects[0].to_string(), format!("{A}: no status yet"));
}

#[tokio::test]
async fn ids_are_polled_in_batches_of_ten_until_they_are_final() {
    let ids: Vec<String> = (1..=25).map(|id| id.to_string()).collect();
    let mut job = Job::from_task_ids([ids.join(", ")]).unwrap();
    let tasks = |ids: std::ops::RangeInclusive<u32>, status: &str| -> Vec<serde_json::Value> {
        ids.map(|id| task(&id.to_string(), &format!("{A}{id}"), status, "100%")).collect()
    };
    // Two polls of three calls each, without one of the tasks.
    let fake = (0..6).fold(FakeTransport::new(), |fake, _| {
        let mut all = tasks(1..=25, "Complete");
        all.retain(|task| task["TaskId"] != "2");
        fake.respond_json(DESCRIBE_BY_ID, tasks_by_id(&all))
    });
    let fake = fake.respond_json(DESCRIBE_BY_ID, tasks_by_id(&tasks(2..=2, "Complete")));
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert_eq!(report.to_string(), "25 of 25 live");
    let batch_sizes: Vec<usize> = fake
        .requests()
        .iter()
        .map(|request| request.param("TaskId").unwrap().split(',').count())
        .collect();
    assert_eq!(
        batch_sizes,
        [10, 10, 5, 10, 10, 5, 1, 1],
        "a second poll shows that the list is complete"
    );
}

#[tokio::test]
async fn objects_that_a_later_response_omits_are_kept() {
    for mut job in
        [submitted(Plan::refresh([A, B]), "17").await, Job::from_task_ids(["17"]).unwrap()]
    {
        let (a, b) = (task("17", A, "Complete", "100%"), task("17", B, "Refreshing", "9%"));
        let fake = polls(&[&[a.clone(), b], std::slice::from_ref(&a)]);
        let report = job.wait(&in_memory(&fake)).max_wait(Duration::from_secs(9)).await.unwrap();
        assert_eq!((report.counts().live, report.counts().pending), (1, 1), "{report:?}");
    }
}

#[tokio::test]
async fn stale_responses_do_not_end_the_wait() {
    let simulation = Simulation::new().speed(600.0).fail_matching("/broken/", "Origin Timeout");
    let fake = FakeService::builder().simulation(simulation.stale_reads(true)).start().await;
    let fake = fake.unwrap();
    let client = client_of(&fake);
    let broken = "http://a.example/broken/b";
    let mut job = Job::new(Plan::refresh([A, broken]));
    let _ = job.submit(&client).await.unwrap();
    let interval = Duration::from_millis(200);
    let report = job.wait(&client).poll_interval(interval, interval).await.unwrap();
    assert_eq!((report.counts().live, report.counts().failed), (1, 1), "{report:?}");
}

#[tokio::test]
async fn unlisted_ids_cause_one_warning() {
    let mut fake = FakeTransport::new();
    for _ in 0..20 {
        fake = fake.respond_json(DESCRIBE_BY_ID, tasks_by_id(&[]));
    }
    let client = in_memory(&fake);
    for (ids, start) in [(1, "task 1 is still"), (3, "tasks 1, 2 and 3 are still")] {
        let mut job = Job::from_task_ids((1..=ids).map(|id| id.to_string())).unwrap();
        let mut wait = job.wait(&client).max_wait(Duration::from_secs(90));
        let mut warnings = Vec::new();
        while let Some(progress) = wait.next().await {
            warnings.extend(progress.unwrap().warnings);
        }
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with(start), "{warnings:?}");
    }
}

#[tokio::test]
async fn objects_of_expired_tasks_are_unknown() {
    let old = r#"{"calls": [{"domain": "a.example", "kind": "file", "state": {"state": "sent",
        "sent_at": "2025-12-29T03:04:05Z", "task_ids": ["17"]},
        "objects": [{"url": "http://a.example/a", "status": {"status": "pending"}},
                    {"url": "http://a.example/b", "status": {"status": "live"}}]}]}"#;
    let mut job: Job = serde_json::from_str(old).unwrap();
    let fake = FakeTransport::new();
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert_eq!((report.counts().unknown, report.counts().live), (1, 1));
    assert!(report.objects[0].to_string().contains("more than 3 days ago"), "{report:?}");
    assert!(fake.requests().is_empty());
    assert!(job.is_finished());
}

#[tokio::test]
async fn characters_of_the_service_that_are_not_printable_are_omitted() {
    let mut job = Job::from_task_ids(["17"]).unwrap();
    let mut evil = task("17", "http://a.example/\u{1b}[2J", "Fai\nled\u{202e}", "1%");
    evil["Description"] = "a\rb\u{200b}".into();
    let mut failed = task("17", "", "Failed", "1%");
    failed["Description"] = "a\r\u{2066}b\u{feff}".into();
    let report = job.poll_once(&in_memory(&polls(&[&[evil, failed]]))).await.unwrap();
    let text: String = report.objects.iter().map(ToString::to_string).collect();
    let is_omitted = |c: char| c.is_control() || "\u{202e}\u{200b}\u{2066}\u{feff}".contains(c);
    assert!(!text.contains(is_omitted), "{text:?}");
    assert!(text.contains("object without a URL: failed: a b"), "{text:?}");
}

#[tokio::test]
async fn a_job_from_task_ids_shows_the_listed_objects() {
    let mut job = Job::from_task_ids(["17", "17,18"]).unwrap();
    let mut directory = task("17", "http://a.example/x", "Complete", "100%");
    directory["ObjectType"] = "directory".into();
    let _ = job
        .poll_once(&in_memory(&polls(&[&[directory, task("17", B, "Pending", "0%")]])))
        .await
        .unwrap();
    let report = job.report();
    assert_eq!(report.objects.len(), 3);
    let kinds: Vec<Option<TargetKind>> = report.objects.iter().map(|object| object.kind).collect();
    assert_eq!(kinds, [Some(TargetKind::File), Some(TargetKind::Directory), None]);
    assert!(report.objects[2].to_string().starts_with("task 18: no status yet"), "{report:?}");
    for invalid in ["", "1,,2", "1 2", "1;ls", "17\n18"] {
        let error = Job::from_task_ids([invalid]).unwrap_err();
        assert!(error.to_string().contains("is not a task id"), "{error}");
    }
}

#[tokio::test]
async fn a_wait_for_an_empty_job_ends_immediately() {
    let mut job = Job::new(Plan::refresh(Vec::<String>::new()));
    let fake = FakeTransport::new();
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert!(!report.is_live());
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn scalars_in_a_list_or_with_whitespace_are_followed() {
    for ids in [r#"["17"]"#, "[17]", r#"" 17 ""#, r#"[" 17"]"#] {
        for (field, value) in [
            ("Status", serde_json::json!(["Complete"])),
            ("Status", "Complete ".into()),
            ("Status", serde_json::json!([" COMPLETE"])),
            ("TaskId", serde_json::json!(["17"])),
            ("TaskId", serde_json::json!([17])),
            ("TaskId", " 17".into()),
            ("ObjectPath", serde_json::json!([A])),
            ("ObjectPath", format!("{A} ").into()),
            ("ObjectType", serde_json::json!(["file "])),
            ("Process", serde_json::json!([" 100% "])),
        ] {
            let fake = FakeTransport::new().respond_json(
                "RefreshObjectCaches",
                format!(r#"{{"RefreshTaskId": {ids}, "RequestId": ["R"]}}"#),
            );
            let mut job = Job::new(Plan::refresh([A]));
            let _ = job.submit(&in_memory(&fake)).await.unwrap();
            assert_eq!(job.task_ids(), ["17"], "{ids}");
            let mut listed = task("17", A, "Complete", "100%");
            listed[field] = value;
            let fake = polls(&[std::slice::from_ref(&listed)]);
            let report = job.wait(&in_memory(&fake)).max_wait(Duration::ZERO).await.unwrap();
            assert!(report.is_live(), "{listed}: {report}");
        }
    }
}

#[tokio::test]
async fn several_task_ids_in_a_list_are_those_of_the_call() {
    let fake = FakeTransport::new()
        .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": ["17", "18"]}"#);
    let mut job = Job::new(Plan::refresh([A]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(job.task_ids(), ["17", "18"]);
}
