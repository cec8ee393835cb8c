//! A small HTTP server on loopback.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::wire::percent_decode;

/// A request that the server received.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedRequest {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl ReceivedRequest {
    /// Returns the decoded parameters of the form.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        let pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (percent_decode(name).into(), percent_decode(value).into()))
            .collect()
    }
}

/// What the server does with a request.
pub(crate) enum ServerResponse {
    /// Responds with this status and body.
    Status(u16, String),
    /// Sends the head and a part of the body, and then nothing more.
    PartialBody,
    /// Sends nothing.
    Hang,
    /// Closes the connection.
    Close,
}

pub(crate) fn ok(body: impl Into<String>) -> ServerResponse {
    ServerResponse::Status(200, body.into())
}

pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl Server {
    /// Starts a server that calls this function for each request, with its index from 0.
    pub(crate) fn start(
        respond: impl Fn(&ReceivedRequest, usize) -> ServerResponse + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests: Arc<Mutex<Vec<ReceivedRequest>>> = Arc::default();
        let (received, respond) = (Arc::clone(&requests), Arc::new(respond));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (received, respond) = (Arc::clone(&received), Arc::clone(&respond));
                std::thread::spawn(move || serve(stream, &received, &*respond));
            }
        });
        Server { address, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.requests.lock().unwrap().clone()
    }
}

/// Returns a URL with a port that is not in use.
pub(crate) fn unused_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn serve(
    mut stream: TcpStream,
    received: &Mutex<Vec<ReceivedRequest>>,
    respond: &(impl Fn(&ReceivedRequest, usize) -> ServerResponse + ?Sized),
) {
    let Some(request) = read_request(&mut stream) else { return };
    let index = {
        let mut received = received.lock().unwrap();
        received.push(request.clone());
        received.len() - 1
    };
    let text = match respond(&request, index) {
        ServerResponse::Close => return,
        ServerResponse::Hang => return std::thread::sleep(Duration::from_secs(30)),
        ServerResponse::PartialBody => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{").ok();
            return std::thread::sleep(Duration::from_secs(30));
        }
        ServerResponse::Status(status, body) => format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nx-acs-request-id: ID-1\r\nconnection: close\r\n\r\n{body}",
            body.len(),
        ),
    };
    stream.write_all(text.as_bytes()).ok();
}

fn read_request(stream: &mut TcpStream) -> Option<ReceivedRequest> {
    let mut received = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&received).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let mut words = lines.next()?.split(' ').map(str::to_owned);
            let headers: BTreeMap<String, String> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect();
            let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
            if body.len() >= length {
                let (method, target) = (words.next()?, words.next()?);
                return Some(ReceivedRequest { method, target, headers, body: body.to_owned() });
            }
        }
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => received.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
}
