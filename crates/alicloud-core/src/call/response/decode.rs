//! Decoding a body to a value.

use std::any::Any;

use alicloud_wire::{DecodeIssue, DecodeLimits, Node, Scalar, Shape, View};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use crate::blocking_task::{Completion, spawn_blocking};
use crate::error::{self, ResponseFields};
use crate::future::BoxFuture;
use crate::product::{Idempotency, Operation, ResponseKind};
use crate::request::Format;

/// Size in bytes from which a body is decoded on a thread of its own. Meanwhile the thread of the runtime could
/// serve nothing else, not even the timeout: up to about 15 ms for bodies of many small values.
const MAX_DECODED_IN_PLACE: usize = 256 << 10;

/// What the attempts of a call need to know about the type of its response.
#[derive(Clone, Copy)]
pub(crate) struct ResponseType {
    pub(crate) fields: ResponseFields,
    decode: fn(&UndecodedResponse) -> Result<DecodedValue, String>,
}

impl ResponseType {
    pub(crate) fn of<T: Node + Default>() -> ResponseType {
        let fields = ResponseFields::from_node(&mut T::default());
        ResponseType { fields, decode: UndecodedResponse::decode::<T> }
    }
}

/// A successful response that is not decoded yet.
#[derive(Clone)]
pub(crate) struct UndecodedResponse {
    kind: ResponseKind,
    is_read_only: bool,
    format: Format,
    status: StatusCode,
    has_xml_content_type: bool,
    body: Bytes,
}

/// A decoded value.
pub(crate) struct DecodedValue {
    pub(super) value: Box<dyn Any + Send>,
    pub(super) issues: Vec<DecodeIssue>,
    /// The request id in the body.
    pub(super) request_id: Option<String>,
}

impl DecodedValue {
    pub(super) fn into_value<T: 'static>(self) -> T {
        #[allow(clippy::expect_used, reason = "a call decodes to the type of its future")]
        *self.value.downcast().expect("a value of the type of the call")
    }
}

/// The format of a body.
enum BodyFormat {
    Json,
    Xml,
    Text,
    Bytes,
    Nothing,
    /// Structured, but empty, with the reason for the issue.
    Empty(&'static str),
}

const EMPTY: &str = "the response is empty";

const NO_VALUE: &str = "the response has no value: it is `null`, an empty text or an empty list";

impl UndecodedResponse {
    pub(crate) fn new(
        operation: &Operation,
        format: Format,
        response: &http::Response<Bytes>,
    ) -> UndecodedResponse {
        UndecodedResponse {
            kind: operation.response_kind(),
            is_read_only: operation.idempotency() == Idempotency::ReadOnly,
            format,
            status: response.status(),
            has_xml_content_type: has_xml_content_type(response.headers()),
            body: response.body().clone(),
        }
    }

    /// Returns whether the body is decoded with [`decode_on_thread`](Self::decode_on_thread).
    pub(crate) fn is_large(&self) -> bool {
        self.body.len() > MAX_DECODED_IN_PLACE
    }

    /// Decodes the body. The error is the reason.
    pub(crate) fn decode_in_place(&self, response: ResponseType) -> Result<DecodedValue, String> {
        (response.decode)(self)
    }

    /// Decodes the body on a thread of its own. If the future is dropped, the thread ends after decoding,
    /// and the value is dropped.
    ///
    /// Returns a boxed future, because an `async fn` would enlarge the future of every call.
    pub(crate) fn decode_on_thread(
        self,
        response: ResponseType,
    ) -> BoxFuture<'static, Result<DecodedValue, String>> {
        let body = self.clone();
        let work = move |completion: &Completion<_>| {
            let decode = || body.decode_in_place(response);
            Ok(alicloud_wire::decode_until(completion.cancel_flag(), decode))
        };
        let task = spawn_blocking("alicloud-decode", work);
        // The task fails if no thread can be started.
        Box::pin(async move { task.await.unwrap_or_else(|_| self.decode_in_place(response)) })
    }

