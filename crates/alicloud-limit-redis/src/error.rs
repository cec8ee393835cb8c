//! Errors of a Redis server.

mod from_server;

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

pub(crate) use self::from_server::{is_unknown_script, moved_to};

/// A command or a connection failed.
///
/// The text is one line: the server, the cause and the remedy. It never contains a password.
///
/// # Examples
///
/// ```
/// use alicloud_limit_redis::{RedisConfig, RedisErrorKind};
///
/// let error = RedisConfig::from_url("redis://cache.example:port").unwrap_err();
/// assert_eq!(error.kind(), RedisErrorKind::InvalidUrl);
/// assert_eq!(
///     error.to_string(),
///     "invalid Redis URL: the port is no number from 1 to 65535; \
///      write redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE], and put @ after a password",
/// );
/// ```
#[derive(Debug, Clone)]
pub struct RedisError {
    kind: RedisErrorKind,
    /// The server without credentials; empty if the URL is invalid.
    server: String,
    cause: String,
    remedy: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The causes of a [`RedisError`].
///
/// # Examples
///
/// ```
/// use alicloud_limit_redis::{RedisConfig, RedisErrorKind};
///
/// let error = RedisConfig::from_url("http://cache.example").unwrap_err();
/// assert_eq!(error.kind(), RedisErrorKind::InvalidUrl);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedisErrorKind {
    /// The URL, a variable or a certificate of the configuration cannot be read.
    InvalidUrl,
    /// No connection: the name is unknown, or the server refuses it.
    Unreachable,
    /// The server did not respond in time. A command may have been executed.
    Timeout,
    /// The connection was lost before the response. A command may have been executed.
    ConnectionLost,
    /// TLS failed: a wrong name, an untrusted certificate, or a server without TLS.
    Tls,
    /// A wrong or missing user name or password.
    Authentication,
    /// The user may not run a command or access a key.
    PermissionDenied,
    /// The server does not have the database.
    WrongDatabase,
    /// The server is a read-only replica.
    ReadOnly,
    /// A key has another type or was written by another version.
    WrongType,
    /// The server has no memory left for writes.
    OutOfMemory,
    /// The server starts, fails over, or is overloaded. This passes.
    Unavailable,
    /// No Sentinel knows the name of the master.
    UnknownMaster,
    /// The server belongs to a Cluster, and the URL does not say so.
    Cluster,
    /// Another error of the server.
    Other,
}

impl RedisError {
    pub(crate) fn new(
        kind: RedisErrorKind,
        server: impl Into<String>,
        cause: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (server, cause, remedy) = (server.into(), cause.into(), remedy.into());
        RedisError { kind, server, cause, remedy, source: None }
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    pub(crate) fn invalid_url(cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        RedisError::new(RedisErrorKind::InvalidUrl, "", cause, remedy)
    }

    /// Creates the error of a connection that cannot be established.
    pub(crate) fn unreachable(server: &str, error: io::Error) -> Self {
        let (cause, remedy) = match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                ("connection refused".to_owned(), "start the server, or correct host and port")
            }
            io::ErrorKind::NotFound => {
                ("the socket does not exist".to_owned(), "start the server, or correct the path")
            }
            io::ErrorKind::PermissionDenied => {
                ("permission denied".to_owned(), "allow this user to write to the socket")
            }
            _ => (one_line(&error.to_string()), "check the host name and the network"),
        };
        RedisError::new(RedisErrorKind::Unreachable, server, cause, remedy).with_source(error)
    }

    /// Creates the error of a server that does not respond.
    pub(crate) fn timeout(server: &str, action: &str, limit: std::time::Duration) -> Self {
        RedisError::new(
            RedisErrorKind::Timeout,
            server,
            format!("no response to {action} within {} ms", limit.as_millis()),
            "check whether the server is overloaded or a firewall drops packets",
        )
    }

    /// Creates the error of a connection that the server closed.
    pub(crate) fn connection_lost(server: &str) -> Self {
        RedisError::new(
            RedisErrorKind::ConnectionLost,
            server,
            "the connection was lost",
            "check whether the server restarted",
        )
    }

    /// Returns the cause, for programs.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::{RedisConfig, RedisErrorKind};
    ///
    /// let error = RedisConfig::from_url("").unwrap_err();
    /// assert_eq!(error.kind(), RedisErrorKind::InvalidUrl);
    /// ```
    pub fn kind(&self) -> RedisErrorKind {
        self.kind
    }

    /// Returns whether the same command may succeed later without a change of the settings: the server is away,
    /// starts, fails over or has no memory.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// assert!(!RedisConfig::from_url("").unwrap_err().is_temporary());
    /// ```
    pub fn is_temporary(&self) -> bool {
        use RedisErrorKind as Kind;

        !matches!(
            self.kind,
            Kind::InvalidUrl
                | Kind::Tls
                | Kind::Authentication
                | Kind::PermissionDenied
                | Kind::WrongDatabase
                | Kind::WrongType
                | Kind::UnknownMaster
                | Kind::Cluster
        )
    }

    /// Returns whether the command may have been executed although there is no response.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// assert!(!RedisConfig::from_url("").unwrap_err().may_be_executed());
    /// ```
    pub fn may_be_executed(&self) -> bool {
        matches!(self.kind, RedisErrorKind::Timeout | RedisErrorKind::ConnectionLost)
    }
}

impl fmt::Display for RedisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = match self.server.as_str() {
            "" => "invalid Redis URL",
            server => server,
        };
        write!(f, "{server}: {}; {}", self.cause, self.remedy)
    }
}

impl StdError for RedisError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as &(dyn StdError + 'static))
    }
}

/// Returns a text of another program as at most 200 characters in one line.
fn one_line(text: &str) -> String {
    let visible =
        text.chars().map(|character| if character.is_control() { ' ' } else { character });
    visible.take(200).collect::<String>().trim().to_owned()
}
