//! Proxies, connection reuse, and dropped calls.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and one test starts this binary with other variables"
)]
#![cfg(feature = "transport")]

mod common;
#[path = "common/server.rs"]
mod server;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::Duration;

use alicloud_core::transport::{ReqwestTransport, TransportConfig};
use alicloud_core::{
    Client, ClientBuilder, Credentials, Error, Outcome, RetryPolicy, TransportErrorKind,
};
use common::*;
use server::{Behavior, Server, http};

fn success() -> Behavior {
    Behavior::Respond(http(200, "", r#"{"TotalCount":1}"#))
}

fn builder(endpoint: impl Into<String>) -> ClientBuilder<Client> {
    ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(endpoint)
        .retry(RetryPolicy::none())
}

fn endpoint_of(server: &Server) -> String {
    format!("http://{}", server.address)
}

async fn call(client: &Client) -> Result<DescribeResponse, Error> {
    client.call(&DESCRIBE, &describe(&["1"])).await
}

/// reqwest and the layers below it do not retry: each request has a nonce of its own, even if the
/// server closes a reused connection.
#[tokio::test]
async fn transport_does_not_retry() {
    for (behaviors, successes) in [
        (vec![Behavior::Close], 0),
        (vec![Behavior::Reset], 0),
        (vec![success(), Behavior::Close], 1),
        (vec![success(), Behavior::Reset], 1),
        (vec![success(), success(), success(), Behavior::Close], 3),
    ] {
        for attempts in [1, 3] {
            let server = Server::start(behaviors.clone(), None).await;
            let policy = RetryPolicy::new().max_attempts(attempts).base_delay(Duration::ZERO);
            let client = builder(endpoint_of(&server)).no_proxy().retry(policy).build().unwrap();
            for _ in 0..successes {
                call(&client).await.unwrap();
            }
            assert_eq!(server.connections.load(Ordering::SeqCst), usize::from(successes > 0));
            let error = call(&client).await.unwrap_err();
            assert_eq!((error.attempts(), error.outcome()), (attempts, Outcome::Unknown));
            assert_eq!(error.transport_error().unwrap().kind(), TransportErrorKind::Interrupted);
            // Time for an unexpected request to arrive.
            tokio::time::sleep(Duration::from_millis(30)).await;
            let nonces = server.nonces();
            assert_eq!(nonces.len(), successes + attempts as usize, "{behaviors:?}");
            assert_eq!(nonces.iter().collect::<BTreeSet<_>>().len(), nonces.len(), "{behaviors:?}");
        }
    }
}

#[tokio::test]
async fn dropping_a_call_closes_its_connection() {
    let server = Server::start(vec![Behavior::RespondAndStall(Vec::new())], None).await;
    let client =
        builder(endpoint_of(&server)).no_proxy().retry(RetryPolicy::new()).build().unwrap();
    let dropped = tokio::time::timeout(Duration::from_millis(300), call(&client));
    assert!(dropped.await.is_err());
    for _ in 0..100 {
        if server.open.load(Ordering::SeqCst) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.open.load(Ordering::SeqCst), 0, "the connection is still open");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn idle_connections_are_reused_until_the_idle_timeout() {
    let server = Server::start(vec![success()], None).await;
    let config = TransportConfig::new().no_proxy().idle_timeout(Duration::from_millis(100));
    let transport = ReqwestTransport::with_config(&config).unwrap();
    // Clients with the same transport share its connections.
    let clients = [(); 2]
        .map(|()| builder(endpoint_of(&server)).transport(transport.clone()).build().unwrap());
    for client in &clients {
        call(client).await.unwrap();
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    tokio::time::sleep(Duration::from_millis(200)).await;
    call(&clients[0]).await.unwrap();
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn requests_use_the_configured_proxy() {
    let proxy = Server::start(vec![success()], None).await;
    let url = format!("http://user:passw0rd@{}", proxy.address);
    let with_proxy = builder("http://cdn.invalid").proxy(url.as_str());
    let shown = format!("{with_proxy:?}");
    let client = with_proxy.build().unwrap();
    call(&client).await.unwrap();
    let request = &proxy.requests()[0];
    assert!(request.starts_with("POST http://cdn.invalid/?TaskId=1 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nhost: cdn.invalid\r\n"), "{request}");
    // `user:passw0rd` in base64.
    assert!(request.contains("proxy-authorization: Basic dXNlcjpwYXNzdzByZA==\r\n"), "{request}");
    let shown = format!("{shown} {client:?}");
    assert!(!shown.contains("passw0rd") && !shown.contains("dXNlcj"), "{shown}");
}

#[tokio::test]
async fn a_failing_proxy_sends_nothing_and_is_not_quoted() {
    // Bound but not listening, so that connections to the port are refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let unused = socket.local_addr().unwrap();
    let refusing = format!("http://user:passw0rd@{unused}");
    let proxy = Server::start(vec![Behavior::RespondAndClose(http(407, "", ""))], None).await;
    let rejecting = format!("http://user:passw0rd@{}", proxy.address);
    let has_tls =
        cfg!(any(feature = "rustls-ring", feature = "rustls-aws-lc", feature = "native-tls"));
    for (scheme, url) in [("http", &refusing), ("https", &refusing), ("https", &rejecting)] {
        if scheme == "https" && !has_tls {
            continue;
        }
        let client = builder(format!("{scheme}://cdn.invalid")).proxy(url.as_str());
        let error = call(&client.build().unwrap()).await.unwrap_err();
        assert!(error.is_connect() && error.outcome() == Outcome::NotSent, "{error}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("passw0rd") && !shown.contains("dXNlcj"), "{shown}");
    }
    for invalid in ["ftp://user:passw0rd@host", "http://user:passw0rd@", "http://[user:passw0rd"] {
        let error = builder("http://cdn.invalid").proxy(invalid).build().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.is_configuration() && shown.contains("the proxy"), "{shown}");
        assert!(!shown.contains("passw0rd"), "{shown}");
    }
}

#[tokio::test]
async fn an_existing_reqwest_client_can_be_used() {
    let server = Server::start(vec![success()], None).await;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy();
    #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc"))]
    let client = {
        use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};
        // A program with a reqwest client has a crypto provider; this test has none installed.
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        client.tls_backend_preconfigured(config)
    };
    let transport = ReqwestTransport::from_client(client.build().unwrap());
    call(&builder(endpoint_of(&server)).transport(transport).build().unwrap()).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

/// Variables belong to the whole process, so each case runs in a process of its own.
#[tokio::test]
async fn requests_use_the_proxy_of_the_environment() {
    let service = Server::start(vec![success()], None).await;
    let direct = endpoint_of(&service);
    let port = service.address.port();
    for (endpoint, variable, no_proxy, uses_proxy) in [
        ("http://cdn.invalid", "HTTP_PROXY", "", true),
        ("http://cdn.invalid", "http_proxy", "", true),
        ("http://cdn.invalid", "ALL_PROXY", "", true),
        ("http://cdn.invalid", "HTTP_PROXY", "other.invalid, 10.0.0.0/8", true),
        ("http://notcdn.invalid", "HTTP_PROXY", "cdn.invalid", true),
        (direct.as_str(), "HTTP_PROXY", "", true),
        (direct.as_str(), "HTTPS_PROXY", "", false),
        (direct.as_str(), "HTTP_PROXY", "127.0.0.1", false),
        (direct.as_str(), "HTTP_PROXY", "10.0.0.0/8,127.0.0.0/8", false),
        (&format!("http://localhost:{port}"), "HTTP_PROXY", "*", false),
        (&format!("http://localhost:{port}"), "HTTP_PROXY", "localhost", false),
        (&format!("http://a.localhost:{port}"), "HTTP_PROXY", ".localhost", false),
    ] {
        let proxy = Server::start(vec![success()], None).await;
        let requests_before = service.requests().len();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["child", "--exact", "--ignored"]);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
            child.env_remove(name).env_remove(name.to_lowercase());
        }
        child.env(variable, format!("http://user:passw0rd@{}", proxy.address));
        child.env("NO_PROXY", no_proxy).env("CHILD_ENDPOINT", endpoint);
        let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
        let case = format!("{endpoint} {variable} {no_proxy}: {output:?}");
        assert!(!case.contains("passw0rd"), "{case}");
        assert_eq!(proxy.requests().len(), usize::from(uses_proxy), "{case}");
        if endpoint.starts_with("http://127") {
            assert!(output.status.success(), "{case}");
            let direct_requests = service.requests().len() - requests_before;
            assert_eq!(direct_requests, usize::from(!uses_proxy), "{case}");
        }
    }
}

#[tokio::test]
#[ignore = "child process of the test above, which sets its environment; without CHILD_ENDPOINT it has no endpoint"]
async fn child() {
    let endpoint = std::env::var("CHILD_ENDPOINT").unwrap();
    call(&builder(endpoint).build().unwrap()).await.unwrap();
}
