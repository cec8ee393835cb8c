//! Waiting for refresh tasks, on a manual clock.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, Fault, ManualClock};
use alicloud_core::{
    BoxFuture, Client, Clock as _, PollStatus, PolledItem, RetryPolicy, Transport, TransportError,
    TransportOptions, Wait,
};
use common::*;
use http::{Request, Response};

const READ: &str = "DescribeRefreshTaskById";
const SECS: fn(u64) -> Duration = Duration::from_secs;

fn tasks(states: &[(&str, &str)]) -> DescribeResponse {
    let task = |(id, status): &(&str, &str)| Task {
        task_id: Some((*id).to_owned()),
        status: Some((*status).to_owned()),
    };
    DescribeResponse { tasks: states.iter().map(task).collect(), ..DescribeResponse::default() }
}

fn setup(transport: impl Transport + 'static) -> (Client, ManualClock) {
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let client = fixed_builder(&CDN)
        .nonce_source(DeterministicNonce::sequence("n"))
        .clock(clock.clone())
        .retry(RetryPolicy::none())
        .transport(transport)
        .build();
    (client.unwrap(), clock)
}

fn wait_for(client: &Client, ids: &[&str]) -> Wait<Vec<PolledItem<Task>>, DescribeRequest> {
    client.wait_for_each(&TASKS, ids.iter().copied())
}

fn requested_ids(fake: &FakeTransport) -> Vec<String> {
    fake.requests().iter().map(|sent| sent.param("TaskId").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_state_that_is_not_final_is_in_progress() {
    let fake = FakeTransport::new()
        .respond(READ, &tasks(&[]))
        .respond(READ, &tasks(&[("1", "Pending")]))
        .respond(READ, &tasks(&[("1", "Refreshing"), ("2", "Refreshing")]))
        .respond(READ, &tasks(&[("1", "COMPLETE"), ("2", "AStateOfNextYear")]))
        .respond(READ, &tasks(&[(" 2", "complete ")]));
    let (client, clock) = setup(fake.clone());
    let tasks = wait_for(&client, &["1", "2"]).await.unwrap();
    assert_eq!(
        requested_ids(&fake),
        ["1,2", "1,2", "1,2", "1,2", "2"],
        "finished tasks are not polled again"
    );
    let tasks: Vec<_> = tasks.iter().map(|task| (task.id.as_str(), &task.status)).collect();
    assert_eq!(tasks, [("1", &PollStatus::Succeeded), ("2", &PollStatus::Succeeded)]);
    assert!(clock.elapsed() > SECS(8) && clock.elapsed() < SECS(40), "{:?}", clock.elapsed());
}

#[tokio::test]
async fn an_id_succeeds_when_all_of_its_items_have() {
    let fake = FakeTransport::new()
        .respond(READ, &tasks(&[("1", "Complete"), ("1", "Refreshing")]))
        .respond(READ, &tasks(&[("1", "Complete"), ("1", "Complete")]));
    let (client, _) = setup(fake.clone());
    let tasks = wait_for(&client, &["1"]).await.unwrap();
    assert_eq!((tasks.len(), tasks[0].items.len(), fake.requests().len()), (1, 2, 2));
}

#[tokio::test]
async fn a_failure_is_reported_when_all_tasks_are_final() {
    for state in ["Failed", "failed", "TIMEOUT", "Canceled"] {
        let fake = FakeTransport::new()
            .respond(READ, &tasks(&[("1", "Refreshing"), ("2", state)]))
            .respond(READ, &tasks(&[("1", "Complete")]));
        let (client, _) = setup(fake.clone());
        let error = wait_for(&client, &["1", "2"]).await.unwrap_err();
        assert!(error.is_failure() && !error.is_timeout() && error.call_error().is_none());
        let expected = format!("the wait failed: 1 of 2 failed: 2 is {state}");
        assert_eq!(error.to_string(), expected);
        let last = error.into_state().unwrap();
        assert_eq!(last[0].status, PollStatus::Succeeded);
        assert_eq!(last[1].items[0].status.as_deref(), Some(state));
    }
}

#[tokio::test]
async fn any_number_of_ids_is_polled_in_calls_of_ten() {
    /// Returns every requested task as complete, and counts the concurrent calls.
    #[derive(Debug, Clone, Default)]
    struct Service(Arc<Mutex<Stats>>);

    #[derive(Debug, Default)]
    struct Stats {
        calls: usize,
        running: usize,
        max_running: usize,
    }

    impl Transport for Service {
        fn send(
            &self,
            request: Request<alicloud_core::bytes::Bytes>,
            _: TransportOptions,
        ) -> BoxFuture<'_, Result<Response<alicloud_core::bytes::Bytes>, TransportError>> {
            Box::pin(async move {
                {
                    let mut stats = self.0.lock().unwrap();
                    stats.calls += 1;
                    stats.running += 1;
                    stats.max_running = stats.max_running.max(stats.running);
                }
                tokio::task::yield_now().await;
                self.0.lock().unwrap().running -= 1;
                let query = request.uri().query().unwrap();
                let ids = query.strip_prefix("TaskId=").unwrap().split("%2C");
                let states: Vec<(&str, &str)> = ids.map(|id| (id, "Complete")).collect();
                assert!(states.len() <= 10);
                let body = serde_json::to_vec(&tasks(&states)).unwrap();
                Ok(Response::new(body.into()))
            })
        }
    }

    let service = Service::default();
    let (client, _) = setup(service.clone());
    let numbers: Vec<String> = (0..1_234).map(|number| number.to_string()).collect();
    // Joined as services return them, and with duplicates.
    let joined = [numbers[..600].join(","), numbers[500..].join(", "), String::new()];
    let tasks = client.wait_for_each(&TASKS, joined).await.unwrap();
    let ids: Vec<String> = tasks.into_iter().map(|task| task.id).collect();
    assert_eq!(ids, numbers, "in order, without duplicates");
    let stats = service.0.lock().unwrap();
    assert_eq!((stats.calls, stats.max_running), (124, 4));
}

#[tokio::test]
async fn a_timeout_error_has_the_last_state() {
    let fake = FakeTransport::new().respond(READ, &tasks(&[("1", "Refreshing")]));
    let (client, clock) = setup(fake.clone());
    let error = wait_for(&client, &["1", "2"]).max_wait(SECS(3_600)).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_failure());
    assert_eq!(clock.elapsed(), SECS(3_600));
    let polls = fake.requests().len();
    assert_eq!(usize::try_from(error.polls()).unwrap(), polls);
    assert!((360..500).contains(&polls), "{polls}");
    assert_eq!(
        error.to_string(),
        format!(
            "timed out after 3600s and {polls} polls: 2 of 2 in progress: 1 is Refreshing, 2 is not listed"
        ),
    );
    assert_eq!(error.state().unwrap()[0].items.len(), 1);
}

