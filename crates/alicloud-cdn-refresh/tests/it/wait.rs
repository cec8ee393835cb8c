//! Waits: live, failed and pending objects, polling errors and warnings.

use std::time::Duration;

use alicloud_cdn_refresh::{Error, Job, ObjectStatus, Plan, Planner, TargetKind};
use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_fake::{FakeService, Simulation};

use crate::support::{client_of, in_memory, statuses, task, task_of_kind, tasks_by_id};

const DESCRIBE_BY_ID: &str = "DescribeRefreshTaskById";

/// Returns a job that was submitted in one call, with these task ids.
async fn submitted(plan: Plan, ids: &str) -> Job {
    let fake = FakeTransport::new()
        .respond_json("RefreshObjectCaches", format!(r#"{{"RefreshTaskId": "{ids}"}}"#))
        .respond_json("RefreshObjectCacheByCacheTag", format!(r#"{{"RefreshTaskId": "{ids}"}}"#));
    let mut job = Job::new(plan);
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    job
}

/// Returns a transport with one response per poll.
fn polls(responses: &[&[serde_json::Value]]) -> FakeTransport {
    responses.iter().fold(FakeTransport::new(), |fake, tasks| {
        fake.respond_json(DESCRIBE_BY_ID, tasks_by_id(tasks))
    })
}

const A: &str = "http://a.example/a";
const B: &str = "http://a.example/b";

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
async fn a_failed_poll_makes_no_object_fail() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new();
    let faults = (0..4).fold(fake, |fake, _| fake.fault(DESCRIBE_BY_ID, Fault::ConnectionReset));
    let fake = faults
        .error(DESCRIBE_BY_ID, 503, "ServiceUnavailable", "Later.")
        .respond_raw(DESCRIBE_BY_ID, 200, &[("content-type", "text/html")], "<html>oops</html>")
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[task("17", A, "Complete", "100%")]));
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());

    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new().error(DESCRIBE_BY_ID, 403, "Forbidden.RAM", "Not you.");
    let error = job.wait(&in_memory(&fake)).await.unwrap_err();
    assert!(matches!(&error, Error::Call(call) if call.is_forbidden()), "{error}");
    assert_eq!(statuses(&job), [ObjectStatus::Pending { service_status: None, percent: None }]);
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
async fn a_rejected_id_does_not_affect_the_others() {
    let mut job = Job::from_task_ids(["17", "999999999999999999999999"]).unwrap();
    let reject =
        |fake: FakeTransport| fake.error(DESCRIBE_BY_ID, 400, "InvalidTaskId.Malformed", "No.");
    let done = || tasks_by_id(&[task("17", A, "Complete", "100%")]);
    let fake = reject(FakeTransport::new()).respond_json(DESCRIBE_BY_ID, done());
    let fake = reject(fake).respond_json(DESCRIBE_BY_ID, done());
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert_eq!(report.to_string(), "1 of 2 live; 1 failed");
    let invalid = report.not_live().next().unwrap().to_string();
    assert!(
        invalid.starts_with("task 999999999999999999999999: not a task of this account"),
        "{invalid}"
    );
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
async fn retry_after_delays_the_next_poll() {
    // Two calls, the first with a retry delay that is longer than a call's own retries wait.
    let urls: Vec<String> = (0..11).map(|n| format!("http://a.example/{n}")).collect();
    let ids: Vec<String> = (10..21).map(|id| id.to_string()).collect();
    let mut job = submitted(Plan::refresh(&urls), &ids.join(",")).await;
    let later = [("content-type", "application/json"), ("x-acs-retry-after", "120000")];
    let busy = r#"{"Code": "TooManyRequests", "Message": "Slower.", "RequestId": "R"}"#;
    let done: Vec<_> = urls.iter().map(|url| task("10", url, "Complete", "100%")).collect();
    let mut fake = FakeTransport::new();
    for _ in 0..4 {
        fake = fake.respond_raw(DESCRIBE_BY_ID, 429, &later, busy);
    }
    let fake = fake
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&done))
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[]));
    let client = in_memory(&fake);
    let start = client.core().clock().elapsed();
    let report = job.wait(&client).await.unwrap();
    assert!(report.is_live(), "{report:?}");
    assert!(client.core().clock().elapsed() - start >= Duration::from_secs(120));
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
async fn an_error_of_the_whole_call_makes_no_object_fail() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new().error(
        DESCRIBE_BY_ID,
        404,
        "InvalidAction.NotFound",
        "No such operation.",
    );
    let error = job.wait(&in_memory(&fake)).await.unwrap_err();
    assert!(error.to_string().contains("InvalidAction.NotFound"), "{error}");
    assert_eq!(statuses(&job), [ObjectStatus::Pending { service_status: None, percent: None }]);

    // A rejected id makes no object fail whose call has another id.
    let mut job = submitted(Plan::refresh([A]), "17,18").await;
    let reject =
        |fake: FakeTransport| fake.error(DESCRIBE_BY_ID, 400, "InvalidTaskId.Malformed", "No.");
    let fake = reject(FakeTransport::new())
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[task("17", A, "Refreshing", "1%")]));
    let fake = reject(fake)
        .respond_json(DESCRIBE_BY_ID, tasks_by_id(&[task("17", A, "Complete", "100%")]));
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
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
async fn cache_tags_are_live_when_all_their_tasks_are() {
    let plan = Planner::new().cache_tags("a.example", ["red", "blue"]).plan();
    let mut job = submitted(plan, "17,18").await;
    let done = |id| task(id, "http://a.example/anything", "Complete", "100%");
    let fake = polls(&[&[done("17")], &[done("17"), done("18")]]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
    assert_eq!(fake.requests().len(), 3, "an id is polled while its list is empty or grows");
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
