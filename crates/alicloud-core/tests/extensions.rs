//! Interceptors and the retry classifier.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::wire::Value;
use alicloud_core::{
    AttemptReport, Client, ClientBuilder, Error, InterceptedCall, Interceptor, Outcome,
    RetryAction, RetryBudget, RetryClassifier, RetryPolicy,
};
use common::*;

const READ: &str = "DescribeRefreshTaskById";
const WRITE: &str = "RefreshObjectCaches";

/// Sets these headers, and records what it observes.
#[derive(Debug, Default)]
struct Recorder {
    headers: Vec<(&'static str, &'static str)>,
    reports: Mutex<Vec<String>>,
    shown: Mutex<String>,
}

impl Recorder {
    fn new(headers: &[(&'static str, &'static str)]) -> Arc<Self> {
        Arc::new(Recorder { headers: headers.to_vec(), ..Recorder::default() })
    }

    fn reports(&self) -> Vec<String> {
        self.reports.lock().unwrap().clone()
    }
}

impl Interceptor for Recorder {
    fn before_call(&self, call: &mut InterceptedCall<'_>) {
        for (name, value) in &self.headers {
            call.set_header(*name, *value);
        }
        self.shown.lock().unwrap().push_str(&format!("{call:?}\n"));
    }

    fn after_attempt(&self, report: &AttemptReport<'_>) {
        let result = match &report.result {
            Ok(success) => format!(
                "{} {} B, {}",
                success.status.as_u16(),
                success.body_bytes,
                success.request_id.as_deref().unwrap_or("no id"),
            ),
            Err(error) => format!("{error}"),
        };
        let (operation, attempt) = (report.operation.name(), report.attempt);
        let delay = if report.retry_delay.is_some() { "retried" } else { "final" };
        let line = format!("{operation} at {} #{attempt}: {result}: {delay}", report.host);
        self.reports.lock().unwrap().push(line);
        self.shown.lock().unwrap().push_str(&format!("{report:?}\n"));
    }
}

fn builder(fake: &FakeTransport) -> ClientBuilder<Client> {
    fixed_builder(&CDN).transport(fake.clone())
}

async fn read(client: &Client) -> Result<DescribeResponse, Error> {
    client.call(&DESCRIBE, &describe(&["1"])).await
}

/// Makes a call that is not idempotent.
async fn write(client: &Client) -> Result<Value, Error> {
    client.generic_call(WRITE).await
}

#[tokio::test]
async fn every_attempt_is_observed() {
    let id = [("x-acs-request-id", "0AED-7")];
    let fake = FakeTransport::new()
        .error(READ, 503, "ServiceUnavailable", "Later.")
        .fault(READ, Fault::ConnectionReset)
        .respond_raw(READ, 200, &id, "{}")
        .error(READ, 404, "InvalidTaskId.NotFound", "None.");
    let recorder = Recorder::new(&[]);
    let client = builder(&fake).interceptor(recorder.clone()).build().unwrap();
    read(&client).await.unwrap();
    read(&client).await.unwrap_err();
    let expected = [
        (
            "#1: ",
            "ServiceUnavailable (HTTP 503): Later. [outcome unknown, ",
            ", attempt 1]: retried",
        ),
        ("#2: ", "the connection was closed before the response", ", attempt 2]: retried"),
        ("#3: 200 2 B, 0AED-7", "", ": final"),
        ("#1: ", "InvalidTaskId.NotFound (HTTP 404): None. [rejected, ", ", attempt 1]: final"),
    ];
    let reports = recorder.reports();
    assert_eq!(reports.len(), expected.len(), "{reports:?}");
    for (report, (start, middle, end)) in reports.iter().zip(expected) {
        let start = format!("DescribeRefreshTaskById at cdn.aliyuncs.com {start}");
        let is_expected = report.starts_with(&start) && report.contains(middle);
        assert!(is_expected && report.ends_with(end), "{report}");
    }
}

#[tokio::test]
async fn headers_are_added_before_the_request_is_signed() {
    let fake = FakeTransport::new()
        .error(READ, 503, "ServiceUnavailable", "Later.")
        .respond(READ, &response())
        .respond(READ, &response());
    let first = Recorder::new(&[("X-Acs-Job", "a"), ("x-trace", "one"), ("x-trace", "two")]);
    let second = Recorder::new(&[("x-acs-job", "b")]);
    let client = builder(&fake).interceptor(first.clone()).interceptor(second).build().unwrap();
    read(&client).await.unwrap();
    for request in &fake.requests()[..2] {
        assert_eq!(
            (request.header("x-acs-job"), request.header("x-trace")),
            (Some("b"), Some("two"))
        );
        assert_eq!(request.headers().get_all("x-acs-job").iter().count(), 1);
        assert!(request.header("authorization").unwrap().contains(";x-acs-job;"));
    }
    // The header of a call takes precedence.
    let call = client.call(&DESCRIBE, &describe(&["1"])).header("X-Acs-Job", "own");
    call.await.unwrap();
    assert_eq!(fake.requests()[2].header("x-acs-job"), Some("own"));
    let preview = client.call(&DESCRIBE, &describe(&["1"])).preview().await.unwrap();
    assert!(preview.to_string().contains("x-acs-job: b"), "{preview}");
}

