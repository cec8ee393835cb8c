//! Parsing of error responses in any format.

use std::time::Duration;

use alicloud_wire::{Node, Scalar, Value};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use super::in_success::ErrorKeys;
use super::signature::{self, SignatureMismatch};
use crate::secret::{self, Redactor};

/// Maximum number of body bytes that an error stores.
const MAX_STORED_BODY: usize = 4 << 10;

/// Maximum number of body bytes that are parsed. Real error bodies are far shorter.
pub(super) const MAX_PARSED_BODY: usize = 256 << 10;

// Names of the fields of an error, in the spellings of the services; the first one that is present
// counts.
pub(super) const CODE: [&str; 4] = ["Code", "code", "errorCode", "ErrorCode"];
pub(super) const MESSAGE: [&str; 5] =
    ["Message", "message", "errorMsg", "errorMessage", "ErrorMessage"];
pub(super) const DETAIL: [&str; 4] = ["Description", "description", "Detail", "detail"];
pub(super) const REQUEST_ID: [&str; 4] = ["RequestId", "requestId", "requestid", "RequestID"];
pub(super) const HELP_URL: [&str; 2] = ["Recommend", "recommend"];
pub(super) const ACCESS_DENIED: [&str; 2] = ["AccessDeniedDetail", "accessDeniedDetail"];
pub(super) const HOST_ID: [&str; 4] = ["HostId", "hostId", "hostid", "HostID"];
pub(super) const SUCCESS: [&str; 3] = ["Success", "success", "SUCCESS"];
/// Names of an object around these fields.
pub(super) const INNER: [&str; 2] = ["Error", "error"];

/// The parsed content of an error response.
#[derive(Clone)]
pub(crate) struct ErrorResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) content_type: Option<String>,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) help_url: Option<String>,
    pub(super) access_denied: Option<Value>,
    pub(super) retry_after: Option<Duration>,
    /// Whether a header marks the response as throttling.
    pub(super) throttled: bool,
    /// Whether the body has an error code or a message.
    pub(super) structured: bool,
    pub(super) body: Bytes,
    /// Why the signature does not match, for a signature error.
    pub(super) signature_mismatch: Option<SignatureMismatch>,
}

impl ErrorResponse {
    /// Parses a body that is JSON, XML with any root element, or something else. Secrets are redacted,
    /// because a signature error quotes the request.
    pub(crate) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
        redactor: &Redactor,
    ) -> ErrorResponse {
        let is_cut_off = body.len() > MAX_PARSED_BODY;
        let body = body.slice(..body.len().min(MAX_PARSED_BODY));
        // Parsed as it came, because a secret can equal a key or a part of one.
        let fields = Fields(parse(&body, is_cut_off).unwrap_or(Value::Null));
        let body = match redactor.redact_bytes(&body) {
            Some(redacted) => Bytes::from(redacted),
            None => body,
        };
        let body = match secret::without_secret_fields(&String::from_utf8_lossy(&body)) {
            Some(redacted) => Bytes::from(redacted),
            None => body,
        };
        let text = |names: &[&str]| fields.text(names).map(|text| redactor.redact(&text));
        let code = fields.text(&CODE).map(|code| redactor.redact_code(&code));
        let message = text(&MESSAGE).or_else(|| text(&DETAIL));
        let acs_retry_after =
            header_text(headers, "x-acs-retry-after").and_then(|text| milliseconds(&text));
        ErrorResponse {
            status,
            headers: headers.clone(),
            content_type: header_text(headers, header::CONTENT_TYPE.as_str()),
            structured: code.is_some() || message.is_some(),
            code,
            message,
            request_id: text(&REQUEST_ID).or_else(|| request_id(headers)),
            help_url: text(&HELP_URL),
            access_denied: fields
                .find(&ACCESS_DENIED)
                .filter(|value| !value.is_null())
                .map(|value| redact_value(value, redactor)),
            throttled: acs_retry_after.is_some(),
            retry_after: acs_retry_after.or_else(|| rate_limit_reset(headers)).or_else(|| {
                let seconds: u64 =
                    header_text(headers, header::RETRY_AFTER.as_str())?.parse().ok()?;
                Some(Duration::from_secs(seconds))
            }),
            body: match body.len() {
                // Copied, so that the rest of a large body is freed.
                MAX_STORED_BODY.. => {
                    Bytes::copy_from_slice(body.get(..MAX_STORED_BODY).unwrap_or_default())
                }
                _ => body,
            },
            signature_mismatch: None,
        }
    }

    /// For a signature error, compares the text that the service signed with the text signed here, and
    /// stores the difference.
    pub(crate) fn find_signature_mismatch(
        &mut self,
        string_to_sign: &str,
        canonical_request: Option<&str>,
        secret_names: &[String],
        redactor: &Redactor,
    ) {
        let is_signature_error =
            self.code.as_deref().is_some_and(|code| code.starts_with("SignatureDoesNotMatch"));
        if let Some(message) = self.message.as_deref().filter(|_| is_signature_error) {
            // The service's text is redacted already, so ours must be, too.
            let string_to_sign = redactor.redact(string_to_sign);
            let canonical_request = canonical_request.map(|text| redactor.redact(text));
            let mismatch =
                signature::compare(message, &string_to_sign, canonical_request.as_deref());
            self.signature_mismatch = mismatch.map(|found| found.without_secrets(secret_names));
            self.message = Some(signature::redact_by_name(message, secret_names));
            let body =
                signature::redact_by_name(&String::from_utf8_lossy(&self.body), secret_names);
            self.body = Bytes::from(body);
        }
    }
}

