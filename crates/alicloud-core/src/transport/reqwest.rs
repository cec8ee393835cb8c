//! The default transport. Only this module uses reqwest.

mod errors;
mod runtime;
mod tls;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;

use self::runtime::{with_drivers, with_read_timeout};
use super::proxy::Proxies;
use super::{Transport, TransportConfig, TransportError, TransportErrorKind, TransportOptions};
use crate::future::BoxFuture;

/// The default transport: reqwest with HTTP/1.1, and HTTPS if a TLS feature is enabled.
///
/// It does not follow redirects, retry or decompress, and it stops reading a response that is too
/// large. It uses the proxies of `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; see
/// [`TransportConfig::proxy`]. Cloning is cheap and shares the connections.
///
/// It needs a tokio runtime with I/O and time enabled. Without a runtime, a request fails with
/// [`TransportErrorKind::Request`] before it is sent. On a runtime without I/O or time, tokio panics; the panic is
/// caught and becomes the same error, unless the program aborts on panics.
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
    /// To name the setting with a proxy that rejects the credentials. Empty for an existing client.
    proxies: Arc<Proxies>,
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
    /// * [`TransportErrorKind::Request`] if the proxy URL or one in the environment is invalid. The error
    ///   names the variable and does not quote its value.
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
        let proxies = Proxies::new(&config.proxy, &config.variables).map_err(|reason| {
            TransportError::new(TransportErrorKind::Request).with_source(reason)
        })?;
        let proxies = Arc::new(proxies);
        // reqwest's own rules ignore an invalid variable, and `*` for addresses, and have no ports.
        let builder = match proxies.is_empty() {
            true => builder.no_proxy(),
            false => {
                let proxies = Arc::clone(&proxies);
                builder.proxy(reqwest::Proxy::custom(move |url| {
                    proxies.find(url).map(|proxy| proxy.url.clone())
                }))
            }
        };
        let client = tls::with_tls(builder, config)?.build().map_err(|error| {
            TransportError::new(TransportErrorKind::Other).with_source(error.without_url())
        })?;
        Ok(ReqwestTransport {
            client,
            proxies,
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
        ReqwestTransport { client, proxies: Arc::default(), is_http_only: false }
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> Result<http::Response<Bytes>, TransportError> {
        runtime::check()?;
        if self.is_http_only && request.uri().scheme() == Some(&http::uri::Scheme::HTTPS) {
            return Err(TransportError::new(TransportErrorKind::Tls).with_source(
                "alicloud-core was built without TLS; enable its feature `rustls-ring`",
            ));
        }
        let request = reqwest::Request::try_from(request).map_err(|error| {
            TransportError::new(TransportErrorKind::Request).with_source(error.without_url())
        })?;
        let limit = options.read_timeout;
        let convert_error = |error, default| errors::convert(error, default, &self.proxies);

        // `execute` itself starts the timers of an existing client.
        let kind = TransportErrorKind::Request;
        let response = pin!(with_drivers(kind, || self.client.execute(request))?);
        let mut response = with_read_timeout(limit, response, kind)
            .await?
            .map_err(|error| convert_error(error, TransportErrorKind::Interrupted))?;
        if response.status() == http::StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            let setting = self.proxies.setting_for(Some(response.url()));
            return Err(errors::rejected_by_proxy("HTTP 407", setting));
        }

        let too_large = || TransportError::new(TransportErrorKind::TooLarge);
        let length = response.content_length().and_then(|length| usize::try_from(length).ok());
        if length.is_some_and(|length| length > options.max_response_bytes) {
            return Err(too_large());
        }
        // A server can announce any length, so the initial capacity is limited.
        let mut body = BytesMut::with_capacity(length.unwrap_or(0).min(64 << 10));
        while let Some(chunk) =
            with_read_timeout(limit, pin!(response.chunk()), TransportErrorKind::Body)
                .await?
                .map_err(|error| convert_error(error, TransportErrorKind::Body))?
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
