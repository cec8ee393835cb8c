//! Calls without a tokio runtime, or on one that lacks what they need: an error instead of a panic.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "transport")]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use alicloud_core::credentials::{Environment, Variables};
use alicloud_core::testing::FakeTransport;
use alicloud_core::transport::{ReqwestTransport, TransportConfig};
use alicloud_core::{
    Client, ClientBuilder, Clock, Credentials, Error, Outcome, SystemClock, Transport as _,
    TransportErrorKind, TransportOptions,
};
use common::executor::block_on;
use common::*;
use tokio::runtime::{Builder, Runtime};

const NO_RUNTIME: &str = "the default transport needs a tokio runtime; await the call on one";
const NO_DRIVER: &str = "the tokio runtime has no I/O or no timer; build it with enable_all()";

/// A server without a runtime that responds to one request per connection, after a pause.
fn start_server(pause: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4_096]);
                let head = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n";
                let _ = stream.write_all(head.as_bytes());
                thread::sleep(pause);
                let _ = stream.write_all(b"{}");
            });
        }
    });
    address
}

fn client(address: SocketAddr) -> Client {
    ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(format!("http://{address}"))
        .no_proxy()
        .build()
        .unwrap()
}

fn call(client: &Client) -> alicloud_core::CallFuture<DescribeResponse> {
    client.call(&DESCRIBE, &describe(&["1"])).into_future()
}

/// Returns the incomplete runtimes, with their names.
fn incomplete_runtimes() -> Vec<(&'static str, Runtime)> {
    vec![
        ("nothing", Builder::new_current_thread().build().unwrap()),
        ("time", Builder::new_current_thread().enable_time().build().unwrap()),
        ("I/O", Builder::new_current_thread().enable_io().build().unwrap()),
        ("threads", Builder::new_multi_thread().worker_threads(1).build().unwrap()),
    ]
}

fn assert_not_sent(error: &Error, remedy: &str) {
    assert_eq!(error.transport_error().unwrap().kind(), TransportErrorKind::Request, "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 1), "{error}");
    assert!(error.to_string().contains(remedy), "{error}");
}

#[test]
fn the_default_transport_needs_a_complete_runtime() {
    let client = client(start_server(Duration::ZERO));
    assert_not_sent(&block_on(call(&client)).unwrap_err(), NO_RUNTIME);
    let generic = client.generic_call("DescribeRefreshQuota").read_only();
    assert_not_sent(&block_on(generic).unwrap_err(), NO_RUNTIME);
    for (enabled, runtime) in incomplete_runtimes() {
        let error = runtime.block_on(call(&client)).unwrap_err();
        assert_not_sent(&error, NO_DRIVER);
        let error = runtime.block_on(runtime.spawn(call(&client))).unwrap().unwrap_err();
        assert_not_sent(&error, NO_DRIVER);
        assert_eq!(error.to_string().matches("enable_all").count(), 1, "{enabled}");
    }
    // The same client works on a complete runtime.
    let complete = Builder::new_current_thread().enable_all().build().unwrap();
    complete.block_on(call(&client)).unwrap();
}

#[test]
fn a_transport_without_a_client_returns_the_same_errors() {
    let transport = ReqwestTransport::with_config(&TransportConfig::new().no_proxy()).unwrap();
    let url = format!("http://{}/", start_server(Duration::ZERO));
    let send = || {
        let request = alicloud_core::http::Request::get(&url);
        let request = request.body(alicloud_core::bytes::Bytes::new()).unwrap();
        transport.send(request, TransportOptions::default())
    };
    assert_eq!(block_on(send()).unwrap_err().kind(), TransportErrorKind::Request);
    for (_, runtime) in incomplete_runtimes() {
        assert_eq!(runtime.block_on(send()).unwrap_err().kind(), TransportErrorKind::Request);
    }
    // An existing client with a timeout starts a timer at once.
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5));
    #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc"))]
    let client = client.tls_backend_preconfigured(
        tokio_rustls::rustls::ClientConfig::builder_with_provider(
            tokio_rustls::rustls::crypto::ring::default_provider().into(),
        )
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(tokio_rustls::rustls::RootCertStore::empty())
        .with_no_client_auth(),
    );
    let existing = ReqwestTransport::from_client(client.build().unwrap());
    for (_, runtime) in incomplete_runtimes() {
        let request = alicloud_core::http::Request::get(&url);
        let request = request.body(alicloud_core::bytes::Bytes::new()).unwrap();
        let result = runtime.block_on(existing.send(request, TransportOptions::default()));
        assert_eq!(result.unwrap_err().kind(), TransportErrorKind::Request);
    }
    // Created outside of the runtime, and awaited on it.
    let sending = send();
    let complete = Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(complete.block_on(sending).unwrap().body(), "{}");
}

