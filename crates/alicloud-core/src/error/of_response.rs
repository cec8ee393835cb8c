//! What an error says about the response.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{AccessDenied, Error, ErrorKind, SignatureMismatch};

impl Error {
    /// Returns the kind of the error, to match on.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "Throttling.User", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// use alicloud_core::ErrorKind;
    ///
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// let exit_code = match error.kind() {
    ///     ErrorKind::Throttling | ErrorKind::QuotaExceeded => 75,
    ///     ErrorKind::Auth | ErrorKind::Forbidden => 77,
    ///     _ => 1,
    /// };
    /// assert_eq!(exit_code, 75);
    /// # Ok(()) }
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.data.kind()
    }

    /// Returns the service's error code, such as `Throttling.User`.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "Throttling.User", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.code(), Some("Throttling.User"));
    /// # Ok(()) }
    /// ```
    pub fn code(&self) -> Option<&str> {
        self.response()?.code.as_deref()
    }

    /// Returns the service's error message.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "InvalidObjectPath.Malformed", "The path is malformed.");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.message(), Some("The path is malformed."));
    /// # Ok(()) }
    /// ```
    pub fn message(&self) -> Option<&str> {
        self.response()?.message.as_deref()
    }

    /// Returns the request id that the service assigned; quote it to the service's support.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 500, &[], r#"{"RequestId": "0AEDAF20"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.request_id(), Some("0AEDAF20"));
    /// # Ok(()) }
    /// ```
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// Returns the HTTP status, or `None` without a response. It can be 200: see
    /// [errors with a success status](Error#errors-with-a-success-status).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 403, "Forbidden.RAM", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.status().unwrap().as_u16(), 403);
    /// # Ok(()) }
    /// ```
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// Returns the headers of the response, or `None` without a response. Secrets that were sent are
    /// replaced with `<redacted>`, as in all texts of the service.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 500, &[("eagleeye-traceid", "0b4")], "");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.headers().unwrap()["eagleeye-traceid"], "0b4");
    /// # Ok(()) }
    /// ```
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(|response| &response.headers)
    }

    /// Returns the service's link to an explanation of the error.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 400, &[], r#"{"Code": "Any", "Recommend": "https://api.aliyun.com/t"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.help_url(), Some("https://api.aliyun.com/t"));
    /// # Ok(()) }
    /// ```
    pub fn help_url(&self) -> Option<&str> {
        self.response()?.help_url.as_deref()
    }

    /// Returns why access was denied: the action, the principal and the type of policy.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 403, &[], r#"{"Code": "NoPermission", "AccessDeniedDetail": {"AuthAction": "cdn:X"}}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.access_denied().unwrap().action(), Some("cdn:X"));
    /// # Ok(()) }
    /// ```
    pub fn access_denied(&self) -> Option<AccessDenied<'_>> {
        self.access_denied_detail().filter(|detail| detail.is_object()).map(AccessDenied)
    }

    /// Returns the service's `AccessDeniedDetail`, in which only secrets are replaced.
    pub fn access_denied_detail(&self) -> Option<&serde_json::Value> {
        self.response()?.access_denied.as_ref()
    }

    /// Returns why the signature does not match, if the service reports what it signed: the secret is
    /// wrong, or a parameter or header was changed in transit.
    pub fn signature_mismatch(&self) -> Option<&SignatureMismatch> {
        self.response()?.signature_mismatch.as_ref()
    }

    /// Returns the delay that the service asks for before a retry.
    ///
    /// Taken from `x-acs-retry-after` in milliseconds, else from the larger `TimeLeft` of
    /// `x-ratelimit-user-api` and `x-ratelimit-user`, else from `retry-after-ms`, else from `Retry-After`: a
    /// number of seconds such as `1.5`, or a date. A date counts from the `Date` of the response, or without
    /// one from the clock of the client; one that is not later is ignored.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 429, &[("retry-after", "3600")], r#"{}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(3_600)));
    /// # Ok(()) }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        self.response()?.retry_after
    }

    /// Returns the content type of the response body.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_raw("RefreshObjectCaches", 302, &[("content-type", "text/html")], "");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.content_type(), Some("text/html"));
    /// # Ok(()) }
    /// ```
    pub fn content_type(&self) -> Option<&str> {
        self.response()?.content_type.as_deref()
    }

    /// Returns the first 4 KiB of the response body. A body in UTF-16 is converted to UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 302, &[], r#"<html/>"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.body().unwrap().as_ref(), b"<html/>");
    /// # Ok(()) }
    /// ```
    pub fn body(&self) -> Option<&Bytes> {
        self.response().map(|response| &response.body)
    }
}
