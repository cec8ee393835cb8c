//! The default transport against small servers on loopback, each with one fault.

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

/// A server that reads one request a connection and then does as it is told.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

#[derive(Clone)]
enum Act {
    /// Writes this and closes.
    Say(String),
    /// Writes this and waits.
    SayAndWait(String),
    /// Closes without a word.
    Close,
    /// Answers every request of the connection with an empty object.
    Serve,
}

impl Server {
    async fn start(act: Act) -> Server {
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
                tokio::spawn(serve(stream, act.clone(), requests.clone()));
            }
        });
        server
    }

    fn builder(&self) -> ClientBuilder<Client> {
        ClientBuilder::new(&CDN)
            .credentials(Credentials::new("id", SECRET))
            .endpoint(format!("http://{}", self.address))
    }

    async fn error(&self) -> Error {
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

async fn serve(mut stream: TcpStream, act: Act, requests: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut stream).await {
        requests.lock().unwrap().push(request);
        match &act {
            Act::Say(text) => {
                stream.write_all(text.as_bytes()).await.ok();
                stream.shutdown().await.ok();
                return;
            }
            Act::SayAndWait(text) => {
                stream.write_all(text.as_bytes()).await.ok();
                tokio::time::sleep(Duration::from_secs(30)).await;
                return;
            }
            Act::Close => return,
            Act::Serve => {
                let response = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(response.as_bytes()).await.ok();
            }
        }
    }
}

/// The head of a request and as much of a body as it announces.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let mut piece = [0; 1024];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => read.extend_from_slice(&piece[..count]),
        }
        let text = String::from_utf8_lossy(&read).into_owned();
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
async fn sends_what_was_signed_and_nothing_else() {
    let server = Server::start(Act::Serve).await;
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
    // Connections are kept.
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn follows_no_redirect() {
    let other = Server::start(Act::Serve).await;
    let response = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
        other.address
    );
    let error = Server::start(Act::Say(response)).await.error().await;
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
        let server = Server::start(Act::SayAndWait(response)).await;
        let client: Client = server.builder().max_response_bytes(4_096).build().unwrap();
        let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
        assert_eq!(
            (kind(&error), error.outcome()),
            (TransportErrorKind::TooLarge, Outcome::Unknown)
        );
    }
}

#[tokio::test]
async fn gives_up_on_silence() {
    for response in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"] {
        let error = Server::start(Act::SayAndWait(response.to_owned())).await.error().await;
        assert!(error.is_timeout(), "{error}");
        assert_eq!(
            (kind(&error), error.outcome()),
            (TransportErrorKind::ReadTimeout, Outcome::Unknown)
        );
    }
    let server = Server::start(Act::SayAndWait(String::new())).await;
    let client: Client = server.builder().timeout(Duration::from_millis(100)).build().unwrap();
    let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
    assert!(error.is_timeout() && error.transport_error().is_none(), "{error}");
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    // Bound, so that nobody else gets the port, and without a listener.
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
    assert!(text.contains(&format!("there was no connection ({address})")), "{text}");
    assert!(text.contains("refused") && text.ends_with(" [not sent, attempt 1]"), "{text}");
}

#[tokio::test]
async fn a_name_that_does_not_exist() {
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
async fn a_connection_that_ends_leaves_the_outcome_open_and_nothing_is_sent_again() {
    for (act, expected) in [
        (Act::Close, TransportErrorKind::Interrupted),
        (Act::Say("HTTP/1.1 200".to_owned()), TransportErrorKind::Interrupted),
        (Act::Say("SSH-2.0-OpenSSH\r\n".to_owned()), TransportErrorKind::Interrupted),
        (
            Act::Say("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_owned()),
            TransportErrorKind::Body,
        ),
    ] {
        let server = Server::start(act).await;
        let error = server.error().await;
        assert_eq!((kind(&error), error.outcome()), (expected, Outcome::Unknown), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_response_is_not_decompressed() {
    let response = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}";
    let server = Server::start(Act::Say(response.to_owned())).await;
    let client: Client = server.builder().build().unwrap();
    let response = client.call(&DESCRIBE, &describe(&["1"])).response().await.unwrap();
    assert_eq!(response.body, "{}");
}

#[test]
fn its_debug_shows_nothing() {
    let transport = ReqwestTransport::new(Duration::from_secs(5)).unwrap();
    assert_eq!(format!("{transport:?}"), "ReqwestTransport");
}
