//! A server on loopback that misbehaves as it is told, and remembers what it was sent.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    dead_code,
    unreachable_pub,
    reason = "each test uses a part of it, and fails by panicking"
)]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What it does with a request, or with a connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers, and keeps the connection.
    Say(Vec<u8>),
    /// Answers and closes.
    SayAndClose(Vec<u8>),
    /// Answers, and closes the connection while it is idle.
    SayAndForget(Vec<u8>),
    /// Answers and then says nothing more.
    SayAndStall(Vec<u8>),
    /// Answers in pieces of 64 bytes with so much time between them.
    Drip(Vec<u8>, Duration),
    /// Closes in good order.
    Close,
    /// Resets the connection when the request is there.
    Reset,
    /// Resets the connection when the head of the request is there.
    ResetBeforeBody,
    /// Resets the connection at once.
    ResetAtOnce,
    /// Speaks before it has read anything, and closes.
    Greet(Vec<u8>),
    /// Has a clock that is so many seconds ahead of the time; refuses what is 15 minutes off it.
    Clock { ahead: i64, headers: &'static str },
}

pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    pub connections: Arc<AtomicUsize>,
    /// Connections that are open now.
    pub open: Arc<AtomicUsize>,
}

/// A response with a length.
pub fn http(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

struct Shared {
    acts: Mutex<Vec<Act>>,
    requests: Arc<Mutex<Vec<String>>>,
    open: Arc<AtomicUsize>,
}

impl Shared {
    /// The next act; the last one stays.
    fn next(&self) -> Act {
        let mut acts = self.acts.lock().unwrap();
        if acts.len() > 1 { acts.remove(0) } else { acts[0].clone() }
    }

    fn is_next_at_once(&self) -> bool {
        matches!(self.acts.lock().unwrap()[0], Act::ResetAtOnce | Act::Greet(_))
    }
}

impl Server {
    /// Serves the acts in order, the last one again and again; over TLS where there is an acceptor.
    pub async fn start(acts: Vec<Act>, tls: Option<TlsAcceptor>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            connections: Arc::default(),
            open: Arc::default(),
        };
        let shared = Arc::new(Shared {
            acts: Mutex::new(acts),
            requests: server.requests.clone(),
            open: server.open.clone(),
        });
        let connections = server.connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(connection(stream, shared.clone(), tls.clone()));
            }
        });
        server
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub fn nonces(&self) -> Vec<String> {
        let nonce = |request: &String| header(request, "x-acs-signature-nonce").unwrap();
        self.requests().iter().map(nonce).collect()
    }
}

pub fn header(request: &str, name: &str) -> Option<String> {
    let start = format!("{name}: ");
    request.lines().find_map(|line| Some(line.strip_prefix(&start)?.to_owned()))
}

async fn connection(stream: TcpStream, shared: Arc<Shared>, tls: Option<TlsAcceptor>) {
    shared.open.fetch_add(1, Ordering::SeqCst);
    if shared.is_next_at_once() {
        match shared.next() {
            Act::Greet(text) => {
                let mut stream = stream;
                stream.write_all(&text).await.ok();
                // What was not read would turn the end into a reset.
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
            }
            _ => reset(stream),
        }
    } else if let Some(acceptor) = tls {
        if let Ok(stream) = acceptor.accept(stream).await {
            serve(stream, &shared, |_| ()).await;
        }
    } else {
        serve(stream, &shared, reset).await;
    }
    shared.open.fetch_sub(1, Ordering::SeqCst);
}

fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    shared: &Shared,
    reset: impl FnOnce(S),
) {
    loop {
        let Some(head) = read_head(&mut stream).await else { return };
        let act = shared.next();
        if matches!(act, Act::ResetBeforeBody) {
            shared.requests.lock().unwrap().push(head);
            return reset(stream);
        }
        let Some(request) = read_body(&mut stream, head).await else { return };
        shared.requests.lock().unwrap().push(request.clone());
        match act {
            Act::Say(text) => {
                stream.write_all(&text).await.ok();
            }
            Act::SayAndClose(text) | Act::SayAndForget(text) => {
                stream.write_all(&text).await.ok();
                stream.shutdown().await.ok();
                return;
            }
            Act::SayAndStall(text) => {
                stream.write_all(&text).await.ok();
                // Until the other side has had enough.
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
                return;
            }
            Act::Drip(text, pause) => {
                for piece in text.chunks(64) {
                    tokio::time::sleep(pause).await;
                    if stream.write_all(piece).await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                }
            }
            Act::Clock { ahead, headers } => {
                let response = check_time(&request, ahead, headers);
                stream.write_all(&response).await.ok();
            }
            Act::Close | Act::Greet(_) => return,
            Act::Reset | Act::ResetBeforeBody | Act::ResetAtOnce => return reset(stream),
        }
        stream.flush().await.ok();
    }
}

/// Refuses a request whose time is more than 15 minutes off the clock.
fn check_time(request: &str, ahead: i64, headers: &str) -> Vec<u8> {
    let now = SystemTime::now();
    let by = Duration::from_secs(ahead.unsigned_abs());
    let ours = if ahead >= 0 { now + by } else { now - by };
    // The text of the time is in the order of the time.
    let signed = header(request, "x-acs-date").unwrap();
    let quarter = Duration::from_secs(900);
    let window = [ours - quarter, ours + quarter].map(alicloud_core::sign::timestamp);
    if (window[0].as_str()..window[1].as_str()).contains(&signed.as_str()) {
        return http(200, "", "{}");
    }
    let date = alicloud_core::sign::http_date(ours);
    http(400, &format!("date: {date}\r\n{headers}"), r#"{"Code":"InvalidTimeStamp.Expired"}"#)
}

/// Everything until the empty line.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(read).unwrap())
}

/// As much as the head announces.
async fn read_body(stream: &mut (impl AsyncRead + Unpin), head: String) -> Option<String> {
    let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}
