//! Successful responses.

mod decode;

use std::fmt;
use std::time::SystemTime;

use alicloud_wire::macro_support::DebugNode;
use alicloud_wire::{DecodeIssue, Node};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub(crate) use self::decode::{DecodedValue, ResponseType, UndecodedResponse};
use crate::call::sent_request::SentRequest;
use crate::error;
use crate::policy::skew::{self, ClockOffset};

/// A successful response: the value together with the status, headers, body and decode issues.
///
/// Returned by [`Call::response`](crate::Call::response). A body that reports an error is an
/// [`Error`](crate::Error), whatever its status: see
/// [errors with a success status](crate::Error#errors-with-a-success-status).
///
/// An empty body with status 200, 201 or 202 is a success with a decode issue, if the operation is not
/// read-only and no field of the response type is required. For a read-only operation it is an error,
/// because an empty list must not be read from a response that lacks it. The same applies to a body that is `null`,
/// `""` or `[]` where the response type is a struct.
///
/// `Debug` shows the length of the body instead of the body, which can contain secrets.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::wire::Value;
/// # use alicloud_core::{Client, Credentials, Response};
/// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// let call = client.generic_call("DescribeRefreshQuota").into_call();
/// let response: Response<Value> = call.response().await?;
/// assert_eq!(response.value["UrlRemain"], "9000");
/// assert_eq!(response.headers["content-type"], "application/json");
/// assert!(response.issues.is_empty() && response.attempts == 1);
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The value. A field that could not be decoded is absent.
    pub value: T,
    /// Fields that could not be decoded, with their paths and reasons. For a body without a value, one
    /// issue without a path.
    pub issues: Vec<DecodeIssue>,
    /// The request id that the service assigned.
    pub request_id: Option<String>,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The undecoded body.
    pub body: Bytes,
    /// The number of attempts, including the successful one.
    pub attempts: u32,
}

impl<T> Response<T> {
    /// Returns the service's time when it responded, in whole seconds, or `None` without a valid `Date`
    /// header.
    ///
    /// Use it to compare timestamps of the service with local ones, because the local clock may be
    /// wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let headers = [("date", "Fri, 02 Jan 2026 03:04:05 GMT")];
    /// # let fake = FakeTransport::new().respond_raw("DescribeRefreshQuota", 200, &headers, "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let response = client.generic_call("DescribeRefreshQuota").into_call().response().await?;
    /// assert_eq!(response.date(), Some(UNIX_EPOCH + Duration::from_secs(1_767_323_045)));
    /// # Ok(()) }
    /// ```
    pub fn date(&self) -> Option<SystemTime> {
        skew::date(&self.headers)
    }

    /// Returns how far the service's clock is ahead of the local clock or behind it, given the local time
    /// at which the response was received. Exact to the second, and to the time that the response needed.
    ///
    /// Returns `None` without a usable `Date` header: if it is missing or invalid, if the response comes
    /// from a cache, or if it differs by more than a day, which is more likely a wrong header than a wrong
    /// clock.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, Credentials};
    /// # let headers = [("date", "Fri, 02 Jan 2026 03:04:05 GMT")];
    /// # let fake = FakeTransport::new().respond_raw("DescribeRefreshQuota", 200, &headers, "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake)
    /// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    /// let response = client.generic_call("DescribeRefreshQuota").into_call().response().await?;
    /// let offset = response.clock_offset(client.clock().now());
    /// assert_eq!(offset, Some(alicloud_core::ClockOffset::default())); // the clocks agree
    /// # Ok(()) }
    /// ```
    pub fn clock_offset(&self, received_at: SystemTime) -> Option<ClockOffset> {
        ClockOffset::from_headers(&self.headers, received_at)
    }
}

impl<T: Node> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &DebugNode(&self.value))
            .field("issues", &self.issues)
            .field("request_id", &self.request_id)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .field("attempts", &self.attempts)
            .finish()
    }
}

/// A successful response whose value is decoded, but not known by its type: the attempts of a call do not
/// depend on it.
pub(crate) struct DecodedResponse {
    pub(crate) response: http::Response<Bytes>,
    pub(crate) decoded: DecodedValue,
    pub(crate) sent: SentRequest,
    pub(crate) attempts: u32,
}

impl DecodedResponse {
    /// Returns the value with the type that its [`ResponseType`] was created for.
    pub(crate) fn into_value<T: 'static>(self) -> T {
        self.decoded.into_value()
    }

    /// Returns the response with the type that its [`ResponseType`] was created for. Secrets are removed from
    /// everything but the value and the body, which are the data of the program.
    pub(crate) fn into_response<T: 'static>(mut self) -> Response<T> {
        let redactor = self.sent.redactor();
        let mut issues = std::mem::take(&mut self.decoded.issues);
        for issue in &mut issues {
            issue.path = redactor.redact(&issue.path);
            issue.reason = redactor.redact(&issue.reason);
        }
        let (head, body) = self.response.into_parts();
        let headers = redactor.redact_headers(&head.headers);
        let request_id = self.decoded.request_id.take().map(|id| redactor.redact(&id));
        Response {
            request_id: error::request_id(&headers).or(request_id),
            value: self.decoded.into_value(),
            issues,
            status: head.status,
            headers,
            body,
            attempts: self.attempts,
        }
    }

    /// Returns the request id in the headers, without secrets.
    pub(crate) fn request_id(&self) -> Option<String> {
        let id = error::request_id(self.response.headers())?;
        Some(self.sent.redactor().redact(&id))
    }
}
