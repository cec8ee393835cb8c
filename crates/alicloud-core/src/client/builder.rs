//! How a client is set up.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::{Client, Format, Options, Shared};
use crate::clock::{Clock, SystemClock};
use crate::credentials::{DefaultChain, ProvideCredentials};
use crate::endpoint::Endpoint;
use crate::error::{Error, Kind};
use crate::limit::{RateLimiter, RateLimits};
use crate::nonce::{NonceSource, RandomNonce};
use crate::operation::{AnyProduct, OfProduct, Product};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::secret::Secret;
use crate::sign::SignatureVersion;
use crate::skew::Skew;
use crate::transport::{Transport, TransportConfig};

/// Sets up a client. Everything has a default, so `build` may be called at once.
///
/// `C` is the client that comes out: [`Client`], or a generated one that wraps it.
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
    product: OfProduct,
    endpoint: Option<String>,
    region: Option<String>,
    credentials: Option<Arc<dyn ProvideCredentials>>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    nonces: Option<Arc<dyn NonceSource>>,
    user_agent: String,
    network: TransportConfig,
    budget: RetryBudget,
    limiter: Option<Arc<dyn RateLimiter>>,
    options: Options,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder with the defaults for a product.
    pub fn new(product: &'static Product) -> Self {
        ClientBuilder::of(OfProduct::Described(product))
    }

    /// A builder with the defaults for a product that is named while the program runs.
    pub(crate) fn for_any(code: String, version: String) -> Self {
        ClientBuilder::of(OfProduct::Any(Arc::new(AnyProduct { code, version })))
    }

    fn of(product: OfProduct) -> Self {
        ClientBuilder {
            product,
            endpoint: None,
            region: None,
            credentials: None,
            transport: None,
            clock: None,
            nonces: None,
            user_agent: String::new(),
            network: TransportConfig::new(),
            budget: RetryBudget::default(),
            limiter: None,
            options: Options {
                signature: SignatureVersion::default(),
                format: Format::default(),
                timeout: Duration::from_secs(60),
                attempt_timeout: None,
                read_timeout: Duration::from_secs(10),
                max_response_bytes: 64 << 20,
                retry: RetryPolicy::new(),
                clock_skew_correction: true,
            },
            client: PhantomData,
        }
    }

    /// Where credentials come from: fixed ones, or a provider. Unless told otherwise, from the
    /// [`DefaultChain`], over the transport and by the clock of this client.
    pub fn credentials(mut self, credentials: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// The region, by its id such as `eu-central-1`; it chooses the endpoint.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The endpoint: a host, a host with a port, or either with `https://` or `http://` in front.
    ///
    /// It goes before the region. Plain HTTP is spoken only where `http://` is written here: a test
    /// server, never the service itself.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// The signature. ACS3-HMAC-SHA256 unless told otherwise.
    pub fn signature(mut self, signature: SignatureVersion) -> Self {
        self.options.signature = signature;
        self
    }

    /// The format of responses. JSON unless told otherwise.
    pub fn format(mut self, format: Format) -> Self {
        self.options.format = format;
        self
    }

    /// Limits the whole call: credentials, rate limit, all attempts and the waits between them.
    /// Defaults to 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// Limits one attempt, from sending the request to the last byte of its response. No limit by
    /// default.
    ///
    /// An attempt that exceeds it is retried like one that exceeds the
    /// [`read_timeout`](Self::read_timeout): only if the call is idempotent. Use it where a response that
    /// trickles in must not use up the [`timeout`](Self::timeout) of the whole call.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// Limits each wait for more bytes within an attempt: for the head of the response, then for each
    /// piece of its body. Defaults to 10 s.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.options.read_timeout = timeout;
        self
    }

    /// For how long the default transport waits for a connection. 5 seconds unless told otherwise.
    ///
    /// This and the next four are for the default transport, and without effect on a
    /// [`transport`](ClientBuilder::transport) of your own.
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.network(|network| network.connect_timeout(timeout))
    }

    /// The proxy for all connections, such as `http://user:password@proxy.example:3128`. Unless told
    /// otherwise, the environment says which one: see [`TransportConfig::proxy`].
    pub fn proxy(self, url: impl Into<Secret>) -> Self {
        self.network(|network| network.proxy(url))
    }

    /// No proxy, whatever the environment says.
    pub fn no_proxy(self) -> Self {
        self.network(TransportConfig::no_proxy)
    }

    /// A root certificate in PEM, to be trusted beside those of the platform.
    pub fn root_certificate(self, pem: impl Into<Vec<u8>>) -> Self {
        self.network(|network| network.root_certificate(pem))
    }

    /// A certificate to show to servers that ask for one: the chain and its private key in PEM.
    pub fn client_certificate(self, pem: impl Into<Secret>) -> Self {
        self.network(|network| network.client_certificate(pem))
    }

    fn network(mut self, change: impl FnOnce(TransportConfig) -> TransportConfig) -> Self {
        self.network = change(std::mem::take(&mut self.network));
        self
    }

    /// How often a call is repeated, and after which waits. Up to three times unless told otherwise,
    /// and only where that can do no harm: see [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = policy;
        self
    }

    /// How many repeats all calls together may make. 100, and one more for every five calls that
    /// succeed, unless told otherwise.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// What says when a call may start. The documented rate of each operation unless told otherwise;
    /// [`RateLimits::off`] switches that off.
    ///
    /// Time spent waiting counts towards the call's [`timeout`](ClientBuilder::timeout).
    pub fn rate_limiter(mut self, limiter: impl RateLimiter + 'static) -> Self {
        self.limiter = Some(Arc::new(limiter));
        self
    }

    /// Whether to sign the service's time where this machine's clock is wrong. On unless told
    /// otherwise.
    ///
    /// A request whose time the service refuses is signed again, once, with the time of the response's
    /// `Date` header, and later requests to the same host are signed with the same difference. It is
    /// believed up to 24 hours. With a policy of one attempt the difference is learned all the same,
    /// for the next call.
    pub fn clock_skew_correction(mut self, correct: bool) -> Self {
        self.options.clock_skew_correction = correct;
        self
    }

    /// How many bytes the body of a response may have. 64 MiB unless told otherwise.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.options.max_response_bytes = bytes;
        self
    }

    /// What to add to the user agent, such as `my-tool/1.2`. Printable ASCII.
    pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent = suffix.into();
        self
    }

    /// What carries the requests. The default transport unless told otherwise.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// What time it is. The computer's clock unless told otherwise.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Where nonces come from. 128 random bits unless told otherwise.
    pub fn nonce_source(mut self, nonces: impl NonceSource + 'static) -> Self {
        self.nonces = Some(Arc::new(nonces));
        self
    }

    /// The client. Nothing is sent and no credentials are asked for yet.
    ///
    /// # Errors
    ///
    /// When there is no endpoint for the region, the endpoint is no host, the user agent is not
    /// printable, or there is no transport.
    pub fn build(self) -> Result<C, Error> {
        let configuration = |reason| Error::new(Kind::Configuration(reason));
        let endpoint = Endpoint::resolve(
            self.product.described(),
            self.endpoint.as_deref(),
            self.region.as_deref(),
        )
        .map_err(configuration)?;
        let user_agent = user_agent(&self.user_agent).map_err(configuration)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&self.network)?,
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
            nonces: self.nonces.unwrap_or_else(|| Arc::new(RandomNonce)),
            user_agent,
            budget: self.budget,
            limiter: self.limiter.unwrap_or_else(|| Arc::new(RateLimits::new())),
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

