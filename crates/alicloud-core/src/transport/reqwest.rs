//! The default transport. The one file that names reqwest.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use tokio::time::timeout;

use super::config::Proxy;
use super::{Transport, TransportConfig, TransportError, TransportErrorKind, TransportOptions};
use crate::BoxFuture;

/// The default transport: reqwest with HTTP/1.1, over rustls or the platform's TLS where a feature for
/// it is on.
///
/// It follows no redirects, sends nothing twice, decompresses nothing and stops reading a response that
/// is too large. `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are honoured. It needs a tokio runtime
/// with I/O and time enabled. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// Whether it cannot speak HTTPS, which is then said better than reqwest says it.
    plain: bool,
}

impl ReqwestTransport {
    /// A transport with connections of its own, which must come about within `connect_timeout`.
    ///
    /// # Errors
    ///
    /// When the machine's trusted roots cannot be read.
    pub fn new(connect_timeout: Duration) -> Result<Self, TransportError> {
        ReqwestTransport::with_config(&TransportConfig::new().connect_timeout(connect_timeout))
    }

    /// A transport with connections of its own, which come about as told.
    ///
    /// # Errors
    ///
    /// When the machine's trusted roots cannot be read, a certificate is no PEM, a certificate is
    /// given without a TLS feature, or the proxy is no URL.
    pub fn with_config(config: &TransportConfig) -> Result<Self, TransportError> {
        let builder = reqwest::Client::builder()
            .connect_timeout(config.connect_timeout)
            .pool_idle_timeout(config.idle_timeout)
            .redirect(Policy::none())
            .referer(false)
            // A request that is sent again below the signer has a nonce that was seen.
            .retry(reqwest::retry::never())
            .http1_only();
        let builder = match &config.proxy {
            // reqwest reads the environment itself, as curl does.
            Proxy::Environment => builder,
            Proxy::Direct => builder.no_proxy(),
            Proxy::Through(url) => builder.proxy(proxy(url.expose())?),
        };
        let client = with_tls(builder, config)?.build().map_err(|error| {
            TransportError::new(TransportErrorKind::Other).with_source(error.without_url())
        })?;
        Ok(ReqwestTransport {
            client,
            plain: !cfg!(any(feature = "__rustls", feature = "native-tls")),
        })
    }

