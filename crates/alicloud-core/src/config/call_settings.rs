//! Settings that a call can override, as methods of both builders.

/// Defines the setters of [`CallOptions`](crate::config::CallOptions) for a type with a field `settings`. The texts
/// start and end the examples: an import, a builder, and what makes a client of it.
macro_rules! call_setters {
    ($import:literal, $start:literal, $end:literal) => {
        /// Sets the signature version. Defaults to ACS3-HMAC-SHA256.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        /// # use alicloud_core::testing::FakeTransport;
        #[doc = $import]
        /// use alicloud_core::{Credentials, SignatureVersion};
        ///
        /// let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(fake.clone())
        ///     .signature(SignatureVersion::Hmac1)
        #[doc = $end]
        /// client.generic_call("DescribeRefreshQuota").await?;
        /// assert_eq!(fake.requests()[0].param("SignatureMethod"), Some("HMAC-SHA1"));
        /// # Ok(()) }
        /// ```
        pub fn signature(mut self, signature: $crate::SignatureVersion) -> Self {
            self.settings.options.signature = signature;
            self
        }

        /// Sets the format of responses. Defaults to JSON.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = $import]
        /// use alicloud_core::Format;
        ///
        #[doc = $start]
        ///     .format(Format::Xml)
        /// #   .transport(alicloud_core::testing::FakeTransport::new())
        #[doc = $end]
        /// assert!(format!("{client:?}").contains("format: Xml"));
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn format(mut self, format: $crate::Format) -> Self {
            self.settings.options.format = format;
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
        #[doc = $import]
        ///
        #[doc = $start]
        ///     .timeout(Duration::from_secs(20))
        /// #   .transport(alicloud_core::testing::FakeTransport::new())
        #[doc = $end]
        /// assert_eq!(client.timeout(), Duration::from_secs(20));
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.settings.options.timeout = timeout;
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
        #[doc = $import]
        /// use alicloud_core::Credentials;
        ///
        /// let fake = FakeTransport::new()
        ///     .fault("DescribeRefreshQuota", Fault::Hang)
        ///     .respond_json("DescribeRefreshQuota", "{}");
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(fake.clone())
        ///     .attempt_timeout(Duration::from_millis(5))
        #[doc = $end]
        /// client.generic_call("DescribeRefreshQuota").read_only().await?;
        /// assert_eq!(fake.requests().len(), 2);
        /// # Ok(()) }
        /// ```
        pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.settings.options.attempt_timeout = Some(timeout);
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
        #[doc = $import]
        ///
        #[doc = $start]
        ///     .read_timeout(Duration::from_secs(30))
        /// #   .transport(alicloud_core::testing::FakeTransport::new())
        #[doc = $end]
        /// assert!(format!("{client:?}").contains("read_timeout: 30s"));
        /// # Ok::<(), alicloud_core::Error>(())
        /// ```
        pub fn read_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.settings.options.read_timeout = timeout;
            self
        }

        /// Sets the retry policy. Defaults to [`RetryPolicy::new`](crate::RetryPolicy::new): up to three
        /// retries, and only where a retry can do no harm.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        /// use alicloud_core::testing::{FakeTransport, Fault};
        #[doc = $import]
        /// use alicloud_core::{Credentials, RetryPolicy};
        ///
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(FakeTransport::new().fault("DescribeRefreshQuota", Fault::ConnectionRefused))
        ///     .retry(RetryPolicy::none())
        #[doc = $end]
        /// let error = client.generic_call("DescribeRefreshQuota").await.unwrap_err();
        /// assert_eq!(error.attempts(), 1);
        /// # Ok(()) }
        /// ```
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.settings.options.retry = policy;
            self
        }

        /// Sets whether to sign the service's time if the local clock is wrong. Defaults to `true`.
        ///
        /// A request that the service rejects for its time is signed again, once, with the time of the
        /// response's `Date` header. Later requests are signed with the same difference: to the same host, to
        /// hosts whose own difference is not known, and to STS by the default chain of credentials, which also
        /// corrects the times at which credentials expire. A difference of more than 24 hours is ignored. A
        /// policy of one attempt still measures the difference, for the next call.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        #[doc = $import]
        /// # use alicloud_core::Credentials;
        /// use alicloud_core::testing::{FakeTransport, ManualClock};
        ///
        /// // The service is an hour ahead of the local clock.
        /// let headers = [("date", "Fri, 02 Jan 2026 04:04:05 GMT")];
        /// let fake = FakeTransport::new()
        ///     .respond_raw("DescribeRefreshQuota", 400, &headers, r#"{"Code": "InvalidTimeStamp.Expired"}"#)
        ///     .respond_json("DescribeRefreshQuota", "{}");
        #[doc = $start]
        ///     .clock(ManualClock::from_unix_seconds(1_767_323_045))
        ///     .transport(fake.clone())
        /// #   .credentials(Credentials::new("id", "secret"))
        #[doc = $end]
        /// client.generic_call("DescribeRefreshQuota").await?;
        /// assert_eq!(fake.requests()[1].header("x-acs-date"), Some("2026-01-02T04:04:05Z"));
        /// # Ok(()) }
        /// ```
        pub fn clock_skew_correction(mut self, enabled: bool) -> Self {
            self.settings.options.clock_skew_correction = enabled;
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
        #[doc = $import]
        /// use alicloud_core::Credentials;
        ///
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(FakeTransport::new().respond_json("DescribeRefreshQuota", "a".repeat(200)))
        ///     .max_response_bytes(100)
        #[doc = $end]
        /// let error = client.generic_call("DescribeRefreshQuota").await.unwrap_err();
        /// assert!(error.transport_error().is_some());
        /// # Ok(()) }
        /// ```
        pub fn max_response_bytes(mut self, bytes: usize) -> Self {
            self.settings.options.max_response_bytes = bytes;
            self
        }

        /// Sets whether requests name the provider of their credentials, such as `default/env`, in the header
        /// `x-acs-credentials-provider`, as those of the official clients do. Defaults to `true`. The platform
        /// counts by it how programs authenticate; the header contains no secret.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
        /// # use alicloud_core::testing::FakeTransport;
        #[doc = $import]
        /// use alicloud_core::Credentials;
        ///
        /// let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
        #[doc = $start]
        ///     .credentials(Credentials::new("id", "secret"))
        ///     .transport(fake.clone())
        ///     .send_credentials_provider(false)
        #[doc = $end]
        /// client.generic_call("DescribeRefreshQuota").await?;
        /// assert_eq!(fake.requests()[0].header("x-acs-credentials-provider"), None);
        /// # Ok(()) }
        /// ```
        pub fn send_credentials_provider(mut self, enabled: bool) -> Self {
            self.settings.options.send_credentials_provider = enabled;
            self
        }
    };
}

pub(crate) use call_setters;
