//! What an error response says, whatever it is written in.

use std::time::Duration;

use alicloud_wire::Value;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use super::signature::{self, SignatureMismatch};
use crate::secret::Redactor;

/// How much of a body an error keeps.
const KEPT: usize = 4 << 10;

/// A longer body is a mistake of its own, and is not searched for anything.
const READ: usize = 256 << 10;

/// What is known of a response that is an error.
pub(crate) struct ErrorResponse {
    pub(super) status: StatusCode,
    pub(super) content_type: Option<String>,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) recommend: Option<String>,
    pub(super) access_denied: Option<Value>,
    pub(super) retry_after: Option<Duration>,
    /// Whether a header says that this is throttling.
    pub(super) throttled: bool,
    /// Whether the body has a code or a message at all.
    pub(super) structured: bool,
    pub(super) body: Bytes,
    /// Why the signature does not match, where it does not.
    pub(super) mismatch: Option<SignatureMismatch>,
}

impl ErrorResponse {
    /// Reads JSON, XML with any root, or nothing at all from a body. Its text is not trusted to be
    /// free of our own secrets: a signature error quotes the request.
    pub(crate) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
        redactor: &Redactor,
    ) -> ErrorResponse {
        let body = body.slice(..body.len().min(READ));
        let body = match redactor.redact_bytes(&body) {
            Some(redacted) => Bytes::from(redacted),
            None => body,
        };
        let fields = Fields(parse(&body).unwrap_or(Value::Null));
        let text = |names: &[&str]| fields.text(names);
        let code = text(&["Code", "code", "errorCode", "ErrorCode"]);
        let message = text(&["Message", "message", "errorMsg", "errorMessage"])
            .or_else(|| text(&["Description", "description", "Detail", "detail"]));
        let by_acs = header_text(headers, "x-acs-retry-after").and_then(|text| milliseconds(&text));
        ErrorResponse {
            status,
            content_type: header_text(headers, header::CONTENT_TYPE.as_str()),
            structured: code.is_some() || message.is_some(),
            code,
            message,
            request_id: text(&["RequestId", "requestId", "requestid", "RequestID"])
                .or_else(|| request_id(headers)),
            recommend: text(&["Recommend", "recommend"]),
            access_denied: fields
                .find(&["AccessDeniedDetail", "accessDeniedDetail"])
                .filter(|value| !value.is_null())
                .cloned(),
            throttled: by_acs.is_some(),
            retry_after: by_acs.or_else(|| rate_limit(headers)).or_else(|| {
                let seconds: u64 =
                    header_text(headers, header::RETRY_AFTER.as_str())?.parse().ok()?;
                Some(Duration::from_secs(seconds))
            }),
            body: match body.len() {
                // A copy, so that the rest of a large body is freed.
                KEPT.. => Bytes::copy_from_slice(body.get(..KEPT).unwrap_or_default()),
                _ => body,
            },
            mismatch: None,
        }
    }

    /// Looks for the reason of a signature that does not match, beside what was signed here.
    pub(crate) fn compare(
        &mut self,
        string_to_sign: &str,
        canonical_request: Option<&str>,
        redactor: &Redactor,
    ) {
        let is_one =
            self.code.as_deref().is_some_and(|code| code.starts_with("SignatureDoesNotMatch"));
        if let Some(message) = self.message.as_deref().filter(|_| is_one) {
            // The same as was done to the service's text, so that the two can be compared.
            let string_to_sign = redactor.redact(string_to_sign);
            let canonical_request = canonical_request.map(|text| redactor.redact(text));
            self.mismatch =
                signature::compare(message, &string_to_sign, canonical_request.as_deref());
            self.message = Some(signature::without_token(message));
            let body = signature::without_token(&String::from_utf8_lossy(&self.body));
            self.body = Bytes::from(body);
        }
    }
}

/// The id of the request from the head of a response.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    header_text(headers, "x-acs-request-id").filter(|text| !text.is_empty())
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// A wait that is longer than nothing.
fn milliseconds(text: &str) -> Option<Duration> {
    let number: u64 = text.trim().parse().ok()?;
    (number > 0).then(|| Duration::from_millis(number))
}

/// The longer `TimeLeft` of the two headers such as `Limit:30,Remain:0,TimeLeft:820,Reset:…`.
fn rate_limit(headers: &HeaderMap) -> Option<Duration> {
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

/// The body as fields, where it has any.
fn parse(body: &Bytes) -> Option<Value> {
    // Which it is shows at its first character; the content type is often wrong.
    match first_character(body)? {
        b'{' => Some(alicloud_wire::from_json::<Value>(body).ok()?.value),
        b'<' if !is_page(body) => Some(alicloud_wire::from_xml::<Value>(body).ok()?.value),
        _ => None,
    }
}

/// The first byte that is neither blank nor a byte order mark.
pub(crate) fn first_character(body: &[u8]) -> Option<u8> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

/// Whether a body is a web page, which can be read as XML and means something else.
pub(crate) fn is_page(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(1_024)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.contains("<!doctype html") || head.contains("<html")
}

struct Fields(Value);

impl Fields {
    /// The first field of these names, at the top or inside an object called `Error`.
    fn find(&self, names: &[&str]) -> Option<&Value> {
        let inner = ["Error", "error"].into_iter().find_map(|name| self.0.get(name));
        [Some(&self.0), inner]
            .into_iter()
            .flatten()
            .find_map(|fields| names.iter().find_map(|name| fields.get(name)))
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        let text = match self.find(names)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}