#[tokio::test]
async fn a_header_parameter_takes_precedence_over_an_interceptor() {
    let fake = FakeTransport::new().respond("ModifyCluster", &response());
    let recorder = Recorder::new(&[("x-trace", "interceptor"), ("x-other", "1")]);
    let client: Client =
        fixed_builder(&CS).transport(fake.clone()).interceptor(recorder).build().unwrap();
    let request = ClusterRequest {
        id: Some("c".to_owned()),
        trace: Some("parameter".to_owned()),
        ..Default::default()
    };
    client.call(&CLUSTER, &request).await.unwrap();
    let sent = &fake.requests()[0];
    assert_eq!((sent.header("x-trace"), sent.header("x-other")), (Some("parameter"), Some("1")));
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_fails_the_call() {
    for (name, value) in [("x trace", "a"), ("x-trace", "a\nb"), ("host", "h"), ("x-acs-date", "d")]
    {
        let fake = FakeTransport::new().respond(READ, &response());
        let recorder = Recorder::new(&[(name, value)]);
        let client = builder(&fake).interceptor(recorder.clone()).build().unwrap();
        let error = read(&client).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 0), "{error}");
        assert!(error.to_string().contains(name) && fake.requests().is_empty(), "{error}");
        assert!(recorder.reports().is_empty());
    }
}

#[tokio::test]
async fn interceptors_see_no_secrets() {
    let echo = |status| format!(r#"{{"Code":"Status{status}","Message":"got {SECRET}, {TOKEN}"}}"#);
    let fake = FakeTransport::new()
        .respond_raw(READ, 503, &[("x-echo", SECRET)], echo(503))
        .respond_raw(READ, 400, &[("x-acs-request-id", SECRET)], echo(400))
        .respond_raw(READ, 200, &[("x-acs-request-id", SECRET)], "{}");
    let recorder = Recorder::new(&[("x-api-token", TOKEN)]);
    let client: Client = builder(&fake)
        .credentials(alicloud_core::Credentials::new("id", SECRET))
        .interceptor(recorder.clone())
        .build()
        .unwrap();
    read(&client).await.unwrap_err();
    read(&client).await.unwrap();
    assert_eq!(fake.requests()[0].header("x-api-token"), Some(TOKEN));
    let shown = format!("{:?} {}", recorder.reports(), recorder.shown.lock().unwrap());
    assert!(shown.contains("Status400") && shown.contains("<redacted>"), "{shown}");
    for secret in [SECRET, TOKEN, "TaskId", "ACS3-HMAC", "Signature="] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// Decides by the error code, and counts its decisions.
#[derive(Debug, Default)]
struct ByCode(Mutex<Vec<String>>);

impl RetryClassifier for ByCode {
    fn classify(&self, error: &Error) -> RetryAction {
        let line = format!("{:?} {:?} {}", error.operation(), error.code(), error.attempts());
        self.0.lock().unwrap().push(line);
        match error.code() {
            Some("Busy") => RetryAction::Retry,
            Some("ServiceUnavailable") => RetryAction::GiveUp,
            _ => RetryAction::Default,
        }
    }
}

#[tokio::test]
async fn a_classifier_decides_before_the_policy() {
    for (code, status, expected_read, expected_write) in [
        ("Busy", 403, 2, 2),
        ("ServiceUnavailable", 503, 1, 1),
        ("InternalError", 500, 2, 1),
        ("Throttling.User", 429, 2, 2),
        ("Forbidden", 403, 1, 1),
    ] {
        let fake = FakeTransport::new()
            .error(READ, status, code, "M")
            .respond(READ, &response())
            .error(WRITE, status, code, "M")
            .respond_json(WRITE, "{}");
        let classifier = Arc::new(ByCode::default());
        let client = builder(&fake).retry_classifier(classifier.clone()).build().unwrap();
        let _ = read(&client).await;
        assert_eq!(fake.requests().len(), expected_read, "{code}");
        let _ = write(&client).await;
        assert_eq!(fake.requests().len() - expected_read, expected_write, "{code}");
        let expected =
            [READ, WRITE].map(|operation| format!("Some({operation:?}) Some({code:?}) 1"));
        assert_eq!(*classifier.0.lock().unwrap(), expected);
    }
}

#[derive(Debug)]
struct Always;

impl RetryClassifier for Always {
    fn classify(&self, error: &Error) -> RetryAction {
        assert!(!error.is_timeout(), "{error}");
        RetryAction::Retry
    }
}

#[tokio::test]
async fn attempts_budget_and_timeout_limit_a_classifier() {
    let fake = FakeTransport::new().error(WRITE, 403, "Forbidden", "M");
    let with_classifier = || builder(&fake).retry_classifier(Always);
    let client = with_classifier().retry(RetryPolicy::new().max_attempts(3)).build().unwrap();
    assert_eq!(write(&client).await.unwrap_err().attempts(), 3);
    let client = with_classifier().retry(RetryPolicy::none()).build().unwrap();
    assert_eq!(write(&client).await.unwrap_err().attempts(), 1);
    let client = with_classifier().retry_budget(RetryBudget::new(1)).build().unwrap();
    assert_eq!(write(&client).await.unwrap_err().attempts(), 2);

    // An expired timeout ends the call.
    let fake = FakeTransport::new().fault(READ, Fault::Hang);
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let client = builder(&fake).clock(clock.clone()).retry_classifier(Always).build().unwrap();
    let task = tokio::spawn(client.call(&DESCRIBE, &describe(&["1"])).into_future());
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(60));
    let error = task.await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 1, "{error}");
    assert!(!error.to_string().contains("not retried"), "{error}");
}
