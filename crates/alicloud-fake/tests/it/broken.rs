//! Each fault that a client has to live with, as the bytes and the end of a connection.

use std::io::ErrorKind;
use std::time::Duration;

use alicloud_fake::{Delivery, Ending, FakeService, ScriptedResponse, Simulation};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue, LOCATION, TRANSFER_ENCODING};
use http::{HeaderName, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::cdn::Cdn;
use crate::client::{connect, receive, send, service};
use crate::sign::Call;

const RESET: Option<ErrorKind> = Some(ErrorKind::ConnectionReset);

async fn script(responses: impl IntoIterator<Item = ScriptedResponse>) -> FakeService {
    responses
        .into_iter()
        .fold(service(), |builder, response| builder.response(response))
        .start()
        .await
        .unwrap()
}

async fn ask(connection: &mut TcpStream, nonce: &str) {
    let request = Call { nonce, ..Call::default() }.acs3();
    connection.write_all(request.as_bytes()).await.unwrap();
}

/// What arrives until the connection ends, and how it ends.
async fn rest(connection: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut received = Vec::new();
    let end = connection.read_to_end(&mut received).await.err().map(|error| error.kind());
    (String::from_utf8(received).unwrap(), end)
}

/// The same of a connection with one request, and what is recorded of it.
async fn outcome(response: ScriptedResponse) -> (String, Option<ErrorKind>, Delivery) {
    let service = script([response]).await;
    let mut connection = connect(service.endpoint()).await;
    ask(&mut connection, "1").await;
    let (text, end) = rest(&mut connection).await;
    (text, end, service.requests().remove(0).answer.delivery)
}

/// What arrives before the service falls silent.
async fn before_silence(response: ScriptedResponse, wanted: &str) {
    let service = script([response]).await;
    let mut connection = connect(service.endpoint()).await;
    ask(&mut connection, "1").await;
    let mut received = vec![0; wanted.len()];
    connection.read_exact(&mut received).await.unwrap();
    assert_eq!(String::from_utf8(received).unwrap(), wanted);
    // Others are answered while this one waits, and it is still open.
    assert_eq!(send(&service, Call { nonce: "2", ..Call::default() }.acs3()).await.status, 200);
    let nothing = connection.try_read(&mut [0]).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    connection.shutdown().await.unwrap();
    assert_eq!(rest(&mut connection).await, (String::new(), None));
}

fn status(response: &str) -> &str {
    response.lines().next().unwrap()
}

fn body(response: &str) -> &str {
    response.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn reset_at_once() {
    let service = script([ScriptedResponse::reset().at_once()]).await;
    let mut connection = connect(service.endpoint()).await;
    // Nothing was sent, so nothing can have been read.
    assert_eq!(rest(&mut connection).await, (String::new(), RESET));
    assert_eq!(send(&service, Call::default().acs3()).await.status, 200);
    assert_eq!(service.requests().len(), 1, "what was not read is not recorded");
}

#[tokio::test]
async fn closed_at_once() {
    let service = script([ScriptedResponse::closed().at_once()]).await;
    let mut connection = connect(service.endpoint()).await;
    assert_eq!(rest(&mut connection).await, (String::new(), None));
}

#[tokio::test]
async fn spoken_to_before_a_word() {
    let service = script([ScriptedResponse::raw("HTTP/1.1 400 X\r\n\r\n").at_once()]).await;
    let mut connection = connect(service.endpoint()).await;
    assert_eq!(rest(&mut connection).await, ("HTTP/1.1 400 X\r\n\r\n".to_owned(), None));
}

#[tokio::test]
async fn the_next_connection_waits_for_its_turn() {
    let other = ScriptedResponse::reset().for_operation("PushObjectCache");
    let service = script([
        other,
        ScriptedResponse::html(StatusCode::OK, "1"),
        ScriptedResponse::reset().at_once(),
    ])
    .await;
    let mut connection = connect(service.endpoint()).await;
    ask(&mut connection, "1").await;
    assert_eq!(receive(&mut connection).await.body, "1");
    ask(&mut connection, "2").await;
    assert_eq!(receive(&mut connection).await.status, 200, "the old one is not concerned");
    assert_eq!(rest(&mut connect(service.endpoint()).await).await.1, RESET);
    assert_eq!(send(&service, Call { nonce: "3", ..Call::default() }.acs3()).await.status, 200);
}

#[tokio::test]
async fn reset_before_the_body() {
    let service = script([ScriptedResponse::reset().before_body()]).await;
    let mut connection = connect(service.endpoint()).await;
    let head = "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\nx-acs-action: X\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(rest(&mut connection).await, (String::new(), RESET));
    let request = service.requests().remove(0);
    assert_eq!(request.action.as_deref(), Some("X"));
    assert_eq!(request.answer.delivery, Delivery::Reset);
}

#[tokio::test]
async fn answered_before_the_body() {
    let service =
        script([ScriptedResponse::html(StatusCode::PAYLOAD_TOO_LARGE, "no").before_body()]).await;
    let mut connection = connect(service.endpoint()).await;
    let head = "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(receive(&mut connection).await.status, 413);
}

#[tokio::test]
async fn an_operation_in_the_body_is_known_too_late() {
    let early = ScriptedResponse::reset().before_body().for_operation("DescribeRefreshTaskById");
    let service = script([early]).await;
    assert_eq!(send(&service, Call::default().rpc_form()).await.status, 200);
    let mut connection = connect(service.endpoint()).await;
    ask(&mut connection, "2").await;
    assert_eq!(rest(&mut connection).await.1, RESET);
}

#[tokio::test]
async fn closed_without_a_byte() {
    assert_eq!(outcome(ScriptedResponse::closed()).await, (String::new(), None, Delivery::Closed));
}

#[tokio::test]
async fn half_a_head() {
    let half = "HTTP/1.1 200";
    assert_eq!(outcome(ScriptedResponse::raw(half)).await, (half.to_owned(), None, Delivery::Raw));
}

#[tokio::test]
async fn not_http() {
    let (text, end, delivery) =
        outcome(ScriptedResponse::raw("SSH-2.0-OpenSSH\r\n").ending(Ending::Reset)).await;
    // A reset may overtake what was sent.
    assert!(text.is_empty() || text == "SSH-2.0-OpenSSH\r\n", "{text}");
    assert_eq!((end, delivery), (RESET, Delivery::Raw));
}

#[tokio::test]
async fn half_a_body() {
    let (text, end, delivery) =
        outcome(ScriptedResponse::json(StatusCode::OK, "{\"a\":1}").cut_after(3)).await;
    assert!(text.contains("\r\ncontent-length: 7\r\n") && body(&text) == "{\"a", "{text}");
    assert_eq!((end, delivery), (None, Delivery::Cut(3)));
}

#[tokio::test]
async fn half_a_body_and_a_reset() {
    let response = ScriptedResponse::json(StatusCode::OK, "{}").cut_after(1).ending(Ending::Reset);
    let (_, end, delivery) = outcome(response).await;
    assert_eq!((end, delivery), (RESET, Delivery::Cut(1)));
}

#[tokio::test]
async fn half_a_chunk() {
    let chunked = HeaderValue::from_static("chunked");
    let response =
        ScriptedResponse::json(StatusCode::OK, "9\r\n{").header(TRANSFER_ENCODING, chunked);
    let (text, end, delivery) = outcome(response).await;
    assert!(
        text.contains("\r\ntransfer-encoding: chunked\r\n") && !text.contains("length"),
        "{text}"
    );
    assert_eq!((body(&text), end, delivery), ("9\r\n{", None, Delivery::Whole));
}

#[tokio::test]
async fn lengths_that_are_wrong() {
    for length in ["5", "15", "900", "x", "-1"] {
        let length = HeaderValue::from_static(length);
        let response = ScriptedResponse::json(StatusCode::OK, "{\"TotalCount\":1}")
            .header(CONTENT_LENGTH, length.clone());
        let (text, end, delivery) = outcome(response.clone()).await;
        let line = format!("\r\ncontent-length: {}\r\n", length.to_str().unwrap());
        assert!(text.contains(&line) && text.matches("content-length").count() == 1, "{text}");
        assert_eq!((body(&text), end), ("{\"TotalCount\":1}", None));
        assert_eq!(delivery, Delivery::Whole);
        let (cut, ..) = outcome(response.cut_after(2)).await;
        assert!(cut.contains(&line) && body(&cut) == "{\"", "{cut}");
    }
}

#[tokio::test]
async fn the_usual_answer_with_a_wrong_length() {
    let response =
        ScriptedResponse::passthrough().header(CONTENT_LENGTH, HeaderValue::from_static("1"));
    let (text, end, _) = outcome(response).await;
    assert!(
        text.contains("\r\ncontent-length: 1\r\n") && body(&text).contains("TotalCount"),
        "{text}"
    );
    assert_eq!(end, None);
}

#[tokio::test]
async fn a_status_that_is_no_answer() {
    for (code, line) in [(100, "HTTP/1.1 100 Continue"), (101, "HTTP/1.1 101 Switching Protocols")]
    {
        let service = script([ScriptedResponse::new(StatusCode::from_u16(code).unwrap())]).await;
        let mut connection = connect(service.endpoint()).await;
        ask(&mut connection, "1").await;
        let (text, end) = rest(&mut connection).await;
        assert_eq!((status(&text), body(&text), end), (line, "", None));
        assert!(!text.contains("content-length"), "{text}");
        let answer = service.requests().remove(0).answer;
        assert_eq!((answer.status.as_u16(), answer.delivery), (code, Delivery::Whole));
    }
}

#[tokio::test]
async fn silence_in_the_head() {
    let half = "HTTP/1.1 200 OK\r\n";
    before_silence(ScriptedResponse::raw(half).ending(Ending::Silence), half).await;
}

#[tokio::test]
async fn silence_in_the_body() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{";
    before_silence(ScriptedResponse::raw(half).ending(Ending::Silence), half).await;
}

#[tokio::test]
async fn silence_after_a_cut() {
    let response =
        ScriptedResponse::html(StatusCode::OK, "abc").cut_after(1).ending(Ending::Silence);
    let service = script([response]).await;
    let mut connection = connect(service.endpoint()).await;
    ask(&mut connection, "1").await;
    let mut received = String::new();
    while !received.ends_with("\r\n\r\na") {
        received.push(connection.read_u8().await.unwrap().into());
    }
    assert_eq!(service.requests()[0].answer.delivery, Delivery::Cut(1));
}

#[tokio::test(start_paused = true)]
async fn slow_bytes() {
    let before = tokio::time::Instant::now();
    let bytes = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{ }";
    let response = ScriptedResponse::raw(bytes).slow_body(1, Duration::from_secs(60));
    let (text, end, delivery) = outcome(response).await;
    assert_eq!((text.as_str(), end, delivery), (bytes, None, Delivery::Raw));
    let pauses = u32::try_from(bytes.len()).unwrap() - 1;
    assert!(before.elapsed() >= Duration::from_secs(60) * pauses);
    // Pieces of no bytes are pieces of one.
    let (text, ..) =
        outcome(ScriptedResponse::passthrough().slow_body(0, Duration::from_secs(1))).await;
    assert!(body(&text).ends_with('}'), "{text}");
}

#[tokio::test]
async fn closed_while_idle() {
    let (text, end, delivery) =
        outcome(ScriptedResponse::passthrough().ending(Ending::Close)).await;
    assert!(body(&text).contains("TotalCount") && !text.contains("connection"), "{text}");
    assert_eq!((end, delivery), (None, Delivery::Whole));
}

#[tokio::test]
async fn closed_or_reset_when_used_again() {
    for (response, end) in [(ScriptedResponse::closed(), None), (ScriptedResponse::reset(), RESET)]
    {
        let service = script([ScriptedResponse::passthrough(), response]).await;
        let mut connection = connect(service.endpoint()).await;
        ask(&mut connection, "1").await;
        assert_eq!(receive(&mut connection).await.status, 200);
        ask(&mut connection, "2").await;
        assert_eq!(rest(&mut connection).await, (String::new(), end));
    }
}

#[tokio::test]
async fn what_is_good_http_and_a_surprise() {
    let gzip = HeaderValue::from_static("gzip");
    let elsewhere = HeaderValue::from_static("http://elsewhere.example/");
    let hour = (HeaderName::from_static("age"), HeaderValue::from_static("3600"));
    for (response, expected) in [
        (
            ScriptedResponse::json(StatusCode::OK, "no gzip").header(CONTENT_ENCODING, gzip),
            (200, 7),
        ),
        (ScriptedResponse::html(StatusCode::OK, " ".repeat(5_000_000)), (200, 5_000_000)),
        (ScriptedResponse::new(StatusCode::FOUND).header(LOCATION, elsewhere.clone()), (302, 0)),
        (
            ScriptedResponse::new(StatusCode::TEMPORARY_REDIRECT).header(LOCATION, elsewhere),
            (307, 0),
        ),
        (ScriptedResponse::new(StatusCode::OK).header(hour.0, hour.1), (200, 0)),
    ] {
        let response = send(&script([response]).await, Call::default().acs3()).await;
        assert_eq!((response.status, response.body.len()), expected);
    }
}

#[tokio::test]
async fn what_breaks_can_be_carried_out() {
    let parameters = &[("ObjectPath", "http://example.com/")];
    for response in [
        ScriptedResponse::closed(),
        ScriptedResponse::raw("SSH"),
        ScriptedResponse::passthrough().ending(Ending::Close),
    ] {
        let cdn = Cdn::new(Simulation::new()).await;
        cdn.service.enqueue(response.executed());
        let call = Call { action: "RefreshObjectCaches", parameters, ..Call::default() };
        let mut connection = connect(cdn.service.endpoint()).await;
        connection.write_all(call.acs3().as_bytes()).await.unwrap();
        assert_eq!(rest(&mut connection).await.1, None);
        assert_eq!(cdn.service.submissions().len(), 1);
    }
}
