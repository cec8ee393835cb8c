//! A server on loopback that misbehaves in a configured way and records its requests.

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

/// What the server does with a request or a connection.
#[derive(Clone, Debug)]
pub enum Behavior {
    /// Responds and keeps the connection open.
    Respond(Vec<u8>),
    /// Responds and closes the connection.
    RespondAndClose(Vec<u8>),
    /// Responds and closes the connection while it is idle.
    RespondAndCloseIdle(Vec<u8>),
    /// Sends this and then nothing more.
    RespondAndStall(Vec<u8>),
    /// Responds in chunks of 64 bytes, each after this pause.
    SlowBody(Vec<u8>, Duration),
    /// Closes the connection without a response.
    Close,
    /// Resets the connection after the request was read.
    Reset,
    /// Resets the connection after the head of the request was read.
    ResetBeforeBody,
    /// Resets the connection when it is accepted.
    ResetOnConnect,
    /// Sends this when the connection is accepted, and closes it.
    SendOnConnect(Vec<u8>),
    /// Has a clock that is this many seconds ahead, and rejects a signed time that is more than
    /// 15 minutes off that clock.
    SkewedClock { ahead: i64, headers: &'static str },
}

pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    pub connections: Arc<AtomicUsize>,
    /// Number of open connections.
    pub open: Arc<AtomicUsize>,
}

/// Returns the text of a response with a `content-length`.
pub fn http(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

struct Shared {
    behaviors: Mutex<Vec<Behavior>>,
    /// Whether the behaviors start again after the last one. The requests are then not recorded, because
    /// there can be any number of them.
    is_cycle: bool,
    requests: Arc<Mutex<Vec<String>>>,
    open: Arc<AtomicUsize>,
}

impl Shared {
    /// Returns the next behavior.
    fn next(&self) -> Behavior {
        let mut behaviors = self.behaviors.lock().unwrap();
        if self.is_cycle {
            behaviors.rotate_left(1);
            behaviors[behaviors.len() - 1].clone()
        } else if behaviors.len() > 1 {
            behaviors.remove(0)
        } else {
            behaviors[0].clone()
        }
    }

    fn record(&self, request: String) {
        if !self.is_cycle {
            self.requests.lock().unwrap().push(request);
        }
    }

    fn is_next_on_connect(&self) -> bool {
        let behaviors = self.behaviors.lock().unwrap();
        matches!(behaviors[0], Behavior::ResetOnConnect | Behavior::SendOnConnect(_))
    }
}

impl Server {
    /// Starts a server with these behaviors, one per request; the last one repeats. Uses TLS if there
    /// is an acceptor.
    pub async fn start(behaviors: Vec<Behavior>, tls: Option<TlsAcceptor>) -> Server {
        Server::listen(behaviors, false, tls).await
    }

    /// Starts a server that performs these behaviors in order, again and again. It records no requests.
    pub async fn start_cycle(behaviors: Vec<Behavior>) -> Server {
        Server::listen(behaviors, true, None).await
    }

    async fn listen(behaviors: Vec<Behavior>, is_cycle: bool, tls: Option<TlsAcceptor>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            connections: Arc::default(),
            open: Arc::default(),
        };
        let shared = Arc::new(Shared {
            behaviors: Mutex::new(behaviors),
            is_cycle,
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
    if shared.is_next_on_connect() {
        match shared.next() {
            Behavior::SendOnConnect(text) => {
                let mut stream = stream;
                stream.write_all(&text).await.ok();
                // Closing with unread data would send a reset.
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
        let behavior = shared.next();
        if matches!(behavior, Behavior::ResetBeforeBody) {
            shared.record(head);
            return reset(stream);
        }
        let Some(request) = read_body(&mut stream, head).await else { return };
        shared.record(request.clone());
        match behavior {
            Behavior::Respond(text) => {
                stream.write_all(&text).await.ok();
            }
            Behavior::RespondAndClose(text) | Behavior::RespondAndCloseIdle(text) => {
                stream.write_all(&text).await.ok();
                stream.shutdown().await.ok();
                return;
            }
            Behavior::RespondAndStall(text) => {
                stream.write_all(&text).await.ok();
                // Waits until the client closes the connection.
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
                return;
            }
            Behavior::SlowBody(text, pause) => {
                for chunk in text.chunks(64) {
                    tokio::time::sleep(pause).await;
                    if stream.write_all(chunk).await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                }
            }
            Behavior::SkewedClock { ahead, headers } => {
                let response = check_time(&request, ahead, headers);
                stream.write_all(&response).await.ok();
            }
            Behavior::Close | Behavior::SendOnConnect(_) => return,
            Behavior::Reset | Behavior::ResetBeforeBody | Behavior::ResetOnConnect => {
                return reset(stream);
            }
        }
        stream.flush().await.ok();
    }
}

/// Rejects a request whose signed time is more than 15 minutes off the server's clock.
fn check_time(request: &str, ahead: i64, headers: &str) -> Vec<u8> {
    let now = SystemTime::now();
    let skew = Duration::from_secs(ahead.unsigned_abs());
    let server_time = if ahead >= 0 { now + skew } else { now - skew };
    // Timestamps sort like the times that they represent.
    let signed = header(request, "x-acs-date").unwrap();
    let tolerance = Duration::from_secs(900);
    let window =
        [server_time - tolerance, server_time + tolerance].map(alicloud_core::sign::timestamp);
    if (window[0].as_str()..window[1].as_str()).contains(&signed.as_str()) {
        return http(200, "", "{}");
    }
    let date = alicloud_core::sign::http_date(server_time);
    http(400, &format!("date: {date}\r\n{headers}"), r#"{"Code":"InvalidTimeStamp.Expired"}"#)
}

/// Reads the head of a request, including the empty line.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

/// Reads the body that the head announces, and returns the whole request.
async fn read_body(stream: &mut (impl AsyncRead + Unpin), head: String) -> Option<String> {
    let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}
