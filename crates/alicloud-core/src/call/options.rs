//! The options of a call.

use std::time::Duration;

use super::{Call, header};
use crate::policy::limit::RateLimitPermit;
use crate::policy::retry::RetryPolicy;
use crate::request::Format;
use crate::sign::SignatureVersion;

impl<T> Call<T> {
    /// Limits the whole call: credentials, rate limit, all attempts and the delays between them.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials};
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret"))
    /// #     .transport(FakeTransport::new().fault("DescribeRefreshQuota", Fault::Hang)).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let error = call.timeout(Duration::from_millis(5)).await.unwrap_err();
    /// assert!(error.is_timeout());
    /// # Ok(()) }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.input.context.options.timeout = timeout;
        self
    }

    /// Limits one attempt, from sending the request to the last byte of its response. See
    /// [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeRefreshQuota", Fault::Hang).respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").read_only().into_call();
    /// let response = call.attempt_timeout(Duration::from_millis(5)).response().await?;
    /// assert_eq!(response.attempts, 2);
    /// # Ok(()) }
    /// ```
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.input.context.options.attempt_timeout = Some(timeout);
        self
    }

    /// Limits each wait for more bytes within an attempt.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.input.context.options.read_timeout = timeout;
        self
    }

    /// Sets the retry policy.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeRefreshQuota", Fault::ConnectionRefused);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::RetryPolicy;
    ///
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let policy = RetryPolicy::new().max_attempts(2).base_delay(Duration::from_millis(1));
    /// assert_eq!(call.retry(policy).await.unwrap_err().attempts(), 2);
    /// # Ok(()) }
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.input.context.options.retry = policy;
        self
    }

    /// Disables retries.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials};
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret"))
    /// #     .transport(FakeTransport::new().fault("DescribeRefreshQuota", Fault::ConnectionRefused)).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let error = call.no_retry().await.unwrap_err();
    /// assert_eq!(error.attempts(), 1);
    /// # Ok(()) }
    /// ```
    pub fn no_retry(self) -> Self {
        self.retry(RetryPolicy::none())
    }

    /// Sets the format of the response.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::Format;
    ///
    /// client.generic_call("DescribeRefreshQuota").into_call().format(Format::Xml).await?;
    /// assert_eq!(fake.requests()[0].header("accept"), Some("application/xml"));
    /// # Ok(()) }
    /// ```
    pub fn format(mut self, format: Format) -> Self {
        self.input.context.options.format = format;
        self
    }

    /// Sets the signature version.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::SignatureVersion;
    ///
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// call.signature(SignatureVersion::Hmac1).await?;
    /// assert_eq!(fake.requests()[0].param("SignatureVersion"), Some("1.0"));
    /// # Ok(()) }
    /// ```
    pub fn signature(mut self, signature: SignatureVersion) -> Self {
        self.input.context.options.signature = signature;
        self
    }

    /// Adds a query parameter, or replaces the one with the same name. For parameters that the request
    /// type lacks. The parameter is signed like every other. [`Preview`](crate::Preview) and errors hide the
    /// value if the name suggests a secret.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// call.query_param("OwnerId", "42").await?;
    /// assert_eq!(fake.requests()[0].param("OwnerId"), Some("42"));
    /// # Ok(()) }
    /// ```
    pub fn query_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Ok(parts) = &mut self.input.parts {
            parts.set_query(name, value);
        }
        self
    }

    /// Adds a header, or replaces the one with the same name in any case. For headers that neither the
    /// request type nor the client has, such as a trace id.
    ///
    /// Every attempt sends it. The signature covers headers that start with `x-acs-`, except with
    /// [`SignatureVersion::Hmac1`] and an RPC-style operation, which sign no headers. Previews and records
    /// hide the value if the name contains `authorization`, `cookie`, `credential`, `key`, `password`,
    /// `secret`, `token` or similar; ids, names and idempotency tokens are shown.
    ///
    /// # Errors
    ///
    /// The call returns an error that names the header, and sends nothing
    /// ([`is_invalid_request`](crate::Error::is_invalid_request)):
    ///
    /// * The name or the value is not allowed in HTTP, or the value is not ASCII.
    /// * Only the client can set the header: one of the signature (`authorization`, `date`, `x-acs-date`,
    ///   `x-acs-content-sha256`, `x-acs-signature-nonce`, …), of the credentials
    ///   (`x-acs-security-token`), of the operation (`x-acs-action`, `x-acs-version`), of the body
    ///   (`content-type`, `content-length`, …) or of the connection (`host`, `accept-encoding`,
    ///   `transfer-encoding`, …). For `accept` use [`format`](Call::format), for `user-agent`
    ///   [`ClientBuilder::user_agent`](crate::ClientBuilder::user_agent).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// call.header("x-trace-id", "7f3a").await?;
    /// assert_eq!(fake.requests()[0].header("x-trace-id"), Some("7f3a"));
    ///
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let error = call.header("Host", "example.com").await.unwrap_err();
    /// assert!(error.to_string().contains("header \"host\": is determined by the endpoint"));
    /// # Ok(()) }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        header::set(&mut self.input.headers, name.into(), value.into());
        self
    }

    /// Starts the first attempt with a permit instead of waiting for the rate limiter. Retries wait for it.
    pub fn permit(mut self, permit: RateLimitPermit) -> Self {
        self.input.context.permit = Some(permit);
        self
    }
}
