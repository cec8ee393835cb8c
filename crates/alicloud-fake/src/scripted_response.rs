//! Scripted responses: what to answer instead of the simulated service.

mod script;

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::delivery::{Drip, Ending, Extent, Manner};
pub(crate) use script::Script;

/// An answer that a test prepares for a request to come.
///
/// Each response answers one request, in the order in which they were given, and stands in for the
/// operation alone: the request's signature, time and nonce are still checked first, so that a
/// client that repeats a request without signing it afresh is caught. A request that fails these
/// checks leaves the response in place. The operation need not be one that the service simulates.
///
/// What can go wrong on the way is scripted alike: a connection that is [reset](Self::reset) or
/// [closed](Self::closed), an answer that is [lost](Self::response_lost) or [cut](Self::cut_after) or
/// [late](Self::delay) or [slow](Self::slow_body), a service that is [silent](Self::no_response).
/// These go together: how much is sent, how fast, [what comes then](Self::ending), and whether it
/// waits for the whole request or is given [before its body](Self::before_body) or even
/// [at once](Self::at_once).
///
/// ```
/// use alicloud_fake::{Ending, ScriptedResponse};
/// use http::StatusCode;
/// use http::header::{HeaderName, HeaderValue};
///
/// let proxy_page = ScriptedResponse::html(StatusCode::BAD_GATEWAY, "<h1>502 Bad Gateway</h1>").unverified();
/// let throttled = ScriptedResponse::error(StatusCode::BAD_REQUEST, "Throttling.User", "Slow down.")
///     .header(HeaderName::from_static("x-acs-retry-after"), HeaderValue::from_static("1500"))
///     .for_operation("DescribeRefreshTaskById");
/// let nobody_knows = ScriptedResponse::response_lost().for_operation("RefreshObjectCaches");
///
/// let half_a_head = ScriptedResponse::raw("HTTP/1.1 200");
/// let stuck_in_the_body = ScriptedResponse::passthrough().cut_after(10).ending(Ending::Silence);
/// let closed_while_idle = ScriptedResponse::passthrough().ending(Ending::Close);
/// let nobody_accepts = ScriptedResponse::reset().at_once();
/// # let _ = (proxy_page, throttled, nobody_knows);
/// # let _ = (half_a_head, stuck_in_the_body, closed_while_idle, nobody_accepts);
/// ```
#[derive(Debug, Clone)]
pub struct ScriptedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ScriptedBody,
    pub(crate) manner: Manner,
    pub(crate) delay: Duration,
    /// Whether the operation is to be carried out too.
    pub(crate) executed: bool,
    action: Option<String>,
    moment: Moment,
    verified: bool,
}

/// When a response is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Request,
    Head,
    Connection,
}

#[derive(Debug, Clone)]
pub(crate) enum ScriptedBody {
    /// Status and body of the service itself.
    Passthrough,
    Fixed(Bytes),
    /// Written in the format that the request asks for, with its request id.
    Error {
        code: String,
        message: String,
    },
}