#[tokio::test]
async fn a_poll_that_hangs_ends_at_the_maximum_wait() {
    let fake =
        FakeTransport::new().respond(READ, &tasks(&[("1", "Refreshing")])).fault(READ, Fault::Hang);
    let (client, clock) = setup(fake.clone());
    let running = tokio::spawn(wait_for(&client, &["1"]).max_wait(SECS(30)).into_future());
    while fake.requests().len() < 2 {
        tokio::task::yield_now().await;
    }
    clock.advance(SECS(30));
    let error = running.await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.state().unwrap()[0].items.len() == 1);
}

#[tokio::test]
async fn transient_errors_do_not_end_a_wait() {
    let fake = FakeTransport::new()
        .fault(READ, Fault::ConnectionReset)
        .fault(READ, Fault::ReadTimeout)
        .error(READ, 400, "Throttling.User", "Slow down.")
        .error(READ, 503, "ServiceUnavailable", "Later.")
        .respond_raw(READ, 200, &[("content-type", "text/html")], "<html>a proxy</html>")
        .respond(READ, &tasks(&[("1", "Complete")]));
    let (client, _) = setup(fake.clone());
    assert!(wait_for(&client, &["1"]).await.is_ok());
    assert_eq!(fake.requests().len(), 6);

    // The delay that the service asks for takes precedence over the poll interval.
    let headers = [("x-acs-retry-after", "90000")];
    let fake = FakeTransport::new()
        .respond_raw(READ, 429, &headers, r#"{"Code": "TooManyRequests"}"#)
        .respond(READ, &tasks(&[("1", "Complete")]));
    let (client, clock) = setup(fake.clone());
    assert!(wait_for(&client, &["1"]).await.is_ok());
    assert_eq!(clock.elapsed(), SECS(90));
}

#[tokio::test]
async fn permanent_errors_end_a_wait() {
    for (status, code) in [
        (404, "InvalidAccessKeyId.NotFound"),
        (403, "Forbidden.RAM"),
        (400, "InvalidTaskId.Malformed"),
    ] {
        let fake = FakeTransport::new()
            .respond(READ, &tasks(&[("1", "Refreshing")]))
            .error(READ, status, code, "No.");
        let (client, _) = setup(fake.clone());
        let error = wait_for(&client, &["1"]).await.unwrap_err();
        assert!(!error.is_failure() && !error.is_timeout());
        assert_eq!(error.call_error().unwrap().code(), Some(code));
        assert_eq!(error.state().unwrap()[0].items.len(), 1);
        let text = error.to_string();
        assert!(text.starts_with("the wait stopped at poll 2") && text.contains(code), "{text}");
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test]
async fn waiting_for_no_ids_is_an_error() {
    let fake = FakeTransport::new();
    let (client, _) = setup(fake.clone());
    let error = wait_for(&client, &["", " , "]).await.unwrap_err();
    assert!(error.call_error().unwrap().is_invalid_request(), "{error}");
    assert!(error.to_string().contains("TaskId"), "{error}");
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn progress_yields_one_state_per_poll() {
    let fake = FakeTransport::new()
        .fault(READ, Fault::ConnectionReset)
        .respond(READ, &tasks(&[("1", "Refreshing")]))
        .respond(READ, &tasks(&[("1", "Complete")]));
    let (client, _) = setup(fake);
    let mut progress = wait_for(&client, &["1"]).progress();
    let mut statuses = Vec::new();
    while let Some(state) = progress.next().await {
        statuses.push(state.unwrap()[0].status.clone());
    }
    let in_progress = |reason: &str| PollStatus::InProgress(reason.to_owned());
    assert_eq!(
        statuses,
        [in_progress("is not listed"), in_progress("is Refreshing"), PollStatus::Succeeded]
    );
    assert!(progress.next().await.is_none());

    let fake = FakeTransport::new().respond(READ, &tasks(&[("1", "Failed")]));
    let (client, _) = setup(fake);
    let mut progress = wait_for(&client, &["1"]).progress();
    assert!(progress.next().await.unwrap().unwrap_err().is_failure());
    assert!(progress.next().await.is_none());
}

#[tokio::test]
async fn wait_until_polls_with_closures() {
    let fake = FakeTransport::new()
        .fault(READ, Fault::ConnectionReset)
        .respond(READ, &tasks(&[]))
        .respond(READ, &tasks(&[("1", "Complete")]));
    let (client, clock) = setup(fake.clone());
    let poll_client = client.clone();
    let response = client
        .wait_until(
            move || poll_client.call(&DESCRIBE, &describe(&["1"])),
            |response| match response.tasks.len() {
                0 => PollStatus::InProgress("no task is listed".to_owned()),
                _ => PollStatus::Succeeded,
            },
        )
        .poll_interval(SECS(60), SECS(60))
        .await
        .unwrap();
    assert_eq!((response.tasks.len(), clock.elapsed()), (1, SECS(120)));

    // No poll succeeds.
    let fake = FakeTransport::new().fault(READ, Fault::ConnectionRefused);
    let (client, _) = setup(fake);
    let poll_client = client.clone();
    let error = client
        .wait_until(
            move || poll_client.call(&DESCRIBE, &describe(&["1"])),
            |_| PollStatus::Succeeded,
        )
        .max_wait(SECS(10))
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.state().is_none());
    assert!(error.call_error().unwrap().is_connect(), "{error}");
}

#[test]
fn waits_are_small_and_send() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let (client, _) = setup(FakeTransport::new());
    let wait = send(wait_for(&client, &["1"]));
    println!("{wait:?}");
    assert_eq!(size_of_val(&wait), size_of::<usize>());
    assert_eq!(size_of_val(&send(wait.into_future())), size_of::<usize>());
    drop(send(wait_for(&client, &["1"]).progress()));
    assert_eq!(size_of::<alicloud_core::WaitError<Vec<u8>>>(), size_of::<usize>());
}
