//! The fault table: for each fault between client and service, the number of attempts and the outcome of a
//! read and of a write.
//!
//! Loopback servers produce the faults byte by byte. The retry delays are skipped with a manual clock; the
//! read timeout is real and short. Responses with a body run in each [`BodyForm`].

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc"))]

mod body_form;
#[path = "../common/certificates.rs"]
mod certificates;
#[path = "../common/mod.rs"]
mod common;
mod rows;
#[path = "../common/server.rs"]
mod server;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alicloud_core::testing::ManualClock;
use alicloud_core::transport::{ReqwestTransport, TransportConfig};
use alicloud_core::{Client, ClientBuilder, Credentials, Error, Operation, Outcome};
use body_form::BodyForm;
use certificates::Authority;
use common::*;
use rows::{Peer, Row, rows, success};
use server::Server;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::CallResult::{NotSent, Rejected, Succeeded, Unknown};

/// A write without an idempotency token.
static WRITE: Operation = Operation::rpc(&CDN, "PushObjectCache");

alicloud_core::wire::request! {
    struct Write -> DescribeResponse {
        object_path: Option<String> = form("ObjectPath"),
    }
}

/// The read timeout of the client in rows that exceed it.
const READ_TIMEOUT: Duration = Duration::from_millis(600);

/// The maximum size of a response.
const MAX_RESPONSE_BYTES: usize = 4_096;

/// The result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CallResult {
    Succeeded,
    NotSent,
    Rejected,
    Unknown,
}

#[tokio::test]
async fn faults() {
    let authority = Authority::new();
    let redirect_target = Server::start(vec![success()], None).await;
    let config = TransportConfig::new().no_proxy().root_certificate(authority.pem());
    let transport = ReqwestTransport::with_config(&config).unwrap();
    let mut rows = rows(&authority, &redirect_target);
    assert!(rows.len() >= 25 && rows.iter().all(|row| row.read.0 >= row.write.0));
    let forms = [BodyForm::Xml, BodyForm::InvalidJson, BodyForm::InvalidXml, BodyForm::Largest];
    let in_forms = |row: &Row| forms.map(|form| row.in_form(form)).into_iter().flatten();
    let converted: Vec<Row> = rows.iter().flat_map(in_forms).collect();
    assert!(converted.len() >= 4 * 40, "{} rows", converted.len());
    rows.extend(converted);

    // Rows that exceed the read timeout run all at once; the others are limited to eight.
    let permits = Arc::new(Semaphore::new(8));
    let mut running = JoinSet::new();
    for row in rows {
        let (transport, permits) = (transport.clone(), permits.clone());
        running.spawn(async move {
            let _permit = if row.is_slow() { None } else { permits.acquire().await.ok() };
            let read = run_row(&row, &DESCRIBE, row.read, &transport).await;
            let write = run_row(&row, &WRITE, row.write, &transport).await;
            [read, write]
        });
    }
    let failures: Vec<String> = running.join_all().await.into_iter().flatten().flatten().collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(redirect_target.requests().is_empty(), "a redirect was followed");
}

/// Runs a call against a fault. Returns a description of what differs from the expectation.
async fn run_row(
    row: &Row,
    operation: &'static Operation,
    expected: (u32, CallResult),
    transport: &ReqwestTransport,
) -> Option<String> {
    let (server, endpoint, warm_up) = match (row.peer)(row) {
        Peer::Server(behaviors) => target(Server::start(behaviors, None).await, "http", false),
        Peer::Reused(behaviors) => target(Server::start(behaviors, None).await, "http", true),
        Peer::Tls(behaviors, tls) => {
            target(Server::start(behaviors, Some(tls)).await, "https", false)
        }
        Peer::ClosedPort => (None, format!("http://{}", closed_port()), false),
        Peer::UnknownHost => (None, "http://nowhere.invalid".to_owned(), false),
    };
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(endpoint)
        .read_timeout(if row.is_slow() { READ_TIMEOUT } else { Duration::from_secs(10) })
        .max_response_bytes(MAX_RESPONSE_BYTES)
        .clock(ManualClock::new(SystemTime::now()))
        .transport(transport.clone())
        .build()
        .unwrap();
    if warm_up {
        call(&client, operation).await.unwrap();
        // The client needs a moment to notice that an idle connection was closed.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let result = call(&client, operation).await;

    let (attempts, actual) = match &result {
        Ok(attempts) => (*attempts, Succeeded),
        Err(error) => (error.attempts(), result_of(error)),
    };
    let mut failures = Vec::new();
    if (attempts, actual) != expected {
        failures.push(format!("expected {expected:?}, got {:?}", (attempts, actual)));
    }
    if let Some(server) = server {
        let mut nonces = server.nonces();
        let arrived = nonces.len();
        nonces.sort();
        nonces.dedup();
        if nonces.len() != arrived {
            failures.push(format!("{arrived} requests with {} nonces", nonces.len()));
        }
        if arrived > expected.0 as usize + usize::from(warm_up) {
            failures.push(format!("{arrived} requests arrived"));
        }
        if actual == NotSent && arrived > 0 {
            failures.push("arrived, despite its outcome".to_owned());
        }
    }
    let shown = format!("{result:?}");
    if shown.contains(SECRET) || shown.contains("Signature=") {
        failures.push("the output contains a secret".to_owned());
    }
    let failures = failures.join("; ");
    (!failures.is_empty())
        .then(|| format!("{}, {}: {failures}: {result:?}", row.fault, operation.name()))
}

fn target(server: Server, scheme: &str, warm_up: bool) -> (Option<Server>, String, bool) {
    let endpoint = format!("{scheme}://localhost:{}", server.address.port());
    (Some(server), endpoint, warm_up)
}

/// Returns a port that is bound, but has no listener. It stays bound, so that no server of another row
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

fn result_of(error: &Error) -> CallResult {
    match error.outcome() {
        Outcome::NotSent => NotSent,
        Outcome::Rejected => Rejected,
        _ => Unknown,
    }
}
