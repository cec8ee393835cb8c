//! The kinds of errors.

use std::fmt;

use serde::{Serialize, Serializer};

/// The kind of an error.
///
/// An error has one kind. It agrees with the `is_…` methods of [`Error`](crate::Error), which describe
/// cause and remedy. Several of them can be true at once; the kind is then the first one in this table:
///
/// | Kind | Method | Text |
/// |---|---|---|
/// | `Throttling` | [`is_throttling`](crate::Error::is_throttling) | `throttling` |
/// | `QuotaExceeded` | [`is_quota_exceeded`](crate::Error::is_quota_exceeded) | `quota_exceeded` |
/// | `ClockSkew` | [`is_clock_skew`](crate::Error::is_clock_skew) | `clock_skew` |
/// | `NonceUsed` | [`is_nonce_used`](crate::Error::is_nonce_used) | `nonce_used` |
/// | `Auth` | [`is_auth`](crate::Error::is_auth) | `auth` |
/// | `Forbidden` | [`is_forbidden`](crate::Error::is_forbidden) | `forbidden` |
/// | `NotFound` | [`is_not_found`](crate::Error::is_not_found) | `not_found` |
/// | `Timeout` | [`is_timeout`](crate::Error::is_timeout) | `timeout` |
/// | `ServerError` | [`is_server_error`](crate::Error::is_server_error) | `server_error` |
/// | `InvalidRequest` | [`is_invalid_request`](crate::Error::is_invalid_request) | `invalid_request` |
/// | `Connect` | [`is_connect`](crate::Error::is_connect) | `connect` |
/// | `Transport` | none; see [`transport_error`](crate::Error::transport_error) | `transport` |
/// | `Decode` | [`is_decode`](crate::Error::is_decode) | `decode` |
/// | `IncompleteList` | none; see [`incomplete_list`](crate::Error::incomplete_list) | `incomplete_list` |
/// | `Configuration` | [`is_configuration`](crate::Error::is_configuration) | `configuration` |
/// | `Other` | none; see [`code`](crate::Error::code) | `other` |
///
/// Whether a retry is useful is a separate question: see [`is_transient`](crate::Error::is_transient)
/// and [`outcome`](crate::Error::outcome). `Display` and serde give the text.
///
/// # Examples
///
/// ```
/// use alicloud_core::{Client, ErrorKind};
///
/// let error = Client::generic("Cdn", "2018-05-10", "not a host").build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Configuration);
/// assert_eq!(error.kind().to_string(), "configuration");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The service accepts no more calls for the moment.
    Throttling,
    /// A quota of a day, of a resource or of one call is exhausted.
    QuotaExceeded,
    /// The local clock is wrong.
    ClockSkew,
    /// The service has seen the nonce of the request before.
    NonceUsed,
    /// The credentials are missing, invalid or expired.
    Auth,
    /// The account lacks the permission.
    Forbidden,
    /// Something that the request names does not exist.
    NotFound,
    /// There was no response in time.
    Timeout,
    /// The service failed internally.
    ServerError,
    /// The request is invalid; detected before sending it or by the service.
    InvalidRequest,
    /// There was no connection.
    Connect,
    /// The connection broke, or the transport failed in another way.
    Transport,
    /// The service reported success, but the response cannot be decoded.
    Decode,
    /// A list ended, but the last response says that there is more.
    IncompleteList,
    /// The configuration of the client is invalid.
    Configuration,
    /// The service reported an error without a code, or with one of unknown meaning. A later version
    /// may give it a kind of its own.
    Other,
}

impl ErrorKind {
    /// Returns the text, such as `quota_exceeded`.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(alicloud_core::ErrorKind::NotFound.as_str(), "not_found");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Throttling => "throttling",
            ErrorKind::QuotaExceeded => "quota_exceeded",
            ErrorKind::ClockSkew => "clock_skew",
            ErrorKind::NonceUsed => "nonce_used",
            ErrorKind::Auth => "auth",
            ErrorKind::Forbidden => "forbidden",
            ErrorKind::NotFound => "not_found",
            ErrorKind::Timeout => "timeout",
            ErrorKind::ServerError => "server_error",
            ErrorKind::InvalidRequest => "invalid_request",
            ErrorKind::Connect => "connect",
            ErrorKind::Transport => "transport",
            ErrorKind::Decode => "decode",
            ErrorKind::IncompleteList => "incomplete_list",
            ErrorKind::Configuration => "configuration",
            ErrorKind::Other => "other",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
