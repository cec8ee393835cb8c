//! Settings that a call can override.

use std::time::Duration;

use super::ClientBuilder;
use crate::client::Client;
use crate::policy::retry::RetryPolicy;
use crate::request::Format;
use crate::sign::SignatureVersion;

impl<C: From<Client>> ClientBuilder<C> {
    /// Sets the signature version. Defaults to ACS3-HMAC-SHA256.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// use alicloud_core::{Client, Credentials, SignatureVersion};
    ///
    /// let fake = FakeTransport::new().respond_json("DescribeDomains", "{}");
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(fake.clone())
    ///     .signature(SignatureVersion::Hmac1)
    ///     .build()?;
    /// client.generic_call("DescribeDomains").await?;
    /// assert_eq!(fake.requests()[0].param("SignatureMethod"), Some("HMAC-SHA1"));
    /// # Ok(()) }
    /// ```
    pub fn signature(mut self, signature: SignatureVersion) -> Self {
        self.options.signature = signature;
        self
    }

    /// Sets the format of responses. Defaults to JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, Format};
    ///
    /// let builder =
    ///     Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").format(Format::Xml);
    /// assert!(format!("{builder:?}").contains("format: Xml"));
    /// ```
    pub fn format(mut self, format: Format) -> Self {
        self.options.format = format;
        self
    }

    /// Limits the whole call: credentials, rate limit, all attempts and the delays between them.
    /// Defaults to 60 s.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Client;
    ///
    /// let builder =
    ///     Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").timeout(Duration::from_secs(20));
    /// assert!(format!("{builder:?}").contains("timeout: 20s"));
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// Limits one attempt, from sending the request to the last byte of its response. No limit by
    /// default.
    ///
    /// An attempt that exceeds it is retried like one that exceeds the
    /// [`read_timeout`](Self::read_timeout): only if the call is idempotent. Use it where a response
    /// that trickles in must not use up the [`timeout`](Self::timeout) of the whole call.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use std::time::Duration;
    ///
    /// use alicloud_core::testing::{FakeTransport, Fault};
    /// use alicloud_core::{Client, Credentials};
    ///
    /// let fake = FakeTransport::new()
    ///     .fault("DescribeDomains", Fault::Hang)
    ///     .respond_json("DescribeDomains", "{}");
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(fake.clone())
    ///     .attempt_timeout(Duration::from_millis(5))
    ///     .build()?;
    /// client.generic_call("DescribeDomains").read_only().await?;
    /// assert_eq!(fake.requests().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// Limits each wait for more bytes within an attempt: for the head of the response, then for each
    /// piece of its body. Defaults to 10 s.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Client;
    ///
    /// let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .read_timeout(Duration::from_secs(30));
    /// assert!(format!("{builder:?}").contains("read_timeout: 30s"));
    /// ```
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.options.read_timeout = timeout;
        self
    }

    /// Sets the retry policy. Defaults to [`RetryPolicy::new`]: up to three retries, and only where a
    /// retry can do no harm.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use alicloud_core::testing::{FakeTransport, Fault};
    /// use alicloud_core::{Client, Credentials, RetryPolicy};
    ///
    /// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(FakeTransport::new().fault("DescribeDomains", Fault::ConnectionRefused))
    ///     .retry(RetryPolicy::none())
    ///     .build()?;
    /// let error = client.generic_call("DescribeDomains").await.unwrap_err();
    /// assert_eq!(error.attempts(), 1);
    /// # Ok(()) }
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = policy;
        self
    }

    /// Sets whether to sign the service's time if the local clock is wrong. Defaults to `true`.
    ///
    /// A request that the service rejects for its time is signed again, once, with the time of the
    /// response's `Date` header. Later requests to the same host are signed with the same difference.
    /// A difference of more than 24 hours is ignored. A policy of one attempt still measures the
    /// difference, for the next call.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::testing::{FakeTransport, ManualClock};
    ///
    /// // The service is an hour ahead of the local clock.
    /// let headers = [("date", "Fri, 02 Jan 2026 04:04:05 GMT")];
    /// let fake = FakeTransport::new()
    ///     .respond_raw("DescribeRefreshQuota", 400, &headers, r#"{"Code": "InvalidTimeStamp.Expired"}"#)
    ///     .respond_json("DescribeRefreshQuota", "{}");
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .clock(ManualClock::from_unix_seconds(1_767_323_045))
    ///     .transport(fake.clone())
    /// #   .credentials(Credentials::new("id", "secret"))
    ///     .build()?;
    /// client.generic_call("DescribeRefreshQuota").await?;
    /// assert_eq!(fake.requests()[1].header("x-acs-date"), Some("2026-01-02T04:04:05Z"));
    /// # Ok(()) }
    /// ```
    pub fn clock_skew_correction(mut self, enabled: bool) -> Self {
        self.options.clock_skew_correction = enabled;
        self
    }

    /// Sets the maximum size of a response body in bytes. Defaults to 16 MiB. Decoding
    /// needs at most 40 bytes of memory per byte of the body, or 8 MiB.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use alicloud_core::testing::FakeTransport;
    /// use alicloud_core::{Client, Credentials};
    ///
    /// let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .credentials(Credentials::new("id", "secret"))
    ///     .transport(FakeTransport::new().respond_json("DescribeRefreshQuota", "a".repeat(200)))
    ///     .max_response_bytes(100)
    ///     .build()?;
    /// let error = client.generic_call("DescribeRefreshQuota").await.unwrap_err();
    /// assert!(error.transport_error().is_some());
    /// # Ok(()) }
    /// ```
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.options.max_response_bytes = bytes;
        self
    }
}
