//! The fault table: whatever goes wrong between a client and the service, how often a read and a
//! write are sent, what is known of them in the end, and that nothing is sent twice that must not be.
//!
//! Servers on loopback play the faults byte by byte. The waits between attempts are jumped over; the
//! limit of silence is real and short.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc"))]

#[path = "common/certificates.rs"]
mod certificates;
mod common;
#[path = "common/server.rs"]
mod server;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alicloud_core::testing::ManualClock;
use alicloud_core::transport::{ReqwestTransport, TransportConfig};
use alicloud_core::{Client, ClientBuilder, Credentials, Error, Operation, Outcome};
use certificates::{Authority, acceptor, self_signed};
use common::*;
use server::{Behavior, Server, http};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use self::End::{Fine, NotSent, Rejected, Unknown};

/// A write without an idempotency token.
const WRITE: Operation = Operation::rpc(&CDN, "PushObjectCache");

#[derive(Default)]
struct Write {
    object_path: Option<String>,
}

alicloud_core::wire::request! { Write => DescribeResponse { object_path: "ObjectPath" => form } }

/// How long a client waits for anything to arrive, where that is what is tried out.
const SILENCE: Duration = Duration::from_millis(600);

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Fine,
    NotSent,
    Rejected,
    Unknown,
}

/// What is there instead of the service.
enum ParameterLocation {
    /// A server that does this in order, the last again and again.
    Server(Vec<Behavior>),
    /// The same behind TLS.
    Tls(Vec<Behavior>, TlsAcceptor),
    /// A server that gets a call that succeeds before the one that counts.
    Reused(Vec<Behavior>),
    /// A port at which nobody listens.
    Nobody,
    /// A host that does not exist.
    Nowhere,
}

struct Row {
    fault: String,
    place: fn(&Row) -> ParameterLocation,
    acts: Vec<Behavior>,
    tls: Option<TlsAcceptor>,
    /// Attempts and the end, of a read and of a write.
    read: (u32, End),
    write: (u32, End),
}

impl Row {
    fn is_slow(&self) -> bool {
        self.acts
            .iter()
            .any(|act| matches!(act, Behavior::RespondAndStall(_) | Behavior::SlowBody(..)))
    }
}

fn row(fault: impl Into<String>, acts: Vec<Behavior>, read: (u32, End), write: (u32, End)) -> Row {
    let place = |row: &Row| ParameterLocation::Server(row.acts.clone());
    Row { fault: fault.into(), place, acts, tls: None, read, write }
}

fn reused(fault: &str, then: Behavior, read: (u32, End), write: (u32, End)) -> Row {
    let place = |row: &Row| ParameterLocation::Reused(row.acts.clone());
    let acts = match then {
        Behavior::RespondAndCloseIdle(_) => vec![then, fine()],
        then => vec![fine(), then, fine()],
    };
    Row { place, ..row(fault, acts, read, write) }
}

fn tls(fault: &str, acceptor: TlsAcceptor, acts: Vec<Behavior>, end: (u32, End)) -> Row {
    let place = |row: &Row| ParameterLocation::Tls(row.acts.clone(), row.tls.clone().unwrap());
    Row { place, tls: Some(acceptor), ..row(fault, acts, end, end) }
}

