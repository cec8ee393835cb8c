//! Scripted replies: what to answer instead of the simulated service.

mod script;

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::delivery::Delivery;
pub(crate) use script::Script;

/// An answer that a test prepares for a request to come.
///
/// Each reply answers one request, in the order in which they were given, and stands in for the
/// operation alone: the request's signature, time and nonce are still checked first, so that a
/// client that repeats a request without signing it afresh is caught. A request that fails these
/// checks leaves the reply in place. The operation need not be one that the service simulates.
///
/// What can go wrong on the way is scripted alike: a connection that is [reset](Self::reset), an
/// answer that is [lost](Self::lost) or [cut](Self::cut_after) or [late](Self::delayed), a service
/// that is [silent](Self::silent).
///
/// ```
/// use alicloud_fake::Reply;
/// use http::StatusCode;
/// use http::header::{HeaderName, HeaderValue};
///
/// let proxy_page = Reply::html(StatusCode::BAD_GATEWAY, "<h1>502 Bad Gateway</h1>").unverified();
/// let throttled = Reply::error(StatusCode::BAD_REQUEST, "Throttling.User", "Slow down.")
///     .header(HeaderName::from_static("x-acs-retry-after"), HeaderValue::from_static("1500"))
///     .for_action("DescribeRefreshTaskById");
/// let nobody_knows = Reply::lost().for_action("RefreshObjectCaches");
/// # let _ = (proxy_page, throttled, nobody_knows);
/// ```
#[derive(Debug, Clone)]
pub struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ReplyBody,
    pub(crate) delivery: Delivery,
    pub(crate) delay: Duration,
    /// Whether the operation is to be carried out too.
    pub(crate) carried_out: bool,
    action: Option<String>,
    verified: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum ReplyBody {
    /// Status and body of the service itself.
    Usual,
    Fixed(Bytes),
    /// Written in the format that the request asks for, with its request id.
    Error {
        code: String,
        message: String,
    },
}

impl Reply {
    /// A status alone: no body, no content type.
    ///
    /// Informational statuses (1xx) are not answers; the connection ends if one is sent.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: ReplyBody::Fixed(Bytes::new()),
            delivery: Delivery::Whole,
            delay: Duration::ZERO,
            carried_out: false,
            action: None,
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
        let mut reply = Self::new(status);
        reply.body = ReplyBody::Error { code: code.into(), message: message.into() };
        reply
    }

    /// The answer that the service would have given, to be [delayed](Self::delayed), to be
    /// [cut](Self::cut_after), or to get a [header](Self::header) more.
    pub fn usual() -> Self {
        let mut reply = Self::new(StatusCode::OK).carried_out();
        reply.body = ReplyBody::Usual;
        reply
    }

    /// The connection is reset (RST) once the request has been read; nothing is carried out.
    pub fn reset() -> Self {
        Self::undelivered(Delivery::Reset)
    }

    /// The operation is carried out, but the connection is reset (RST) instead of an answer.
    pub fn lost() -> Self {
        let mut reply = Self::usual();
        reply.delivery = Delivery::Reset;
        reply
    }

    /// The request is read and never answered, until the client goes away; nothing is carried out.
    pub fn silent() -> Self {
        Self::undelivered(Delivery::Silent)
    }

    /// Status 200 and a body that says it is JSON and is no document at all.
    pub fn garbage() -> Self {
        Self::json(StatusCode::OK, "\u{1}\u{2}no document\u{3}")
    }

    fn undelivered(delivery: Delivery) -> Self {
        let mut reply = Self::new(StatusCode::SERVICE_UNAVAILABLE);
        reply.delivery = delivery;
        reply
    }

    /// Closes the connection after so many bytes of the body, while the headers promise all of it.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.delivery = Delivery::Cut(bytes);
        self
    }

    /// Waits this long before it is given, by the timer of the tokio runtime, which must have one.
    ///
    /// Whatever is carried out has been carried out before.
    #[must_use]
    pub fn delayed(mut self, time: Duration) -> Self {
        self.delay = time;
        self
    }

    /// Carries out the operation too, as far as it can be, before this reply is given instead of the
    /// operation's own.
    ///
    /// Even for an [`unverified`](Self::unverified) reply only what passes the checks is carried
    /// out.
    #[must_use]
    pub fn carried_out(mut self) -> Self {
        self.carried_out = true;
        self
    }

    /// Sets a header, in place of one of the same name.
    ///
    /// A header that the service sets by itself, such as `x-acs-request-id` or `date`, is replaced
    /// too.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Keeps the reply for a request of this operation; others are answered as if it were not
    /// there.
    #[must_use]
    pub fn for_action(mut self, action: impl Into<String>) -> Self {
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
        self.body = ReplyBody::Fixed(body.into());
        self.header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    fn is_for(&self, action: Option<&str>) -> bool {
        self.action.as_deref().is_none_or(|only| Some(only) == action)
    }
}

impl<B: Into<Bytes>> From<Response<B>> for Reply {
    /// Takes status, headers and body; version and extensions mean nothing here.
    fn from(response: Response<B>) -> Self {
        let (head, body) = response.into_parts();
        let mut reply = Self::new(head.status);
        reply.headers = head.headers;
        reply.body = ReplyBody::Fixed(body.into());
        reply
    }
}
