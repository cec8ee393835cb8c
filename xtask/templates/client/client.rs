{{ header }}
//! The client for {{ product.title_in_docs() }}.

use alicloud_core::{ClientBuilder, GenericCall};

use crate::PRODUCT;

/// A client for {{ product.title_in_docs() }}.
///
/// Every operation is a method that takes a request and returns a [`Call`](alicloud_core::Call), which
/// is sent when it is awaited. Clones are cheap and share connections and credentials.
///
/// # Examples
///
/// ```no_run
/// use {{ product.client_module() }}::Client;
///
/// let client = Client::builder().region("cn-hangzhou").build()?;
/// # Ok::<(), {{ product.client_module() }}::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) core: alicloud_core::Client,
}

impl Client {
    /// Creates a client with the default settings of [`builder`](Self::builder) and credentials from the
    /// environment.
    ///
    /// # Errors
    ///
    /// Returns an error if the default transport cannot be created. Missing credentials are an error of
    /// the first call.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// // ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or a profile
    /// let client = {{ product.client_module() }}::Client::from_env()?;
    /// # Ok::<(), {{ product.client_module() }}::Error>(())
    /// ```
    #[cfg(feature = "transport")]
    pub fn from_env() -> Result<Self, crate::Error> {
        Self::builder().build()
    }

    /// Returns a builder: credentials, region or endpoint, timeouts, transport.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// let client = {{ product.client_module() }}::Client::builder()
    ///     .region("cn-hangzhou")
    ///     .timeout(Duration::from_secs(30))
    ///     .build()?;
    /// # Ok::<(), {{ product.client_module() }}::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&PRODUCT)
    }

    /// Returns a call of an operation that this crate does not have. Parameters are set by name, and the
    /// response is JSON. The call is signed, retried and rate-limited like any other.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: {{ product.client_module() }}::Client) -> Result<(), {{ product.client_module() }}::Error> {
    /// let response = client.generic_call("DescribeRegions").await?;
    /// println!("{response:#}");
    /// # Ok(()) }
    /// ```
    pub fn generic_call(&self, operation: impl Into<String>) -> GenericCall {
        self.core.generic_call(operation)
    }

    /// Returns the runtime client, for batches, waits and streams of any operation.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn example(client: {{ product.client_module() }}::Client) {
    /// let core: &alicloud_core::Client = client.core();
    /// # }
    /// ```
    pub fn core(&self) -> &alicloud_core::Client {
        &self.core
    }
}

impl From<alicloud_core::Client> for Client {
    fn from(core: alicloud_core::Client) -> Self {
        Client { core }
    }
}
