//! How to reach a Redis server.

mod address;
mod url;

use std::fmt;
#[cfg(feature = "tls")]
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use alicloud_core::Secret;
use alicloud_core::credentials::Variables;

pub(crate) use self::address::{Address, Topology};
use crate::error::RedisError;
use crate::login::Login;

const USERNAME_VARIABLE: &str = "ALICLOUD_REDIS_USERNAME";
const PASSWORD_VARIABLE: &str = "ALICLOUD_REDIS_PASSWORD";
const SENTINEL_USERNAME_VARIABLE: &str = "ALICLOUD_REDIS_SENTINEL_USERNAME";
const SENTINEL_PASSWORD_VARIABLE: &str = "ALICLOUD_REDIS_SENTINEL_PASSWORD";

/// The address, credentials and time limits of a Redis server.
///
/// | URL | Server |
/// |---|---|
/// | `redis://HOST[:PORT][/DATABASE]` | one server; the port defaults to 6379 |
/// | `redis+sentinel://HOST[:PORT],HOST[:PORT]/MASTER[/DATABASE]` | the current master; the port of a Sentinel defaults to 26379 |
/// | `redis+cluster://HOST[:PORT],HOST[:PORT]` | a Cluster |
/// | `unix:///PATH[?db=DATABASE]` | a socket of this machine |
///
/// With `rediss` instead of `redis`, connections use TLS; that needs the feature `tls`.
///
/// A URL may contain `USER:PASSWORD@` or `:PASSWORD@`, percent-encoded. A URL on a command line is visible to
/// all users of the machine, so it is better to set the variables `ALICLOUD_REDIS_USERNAME` and
/// `ALICLOUD_REDIS_PASSWORD`, which are read for the part that the URL does not have. Sentinels that have a password of
/// their own need `ALICLOUD_REDIS_SENTINEL_USERNAME` and `ALICLOUD_REDIS_SENTINEL_PASSWORD`.
///
/// # Examples
///
/// ```
/// use alicloud_limit_redis::RedisConfig;
///
/// let config = RedisConfig::from_url("rediss://worker:s3cr3t@cache.example/2")?;
/// // Neither Debug nor Display shows the password.
/// assert_eq!(config.to_string(), "rediss://cache.example:6379/2");
/// assert!(!format!("{config:?}").contains("s3cr3t"));
/// # Ok::<(), alicloud_limit_redis::RedisError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RedisConfig {
    pub(crate) topology: Topology,
    pub(crate) uses_tls: bool,
    pub(crate) database: u32,
    pub(crate) login: Login,
    pub(crate) sentinel_login: Login,
    pub(crate) connect_timeout: Duration,
    pub(crate) response_timeout: Duration,
    pub(crate) max_response: usize,
    #[cfg(feature = "tls")]
    pub(crate) root_certificates: Pem,
    #[cfg(feature = "tls")]
    pub(crate) client_certificate: Option<Secret>,
    /// Made from the certificates by the first connection.
    #[cfg(feature = "tls")]
    pub(crate) tls_client: Arc<OnceLock<Arc<rustls::ClientConfig>>>,
}

/// Certificates, of which Debug shows the size.
#[cfg(feature = "tls")]
#[derive(Clone)]
pub(crate) struct Pem(pub(crate) Vec<u8>);

