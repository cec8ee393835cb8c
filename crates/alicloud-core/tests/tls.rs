//! TLS handshakes on loopback: trusted certificates, and the outcome of failed handshakes.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc", feature = "native-tls"))]

#[path = "common/certificates.rs"]
mod certificates;
mod common;
#[path = "common/server.rs"]
mod server;

use alicloud_core::{
    Client, ClientBuilder, Credentials, Error, Outcome, RetryPolicy, TransportErrorKind,
};
use certificates::{Authority, acceptor, self_signed};
use common::*;
use server::{Behavior, Server, http};
use tokio_rustls::TlsAcceptor;

async fn server(acceptor: TlsAcceptor) -> Server {
    Server::start(vec![Behavior::Respond(http(200, "", r#"{"TotalCount":1}"#))], Some(acceptor))
        .await
}

fn builder(server: &Server) -> ClientBuilder<Client> {
    ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(format!("https://localhost:{}", server.address.port()))
        .retry(RetryPolicy::none())
        .no_proxy()
}

async fn call(builder: ClientBuilder<Client>) -> Result<Option<i64>, Error> {
    let response = builder.build()?.call(&DESCRIBE, &describe(&["1"])).await?;
    Ok(response.total_count)
}

#[tokio::test]
async fn trusts_configured_root_certificates() {
    let authority = Authority::new();
    let server = server(acceptor(&authority.leaf("localhost", false), None)).await;
    let trusting = || builder(&server).root_certificate(authority.pem());
    assert_eq!(call(trusting()).await.unwrap(), Some(1));
    // Several certificates in one text, and several calls of the setter.
    let both = format!("{}\n{}", Authority::new().pem(), authority.pem());
    assert_eq!(call(builder(&server).root_certificate(both)).await.unwrap(), Some(1));
    let added = trusting().root_certificate(Authority::new().pem());
    assert_eq!(call(added).await.unwrap(), Some(1));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn sends_nothing_to_a_server_with_an_untrusted_certificate() {
    let authority = Authority::new();
    for (fault, acceptor) in [
        ("self-signed", acceptor(&self_signed("localhost"), None)),
        ("unknown authority", acceptor(&Authority::new().leaf("localhost", false), None)),
        ("another host", acceptor(&authority.leaf("cdn.aliyuncs.com", false), None)),
        ("expired", acceptor(&authority.leaf("localhost", true), None)),
    ] {
        let server = server(acceptor).await;
        let error = call(builder(&server).root_certificate(authority.pem())).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{fault}: {error}");
        assert_eq!(
            error.transport_error().unwrap().kind(),
            TransportErrorKind::Tls,
            "{fault}: {error}"
        );
        assert!(
            error.is_connect() && error.to_string().contains("certificate"),
            "{fault}: {error}"
        );
        assert!(server.requests().is_empty(), "{fault}");
    }
}

#[tokio::test]
async fn sends_the_client_certificate() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = server(acceptor(&authority.leaf("localhost", false), Some(&clients))).await;
    let trusting = || builder(&server).root_certificate(authority.pem());
    let leaf = clients.leaf("client", false);
    for pem in
        [format!("{}{}", leaf.certificate, leaf.key), format!("{}{}", leaf.key, leaf.certificate)]
    {
        assert_eq!(call(trusting().client_certificate(pem)).await.unwrap(), Some(1));
    }
    assert_eq!(server.requests().len(), 2);

    // Without a client certificate, and with one of an unknown authority.
    let unknown = Authority::new().leaf("client", false);
    let unknown = trusting().client_certificate(format!("{}{}", unknown.certificate, unknown.key));
    for rejected in [trusting(), unknown] {
        let error = call(rejected).await.unwrap_err();
        if cfg!(any(feature = "rustls-ring", feature = "rustls-aws-lc")) {
            assert_eq!(error.transport_error().unwrap().kind(), TransportErrorKind::Tls, "{error}");
            assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        }
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn building_a_client_fails_with_an_invalid_certificate() {
    let builder = || ClientBuilder::<Client>::new(&CDN).endpoint("https://localhost");
    let leaf = self_signed("localhost");
    for invalid in [
        builder().root_certificate("no PEM"),
        builder().client_certificate("no PEM"),
        builder().client_certificate(leaf.certificate.clone()),
        builder().client_certificate(leaf.key.clone()),
    ] {
        let shown = format!("{invalid:?}");
        let error = invalid.build().unwrap_err();
        assert!(error.is_configuration() && error.outcome() == Outcome::NotSent);
        let shown = format!("{shown} {error} {error:?}");
        assert!(shown.contains("the default transport cannot be set up"), "{shown}");
        assert!(!shown.contains("no PEM") && !shown.contains("BEGIN"), "{shown}");
    }
}

/// The default crypto provider of the process is left to the program.
#[test]
fn installs_no_default_crypto_provider() {
    let client = ClientBuilder::<Client>::new(&CDN).build().unwrap();
    drop(client);
    assert!(tokio_rustls::rustls::crypto::CryptoProvider::get_default().is_none());
}
