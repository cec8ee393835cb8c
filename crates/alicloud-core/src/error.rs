//! The error of a call.

mod access_denied;
mod body;
mod class;
mod credentials;
mod data;
mod display;
mod document;
mod elements;
mod fields;
mod in_success;
mod keys;
mod kind;
mod of_call;
mod of_response;
mod outcome;
mod predicates;
mod retry_after;
mod serialize;
mod signature;
mod text;
mod transport;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use alicloud_wire::InvalidParameter;
use alicloud_wire::paging::IncompleteList;

pub use self::access_denied::AccessDenied;
pub(crate) use self::body::{ErrorResponse, SignedTexts, request_id};
use self::class::ErrorClass;
pub use self::credentials::CredentialsError;
pub(crate) use self::document::first_character;
pub(crate) use self::fields::is_html;
pub(crate) use self::in_success::{ResponseFields, reports_error};
pub use self::kind::ErrorKind;
pub use self::outcome::Outcome;
pub use self::signature::SignatureMismatch;
pub(crate) use self::text::one_line;
pub use self::transport::{TransportError, TransportErrorKind};
use crate::policy::retry::Retryability;
use crate::product::Operation;

/// The error of a call or of building a client.
///
/// `Display` is one line: what happened, whether the request may have taken effect, and the request id
/// to quote to the service's support. Neither `Display` nor `Debug` shows a URL, a secret or a
/// signature. [`kind`](Error::kind) classifies an error to match on. The `is_…` methods do the same and
/// document the remedy; several can be true at once.
///
/// # Secrets
///
/// In all texts of the service, `<redacted>` replaces the secrets of the credentials and of the request: in the
/// escapes of URLs, JSON, XML and HTML on top of each other, in base64 and in hexadecimal. In a secret of
/// 8 bytes or more, whitespace and `U+FFFD` are ignored, and so are other bytes that are no text. Of a longer
/// secret, each piece of 15 bytes or more is replaced, without counting whitespace and `+`, unless it is a word of
/// letters. A secret of fewer
/// than 6 bytes is only replaced as a whole word.
///
/// Not recognized are shorter pieces, base64 of base64 or of an escaped secret, and secrets that are compressed,
/// encrypted or hashed.
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
/// # Error bodies
///
/// The code, the message and the other texts of the service are read from JSON or XML, whatever the content type
/// says, in UTF-8 or UTF-16, with the leniency of a successful response: invalid text, NUL characters around the
/// document and unknown fields of any depth do not hide an error code. They are read from the first 256 KiB; if the
/// rest of a longer body is missing, JSON still has the fields in this part, and XML has none.
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
/// * The same without `HostId`, if the response type has no field for a code, and the code is not a number.
/// * The root element of an XML response is `Error`, and its code, if it has one, is an error code.
///
/// An error code is a `Code` or `ErrorCode`, of the response or of an `Error` object in it, that is a text
/// or a number, not empty, and none of `200`, `0`, `OK` and `Success` in any case. If `Success` is true, the response is a success. A response that has
/// only `Code` and `Message` is one, too, if these can be ordinary fields. Responses of text, of
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
    operation: Option<Cow<'static, Operation>>,
    attempts: u32,
    /// The worst outcome of the attempts before the last.
    earlier_outcome: Option<Outcome>,
    no_retry_reason: Option<NoRetryReason>,
}

/// What happened, with its details.
#[derive(Clone)]
pub(crate) enum ErrorData {
    /// The configuration of the client is invalid.
    Configuration(String),
    /// A parameter is invalid; nothing was sent.
    InvalidParameter(InvalidParameter),
    /// The HTTP request cannot be built; nothing was sent.
    BuildRequest(String),
    /// There are no valid credentials.
    Credentials(CredentialsError),
    /// There was no response. The causes are those of the error, without secrets.
    Transport { error: TransportError, host: String, causes: String },
    /// The timeout of the whole call expired, possibly after a failed attempt.
    Deadline { timeout: Duration, sent: bool, previous_error: Option<Error> },
    /// The response is an error.
    Response(ErrorResponse),
    /// The response is a success, but cannot be decoded.
    Decode { response: ErrorResponse, reason: String },
    /// A list ended, but the last response says that there is more.
    IncompleteList(IncompleteList),
}

/// Why a retryable call was not retried.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NoRetryReason {
    /// The retry budget is exhausted.
    BudgetExhausted,
    /// The delay would have exceeded the call's timeout.
    DelayExceedsTimeout { delay: Duration, timeout: Duration },
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
    pub(crate) fn with_call(mut self, operation: Cow<'static, Operation>, attempts: u32) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.operation = Some(operation);
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
}

/// `source` is always `None`, because `Display` includes all causes. See
/// [`transport_error`](Error::transport_error) for the causes of a connection failure.
impl std::error::Error for Error {}
