//! The rows of the fault table.

use tokio_rustls::TlsAcceptor;

use crate::CallResult::{self, NotSent, Rejected, Succeeded, Unknown};
use crate::READ_TIMEOUT;
use crate::body_form::BodyForm;
use crate::certificates::{Authority, acceptor, self_signed};
use crate::server::{Behavior, Server, http};

/// What the client connects to.
pub(crate) enum Peer {
    /// A server that performs these behaviors in order, and repeats the last.
    Server(Vec<Behavior>),
    /// The same with TLS.
    Tls(Vec<Behavior>, TlsAcceptor),
    /// A server that first serves a successful call on the same connection.
    Reused(Vec<Behavior>),
    /// A port without a listener.
    ClosedPort,
    /// A host that does not exist.
    UnknownHost,
}

pub(crate) struct Row {
    pub(crate) fault: String,
    pub(crate) peer: fn(&Row) -> Peer,
    behaviors: Vec<Behavior>,
    tls: Option<TlsAcceptor>,
    /// Expected attempts and result of a read and of a write.
    pub(crate) read: (u32, CallResult),
    pub(crate) write: (u32, CallResult),
}

impl Row {
    /// Returns the row with its bodies in another form, unless it has a response without such a body.
    pub(crate) fn in_form(&self, form: BodyForm) -> Option<Row> {
        let behaviors = self.behaviors.iter().map(|behavior| form.convert_behavior(behavior));
        let behaviors = behaviors.collect::<Option<Vec<Behavior>>>()?;
        let fault = format!("{} ({form:?})", self.fault);
        let is_server = matches!((self.peer)(self), Peer::Server(_) | Peer::Reused(_));
        let (peer, read, write) = (self.peer, self.read, self.write);
        (is_server && !behaviors.is_empty()).then_some(Row {
            fault,
            peer,
            behaviors,
            tls: None,
            read,
            write,
        })
    }

    pub(crate) fn is_slow(&self) -> bool {
        self.behaviors.iter().any(|behavior| {
            matches!(behavior, Behavior::RespondAndStall(_) | Behavior::SlowBody(..))
        })
    }
}

fn row(
    fault: impl Into<String>,
    behaviors: Vec<Behavior>,
    read: (u32, CallResult),
    write: (u32, CallResult),
) -> Row {
    let peer = |row: &Row| Peer::Server(row.behaviors.clone());
    Row { fault: fault.into(), peer, behaviors, tls: None, read, write }
}

fn reused(
    fault: &str,
    second_behavior: Behavior,
    read: (u32, CallResult),
    write: (u32, CallResult),
) -> Row {
    let peer = |row: &Row| Peer::Reused(row.behaviors.clone());
    let behaviors = match second_behavior {
        Behavior::RespondAndCloseIdle(_) => vec![second_behavior, success()],
        second_behavior => vec![success(), second_behavior, success()],
    };
    Row { peer, ..row(fault, behaviors, read, write) }
}

fn tls(
    fault: &str,
    acceptor: TlsAcceptor,
    behaviors: Vec<Behavior>,
    expected: (u32, CallResult),
) -> Row {
    let peer = |row: &Row| Peer::Tls(row.behaviors.clone(), row.tls.clone().unwrap());
    Row { peer, tls: Some(acceptor), ..row(fault, behaviors, expected, expected) }
}