/// Redacts the texts of a value.
fn redact_value(value: &Value, redactor: &Redactor) -> Value {
    match value {
        Value::String(text) => Value::String(redactor.redact(text)),
        Value::Array(items) => items.iter().map(|item| redact_value(item, redactor)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), redact_value(value, redactor)))
            .collect(),
        _ => value.clone(),
    }
}

/// Returns the request id in the headers of a response.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    header_text(headers, "x-acs-request-id").filter(|text| !text.is_empty())
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// Parses a positive number of milliseconds.
fn milliseconds(text: &str) -> Option<Duration> {
    let number: u64 = text.trim().parse().ok()?;
    (number > 0).then(|| Duration::from_millis(number))
}

/// Returns the larger `TimeLeft` of the two rate limit headers, which have the form
/// `Limit:30,Remain:0,TimeLeft:820,Reset:…`.
fn rate_limit_reset(headers: &HeaderMap) -> Option<Duration> {
    ["x-ratelimit-user-api", "x-ratelimit-user"]
        .into_iter()
        .filter_map(|name| {
            let text = header_text(headers, name)?;
            text.split(',')
                .filter_map(|part| part.trim().strip_prefix("TimeLeft:"))
                .find_map(milliseconds)
        })
        .max()
}

/// Parses the body, if it is JSON or XML.
fn parse(body: &Bytes, is_cut_off: bool) -> Option<Value> {
    // The content type is often wrong, so the first character decides.
    match first_character(body)? {
        b'{' if is_cut_off => Some(ErrorKeys::read(without_byte_order_mark(body)).into_fields().0),
        b'{' => Some(alicloud_wire::from_json::<Value>(body).ok()?.value),
        b'<' if !is_html(body) => Some(alicloud_wire::from_xml::<Value>(body).ok()?.value),
        _ => None,
    }
}

/// Returns the first byte after a byte order mark and whitespace.
pub(crate) fn first_character(body: &[u8]) -> Option<u8> {
    let body = without_byte_order_mark(body);
    body.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

pub(super) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Returns whether a body is a web page, which may also be well-formed XML.
pub(crate) fn is_html(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(1_024)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.contains("<!doctype html") || head.contains("<html")
}

/// The fields of an error.
pub(super) struct Fields(pub(super) Value);

impl Fields {
    /// Returns whether an error can have a field with this name.
    pub(super) fn is_of_error(name: &str) -> bool {
        let lists: [&[&str]; 9] = [
            &CODE,
            &MESSAGE,
            &DETAIL,
            &REQUEST_ID,
            &HELP_URL,
            &ACCESS_DENIED,
            &HOST_ID,
            &SUCCESS,
            &INNER,
        ];
        lists.iter().any(|names| names.contains(&name))
    }

    /// Returns the first field with one of these names, at the top level or inside an `Error` object.
    pub(super) fn find(&self, names: &[&str]) -> Option<&Value> {
        let inner = INNER.into_iter().find_map(|name| self.0.get(name));
        [Some(&self.0), inner]
            .into_iter()
            .flatten()
            .find_map(|fields| names.iter().find_map(|name| fields.get(name)))
    }

    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        let text = match self.find(names)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// Returns a boolean, also one that is written as text or as 0 or 1.
    pub(super) fn boolean(&self, names: &[&str]) -> Option<bool> {
        let mut boolean = false;
        let is_set = match self.find(names)? {
            Value::Bool(value) => boolean.set_scalar(Scalar::Boolean(*value)),
            _ => boolean.set_scalar(Scalar::Text(&self.text(names)?)),
        };
        is_set.then_some(boolean)
    }
}
