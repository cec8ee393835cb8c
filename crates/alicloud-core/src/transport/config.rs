//! How the default transport connects.

use std::fmt;
use std::time::Duration;

use crate::secret::Secret;

/// How the default transport connects: limits, proxy, certificates.
///
/// A [`ClientBuilder`](crate::ClientBuilder) has the same methods. Use this one to give several
/// clients one [`ReqwestTransport`](crate::transport::ReqwestTransport), so that they share
/// connections. `Debug` shows no password and no key.
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_core::transport::TransportConfig;
///
/// let config = TransportConfig::new()
///     .connect_timeout(Duration::from_secs(2))
///     .proxy("http://user:password@proxy.example:3128");
/// assert!(!format!("{config:?}").contains("password@"));
/// ```
#[derive(Clone)]
#[cfg_attr(not(feature = "transport"), allow(dead_code, reason = "there is no default transport"))]
pub struct TransportConfig {
    pub(super) connect_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) proxy: Proxy,
    /// PEM texts.
    pub(super) roots: Vec<Vec<u8>>,
    /// A PEM text of a chain and its key.
    pub(super) identity: Option<Secret>,
}

/// Which way connections take.
#[derive(Clone)]
#[cfg_attr(not(feature = "transport"), allow(dead_code, reason = "there is no default transport"))]
pub(super) enum Proxy {
    /// As the environment says.
    Environment,
    /// The direct one.
    Direct,
    /// Through this one. Its URL can hold a password.
    Through(Secret),
}

impl Default for TransportConfig {
    fn default() -> Self {
        TransportConfig {
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(15),
            proxy: Proxy::Environment,
            roots: Vec::new(),
            identity: None,
        }
    }
}

impl TransportConfig {
    /// The defaults.
    pub fn new() -> Self {
        TransportConfig::default()
    }

    /// For how long a connection may take to come about, TLS included. 5 seconds unless told
    /// otherwise.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// For how long a connection without a call is kept. 15 seconds unless told otherwise.
    ///
    /// It should be shorter than what the gateway keeps its own, about a minute: a connection that is
    /// dropped at the moment of its use costs a call.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// The proxy for all connections, such as `http://user:password@proxy.example:3128` or
    /// `socks5://localhost:1080`. It goes before the environment, `NO_PROXY` included.
    ///
    /// Unless told otherwise, `HTTPS_PROXY` (for plain HTTP, `HTTP_PROXY`) and else `ALL_PROXY` are
    /// used, in upper or lower case, but for the hosts in `NO_PROXY`: a list, separated by commas, of
    /// domains, which include their subdomains, of addresses, of networks such as `10.0.0.0/8`, or `*`
    /// for all domains.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Proxy::Through(url.into());
        self
    }

    /// No proxy, whatever the environment says.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::Direct;
        self
    }

    /// A root certificate to trust beside those of the platform, in PEM; there may be several in one
    /// text. A CA of a company whose proxy looks into TLS goes here.
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// A certificate to show to servers that ask for one: a text in PEM with the chain and its
    /// private key (PKCS #8).
    #[must_use]
    pub fn client_certificate(mut self, pem: impl Into<Secret>) -> Self {
        self.identity = Some(pem.into());
        self
    }
}

impl fmt::Debug for TransportConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportConfig")
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field(
                "proxy",
                &match self.proxy {
                    Proxy::Environment => "of the environment",
                    Proxy::Direct => "none",
                    Proxy::Through(_) => "set",
                },
            )
            .field("root_certificates", &self.roots.len())
            .field("client_certificate", &self.identity.is_some())
            .finish()
    }
}