pub(crate) fn success() -> Behavior {
    Behavior::Respond(http(200, "", r#"{"TotalCount":1}"#))
}

fn respond(status: u16, headers: &str, body: &str) -> Vec<Behavior> {
    vec![Behavior::Respond(http(status, headers, body))]
}

fn error_code(status: u16, code: &str) -> Vec<Behavior> {
    respond(status, "", &format!(r#"{{"Code":"{code}","Message":"M","RequestId":"R"}}"#))
}

fn raw(text: &str) -> Vec<Behavior> {
    vec![Behavior::RespondAndClose(text.as_bytes().to_vec())]
}

#[rustfmt::skip]
pub(crate) fn rows(authority: &Authority, redirect_target: &Server) -> Vec<Row> {
    let page = "<!DOCTYPE html><html><title>Bad Gateway</title></html>";
    let location = format!("location: http://{}/\r\n", redirect_target.address);
    let complete = http(200, "", r#"{"TotalCount":1}"#);
    let long = http(200, "", format!(r#"{{"TotalCount":1{}}}"#, " ".repeat(300)));
    let gzip = http(200, "content-encoding: gzip\r\n", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00");
    let hour = |ahead| vec![Behavior::SkewedClock { ahead, headers: "" }];
    let mut rows = vec![
        // Connecting and sending.                                                                          read            write
        Row { peer: |_| Peer::ClosedPort, ..row("refused", vec![],                                          (4, NotSent),   (4, NotSent)) },
        Row { peer: |_| Peer::UnknownHost, ..row("no such host", vec![],                                    (4, NotSent),   (4, NotSent)) },
        row("reset at once",                     vec![Behavior::ResetOnConnect],                            (4, Unknown),   (1, Unknown)),
        row("reset before the body",             vec![Behavior::ResetBeforeBody],                           (4, Unknown),   (1, Unknown)),
        row("reset after the body",              vec![Behavior::Reset],                                     (4, Unknown),   (1, Unknown)),
        row("reset once",                        vec![Behavior::Reset, success()],                          (2, Succeeded), (1, Unknown)),
        row("closed after the body",             vec![Behavior::Close],                                     (4, Unknown),   (1, Unknown)),
        // Receiving.
        row("half a head",                       raw("HTTP/1.1 200"),                                       (4, Unknown),   (1, Unknown)),
        row("half a body",                       raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"),      (4, Unknown),   (1, Unknown)),
        row("half a chunk",                      raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"), (4, Unknown),   (1, Unknown)),
        row("not HTTP",                          raw("SSH-2.0-OpenSSH\r\n"),                                (4, Unknown),   (1, Unknown)),
        row("an invalid length",                 raw("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}"),     (4, Unknown),   (1, Unknown)),
        row("a length that is too short",        raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{\"TotalCount\":1}"), (4, Unknown),   (1, Unknown)),
        row("no response",                       vec![Behavior::RespondAndStall(vec![])],                   (4, Unknown),   (1, Unknown)),
        row("a pause in the head",               vec![Behavior::RespondAndStall(b"HTTP/1.1 200 OK\r\n".into())], (4, Unknown),   (1, Unknown)),
        row("a pause in the body",               vec![Behavior::RespondAndStall(complete[..complete.len() - 3].into())], (4, Unknown),   (1, Unknown)),
        row("no response once",                  vec![Behavior::RespondAndStall(vec![]), success()],        (2, Succeeded), (1, Unknown)),
        row("slow bytes",                        vec![Behavior::SlowBody(long.clone(), READ_TIMEOUT / 3)],  (1, Succeeded), (1, Succeeded)),
        row("bytes that are too slow",           vec![Behavior::SlowBody(long, READ_TIMEOUT * 2)],          (4, Unknown),   (1, Unknown)),
        row("a page with 200",                   respond(200, "content-type: text/html\r\n", page),         (4, Unknown),   (1, Unknown)),
        row("an empty body with 200",            respond(200, "", ""),                                      (4, Unknown),   (1, Succeeded)),
        row("unrequested gzip",                  vec![Behavior::Respond(gzip)],                             (4, Unknown),   (1, Unknown)),
        row("a body that is too large",          respond(200, "", &" ".repeat(5_000)),                      (1, Unknown),   (1, Unknown)),
        row("302 to another host",               respond(302, &location, ""),                               (1, Unknown),   (1, Unknown)),
        row("307 to another host",               respond(307, &location, ""),                               (1, Unknown),   (1, Unknown)),
        // Reused connections.
        reused("closed while idle",              Behavior::RespondAndCloseIdle(complete.clone()),           (1, Succeeded), (1, Succeeded)),
        reused("closed when reused",             Behavior::Close,                                           (2, Succeeded), (1, Unknown)),
        reused("reset when reused",              Behavior::Reset,                                           (2, Succeeded), (1, Unknown)),
        // Responses of the service.
        row("500 with a code",                   error_code(500, "InternalError"),                          (4, Unknown),   (1, Unknown)),
        row("500 with an empty body",            respond(500, "", ""),                                      (4, Unknown),   (1, Unknown)),
        row("500 once",                          [error_code(500, "InternalError"), vec![success()]].concat(), (2, Succeeded), (1, Unknown)),
        row("502 with a page",                   respond(502, "content-type: text/html\r\n", page),         (4, Unknown),   (1, Unknown)),
        row("503 unavailable",                   error_code(503, "ServiceUnavailable"),                     (4, Unknown),   (1, Unknown)),
        row("504 with a code",                   error_code(504, "RequestTimeout"),                         (4, Unknown),   (1, Unknown)),
        row("408 with a code",                   error_code(408, "Timeout"),                                (4, Unknown),   (1, Unknown)),
        row("400 with an internal error",        error_code(400, "InternalError"),                          (4, Unknown),   (1, Unknown)),
        row("200 with an internal error",        respond(200, "", r#"{"Success":false,"Code":"InternalError"}"#), (4, Unknown),   (1, Unknown)),
        row("200 with throttling",               respond(200, "", r#"{"Success":false,"Code":"Throttling.User"}"#), (4, Rejected),  (4, Rejected)),
        row("404 with a page",                   respond(404, "content-type: text/html\r\n", page),         (1, Rejected),  (1, Rejected)),
        row("429 without a hint",                respond(429, "", ""),                                      (4, Rejected),  (4, Rejected)),
        row("429, x-acs-retry-after",            respond(429, "x-acs-retry-after: 1500\r\n", "{}"),         (4, Rejected),  (4, Rejected)),
        row("503, x-acs-retry-after",            respond(503, "x-acs-retry-after: 1500\r\n", r#"{"Code":"Any"}"#), (4, Rejected),  (4, Rejected)),
        row("429, Retry-After",                  respond(429, "retry-after: 3\r\n", ""),                    (4, Rejected),  (4, Rejected)),
        row("429, a delay that is too long",     respond(429, "retry-after: 3600\r\n", ""),                 (1, Rejected),  (1, Rejected)),
        row("throttled once",                    [error_code(400, "Throttling.User"), vec![success()]].concat(), (2, Succeeded), (2, Succeeded)),
        row("busy with 403",                     error_code(403, "ServiceBusy"),                            (4, Rejected),  (4, Rejected)),
        row("a quota with 400",                  error_code(400, "QuotaExceeded.Refresh"),                  (1, Rejected),  (1, Rejected)),
        row("a quota with 429",                  error_code(429, "QuotaPerMinuteExceeded.Refresh"),         (1, Rejected),  (1, Rejected)),
        row("a wrong parameter",                 error_code(400, "InvalidObjectPath.Malformed"),            (1, Rejected),  (1, Rejected)),
        row("no permission",                     error_code(403, "Forbidden.RAM"),                          (1, Rejected),  (1, Rejected)),
        row("the wrong secret",                  error_code(400, "SignatureDoesNotMatch"),                  (1, Rejected),  (1, Rejected)),
        row("an expired token",                  error_code(403, "InvalidSecurityToken.Expired"),           (1, Rejected),  (1, Rejected)),
        row("nonce used",                        error_code(400, "SignatureNonceUsed"),                     (4, Unknown),   (1, Unknown)),
        row("nonce used once",                   [error_code(400, "SignatureNonceUsed"), vec![success()]].concat(), (2, Succeeded), (1, Unknown)),
        row("an hour ahead",                     hour(3_600),                                               (2, Succeeded), (2, Succeeded)),
        row("an hour behind",                    hour(-3_600),                                              (2, Succeeded), (2, Succeeded)),
        row("an hour, from a cache",             vec![Behavior::SkewedClock { ahead: 3_600, headers: "age: 9\r\n" }], (1, Rejected),  (1, Rejected)),
        row("two days ahead",                    hour(2 * 86_400),                                          (1, Rejected),  (1, Rejected)),
        // TLS.
        tls("a certificate of another host",      acceptor(&authority.leaf("example.com", false), None),                 vec![success()], (1, NotSent)),
        tls("an expired certificate",             acceptor(&authority.leaf("localhost", true), None),                    vec![success()], (1, NotSent)),
        tls("a self-signed certificate",          acceptor(&self_signed("localhost"), None),                             vec![success()], (1, NotSent)),
        tls("a client certificate is required",   acceptor(&authority.leaf("localhost", false), Some(authority)),        vec![success()], (1, NotSent)),
        tls("a server without TLS",               acceptor(&authority.leaf("localhost", false), None),                   vec![Behavior::SendOnConnect(b"HTTP/1.1 400 X\r\n\r\n".into())], (1, NotSent)),
        tls("reset in the handshake",             acceptor(&authority.leaf("localhost", false), None),                   vec![Behavior::ResetOnConnect], (4, NotSent)),
        tls("no fault",                           acceptor(&authority.leaf("localhost", false), None),                   vec![success()], (1, Succeeded)),
    ];
    for throttling in ["Throttling", "Throttling.User", "Throttling.Api", "Throttling.System", "Throttling.Resource"] {
        for status in [400, 403, 429, 503] {
            rows.push(row(format!("{throttling} as {status}"), error_code(status, throttling), (4, Rejected), (4, Rejected)));
        }
    }
    rows
}
