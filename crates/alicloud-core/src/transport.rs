//! The [`Transport`] trait, which sends signed requests, and the default transport.

mod config;
#[cfg(feature = "transport")]
mod proxy;
#[cfg(feature = "transport")]
mod reqwest;
#[cfg(feature = "__rustls")]
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub use self::config::TransportConfig;
#[cfg(feature = "transport")]
pub use self::reqwest::ReqwestTransport;
pub use crate::error::{TransportError, TransportErrorKind};
use crate::future::BoxFuture;

/// An HTTP client that sends signed requests.
///
/// A transport must send each request exactly once and unchanged:
///
/// * It must not follow redirects and must not retry.
/// * It must not change the host, the path, the query, the body or a header that begins with
///   `x-acs-`, because these are signed.
/// * It must not log the query or the headers, because they contain credentials.
///
/// # Examples
///
/// A transport that counts the requests of another one:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use alicloud_core::bytes::Bytes;
/// use alicloud_core::http::{Request, Response};
/// use alicloud_core::testing::FakeTransport;
/// use alicloud_core::{BoxFuture, Transport, TransportError, TransportOptions};
///
/// #[derive(Debug)]
/// struct Counting<T> {
///     inner: T,
///     requests: AtomicUsize,
/// }
///
/// impl<T: Transport> Transport for Counting<T> {
///     fn send(
///         &self,
///         request: Request<Bytes>,
///         options: TransportOptions,
///     ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
///         self.requests.fetch_add(1, Ordering::Relaxed);
///         self.inner.send(request, options)
///     }
/// }
///
/// let fake = FakeTransport::new().respond_json("DescribeRegions", "{}");
/// let transport = Counting { inner: fake, requests: AtomicUsize::new(0) };
/// let request = Request::get("https://ecs.aliyuncs.com/?Action=DescribeRegions");
/// let response = transport.send(request.body(Bytes::new())?, TransportOptions::default()).await?;
/// assert_eq!(response.body(), "{}");
/// assert_eq!(transport.requests.into_inner(), 1);
/// # Ok(()) }
/// ```
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request and reads the whole response.
    ///
    /// A response with any HTTP status is `Ok`. The future can be dropped at any time.
    ///
    /// # Errors
    ///
    /// Returns a [`TransportError`] if there is no complete response within the limits of `options`.
    fn send(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        (**self).send(request, options)
    }
}

/// Limits of one attempt, enforced by the transport.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_core::TransportOptions;
///
/// let options = TransportOptions::default();
/// assert_eq!(options.read_timeout, Duration::from_secs(10));
/// assert_eq!(options.max_response_bytes, 16 * 1024 * 1024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportOptions {
    /// Maximum time without received data: until the head of the response, and then between two
    /// chunks of its body. Defaults to 10 s.
    pub read_timeout: Duration,
    /// Maximum size of a response body, in bytes. Defaults to 16 MiB.
    pub max_response_bytes: usize,
}

impl Default for TransportOptions {
    fn default() -> Self {
        TransportOptions { read_timeout: Duration::from_secs(10), max_response_bytes: 16 << 20 }
    }
}
