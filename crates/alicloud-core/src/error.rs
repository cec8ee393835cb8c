//! The error of a call.

mod access_denied;
mod body;
mod data;
mod display;
mod in_success;
mod kind;
mod serialize;
mod signature;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use alicloud_wire::paging::IncompleteList;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use access_denied::AccessDenied;
pub(crate) use body::{ErrorResponse, SignedTexts, first_character, is_html, request_id};
use data::ErrorClass;
pub(crate) use data::ErrorData;
pub(crate) use display::one_line;
pub(crate) use in_success::{ResponseFields, reports_error};
pub use kind::ErrorKind;
pub use signature::SignatureMismatch;

use crate::operation::OperationRef;
use crate::retry::Retryability;
use crate::transport::TransportError;

/// The error of a call or of building a client.
///
/// `Display` is one line: what happened, whether the request may have taken effect, and the request id
/// to quote to the service's support. Neither `Display` nor `Debug` shows a URL, a secret or a
/// signature. [`kind`](Error::kind) classifies an error to match on. The `is_…` methods do the same and
/// document the remedy; several can be true at once.
///
/// A clone is cheap and shares the content, so that one error can be reported to several callers.
///
/// # Serialization
///
/// With serde, an error is an object for structured logs. Absent values are omitted:
///
/// | Field | Value |
/// |---|---|
/// | `kind` | [`kind`](Error::kind), such as `"throttling"` |
/// | `summary` | the line of `Display` |
/// | `product`, `operation` | what was called |
/// | `code`, `message`, `request_id` | from the service |
/// | `status` | the HTTP status as a number |
/// | `outcome` | `"not_sent"`, `"rejected"` or `"unknown"` |
/// | `attempts` | the number of attempts |
/// | `is_transient` | whether the same call may succeed later |
/// | `retry_after_ms` | the delay that the service asks for, in milliseconds |
/// | `transport_error` | the kind of a [`transport_error`](Error::transport_error), such as `"interrupted"` |
/// | `help_url` | the service's link to an explanation |
///
/// Names and values stay the same within a major version; fields may be added. Texts of the service are
/// on one line and shortened as in `Display`. Headers and the body of the response are omitted.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, Credentials};
/// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "QuotaExceeded.Refresh", "M");
/// # let client: Client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
/// let json = serde_json::to_value(&error)?;
/// assert_eq!((&json["kind"], &json["code"]), (&"quota_exceeded".into(), &"QuotaExceeded.Refresh".into()));
/// assert_eq!((&json["outcome"], &json["is_transient"]), (&"rejected".into(), &false.into()));
/// # Ok(()) }
/// ```
///
/// # Errors with a success status
///
/// Some services report an error with HTTP 200. A structured response with a success status is an error
/// in these cases:
///
/// * `Success` is false (`false`, `"false"`, `0` or `"0"`), and there is an error code, whatever else the
///   response has.
/// * There is no `Success`, but an error code, `Message` and `HostId`, as in the errors of the gateway,
///   and no value for any other field of the response type than these and `RequestId`. The response of a
///   generic call has no type: every key counts that errors do not have. A `null`, `""`, `[]` or `{}` is
///   not a value.
/// * The root element of an XML response is `Error`, and its code, if it has one, is an error code.
///
/// An error code is a `Code` or `ErrorCode`, of the response or of an `Error` object in it, that is a text
/// or a number, not empty, and none of `200`, `0`, `OK` and `Success` in any case. If `Success` is true, the response is a success. A response that has
/// only `Code` and `Message` is one, too, because these can be ordinary fields. Responses of text, of
/// bytes or without content are never errors. Only the first 16 KiB of a response are searched (256 KiB,
/// if all of the first 16 KiB belongs to an error).
///
/// Such an error keeps its status. The code decides about retries and the outcome as with status 400,
/// with one exception: with a code of unknown meaning, the outcome is [`Outcome::Unknown`] instead of
/// [`Outcome::Rejected`], because nothing else shows that the request was not executed.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, Credentials};
/// use alicloud_core::{Error, Outcome};
///
/// fn advice(error: &Error) -> &'static str {
///     match error {
///         e if e.is_throttling() => "wait for retry_after()",
///         e if e.is_quota_exceeded() => "try again tomorrow",
///         e if e.outcome() == Outcome::Unknown => "check whether it was executed before retrying",
///         _ => "read the message",
///     }
/// }
///
/// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "QuotaExceeded.Refresh", "M");
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
/// assert_eq!(advice(&error), "try again tomorrow");
/// assert_eq!((error.product(), error.operation()), (Some("Cdn"), Some("RefreshObjectCaches")));
/// assert_eq!((error.code(), error.message()), (Some("QuotaExceeded.Refresh"), Some("M")));
/// assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (400, 1));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    data: ErrorData,
    operation: Option<OperationRef>,
    attempts: u32,
    /// The worst outcome of the attempts before the last.
    earlier_outcome: Option<Outcome>,
    no_retry_reason: Option<NoRetryReason>,
}

/// Why a retryable call was not retried.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NoRetryReason {
    /// The retry budget is exhausted.
    BudgetExhausted,
    /// The delay would have exceeded the call's timeout.
    DelayExceedsTimeout { delay: Duration, timeout: Duration },
}

/// Whether a failed request may have taken effect.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::{Client, Credentials};
/// use alicloud_core::Outcome;
/// use alicloud_core::testing::{FakeTransport, Fault};
///
/// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionReset);
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// // The connection broke after the request was sent.
/// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
/// assert_eq!(error.outcome(), Outcome::Unknown);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The request was certainly not sent. Resending it is safe.
    NotSent,
    /// The service rejected the request and did not execute it.
    Rejected,
    /// The request may have been executed: the response is lost, late or unreadable. Unless it is
    /// idempotent, check before resending it.
    Unknown,
}

