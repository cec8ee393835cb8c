//! Waiting: what is live, what has failed, and what is only late.

use std::time::Duration;

use alicloud_cdn_refresh::{Error, Fate, Job, Kind, Plan, Planner};
use alicloud_core::testing::{FakeTransport, Fault};

use crate::support::{fates, in_memory, listing, task, task_of_kind};

const LOOK: &str = "DescribeRefreshTaskById";

/// A job of which one call was taken as some tasks.
async fn submitted(plan: Plan, ids: &str) -> Job {
    let fake = FakeTransport::new()
        .reply_json("RefreshObjectCaches", format!(r#"{{"RefreshTaskId": "{ids}"}}"#))
        .reply_json("RefreshObjectCacheByCacheTag", format!(r#"{{"RefreshTaskId": "{ids}"}}"#));
    let mut job = Job::new(plan);
    job.submit(&in_memory(&fake)).await.unwrap();
    job
}

fn looks(replies: &[&[serde_json::Value]]) -> FakeTransport {
    replies.iter().fold(FakeTransport::new(), |fake, tasks| fake.reply_json(LOOK, listing(tasks)))
}

const A: &str = "http://a.example/a";
const B: &str = "http://a.example/b";

#[tokio::test]
async fn an_object_that_is_not_listed_is_not_live() {
    let mut job = submitted(Plan::refresh([A, B]), "17").await;
    let fake = looks(&[
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
async fn what_has_failed_is_said_with_the_reason() {
    let mut job = submitted(Plan::refresh([A, B, "http://a.example/c"]), "17,18").await;
    let mut failed = task("17", A, "failed", "3%");
    failed["Description"] = "Origin Timeout".into();
    let all = [
        failed,
        task("18", B, "Timeout", "9%"),
        task("18", "http://a.example/c", "Canceled", "0%"),
    ];
    let report = job.wait(&in_memory(&looks(&[&all]))).await.unwrap();
    let of = |status: &str, description: Option<&str>| Fate::Failed {
        status: status.to_owned(),
        description: description.map(str::to_owned),
    };
    assert_eq!(
        fates(&job),
        [of("failed", Some("Origin Timeout")), of("Timeout", None), of("Canceled", None)]
    );
    assert_eq!(report.to_string(), "0 of 3 live; 3 failed");
    assert_eq!(report.objects[0].to_string(), "http://a.example/a: failed: Origin Timeout");
}

#[tokio::test]
async fn an_unknown_status_is_waited_out_with_one_warning() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let sleeping = task("17", A, "Sleeping", "10%");
    let fake = looks(&[
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
async fn a_failed_look_is_not_a_failed_object() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new();
    let faults = (0..4).fold(fake, |fake, _| fake.fault(LOOK, Fault::Reset));
    let fake = faults
        .error(LOOK, 503, "ServiceUnavailable", "Later.")
        .reply_raw(LOOK, 200, &[("content-type", "text/html")], "<html>oops</html>")
        .reply_json(LOOK, listing(&[task("17", A, "Complete", "100%")]));
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());

    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new().error(LOOK, 403, "Forbidden.RAM", "Not you.");
    let error = job.wait(&in_memory(&fake)).await.unwrap_err();
    assert!(matches!(&error, Error::Call(call) if call.is_forbidden()), "{error}");
    assert_eq!(fates(&job), [Fate::Pending { status: None, percent: None }]);
}

#[tokio::test]
async fn the_end_of_the_time_is_no_error_and_what_is_pending_is_said() {
    for (plan, minutes) in [(Plan::refresh([A]), 15), (Plan::preload([A]), 60)] {
        let preload = plan.objects_of(Kind::Preload) > 0;
        let fake = FakeTransport::new()
            .reply_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
            .reply_json("PushObjectCache", r#"{"PushTaskId": "17"}"#);
        let kind = if preload { "preload" } else { "file" };
        let fake = (0..1_000).fold(fake, |fake, _| {
            fake.reply_json(LOOK, listing(&[task_of_kind("17", A, kind, "Refreshing", "42.5%")]))
        });
        let client = in_memory(&fake);
        let mut job = Job::new(plan);
        job.submit(&client).await.unwrap();
        let before = client.core().clock().elapsed();
        let report = job.wait(&client).await.unwrap();
        assert_eq!((client.core().clock().elapsed() - before).as_secs(), minutes * 60);
        assert_eq!(report.objects[0].to_string(), format!("{A}: Refreshing, 42.5%"));
        assert!(fake.requests().len() > 80, "it looks every ten seconds or so");
    }
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = looks(&[&[], &[], &[]]);
    let report = job.wait(&in_memory(&fake)).for_at_most(Duration::from_secs(5)).await.unwrap();
    assert_eq!(report.objects[0].to_string(), format!("{A}: not listed yet"));
}

#[tokio::test]
async fn ids_are_asked_for_ten_at_a_time_and_done_ones_not_again() {
    let ids: Vec<String> = (1..=25).map(|id| id.to_string()).collect();
    let mut job = Job::of_tasks([ids.join(", ")]).unwrap();
    let of = |ids: std::ops::RangeInclusive<u32>, status: &str| -> Vec<serde_json::Value> {
        ids.map(|id| task(&id.to_string(), &format!("{A}{id}"), status, "100%")).collect()
    };
    // Three calls, of which the middle one is not done.
    let fake = (0..3).fold(FakeTransport::new(), |fake, _| {
        let mut all = of(1..=25, "Complete");
        all.retain(|task| task["TaskId"] != "2");
        fake.reply_json(LOOK, listing(&all))
    });
    let fake = fake.reply_json(LOOK, listing(&of(2..=2, "Complete")));
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert_eq!(report.to_string(), "25 of 25 live");
    let asked: Vec<usize> =
        fake.requests().iter().map(|one| one.param("TaskId").unwrap().split(',').count()).collect();
    assert_eq!(asked, [10, 10, 5, 1]);
}

#[tokio::test]
async fn a_merged_id_is_told_apart_by_object() {
    // Two calls of one second share an id, and somebody else's object is under it, too.
    let fake = FakeTransport::new()
        .reply_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
        .reply_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
    let mut job = Job::new(Plan::refresh([A, "http://a.example/d/"]));
    job.submit(&in_memory(&fake)).await.unwrap();
    let stranger = task("17", "http://a.example/other", "Failed", "0%");
    let directory = |status| task_of_kind("17", "http://a.example/d/", "directory", status, "0%");
    let file = || task("17", A, "Complete", "100%");
    let fake = looks(&[
        &[stranger.clone(), file(), directory("Refreshing")],
        &[stranger, file(), directory("Complete")],
    ]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn an_object_under_another_spelling_counts_when_nothing_else_can_be_meant() {
    let mut job = submitted(Plan::refresh([A, B]), "17").await;
    let fake = looks(&[
        // One is missing and one is strange, but it is not final.
        &[task("17", A, "Complete", "100%"), task("17", "//a.example/b", "Refreshing", "1%")],
        &[task("17", A, "Complete", "100%"), task("17", "http://a.example/b#", "Complete", "100%")],
    ]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());

    let mut job = submitted(Plan::refresh([A, B]), "17").await;
    let (one, two) = (
        task("17", "http://a.example/1", "Complete", "100%"),
        task("17", "http://b.example/2", "Complete", "100%"),
    );
    let fake = looks(&[&[one, two]]);
    let report = job.wait(&in_memory(&fake)).for_at_most(Duration::from_secs(1)).await.unwrap();
    assert_eq!(report.counts().pending, 2, "of two strangers only one is of the domain");
}

#[tokio::test]
async fn tags_are_live_when_all_their_tasks_are() {
    let plan = Planner::new().cache_tags("a.example", ["red", "blue"]).plan();
    let mut job = submitted(plan, "17,18").await;
    let done = |id| task(id, "http://a.example/anything", "Complete", "100%");
    let fake = looks(&[&[done("17")], &[done("17"), done("18")]]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
    assert_eq!(fake.requests().len(), 2, "an id that is not listed is not done");
}

#[tokio::test]
async fn a_bare_id_shows_what_is_under_it() {
    let mut job = Job::of_tasks(["17", "17,18"]).unwrap();
    let mut ignored = task("17", "http://a.example/x", "Complete", "100%");
    ignored["ObjectType"] = "directory".into();
    job.look(&in_memory(&looks(&[&[ignored, task("17", B, "Pending", "0%")]]))).await.unwrap();
    let report = job.report();
    assert_eq!(report.objects.len(), 3);
    assert_eq!(report.objects[0].kind, Some(Kind::Directory));
    assert!(report.objects[2].to_string().starts_with("task 18 is not listed"), "{report:?}");
    for bad in ["", "1,,2", "12a", "-1", "17\n18"] {
        let error = Job::of_tasks([bad]).unwrap_err();
        assert!(error.to_string().contains("is not the id of a task"), "{error}");
    }
}

#[tokio::test]
async fn an_empty_job_is_over_at_once_and_not_live() {
    let mut job = Job::new(Plan::refresh(Vec::<String>::new()));
    let fake = FakeTransport::new();
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert!(!report.is_live());
    assert!(fake.requests().is_empty());
}
