//! What carries a signed request to the service and brings the response back.

mod config;
#[cfg(feature = "transport")]
mod reqwest;
#[cfg(feature = "__rustls")]
mod tls;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub use self::config::TransportConfig;
#[cfg(feature = "transport")]
pub use self::reqwest::ReqwestTransport;
use crate::BoxFuture;
use crate::error::Outcome;

/// Carries requests.
///
/// A transport sends each request once and as it is: it must not follow redirects, must not send
/// again on its own, and must not change the host, the path, the query, the body or a header that
/// begins with `x-acs-`, because these are signed. The request carries credentials in its headers or
/// its URL, so a transport that logs leaves out query and headers.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request and reads the whole response.
    ///
    /// Whatever HTTP status the response has, it is a response. The future may be dropped at any time.
    fn send(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        (**self).send(request, options)
    }
}

/// The limits of one attempt, which the transport keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportOptions {
    /// For how long nothing may arrive: until the head of the response, and then between two pieces of
    /// its body.
    pub read_timeout: Duration,
    /// How many bytes the body of a response may have.
    pub max_response_bytes: usize,
}

impl Default for TransportOptions {
    fn default() -> Self {
        TransportOptions { read_timeout: Duration::from_secs(10), max_response_bytes: 64 << 20 }
    }
}

/// Why there is no response.
///
/// Its text never holds a URL, because a URL can hold a signature.
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// In which phase of an attempt it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The name of the host could not be resolved.
    Dns,
    /// There was no connection: refused, unreachable, or not in time.
    Connect,
    /// There was a connection, but no TLS on it: a certificate that does not convince, a proxy that
    /// speaks something else.
    Tls,
    /// The request could not be sent as it is.
    Request,
    /// Nothing arrived within the read timeout; the request may have been sent.
    ReadTimeout,
    /// The attempt did not finish within the attempt timeout; the request may have been sent.
    AttemptTimeout,
    /// The connection ended, after the request may have been sent.
    Interrupted,
    /// The response began and did not end as it should.
    Body,
    /// The response is larger than it may be.
    TooLarge,
    /// Something else, after the request may have been sent.
    Other,
}

impl TransportErrorKind {
    fn describe(self) -> &'static str {
        match self {
            TransportErrorKind::Dns => "the name of the host could not be resolved",
            TransportErrorKind::Connect => "there was no connection",
            TransportErrorKind::Tls => "there was no TLS on the connection",
            TransportErrorKind::Request => "the request could not be sent",
            TransportErrorKind::ReadTimeout => "nothing arrived within the read timeout",
            TransportErrorKind::AttemptTimeout => "no response within the attempt timeout",
            TransportErrorKind::Interrupted => "the connection ended before the response",
            TransportErrorKind::Body => "the response broke off",
            TransportErrorKind::TooLarge => "the response is larger than the client takes",
            TransportErrorKind::Other => "the transport failed",
        }
    }
}

impl TransportError {
    /// An error of a phase.
    pub fn new(kind: TransportErrorKind) -> Self {
        TransportError { kind, source: None }
    }

    /// What lies beneath it. Its text must not hold a URL.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// In which phase it ended.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the service can have seen the request: [`Outcome::NotSent`] or [`Outcome::Unknown`].
    pub fn outcome(&self) -> Outcome {
        match self.kind {
            TransportErrorKind::Dns
            | TransportErrorKind::Connect
            | TransportErrorKind::Tls
            | TransportErrorKind::Request => Outcome::NotSent,
            TransportErrorKind::ReadTimeout
            | TransportErrorKind::AttemptTimeout
            | TransportErrorKind::Interrupted
            | TransportErrorKind::Body
            | TransportErrorKind::TooLarge
            | TransportErrorKind::Other => Outcome::Unknown,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.describe())
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("source", &self.source)
            .finish()
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
