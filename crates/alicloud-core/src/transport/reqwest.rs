//! The default transport. The one file that names reqwest.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use tokio::time::timeout;

use super::{Transport, TransportError, TransportErrorKind, TransportOptions};
use crate::BoxFuture;

/// How long an idle connection is kept. The gateways drop theirs after about a minute, and a
/// connection that is dropped at the moment of its use costs a call.
const IDLE: Duration = Duration::from_secs(15);

/// The default transport: reqwest with HTTP/1.1, over rustls where a TLS feature is on.
///
/// It follows no redirects, sends nothing twice, decompresses nothing and stops reading a reply that
/// is too large. `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are honoured. It needs a tokio runtime
/// with I/O and time enabled. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with connections of its own, which must come about within `connect_timeout`.
    ///
    /// # Errors
    ///
    /// When the machine's trusted roots cannot be read.
    pub fn new(connect_timeout: Duration) -> Result<Self, TransportError> {
        let builder = reqwest::Client::builder()
            .connect_timeout(connect_timeout)
            .pool_idle_timeout(IDLE)
            .redirect(Policy::none())
            .referer(false)
            // A request that is sent again below the signer has a nonce that was seen.
            .retry(reqwest::retry::never())
            .http1_only();
        let client = with_tls(builder)?.build().map_err(|error| {
            TransportError::new(TransportErrorKind::Other).with_source(error.without_url())
        })?;
        Ok(ReqwestTransport { client })
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> Result<http::Response<Bytes>, TransportError> {
        if !cfg!(feature = "rustls-ring")
            && request.uri().scheme() == Some(&http::uri::Scheme::HTTPS)
        {
            return Err(TransportError::new(TransportErrorKind::Tls).with_source(
                "alicloud-core was built without TLS: switch on its feature `rustls-ring`",
            ));
        }
        let request = reqwest::Request::try_from(request).map_err(|error| {
            TransportError::new(TransportErrorKind::Request).with_source(error.without_url())
        })?;
        let silence = || TransportError::new(TransportErrorKind::Silence);

        let mut reply = timeout(options.silence, self.client.execute(request))
            .await
            .map_err(|_| silence())?
            .map_err(|error| explain(error, TransportErrorKind::Interrupted))?;

        let too_large = || TransportError::new(TransportErrorKind::TooLarge);
        let announced = reply.content_length().and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > options.max_reply_bytes) {
            return Err(too_large());
        }
        // What is announced is not yet there, so it reserves a little at most.
        let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(64 << 10));
        while let Some(piece) = timeout(options.silence, reply.chunk())
            .await
            .map_err(|_| silence())?
            .map_err(|error| explain(error, TransportErrorKind::Body))?
        {
            if body.len() + piece.len() > options.max_reply_bytes {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
        }

        let mut response = http::Response::new(body.freeze());
        *response.status_mut() = reply.status();
        *response.version_mut() = reply.version();
        *response.headers_mut() = std::mem::take(reply.headers_mut());
        Ok(response)
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

#[cfg(feature = "rustls-ring")]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, TransportError> {
    use std::sync::Arc;

    use rustls_platform_verifier::BuilderVerifierExt as _;

    // Our own provider in our own configuration: a process-wide default belongs to the program.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_platform_verifier())
        .map_err(|error| TransportError::new(TransportErrorKind::Tls).with_source(error))?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls-ring"))]
#[allow(clippy::unnecessary_wraps, reason = "the same as with TLS")]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, TransportError> {
    Ok(builder)
}

/// Says in which phase reqwest failed.
fn explain(error: reqwest::Error, otherwise: TransportErrorKind) -> TransportError {
    let kind = if error.is_connect() {
        connect_phase(&error)
    } else if error.is_timeout() {
        TransportErrorKind::Silence
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else {
        otherwise
    };
    TransportError::new(kind).with_source(error.without_url())
}

/// Tells the three ways apart in which there is no connection.
fn connect_phase(error: &reqwest::Error) -> TransportErrorKind {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = cause {
        #[cfg(feature = "rustls-ring")]
        if is_tls(error) {
            return TransportErrorKind::Tls;
        }
        // The resolver's error has no type that can be named.
        if error.to_string().starts_with("dns error") {
            return TransportErrorKind::Dns;
        }
        // An `io::Error` skips the error inside it in its chain.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn StdError + 'static));
        cause = inner.or_else(|| error.source());
    }
    TransportErrorKind::Connect
}

#[cfg(feature = "rustls-ring")]
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    error.is::<rustls::Error>()
}
