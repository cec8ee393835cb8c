//! The default transport. The only file that uses reqwest.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use tokio::time::timeout;

use super::config::Proxy;
use super::{Transport, TransportConfig, TransportError, TransportErrorKind, TransportOptions};
use crate::future::BoxFuture;

/// The default transport: reqwest with HTTP/1.1, and HTTPS if a TLS feature is enabled.
///
/// It does not follow redirects, retry or decompress, and it stops reading a response that is too
/// large. It uses the proxies of `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. It needs a
/// tokio runtime with I/O and time enabled. Cloning is cheap and shares the connections.
///
/// # Examples
///
/// Two clients that share their connections:
///
/// ```
/// use alicloud_core::transport::{ReqwestTransport, TransportConfig};
/// use alicloud_core::{Client, ClientBuilder, Product};
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// static ECS: Product = Product::new("Ecs", "2014-05-26").with_endpoint("ecs.aliyuncs.com");
///
/// let transport = ReqwestTransport::with_config(&TransportConfig::new())?;
/// let cdn: Client = ClientBuilder::new(&CDN).transport(transport.clone()).build()?;
/// let ecs: Client = ClientBuilder::new(&ECS).transport(transport).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// Whether there is no TLS, so that HTTPS requests get a better error than reqwest's.
    is_http_only: bool,
}

impl ReqwestTransport {
    /// Creates a transport with this connect timeout and otherwise default configuration.
    ///
    /// # Errors
    ///
    /// Returns [`TransportErrorKind::Tls`] if the root certificates of the platform cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::transport::ReqwestTransport;
    ///
    /// assert!(ReqwestTransport::new(Duration::from_secs(2)).is_ok());
    /// ```
    pub fn new(connect_timeout: Duration) -> Result<Self, TransportError> {
        ReqwestTransport::with_config(&TransportConfig::new().connect_timeout(connect_timeout))
    }

    /// Creates a transport with this configuration.
    ///
    /// # Errors
    ///
    /// * [`TransportErrorKind::Tls`] if the root certificates of the platform cannot be read, or a
    ///   configured certificate is not PEM or needs a TLS feature that is not enabled.
    /// * [`TransportErrorKind::Request`] if the proxy is not a URL.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::TransportErrorKind;
    /// use alicloud_core::transport::{ReqwestTransport, TransportConfig};
    ///
    /// let config = TransportConfig::new().proxy("ftp://proxy.example");
    /// let error = ReqwestTransport::with_config(&config).unwrap_err();
    /// assert_eq!(error.kind(), TransportErrorKind::Request);
    /// ```
    pub fn with_config(config: &TransportConfig) -> Result<Self, TransportError> {
        let builder = reqwest::Client::builder()
            .connect_timeout(config.connect_timeout)
            .pool_idle_timeout(config.idle_timeout)
            .redirect(Policy::none())
            .referer(false)
            // A retry below the signer would reuse the nonce, and the service would reject it.
            .retry(reqwest::retry::never())
            .http1_only();
        let builder = match &config.proxy {
            // reqwest reads the environment itself.
            Proxy::Environment => builder,
            Proxy::Disabled => builder.no_proxy(),
            Proxy::Url(url) => builder.proxy(parse_proxy(url.expose())?),
        };
        let client = with_tls(builder, config)?.build().map_err(|error| {
            TransportError::new(TransportErrorKind::Other).with_source(error.without_url())
        })?;
        Ok(ReqwestTransport {
            client,
            is_http_only: !cfg!(any(feature = "__rustls", feature = "native-tls")),
        })
    }

    /// Creates a transport from an existing reqwest client, with its connections, proxy and TLS.
    ///
    /// Build the client with `redirect(Policy::none())` and `retry(retry::never())`. Otherwise a
    /// resent request is rejected for its nonce, and a followed redirect sends the security token to
    /// another host. The timeouts of a call apply in addition to those of the client.
    ///
    /// This is the only public function with a reqwest type; it changes with reqwest's version.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::transport::ReqwestTransport;
    ///
    /// # let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    /// let client = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .retry(reqwest::retry::never())
    ///     .build()?;
    /// let transport = ReqwestTransport::from_client(client);
    /// assert_eq!(format!("{transport:?}"), "ReqwestTransport");
    /// # Ok::<(), reqwest::Error>(())
    /// ```
    pub fn from_client(client: reqwest::Client) -> Self {
        ReqwestTransport { client, is_http_only: false }
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> Result<http::Response<Bytes>, TransportError> {
        if self.is_http_only && request.uri().scheme() == Some(&http::uri::Scheme::HTTPS) {
            return Err(TransportError::new(TransportErrorKind::Tls).with_source(
                "alicloud-core was built without TLS; enable its feature `rustls-ring`",
            ));
        }
        let request = reqwest::Request::try_from(request).map_err(|error| {
            TransportError::new(TransportErrorKind::Request).with_source(error.without_url())
        })?;
        let read_timeout = || TransportError::new(TransportErrorKind::ReadTimeout);

        let mut response = timeout(options.read_timeout, self.client.execute(request))
            .await
            .map_err(|_| read_timeout())?
            .map_err(|error| transport_error(error, TransportErrorKind::Interrupted))?;

        let too_large = || TransportError::new(TransportErrorKind::TooLarge);
        let length = response.content_length().and_then(|length| usize::try_from(length).ok());
        if length.is_some_and(|length| length > options.max_response_bytes) {
            return Err(too_large());
        }
        // A server can announce any length, so the initial capacity is limited.
        let mut body = BytesMut::with_capacity(length.unwrap_or(0).min(64 << 10));
        while let Some(chunk) = timeout(options.read_timeout, response.chunk())
            .await
            .map_err(|_| read_timeout())?
            .map_err(|error| transport_error(error, TransportErrorKind::Body))?
        {
            if body.len() + chunk.len() > options.max_response_bytes {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }

        let mut complete = http::Response::new(body.freeze());
        *complete.status_mut() = response.status();
        *complete.version_mut() = response.version();
        *complete.headers_mut() = std::mem::take(response.headers_mut());
        Ok(complete)
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request, options))
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // reqwest's own output shows the proxy, whose URL can contain a password.
        f.write_str("ReqwestTransport")
    }
}

