//! The client that every generated client wraps.

mod builder;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

pub use self::builder::ClientBuilder;
use crate::config::CallOptions;
use crate::credentials::{Credentials, ProvideCredentials};
use crate::extension::Extensions;
use crate::policy::limit::RateLimiter;
use crate::policy::retry::RetryBudget;
use crate::policy::skew::Skew;
use crate::product::{Endpoint, Product};
use crate::time::{Clock, NonceSource};
use crate::transport::Transport;

/// A client of one product.
///
/// Cloning is cheap. Clones share connections, credentials, the retry budget, the rate limits and the
/// measured clock skew. Generated clients wrap this type and add one method per operation. `Debug`
/// shows the configuration and no secret.
///
/// # Examples
///
/// ```
/// use alicloud_core::{Client, ClientBuilder, Credentials, Product};
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10")
///     .with_endpoint("cdn.aliyuncs.com")
///     .with_region_endpoints(&[("eu-central-1", "cdn.ap-southeast-1.aliyuncs.com")]);
///
/// let client: Client = ClientBuilder::new(&CDN)
///     .credentials(Credentials::new("id", "secret"))
///     .region("eu-central-1")
/// #   .transport(alicloud_core::testing::FakeTransport::new())
///     .build()?;
/// assert_eq!((client.product(), client.version()), ("Cdn", "2018-05-10"));
/// assert_eq!(client.region(), Some("eu-central-1"));
/// assert_eq!(client.endpoint(), "https://cdn.ap-southeast-1.aliyuncs.com");
/// # Ok::<(), alicloud_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

/// State shared by the clones of a client.
pub(crate) struct Shared {
    pub(crate) product: Cow<'static, Product>,
    pub(crate) endpoint: Endpoint,
    pub(crate) region: Option<String>,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) nonce_source: Arc<dyn NonceSource>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) rate_limiter: Arc<dyn RateLimiter>,
    pub(crate) limit_scope: Option<Arc<str>>,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) skew: Arc<Skew>,
    pub(crate) extensions: Extensions,
    pub(crate) options: CallOptions,
}

impl Shared {
    /// Returns what the rate limiter counts the calls by.
    pub(crate) fn limit_scope(&self, credentials: Option<&Credentials>) -> Arc<str> {
        let scope = self.limit_scope.as_ref().or(credentials.map(Credentials::limit_scope));
        scope.cloned().unwrap_or_default()
    }
}

impl Client {
    /// Returns the product code, such as `Cdn`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #   .transport(alicloud_core::testing::FakeTransport::new())
    ///     .build()?;
    /// assert_eq!(client.product(), "Cdn");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn product(&self) -> &str {
        self.shared.product.code()
    }

    /// Returns the API version, such as `2018-05-10`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #   .transport(alicloud_core::testing::FakeTransport::new())
    ///     .build()?;
    /// assert_eq!(client.version(), "2018-05-10");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn version(&self) -> &str {
        self.shared.product.version()
    }

    /// Returns the endpoint, such as `https://cdn.aliyuncs.com`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #   .transport(alicloud_core::testing::FakeTransport::new())
    ///     .build()?;
    /// assert_eq!(client.endpoint(), "https://cdn.aliyuncs.com");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn endpoint(&self) -> String {
        self.shared.endpoint.to_string()
    }

    /// Returns the provider of the credentials that sign calls.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, Credentials};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    /// #   .transport(alicloud_core::testing::FakeTransport::new())
    ///     .build()?;
    /// let credentials = client.credentials_provider().credentials().await?;
    /// assert_eq!(credentials.access_key_id(), "id");
    /// # Ok(()) }
    /// ```
    pub fn credentials_provider(&self) -> &Arc<dyn ProvideCredentials> {
        &self.shared.credentials
    }

    /// Returns the configured region.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #   .transport(alicloud_core::testing::FakeTransport::new())
    ///     .build()?;
    /// assert_eq!(client.region(), None);
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn region(&self) -> Option<&str> {
        self.shared.region.as_deref()
    }

    /// Returns the clock of the client.
    ///
    /// A program that sleeps or measures time between calls should use this clock, so that a test can
    /// control both.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Client;
    /// use alicloud_core::testing::{FakeTransport, ManualClock};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .transport(FakeTransport::new())
    ///     .clock(ManualClock::from_unix_seconds(1_767_323_045))
    ///     .build()?;
    /// client.clock().sleep(Duration::from_secs(3_600)).await;
    /// assert_eq!(client.clock().elapsed(), Duration::from_secs(3_600));
    /// # Ok(()) }
    /// ```
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// Returns the timeout of calls that do not set [their own](crate::Call::timeout).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Client;
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #   .transport(alicloud_core::testing::FakeTransport::new())
    ///     .build()?;
    /// assert_eq!(client.timeout(), Duration::from_secs(60));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn timeout(&self) -> Duration {
        self.shared.options.timeout
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &*self.shared;
        f.debug_struct("Client")
            .field("product", &shared.product.code())
            .field("version", &shared.product.version())
            .field("endpoint", &shared.endpoint)
            .field("region", &shared.region)
            .field("credentials", &shared.credentials.name())
            .field("options", &shared.options)
            .finish_non_exhaustive()
    }
}