#[cfg(feature = "tls")]
impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl RedisConfig {
    /// Reads a URL; a user name or a password that it does not have is that of the environment variable.
    ///
    /// # Errors
    ///
    /// The URL or a variable is invalid, or the URL needs the feature `tls`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// let config = RedisConfig::from_url("redis+sentinel://a.example,b.example:26380/shared")?;
    /// assert_eq!(config.to_string(), "redis+sentinel://a.example:26379,b.example:26380/shared/0");
    /// # Ok::<(), alicloud_limit_redis::RedisError>(())
    /// ```
    pub fn from_url(url: &str) -> Result<Self, RedisError> {
        RedisConfig::from_url_and_variables(url, &Variables::from_env())
    }

    /// Like [`from_url`](Self::from_url), with these environment variables, for tests.
    ///
    /// # Errors
    ///
    /// As [`from_url`](Self::from_url).
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::Variables;
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// let variables = Variables::from_pairs([("ALICLOUD_REDIS_PASSWORD", "s3cr3t")]);
    /// let config = RedisConfig::from_url_and_variables("redis://cache.example", &variables)?;
    /// assert!(config.has_password());
    /// # Ok::<(), alicloud_limit_redis::RedisError>(())
    /// ```
    pub fn from_url_and_variables(url: &str, variables: &Variables) -> Result<Self, RedisError> {
        let parsed = url::parse(url)?;
        if parsed.uses_tls && cfg!(not(feature = "tls")) {
            return Err(RedisError::invalid_url(
                "this program was built without TLS for Redis",
                "build it with the feature `tls` of alicloud-limit-redis",
            ));
        }
        let login = Login { username: parsed.username, password: parsed.password };
        Ok(RedisConfig {
            topology: parsed.topology,
            uses_tls: parsed.uses_tls,
            database: parsed.database,
            login: match login.username.is_some() && login.password.is_some() {
                true => login,
                false => login.or(read_login(variables, USERNAME_VARIABLE, PASSWORD_VARIABLE)?),
            },
            sentinel_login: read_login(
                variables,
                SENTINEL_USERNAME_VARIABLE,
                SENTINEL_PASSWORD_VARIABLE,
            )?,
            connect_timeout: Duration::from_secs(2),
            response_timeout: Duration::from_secs(2),
            max_response: 128 << 20,
            #[cfg(feature = "tls")]
            root_certificates: Pem(Vec::new()),
            #[cfg(feature = "tls")]
            client_certificate: None,
            #[cfg(feature = "tls")]
            tls_client: Arc::default(),
        })
    }

    /// Sets the user name and the password. An empty user name is the user `default`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// let config = RedisConfig::from_url("redis://cache.example")?.credentials("worker", "s3cr3t");
    /// assert!(config.has_password());
    /// # Ok::<(), alicloud_limit_redis::RedisError>(())
    /// ```
    #[must_use]
    pub fn credentials(mut self, username: impl Into<String>, password: impl Into<Secret>) -> Self {
        let username = Some(username.into()).filter(|name| !name.is_empty());
        self.login = Login { username, password: Some(password.into()) };
        self
    }

    /// Returns whether a password is known.
    pub fn has_password(&self) -> bool {
        self.login.password.is_some()
    }

    /// Sets the time limit for a connection to one server, including TLS and the password. Defaults to 2 s.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// let config = RedisConfig::from_url("redis://cache.example")?
    ///     .connect_timeout(Duration::from_millis(500))
    ///     .response_timeout(Duration::from_millis(500));
    /// # assert_eq!(config.to_string(), "redis://cache.example:6379/0");
    /// # Ok::<(), alicloud_limit_redis::RedisError>(())
    /// ```
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Sets the time limit for the response to a command. Defaults to 2 s.
    #[must_use]
    pub fn response_timeout(mut self, limit: Duration) -> Self {
        self.response_timeout = limit;
        self
    }

    /// Sets the size limit of responses in bytes; a server that sends more loses the connection. Defaults to 128 MiB,
    /// for the state of large jobs. Before a server has accepted the credentials, it is 64 KiB.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// // Enough for rate limits.
    /// let config = RedisConfig::from_url("redis://cache.example")?.max_response(64 << 10);
    /// # assert_eq!(config.to_string(), "redis://cache.example:6379/0");
    /// # Ok::<(), alicloud_limit_redis::RedisError>(())
    /// ```
    #[must_use]
    pub fn max_response(mut self, bytes: usize) -> Self {
        self.max_response = bytes;
        self
    }

    /// Adds root certificates in PEM, for a server whose certificate the machine does not trust.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let config = RedisConfig::from_url("rediss://cache.example")?
    ///     .root_certificates(std::fs::read("ca.pem")?);
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates = Pem(pem.into());
        self.tls_client = Arc::default();
        self
    }

    /// Sets the client certificate and its private key in PEM, for a server that requires one.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn client_certificate(mut self, pem: impl Into<Secret>) -> Self {
        self.client_certificate = Some(pem.into());
        self.tls_client = Arc::default();
        self
    }

    /// Returns the URL of one server without credentials.
    pub(crate) fn server_url(&self, address: &Address) -> String {
        match address {
            Address::Tcp { .. } => format!("{}://{address}", self.scheme()),
            Address::Unix(_) => format!("unix://{address}"),
        }
    }

    fn scheme(&self) -> &'static str {
        if self.uses_tls { "rediss" } else { "redis" }
    }
}

/// Shows the URL without credentials.
impl fmt::Display for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |addresses: &[Address]| {
            addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
        };
        let (scheme, database) = (self.scheme(), self.database);
        match &self.topology {
            Topology::Single(Address::Unix(path)) => {
                write!(f, "unix://{}?db={database}", path.display())
            }
            Topology::Single(address) => write!(f, "{scheme}://{address}/{database}"),
            Topology::Sentinel(sentinels, master) => {
                write!(f, "{scheme}+sentinel://{}/{master}/{database}", list(sentinels))
            }
            Topology::Cluster(nodes) => write!(f, "{scheme}+cluster://{}", list(nodes)),
        }
    }
}

fn read_login(variables: &Variables, username: &str, password: &str) -> Result<Login, RedisError> {
    let read = |name: &str| {
        variables.text(name).map_err(|message| {
            RedisError::invalid_url(message, "it is needed for the credentials of Redis")
        })
    };
    Ok(Login { username: read(username)?, password: read(password)?.map(Secret::new) })
}