/// A future that starts on a runtime and continues outside of it may have been executed.
#[test]
fn a_call_that_leaves_its_runtime_does_not_panic() {
    let client = client(start_server(Duration::from_millis(100)));
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut future = pin!(call(&client));
    {
        let _guard = runtime.enter();
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    // Whether it fails depends on what had happened when it left.
    if let Err(error) = block_on(future) {
        assert!(error.transport_error().is_some(), "{error}");
    }
}

/// A request that was sent may have been executed, even if its connection is gone with its runtime.
#[test]
fn a_call_whose_runtime_is_shut_down_continues_on_another() {
    for read_only in [true, false] {
        let client = client(start_server(Duration::from_millis(300)));
        let call = client.generic_call("DescribeRefreshQuota");
        let call = if read_only { call.read_only() } else { call };
        let mut future = pin!(call.into_future());
        let first = Builder::new_current_thread().enable_all().build().unwrap();
        let wait = Duration::from_millis(100);
        first.block_on(async { tokio::time::timeout(wait, future.as_mut()).await }).unwrap_err();
        drop(first);
        let second = Builder::new_current_thread().enable_all().build().unwrap();
        let result = second.block_on(future);
        match read_only {
            true => assert_eq!(result.unwrap(), serde_json::json!({})),
            false => assert_eq!(result.unwrap_err().outcome(), Outcome::Unknown),
        }
    }
}

#[test]
fn waits_and_credentials_without_a_runtime_return_errors() {
    let client = client(start_server(Duration::ZERO));
    let error = block_on(client.wait_for_each(&TASKS, ["1"])).unwrap_err();
    assert!(error.to_string().contains(NO_RUNTIME), "{error}");
    let (_, runtime) = incomplete_runtimes().remove(0);
    let error = runtime.block_on(client.wait_for_each(&TASKS, ["1"]).into_future()).unwrap_err();
    assert!(error.to_string().contains(NO_DRIVER), "{error}");

    let variables = Variables::from_pairs([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
    ]);
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Environment::from_variables(variables))
        .transport(fake)
        .build()
        .unwrap();
    assert_eq!(block_on(call(&client)).unwrap(), response());
}

/// The system clock needs no runtime, so a call with another transport does not, either.
#[test]
fn retries_with_the_system_clock_need_no_timer_of_tokio() {
    let run = |runtime: Option<&Runtime>| {
        let fake = FakeTransport::new()
            .error("DescribeRefreshTaskById", 503, "ServiceUnavailable", "Later.")
            .respond("DescribeRefreshTaskById", &response());
        let client: Client = ClientBuilder::new(&CDN)
            .credentials(Credentials::new("id", SECRET))
            .transport(fake.clone())
            .clock(SystemClock)
            .build()
            .unwrap();
        let value = match runtime {
            Some(runtime) => runtime.block_on(call(&client)),
            None => block_on(call(&client)),
        };
        assert_eq!((value.unwrap(), fake.requests().len()), (response(), 2));
    };
    run(None);
    for (_, runtime) in incomplete_runtimes() {
        run(Some(&runtime));
        runtime.block_on(async { SystemClock.sleep(Duration::from_millis(1)).await });
    }
    // A runtime with a timer uses it: paused time advances.
    let paused = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    paused.block_on(async { SystemClock.sleep(Duration::from_secs(3_600)).await });
    run(Some(&paused));
}
