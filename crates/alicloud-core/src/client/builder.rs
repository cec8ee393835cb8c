//! The configuration of a client.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::{CallOptions, Client, Format, Shared};
use crate::clock::{Clock, SystemClock};
use crate::credentials::{DefaultChain, ProvideCredentials};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorData};
use crate::limit::{RateLimiter, RateLimits};
use crate::nonce::{NonceSource, RandomNonce};
use crate::operation::{GenericProduct, Product, ProductRef};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::secret::Secret;
use crate::sign::SignatureVersion;
use crate::skew::Skew;
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
/// const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
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
    product: ProductRef,
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
    /// const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    ///
    /// let builder = ClientBuilder::<Client>::new(&CDN);
    /// # let builder = builder.transport(alicloud_core::testing::FakeTransport::new());
    /// assert_eq!(builder.build()?.product(), "Cdn");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn new(product: &'static Product) -> Self {
        ClientBuilder::for_product(ProductRef::Static(product))
    }

    pub(crate) fn generic(code: String, version: String) -> Self {
        let product = GenericProduct { code, version };
        ClientBuilder::for_product(ProductRef::Generic(Arc::new(product)))
    }

    fn for_product(product: ProductRef) -> Self {
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

    /// Sets the credentials: fixed ones or a provider. Defaults to the [`DefaultChain`], with the
    /// transport and the clock of this client.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, Credentials};
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    /// #   .transport(alicloud_core::testing::FakeTransport::new())
    ///     .build()?;
    /// assert!(!format!("{client:?}").contains("secret"));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn credentials(mut self, credentials: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// Sets the region by its id, such as `eu-central-1`. The region selects the endpoint.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, ClientBuilder, Product};
    ///
    /// const ECS: Product = Product::new("Ecs", "2014-05-26")
    ///     .with_region_endpoints(&[("eu-central-1", "ecs.eu-central-1.aliyuncs.com")]);
    ///
    /// let builder = ClientBuilder::<Client>::new(&ECS).region("eu-central-1");
    /// # let builder = builder.transport(alicloud_core::testing::FakeTransport::new());
    /// assert_eq!(builder.build()?.endpoint(), "https://ecs.eu-central-1.aliyuncs.com");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the endpoint: a host, optionally with a port and with `https://` or `http://` in front.
    ///
    /// The endpoint takes precedence over the region. Plain HTTP is used only with an explicit
    /// `http://`, which is for test servers, never for the service itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, ClientBuilder, Product};
    ///
    /// const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    ///
    /// let builder = ClientBuilder::<Client>::new(&CDN).endpoint("http://127.0.0.1:8080");
    /// # let builder = builder.transport(alicloud_core::testing::FakeTransport::new());
    /// assert_eq!(builder.build()?.endpoint(), "http://127.0.0.1:8080");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Sets the signature version. Defaults to ACS3-HMAC-SHA256.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// use alicloud_core::{Client, Credentials, SignatureVersion};
    ///
    /// let fake = FakeTransport::new().respond_json("DescribeDomains", "{}");
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(fake.clone())
    ///     .signature(SignatureVersion::Hmac1)
    ///     .build()?;
    /// client.generic_call("DescribeDomains").await?;
    /// assert_eq!(fake.requests()[0].param("SignatureMethod"), Some("HMAC-SHA1"));
    /// # Ok(()) }
    /// ```
    pub fn signature(mut self, signature: SignatureVersion) -> Self {
        self.options.signature = signature;
        self
    }

    /// Sets the format of responses. Defaults to JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, Format};
    ///
    /// let builder =
    ///     Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").format(Format::Xml);
    /// assert!(format!("{builder:?}").contains("format: Xml"));
    /// ```
    pub fn format(mut self, format: Format) -> Self {
        self.options.format = format;
        self
    }

    /// Limits the whole call: credentials, rate limit, all attempts and the delays between them.
    /// Defaults to 60 s.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Client;
    ///
    /// let builder =
    ///     Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").timeout(Duration::from_secs(20));
    /// assert!(format!("{builder:?}").contains("timeout: 20s"));
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// Limits one attempt, from sending the request to the last byte of its response. No limit by
    /// default.
    ///
    /// An attempt that exceeds it is retried like one that exceeds the
    /// [`read_timeout`](Self::read_timeout): only if the call is idempotent. Use it where a response
    /// that trickles in must not use up the [`timeout`](Self::timeout) of the whole call.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use std::time::Duration;
    ///
    /// use alicloud_core::testing::{FakeTransport, Fault};
    /// use alicloud_core::{Client, Credentials};
    ///
    /// let fake = FakeTransport::new()
    ///     .fault("DescribeDomains", Fault::Hang)
    ///     .respond_json("DescribeDomains", "{}");
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(fake.clone())
    ///     .attempt_timeout(Duration::from_millis(5))
    ///     .build()?;
    /// client.generic_call("DescribeDomains").read_only().await?;
    /// assert_eq!(fake.requests().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// Limits each wait for more bytes within an attempt: for the head of the response, then for each
    /// piece of its body. Defaults to 10 s.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Client;
    ///
    /// let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .read_timeout(Duration::from_secs(30));
    /// assert!(format!("{builder:?}").contains("read_timeout: 30s"));
    /// ```
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.options.read_timeout = timeout;
        self
    }

    /// Limits the time the default transport takes to connect. Defaults to 5 s.
    ///
    /// This method, [`proxy`](Self::proxy), [`no_proxy`](Self::no_proxy),
    /// [`root_certificate`](Self::root_certificate) and
    /// [`client_certificate`](Self::client_certificate) configure the default transport. They have no
    /// effect with a custom [`transport`](Self::transport).
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.configure_transport(|config| config.connect_timeout(timeout))
    }

    /// Sets the proxy for all connections, such as `http://user:password@proxy.example:3128`. Defaults
    /// to the proxy variables of the environment; see [`TransportConfig::proxy`].
    pub fn proxy(self, url: impl Into<Secret>) -> Self {
        self.configure_transport(|config| config.proxy(url))
    }

    /// Disables proxies, including those of the environment.
    pub fn no_proxy(self) -> Self {
        self.configure_transport(TransportConfig::no_proxy)
    }

    /// Adds a trusted root certificate in PEM, in addition to those of the platform.
    pub fn root_certificate(self, pem: impl Into<Vec<u8>>) -> Self {
        self.configure_transport(|config| config.root_certificate(pem))
    }

    /// Sets the certificate for servers that request one: the chain and its private key in PEM.
    pub fn client_certificate(self, pem: impl Into<Secret>) -> Self {
        self.configure_transport(|config| config.client_certificate(pem))
    }

    fn configure_transport(
        mut self,
        configure: impl FnOnce(TransportConfig) -> TransportConfig,
    ) -> Self {
        self.transport_config = configure(std::mem::take(&mut self.transport_config));
        self
    }

    /// Sets the retry policy. Defaults to [`RetryPolicy::new`]: up to three retries, and only where a
    /// retry can do no harm.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use alicloud_core::testing::{FakeTransport, Fault};
    /// use alicloud_core::{Client, Credentials, RetryPolicy};
    ///
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(FakeTransport::new().fault("DescribeDomains", Fault::ConnectionRefused))
    ///     .retry(RetryPolicy::none())
    ///     .build()?;
    /// let error = client.generic_call("DescribeDomains").await.unwrap_err();
    /// assert_eq!(error.attempts(), 1);
    /// # Ok(()) }
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = policy;
        self
    }

    /// Sets the retry budget of all calls together. Defaults to 100 retries, plus one for every five
    /// successful calls.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, RetryBudget};
    ///
    /// let budget = RetryBudget::new(20);
    /// let builder =
    ///     Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").retry_budget(budget.clone());
    /// # assert!(builder.transport(alicloud_core::testing::FakeTransport::new()).build().is_ok());
    /// assert_eq!(budget.retries_left(), Some(20));
    /// ```
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Sets the rate limiter. Defaults to [`RateLimits::new`], the documented rate of each operation;
    /// [`RateLimits::off`] disables it.
    ///
    /// Waiting for the limiter counts towards the call's [`timeout`](Self::timeout).
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, RateLimits};
    ///
    /// let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .rate_limiter(RateLimits::new().shared_by(4));
    /// # assert!(builder.transport(alicloud_core::testing::FakeTransport::new()).build().is_ok());
    /// ```
    pub fn rate_limiter(mut self, limiter: impl RateLimiter + 'static) -> Self {
        self.rate_limiter = Some(Arc::new(limiter));
        self
    }

    /// Sets whether to sign the service's time if the local clock is wrong. Defaults to `true`.
    ///
    /// A request that the service rejects for its time is signed again, once, with the time of the
    /// response's `Date` header. Later requests to the same host are signed with the same difference.
    /// A difference of more than 24 hours is ignored. A policy of one attempt still measures the
    /// difference, for the next call.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::testing::{FakeTransport, ManualClock};
    ///
    /// // The service is an hour ahead of the local clock.
    /// let headers = [("date", "Fri, 02 Jan 2026 04:04:05 GMT")];
    /// let fake = FakeTransport::new()
    ///     .respond_raw("DescribeRefreshQuota", 400, &headers, r#"{"Code": "InvalidTimeStamp.Expired"}"#)
    ///     .respond_json("DescribeRefreshQuota", "{}");
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .clock(ManualClock::from_unix_seconds(1_767_323_045))
    ///     .transport(fake.clone())
    /// #   .credentials(Credentials::new("id", "secret"))
    ///     .build()?;
    /// client.generic_call("DescribeRefreshQuota").await?;
    /// assert_eq!(fake.requests()[1].header("x-acs-date"), Some("2026-01-02T04:04:05Z"));
    /// # Ok(()) }
    /// ```
    pub fn clock_skew_correction(mut self, enabled: bool) -> Self {
        self.options.clock_skew_correction = enabled;
        self
    }

    /// Sets the maximum size of a response body in bytes. Defaults to 16 MiB. Decoding
    /// needs at most 40 bytes of memory per byte of the body, or 8 MiB.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use alicloud_core::testing::FakeTransport;
    /// use alicloud_core::{Client, Credentials};
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(FakeTransport::new().respond_json("DescribeRefreshQuota", "a".repeat(200)))
    ///     .max_response_bytes(100)
    ///     .build()?;
    /// let error = client.generic_call("DescribeRefreshQuota").await.unwrap_err();
    /// assert!(error.transport_error().is_some());
    /// # Ok(()) }
    /// ```
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.options.max_response_bytes = bytes;
        self
    }

    /// Sets a suffix for the user agent, such as `my-tool/1.2`. It must be printable ASCII.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").user_agent("töol/1.2");
    /// assert!(builder.build().unwrap_err().is_configuration());
    /// ```
    pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = suffix.into();
        self
    }

    /// Sets the transport that sends the requests. Defaults to the default transport of this crate.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use alicloud_core::testing::FakeTransport;
    /// use alicloud_core::{Client, Credentials};
    ///
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(FakeTransport::new().respond_json("DescribeDomains", r#"{"TotalCount": 3}"#))
    ///     .build()?;
    /// assert_eq!(client.generic_call("DescribeDomains").await?["TotalCount"], 3);
    /// # Ok(()) }
    /// ```
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sets the clock. Defaults to the system clock.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use alicloud_core::Client;
    /// use alicloud_core::testing::{FakeTransport, ManualClock};
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .transport(FakeTransport::new())
    ///     .clock(ManualClock::from_unix_seconds(1_767_323_045))
    ///     .build()?;
    /// assert_eq!(client.clock().now(), UNIX_EPOCH + Duration::from_secs(1_767_323_045));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Sets the source of nonces. Defaults to 128 random bits per nonce.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use alicloud_core::testing::{DeterministicNonce, FakeTransport};
    /// use alicloud_core::{Client, Credentials};
    ///
    /// let fake = FakeTransport::new().respond_json("DescribeDomains", "{}");
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(fake.clone())
    ///     .nonce_source(DeterministicNonce::sequence("n"))
    ///     .build()?;
    /// client.generic_call("DescribeDomains").await?;
    /// let request = &fake.requests()[0];
    /// assert_eq!(request.header("x-acs-signature-nonce"), Some("n-1"));
    /// # Ok(()) }
    /// ```
    pub fn nonce_source(mut self, source: impl NonceSource + 'static) -> Self {
        self.nonce_source = Some(Arc::new(source));
        self
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
    /// const ECS: Product = Product::new("Ecs", "2014-05-26");
    ///
    /// let error = ClientBuilder::<Client>::new(&ECS).region("nowhere-1").build().unwrap_err();
    /// assert!(error.is_configuration());
    /// ```
    pub fn build(self) -> Result<C, Error> {
        let configuration = |reason| Error::new(ErrorData::Configuration(reason));
        let endpoint = Endpoint::resolve(
            self.product.endpoint_table(),
            self.endpoint.as_deref(),
            self.region.as_deref(),
        )
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
