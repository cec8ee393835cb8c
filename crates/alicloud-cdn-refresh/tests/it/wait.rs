//! Waiting: what is live, what has failed, and what is only late.

use std::time::Duration;

use alicloud_cdn_refresh::{Error, Job, ObjectStatus, Plan, Planner, TargetKind};
use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_fake::{FakeService, Simulation};

use crate::support::{client_of, in_memory, listing, statuses, task, task_of_kind};

const LOOK: &str = "DescribeRefreshTaskById";

/// A job of which one call was taken as some tasks.
async fn submitted(plan: Plan, ids: &str) -> Job {
    let fake = FakeTransport::new()
        .respond_json("RefreshObjectCaches", format!(r#"{{"RefreshTaskId": "{ids}"}}"#))
        .respond_json("RefreshObjectCacheByCacheTag", format!(r#"{{"RefreshTaskId": "{ids}"}}"#));
    let mut job = Job::new(plan);
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    job
}

fn looks(responses: &[&[serde_json::Value]]) -> FakeTransport {
    responses
        .iter()
        .fold(FakeTransport::new(), |fake, tasks| fake.respond_json(LOOK, listing(tasks)))
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
    let of = |status: &str, description: Option<&str>| ObjectStatus::Failed {
        service_status: status.to_owned(),
        description: description.map(str::to_owned),
    };
    assert_eq!(
        statuses(&job),
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
        .respond_raw(LOOK, 200, &[("content-type", "text/html")], "<html>oops</html>")
        .respond_json(LOOK, listing(&[task("17", A, "Complete", "100%")]));
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());

    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = FakeTransport::new().error(LOOK, 403, "Forbidden.RAM", "Not you.");
    let error = job.wait(&in_memory(&fake)).await.unwrap_err();
    assert!(matches!(&error, Error::Call(call) if call.is_forbidden()), "{error}");
    assert_eq!(statuses(&job), [ObjectStatus::Pending { service_status: None, percent: None }]);
}

#[tokio::test]
async fn the_end_of_the_time_is_no_error_and_what_is_pending_is_said() {
    for (plan, minutes) in [(Plan::refresh([A]), 15), (Plan::preload([A]), 60)] {
        let preload = plan.objects_of(TargetKind::Preload) > 0;
        let fake = FakeTransport::new()
            .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
            .respond_json("PushObjectCache", r#"{"PushTaskId": "17"}"#);
        let kind = if preload { "preload" } else { "file" };
        let fake = (0..1_000).fold(fake, |fake, _| {
            fake.respond_json(LOOK, listing(&[task_of_kind("17", A, kind, "Refreshing", "42.5%")]))
        });
        let client = in_memory(&fake);
        let mut job = Job::new(plan);
        let _ = job.submit(&client).await.unwrap();
        let before = client.core().clock().elapsed();
        let report = job.wait(&client).await.unwrap();
        assert_eq!((client.core().clock().elapsed() - before).as_secs(), minutes * 60);
        assert_eq!(report.objects[0].to_string(), format!("{A}: Refreshing, 42.5%"));
        assert!(fake.requests().len() > 80, "it looks every ten seconds or so");
    }
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake = looks(&[&[], &[], &[]]);
    let report = job.wait(&in_memory(&fake)).max_wait(Duration::from_secs(5)).await.unwrap();
    assert_eq!(report.objects[0].to_string(), format!("{A}: not listed yet"));
}

#[tokio::test]
async fn ids_are_asked_for_ten_at_a_time_and_done_ones_not_again() {
    let ids: Vec<String> = (1..=25).map(|id| id.to_string()).collect();
    let mut job = Job::from_task_ids([ids.join(", ")]).unwrap();
    let of = |ids: std::ops::RangeInclusive<u32>, status: &str| -> Vec<serde_json::Value> {
        ids.map(|id| task(&id.to_string(), &format!("{A}{id}"), status, "100%")).collect()
    };
    // Two looks of three calls, in which one task is missing.
    let fake = (0..6).fold(FakeTransport::new(), |fake, _| {
        let mut all = of(1..=25, "Complete");
        all.retain(|task| task["TaskId"] != "2");
        fake.respond_json(LOOK, listing(&all))
    });
    let fake = fake.respond_json(LOOK, listing(&of(2..=2, "Complete")));
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert_eq!(report.to_string(), "25 of 25 live");
    let asked: Vec<usize> =
        fake.requests().iter().map(|one| one.param("TaskId").unwrap().split(',').count()).collect();
    assert_eq!(asked, [10, 10, 5, 10, 10, 5, 1, 1], "a second look shows whether all is there");
}

#[tokio::test]
async fn a_merged_id_is_told_apart_by_object() {
    // Two calls of one second share an id, and somebody else's object is under it, too.
    let fake = FakeTransport::new()
        .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
        .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
    let mut job = Job::new(Plan::refresh([A, "http://a.example/d/"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
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
async fn an_object_of_somebody_else_never_stands_for_ours() {
    let mut job = submitted(Plan::refresh([A, B]), "17").await;
    let fake = looks(&[&[
        task("17", A, "Complete", "100%"),
        task("17", "http://a.example/c", "Complete", "100%"),
        task("17", "https://a.example/b", "Complete", "100%"),
    ]]);
    let report = job.wait(&in_memory(&fake)).max_wait(Duration::from_secs(1)).await.unwrap();
    assert_eq!((report.counts().live, report.counts().pending), (1, 1));
}

#[tokio::test]
async fn another_spelling_of_an_object_is_the_object() {
    let plan =
        Plan::refresh(["http://a.example/%e5", "http://a.example/%E5", "https://a.example/x"]);
    let mut job = submitted(plan, "17").await;
    let fake = looks(&[&[
        task("17", "HTTP://A.example/%E5", "Complete", "100%"),
        task("17", "a.example/x", "Complete", "100%"),
    ]]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
}

#[tokio::test]
async fn what_was_listed_once_is_not_forgotten() {
    for mut job in
        [submitted(Plan::refresh([A, B]), "17").await, Job::from_task_ids(["17"]).unwrap()]
    {
        let (a, b) = (task("17", A, "Complete", "100%"), task("17", B, "Refreshing", "9%"));
        let fake = looks(&[&[a.clone(), b], std::slice::from_ref(&a)]);
        let report = job.wait(&in_memory(&fake)).max_wait(Duration::from_secs(9)).await.unwrap();
        assert_eq!((report.counts().live, report.counts().pending), (1, 1), "{report:?}");
    }
}

#[tokio::test]
async fn a_task_that_the_service_does_not_take_for_one_spoils_no_other() {
    let mut job = Job::from_task_ids(["17", "999999999999999999999999"]).unwrap();
    let bad = |fake: FakeTransport| fake.error(LOOK, 400, "InvalidTaskId.Malformed", "No.");
    let done = || listing(&[task("17", A, "Complete", "100%")]);
    let fake = bad(FakeTransport::new()).respond_json(LOOK, done());
    let fake = bad(fake).respond_json(LOOK, done());
    let report = job.wait(&in_memory(&fake)).await.unwrap();
    assert_eq!(report.to_string(), "1 of 2 live; 1 failed");
    let bad = report.not_live().next().unwrap().to_string();
    assert!(bad.starts_with("task 999999999999999999999999: not a task of this account"), "{bad}");
}

#[tokio::test]
async fn one_url_in_two_ways_under_one_id_is_two_things() {
    let other = |status| task_of_kind("17", A, "IgnoreParams", status, "1%");
    for end in ["Complete", "Failed"] {
        let mut job = submitted(Plan::refresh([A]), "17").await;
        let fake = looks(&[
            &[other(end)],
            &[other(end), task("17", A, "Refreshing", "1%")],
            &[other("Refreshing"), task("17", A, "complete", "100%")],
        ]);
        let report = job.wait(&in_memory(&fake)).await.unwrap();
        assert!(report.is_live(), "{end}: {report:?}");
        assert_eq!(fake.requests().len(), 3, "{end}");
    }
    // The English pages have another word for it, and a new word can be anything.
    for kind in ["ExQuery", "IGNOREPARAMS", "brand-new"] {
        let plan = Planner::new().refresh_as(TargetKind::IgnoreParams, [A]).plan();
        let mut job = submitted(plan, "17").await;
        let fake = looks(&[&[task_of_kind("17", A, kind, "Complete", "100%")]]);
        assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live(), "{kind}");
    }
}

#[tokio::test]
async fn a_kind_that_is_not_always_said_is_of_the_same_entry() {
    for order in [[true, false, false], [false, true, false], [false, false, true]] {
        let mut job = submitted(Plan::refresh([A]), "17").await;
        let states = ["Pending", "Refreshing", "Complete"];
        let entries = order.into_iter().zip(states).map(|(is_said, state)| {
            let mut entry = task("17", A, state, "1%");
            if !is_said {
                entry["ObjectType"] = serde_json::Value::Null;
            }
            [entry]
        });
        let entries: Vec<_> = entries.collect();
        let fake = looks(&[&entries[0], &entries[1], &entries[2]]);
        assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live(), "{order:?}");
    }
}

#[tokio::test]
async fn what_the_service_calls_otherwise_is_not_waited_for_to_the_end() {
    let plan = || Planner::new().refresh_as(TargetKind::IgnoreParams, [A]).plan();
    let listed = [task("17", A, "Complete", "100%")];
    let fake = looks(&[&listed[..]; 20]);
    let mut job = submitted(plan(), "17").await;
    let client = in_memory(&fake);
    let mut wait = job.wait(&client);
    let mut warnings = Vec::new();
    while let Some(progress) = wait.next().await {
        warnings.extend(progress.unwrap().warnings);
    }
    drop(wait);
    assert!(job.report().is_live());
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("is listed as \"file\" alone"), "{warnings:?}");
    let asked = fake.requests().len();
    assert!((5..20).contains(&asked), "not at once, and not to the end: {asked}");

    // However often it is looked at.
    let mut job = submitted(plan(), "17").await;
    let client = in_memory(&looks(&[&listed[..]; 100]));
    let often = Duration::from_secs(1);
    let report = job.wait(&client).poll_interval(often, often).max_wait(20 * often).await.unwrap();
    assert_eq!(report.counts().pending, 1);

    // What is another call's own is never taken for it.
    let both = Planner::new().refresh([A]).refresh_as(TargetKind::IgnoreParams, [A]).plan();
    let mut job = submitted(both, "17").await;
    let _ = job.wait(&in_memory(&looks(&[&listed[..]; 100]))).await.unwrap();
    let counts = job.report().counts();
    assert_eq!((counts.live, counts.pending), (1, 1));
}

#[tokio::test]
async fn what_others_have_under_the_same_id_is_no_news() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let mut theirs = task("17", "http://a.example/theirs", "Failed", "1%");
    theirs["Description"] = "Origin Timeout".into();
    let odd = task("17", "http://a.example/odd", "Sleeping", "1%");
    let fake = looks(&[
        &[theirs.clone(), odd.clone(), task("17", A, "Refreshing", "1%")],
        &[theirs, odd, task("17", A, "Complete", "100%")],
    ]);
    let client = in_memory(&fake);
    let mut wait = job.wait(&client);
    while let Some(progress) = wait.next().await {
        let progress = progress.unwrap();
        assert_eq!((progress.last_failure, progress.warnings.len()), (None, 0));
    }
}

#[tokio::test]
async fn an_answer_that_is_stale_is_no_end() {
    let simulation = Simulation::new().speed(600.0).fail_matching("/broken/", "Origin Timeout");
    let fake = FakeService::builder().simulation(simulation.stale_reads(true)).start().await;
    let fake = fake.unwrap();
    let client = client_of(&fake);
    let broken = "http://a.example/broken/b";
    let mut job = Job::new(Plan::refresh([A, broken]));
    let _ = job.submit(&client).await.unwrap();
    let soon = Duration::from_millis(200);
    let report = job.wait(&client).poll_interval(soon, soon).await.unwrap();
    assert_eq!((report.counts().live, report.counts().failed), (1, 1), "{report:?}");
}

#[tokio::test]
async fn the_service_is_not_asked_before_it_wants_to_be() {
    // Two calls, of which the first is told to come again later than a call waits for.
    let urls: Vec<String> = (0..11).map(|n| format!("http://a.example/{n}")).collect();
    let ids: Vec<String> = (10..21).map(|id| id.to_string()).collect();
    let mut job = submitted(Plan::refresh(&urls), &ids.join(",")).await;
    let later = [("content-type", "application/json"), ("x-acs-retry-after", "120000")];
    let busy = r#"{"Code": "TooManyRequests", "Message": "Slower.", "RequestId": "R"}"#;
    let done: Vec<_> = urls.iter().map(|url| task("10", url, "Complete", "100%")).collect();
    let mut fake = FakeTransport::new();
    for _ in 0..4 {
        fake = fake.respond_raw(LOOK, 429, &later, busy);
    }
    let fake = fake.respond_json(LOOK, listing(&done)).respond_json(LOOK, listing(&[]));
    let client = in_memory(&fake);
    let before = client.core().clock().elapsed();
    let report = job.wait(&client).await.unwrap();
    assert!(report.is_live(), "{report:?}");
    assert!(client.core().clock().elapsed() - before >= Duration::from_secs(120));
}

#[tokio::test]
async fn an_id_that_stays_unlisted_is_told_once() {
    let mut fake = FakeTransport::new();
    for _ in 0..20 {
        fake = fake.respond_json(LOOK, listing(&[]));
    }
    let client = in_memory(&fake);
    for (ids, said) in [(1, "task 1 is still"), (3, "tasks 1, 2 and 3 are still")] {
        let mut job = Job::from_task_ids((1..=ids).map(|id| id.to_string())).unwrap();
        let mut wait = job.wait(&client).max_wait(Duration::from_secs(90));
        let mut warnings = Vec::new();
        while let Some(progress) = wait.next().await {
            warnings.extend(progress.unwrap().warnings);
        }
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with(said), "{warnings:?}");
    }
}

#[tokio::test]
async fn an_error_that_is_not_about_an_id_makes_no_object_fail() {
    let mut job = submitted(Plan::refresh([A]), "17").await;
    let fake =
        FakeTransport::new().error(LOOK, 404, "InvalidAction.NotFound", "No such operation.");
    let error = job.wait(&in_memory(&fake)).await.unwrap_err();
    assert!(error.to_string().contains("InvalidAction.NotFound"), "{error}");
    assert_eq!(statuses(&job), [ObjectStatus::Pending { service_status: None, percent: None }]);

    // An id that is none fails nothing that another id of its call is about.
    let mut job = submitted(Plan::refresh([A]), "17,18").await;
    let bad = |fake: FakeTransport| fake.error(LOOK, 400, "InvalidTaskId.Malformed", "No.");
    let fake =
        bad(FakeTransport::new()).respond_json(LOOK, listing(&[task("17", A, "Refreshing", "1%")]));
    let fake = bad(fake).respond_json(LOOK, listing(&[task("17", A, "Complete", "100%")]));
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
}

#[tokio::test]
async fn what_the_service_has_forgotten_is_unknown() {
    let old = r#"{"calls": [{"domain": "a.example", "kind": "file", "state": {"state": "sent",
        "at": "2025-12-29T03:04:05Z", "task_ids": ["17"]},
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
async fn text_of_the_service_cannot_move_a_cursor() {
    let mut job = Job::from_task_ids(["17"]).unwrap();
    let mut evil = task("17", "http://a.example/\u{1b}[2J", "Fai\nled", "1%");
    evil["Description"] = "a\rb".into();
    let mut failed = task("17", "", "Failed", "1%");
    failed["Description"] = "a\rb".into();
    let report = job.poll_once(&in_memory(&looks(&[&[evil, failed]]))).await.unwrap();
    let text: String = report.objects.iter().map(ToString::to_string).collect();
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(text.contains("an object without a name: failed: a\u{fffd}b"), "{text:?}");
}

#[tokio::test]
async fn tags_are_live_when_all_their_tasks_are() {
    let plan = Planner::new().cache_tags("a.example", ["red", "blue"]).plan();
    let mut job = submitted(plan, "17,18").await;
    let done = |id| task(id, "http://a.example/anything", "Complete", "100%");
    let fake = looks(&[&[done("17")], &[done("17"), done("18")]]);
    assert!(job.wait(&in_memory(&fake)).await.unwrap().is_live());
    assert_eq!(fake.requests().len(), 3, "an id that is not listed, or still grows, is not done");
}

#[tokio::test]
async fn a_bare_id_shows_what_is_under_it() {
    let mut job = Job::from_task_ids(["17", "17,18"]).unwrap();
    let mut ignored = task("17", "http://a.example/x", "Complete", "100%");
    ignored["ObjectType"] = "directory".into();
    let _ = job
        .poll_once(&in_memory(&looks(&[&[ignored, task("17", B, "Pending", "0%")]])))
        .await
        .unwrap();
    let report = job.report();
    assert_eq!(report.objects.len(), 3);
    let kinds: Vec<Option<TargetKind>> = report.objects.iter().map(|object| object.kind).collect();
    assert_eq!(kinds, [Some(TargetKind::File), Some(TargetKind::Directory), None]);
    assert!(report.objects[2].to_string().starts_with("task 18 was not seen"), "{report:?}");
    for bad in ["", "1,,2", "1 2", "1;ls", "17\n18"] {
        let error = Job::from_task_ids([bad]).unwrap_err();
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
