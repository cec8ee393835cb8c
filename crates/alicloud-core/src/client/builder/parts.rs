//! What the calls of a client share: endpoint, credentials, transport, limits and sources of time.

use std::sync::Arc;
use std::time::Duration;

use super::ClientBuilder;
use crate::client::Client;
use crate::credentials::ProvideCredentials;
use crate::policy::limit::RateLimiter;
use crate::policy::retry::RetryBudget;
use crate::secret::Secret;
use crate::time::Clock;
use crate::time::NonceSource;
use crate::transport::{Transport, TransportConfig};

impl<C: From<Client>> ClientBuilder<C> {
    /// Sets the credentials: fixed ones or a provider. Defaults to the
    /// [`DefaultChain`](crate::credentials::DefaultChain), with the transport and the clock of this client.
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
    /// static ECS: Product = Product::new("Ecs", "2014-05-26")
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
    /// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
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

    /// Sets the rate limiter. Defaults to [`RateLimits::new`](crate::RateLimits::new), the documented
    /// rate of each operation; [`RateLimits::off`](crate::RateLimits::off) disables it.
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
}