fn fine() -> Behavior {
    Behavior::Respond(http(200, "", r#"{"TotalCount":1}"#))
}

fn say(status: u16, headers: &str, body: &str) -> Vec<Behavior> {
    vec![Behavior::Respond(http(status, headers, body))]
}

fn code(status: u16, code: &str) -> Vec<Behavior> {
    say(status, "", &format!(r#"{{"Code":"{code}","Message":"M","RequestId":"R"}}"#))
}

fn raw(text: &str) -> Vec<Behavior> {
    vec![Behavior::RespondAndClose(text.as_bytes().to_vec())]
}

#[rustfmt::skip]
fn rows(authority: &Authority, elsewhere: &Server) -> Vec<Row> {
    let page = "<!DOCTYPE html><html><title>Bad Gateway</title></html>";
    let to = format!("location: http://{}/\r\n", elsewhere.address);
    let good = http(200, "", r#"{"TotalCount":1}"#);
    let long = http(200, "", format!(r#"{{"TotalCount":1{}}}"#, " ".repeat(300)));
    let gzip = http(200, "content-encoding: gzip\r\n", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00");
    let hour = |ahead| vec![Behavior::SkewedClock { ahead, headers: "" }];
    let mut rows = vec![
        // The way there.                                                        read          write
        Row { place: |_| ParameterLocation::Nobody,  ..row("refused", vec![],                (4, NotSent), (4, NotSent)) },
        Row { place: |_| ParameterLocation::Nowhere, ..row("no such host", vec![],           (4, NotSent), (4, NotSent)) },
        row("reset at once",          vec![Behavior::ResetOnConnect],                    (4, Unknown), (1, Unknown)),
        row("reset before the body",  vec![Behavior::ResetBeforeBody],                (4, Unknown), (1, Unknown)),
        row("reset after the body",   vec![Behavior::Reset],                          (4, Unknown), (1, Unknown)),
        row("reset once",             vec![Behavior::Reset, fine()],                  (2, Fine),    (1, Unknown)),
        row("closed after the body",  vec![Behavior::Close],                          (4, Unknown), (1, Unknown)),
        // The way back.
        row("half a head",            raw("HTTP/1.1 200"),                       (4, Unknown), (1, Unknown)),
        row("half a body",            raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"), (4, Unknown), (1, Unknown)),
        row("half a chunk",           raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"), (4, Unknown), (1, Unknown)),
        row("not HTTP",               raw("SSH-2.0-OpenSSH\r\n"),                (4, Unknown), (1, Unknown)),
        row("a length that is none",  raw("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}"), (4, Unknown), (1, Unknown)),
        row("a length that is short", raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{\"TotalCount\":1}"), (1, Unknown), (1, Unknown)),
        row("silence",                vec![Behavior::RespondAndStall(vec![])],            (4, Unknown), (1, Unknown)),
        row("silence in the head",    vec![Behavior::RespondAndStall(b"HTTP/1.1 200 OK\r\n".into())], (4, Unknown), (1, Unknown)),
        row("silence in the body",    vec![Behavior::RespondAndStall(good[..good.len() - 3].into())], (4, Unknown), (1, Unknown)),
        row("silence once",           vec![Behavior::RespondAndStall(vec![]), fine()],    (2, Fine),    (1, Unknown)),
        row("slow bytes",             vec![Behavior::SlowBody(long.clone(), SILENCE / 3)], (1, Fine),   (1, Fine)),
        row("bytes that are too slow", vec![Behavior::SlowBody(long, SILENCE * 2)], (4, Unknown), (1, Unknown)),
        row("a page with 200",        say(200, "content-type: text/html\r\n", page), (1, Unknown), (1, Unknown)),
        row("nothing with 200",       say(200, "", ""),                          (1, Unknown), (1, Unknown)),
        row("gzip when not asked",    vec![Behavior::Respond(gzip)],                      (1, Unknown), (1, Unknown)),
        row("too much",               say(200, "", &" ".repeat(5_000)),          (1, Unknown), (1, Unknown)),
        row("302 to another host",    say(302, &to, ""),                         (1, Unknown), (1, Unknown)),
        row("307 to another host",    say(307, &to, ""),                         (1, Unknown), (1, Unknown)),
        // Connections that were kept.
        reused("closed while idle",   Behavior::RespondAndCloseIdle(good.clone()),           (1, Fine),    (1, Fine)),
        reused("closed when reused",  Behavior::Close,                                (2, Fine),    (1, Unknown)),
        reused("reset when reused",   Behavior::Reset,                                (2, Fine),    (1, Unknown)),
        // The service.
        row("500 with a code",        code(500, "InternalError"),                (4, Unknown), (1, Unknown)),
        row("500 with nothing",       say(500, "", ""),                          (4, Unknown), (1, Unknown)),
        row("500 once",               [code(500, "InternalError"), vec![fine()]].concat(), (2, Fine), (1, Unknown)),
        row("502 with a page",        say(502, "content-type: text/html\r\n", page), (4, Unknown), (1, Unknown)),
        row("503 unavailable",        code(503, "ServiceUnavailable"),           (4, Unknown), (1, Unknown)),
        row("504 with a code",        code(504, "RequestTimeout"),               (4, Unknown), (1, Unknown)),
        row("408 with a code",        code(408, "Timeout"),                      (4, Unknown), (1, Unknown)),
        row("400 by an internal error", code(400, "InternalError"),              (4, Unknown), (1, Unknown)),
        row("404 with a page",        say(404, "content-type: text/html\r\n", page), (1, Rejected), (1, Rejected)),
        row("429 without a hint",     say(429, "", ""),                          (4, Rejected), (4, Rejected)),
        row("429, x-acs-retry-after", say(429, "x-acs-retry-after: 1500\r\n", "{}"), (4, Rejected), (4, Rejected)),
        row("503, x-acs-retry-after", say(503, "x-acs-retry-after: 1500\r\n", r#"{"Code":"Any"}"#), (4, Rejected), (4, Rejected)),
        row("429, Retry-After",       say(429, "retry-after: 3\r\n", ""),        (4, Rejected), (4, Rejected)),
        row("429, a wait too long",   say(429, "retry-after: 3600\r\n", ""),     (1, Rejected), (1, Rejected)),
        row("throttled once",         [code(400, "Throttling.User"), vec![fine()]].concat(), (2, Fine), (2, Fine)),
        row("busy with 403",          code(403, "ServiceBusy"),                  (4, Rejected), (4, Rejected)),
        row("a quota with 400",       code(400, "QuotaExceeded.Refresh"),        (1, Rejected), (1, Rejected)),
        row("a quota with 429",       code(429, "QuotaPerMinuteExceeded.Refresh"), (1, Rejected), (1, Rejected)),
        row("a wrong parameter",      code(400, "InvalidObjectPath.Malformed"),  (1, Rejected), (1, Rejected)),
        row("not allowed",            code(403, "Forbidden.RAM"),                (1, Rejected), (1, Rejected)),
        row("the wrong secret",       code(400, "SignatureDoesNotMatch"),        (1, Rejected), (1, Rejected)),
        row("an expired token",       code(403, "InvalidSecurityToken.Expired"), (1, Rejected), (1, Rejected)),
        row("nonce used",             code(400, "SignatureNonceUsed"),           (4, Unknown), (1, Unknown)),
        row("nonce used once",        [code(400, "SignatureNonceUsed"), vec![fine()]].concat(), (2, Fine), (1, Unknown)),
        row("an hour ahead",          hour(3_600),                               (2, Fine),    (2, Fine)),
        row("an hour behind",         hour(-3_600),                              (2, Fine),    (2, Fine)),
        row("an hour, from a cache",  vec![Behavior::SkewedClock { ahead: 3_600, headers: "age: 9\r\n" }], (1, Rejected), (1, Rejected)),
        row("two days ahead",         hour(2 * 86_400),                          (1, Rejected), (1, Rejected)),
        // TLS.
        tls("a certificate of another host", acceptor(&authority.leaf("example.com", false), None), vec![fine()], (1, NotSent)),
        tls("a certificate that is over",    acceptor(&authority.leaf("localhost", true), None),    vec![fine()], (1, NotSent)),
        tls("a certificate of nobody",       acceptor(&self_signed("localhost"), None),             vec![fine()], (1, NotSent)),
        tls("a certificate is asked for",    acceptor(&authority.leaf("localhost", false), Some(authority)), vec![fine()], (1, NotSent)),
        tls("no TLS behind the port",        acceptor(&authority.leaf("localhost", false), None),   vec![Behavior::SendOnConnect(b"HTTP/1.1 400 X\r\n\r\n".into())], (1, NotSent)),
        tls("reset in the handshake",        acceptor(&authority.leaf("localhost", false), None),   vec![Behavior::ResetOnConnect], (4, NotSent)),
        tls("nothing at all",                acceptor(&authority.leaf("localhost", false), None),   vec![fine()], (1, Fine)),
    ];
    for throttling in ["Throttling", "Throttling.User", "Throttling.Api", "Throttling.System", "Throttling.Resource"] {
        for status in [400, 403, 429, 503] {
            rows.push(row(format!("{throttling} as {status}"), code(status, throttling), (4, Rejected), (4, Rejected)));
        }
    }
    rows
}

#[tokio::test]
async fn faults() {
    let authority = Authority::new();
    let elsewhere = Server::start(vec![fine()], None).await;
    let config = TransportConfig::new().no_proxy().root_certificate(authority.pem());
    let transport = ReqwestTransport::with_config(&config).unwrap();
    let rows = rows(&authority, &elsewhere);
    assert!(rows.len() >= 25 && rows.iter().all(|row| row.read.0 >= row.write.0));

    // Those that wait do so together; the others are not to wait for each other.
    let permits = Arc::new(Semaphore::new(8));
    let mut running = JoinSet::new();
    for row in rows {
        let (transport, permits) = (transport.clone(), permits.clone());
        running.spawn(async move {
            let _permit = if row.is_slow() { None } else { permits.acquire().await.ok() };
            let read = try_out(&row, &DESCRIBE, row.read, &transport).await;
            let write = try_out(&row, &WRITE, row.write, &transport).await;
            [read, write]
        });
    }
    let problems: Vec<String> = running.join_all().await.into_iter().flatten().flatten().collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(elsewhere.requests().is_empty(), "a redirect was followed");
}

/// Plays a fault to a call. What is not as expected comes back as a text.
async fn try_out(
    row: &Row,
    operation: &'static Operation,
    expected: (u32, End),
    transport: &ReqwestTransport,
) -> Option<String> {
    let (server, endpoint, warm) = match (row.place)(row) {
        ParameterLocation::Server(acts) => with(Server::start(acts, None).await, "http", false),
        ParameterLocation::Reused(acts) => with(Server::start(acts, None).await, "http", true),
        ParameterLocation::Tls(acts, tls) => {
            with(Server::start(acts, Some(tls)).await, "https", false)
        }
        ParameterLocation::Nobody => (None, format!("http://{}", closed_port()), false),
        ParameterLocation::Nowhere => (None, "http://nowhere.invalid".to_owned(), false),
    };
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(endpoint)
        .read_timeout(if row.is_slow() { SILENCE } else { Duration::from_secs(10) })
        .max_response_bytes(4_096)
        .clock(ManualClock::new(SystemTime::now()))
        .transport(transport.clone())
        .build()
        .unwrap();
    if warm {
        call(&client, operation).await.unwrap();
        // The end of an idle connection takes a moment to arrive.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let result = call(&client, operation).await;

    let (attempts, end) = match &result {
        Ok(attempts) => (*attempts, Fine),
        Err(error) => (error.attempts(), end_of(error)),
    };
    let mut problems = Vec::new();
    if (attempts, end) != expected {
        problems.push(format!("expected {expected:?}, got {:?}", (attempts, end)));
    }
    if let Some(server) = server {
        let mut nonces = server.nonces();
        let arrived = nonces.len();
        nonces.sort();
        nonces.dedup();
        if nonces.len() != arrived {
            problems.push(format!("{arrived} requests with {} nonces", nonces.len()));
        }
        if arrived > expected.0 as usize + usize::from(warm) {
            problems.push(format!("{arrived} requests arrived"));
        }
        if end == NotSent && arrived > 0 {
            problems.push("sent, in spite of its outcome".to_owned());
        }
    }
    let shown = format!("{result:?}");
    if shown.contains(SECRET) || shown.contains("Signature=") {
        problems.push("a secret is shown".to_owned());
    }
    let found = problems.join("; ");
    (!found.is_empty()).then(|| format!("{}, {}: {found}: {result:?}", row.fault, operation.name()))
}

fn with(server: Server, scheme: &str, warm: bool) -> (Option<Server>, String, bool) {
    let endpoint = format!("{scheme}://localhost:{}", server.address.port());
    (Some(server), endpoint, warm)
}

/// A port that is bound and at which nobody listens. It stays bound, so that no server of another row
/// gets it.
fn closed_port() -> std::net::SocketAddr {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    std::mem::forget(socket);
    address
}

async fn call(client: &Client, operation: &'static Operation) -> Result<u32, Error> {
    let response = if operation.idempotency().is_idempotent() {
        client.call(operation, &describe(&["1"])).response().await
    } else {
        let path = Some("http://example.com/1".to_owned());
        client.call(operation, &Write { object_path: path }).response().await
    };
    response.map(|response| response.attempts)
}

fn end_of(error: &Error) -> End {
    match error.outcome() {
        Outcome::NotSent => NotSent,
        Outcome::Rejected => Rejected,
        _ => Unknown,
    }
}
