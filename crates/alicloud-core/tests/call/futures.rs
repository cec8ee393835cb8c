//! The futures of calls: their sizes, their threads and runtimes, and their timeouts.

use std::time::Duration;

use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::wire::Value;
use alicloud_core::{
    Call, CallFuture, Client, ClientBuilder, Credentials, Error, Preview, Response,
};

use crate::common::executor::block_on;
use crate::common::*;

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn futures_and_errors_are_small() {
    fn future_size<T: IntoFuture>(_: &T) -> usize {
        size_of::<T::IntoFuture>()
    }
    let call = client(&FakeTransport::new()).call(&DESCRIBE, &describe(&["1"]));
    assert_eq!(size_of_val(&call), size_of::<usize>());
    assert!(future_size(&call) <= 256, "{}", future_size(&call));
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn public_types_are_send_and_sync() {
    fn send_sync<T: Send + Sync>() {}
    send_sync::<Client>();
    send_sync::<Error>();
    send_sync::<Credentials>();
    send_sync::<FakeTransport>();
    send_sync::<Preview>();
    send_sync::<Response<DescribeResponse>>();
    let client = client(&FakeTransport::new());
    let call: Call<DescribeResponse> = assert_send(client.call(&DESCRIBE, &describe(&["1"])));
    drop(assert_send(call.into_future()));
    drop(assert_send(client.call(&DESCRIBE, &describe(&["1"])).response()));
    drop(assert_send(client.call(&DESCRIBE, &describe(&["1"])).preview()));
}

#[tokio::test]
async fn a_call_ends_at_its_timeout() {
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let fake = FakeTransport::new().fault("DescribeRefreshTaskById", Fault::Hang);
    let client: Client =
        fixed_builder(&CDN).transport(fake.clone()).clock(clock.clone()).build().unwrap();
    let call = client.call(&DESCRIBE, &describe(&["1"])).timeout(Duration::from_secs(5));
    let task = tokio::spawn(call.into_future());
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(5));
    let error = task.await.unwrap().unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: timed out after 5s [outcome unknown, attempt 1]",
    );

    // With the system clock and the timer of the runtime.
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .transport(fake)
        .build()
        .unwrap();
    let call = client.call(&DESCRIBE, &describe(&["1"])).timeout(Duration::from_millis(20));
    assert!(call.await.unwrap_err().is_timeout());
}

/// Only the default transport needs a runtime.
#[test]
fn a_call_runs_without_a_runtime() {
    let fake = FakeTransport::new()
        .respond("DescribeRefreshTaskById", &response())
        .fault("DescribeRefreshTaskById", Fault::Hang);
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .transport(fake)
        .timeout(Duration::from_millis(30))
        .build()
        .unwrap();
    let call = || client.call(&DESCRIBE, &describe(&["1"])).into_future();
    assert_eq!(block_on(call()).unwrap(), response());
    assert!(block_on(call()).unwrap_err().is_timeout());
}

#[tokio::test]
async fn send_returns_the_future() {
    fn start(client: &Client) -> impl Future<Output = Result<Value, Error>> + Send + use<> {
        client.generic_call("DescribeRefreshTaskById").send()
    }
    fn assert_static<T: Send + Unpin + 'static>(value: T) -> T {
        value
    }
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client = client(&fake);
    let future: CallFuture<DescribeResponse> =
        assert_static(client.call(&DESCRIBE, &describe(&["1"])).send());
    let generic: CallFuture<Value> = assert_static(client.generic_call("New").send());
    drop(generic);
    // Like every future, it does nothing until it is polled.
    assert!(fake.requests().is_empty());
    assert_eq!(tokio::spawn(future).await.unwrap().unwrap(), response());

    let mut tasks = tokio::task::JoinSet::new();
    for id in ["1", "2", "3"] {
        tasks.spawn(client.call(&DESCRIBE, &describe(&[id])).send());
    }
    for value in tasks.join_all().await {
        assert_eq!(value.unwrap(), response());
    }
    let (first, second) = tokio::join!(start(&client), start(&client));
    assert_eq!(first.unwrap()["TotalCount"], second.unwrap()["TotalCount"]);
    assert_eq!(fake.requests().len(), 6);
}