/// In the form that the platform's own clients use, so that its statistics understand it.
fn user_agent(suffix: &str) -> Result<HeaderValue, String> {
    const OWN: &str = concat!(
        " Rust/",
        env!("CARGO_PKG_RUST_VERSION"),
        " Core/",
        env!("CARGO_PKG_VERSION"),
        " alicloud/",
        env!("CARGO_PKG_VERSION"),
    );
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let blank = if suffix.is_empty() { "" } else { " " };
    let text = format!("AlibabaCloud ({os}; {arch}){OWN}{blank}{suffix}");
    HeaderValue::from_str(&text)
        .ok()
        .filter(|_| suffix.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()))
        .ok_or_else(|| format!("the user agent {suffix:?} is not printable ASCII"))
}

#[cfg(feature = "transport")]
fn default_transport(network: &TransportConfig) -> Result<Arc<dyn Transport>, Error> {
    use std::error::Error as _;

    match crate::transport::ReqwestTransport::with_config(network) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            let reason = format!("the default transport cannot be set up: {error}{cause}");
            Err(Error::new(Kind::Configuration(reason)))
        }
    }
}

#[cfg(not(feature = "transport"))]
fn default_transport(_: &TransportConfig) -> Result<Arc<dyn Transport>, Error> {
    let reason = "there is no transport: pass one to the builder, or switch on the feature `rustls-ring` of alicloud-core";
    Err(Error::new(Kind::Configuration(reason.to_owned())))
}