impl Outcome {
    /// Returns the worse of two outcomes: that of a call with both attempts.
    pub(crate) fn worst(self, other: Option<Outcome>) -> Outcome {
        match (self, other) {
            (outcome, None) => outcome,
            (Outcome::Unknown, _) | (_, Some(Outcome::Unknown)) => Outcome::Unknown,
            (Outcome::Rejected, _) | (_, Some(Outcome::Rejected)) => Outcome::Rejected,
            (Outcome::NotSent, Some(Outcome::NotSent)) => Outcome::NotSent,
        }
    }
}

impl Error {
    pub(crate) fn new(data: ErrorData) -> Self {
        Error(Arc::new(Inner {
            data,
            operation: None,
            attempts: 0,
            earlier_outcome: None,
            no_retry_reason: None,
        }))
    }

    /// Creates the error of a request that cannot be built, with the reason.
    pub(crate) fn build_request(reason: String) -> Self {
        Error::new(ErrorData::BuildRequest(reason))
    }

    /// Adds the operation of the failed call and the number of attempts.
    pub(crate) fn with_call(mut self, operation: &OperationRef, attempts: u32) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.operation = Some(operation.clone());
        inner.attempts = attempts;
        self
    }

    /// Adds the worst outcome of the earlier attempts, and why the call was not retried.
    pub(crate) fn with_history(
        mut self,
        earlier_outcome: Option<Outcome>,
        no_retry_reason: Option<NoRetryReason>,
    ) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.earlier_outcome = earlier_outcome;
        inner.no_retry_reason = no_retry_reason;
        self
    }

    /// Returns whether the same request can succeed if it is retried.
    pub(crate) fn retryability(&self) -> Retryability {
        self.0.data.retryability()
    }

    /// Returns whether the credentials were expired or deleted, so that newer ones may be valid.
    pub(crate) fn are_credentials_stale(&self) -> bool {
        let stale = ["InvalidSecurityToken", "InvalidAccessKeyId"];
        self.code().is_some_and(|code| stale.iter().any(|start| code.starts_with(start)))
    }

    fn response(&self) -> Option<&ErrorResponse> {
        match &self.0.data {
            ErrorData::Response(response) | ErrorData::Decode { response, .. } => Some(response),
            _ => None,
        }
    }

    fn class(&self) -> ErrorClass {
        match &self.0.data {
            ErrorData::Response(response) => ErrorClass::from_response(response),
            _ => ErrorClass::default(),
        }
    }

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
    /// `x-ratelimit-user-api` and `x-ratelimit-user`, else from `Retry-After` in seconds.
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

    /// Returns the first 4 KiB of the response body.
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

    /// Returns the error of the transport, if there was no response.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionReset);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.transport_error().is_some() && error.status().is_none());
    /// # Ok(()) }
    /// ```
    pub fn transport_error(&self) -> Option<&TransportError> {
        match &self.0.data {
            ErrorData::Transport { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Returns the number of attempts, including one that failed while it was being sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionReset);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// // Not retried, because the request may have been executed.
    /// assert_eq!(error.attempts(), 1);
    /// # Ok(()) }
    /// ```
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the name of the called operation, such as `DescribeRefreshTaskById`, or `None` for an
    /// error from building a client.
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
    /// assert_eq!(error.operation(), Some("RefreshObjectCaches"));
    /// # Ok(()) }
    /// ```
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_ref().map(OperationRef::name)
    }

    /// Returns the product code of the called operation, such as `Cdn`.
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
    /// assert_eq!(error.product(), Some("Cdn"));
    /// # Ok(()) }
    /// ```
    pub fn product(&self) -> Option<&str> {
        self.0.operation.as_ref().map(OperationRef::product_code)
    }

    /// Returns whether the request may have taken effect, over all attempts: if any of them may have
    /// been executed, the outcome is [`Outcome::Unknown`], even if the last attempt was not sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "InvalidObjectPath", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.outcome(), Outcome::Rejected);
    /// # Ok(()) }
    /// ```
    pub fn outcome(&self) -> Outcome {
        self.0.data.outcome().worst(self.0.earlier_outcome)
    }

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

    /// Returns why a list ended although the last response says that there is more, if that is the error.
    ///
    /// Cause: see [`Pages`](crate::Pages#incomplete-lists). Every call succeeded, and the items before the
    /// error are valid. Remedy: the message names it.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let error = Client::generic("Cdn", "2018-05-10", "not a host").build().unwrap_err();
    /// assert!(error.incomplete_list().is_none());
    /// ```
    pub fn incomplete_list(&self) -> Option<&IncompleteList> {
        match &self.0.data {
            ErrorData::IncompleteList(incomplete) => Some(incomplete),
            _ => None,
        }
    }

    /// Returns whether the request is invalid, so that a retry cannot succeed.
    ///
    /// Cause: a missing or malformed parameter, header or path, detected before sending ([`Outcome::NotSent`]) or by the
    /// service ([`Outcome::Rejected`]). Remedy: correct what the message names.
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

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &format_args!("{self}"))
            .field("outcome", &self.outcome())
            .field("retry_after", &self.retry_after())
            .field("transport", &self.transport_error().map(TransportError::kind))
            .field("body", &self.response().and_then(display::debug_excerpt))
            .finish()
    }
}

/// `source` is always `None`, because `Display` includes all causes. See
/// [`transport_error`](Error::transport_error) for the causes of a connection failure.
impl std::error::Error for Error {}
