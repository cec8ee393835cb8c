//! Scripted responses before the service has read a request or its body.

use alicloud_fake::{Delivery, ScriptedResponse};
use http::StatusCode;
use tokio::io::AsyncWriteExt as _;

use crate::client::{RESET, connect, read_to_end, receive, send, send_call, start};
use crate::sign::Call;

#[tokio::test]
async fn reset_on_connect() {
    let service = start([ScriptedResponse::connection_reset().on_connect()]).await;
    let mut connection = connect(service.endpoint()).await;
    // The client has sent nothing.
    assert_eq!(read_to_end(&mut connection).await, (String::new(), RESET));
    assert_eq!(send(&service, Call::default().acs3()).await.status, 200);
    assert_eq!(service.requests().len(), 1, "a connection without a request is not recorded");
}

#[tokio::test]
async fn closed_on_connect() {
    let service = start([ScriptedResponse::connection_closed().on_connect()]).await;
    let mut connection = connect(service.endpoint()).await;
    assert_eq!(read_to_end(&mut connection).await, (String::new(), None));
}

#[tokio::test]
async fn response_on_connect() {
    let service = start([ScriptedResponse::raw("HTTP/1.1 400 X\r\n\r\n").on_connect()]).await;
    let mut connection = connect(service.endpoint()).await;
    assert_eq!(read_to_end(&mut connection).await, ("HTTP/1.1 400 X\r\n\r\n".to_owned(), None));
}

#[tokio::test]
async fn a_response_on_connect_keeps_its_position_in_the_queue() {
    let other = ScriptedResponse::connection_reset().for_operation("PushObjectCache");
    let service = start([
        other,
        ScriptedResponse::html(StatusCode::OK, "1"),
        ScriptedResponse::connection_reset().on_connect(),
    ])
    .await;
    let mut connection = connect(service.endpoint()).await;
    send_call(&mut connection, "1").await;
    assert_eq!(receive(&mut connection).await.body, "1");
    send_call(&mut connection, "2").await;
    assert_eq!(
        receive(&mut connection).await.status,
        200,
        "an existing connection is not affected"
    );
    assert_eq!(read_to_end(&mut connect(service.endpoint()).await).await.1, RESET);
    assert_eq!(send(&service, Call { nonce: "3", ..Call::default() }.acs3()).await.status, 200);
}

#[tokio::test]
async fn reset_before_the_request_body() {
    let service = start([ScriptedResponse::connection_reset().before_request_body()]).await;
    let mut connection = connect(service.endpoint()).await;
    let head = "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\nx-acs-action: X\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(read_to_end(&mut connection).await, (String::new(), RESET));
    let request = service.requests().remove(0);
    assert_eq!(request.operation.as_deref(), Some("X"));
    assert_eq!(request.response.delivery, Delivery::ConnectionReset);
}

#[tokio::test]
async fn response_before_the_request_body() {
    let service =
        start([ScriptedResponse::html(StatusCode::PAYLOAD_TOO_LARGE, "no").before_request_body()])
            .await;
    let mut connection = connect(service.endpoint()).await;
    let head = "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(receive(&mut connection).await.status, 413);
}

#[tokio::test]
async fn an_operation_in_the_body_is_unknown_before_the_body_is_read() {
    let early = ScriptedResponse::connection_reset()
        .before_request_body()
        .for_operation("DescribeRefreshTaskById");
    let service = start([early]).await;
    assert_eq!(send(&service, Call::default().rpc_form()).await.status, 200);
    let mut connection = connect(service.endpoint()).await;
    send_call(&mut connection, "2").await;
    assert_eq!(read_to_end(&mut connection).await.1, RESET);
}
