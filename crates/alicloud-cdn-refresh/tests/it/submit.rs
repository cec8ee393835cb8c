//! Submission: accepted, rejected, throttled and unknown calls, and that nothing is sent twice.

use std::future::IntoFuture as _;
use std::time::Duration;

use alicloud_cdn_refresh::{
    Error, Event, Job, ObjectStatus, Plan, Planner, PreloadOptions, TargetKind,
};
use alicloud_core::testing::FakeTransport;
use alicloud_fake::{FakeService, ScriptedResponse};
use http::StatusCode;

use crate::support::{client_of, in_memory, instant, states};

pub(crate) const REFRESH: &str = "RefreshObjectCaches";

/// Returns a job of three calls, each of another domain.
pub(crate) fn job_of_three_calls() -> Job {
    Job::new(Plan::refresh(["http://a.example/1", "http://b.example/2", "http://c.example/3"]))
}

/// Scripts an accepted refresh with this task id.
pub(crate) fn accept(fake: FakeTransport, id: &str) -> FakeTransport {
    fake.respond_json(REFRESH, format!(r#"{{"RefreshTaskId": "{id}"}}"#))
}

/// Returns the `ObjectPath` parameter of each request that has one.
pub(crate) fn sent_urls(fake: &FakeTransport) -> Vec<String> {
    let requests = fake.requests();
    requests.iter().filter_map(|request| request.param("ObjectPath").map(str::to_owned)).collect()
}

#[tokio::test]
async fn each_kind_uses_its_operation_and_parameters() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let client = client_of(&fake);
    let plan = Planner::new()
        .force(true)
        .refresh(["https://a.example/x", "https://a.example/y", "https://a.example/z/"])
        .refresh_as(TargetKind::Regex, [r"https://a.example/.*\.jpg"])
        .refresh_as(TargetKind::IgnoreParams, ["https://a.example/x?v=1"])
        .cache_tags("a.example", ["red", "blue"])
        .preload_with(
            PreloadOptions::new().area("overseas").l2(true).header("Accept-Encoding", "br"),
            ["https://a.example/film"],
        )
        .plan();
    let mut job = Job::new(plan);
    let _ = job.submit(&client).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["sent"; 6]);
    let submissions = fake.submissions();
    let kinds: Vec<&str> =
        submissions.iter().map(|submission| submission.object_type.as_str()).collect();
    assert_eq!(submissions[0].objects, ["https://a.example/x", "https://a.example/y"]);
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    let requests = fake.requests();
    let preload =
        requests.iter().find(|request| request.operation.as_deref() == Some("PushObjectCache"));
    let preload = preload.unwrap();
    assert_eq!(preload.param("Area"), Some("overseas"));
    assert_eq!(preload.param("L2Preload"), Some("true"));
    assert_eq!(preload.param("WithHeader"), Some(r#"{"Accept-Encoding":["br"]}"#));
    let files =
        requests.iter().find(|request| request.param("ObjectType") == Some("File")).unwrap();
    assert_eq!(files.param("Force"), None, "not sent for files");
    let report = job.wait(&client).await.unwrap();
    assert!(report.is_live(), "{report:?}");
}

#[tokio::test]
async fn a_rejected_call_does_not_stop_the_others() {
    let fake = accept(
        accept(FakeTransport::new(), "1").error(
            REFRESH,
            404,
            "InvalidDomain.NotFound",
            "Not yours.",
        ),
        "3",
    );
    let mut job = job_of_three_calls();
    let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["sent", "rejected", "sent"]);
    let report = job.report();
    let ObjectStatus::Rejected { error } = &report.objects[1].status else { panic!("{report:?}") };
    assert_eq!(error.code.as_deref(), Some("InvalidDomain.NotFound"));
    assert!(error.message.contains("Not yours."), "{error}");
    assert!(error.remedy.contains("the account that owns the domain"), "{error}");

    // Only the rejected call is resent.
    let fake = accept(FakeTransport::new(), "2");
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(sent_urls(&fake), ["http://b.example/2"]);
    assert_eq!(job.task_ids(), ["1", "2", "3"]);
}

#[tokio::test]
async fn errors_with_a_success_status_are_retried_and_rejected_like_others() {
    let slow = r#"{"Success": false, "Code": "Throttling.User", "Message": "Slow down."}"#;
    let fake = accept(FakeTransport::new().respond_json(REFRESH, slow), "1");
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!((states(&job), job.task_ids()), (vec!["sent"], vec!["1"]));
    assert_eq!(sent_urls(&fake), ["http://a.example/1", "http://a.example/1"]);

    for code in ["QuotaExceeded.Refresh", "QuotaExceeded"] {
        let body = serde_json::json!({
            "Code": code, "Message": "Enough.", "HostId": "cdn.aliyuncs.com", "RequestId": "R",
        });
        let fake = FakeTransport::new().respond_json(REFRESH, body.to_string());
        let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
        let _ = job.submit(&in_memory(&fake)).await.unwrap();
        assert_eq!(states(&job), ["rejected"]);
        assert_eq!(fake.requests().len(), 1, "it is neither retried nor looked up");
        let report = job.report();
        let ObjectStatus::Rejected { error } = &report.objects[0].status else {
            panic!("{report:?}")
        };
        assert_eq!(error.code.as_deref(), Some(code));
    }
}

#[tokio::test]
async fn errors_that_affect_all_calls_stop_the_submission() {
    for (status, code) in
        [(404, "InvalidAccessKeyId.NotFound"), (403, "InvalidSecurityToken.Expired")]
    {
        let fake = FakeTransport::new().error(REFRESH, status, code, "No.");
        let mut job = job_of_three_calls();
        let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
        assert_eq!(states(&job), ["rejected", "not sent", "not sent"], "{code}");
        assert_eq!(fake.requests().len(), 1, "{code}");
    }
    let fake = FakeTransport::new().error(REFRESH, 400, "QuotaExceeded.Refresh", "Enough.");
    let fake = fake.respond_json("PushObjectCache", r#"{"PushTaskId": "9"}"#);
    let plan = Planner::new().refresh(["http://a.example/1", "http://b.example/2"]);
    let mut job = Job::new(plan.preload(["http://a.example/1"]).plan());
    let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
    assert_eq!(
        states(&job),
        ["rejected", "sent", "not sent"],
        "the quota of one kind does not affect others"
    );
}

#[tokio::test]
async fn a_throttled_call_is_retried_every_minute() {
    let code = "QuotaPerMinuteExceeded.Refresh";
    let fake = FakeTransport::new().error(REFRESH, 400, code, "Slower.");
    let fake = accept(fake.error(REFRESH, 400, code, "Slower."), "1");
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let client = in_memory(&fake);
    let start = client.core().clock().elapsed();
    let _ = job.submit(&client).await.unwrap();
    assert_eq!(states(&job), ["sent"]);
    assert_eq!((client.core().clock().elapsed() - start).as_secs(), 120);
}

/// Returns a job of regular expressions, each a call of its own.
fn job_of_patterns(urls: &[&str]) -> Job {
    let urls = urls.iter().map(|url| format!("http://{url}/.*"));
    Job::new(Planner::new().refresh_as(TargetKind::Regex, urls).plan())
}

#[tokio::test]
async fn other_domains_do_not_wait_for_a_throttled_one() {
    for code in ["QuotaPerMinuteExceeded.Refresh", "TooMany.Refresh"] {
        let fake = FakeTransport::new().error(REFRESH, 400, code, "Slower.");
        let fake = accept(accept(accept(fake, "9"), "1"), "2");
        let mut job = job_of_patterns(&["a.example/1", "a.example/2", "b.example/1"]);
        let client = in_memory(&fake);
        let start = client.core().clock().elapsed();
        let _ = job.submit(&client).concurrency(1).await.unwrap();
        let ids: Vec<&str> = job.calls().iter().map(|call| call.task_ids()[0].as_str()).collect();
        assert_eq!(ids, ["1", "2", "9"], "{code}");
        assert_eq!((client.core().clock().elapsed() - start).as_secs(), 60, "{code}");
    }
}

#[tokio::test]
async fn a_queue_gives_up_after_ten_minutes_without_an_accepted_call() {
    let mut fake = FakeTransport::new();
    for _ in 0..11 {
        fake = fake.error(REFRESH, 400, "QuotaPerMinuteExceeded.Refresh", "Slower.");
    }
    let mut job = job_of_patterns(&["a.example/1", "a.example/2"]);
    let client = in_memory(&fake);
    let start = client.core().clock().elapsed();
    let report = job.submit(&client).concurrency(1).await.unwrap();
    assert_eq!((client.core().clock().elapsed() - start).as_secs(), 600);
    assert_eq!(states(&job), ["not sent"; 2], "throttling rejects no object");
    assert!(report.objects[1].to_string().contains("the minute quota is exhausted"), "{report:?}");
}

#[tokio::test]
async fn a_throttled_call_is_not_recorded_as_rejected() {
    let fake = FakeTransport::new().error(REFRESH, 400, "TooMany.Refresh", "Slower.");
    let mut job = job_of_patterns(&["a.example/1"]);
    let mut events = Vec::new();
    let mut journal = |event: &Event| {
        events.push(serde_json::to_value(event)?["event"].clone());
        Ok(())
    };
    let client = in_memory(&accept(fake, "1"));
    let _ = job.submit(&client).journal(&mut journal).await.unwrap();
    assert_eq!(events, ["sending", "throttled", "sending", "sent"]);
}

/// With the real clock, so that an unwanted wait for a minute exceeds the timeout.
#[tokio::test]
async fn a_stopped_submission_does_not_wait_for_throttled_queues() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let client = client_of(&fake);
    let reject = |status, code| {
        fake.enqueue(ScriptedResponse::error(status, code, "No.").for_operation(REFRESH));
    };
    let timeout = Duration::from_secs(30);

    reject(StatusCode::BAD_REQUEST, "QuotaPerMinuteExceeded.Refresh");
    reject(StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound");
    let mut job = job_of_patterns(&["a.example/1", "b.example/1"]);
    let submit = job.submit(&client).concurrency(1).into_future();
    let _ = tokio::time::timeout(timeout, submit).await.unwrap().unwrap();
    assert_eq!(states(&job), ["not sent", "rejected"]);

    reject(StatusCode::BAD_REQUEST, "QuotaPerMinuteExceeded.Refresh");
    let mut job = job_of_patterns(&["a.example/1", "b.example/1"]);
    let mut recorded = 0;
    let mut journal = |_: &Event| {
        recorded += 1;
        if recorded > 2 { Err("the disk is full".into()) } else { Ok(()) }
    };
    let submit = job.submit(&client).concurrency(1).journal(&mut journal).into_future();
    let error = tokio::time::timeout(timeout, submit).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Journal(_)), "{error}");
    assert_eq!(states(&job), ["not sent", "planned"]);

    // The same after a shutdown.
    reject(StatusCode::BAD_REQUEST, "QuotaPerMinuteExceeded.Refresh");
    let mut job = job_of_patterns(&["a.example/1"]);
    let shutdown = tokio::time::sleep(Duration::from_millis(300));
    let submit = job.submit(&client).with_graceful_shutdown(shutdown).into_future();
    let _ = tokio::time::timeout(timeout, submit).await.unwrap().unwrap();
    assert_eq!((states(&job), fake.submissions().len()), (vec!["not sent"], 0));
}

