//! Submitting: what is taken, refused and unknown, and nothing twice.

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

/// Three calls, one a domain.
pub(crate) fn three() -> Job {
    Job::new(Plan::refresh(["http://a.example/1", "http://b.example/2", "http://c.example/3"]))
}

pub(crate) fn taken(fake: FakeTransport, id: &str) -> FakeTransport {
    fake.respond_json(REFRESH, format!(r#"{{"RefreshTaskId": "{id}"}}"#))
}

pub(crate) fn sent_urls(fake: &FakeTransport) -> Vec<String> {
    let requests = fake.requests();
    requests.iter().filter_map(|request| request.param("ObjectPath").map(str::to_owned)).collect()
}

#[tokio::test]
async fn each_kind_is_sent_as_the_service_wants_it() {
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
    let kinds: Vec<&str> = submissions.iter().map(|one| one.object_type.as_str()).collect();
    assert_eq!(submissions[0].objects, ["https://a.example/x", "https://a.example/y"]);
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    let requests = fake.requests();
    let preload = requests.iter().find(|one| one.operation.as_deref() == Some("PushObjectCache"));
    let preload = preload.unwrap();
    assert_eq!(preload.param("Area"), Some("overseas"));
    assert_eq!(preload.param("L2Preload"), Some("true"));
    assert_eq!(preload.param("WithHeader"), Some(r#"{"Accept-Encoding":["br"]}"#));
    let files = requests.iter().find(|one| one.param("ObjectType") == Some("File")).unwrap();
    assert_eq!(files.param("Force"), None, "it says nothing about files");
    let report = job.wait(&client).await.unwrap();
    assert!(report.is_live(), "{report:?}");
}

#[tokio::test]
async fn a_refused_call_does_not_keep_the_others_from_being_sent() {
    let fake = taken(
        taken(FakeTransport::new(), "1").error(
            REFRESH,
            404,
            "InvalidDomain.NotFound",
            "Not yours.",
        ),
        "3",
    );
    let mut job = three();
    let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["sent", "rejected", "sent"]);
    let report = job.report();
    let ObjectStatus::Rejected { error } = &report.objects[1].status else { panic!("{report:?}") };
    assert_eq!(error.code.as_deref(), Some("InvalidDomain.NotFound"));
    assert!(error.message.contains("Not yours."), "{error}");
    assert!(error.remedy.contains("the account that owns the domain"), "{error}");

    // What was refused is sent again, what was taken is not.
    let fake = taken(FakeTransport::new(), "2");
    let _ = job.submit(&in_memory(&fake)).await.unwrap();
    assert_eq!(sent_urls(&fake), ["http://b.example/2"]);
    assert_eq!(job.task_ids(), ["1", "2", "3"]);
}

#[tokio::test]
async fn what_fails_alike_for_all_ends_the_sending() {
    for (status, code) in
        [(404, "InvalidAccessKeyId.NotFound"), (403, "InvalidSecurityToken.Expired")]
    {
        let fake = FakeTransport::new().error(REFRESH, status, code, "No.");
        let mut job = three();
        let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
        assert_eq!(states(&job), ["rejected", "not sent", "not sent"], "{code}");
        assert_eq!(fake.requests().len(), 1, "{code}");
    }
    let fake = FakeTransport::new().error(REFRESH, 400, "QuotaExceeded.Refresh", "Enough.");
    let fake = fake.respond_json("PushObjectCache", r#"{"PushTaskId": "9"}"#);
    let plan = Planner::new().refresh(["http://a.example/1", "http://b.example/2"]);
    let mut job = Job::new(plan.preload(["http://a.example/1"]).plan());
    let _ = job.submit(&in_memory(&fake)).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["rejected", "sent", "not sent"], "a quota is of one kind");
}

#[tokio::test]
async fn a_quota_of_the_minute_is_waited_for() {
    let code = "QuotaPerMinuteExceeded.Refresh";
    let fake = FakeTransport::new().error(REFRESH, 400, code, "Slower.");
    let fake = taken(fake.error(REFRESH, 400, code, "Slower."), "1");
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let client = in_memory(&fake);
    let before = client.core().clock().elapsed();
    let _ = job.submit(&client).await.unwrap();
    assert_eq!(states(&job), ["sent"]);
    assert_eq!((client.core().clock().elapsed() - before).as_secs(), 120);
}

/// Patterns, each a call of its own.
fn patterns(urls: &[&str]) -> Job {
    let urls = urls.iter().map(|url| format!("http://{url}/.*"));
    Job::new(Planner::new().refresh_as(TargetKind::Regex, urls).plan())
}

#[tokio::test]
async fn other_domains_do_not_wait_for_the_next_minute_of_one() {
    for code in ["QuotaPerMinuteExceeded.Refresh", "TooMany.Refresh"] {
        let fake = FakeTransport::new().error(REFRESH, 400, code, "Slower.");
        let fake = taken(taken(taken(fake, "9"), "1"), "2");
        let mut job = patterns(&["a.example/1", "a.example/2", "b.example/1"]);
        let client = in_memory(&fake);
        let before = client.core().clock().elapsed();
        let _ = job.submit(&client).concurrency(1).await.unwrap();
        let ids: Vec<&str> = job.calls().iter().map(|call| call.task_ids()[0].as_str()).collect();
        assert_eq!(ids, ["1", "2", "9"], "{code}");
        assert_eq!((client.core().clock().elapsed() - before).as_secs(), 60, "{code}");
    }
}

#[tokio::test]
async fn a_domain_of_which_nothing_is_taken_for_ten_minutes_is_given_up() {
    let mut fake = FakeTransport::new();
    for _ in 0..11 {
        fake = fake.error(REFRESH, 400, "QuotaPerMinuteExceeded.Refresh", "Slower.");
    }
    let mut job = patterns(&["a.example/1", "a.example/2"]);
    let client = in_memory(&fake);
    let before = client.core().clock().elapsed();
    let report = job.submit(&client).concurrency(1).await.unwrap();
    assert_eq!((client.core().clock().elapsed() - before).as_secs(), 600);
    assert_eq!(states(&job), ["rejected", "not sent"]);
    assert!(report.objects[1].to_string().contains("in this minute"), "{report:?}");
}

#[tokio::test]
async fn a_call_that_waits_for_the_next_minute_is_not_told_as_rejected() {
    let fake = FakeTransport::new().error(REFRESH, 400, "TooMany.Refresh", "Slower.");
    let mut job = patterns(&["a.example/1"]);
    let mut events = Vec::new();
    let mut journal = |event: &Event| {
        events.push(serde_json::to_value(event)?["event"].clone());
        Ok(())
    };
    let client = in_memory(&taken(fake, "1"));
    let _ = job.submit(&client).journal(&mut journal).await.unwrap();
    assert_eq!(events, ["sending", "throttled", "sending", "sent"]);
}

/// By a clock that does not jump: the minute would be a minute.
#[tokio::test]
async fn nothing_waits_for_a_minute_in_which_it_will_not_be_sent() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let client = client_of(&fake);
    let refuse = |status, code| {
        fake.enqueue(ScriptedResponse::error(status, code, "No.").for_operation(REFRESH));
    };
    let moments = Duration::from_secs(30);

    refuse(StatusCode::BAD_REQUEST, "QuotaPerMinuteExceeded.Refresh");
    refuse(StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound");
    let mut job = patterns(&["a.example/1", "b.example/1"]);
    let submit = job.submit(&client).concurrency(1).into_future();
    let _ = tokio::time::timeout(moments, submit).await.unwrap().unwrap();
    assert_eq!(states(&job), ["not sent", "rejected"]);

    refuse(StatusCode::BAD_REQUEST, "QuotaPerMinuteExceeded.Refresh");
    let mut job = patterns(&["a.example/1", "b.example/1"]);
    let mut recorded = 0;
    let mut journal = |_: &Event| {
        recorded += 1;
        if recorded > 2 { Err("the disk is full".into()) } else { Ok(()) }
    };
    let submit = job.submit(&client).concurrency(1).journal(&mut journal).into_future();
    let error = tokio::time::timeout(moments, submit).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Journal(_)), "{error}");
    assert_eq!(states(&job), ["not sent", "planned"]);

    // Told to stop, neither.
    refuse(StatusCode::BAD_REQUEST, "QuotaPerMinuteExceeded.Refresh");
    let mut job = patterns(&["a.example/1"]);
    let soon = tokio::time::sleep(Duration::from_millis(300));
    let submit = job.submit(&client).with_graceful_shutdown(soon).into_future();
    let _ = tokio::time::timeout(moments, submit).await.unwrap().unwrap();
    assert_eq!((states(&job), fake.submissions().len()), (vec!["not sent"], 0));
}

#[tokio::test]
async fn a_call_that_is_too_large_does_not_keep_others_from_being_sent() {
    let fake = FakeTransport::new().error(REFRESH, 400, "SingleRequest.OverLimit", "Too many.");
    let mut job = patterns(&["a.example/1", "b.example/1"]);
    let report = job.submit(&in_memory(&taken(fake, "1"))).concurrency(1).await.unwrap();
    assert_eq!(states(&job), ["rejected", "sent"]);
    assert!(report.objects[0].to_string().contains("plan smaller calls"), "{report:?}");
}

#[tokio::test]
async fn everything_is_recorded_before_its_consequences() {
    let fake = taken(FakeTransport::new(), "1");
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
async fn told_to_stop_it_sends_no_further_call() {
    let fake = taken(FakeTransport::new(), "1");
    let mut job = three();
    let client = in_memory(&fake);
    let _ = job.submit(&client).with_graceful_shutdown(std::future::ready(())).await.unwrap();
    assert_eq!(states(&job), ["planned"; 3]);
    assert_eq!(fake.requests().len(), 0);

    // Told while a call is under way, it waits for the answer.
    let (stop, stopped) = futures_util::future::abortable(std::future::pending::<()>());
    let mut journal = |event: &Event| {
        if matches!(event, Event::Sending { .. }) {
            stopped.abort();
        }
        Ok(())
    };
    let stop = async { _ = stop.await };
    let _ = job
        .submit(&client)
        .concurrency(1)
        .journal(&mut journal)
        .with_graceful_shutdown(stop)
        .await
        .unwrap();
    assert_eq!(states(&job), ["sent", "planned", "planned"]);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_sent_and_what_came_back_is_not_lost() {
    for good in 0..3 {
        let fake = taken(FakeTransport::new(), "1");
        let mut job = three();
        let mut recorded = 0;
        let mut journal = |_: &Event| {
            recorded += 1;
            if recorded > good { Err("the table is locked".into()) } else { Ok(()) }
        };
        let client = in_memory(&fake);
        let error = job.submit(&client).concurrency(1).journal(&mut journal).await.unwrap_err();
        assert!(matches!(error, Error::Journal(_)), "{error}");
        assert_eq!(error.to_string(), "the table is locked");
        let expected =
            [["planned"; 3], ["sent", "planned", "planned"], ["sent", "planned", "planned"]];
        assert_eq!(states(&job), expected[good], "after {good} events");
        assert_eq!(fake.requests().len(), good.min(1));
    }
}
