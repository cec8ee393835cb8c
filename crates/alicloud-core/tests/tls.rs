//! Handshakes on loopback: who is trusted, and what is known of a request that met somebody else.

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
use server::{Act, Server, http};
use tokio_rustls::TlsAcceptor;

async fn server(acceptor: TlsAcceptor) -> Server {
    Server::start(vec![Act::Say(http(200, "", r#"{"TotalCount":1}"#))], Some(acceptor)).await
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
async fn an_authority_is_trusted_when_told_to() {
    let authority = Authority::new();
    let server = server(acceptor(&authority.leaf("localhost", false), None)).await;
    let trusting = || builder(&server).root_certificate(authority.pem());
    assert_eq!(call(trusting()).await.unwrap(), Some(1));
    // Several in one text, and one after the other.
    let both = format!("{}\n{}", Authority::new().pem(), authority.pem());
    assert_eq!(call(builder(&server).root_certificate(both)).await.unwrap(), Some(1));
    let added = trusting().root_certificate(Authority::new().pem());
    assert_eq!(call(added).await.unwrap(), Some(1));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn nobody_else_gets_to_see_a_request() {
    let authority = Authority::new();
    for (fault, acceptor) in [
        ("of nobody", acceptor(&self_signed("localhost"), None)),
        (
            "of an authority that is not known",
            acceptor(&Authority::new().leaf("localhost", false), None),
        ),
        ("of another host", acceptor(&authority.leaf("cdn.aliyuncs.com", false), None)),
        ("that is over", acceptor(&authority.leaf("localhost", true), None)),
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
async fn a_server_can_ask_for_a_certificate() {
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

    // Without one, and with one that it does not know.
    let other = Authority::new().leaf("client", false);
    let other = trusting().client_certificate(format!("{}{}", other.certificate, other.key));
    for refused in [trusting(), other] {
        let error = call(refused).await.unwrap_err();
        if cfg!(any(feature = "rustls-ring", feature = "rustls-aws-lc")) {
            assert_eq!(error.transport_error().unwrap().kind(), TransportErrorKind::Tls, "{error}");
            assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        }
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn what_is_no_certificate_is_refused_when_the_client_is_built() {
    let builder = || ClientBuilder::<Client>::new(&CDN).endpoint("https://localhost");
    let leaf = self_signed("localhost");
    for refused in [
        builder().root_certificate("no PEM"),
        builder().client_certificate("no PEM"),
        builder().client_certificate(leaf.certificate.clone()),
        builder().client_certificate(leaf.key.clone()),
    ] {
        let shown = format!("{refused:?}");
        let error = refused.build().unwrap_err();
        assert!(error.is_configuration() && error.outcome() == Outcome::NotSent);
        let shown = format!("{shown} {error} {error:?}");
        assert!(shown.contains("the default transport cannot be set up"), "{shown}");
        assert!(!shown.contains("no PEM") && !shown.contains("BEGIN"), "{shown}");
    }
}

/// The default provider of the process belongs to the program.
#[test]
fn nothing_is_installed_for_the_whole_process() {
    let client = ClientBuilder::<Client>::new(&CDN).build().unwrap();
    drop(client);
    assert!(tokio_rustls::rustls::crypto::CryptoProvider::get_default().is_none());
}
