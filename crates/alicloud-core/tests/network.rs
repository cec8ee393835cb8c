//! Connection reuse and dropped calls.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "transport")]

mod common;
#[path = "common/server.rs"]
mod server;

use std::collections::BTreeSet;
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
