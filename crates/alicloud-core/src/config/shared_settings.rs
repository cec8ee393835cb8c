//! Settings that all calls of a client share, as methods of both builders.

/// Defines the setters of credentials, region, transport, rate limiter and sources of time for a type with a field
/// `settings`. The texts start and end the examples: an import, a builder, and what makes a client of it.
macro_rules! shared_setters {
    ($import:literal, $start:literal, $end:literal) => {
        /// Sets the credentials: fixed ones or a provider. Defaults to the
        /// [`DefaultChain`](crate::credentials::DefaultChain), with the same transport and clock as calls.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = $import]
        /// use alicloud_core::Credentials;
        ///
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        /// #   .transport(alicloud_core::testing::FakeTransport::new())
        #[doc = $end]
        /// assert!(!format!("{client:?}").contains("secret"));
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn credentials(
            mut self,
            credentials: impl $crate::ProvideCredentials + 'static,
        ) -> Self {
            self.settings.credentials = Some(std::sync::Arc::new(credentials));
            self
        }

        /// Sets the region by its id, such as `eu-central-1`. The region selects the endpoint, and is sent as the
        /// `RegionId` of requests that need one and have none.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = $import]
        ///
        #[doc = $start]
        ///     .region("eu-central-1")
        /// #   .transport(alicloud_core::testing::FakeTransport::new())
        #[doc = $end]
        /// assert_eq!(client.region(), Some("eu-central-1"));
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn region(mut self, region: impl Into<String>) -> Self {
            self.settings.region = Some(region.into());
            self
        }

        /// Sets whether to use the endpoints of the platform's private network, which only machines in a VPC of the
        /// region reach. Defaults to `false`.
        ///
        /// The name of such a host has `-vpc` after the product: `ecs-vpc.cn-hangzhou.aliyuncs.com`. Products with
        /// one host for all regions have none; they keep their public host.
        pub fn vpc_endpoints(mut self, enabled: bool) -> Self {
            self.settings.vpc_endpoints = Some(enabled);
            self
        }

        /// Limits the time the default transport takes to connect. Defaults to 5 s.
        ///
        /// This method, [`proxy`](Self::proxy), [`no_proxy`](Self::no_proxy),
        /// [`root_certificate`](Self::root_certificate) and
        /// [`client_certificate`](Self::client_certificate) configure the default transport. They have no
        /// effect with a custom [`transport`](Self::transport).
        pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.settings.configure_transport(|config| config.connect_timeout(timeout));
            self
        }

        /// Sets the proxy for all connections, such as `http://user:password@proxy.example:3128`. Defaults
        /// to the proxy variables of the environment; see
        /// [`TransportConfig::proxy`](crate::transport::TransportConfig::proxy).
        pub fn proxy(mut self, url: impl Into<$crate::Secret>) -> Self {
            self.settings.configure_transport(|config| config.proxy(url));
            self
        }

        /// Disables proxies, including those of the environment.
        pub fn no_proxy(mut self) -> Self {
            self.settings.configure_transport($crate::transport::TransportConfig::no_proxy);
            self
        }

        /// Adds a trusted root certificate in PEM, in addition to those of the platform.
        pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
            self.settings.configure_transport(|config| config.root_certificate(pem));
            self
        }

        /// Sets the certificate for servers that request one: the chain and its private key in PEM.
        pub fn client_certificate(mut self, pem: impl Into<$crate::Secret>) -> Self {
            self.settings.configure_transport(|config| config.client_certificate(pem));
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
        #[doc = $import]
        /// use alicloud_core::RateLimits;
        ///
        #[doc = $start]
        ///     .rate_limiter(RateLimits::new().shared_by(4))
        /// #   .transport(alicloud_core::testing::FakeTransport::new())
        #[doc = $end]
        /// # assert_eq!(client.product(), "Cdn");
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn rate_limiter(mut self, limiter: impl $crate::RateLimiter + 'static) -> Self {
            self.settings.rate_limiter = Some(std::sync::Arc::new(limiter));
            self
        }

        /// Sets what the rate limiter counts the calls by: programs with the same scope share the limits. Defaults
        /// to the account id, where the credentials know it; see
        /// [`RateLimitRequest::account`](crate::RateLimitRequest::account).
        ///
        /// Set it where the account is not known, for example to the account id or to any name that the programs of
        /// one account agree on: temporary credentials of one account have many access key ids.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = $import]
        /// use alicloud_core::Credentials;
        ///
        #[doc = $start]
        ///     .credentials(Credentials::new("STS.Example", "secret").with_security_token("token"))
        ///     .limit_scope("1234567890123456")
        /// #   .transport(alicloud_core::testing::FakeTransport::new())
        #[doc = $end]
        /// # assert_eq!(client.product(), "Cdn");
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn limit_scope(mut self, name: impl Into<std::sync::Arc<str>>) -> Self {
            self.settings.limit_scope = Some(name.into());
            self
        }

        /// Appends a text to the user agent, such as `my-tool/1.2`. It must be printable ASCII. Replaces the text of
        /// an earlier call, but not that of `ALIBABA_CLOUD_USER_AGENT`.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        /// # use alicloud_core::Credentials;
        /// # use alicloud_core::testing::FakeTransport;
        #[doc = $import]
        ///
        /// let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
        #[doc = $start]
        ///     .user_agent("my-tool/1.2")
        ///     .transport(fake.clone())
        /// #   .credentials(Credentials::new("id", "secret"))
        #[doc = $end]
        /// client.generic_call("DescribeRefreshQuota").await?;
        /// assert!(fake.requests()[0].header("user-agent").unwrap().ends_with(" my-tool/1.2"));
        /// # Ok(()) }
        /// ```
        pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
            self.settings.user_agent = Some(suffix.into());
            self
        }

        /// Sets the transport that sends the requests. Defaults to the default transport of this crate.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        /// use alicloud_core::testing::FakeTransport;
        #[doc = $import]
        /// use alicloud_core::Credentials;
        ///
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(FakeTransport::new().respond_json("DescribeCdnRegions", r#"{"TotalCount": 3}"#))
        #[doc = $end]
        /// assert_eq!(client.generic_call("DescribeCdnRegions").await?["TotalCount"], 3);
        /// # Ok(()) }
        /// ```
        pub fn transport(mut self, transport: impl $crate::Transport + 'static) -> Self {
            self.settings.transport = Some(std::sync::Arc::new(transport));
            self
        }

        /// Sets the clock. Defaults to the system clock.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::time::{Duration, UNIX_EPOCH};
        ///
        #[doc = $import]
        /// use alicloud_core::testing::{FakeTransport, ManualClock};
        ///
        #[doc = $start]
        ///     .transport(FakeTransport::new())
        ///     .clock(ManualClock::from_unix_seconds(1_767_323_045))
        #[doc = $end]
        /// assert_eq!(client.clock().now(), UNIX_EPOCH + Duration::from_secs(1_767_323_045));
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn clock(mut self, clock: impl $crate::Clock + 'static) -> Self {
            self.settings.clock = Some(std::sync::Arc::new(clock));
            self
        }

        /// Sets the source of nonces. Defaults to 128 random bits per nonce.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        /// use alicloud_core::testing::{DeterministicNonce, FakeTransport};
        #[doc = $import]
        /// use alicloud_core::Credentials;
        ///
        /// let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(fake.clone())
        ///     .nonce_source(DeterministicNonce::sequence("n"))
        #[doc = $end]
        /// client.generic_call("DescribeRefreshQuota").await?;
        /// let request = &fake.requests()[0];
        /// assert_eq!(request.header("x-acs-signature-nonce"), Some("n-1"));
        /// # Ok(()) }
        /// ```
        pub fn nonce_source(mut self, source: impl $crate::NonceSource + 'static) -> Self {
            self.settings.nonce_source = Some(std::sync::Arc::new(source));
            self
        }

        /// Adds an interceptor, which adds headers to calls and observes their attempts. Several run in the order
        /// in which they are added. Defaults to none.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        /// use alicloud_core::testing::FakeTransport;
        #[doc = $import]
        /// use alicloud_core::{Credentials, InterceptedCall, Interceptor};
        ///
        /// #[derive(Debug)]
        /// struct Tenant(&'static str);
        ///
        /// impl Interceptor for Tenant {
        ///     fn before_call(&self, call: &mut InterceptedCall<'_>) {
        ///         call.set_header("x-tenant", self.0);
        ///     }
        /// }
        ///
        /// let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(fake.clone())
        ///     .interceptor(Tenant("blue"))
        #[doc = $end]
        /// client.generic_call("DescribeRefreshQuota").await?;
        /// assert_eq!(fake.requests()[0].header("x-tenant"), Some("blue"));
        /// # Ok(()) }
        /// ```
        pub fn interceptor(mut self, interceptor: impl $crate::Interceptor + 'static) -> Self {
            self.settings.extensions.interceptors.push(std::sync::Arc::new(interceptor));
            self
        }

        /// Sets the retry classifier, which decides about errors before the rules of
        /// [`RetryPolicy`](crate::RetryPolicy). Defaults to none.
        pub fn retry_classifier(
            mut self,
            classifier: impl $crate::RetryClassifier + 'static,
        ) -> Self {
            self.settings.extensions.retry_classifier = Some(std::sync::Arc::new(classifier));
            self
        }
    };
}

pub(crate) use shared_setters;
