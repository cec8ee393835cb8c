//! The default transport against servers on loopback, each with one fault.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "transport")]

mod common;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::transport::ReqwestTransport;
use alicloud_core::{Client, ClientBuilder, Credentials, Error, Outcome, TransportErrorKind};
use common::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A server that records its requests and treats all of them in the same way.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

#[derive(Clone)]
enum Behavior {
    /// Sends this and closes the connection.
    RespondAndClose(String),
    /// Sends this and keeps the connection open.
    RespondAndStall(String),
    /// Closes the connection without a response.
    Close,
    /// Responds to every request of the connection with an empty object.
    Serve,
}

impl Server {
    async fn start(behavior: Behavior) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            connections: Arc::default(),
        };
        let (requests, connections) = (server.requests.clone(), server.connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, behavior.clone(), requests.clone()));
            }
        });
        server
    }

    fn builder(&self) -> ClientBuilder<Client> {
        ClientBuilder::new(&CDN)
            .credentials(Credentials::new("id", SECRET))
            .endpoint(format!("http://{}", self.address))
    }

    /// Returns the error of a call without retries.
    async fn call_error(&self) -> Error {
        let client = self.builder().read_timeout(Duration::from_millis(200)).build().unwrap();
        let error = client.call(&DESCRIBE, &describe(&["1"])).no_retry().await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("TaskId") && !shown.contains("Signature"), "{shown}");
        error
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, behavior: Behavior, requests: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut stream).await {
        requests.lock().unwrap().push(request);
        match &behavior {
            Behavior::RespondAndClose(text) => {
                stream.write_all(text.as_bytes()).await.ok();
                stream.shutdown().await.ok();
                return;
            }
            Behavior::RespondAndStall(text) => {
                stream.write_all(text.as_bytes()).await.ok();
                tokio::time::sleep(Duration::from_secs(30)).await;
                return;
            }
            Behavior::Close => return,
            Behavior::Serve => {
                let response = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(response.as_bytes()).await.ok();
            }
        }
    }
}

/// Reads a request with the body that its head announces.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut received = Vec::new();
    loop {
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => received.extend_from_slice(&chunk[..count]),
        }
        let text = String::from_utf8_lossy(&received).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(text);
            }
        }
    }
}

fn kind(error: &Error) -> TransportErrorKind {
    error.transport_error().unwrap().kind()
}

#[tokio::test]
async fn sends_the_signed_request_unchanged() {
    let server = Server::start(Behavior::Serve).await;
    let client: Client = server.builder().build().unwrap();
    client.call(&DESCRIBE, &describe(&["a b", "c*~"])).await.unwrap();
    let request = RefreshRequest {
        object_path: vec!["http://e.com/'()!".to_owned()],
        ..RefreshRequest::default()
    };
    client.call(&REFRESH, &request).await.unwrap();

    let [read, write] = &server.requests()[..] else { panic!() };
    assert!(read.starts_with("POST /?TaskId=a%20b%2Cc%2A~ HTTP/1.1\r\n"), "{read}");
    let host = format!("host: {}\r\n", server.address);
    assert!(read.contains(&host), "{read}");
    assert_eq!(read.matches("host: ").count(), 1, "{read}");
    assert!(read.contains("content-length: 0\r\n"), "{read}");
    for absent in ["content-type", "accept-encoding", "transfer-encoding", "referer"] {
        assert!(!read.contains(absent), "{read}");
    }
    assert!(write.contains("content-type: application/x-www-form-urlencoded\r\n"), "{write}");
    assert!(write.ends_with("\r\n\r\nObjectPath=http%3A%2F%2Fe.com%2F%27%28%29%21"), "{write}");
    // The connection is reused.
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn does_not_follow_redirects() {
    let other = Server::start(Behavior::Serve).await;
    let response = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
        other.address
    );
    let error = Server::start(Behavior::RespondAndClose(response)).await.call_error().await;
    assert_eq!(error.status().unwrap().as_u16(), 302);
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn stops_reading_a_response_that_is_too_large() {
    let chunk = format!("400\r\n{}\r\n", "x".repeat(0x400));
    for response in [
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{".to_owned(),
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", chunk.repeat(5)),
    ] {
        let server = Server::start(Behavior::RespondAndStall(response)).await;
        let client: Client = server.builder().max_response_bytes(4_096).build().unwrap();
        let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
        assert_eq!(
            (kind(&error), error.outcome()),
            (TransportErrorKind::TooLarge, Outcome::Unknown)
        );
    }
}

#[tokio::test]
async fn times_out_without_data() {
    for response in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"] {
        let server = Server::start(Behavior::RespondAndStall(response.to_owned())).await;
        let error = server.call_error().await;
        assert!(error.is_timeout(), "{error}");
        assert_eq!(
            (kind(&error), error.outcome()),
            (TransportErrorKind::ReadTimeout, Outcome::Unknown)
        );
    }
    let server = Server::start(Behavior::RespondAndStall(String::new())).await;
    let client: Client = server.builder().timeout(Duration::from_millis(100)).build().unwrap();
    let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
    assert!(error.is_timeout() && error.transport_error().is_none(), "{error}");
}

#[tokio::test]
async fn a_refused_connection_sends_nothing() {
    // Bound but not listening, so that connections to the port are refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(format!("http://{address}"))
        .build()
        .unwrap();
    let error = client.call(&DESCRIBE, &describe(&["1"])).no_retry().await.unwrap_err();
    assert!(error.is_connect());
    assert_eq!((kind(&error), error.outcome()), (TransportErrorKind::Connect, Outcome::NotSent));
    let text = error.to_string();
    assert!(text.contains(&format!("could not connect ({address})")), "{text}");
    assert!(text.contains("refused") && text.ends_with(" [not sent, attempt 1]"), "{text}");
}

#[tokio::test]
async fn an_unknown_host_name_is_a_dns_error() {
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint("http://nowhere.invalid")
        .build()
        .unwrap();
    let error = client.call(&DESCRIBE, &describe(&["1"])).no_retry().await.unwrap_err();
    assert_eq!(
        (kind(&error), error.outcome()),
        (TransportErrorKind::Dns, Outcome::NotSent),
        "{error}"
    );
}

#[tokio::test]
async fn a_closed_connection_has_an_unknown_outcome_and_is_not_retried() {
    let respond = |text: &str| Behavior::RespondAndClose(text.to_owned());
    for (behavior, expected) in [
        (Behavior::Close, TransportErrorKind::Interrupted),
        (respond("HTTP/1.1 200"), TransportErrorKind::Interrupted),
        (respond("SSH-2.0-OpenSSH\r\n"), TransportErrorKind::Interrupted),
        (respond("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"), TransportErrorKind::Body),
    ] {
        let server = Server::start(behavior).await;
        let error = server.call_error().await;
        assert_eq!((kind(&error), error.outcome()), (expected, Outcome::Unknown), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn responses_are_not_decompressed() {
    let response = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}";
    let server = Server::start(Behavior::RespondAndClose(response.to_owned())).await;
    let client: Client = server.builder().build().unwrap();
    let response = client.call(&DESCRIBE, &describe(&["1"])).response().await.unwrap();
    assert_eq!(response.body, "{}");
}

#[test]
fn debug_shows_only_the_type() {
    let transport = ReqwestTransport::new(Duration::from_secs(5)).unwrap();
    assert_eq!(format!("{transport:?}"), "ReqwestTransport");
}
