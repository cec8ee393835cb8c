//! Successful responses: decoding a body to a value.

use std::fmt;
use std::time::SystemTime;

use alicloud_wire::macro_support::DebugNode;
use alicloud_wire::{DecodeError, DecodeIssue, DecodeLimits, Node, Scalar, Shape, View};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use crate::attempt::SentRequest;
use crate::client::Format;
use crate::error::{self, Error, ErrorData, ErrorResponse};
use crate::operation::{Idempotency, OperationRef, ResponseKind};

/// A successful response: the value together with the status, headers, body and decode issues.
///
/// Returned by [`Call::response`](crate::Call::response). A body that reports an error is an
/// [`Error`], whatever its status: see
/// [errors with a success status](Error#errors-with-a-success-status).
///
/// An empty body with status 200, 201 or 202 is a success with a decode issue, if the operation is not
/// read-only and no field of the response type is required. For a read-only operation it is an error,
/// because an empty list must not be read from a response that lacks it.
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
    /// Fields that could not be decoded, with their paths and reasons. For an empty body, one issue
    /// without a path.
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
        crate::skew::date(&self.headers)
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

/// A successful response that is not decoded yet.
pub(crate) struct RawResponse {
    pub(crate) operation: OperationRef,
    pub(crate) format: Format,
    pub(crate) response: http::Response<Bytes>,
    pub(crate) sent: SentRequest,
    pub(crate) attempts: u32,
}

/// The format of a body.
enum BodyFormat {
    Json,
    Xml,
    Text,
    Bytes,
    Nothing,
    /// Structured, but empty.
    Empty,
}

const EMPTY: &str = "the response is empty";

impl RawResponse {
    /// Decodes the body. Only this function is compiled once per response type.
    pub(crate) fn decode<T: Node + Default>(self) -> Result<Response<T>, Error> {
        let mut value = T::default();
        let body = self.response.body();
        // The transport has already applied the limit that the caller chose.
        let mut limits = DecodeLimits::default();
        limits.max_bytes = body.len();
        let describe = |error: DecodeError| error.to_string();
        let decoded = match self.detect_format(&value) {
            Ok(BodyFormat::Empty) => {
                return Ok(self.into_response(value, vec![DecodeIssue::new("", EMPTY)]));
            }
            Ok(BodyFormat::Json) => {
                alicloud_wire::from_json_with::<T>(body, limits).map_err(describe)
            }
            Ok(BodyFormat::Xml) => {
                alicloud_wire::from_xml_with::<T>(body, limits).map_err(describe)
            }
            Ok(format) => match set_raw_body(&mut value, format, body) {
                Ok(()) => return Ok(self.into_response(value, Vec::new())),
                Err(reason) => Err(reason),
            },
            Err(reason) => Err(reason.to_owned()),
        };
        match decoded {
            Ok(decoded) => Ok(self.into_response(decoded.value, decoded.issues)),
            Err(reason) => Err(self.into_decode_error(reason)),
        }
    }

    /// Detects the format of the body. Its content takes precedence over the requested format.
    fn detect_format(&self, default: &dyn Node) -> Result<BodyFormat, &'static str> {
        let body = self.response.body();
        match self.operation.response_kind() {
            ResponseKind::Text => return Ok(BodyFormat::Text),
            ResponseKind::Bytes => return Ok(BodyFormat::Bytes),
            ResponseKind::Nothing => return Ok(BodyFormat::Nothing),
            ResponseKind::Structured => {}
        }
        if default.shape() == Shape::Unit || self.response.status() == StatusCode::NO_CONTENT {
            return Ok(BodyFormat::Nothing);
        }
        match error::first_character(body) {
            None if self.may_be_empty() && has_no_required_field(default) => Ok(BodyFormat::Empty),
            None => Err(EMPTY),
            // Decoded as XML, a web page would give a value with all fields absent.
            Some(b'<') if error::is_html(body) => Err("the response is a web page"),
            Some(b'<') if self.format == Format::Xml || self.has_xml_content_type() => {
                Ok(BodyFormat::Xml)
            }
            Some(b'{' | b'[') => Ok(BodyFormat::Json),
            Some(_) if self.format == Format::Xml => Ok(BodyFormat::Xml),
            Some(_) => Ok(BodyFormat::Json),
        }
    }

    /// Returns whether an empty body is a success. That of a read is not: it would pass for an empty
    /// page, or for the status of something that does not exist.
    fn may_be_empty(&self) -> bool {
        self.operation.idempotency() != Idempotency::ReadOnly
            && matches!(self.response.status().as_u16(), 200..=202)
    }

    fn has_xml_content_type(&self) -> bool {
        let value = self.response.headers().get(header::CONTENT_TYPE);
        value.is_some_and(|value| {
            value.as_bytes().windows(3).any(|part| part.eq_ignore_ascii_case(b"xml"))
        })
    }

    fn into_response<T: Node>(self, value: T, issues: Vec<DecodeIssue>) -> Response<T> {
        let (head, body) = self.response.into_parts();
        Response {
            request_id: error::request_id(&head.headers).or_else(|| find_request_id(&value)),
            value,
            issues,
            status: head.status,
            headers: head.headers,
            body,
            attempts: self.attempts,
        }
    }

    fn into_decode_error(self, reason: String) -> Error {
        let (head, body) = self.response.into_parts();
        let response =
            ErrorResponse::read(head.status, &head.headers, &body, &self.sent.redactor());
        Error::new(ErrorData::Decode { response, reason }).with_call(&self.operation, self.attempts)
    }
}

/// Returns whether a value without content is as good as an absent one: no field has to be present.
fn has_no_required_field(default: &dyn Node) -> bool {
    let View::Record(record) = default.view() else { return default.view().is_absent() };
    record.entries().all(|(field, node)| !field.is_required && has_no_required_field(node))
}

/// Sets a value to the undecoded body, or leaves it unchanged for [`BodyFormat::Nothing`].
fn set_raw_body(value: &mut dyn Node, format: BodyFormat, body: &[u8]) -> Result<(), String> {
    let text = match format {
        BodyFormat::Bytes => STANDARD.encode(body),
        BodyFormat::Text => String::from_utf8_lossy(body).into_owned(),
        _ => return Ok(()),
    };
    if value.set_scalar(Scalar::Text(&text)) {
        Ok(())
    } else {
        Err(format!("the response is text or bytes, but {} was expected", value.shape().describe()))
    }
}

/// Returns the field of a value that holds the request id.
fn find_request_id(value: &dyn Node) -> Option<String> {
    let record = match value.view() {
        View::Record(record) => record,
        View::Any(value) => return value.get("RequestId")?.as_str().map(str::to_owned),
        _ => return None,
    };
    record.entries().find_map(|(field, node)| match node.view() {
        View::Text(text) if field.name.eq_ignore_ascii_case("RequestId") => Some(text.to_owned()),
        _ => None,
    })
}
