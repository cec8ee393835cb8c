//! Starting, remembering, stopping, and keeping secrets.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use alicloud_fake::{Account, FakeService, SignatureScheme};
use http::Method;
use tokio::io::AsyncWriteExt;

use crate::client::{connect, receive, send, service};
use crate::sign::Call;

#[tokio::test]
async fn only_loopback_is_listened_on() {
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
    // Not every system has more than one loopback address; none may refuse it for being one.
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
    // The connection ends, however long that takes.
    let mut nothing = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut connection, &mut nothing).await;
    assert!(read.is_err() || nothing.is_empty());
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
async fn services_do_not_know_of_each_other() {
    let one = service().start().await.unwrap();
    let other = service().start().await.unwrap();
    assert_ne!(one.endpoint(), other.endpoint());
    assert_eq!(send(&one, Call::default().acs3()).await.status, 200);
    assert_eq!(send(&other, Call::default().acs3()).await.status, 200);
    assert_eq!(one.requests().len(), 1);
}

#[tokio::test]
async fn requests_are_remembered_as_they_came() {
    let service = service().start().await.unwrap();
    let call = Call {
        parameters: &[("TaskId", "12345678"), ("Note", "a b")],
        headers: &[("user-agent", "tests")],
        ..Call::default()
    };
    send(&service, call.acs3()).await;
    send(&service, call.rpc_form().replace("Action=", "Action=X")).await;
    let [first, second] = &service.requests()[..] else { panic!("two requests were sent") };

    assert_eq!(first.method, Method::POST);
    assert_eq!(first.path, "/");
    assert_eq!(first.query, "Note=a%20b&TaskId=12345678");
    assert_eq!(first.headers["user-agent"], "tests");
    assert_eq!(first.parameter("Note"), Some("a b"));
    assert_eq!(first.parameter("Nothing"), None);
    assert_eq!(first.action.as_deref(), Some("DescribeRefreshTaskById"));
    assert_eq!(first.scheme, Some(SignatureScheme::Acs3HmacSha256));
    assert_eq!(first.request_id, "FA4E0000-0000-4000-8000-000000000001");
    assert_eq!((first.answer.status.as_u16(), &first.answer.code), (200, &None));

    assert_eq!(second.query, "");
    assert!(second.body.starts_with(b"AccessKeyId=fake-access-key-id&"));
    assert_eq!(second.parameter("Note"), Some("a b"));
    assert_eq!(second.action.as_deref(), Some("XDescribeRefreshTaskById"));
    assert_eq!(second.scheme, Some(SignatureScheme::RpcHmacSha1));
    assert_eq!(second.answer.status, 400);
    assert_eq!(second.answer.code.as_deref(), Some("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn old_requests_are_forgotten() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&seen);
    let service = service()
        .record_limit(2)
        .on_request(move |request| observed.lock().unwrap().push(request.request_id.clone()))
        .start()
        .await
        .unwrap();
    for nonce in ["1", "2", "3"] {
        let call = Call { nonce, ..Call::default() };
        send(&service, call.acs3()).await;
    }
    let remembered: Vec<String> =
        service.requests().into_iter().map(|request| request.request_id).collect();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 3);
    assert_eq!(remembered, seen[1..]);
}

#[tokio::test]
async fn secrets_are_not_shown() {
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
        // Even where the service explains itself, it does not show the secret.
        let changed = request.replace("12345678", "87654321");
        texts.push(send(&service, changed).await.body.replace("the-token", ""));
    }
    for text in texts {
        assert!(!text.contains("the-secret"), "{text}");
        assert!(!text.contains("the-token"), "{text}");
    }
}

#[tokio::test]
async fn a_key_can_be_replaced() {
    let service = service()
        .account(Account::new(Call::default().access_key_id, "another"))
        .start()
        .await
        .unwrap();
    let refused = send(&service, Call::default().acs3()).await;
    assert_eq!(refused.code().unwrap(), "SignatureDoesNotMatch");
    let call = Call { secret: "another", ..Call::default() };
    assert_eq!(send(&service, call.acs3()).await.status, 200);
}
