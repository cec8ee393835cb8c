//! The bytes and the end of broken connections.

use std::io::ErrorKind;
use std::time::Duration;

use alicloud_fake::{Delivery, Ending, ScriptedResponse, Simulation};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue, LOCATION, TRANSFER_ENCODING};
use http::{HeaderName, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::cdn::Cdn;
use crate::client::{RESET, connect, read_to_end, receive, send, send_call, start};
use crate::sign::Call;

/// Returns the same for a connection with one request, and the recorded delivery.
async fn exchange(response: ScriptedResponse) -> (String, Option<ErrorKind>, Delivery) {
    let service = start([response]).await;
    let mut connection = connect(service.endpoint()).await;
    send_call(&mut connection, "1").await;
    let (text, end) = read_to_end(&mut connection).await;
    (text, end, service.requests().remove(0).response.delivery)
}

/// Asserts what arrives before the service stops sending.
async fn assert_hangs_after(response: ScriptedResponse, expected: &str) {
    let service = start([response]).await;
    let mut connection = connect(service.endpoint()).await;
    send_call(&mut connection, "1").await;
    let mut received = vec![0; expected.len()];
    connection.read_exact(&mut received).await.unwrap();
    assert_eq!(String::from_utf8(received).unwrap(), expected);
    // Other requests are served, and this connection is still open.
    assert_eq!(send(&service, Call { nonce: "2", ..Call::default() }.acs3()).await.status, 200);
    let error = connection.try_read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    connection.shutdown().await.unwrap();
    assert_eq!(read_to_end(&mut connection).await, (String::new(), None));
}

fn status_line(response: &str) -> &str {
    response.lines().next().unwrap()
}

fn body(response: &str) -> &str {
    response.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn closed_without_a_response() {
    assert_eq!(
        exchange(ScriptedResponse::connection_closed()).await,
        (String::new(), None, Delivery::ConnectionClosed)
    );
}

#[tokio::test]
async fn truncated_head() {
    let half = "HTTP/1.1 200";
    assert_eq!(exchange(ScriptedResponse::raw(half)).await, (half.to_owned(), None, Delivery::Raw));
}

#[tokio::test]
async fn a_response_that_is_not_http() {
    let (text, end, delivery) =
        exchange(ScriptedResponse::raw("SSH-2.0-OpenSSH\r\n").ending(Ending::Reset)).await;
    // A reset can discard data that was sent before.
    assert!(text.is_empty() || text == "SSH-2.0-OpenSSH\r\n", "{text}");
    assert_eq!((end, delivery), (RESET, Delivery::Raw));
}

#[tokio::test]
async fn truncated_body() {
    let (text, end, delivery) =
        exchange(ScriptedResponse::json(StatusCode::OK, "{\"a\":1}").truncate_body(3)).await;
    assert!(text.contains("\r\ncontent-length: 7\r\n") && body(&text) == "{\"a", "{text}");
    assert_eq!((end, delivery), (None, Delivery::Truncated(3)));
}

#[tokio::test]
async fn truncated_body_and_reset() {
    let response =
        ScriptedResponse::json(StatusCode::OK, "{}").truncate_body(1).ending(Ending::Reset);
    let (_, end, delivery) = exchange(response).await;
    assert_eq!((end, delivery), (RESET, Delivery::Truncated(1)));
}

#[tokio::test]
async fn truncated_chunk() {
    let chunked = HeaderValue::from_static("chunked");
    let response =
        ScriptedResponse::json(StatusCode::OK, "9\r\n{").header(TRANSFER_ENCODING, chunked);
    let (text, end, delivery) = exchange(response).await;
    assert!(
        text.contains("\r\ntransfer-encoding: chunked\r\n") && !text.contains("length"),
        "{text}"
    );
    assert_eq!((body(&text), end, delivery), ("9\r\n{", None, Delivery::Complete));
}

#[tokio::test]
async fn wrong_content_lengths() {
    for length in ["5", "15", "900", "x", "-1"] {
        let length = HeaderValue::from_static(length);
        let response = ScriptedResponse::json(StatusCode::OK, "{\"TotalCount\":1}")
            .header(CONTENT_LENGTH, length.clone());
        let (text, end, delivery) = exchange(response.clone()).await;
        let line = format!("\r\ncontent-length: {}\r\n", length.to_str().unwrap());
        assert!(text.contains(&line) && text.matches("content-length").count() == 1, "{text}");
        assert_eq!((body(&text), end), ("{\"TotalCount\":1}", None));
        assert_eq!(delivery, Delivery::Complete);
        let (truncated, ..) = exchange(response.truncate_body(2)).await;
        assert!(truncated.contains(&line) && body(&truncated) == "{\"", "{truncated}");
    }
}

#[tokio::test]
async fn the_regular_response_with_a_wrong_content_length() {
    let response =
        ScriptedResponse::passthrough().header(CONTENT_LENGTH, HeaderValue::from_static("1"));
    let (text, end, _) = exchange(response).await;
    assert!(
        text.contains("\r\ncontent-length: 1\r\n") && body(&text).contains("TotalCount"),
        "{text}"
    );
    assert_eq!(end, None);
}

#[tokio::test]
async fn informational_status() {
    for (code, line) in [(100, "HTTP/1.1 100 Continue"), (101, "HTTP/1.1 101 Switching Protocols")]
    {
        let service = start([ScriptedResponse::new(StatusCode::from_u16(code).unwrap())]).await;
        let mut connection = connect(service.endpoint()).await;
        send_call(&mut connection, "1").await;
        let (text, end) = read_to_end(&mut connection).await;
        assert_eq!((status_line(&text), body(&text), end), (line, "", None));
        assert!(!text.contains("content-length"), "{text}");
        let response = service.requests().remove(0).response;
        assert_eq!((response.status.as_u16(), response.delivery), (code, Delivery::Complete));
    }
}

#[tokio::test]
async fn hang_in_the_head() {
    let half = "HTTP/1.1 200 OK\r\n";
    assert_hangs_after(ScriptedResponse::raw(half).ending(Ending::Hang), half).await;
}

#[tokio::test]
async fn hang_in_the_body() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{";
    assert_hangs_after(ScriptedResponse::raw(half).ending(Ending::Hang), half).await;
}

#[tokio::test]
async fn hang_after_a_truncated_body() {
    let response =
        ScriptedResponse::html(StatusCode::OK, "abc").truncate_body(1).ending(Ending::Hang);
    let service = start([response]).await;
    let mut connection = connect(service.endpoint()).await;
    send_call(&mut connection, "1").await;
    let mut received = String::new();
    while !received.ends_with("\r\n\r\na") {
        received.push(connection.read_u8().await.unwrap().into());
    }
    assert_eq!(service.requests()[0].response.delivery, Delivery::Truncated(1));
}

#[tokio::test(start_paused = true)]
async fn slow_body() {
    let before = tokio::time::Instant::now();
    let bytes = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{ }";
    let response = ScriptedResponse::raw(bytes).slow_body(1, Duration::from_secs(60));
    let (text, end, delivery) = exchange(response).await;
    assert_eq!((text.as_str(), end, delivery), (bytes, None, Delivery::Raw));
    let pauses = u32::try_from(bytes.len()).unwrap() - 1;
    assert!(before.elapsed() >= Duration::from_secs(60) * pauses);
    // A chunk size of 0 counts as 1.
    let (text, ..) =
        exchange(ScriptedResponse::passthrough().slow_body(0, Duration::from_secs(1))).await;
    assert!(body(&text).ends_with('}'), "{text}");
}

#[tokio::test]
async fn closed_while_idle() {
    let (text, end, delivery) =
        exchange(ScriptedResponse::passthrough().ending(Ending::Close)).await;
    assert!(body(&text).contains("TotalCount") && !text.contains("connection"), "{text}");
    assert_eq!((end, delivery), (None, Delivery::Complete));
}

#[tokio::test]
async fn closed_or_reset_when_reused() {
    for (response, end) in [
        (ScriptedResponse::connection_closed(), None),
        (ScriptedResponse::connection_reset(), RESET),
    ] {
        let service = start([ScriptedResponse::passthrough(), response]).await;
        let mut connection = connect(service.endpoint()).await;
        send_call(&mut connection, "1").await;
        assert_eq!(receive(&mut connection).await.status, 200);
        send_call(&mut connection, "2").await;
        assert_eq!(read_to_end(&mut connection).await, (String::new(), end));
    }
}

#[tokio::test]
async fn unusual_but_valid_http() {
    let gzip = HeaderValue::from_static("gzip");
    let other_host = HeaderValue::from_static("http://elsewhere.example/");
    let age = (HeaderName::from_static("age"), HeaderValue::from_static("3600"));
    for (response, expected) in [
        (
            ScriptedResponse::json(StatusCode::OK, "no gzip").header(CONTENT_ENCODING, gzip),
            (200, 7),
        ),
        (ScriptedResponse::html(StatusCode::OK, " ".repeat(5_000_000)), (200, 5_000_000)),
        (ScriptedResponse::new(StatusCode::FOUND).header(LOCATION, other_host.clone()), (302, 0)),
        (
            ScriptedResponse::new(StatusCode::TEMPORARY_REDIRECT).header(LOCATION, other_host),
            (307, 0),
        ),
        (ScriptedResponse::new(StatusCode::OK).header(age.0, age.1), (200, 0)),
    ] {
        let response = send(&start([response]).await, Call::default().acs3()).await;
        assert_eq!((response.status, response.body.len()), expected);
    }
}

#[tokio::test]
async fn a_broken_connection_can_execute_the_operation() {
    let params = &[("ObjectPath", "http://example.com/")];
    for response in [
        ScriptedResponse::connection_closed(),
        ScriptedResponse::raw("SSH"),
        ScriptedResponse::passthrough().ending(Ending::Close),
    ] {
        let cdn = Cdn::new(Simulation::new()).await;
        cdn.service.enqueue(response.executed());
        let call = Call { operation: "RefreshObjectCaches", params, ..Call::default() };
        let mut connection = connect(cdn.service.endpoint()).await;
        connection.write_all(call.acs3().as_bytes()).await.unwrap();
        assert_eq!(read_to_end(&mut connection).await.1, None);
        assert_eq!(cdn.service.submissions().len(), 1);
    }
}