    /// A transport over a client that is there already, with its connections, proxy and TLS.
    ///
    /// It must have been built with `redirect(Policy::none())` and `retry(retry::never())`: a signed
    /// request that is sent again is refused for its nonce, and one that follows a redirect hands its
    /// security token to another host. The timeouts of a call hold beside its own. This is the one
    /// function that names reqwest, and follows its version.
    pub fn from_client(client: reqwest::Client) -> Self {
        ReqwestTransport { client, plain: false }
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> Result<http::Response<Bytes>, TransportError> {
        if self.plain && request.uri().scheme() == Some(&http::uri::Scheme::HTTPS) {
            return Err(TransportError::new(TransportErrorKind::Tls).with_source(
                "alicloud-core was built without TLS: switch on its feature `rustls-ring`",
            ));
        }
        let request = reqwest::Request::try_from(request).map_err(|error| {
            TransportError::new(TransportErrorKind::Request).with_source(error.without_url())
        })?;
        let read_timeout = || TransportError::new(TransportErrorKind::ReadTimeout);

        let mut response = timeout(options.read_timeout, self.client.execute(request))
            .await
            .map_err(|_| read_timeout())?
            .map_err(|error| explain(error, TransportErrorKind::Interrupted))?;

        let too_large = || TransportError::new(TransportErrorKind::TooLarge);
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > options.max_response_bytes) {
            return Err(too_large());
        }
        // What is announced is not yet there, so it reserves a little at most.
        let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(64 << 10));
        while let Some(piece) = timeout(options.read_timeout, response.chunk())
            .await
            .map_err(|_| read_timeout())?
            .map_err(|error| explain(error, TransportErrorKind::Body))?
        {
            if body.len() + piece.len() > options.max_response_bytes {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
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
        // reqwest's own shows the proxy, whose URL can hold a password.
        f.write_str("ReqwestTransport")
    }
}

/// A proxy for everything. Its URL is not quoted, because it can hold a password.
fn proxy(url: &str) -> Result<reqwest::Proxy, TransportError> {
    let refused = |reason| TransportError::new(TransportErrorKind::Request).with_source(reason);
    let scheme = url.split_once("://").map_or("http", |(scheme, _)| scheme);
    if !["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(&scheme) {
        return Err(refused("the proxy's scheme is neither http, https nor socks5"));
    }
    reqwest::Proxy::all(url)
        .map_err(|_| refused("the proxy is not a URL such as http://proxy.example:3128"))
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
    let failed = |error: reqwest::Error| {
        TransportError::new(TransportErrorKind::Tls).with_source(error.without_url())
    };
    let not_pem = |what: &str| {
        TransportError::new(TransportErrorKind::Tls).with_source(format!("the {what} is not PEM"))
    };
    builder = builder.tls_backend_native().tls_version_min(reqwest::tls::Version::TLS_1_2);
    for pem in &config.roots {
        let found = reqwest::Certificate::from_pem_bundle(pem).map_err(failed)?;
        if found.is_empty() {
            return Err(not_pem("root certificate"));
        }
        builder = builder.tls_certs_merge(found);
    }
    if let Some(pem) = &config.identity {
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
        let identity = reqwest::Identity::from_pkcs8_pem(chain.as_bytes(), key).map_err(failed)?;
        builder = builder.identity(identity);
    }
    Ok(builder)
}

#[cfg(not(any(feature = "__rustls", feature = "native-tls")))]
fn with_tls(
    builder: reqwest::ClientBuilder,
    config: &TransportConfig,
) -> Result<reqwest::ClientBuilder, TransportError> {
    if config.roots.is_empty() && config.identity.is_none() {
        return Ok(builder);
    }
    Err(TransportError::new(TransportErrorKind::Tls).with_source(
        "there are certificates, but alicloud-core was built without TLS: switch on its feature `rustls-ring`",
    ))
}

/// Says in which phase reqwest failed.
fn explain(error: reqwest::Error, otherwise: TransportErrorKind) -> TransportError {
    let kind = if error.is_connect() {
        connect_phase(&error)
    } else if error.is_timeout() {
        TransportErrorKind::ReadTimeout
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else if is_refused(&error) {
        TransportErrorKind::Tls
    } else {
        otherwise
    };
    TransportError::new(kind).with_source(error.without_url())
}

/// Tells the three ways apart in which there is no connection.
fn connect_phase(error: &reqwest::Error) -> TransportErrorKind {
    for cause in causes(error) {
        if is_tls(cause) {
            return TransportErrorKind::Tls;
        }
        // The resolver's error has no type that can be named.
        if cause.to_string().starts_with("dns error") {
            return TransportErrorKind::Dns;
        }
    }
    TransportErrorKind::Connect
}

/// Everything beneath an error, also what an `io::Error` skips in its own chain: the error inside it.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| {
        let error: &(dyn StdError + 'static) = *error;
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| error.source())
    })
}

/// Whether the server refused our certificate, which it does when the request is on its way already.
fn is_refused(error: &reqwest::Error) -> bool {
    #[cfg(feature = "__rustls")]
    return causes(error).any(super::tls::is_refused);
    #[cfg(not(feature = "__rustls"))]
    {
        let _ = error;
        false
    }
}

/// Whether an error is one of TLS.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "__rustls")]
    if super::tls::is_handshake(error) {
        return true;
    }
    #[cfg(feature = "native-tls")]
    if error.is::<native_tls::Error>() {
        return true;
    }
    let _ = error;
    false
}
