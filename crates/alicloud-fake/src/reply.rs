//! Scripted replies: what to answer instead of the simulated service.

use std::collections::VecDeque;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

/// An answer that a test prepares for a request to come.
///
/// Each reply answers one request, in the order in which they were given, and stands in for the
/// operation alone: the request's signature, time and nonce are still checked first, so that a
/// client that repeats a request without signing it afresh is caught. A request that fails these
/// checks leaves the reply in place. The operation need not be one that the service simulates.
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
/// # let _ = (proxy_page, throttled);
/// ```
#[derive(Debug, Clone)]
pub struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ReplyBody,
    action: Option<String>,
    verified: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum ReplyBody {
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

/// The replies that are still to be given.
#[derive(Default)]
pub(crate) struct Script {
    waiting: VecDeque<Reply>,
}

impl Script {
    pub(crate) fn push(&mut self, reply: Reply) {
        self.waiting.push_back(reply);
    }

    /// Takes the reply that is next for this operation, if it does not wait for verification.
    pub(crate) fn take_unverified(&mut self, action: Option<&str>) -> Option<Reply> {
        let next = self.next_for(action)?;
        if self.waiting.get(next)?.verified {
            return None;
        }
        self.waiting.remove(next)
    }

    /// Takes the reply that is next for this operation.
    pub(crate) fn take(&mut self, action: Option<&str>) -> Option<Reply> {
        let next = self.next_for(action)?;
        self.waiting.remove(next)
    }

    fn next_for(&self, action: Option<&str>) -> Option<usize> {
        self.waiting.iter().position(|reply| reply.is_for(action))
    }
}
