//! The configuration of a client.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::{Client, Shared};
use crate::config::{Config, EndpointOverrides, Parts, Settings, call_setters, shared_setters};
use crate::error::{Error, ErrorData};
use crate::policy::retry::RetryBudget;
use crate::product::{Endpoint, Product};

/// A builder of clients. Every setting has a default.
///
/// `C` is the type of the client: [`Client`], or a generated client that wraps it.
///
/// Except for credentials and proxies, a builder reads nothing of the environment. Start with a
/// [`Config`] where region and endpoints should come from it.
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
    retry_budget: RetryBudget,
    settings: Settings,
    /// Endpoints of the configuration.
    endpoints: EndpointOverrides,
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
            retry_budget: RetryBudget::default(),
            settings: Settings::default(),
            endpoints: EndpointOverrides::default(),
            client: PhantomData,
        }
    }

    /// Takes all settings of a configuration. Those that are made afterwards are for this client only. Those that were
    /// made before are replaced, except the [`endpoint`](Self::endpoint) and the [`retry_budget`](Self::retry_budget).
    ///
    /// The client shares the credentials, the connections, the rate limiter and the clock skew with the other
    /// clients of the configuration. A client with other transport settings, such as a
    /// [`proxy`](Self::proxy), has connections of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::{Client, ClientBuilder, Config, Product};
    ///
    /// static ECS: Product = Product::new("Ecs", "2014-05-26").with_regional_endpoint("ecs");
    ///
    /// let config = Config::builder().region("cn-hangzhou").build()?;
    /// let client: Client =
    ///     ClientBuilder::new(&ECS).config(&config).timeout(Duration::from_secs(5)).build()?;
    /// assert_eq!(client.region(), Some("cn-hangzhou"));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn config(mut self, config: &Config) -> Self {
        self.settings = config.settings().clone();
        self.endpoints = config.endpoints().clone();
        self
    }

    /// Sets the endpoint: a host, optionally with a port and with `https://` or `http://` in front.
    ///
    /// The endpoint takes precedence over the region and over the endpoints of a [`Config`]. Plain HTTP is used
    /// only with an explicit `http://`, which is for test servers, never for the service itself.
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

    shared_setters!(
        "use alicloud_core::Client;",
        "let client = Client::generic(\"Cdn\", \"2018-05-10\", \"cdn.aliyuncs.com\")",
        "    .build()?;"
    );
    call_setters!(
        "use alicloud_core::Client;",
        "let client = Client::generic(\"Cdn\", \"2018-05-10\", \"cdn.aliyuncs.com\")",
        "    .build()?;"
    );

    /// Builds the client. Sends nothing and loads no credentials yet.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_configuration`](Error::is_configuration) is true:
    ///
    /// * The product has no endpoint without a region, or for this region. Set the [`region`](Self::region) or the
    ///   [`endpoint`](Self::endpoint).
    /// * The region is not a region id such as `cn-hangzhou`.
    /// * The endpoint is not a valid host.
    /// * The user agent suffix is not printable ASCII.
    /// * The default transport cannot be set up, because of an invalid certificate or proxy URL, which
    ///   can be in the environment, or because this crate was compiled without one. Set a
    ///   [`transport`](Self::transport).
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, ClientBuilder, Product};
    ///
    /// static ECS: Product = Product::new("Ecs", "2014-05-26").with_regional_endpoint("ecs");
    ///
    /// let error = ClientBuilder::<Client>::new(&ECS).build().unwrap_err();
    /// assert!(error.is_configuration());
    /// assert!(error.to_string().contains("no region is set"));
    /// ```
    pub fn build(self) -> Result<C, Error> {
        let endpoint = self
            .resolve_endpoint()
            .map_err(|reason| Error::new(ErrorData::Configuration(reason)))?;
        let Parts { credentials, transport, clock, nonce_source, user_agent, rate_limiter } =
            self.settings.parts()?;
        let Settings { region, limit_scope, skew, extensions, options, .. } = self.settings;
        let shared = Shared {
            product: self.product,
            endpoint,
            region,
            credentials,
            transport,
            clock,
            nonce_source,
            user_agent,
            rate_limiter,
            limit_scope,
            retry_budget: self.retry_budget,
            skew,
            extensions,
            options,
        };
        Ok(C::from(Client { shared: Arc::new(shared) }))
    }

    fn resolve_endpoint(&self) -> Result<Endpoint, String> {
        if let Some(endpoint) = &self.endpoint {
            return Endpoint::parse(endpoint);
        }
        if let Some(chosen) = self.endpoints.find(self.product.code()) {
            let with_origin = |reason| match &chosen.origin {
                Some(origin) => format!("{origin}: {reason}"),
                None => reason,
            };
            return Endpoint::parse(&chosen.endpoint.0).map_err(with_origin);
        }
        let (region, vpc) = (self.settings.region.as_deref(), self.settings.vpc_endpoints);
        let endpoint = Endpoint::resolve(&self.product, region, vpc.unwrap_or_default());
        endpoint.map_err(|reason| match self.endpoints.problem() {
            Some(problem) => format!("{reason} (the profile of the CLI was not read: {problem})"),
            None => reason,
        })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("product", &self.product.code())
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