impl ScriptedResponse {
    /// A status alone: no body, no content type.
    ///
    /// An informational status (1xx) is sent as it is, although it is no answer; then the connection
    /// is closed.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: ScriptedBody::Fixed(Bytes::new()),
            manner: Manner::PASSTHROUGH,
            delay: Duration::ZERO,
            executed: false,
            action: None,
            moment: Moment::Request,
            verified: true,
        }
    }

    /// A JSON body, sent byte for byte, so it may as well be broken JSON.
    pub fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status).typed("application/json;charset=utf-8", body)
    }

    /// An XML body, sent byte for byte.
    pub fn xml(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status).typed("text/xml;charset=utf-8", body)
    }

    /// A web page, as gateways and proxies in between answer with.
    pub fn html(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status).typed("text/html", body)
    }

    /// An error of the service, in JSON or XML as the request asks, with its own request id.
    pub fn error(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        let mut response = Self::new(status);
        response.body = ScriptedBody::Error { code: code.into(), message: message.into() };
        response
    }

    /// These bytes as they are, head and all, in place of an answer in HTTP; then the connection is
    /// closed. [Headers](Self::header) mean nothing here.
    ///
    /// ```
    /// use alicloud_fake::ScriptedResponse;
    ///
    /// let another_protocol = ScriptedResponse::raw("SSH-2.0-OpenSSH\r\n");
    /// let half_a_chunk = ScriptedResponse::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{");
    /// # let _ = (another_protocol, half_a_chunk);
    /// ```
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        let mut response = Self::new(StatusCode::OK);
        response.body = ScriptedBody::Fixed(bytes.into());
        response.manner.raw = true;
        response
    }

    /// The answer that the service would have given, to be [delayed](Self::delay), to be
    /// [cut](Self::cut_after), or to get a [header](Self::header) more.
    pub fn passthrough() -> Self {
        let mut response = Self::new(StatusCode::OK).executed();
        response.body = ScriptedBody::Passthrough;
        response
    }

    /// The connection is reset (RST) once the request has been read; nothing is carried out.
    pub fn reset() -> Self {
        Self::undelivered(Ending::Reset)
    }

    /// The operation is carried out, but the connection is reset (RST) instead of an answer.
    pub fn response_lost() -> Self {
        let mut response = Self::passthrough().ending(Ending::Reset);
        response.manner.extent = Extent::Nothing;
        response
    }

    /// The request is read and never answered, until the client goes away; nothing is carried out.
    pub fn no_response() -> Self {
        Self::undelivered(Ending::Silence)
    }

    /// The connection is closed in good order (FIN) once the request has been read, without a byte;
    /// nothing is carried out.
    pub fn closed() -> Self {
        Self::undelivered(Ending::Close)
    }

    /// Status 200 and a body that says it is JSON and is no document at all.
    pub fn garbage() -> Self {
        Self::json(StatusCode::OK, "\u{1}\u{2}no document\u{3}")
    }

    fn undelivered(ending: Ending) -> Self {
        let mut response = Self::new(StatusCode::SERVICE_UNAVAILABLE).ending(ending);
        response.manner.extent = Extent::Nothing;
        response
    }

    /// Sends no more than so many bytes of the body, while the headers promise all of it; then the
    /// connection is closed, unless [`then`](Self::ending) says otherwise.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.manner.extent = Extent::Cut(bytes);
        self
    }

    /// Ends the connection so after whatever is sent.
    ///
    /// After a whole answer this is what a client finds that uses the connection again: a service
    /// that has closed it meanwhile does not announce that with a header.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.manner.ending = Some(ending);
        self
    }

    /// Sends so many bytes at a time, head included, with a pause between them, by the timer of the
    /// tokio runtime; then the connection is closed, unless [`then`](Self::ending) says otherwise.
    #[must_use]
    pub fn slow_body(mut self, bytes: usize, pause: Duration) -> Self {
        self.manner.drip = Some(Drip { bytes, pause });
        self
    }

    /// Gives the response when the head of a request has been read, and leaves the body unread.
    ///
    /// Nothing is verified or carried out. An operation that is named in the body is not known yet,
    /// so a response [for it](Self::for_operation) waits on.
    #[must_use]
    pub fn before_body(mut self) -> Self {
        self.moment = Moment::Head;
        self
    }

    /// Gives the response to a new connection, before anything is read from it; then the connection is
    /// closed, unless [`then`](Self::ending) says otherwise.
    ///
    /// It waits until the responses in front of it have been given, those [for one
    /// operation](Self::for_operation) aside. Nothing is verified or carried out, no operation is known,
    /// and there is no request to be [recorded](crate::FakeService::requests). A client that uses an
    /// old connection again does not meet it.
    #[must_use]
    pub fn at_once(mut self) -> Self {
        self.moment = Moment::Connection;
        self
    }

    /// Waits this long before it is given, by the timer of the tokio runtime, which must have one.
    ///
    /// Whatever is carried out has been carried out before.
    #[must_use]
    pub fn delay(mut self, time: Duration) -> Self {
        self.delay = time;
        self
    }

    /// Carries out the operation too, as far as it can be, before this response is given instead of the
    /// operation's own.
    ///
    /// Even for an [`unverified`](Self::unverified) response only what passes the checks is carried
    /// out.
    #[must_use]
    pub fn executed(mut self) -> Self {
        self.executed = true;
        self
    }

    /// Sets a header, in place of one of the same name.
    ///
    /// A header that the service sets by itself, such as `x-acs-request-id` or `date`, is replaced
    /// too. So is `content-length`, right or wrong: a response that sets it, or `transfer-encoding`, is
    /// sent as it stands, and then the connection is closed. Who promises chunks writes them into the
    /// body.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Keeps the response for a request of this operation; others are answered as if it were not
    /// there.
    #[must_use]
    pub fn for_operation(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Answers even a request that is unsigned, wrongly signed or stale.
    ///
    /// This is what something in front of the service does. The request's nonce is not used up.
    #[must_use]
    pub fn unverified(mut self) -> Self {
        self.verified = false;
        self
    }

    fn typed(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = ScriptedBody::Fixed(body.into());
        self.header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    /// Whether it may be given to a request of this operation.
    fn is_for(&self, action: Option<&str>) -> bool {
        self.moment != Moment::Connection
            && self.action.as_deref().is_none_or(|only| Some(only) == action)
    }
}

impl<B: Into<Bytes>> From<Response<B>> for ScriptedResponse {
    /// Takes status, headers and body; version and extensions mean nothing here.
    fn from(response: Response<B>) -> Self {
        let (head, body) = response.into_parts();
        let mut response = Self::new(head.status);
        response.headers = head.headers;
        response.body = ScriptedBody::Fixed(body.into());
        response
    }
}
