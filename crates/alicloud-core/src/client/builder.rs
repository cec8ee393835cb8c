//! The configuration of a client.

mod call_options;
mod parts;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::{CallOptions, Client, Format, Shared};
use crate::credentials::{DefaultChain, ProvideCredentials};
use crate::error::{Error, ErrorData};
use crate::policy::limit::{RateLimiter, RateLimits};
use crate::policy::retry::{RetryBudget, RetryPolicy};
use crate::policy::skew::Skew;
use crate::product::{Endpoint, Product};
use crate::sign::SignatureVersion;
use crate::time::{Clock, SystemClock};
use crate::time::{NonceSource, RandomNonce};
use crate::transport::{Transport, TransportConfig};

/// A builder of clients. Every setting has a default.
///
/// `C` is the type of the client: [`Client`], or a generated client that wraps it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_core::{Client, ClientBuilder, Credentials, Product};
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
///
/// let client: Client = ClientBuilder::new(&CDN)
///     .credentials(Credentials::new("id", "secret"))
///     .timeout(Duration::from_secs(20))
/// #   .transport(alicloud_core::testing::FakeTransport::new())
///     .build()?;
/// assert_eq!(client.endpoint(), "https://cdn.aliyuncs.com");
/// # Ok::<(), alicloud_core::Error>(())
/// ```
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C> {
    product: Cow<'static, Product>,
    endpoint: Option<String>,
    region: Option<String>,
    credentials: Option<Arc<dyn ProvideCredentials>>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    nonce_source: Option<Arc<dyn NonceSource>>,
    user_agent_suffix: String,
    transport_config: TransportConfig,
    retry_budget: RetryBudget,
    rate_limiter: Option<Arc<dyn RateLimiter>>,
    options: CallOptions,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Creates a builder for a product, with the defaults.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, ClientBuilder, Product};
    ///
    /// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    ///
    /// let builder = ClientBuilder::<Client>::new(&CDN);
    /// # let builder = builder.transport(alicloud_core::testing::FakeTransport::new());
    /// assert_eq!(builder.build()?.product(), "Cdn");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn new(product: &'static Product) -> Self {
        ClientBuilder::for_product(Cow::Borrowed(product))
    }

    pub(crate) fn for_product(product: Cow<'static, Product>) -> Self {
        ClientBuilder {
            product,
            endpoint: None,
            region: None,
            credentials: None,
            transport: None,
            clock: None,
            nonce_source: None,
            user_agent_suffix: String::new(),
            transport_config: TransportConfig::new(),
            retry_budget: RetryBudget::default(),
            rate_limiter: None,
            options: CallOptions {
                signature: SignatureVersion::default(),
                format: Format::default(),
                timeout: Duration::from_secs(60),
                attempt_timeout: None,
                read_timeout: Duration::from_secs(10),
                max_response_bytes: 16 << 20,
                retry: RetryPolicy::new(),
                clock_skew_correction: true,
            },
            client: PhantomData,
        }
    }

    /// Builds the client. Sends nothing and loads no credentials yet.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_configuration`](Error::is_configuration) is true:
    ///
    /// * The product has no endpoint for the region. Set the [`endpoint`](Self::endpoint).
    /// * The endpoint is not a valid host.
    /// * The user agent suffix is not printable ASCII.
    /// * The default transport cannot be set up, for example because of an invalid certificate, or
    ///   this crate was compiled without one. Set a [`transport`](Self::transport).
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, ClientBuilder, Product};
    ///
    /// static ECS: Product = Product::new("Ecs", "2014-05-26");
    ///
    /// let error = ClientBuilder::<Client>::new(&ECS).region("nowhere-1").build().unwrap_err();
    /// assert!(error.is_configuration());
    /// ```
    pub fn build(self) -> Result<C, Error> {
        let configuration = |reason| Error::new(ErrorData::Configuration(reason));
        let endpoint =
            Endpoint::resolve(&self.product, self.endpoint.as_deref(), self.region.as_deref())
                .map_err(configuration)?;
        let user_agent = user_agent(&self.user_agent_suffix).map_err(configuration)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&self.transport_config)?,
        };
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let credentials = self.credentials.unwrap_or_else(|| {
            let chain = DefaultChain::new().transport(Arc::clone(&transport));
            Arc::new(chain.clock(Arc::clone(&clock)))
        });
        let shared = Shared {
            product: self.product,
            endpoint,
            region: self.region,
            credentials,
            transport,
            clock,
            nonce_source: self.nonce_source.unwrap_or_else(|| Arc::new(RandomNonce)),
            user_agent,
            retry_budget: self.retry_budget,
            rate_limiter: self.rate_limiter.unwrap_or_else(|| Arc::new(RateLimits::new())),
            skew: Skew::default(),
            options: self.options,
        };
        Ok(C::from(Client { shared: Arc::new(shared) }))
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("product", &self.product.code())
            .field("region", &self.region)
            .field("credentials", &self.credentials.as_ref().map(|provider| provider.name()))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Returns the user agent in the format of the platform's official clients, so that its statistics
/// recognize it.
fn user_agent(suffix: &str) -> Result<HeaderValue, String> {
    const VERSIONS: &str = concat!(
        " Rust/",
        env!("CARGO_PKG_RUST_VERSION"),
        " Core/",
        env!("CARGO_PKG_VERSION"),
        " alicloud/",
        env!("CARGO_PKG_VERSION"),
    );
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let separator = if suffix.is_empty() { "" } else { " " };
    let text = format!("AlibabaCloud ({os}; {arch}){VERSIONS}{separator}{suffix}");
    HeaderValue::from_str(&text)
        .ok()
        .filter(|_| suffix.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()))
        .ok_or_else(|| {
            format!("the user agent {suffix:?} is not printable ASCII; write it like my-tool/1.2")
        })
}

#[cfg(feature = "transport")]
fn default_transport(config: &TransportConfig) -> Result<Arc<dyn Transport>, Error> {
    use std::error::Error as _;

    match crate::transport::ReqwestTransport::with_config(config) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            let reason = format!("the default transport cannot be set up: {error}{cause}");
            Err(Error::new(ErrorData::Configuration(reason)))
        }
    }
}

#[cfg(not(feature = "transport"))]
fn default_transport(_: &TransportConfig) -> Result<Arc<dyn Transport>, Error> {
    let reason = "no transport; enable the feature `rustls-ring` of alicloud-core, or set one with ClientBuilder::transport";
    Err(Error::new(ErrorData::Configuration(reason.to_owned())))
}
