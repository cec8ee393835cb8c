//! Configuration that clients of several products share.

mod builder;
mod call_settings;
mod endpoint_overrides;
mod environment;
mod options;
mod settings;
mod shared_settings;

use std::fmt;
use std::sync::Arc;

pub use self::builder::ConfigBuilder;
pub(crate) use self::call_settings::call_setters;
pub(crate) use self::endpoint_overrides::EndpointOverrides;
pub(crate) use self::options::CallOptions;
pub(crate) use self::settings::{Parts, Settings};
pub(crate) use self::shared_settings::shared_setters;
use crate::error::Error;

/// Configuration loaded once and shared by clients of any number of products.
///
/// Clients of one configuration share the credentials, which are fetched once for all of them, the connections,
/// the rate limiter and the measured clock skew. Cloning is cheap. `Debug` shows no secret. A provider of your own
/// is asked for each attempt, unless you wrap it in a
/// [`CachingCredentialsProvider`](crate::credentials::CachingCredentialsProvider).
///
/// Threads with tokio runtimes of their own can share it, too. Connections and a refresh of the credentials end with
/// the runtime that started them, and calls that use them then fail or are retried. So shut a runtime down after the
/// calls of the others, or use one runtime.
///
/// What is not set on the [builder](Self::builder) comes from the environment:
///
/// | Setting | Sources, in this order |
/// |---|---|
/// | credentials | the [`DefaultChain`](crate::credentials::DefaultChain) |
/// | region | `ALIBABA_CLOUD_REGION_ID`, `ALIBABA_CLOUD_REGION`, `region_id` of the CLI profile |
/// | endpoint of one product | `ALIBABA_CLOUD_<PRODUCT>_ENDPOINT`, such as `ALIBABA_CLOUD_ECS_ENDPOINT`; `<product>` in the object `endpoints` of the CLI profile |
/// | endpoint of all products | `ALIBABA_CLOUD_ENDPOINT`, `endpoint` of the CLI profile |
/// | private endpoints | `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=true`, `ALIBABA_CLOUD_ENDPOINT_TYPE=vpc`, `endpoint_type` of the CLI profile |
/// | user agent | `ALIBABA_CLOUD_USER_AGENT`, before the text of [`user_agent`](ConfigBuilder::user_agent) |
/// | proxies | `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` |
///
/// In the name of a product, every character but letters and digits is an underscore: the endpoint of R-kvstore
/// is `ALIBABA_CLOUD_R_KVSTORE_ENDPOINT`. The profile is `ALIBABA_CLOUD_PROFILE`, or the current one of the CLI.
/// An endpoint of a variable has priority over those of the profile, even if it is for all products.
///
/// # Examples
///
/// Clients of three products; a role is assumed once for all of them:
///
/// ```
/// use alicloud_core::{Client, ClientBuilder, Config, Credentials, Product};
///
/// static ECS: Product = Product::new("Ecs", "2014-05-26").with_regional_endpoint("ecs");
/// static VPC: Product = Product::new("Vpc", "2016-04-28").with_regional_endpoint("vpc");
/// static RAM: Product = Product::new("Ram", "2015-05-01").with_endpoint("ram.aliyuncs.com");
///
/// let config = Config::builder()
///     .region("cn-hangzhou")
///     .credentials(Credentials::new("id", "secret"))
/// #   .transport(alicloud_core::testing::FakeTransport::new())
/// #   .variables(alicloud_core::credentials::Variables::from_pairs([("", ""); 0]))
///     .build()?;
/// let [ecs, vpc, ram]: [Client; 3] =
///     [ClientBuilder::new(&ECS), ClientBuilder::new(&VPC), ClientBuilder::new(&RAM)]
///         .map(|builder| builder.config(&config).build().unwrap());
/// assert_eq!(ecs.endpoint(), "https://ecs.cn-hangzhou.aliyuncs.com");
/// assert_eq!(vpc.endpoint(), "https://vpc.cn-hangzhou.aliyuncs.com");
/// assert_eq!(ram.endpoint(), "https://ram.aliyuncs.com");
/// # Ok::<(), alicloud_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Config {
    shared: Arc<Shared>,
}

/// State shared by the clones of a configuration.
struct Shared {
    settings: Settings,
    endpoints: EndpointOverrides,
}

impl Config {
    /// Loads the configuration from the environment: variables and the profile of the CLI. Reads at most one small
    /// file, and sends nothing. Credentials are fetched by the first call that needs them.
    ///
    /// # Errors
    ///
    /// Those of [`ConfigBuilder::build`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// // ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_REGION_ID, or a profile
    /// let config = alicloud_core::Config::from_env()?;
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        Config::builder().build()
    }

    /// Returns a builder. What is not set on it comes from the environment.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Config;
    ///
    /// let config = Config::builder().region("cn-hangzhou").timeout(Duration::from_secs(20)).build()?;
    /// assert_eq!(config.region(), Some("cn-hangzhou"));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// Returns the region.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Config;
    /// use alicloud_core::credentials::Variables;
    ///
    /// let variables = Variables::from_pairs([("ALIBABA_CLOUD_REGION_ID", "cn-shanghai")]);
    /// let config = Config::builder().variables(variables).build()?;
    /// assert_eq!(config.region(), Some("cn-shanghai"));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn region(&self) -> Option<&str> {
        self.shared.settings.region.as_deref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    pub(crate) fn endpoints(&self) -> &EndpointOverrides {
        &self.shared.endpoints
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("settings", &self.shared.settings)
            .field("endpoints", &self.shared.endpoints)
            .finish()
    }
}
