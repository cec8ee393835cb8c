//! Start, recorded requests, shutdown and secrets.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use alicloud_fake::{Account, FakeService, SignatureScheme};
use http::Method;
use tokio::io::AsyncWriteExt;

use crate::client::{connect, receive, send, service};
use crate::sign::Call;

#[tokio::test]
async fn only_loopback_addresses_are_allowed() {
    for address in [
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 0)),
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    ] {
        let error = FakeService::builder().address(address).start().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(text.contains(&address.ip().to_string()) && text.contains("127.0.0.1"));
    }
    let service = FakeService::builder().address((Ipv4Addr::new(127, 0, 0, 2), 0)).start().await;
    // Not every system has a second loopback address, but it must not be rejected as invalid.
    if let Err(error) = service {
        assert_ne!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn the_port_is_free_after_shutdown() {
    let service = service().start().await.unwrap();
    let endpoint = service.endpoint().to_owned();
    let address: SocketAddr = endpoint.strip_prefix("http://").unwrap().parse().unwrap();
    let idle = connect(&endpoint).await;
    service.shutdown().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    drop(idle);
}

#[tokio::test]
async fn dropping_the_service_stops_it() {
    let service = service().start().await.unwrap();
    let mut connection = connect(service.endpoint()).await;
    drop(service);
    // The service stops some time after the drop.
    let mut received = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut connection, &mut received).await;
    assert!(read.is_err() || received.is_empty());
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let service = service().start().await.unwrap();
    let mut connection = connect(service.endpoint()).await;
    for nonce in ["1", "2", "3"] {
        let call = Call { nonce, ..Call::default() };
        connection.write_all(call.acs3().as_bytes()).await.unwrap();
        assert_eq!(receive(&mut connection).await.status, 200);
    }
}

#[tokio::test]
async fn services_are_independent() {
    let first = service().start().await.unwrap();
    let second = service().start().await.unwrap();
    assert_ne!(first.endpoint(), second.endpoint());
    assert_eq!(send(&first, Call::default().acs3()).await.status, 200);
    assert_eq!(send(&second, Call::default().acs3()).await.status, 200);
    assert_eq!(first.requests().len(), 1);
}

#[tokio::test]
async fn requests_are_recorded_unchanged() {
    let service = service().start().await.unwrap();
    let call = Call {
        params: &[("TaskId", "12345678"), ("Note", "a b")],
        headers: &[("user-agent", "tests")],
        ..Call::default()
    };
    send(&service, call.acs3()).await;
    send(&service, call.rpc_form().replace("Action=", "Action=X")).await;
    let [first, second] = &service.requests()[..] else { panic!("expected two requests") };

    assert_eq!(first.method, Method::POST);
    assert_eq!(first.path, "/");
    assert_eq!(first.query, "Note=a%20b&TaskId=12345678");
    assert_eq!(first.headers["user-agent"], "tests");
    assert_eq!(first.param("Note"), Some("a b"));
    assert_eq!(first.param("Nothing"), None);
    assert_eq!(first.operation.as_deref(), Some("DescribeRefreshTaskById"));
    assert_eq!(first.scheme, Some(SignatureScheme::Acs3HmacSha256));
    assert_eq!(first.request_id, "FA4E0000-0000-4000-8000-000000000001");
    assert_eq!((first.response.status.as_u16(), &first.response.code), (200, &None));

    assert_eq!(second.query, "");
    assert!(second.body.starts_with(b"AccessKeyId=fake-access-key-id&"));
    assert_eq!(second.param("Note"), Some("a b"));
    assert_eq!(second.operation.as_deref(), Some("XDescribeRefreshTaskById"));
    assert_eq!(second.scheme, Some(SignatureScheme::RpcHmacSha1));
    assert_eq!(second.response.status, 400);
    assert_eq!(second.response.code.as_deref(), Some("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn the_record_limit_discards_old_requests() {
    let observed = Arc::new(Mutex::new(Vec::new()));
    let observer = Arc::clone(&observed);
    let service = service()
        .record_limit(2)
        .on_request(move |request| observer.lock().unwrap().push(request.request_id.clone()))
        .start()
        .await
        .unwrap();
    for nonce in ["1", "2", "3"] {
        let call = Call { nonce, ..Call::default() };
        send(&service, call.acs3()).await;
    }
    let recorded: Vec<String> =
        service.requests().into_iter().map(|request| request.request_id).collect();
    let observed = observed.lock().unwrap();
    assert_eq!(observed.len(), 3);
    assert_eq!(recorded, observed[1..]);
}

#[tokio::test]
async fn output_contains_no_secrets() {
    let account = Account::new("id", "the-secret").security_token("the-token");
    let builder = service().account(account.clone());
    let debug_of_builder = format!("{account:?} {builder:?}");
    let service = builder.start().await.unwrap();
    let call = Call {
        access_key_id: "id",
        secret: "the-secret",
        token: Some("the-token"),
        ..Call::default()
    };
    let mut texts = vec![debug_of_builder, format!("{service:?}")];
    for request in [call.acs3(), call.rpc(), call.rpc_form()] {
        let (_, signature) = request.rsplit_once("Signature=").unwrap();
        let signature = signature.split_whitespace().next().unwrap();
        send(&service, &request).await;
        let debug = format!("{:?}", service.requests());
        assert!(!debug.contains(signature) && !debug.contains("Credential"));
        texts.push(debug);
        // The explanation of a mismatch does not contain the secret, either.
        let changed = request.replace("12345678", "87654321");
        texts.push(send(&service, changed).await.body.replace("the-token", ""));
    }
    for text in texts {
        assert!(!text.contains("the-secret"), "{text}");
        assert!(!text.contains("the-token"), "{text}");
    }
}

#[tokio::test]
async fn an_access_key_can_be_replaced() {
    let service = service()
        .account(Account::new(Call::default().access_key_id, "another"))
        .start()
        .await
        .unwrap();
    let error = send(&service, Call::default().acs3()).await;
    assert_eq!(error.code().unwrap(), "SignatureDoesNotMatch");
    let call = Call { secret: "another", ..Call::default() };
    assert_eq!(send(&service, call.acs3()).await.status, 200);
}
