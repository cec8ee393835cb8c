{{ header }}
//! The client for {{ product.title_in_docs() }}.

use alicloud_core::{ClientBuilder, Config, GenericCall};

use {{ root }}::PRODUCT;

/// A client for {{ product.title_in_docs() }}.
///
/// Every operation is a method that takes a request and returns a [`Call`](alicloud_core::Call), which
/// is sent when it is awaited. Clones are cheap and share connections and credentials.
{%- if let Some(path) = product.example_path() %}
///
/// # Examples
///
/// ```no_run
/// use {{ path }}::Client;
///
/// let client = Client::builder().region("cn-hangzhou").build()?;
/// # Ok::<(), {{ path }}::Error>(())
/// ```
{%- endif %}
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) core: alicloud_core::Client,
}

impl Client {
    /// Creates a client with the credentials, the region and the endpoints of the environment: variables or the
    /// profile of the Alibaba Cloud CLI. [`Config`] lists them.
    ///
    /// # Errors
    ///
    /// Returns an error if a variable is invalid{% if product.needs_region() %}, or if no region is set{% endif %}. Missing credentials are an error of the
    /// first call.
{%- if let Some(path) = product.example_path() %}
    ///
    /// # Examples
    ///
    /// ```no_run
    /// // {{ product.variables() }}; or a profile of the CLI
    /// let client = {{ path }}::Client::from_env()?;
    /// # Ok::<(), {{ path }}::Error>(())
    /// ```
{%- endif %}
{{ product.transport_attribute() }}    pub fn from_env() -> Result<Self, {{ root }}::Error> {
        Self::new(&Config::from_env()?)
    }

    /// Creates a client with a configuration. Clients of one configuration share credentials, connections and rate
    /// limits, so load it once, for the clients of all products.
    ///
    /// # Errors
    ///
    /// Returns an error if the configuration has an invalid endpoint for the product{% if product.needs_region() %}, or no region{% endif %}.
{%- if let Some(path) = product.example_path() %}
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use {{ path }}::runtime::Config;
    ///
    /// let config = Config::builder().region("cn-hangzhou").build()?;
    /// let client = {{ path }}::Client::new(&config)?;
    /// # Ok::<(), {{ path }}::Error>(())
    /// ```
{%- endif %}
    pub fn new(config: &Config) -> Result<Self, {{ root }}::Error> {
        Self::builder().config(config).build()
    }

    /// Returns a builder: credentials, region or endpoint, timeouts, transport. It takes credentials and proxies from
    /// the environment, and everything else only from a [`config`](ClientBuilder::config).
{%- if let Some(path) = product.example_path() %}
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// let client = {{ path }}::Client::builder()
    ///     .region("cn-hangzhou")
    ///     .timeout(Duration::from_secs(30))
    ///     .build()?;
    /// # Ok::<(), {{ path }}::Error>(())
    /// ```
{%- endif %}
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&PRODUCT)
    }

    /// Returns a call of an operation that this {{ product.container() }} does not have. Parameters are set by name, and the
    /// response is JSON. The call is signed, retried and rate-limited like any other.
{%- if let Some(path) = product.example_path() %}
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: {{ path }}::Client) -> Result<(), {{ path }}::Error> {
    /// let response = client.generic_call("DescribeRegions").await?;
    /// println!("{response:#}");
    /// # Ok(()) }
    /// ```
{%- endif %}
    pub fn generic_call(&self, operation: impl Into<String>) -> GenericCall {
        self.core.generic_call(operation)
    }

    /// Returns the runtime client, for batches, waits and streams of any operation.
{%- if let Some(path) = product.example_path() %}
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn example(client: {{ path }}::Client) {
    /// let core: &alicloud_core::Client = client.core();
    /// # }
    /// ```
{%- endif %}
    pub fn core(&self) -> &alicloud_core::Client {
        &self.core
    }
}

impl From<alicloud_core::Client> for Client {
    fn from(core: alicloud_core::Client) -> Self {
        Client { core }
    }
}
