//! Parsing of error responses in any format.

use std::time::{Duration, SystemTime};

use alicloud_wire::Value;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use super::document::{first_character, utf16_as_utf8};
use super::elements;
use super::fields::{
    ACCESS_DENIED, CODE, DETAIL, Fields, HELP_URL, MAX_PARSED_BODY, MESSAGE, REQUEST_ID, is_html,
};
use super::keys::ErrorKeys;
use super::retry_after::{acs_retry_after, retry_after};
use super::signature::{self, SignatureMismatch};
use super::text::header_text;
use crate::secret::{self, Redactor};

/// Maximum number of body bytes that an error stores.
const MAX_STORED_BODY: usize = 4 << 10;

/// Maximum number of body bytes from which the stored ones are taken. As many again are read, so that no start
/// of a secret is left at the end.
const MAX_REDACTED_BODY: usize = 32 << 10;

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
    /// The length of the whole body.
    pub(super) body_length: usize,
    /// Why the signature does not match, for a signature error.
    pub(super) signature_mismatch: Option<SignatureMismatch>,
}

impl ErrorResponse {
    /// Parses a body that is JSON, XML with any root element, or something else. Secrets are redacted,
    /// because a service quotes requests. For a signature error, the signed texts are compared.
    pub(crate) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
        redactor: &Redactor,
        signed: Option<&SignedTexts<'_>>,
    ) -> ErrorResponse {
        let body_length = body.len();
        let is_cut_off = body.len() > MAX_PARSED_BODY;
        let body = body.slice(..body.len().min(MAX_PARSED_BODY));
        let body = utf16_as_utf8(&body).map_or(body, Bytes::from);
        // Parsed as it came, because a secret can equal a key or a part of one, and because only decoded
        // texts show all secrets.
        let fields = Fields(parse(&body, is_cut_off).unwrap_or(Value::Null));
        let text = |names: &[&str]| fields.text(names).map(|text| redactor.redact(&text));
        let code = fields.text(&CODE).map(|code| redactor.redact_code(&code));
        let message = fields.text(&MESSAGE).or_else(|| fields.text(&DETAIL));
        let is_signature_error =
            code.as_deref().is_some_and(|code| code.starts_with("SignatureDoesNotMatch"));
        let signed = signed.filter(|_| is_signature_error && message.is_some());
        let signature_mismatch = signed.zip(message.as_deref()).and_then(|(signed, message)| {
            let found =
                signature::compare(message, signed.string_to_sign, signed.canonical_request);
            Some(found?.without_secrets(signed.secret_names, redactor))
        });
        let redact_names = |text: &str| {
            let redacted = secret::without_secret_fields(text);
            let Some(signed) = signed else { return redacted };
            let text = redacted.as_deref().unwrap_or(text);
            Some(signature::redact_by_name(text, signed.secret_names))
        };
        let message = message.map(|message| {
            let message = redactor.redact(&message);
            redact_names(&message).unwrap_or(message)
        });
        let headers_shown = redactor.redact_headers(headers);
        ErrorResponse {
            status,
            content_type: header_text(&headers_shown, header::CONTENT_TYPE.as_str()),
            structured: code.is_some() || message.is_some(),
            code,
            message,
            request_id: text(&REQUEST_ID).or_else(|| request_id(&headers_shown)),
            help_url: text(&HELP_URL),
            headers: headers_shown,
            access_denied: fields
                .find(&ACCESS_DENIED)
                .filter(|value| !value.is_null())
                .map(|value| redact_value(value, redactor)),
            throttled: acs_retry_after(headers).is_some(),
            retry_after: retry_after(headers, None),
            body: stored_body(&body, redactor, redact_names),
            body_length,
            signature_mismatch,
        }
    }

    /// Sets the time at which the response arrived, by the clock of the service. It is needed if the service
    /// asks for a retry at a date and the response has no date of its own.
    pub(crate) fn received_at(mut self, time: Option<SystemTime>) -> Self {
        self.retry_after = retry_after(&self.headers, time);
        self
    }

    /// Removes the body, because it can contain credentials that nobody has seen yet.
    pub(crate) fn without_body(mut self) -> Self {
        self.body = Bytes::new();
        self
    }
}

/// What was signed, to compare it with what the service signed.
pub(crate) struct SignedTexts<'a> {
    pub(crate) string_to_sign: &'a str,
    /// The canonical request of ACS3, whose hash the string to sign contains.
    pub(crate) canonical_request: Option<&'a str>,
    /// The names of parameters and headers that are or contain secrets.
    pub(crate) secret_names: &'a [String],
}

/// Returns the start of a body without secrets.
fn stored_body(
    body: &Bytes,
    redactor: &Redactor,
    redact_names: impl Fn(&str) -> Option<String>,
) -> Bytes {
    let read = body.slice(..body.len().min(2 * MAX_REDACTED_BODY));
    let max_len = if read.len() < body.len() { MAX_REDACTED_BODY } else { read.len() };
    let mut stored = match redactor.redact_bytes(&read, max_len) {
        Some(redacted) => Bytes::from(redacted),
        None => read.slice(..max_len),
    };
    if let Some(redacted) = redact_names(&String::from_utf8_lossy(&stored)) {
        stored = Bytes::from(redacted);
    }
    // Copied, so that the rest of a large body is freed.
    Bytes::copy_from_slice(stored.get(..MAX_STORED_BODY).unwrap_or(&stored))
}

/// Redacts the texts of a value.
fn redact_value(value: &Value, redactor: &Redactor) -> Value {
    match value {
        Value::String(text) => Value::String(redactor.redact(text)),
        Value::Array(items) => items.iter().map(|item| redact_value(item, redactor)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (redactor.redact(name), redact_value(value, redactor)))
            .collect(),
        _ => value.clone(),
    }
}

/// Returns the request id in the headers of a response.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    header_text(headers, "x-acs-request-id").filter(|text| !text.is_empty())
}

/// Parses the body, if it is JSON or XML.
fn parse(body: &[u8], is_cut_off: bool) -> Option<Value> {
    let (body, _) = alicloud_wire::document(body);
    // The content type is often wrong, so the first character decides.
    match first_character(body)? {
        b'{' => {
            let keys = ErrorKeys::read(body);
            (is_cut_off || keys.is_complete).then(|| keys.into_fields().0)
        }
        b'<' if !is_html(body) => Some(elements::read(body)?.0),
        _ => None,
    }
}