#[tokio::test]
async fn a_call_that_is_too_large_does_not_stop_the_others() {
    let fake = FakeTransport::new().error(REFRESH, 400, "SingleRequest.OverLimit", "Too many.");
    let mut job = job_of_patterns(&["a.example/1", "b.example/1"]);
    let report = job.submit(&in_memory(&accept(fake, "1"))).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["rejected", "sent"]);
    assert!(report.objects[0].to_string().contains("plan smaller calls"), "{report:?}");
}

#[tokio::test]
async fn events_are_recorded_before_the_job_acts_on_them() {
    let fake = accept(FakeTransport::new(), "1");
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let mut events = Vec::new();
    let mut journal = |event: &Event| {
        events.push((event.clone(), fake.requests().len()));
        Ok(())
    };
    let _ = job.submit(&in_memory(&fake)).journal(&mut journal).await.unwrap();
    let [(Event::Sending { call: 0, .. }, 0), (Event::Sent { call: 0, task_ids, .. }, 1)] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!(task_ids, &["1"]);
}

#[tokio::test]
async fn a_shutdown_starts_no_further_call() {
    let fake = accept(FakeTransport::new(), "1");
    let mut job = job_of_three_calls();
    let client = in_memory(&fake);
    let _ = job.submit(&client).with_graceful_shutdown(std::future::ready(())).await.unwrap();
    assert_eq!(states(&job), ["planned"; 3]);
    assert_eq!(fake.requests().len(), 0);

    // A shutdown during a call awaits its response.
    let (pending, abort_handle) = futures_util::future::abortable(std::future::pending::<()>());
    let mut journal = |event: &Event| {
        if matches!(event, Event::Sending { .. }) {
            abort_handle.abort();
        }
        Ok(())
    };
    let shutdown = async { _ = pending.await };
    let _ = job
        .submit(&client)
        .concurrency(1)
        .journal(&mut journal)
        .with_graceful_shutdown(shutdown)
        .await
        .unwrap();
    assert_eq!(states(&job), ["sent", "planned", "planned"]);
}

#[tokio::test]
async fn a_call_that_cannot_be_recorded_is_not_sent_and_results_are_kept() {
    for successes in 0..3 {
        let fake = accept(FakeTransport::new(), "1");
        let mut job = job_of_three_calls();
        let mut recorded = 0;
        let mut journal = |_: &Event| {
            recorded += 1;
            if recorded > successes { Err("the table is locked".into()) } else { Ok(()) }
        };
        let client = in_memory(&fake);
        let error = job.submit(&client).concurrency(1).journal(&mut journal).await.unwrap_err();
        assert!(matches!(error, Error::Journal(_)), "{error}");
        assert_eq!(error.to_string(), "the table is locked");
        let expected =
            [["planned"; 3], ["sent", "planned", "planned"], ["sent", "planned", "planned"]];
        assert_eq!(states(&job), expected[successes], "after {successes} events");
        assert_eq!(fake.requests().len(), successes.min(1));
    }
}
