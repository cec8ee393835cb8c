//! The error of a transport.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::Outcome;

/// The error of an attempt without a complete response.
///
/// Its text contains no URL, because a URL can contain a signature.
///
/// # Examples
///
/// ```
/// use alicloud_core::{Outcome, TransportError, TransportErrorKind};
///
/// let error = TransportError::new(TransportErrorKind::Connect).with_source("connection refused");
/// assert_eq!(error.to_string(), "could not connect");
/// assert_eq!(error.outcome(), Outcome::NotSent);
/// ```
#[derive(Clone)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The phase in which an attempt failed.
///
/// # Examples
///
/// ```
/// use alicloud_core::{Outcome, TransportError, TransportErrorKind};
///
/// // The request may have arrived before the connection was closed.
/// let error = TransportError::new(TransportErrorKind::Interrupted);
/// assert_eq!(error.outcome(), Outcome::Unknown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host name could not be resolved.
    Dns,
    /// No connection: refused, unreachable, or not established in time.
    Connect,
    /// The TLS handshake failed, for example because the certificate is not trusted or a proxy does
    /// not speak TLS.
    Tls,
    /// The proxy rejected the credentials, or requires some. The request was not sent to the service.
    ProxyCredentials,
    /// The request is invalid and was not sent.
    Request,
    /// No data arrived within the read timeout. The request may have been sent.
    ReadTimeout,
    /// The attempt did not finish within the attempt timeout. The request may have been sent.
    AttemptTimeout,
    /// The connection was closed before the response. The request may have been sent.
    Interrupted,
    /// The response is incomplete. The request was sent.
    Body,
    /// The response is larger than [`TransportOptions::max_response_bytes`](crate::TransportOptions::max_response_bytes).
    TooLarge,
    /// Another error. The request may have been sent.
    Other,
}

impl TransportErrorKind {
    /// Returns the name in serialized errors.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            TransportErrorKind::Dns => "dns",
            TransportErrorKind::Connect => "connect",
            TransportErrorKind::Tls => "tls",
            TransportErrorKind::ProxyCredentials => "proxy_credentials",
            TransportErrorKind::Request => "request",
            TransportErrorKind::ReadTimeout => "read_timeout",
            TransportErrorKind::AttemptTimeout => "attempt_timeout",
            TransportErrorKind::Interrupted => "interrupted",
            TransportErrorKind::Body => "body",
            TransportErrorKind::TooLarge => "too_large",
            TransportErrorKind::Other => "other",
        }
    }

    fn describe(self) -> &'static str {
        match self {
            TransportErrorKind::Dns => "could not resolve the host name",
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::Tls => "the TLS handshake failed",
            TransportErrorKind::ProxyCredentials => "the proxy rejected the credentials",
            TransportErrorKind::Request => "the request could not be sent",
            TransportErrorKind::ReadTimeout => "no data arrived within the read timeout",
            TransportErrorKind::AttemptTimeout => "no response within the attempt timeout",
            TransportErrorKind::Interrupted => "the connection was closed before the response",
            TransportErrorKind::Body => "the response is incomplete",
            TransportErrorKind::TooLarge => "the response is larger than max_response_bytes",
            TransportErrorKind::Other => "the transport failed",
        }
    }
}

impl TransportError {
    /// Creates an error of this kind.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{TransportError, TransportErrorKind};
    ///
    /// let error = TransportError::new(TransportErrorKind::Dns);
    /// assert_eq!(error.to_string(), "could not resolve the host name");
    /// ```
    pub fn new(kind: TransportErrorKind) -> Self {
        TransportError { kind, source: None }
    }

    /// Sets the cause. Its text must not contain a URL.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::error::Error;
    ///
    /// use alicloud_core::{TransportError, TransportErrorKind};
    ///
    /// let error = TransportError::new(TransportErrorKind::Tls).with_source("unknown issuer");
    /// assert_eq!(error.source().unwrap().to_string(), "unknown issuer");
    /// ```
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// Returns the phase in which the attempt failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns [`Outcome::NotSent`] if the service certainly did not receive the request, else
    /// [`Outcome::Unknown`].
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Outcome, TransportError, TransportErrorKind};
    ///
    /// let outcome = |kind| TransportError::new(kind).outcome();
    /// assert_eq!(outcome(TransportErrorKind::Dns), Outcome::NotSent);
    /// assert_eq!(outcome(TransportErrorKind::ReadTimeout), Outcome::Unknown);
    /// ```
    pub fn outcome(&self) -> Outcome {
        match self.kind {
            TransportErrorKind::Dns
            | TransportErrorKind::Connect
            | TransportErrorKind::Tls
            | TransportErrorKind::ProxyCredentials
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