/// Returns a proxy for all requests. Errors do not quote its URL, which can contain a password.
fn parse_proxy(url: &str) -> Result<reqwest::Proxy, TransportError> {
    let invalid = |reason| TransportError::new(TransportErrorKind::Request).with_source(reason);
    let scheme = url.split_once("://").map_or("http", |(scheme, _)| scheme);
    if !["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(&scheme) {
        return Err(invalid("the proxy URL has an unknown scheme; use http, https or socks5"));
    }
    reqwest::Proxy::all(url)
        .map_err(|_| invalid("the proxy is not a URL; write one such as http://proxy.example:3128"))
}

#[cfg(feature = "__rustls")]
fn with_tls(
    builder: reqwest::ClientBuilder,
    config: &TransportConfig,
) -> Result<reqwest::ClientBuilder, TransportError> {
    Ok(builder.tls_backend_preconfigured(super::tls::client_config(config)?))
}

#[cfg(all(feature = "native-tls", not(feature = "__rustls")))]
fn with_tls(
    mut builder: reqwest::ClientBuilder,
    config: &TransportConfig,
) -> Result<reqwest::ClientBuilder, TransportError> {
    let tls_error = |error: reqwest::Error| {
        TransportError::new(TransportErrorKind::Tls).with_source(error.without_url())
    };
    let not_pem = |what: &str| {
        TransportError::new(TransportErrorKind::Tls).with_source(format!("the {what} is not PEM"))
    };
    builder = builder.tls_backend_native().tls_version_min(reqwest::tls::Version::TLS_1_2);
    for pem in &config.root_certificates {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(tls_error)?;
        if certificates.is_empty() {
            return Err(not_pem("root certificate"));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(pem) = &config.client_certificate {
        let pem = pem.expose();
        let start = pem.find("-----BEGIN PRIVATE KEY").ok_or_else(|| not_pem("private key"))?;
        let end = pem.get(start..).and_then(|rest| rest.find("-----END PRIVATE KEY-----"));
        let end = end.ok_or_else(|| not_pem("private key"))?;
        let key = pem.get(start..start + end + "-----END PRIVATE KEY-----".len());
        let chain = zeroize::Zeroizing::new(
            [pem.get(..start), pem.get(start + end + "-----END PRIVATE KEY-----".len()..)]
                .map(Option::unwrap_or_default)
                .concat(),
        );
        let key = key.unwrap_or_default().as_bytes();
        let identity = reqwest::Identity::from_pkcs8_pem(chain.as_bytes(), key);
        builder = builder.identity(identity.map_err(tls_error)?);
    }
    Ok(builder)
}

#[cfg(not(any(feature = "__rustls", feature = "native-tls")))]
fn with_tls(
    builder: reqwest::ClientBuilder,
    config: &TransportConfig,
) -> Result<reqwest::ClientBuilder, TransportError> {
    if config.root_certificates.is_empty() && config.client_certificate.is_none() {
        return Ok(builder);
    }
    Err(TransportError::new(TransportErrorKind::Tls).with_source(
        "certificates need TLS, but alicloud-core was built without; enable its feature `rustls-ring`",
    ))
}

/// Converts an error of reqwest. `default` is the kind if the error does not name a phase.
fn transport_error(error: reqwest::Error, default: TransportErrorKind) -> TransportError {
    let kind = if error.is_connect() {
        connect_error_kind(&error)
    } else if error.is_timeout() {
        TransportErrorKind::ReadTimeout
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else if is_certificate_rejected(&error) {
        TransportErrorKind::Tls
    } else {
        default
    };
    TransportError::new(kind).with_source(error.without_url())
}

/// Returns whether a connection failed in DNS, TCP or TLS.
fn connect_error_kind(error: &reqwest::Error) -> TransportErrorKind {
    for cause in causes(error) {
        if is_tls_error(cause) {
            return TransportErrorKind::Tls;
        }
        // The resolver's error type is private, so only its text identifies it.
        if cause.to_string().starts_with("dns error") {
            return TransportErrorKind::Dns;
        }
    }
    TransportErrorKind::Connect
}

/// Returns all causes of an error, including the inner error of an `io::Error`, which `source` skips.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| {
        let error: &(dyn StdError + 'static) = *error;
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| error.source())
    })
}

/// Returns whether the server rejected the client certificate, which can happen after the request
/// was sent.
fn is_certificate_rejected(error: &reqwest::Error) -> bool {
    #[cfg(feature = "__rustls")]
    return causes(error).any(super::tls::is_certificate_rejected);
    #[cfg(not(feature = "__rustls"))]
    {
        let _ = error;
        false
    }
}

/// Returns whether an error is one of TLS.
fn is_tls_error(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "__rustls")]
    if super::tls::is_tls_error(error) {
        return true;
    }
    #[cfg(feature = "native-tls")]
    if error.is::<native_tls::Error>() {
        return true;
    }
    let _ = error;
    false
}
