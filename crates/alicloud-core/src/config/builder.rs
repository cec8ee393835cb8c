//! The builder of a configuration.

use std::fmt;
use std::sync::Arc;

use super::environment::Environment;
use super::{Config, EndpointOverrides, Settings, Shared, call_setters, shared_setters};
use crate::credentials::Variables;
use crate::error::{Error, ErrorData};

/// A builder of [`Config`]. What is not set comes from the environment.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_core::{Config, Credentials};
///
/// let config = Config::builder()
///     .credentials(Credentials::new("id", "secret"))
///     .region("cn-hangzhou")
///     .timeout(Duration::from_secs(20))
///     .build()?;
/// # assert_eq!(config.region(), Some("cn-hangzhou"));
/// # Ok::<(), alicloud_core::Error>(())
/// ```
#[derive(Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ConfigBuilder {
    settings: Settings,
    endpoints: EndpointOverrides,
}

impl ConfigBuilder {
    shared_setters!(
        "use alicloud_core::{Client, Config};",
        "let config = Config::builder()",
        "    .build()?;\nlet client = Client::generic(\"Cdn\", \"2018-05-10\", \"cdn.aliyuncs.com\").config(&config).build()?;"
    );
    call_setters!(
        "use alicloud_core::{Client, Config};",
        "let config = Config::builder()",
        "    .build()?;\nlet client = Client::generic(\"Cdn\", \"2018-05-10\", \"cdn.aliyuncs.com\").config(&config).build()?;"
    );

    /// Sets the endpoint of a product: a host, optionally with a port and with `https://` or `http://` in front.
    ///
    /// The product is named by its code, such as `Ecs`, in any case. The endpoint takes precedence over the region,
    /// and over the endpoints of the environment. Plain HTTP is used only with an explicit `http://`, which is for
    /// test servers, never for the service itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, ClientBuilder, Config, Product};
    ///
    /// static ECS: Product = Product::new("Ecs", "2014-05-26").with_regional_endpoint("ecs");
    ///
    /// let config = Config::builder().endpoint("Ecs", "http://127.0.0.1:8080").build()?;
    /// let client: Client = ClientBuilder::new(&ECS).config(&config).build()?;
    /// assert_eq!(client.endpoint(), "http://127.0.0.1:8080");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn endpoint(mut self, product: &str, endpoint: impl Into<String>) -> Self {
        self.endpoints.set(product, endpoint.into());
        self
    }

    /// Sets the profile of the CLI by its name: its credentials, unless others are set, and its region and endpoints
    /// unless variables set them. Defaults to `ALIBABA_CLOUD_PROFILE`, then to the current profile, as one of the
    /// sources of the default chain.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Config;
    ///
    /// let config = Config::builder().profile("production").region("cn-hangzhou").build()?;
    /// # assert_eq!(config.region(), Some("cn-hangzhou"));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.settings.profile = Some(name.into());
        self
    }

    /// Sets the variables to read instead of those of the process, for tests and for programs that have their
    /// configuration elsewhere. The default chain of credentials and the default transport read them, too.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Config;
    /// use alicloud_core::credentials::Variables;
    ///
    /// let variables = Variables::from_pairs([("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou")]);
    /// assert_eq!(Config::builder().variables(variables).build()?.region(), Some("cn-hangzhou"));
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn variables(mut self, variables: Variables) -> Self {
        self.settings.variables = variables;
        self
    }

    /// Builds the configuration: reads the environment, and sets up the default transport.
    ///
    /// A file of the CLI that cannot be read or parsed is no error here, because the program may not need it. The
    /// error of a client without an endpoint, and that of the credentials, describe the problem.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_configuration`](Error::is_configuration) is true:
    ///
    /// * A variable of the table at [`Config`] has an invalid value. The error names it. An endpoint is an error of
    ///   the clients that would use it.
    /// * The region is not a region id such as `cn-hangzhou`.
    /// * The user agent is not printable ASCII.
    /// * The default transport cannot be set up, for example because of an invalid certificate, or
    ///   this crate was compiled without one. Set a [`transport`](Self::transport).
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Config;
    /// use alicloud_core::credentials::Variables;
    ///
    /// let variables = Variables::from_pairs([("ALIBABA_CLOUD_REGION_ID", "Hang Zhou")]);
    /// let error = Config::builder().variables(variables).build().unwrap_err();
    /// assert!(error.to_string().contains("ALIBABA_CLOUD_REGION_ID"));
    /// ```
    pub fn build(self) -> Result<Config, Error> {
        let ConfigBuilder { mut settings, mut endpoints } = self;
        let environment = Environment::read(&settings.variables, settings.profile.as_deref());
        let environment =
            environment.map_err(|reason| Error::new(ErrorData::Configuration(reason)))?;
        environment.complete(&mut settings, &mut endpoints);
        let parts = settings.parts()?;
        settings.keep(parts);
        Ok(Config { shared: Arc::new(Shared { settings, endpoints }) })
    }
}

impl fmt::Debug for ConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigBuilder")
            .field("settings", &self.settings)
            .field("endpoints", &self.endpoints)
            .finish()
    }
}