    /// Only this function is compiled once per response type.
    fn decode<T: Node + Default>(&self) -> Result<DecodedValue, String> {
        let mut value = T::default();
        // The transport has already applied the limit that the caller chose.
        let mut limits = DecodeLimits::default();
        limits.max_bytes = self.body.len();
        let issues = match self.detect_format(&value)? {
            BodyFormat::Empty(reason) => vec![DecodeIssue::new("", reason)],
            BodyFormat::Json => {
                let decoded = alicloud_wire::from_json_with::<T>(&self.body, limits);
                let decoded = decoded.map_err(|error| error.to_string())?;
                value = decoded.value;
                decoded.issues
            }
            BodyFormat::Xml => {
                let decoded = alicloud_wire::from_xml_with::<T>(&self.body, limits);
                let decoded = decoded.map_err(|error| error.to_string())?;
                value = decoded.value;
                decoded.issues
            }
            format => {
                set_raw_body(&mut value, format, &self.body)?;
                Vec::new()
            }
        };
        let request_id = find_request_id(&value);
        Ok(DecodedValue { value: Box::new(value), issues, request_id })
    }

    /// Detects the format of the body. Its content takes precedence over the requested format.
    fn detect_format(&self, default: &dyn Node) -> Result<BodyFormat, &'static str> {
        match self.kind {
            ResponseKind::Text => return Ok(BodyFormat::Text),
            ResponseKind::Bytes => return Ok(BodyFormat::Bytes),
            ResponseKind::Nothing => return Ok(BodyFormat::Nothing),
            ResponseKind::Structured => {}
        }
        if default.shape() == Shape::Unit || self.status == StatusCode::NO_CONTENT {
            return Ok(BodyFormat::Nothing);
        }
        let can_be_empty = || self.may_be_empty() && has_no_required_field(default);
        match error::first_character(&self.body) {
            None if can_be_empty() => Ok(BodyFormat::Empty(EMPTY)),
            None => Err(EMPTY),
            Some(b'n' | b'"' | b'[') if is_without_value(&self.body, default) => {
                can_be_empty().then_some(BodyFormat::Empty(NO_VALUE)).ok_or(NO_VALUE)
            }
            // Decoded as XML, a web page would give a value with all fields absent.
            Some(b'<') if error::is_html(&self.body) => Err("the response is a web page"),
            Some(b'<') if self.format == Format::Xml || self.has_xml_content_type => {
                Ok(BodyFormat::Xml)
            }
            Some(b'{' | b'[') => Ok(BodyFormat::Json),
            Some(_) if self.format == Format::Xml => Ok(BodyFormat::Xml),
            Some(_) => Ok(BodyFormat::Json),
        }
    }

    /// Returns whether a body without a value is a success. That of a read is not: it would pass for an empty
    /// page, or for the status of something that does not exist.
    fn may_be_empty(&self) -> bool {
        !self.is_read_only && matches!(self.status.as_u16(), 200..=202)
    }
}

fn has_xml_content_type(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        value.as_bytes().windows(3).any(|part| part.eq_ignore_ascii_case(b"xml"))
    })
}

/// Returns whether a body is JSON that means "absent", in place of an object or a list.
fn is_without_value(body: &[u8], default: &dyn Node) -> bool {
    let is_list = match default.view() {
        // A struct whose only field is a list can come as that list.
        View::Record(record) => {
            matches!(record.nodes().as_slice(), [only] if only.shape() == Shape::List)
        }
        // Some services write an empty map as an empty list.
        View::List(_) | View::Map(_) => true,
        _ => return false,
    };
    let (document, _) = alicloud_wire::document(body);
    match document.trim_ascii() {
        b"null" => true,
        [b'[', content @ .., b']'] => !is_list && content.trim_ascii().is_empty(),
        text @ [b'"', ..] => alicloud_wire::from_json::<String>(text)
            .is_ok_and(|decoded| decoded.value.trim().is_empty()),
        _ => false,
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
