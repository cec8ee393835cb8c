//! The configuration of the default transport.

use std::fmt;
use std::time::Duration;

use crate::secret::Secret;
use crate::variables::Variables;

/// Configuration of the default transport: timeouts, proxy and certificates.
///
/// A [`ClientBuilder`](crate::ClientBuilder) has the same methods. Use this type to share one
/// [`ReqwestTransport`](crate::transport::ReqwestTransport), and so its connections, among several
/// clients. `Debug` shows no password and no key.
///
/// # Examples
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
#[cfg_attr(
    not(feature = "transport"),
    allow(dead_code, reason = "unused without the default transport")
)]
pub struct TransportConfig {
    pub(super) connect_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) proxy: Proxy,
    /// Where the variables with proxies are read.
    pub(super) variables: Variables,
    /// Additional root certificates in PEM.
    pub(super) root_certificates: Vec<Vec<u8>>,
    /// The certificate chain and its private key in PEM.
    pub(super) client_certificate: Option<Secret>,
}

/// The proxy of all connections.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "transport"),
    allow(dead_code, reason = "unused without the default transport")
)]
pub(super) enum Proxy {
    /// The proxy of the environment variables, if there is one.
    Environment,
    /// No proxy.
    Disabled,
    /// The proxy at this URL, which can contain a password.
    Url(Secret),
}

impl Default for TransportConfig {
    fn default() -> Self {
        TransportConfig {
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(15),
            proxy: Proxy::Environment,
            variables: Variables::from_env(),
            root_certificates: Vec::new(),
            client_certificate: None,
        }
    }
}

impl TransportConfig {
    /// Creates the default configuration.
    pub fn new() -> Self {
        TransportConfig::default()
    }

    /// Sets the maximum time to establish a connection, including the TLS handshake. Defaults to 5 s.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::transport::TransportConfig;
    ///
    /// let config = TransportConfig::new().connect_timeout(Duration::from_secs(2));
    /// assert!(format!("{config:?}").contains("connect_timeout: 2s"));
    /// ```
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long an idle connection is kept. Defaults to 15 s.
    ///
    /// Keep it shorter than the idle timeout of the gateway, about 60 s: a call fails if the gateway
    /// closes the connection just when the call uses it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::transport::TransportConfig;
    ///
    /// let config = TransportConfig::new().idle_timeout(Duration::from_secs(30));
    /// assert!(format!("{config:?}").contains("idle_timeout: 30s"));
    /// ```
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets the proxy of all connections, such as `http://user:password@proxy.example:3128` or
    /// `socks5://localhost:1080`. Overrides the environment, including `NO_PROXY`.
    ///
    /// Defaults to the environment variable `HTTPS_PROXY` (for plain HTTP: `HTTP_PROXY`), else
    /// `ALL_PROXY`, each in upper case, else in lower case. Without a scheme, the proxy is one of HTTP. Blanks
    /// around a value are ignored, and a variable that is empty counts as not set. Without any of them, there
    /// is no proxy; settings of the operating system are not read.
    ///
    /// The variables do not apply to the hosts in `NO_PROXY`, a list separated by commas or blanks:
    ///
    /// | Entry | Hosts |
    /// |---|---|
    /// | `*` | all, also addresses |
    /// | `example.com`, `.example.com`, `*.example.com` | the domain and its subdomains |
    /// | `192.0.2.1`, `::1`, `[::1]` | the address |
    /// | `10.0.0.0/8`, `fd00::/8` | the addresses of the network |
    /// | `example.com:8080`, `127.0.0.1:8080`, `[::1]:8080` | the same, at this port only |
    ///
    /// Other entries are ignored. `HTTP_PROXY` in upper case is ignored in a CGI program, that is with the
    /// variable `REQUEST_METHOD`, because a request can set it there.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::transport::TransportConfig;
    ///
    /// let config = TransportConfig::new().proxy("socks5://localhost:1080");
    /// assert!(format!("{config:?}").contains("proxy: \"set\""));
    /// ```
    #[must_use]
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Sets the environment variables that [`proxy`](Self::proxy) describes. Defaults to those of the process.
    /// They are read when the transport is created.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::Variables;
    /// use alicloud_core::transport::TransportConfig;
    /// # #[cfg(feature = "transport")]
    /// use alicloud_core::transport::ReqwestTransport;
    ///
    /// let config = TransportConfig::new().variables(Variables::from_pairs([("HTTPS_PROXY", "::::")]));
    /// # #[cfg(feature = "transport")] {
    /// let error = ReqwestTransport::with_config(&config).unwrap_err();
    /// let reason = std::error::Error::source(&error).unwrap().to_string();
    /// assert!(reason.starts_with("the proxy URL in the environment variable HTTPS_PROXY is invalid"));
    /// # }
    /// ```
    #[must_use]
    pub fn variables(mut self, variables: Variables) -> Self {
        self.variables = variables;
        self
    }

    /// Disables proxies, including those of the environment.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::transport::TransportConfig;
    ///
    /// let config = TransportConfig::new().no_proxy();
    /// assert!(format!("{config:?}").contains("proxy: \"disabled\""));
    /// ```
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::Disabled;
        self
    }

    /// Adds one or more root certificates in PEM, to trust in addition to those of the platform, for
    /// example the CA of a proxy that inspects TLS.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::transport::TransportConfig;
    ///
    /// let pem = "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n";
    /// let config = TransportConfig::new().root_certificate(pem);
    /// assert!(format!("{config:?}").contains("root_certificates: 1"));
    /// ```
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Sets the client certificate for servers that request one: the certificate chain and its
    /// private key (PKCS #8), both in one PEM text.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::transport::TransportConfig;
    ///
    /// let pem = "-----BEGIN CERTIFICATE-----\n…\n-----BEGIN PRIVATE KEY-----\n…\n";
    /// let config = TransportConfig::new().client_certificate(pem);
    /// assert!(format!("{config:?}").contains("client_certificate: true"));
    /// ```
    #[must_use]
    pub fn client_certificate(mut self, pem: impl Into<Secret>) -> Self {
        self.client_certificate = Some(pem.into());
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
                    Proxy::Environment => "environment",
                    Proxy::Disabled => "disabled",
                    Proxy::Url(_) => "set",
                },
            )
            .field("root_certificates", &self.root_certificates.len())
            .field("client_certificate", &self.client_certificate.is_some())
            .finish()
    }
}
