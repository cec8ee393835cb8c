//! Classes of errors, each with its causes and remedies.

use super::{Error, ErrorData};
use crate::policy::retry::Retryability;

impl Error {
    /// Returns whether the same call may succeed later without a change.
    ///
    /// Cause: throttling, a lost connection, a timeout, an internal error of the service, or a proxy's
    /// page instead of a response. Remedy: call again later; unless the call is idempotent, check the
    /// [`outcome`](Error::outcome) first.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 503, "ServiceUnavailable", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_transient());
    /// # Ok(()) }
    /// ```
    pub fn is_transient(&self) -> bool {
        self.retryability() != Retryability::Never || self.is_timeout() || self.is_server_error()
    }

    /// Returns whether the service accepts no more calls for the moment.
    ///
    /// Cause: all programs of the account together exceed the rate limit of the account or the
    /// operation. Remedy: wait for [`retry_after`](Error::retry_after), or a few seconds without it,
    /// and call less often. The request was not executed.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 429, &[("retry-after", "3600")], r#"{"Code": "Throttling.User"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_throttling() && error.outcome() == Outcome::Rejected);
    /// # Ok(()) }
    /// ```
    pub fn is_throttling(&self) -> bool {
        self.class().throttling
    }

    /// Returns whether a quota is exhausted: of a day, of a resource or of one call.
    ///
    /// Cause: a documented limit, such as 10,000 refreshed URLs per day. Remedy: request less, wait for
    /// the next period, or have the quota raised. Waiting for seconds does not help.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "QuotaExceeded.Refresh", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_quota_exceeded() && !error.is_transient());
    /// # Ok(()) }
    /// ```
    pub fn is_quota_exceeded(&self) -> bool {
        self.class().quota
    }

    /// Returns whether the credentials are missing, invalid or expired.
    ///
    /// Cause: no credentials in any of the searched sources, a secret of another access key, a disabled
    /// access key, or an expired security token. Remedy: the message names the cause; for a wrong
    /// signature, [`signature_mismatch`](Error::signature_mismatch) shows whether the secret is wrong.
    /// The request itself needs no change.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 404, "InvalidAccessKeyId.NotFound", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_auth());
    /// # Ok(()) }
    /// ```
    pub fn is_auth(&self) -> bool {
        matches!(self.0.data, ErrorData::Credentials(_)) || self.class().auth
    }

    /// Returns whether the account lacks the permission.
    ///
    /// Cause: no RAM policy allows the action, or the resource belongs to another account. Remedy:
    /// grant the action named by [`access_denied`](Error::access_denied) or the message.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 403, "Forbidden.RAM", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_forbidden());
    /// # Ok(()) }
    /// ```
    pub fn is_forbidden(&self) -> bool {
        self.class().forbidden
    }

    /// Returns whether something that the request names does not exist.
    ///
    /// Cause: a wrong id, a wrong region, or a deleted resource. Remedy: check the id and its region.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 404, "InvalidDomain.NotFound", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(()) }
    /// ```
    pub fn is_not_found(&self) -> bool {
        self.class().not_found
    }

    /// Returns whether the local clock is more than 15 minutes off.
    ///
    /// Cause: requests carry a timestamp, which the service compares with its clock. The client then
    /// signs again with the service's time, so this error appears only if that did not help or is
    /// disabled ([`clock_skew_correction`](crate::ClientBuilder::clock_skew_correction)). Remedy: set
    /// the clock, most often that of a container or of a virtual machine that was suspended.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "InvalidTimeStamp.Expired", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_clock_skew());
    /// # Ok(()) }
    /// ```
    pub fn is_clock_skew(&self) -> bool {
        self.class().clock_skew
    }

    /// Returns whether the service has seen the nonce of the request before.
    ///
    /// Cause: the network delivered the request twice. Remedy: check whether it was executed; the
    /// [`outcome`](Error::outcome) is unknown.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "SignatureNonceUsed", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_nonce_used() && error.outcome() == Outcome::Unknown);
    /// # Ok(()) }
    /// ```
    pub fn is_nonce_used(&self) -> bool {
        self.class().nonce_used
    }

    /// Returns whether there was no response in time.
    ///
    /// Cause: a slow network, a slow service, or a timeout that is too short for the operation. Remedy:
    /// check whether the request was executed, then retry it or raise the timeout.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ReadTimeout);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_timeout() && error.outcome() == Outcome::Unknown);
    /// # Ok(()) }
    /// ```
    pub fn is_timeout(&self) -> bool {
        self.0.data.is_timeout() || self.class().timeout
    }

    /// Returns whether there was no connection, so that nothing was sent.
    ///
    /// Cause: no network, an unknown host, a firewall, a proxy, or an untrusted certificate. Remedy: the
    /// message names the cause; check the endpoint, the region and the proxy variables.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionRefused);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_connect() && error.outcome() == Outcome::NotSent);
    /// # Ok(()) }
    /// ```
    pub fn is_connect(&self) -> bool {
        self.0.data.is_connect()
    }

    /// Returns whether the service reported success, but the response cannot be decoded.
    ///
    /// Cause: a gateway's page with status 200, a truncated response, or a response that differs from
    /// its description. Remedy: see [`body`](Error::body). The operation was most likely executed.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new()
    /// #     .respond_raw("RefreshObjectCaches", 200, &[], r#"<html>Login</html>"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_decode() && error.outcome() == Outcome::Unknown);
    /// # Ok(()) }
    /// ```
    pub fn is_decode(&self) -> bool {
        matches!(self.0.data, ErrorData::Decode { .. })
    }

    /// Returns whether the request is invalid, so that a retry cannot succeed.
    ///
    /// Cause: a missing or malformed parameter, header or path, detected before sending
    /// ([`Outcome::NotSent`](crate::Outcome::NotSent)) or by the service
    /// ([`Outcome::Rejected`](crate::Outcome::Rejected)). Remedy: correct what the message names.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "InvalidObjectPath.Malformed", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_invalid_request());
    /// # Ok(()) }
    /// ```
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.data, ErrorData::InvalidParameter(_) | ErrorData::BuildRequest(_))
            || self.class().invalid
    }

    /// Returns whether the configuration of the client is invalid.
    ///
    /// Cause: an invalid endpoint, a region without an endpoint, or no transport. Remedy: the message
    /// says what to set.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let error = Client::generic("Cdn", "2018-05-10", "not a host").build().unwrap_err();
    /// assert!(error.is_configuration());
    /// ```
    pub fn is_configuration(&self) -> bool {
        matches!(self.0.data, ErrorData::Configuration(_))
    }

    /// Returns whether the service failed internally.
    ///
    /// Cause: an internal error, an unavailable component, or a gateway in between. Remedy: retry a
    /// read; check before retrying anything else.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 500, "InternalError", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.is_server_error() && error.outcome() == Outcome::Unknown);
    /// # Ok(()) }
    /// ```
    pub fn is_server_error(&self) -> bool {
        self.class().server
    }
}
