//! Assembly of signed HTTP requests.
//!
//! A [`PreparedRequest`] has what all attempts of a call share. [`PreparedRequest::sign`] adds what differs
//! per attempt: credentials, time and nonce.

mod acs3;
mod format;
mod prepared;
mod roa;
mod rpc;

use std::borrow::Cow;
use std::sync::Arc;

use alicloud_wire::request::{Pair, ParameterLocation};
use alicloud_wire::{Body, RequestParts, percent_decode, percent_encode_into};
use bytes::Bytes;
use http::HeaderValue;

pub use self::format::Format;
pub(crate) use self::prepared::{PreparedRequest, RetryInfo, SignedRequest, SigningContext};
use self::prepared::{PreparedSecrets, SignatureScheme};
use crate::error::{Error, ErrorData};
use crate::product::{ApiStyle, Endpoint, Operation};
use crate::secret::REDACTED;
use crate::sign::SignatureVersion;

impl<'a> PreparedRequest<'a> {
    /// Assigns the parameters to path, query, headers and body. The error names what cannot be
    /// represented in HTTP.
    pub(crate) fn new(
        operation: &'a Operation,
        mut parts: RequestParts,
        endpoint: &Endpoint,
        user_agent: HeaderValue,
        format: Format,
        signature: SignatureVersion,
        generate_token: impl FnOnce() -> std::io::Result<String>,
    ) -> Result<Self, Error> {
        if let Some((location, name)) = parts.token.take() {
            // Generated once, because all attempts must have the same idempotency token.
            let token = generate_token().map_err(|error| {
                let reason = format!("cannot generate the parameter {name}: {error}");
                Error::new(ErrorData::Configuration(reason))
            })?;
            add_parameter(&mut parts, location, name, token);
        }
        let Some(mut shown) = parts.shown.take() else {
            return Self::assemble(operation, parts, endpoint, user_agent, format, signature);
        };
        shown.token = None;
        let names = secret_names(&shown);
        let texts = Arc::from(std::mem::take(&mut parts.secrets));
        let agent = user_agent.clone();
        let mut prepared = Self::assemble(operation, parts, endpoint, agent, format, signature)?;
        let shown = Self::assemble(operation, *shown, endpoint, user_agent, format, signature)?;
        prepared.secrets = Some(PreparedSecrets { texts, names, shown: Box::new(shown) });
        Ok(prepared)
    }

    fn assemble(
        operation: &'a Operation,
        mut parts: RequestParts,
        endpoint: &Endpoint,
        user_agent: HeaderValue,
        format: Format,
        signature: SignatureVersion,
    ) -> Result<Self, Error> {
        let scheme = match (signature, operation.style()) {
            (SignatureVersion::Acs3, _) => SignatureScheme::Acs3,
            (SignatureVersion::Hmac1, ApiStyle::Rpc) => SignatureScheme::Rpc,
            (SignatureVersion::Hmac1, ApiStyle::Roa) => SignatureScheme::Roa,
        };
        let endpoint = match &parts.host {
            None => endpoint.clone(),
            Some(label) => endpoint
                .with_label(label)
                .ok_or_else(|| "the first label of the host name is not valid; it can only contain letters, digits, `-` and `_`".to_owned())
                .map_err(Error::build_request)?,
        };
        let headers: Vec<(String, String)> = parts
            .headers
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        let path = expand_path(operation.path(), &parts.path, &mut parts.query)
            .map_err(Error::build_request)?;
        let (mut form, mut query) = (parts.form, parts.query);
        let has_no_body = matches!(operation.method(), "GET" | "HEAD");
        if has_no_body || parts.body.is_some() {
            // The body is not available for the form, and the service accepts parameters in either.
            query.append(&mut form);
        }
        let (body, content_type) = match parts.body.filter(|_| !has_no_body) {
            Some(Body::Bytes(bytes)) => (bytes, Some("application/octet-stream")),
            Some(Body::Json(text) | Body::Text(text)) => {
                (Bytes::from(text), Some("application/json; charset=utf-8"))
            }
            Some(_) => return Err(Error::build_request("unsupported type of body".to_owned())),
            None => (Bytes::from(encode_form(&form)), Some("application/x-www-form-urlencoded")),
        };
        let mut prepared = PreparedRequest {
            operation,
            endpoint,
            user_agent,
            format,
            scheme,
            path,
            query,
            form,
            headers,
            content_type: content_type.filter(|_| !body.is_empty()),
            body,
            canonical_query: String::new(),
            payload_hash: String::new(),
            secrets: None,
        };
        match scheme {
            SignatureScheme::Acs3 => acs3::prepare(&mut prepared),
            SignatureScheme::Roa => roa::prepare(&mut prepared),
            // Time and nonce are query parameters, so each attempt has its own query.
            SignatureScheme::Rpc => {}
        }
        Ok(prepared)
    }

    /// Creates a request with a new signature.
    pub(crate) fn sign(&self, context: &SigningContext<'_>) -> Result<SignedRequest, String> {
        match self.scheme {
            SignatureScheme::Acs3 => acs3::sign(self, context),
            SignatureScheme::Rpc => rpc::sign(self, context),
            SignatureScheme::Roa => roa::sign(self, context),
        }
    }
}

/// Adds a parameter that the runtime sets: an idempotency token, or the region of the client.
pub(crate) fn add_parameter(
    parts: &mut RequestParts,
    location: ParameterLocation,
    name: &'static str,
    value: String,
) {
    if let Some(shown) = parts.shown.as_deref_mut() {
        add_parameter(shown, location, name, value.clone());
    }
    match location {
        ParameterLocation::Form => parts.form.push((name.into(), value.into())),
        ParameterLocation::Header => parts.headers.push((name.into(), value)),
        _ => parts.query.push((name.into(), value.into())),
    }
}

/// Returns the names of parameters and headers, these in lower case, that are shown with a placeholder.
fn secret_names(shown: &RequestParts) -> Arc<[String]> {
    let pairs = shown.query.iter().chain(&shown.form);
    let pairs = pairs.filter(|(_, value)| value.contains(REDACTED));
    let headers = shown.headers.iter().filter(|(_, value)| value.contains(REDACTED));
    pairs
        .map(|(name, _)| name.clone().into_owned())
        .chain(headers.map(|(name, _)| name.to_ascii_lowercase()))
        .collect()
}

/// Encodes a form in the order of its parameters.
fn encode_form(pairs: &[Pair]) -> String {
    let mut out = String::new();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        percent_encode_into(name, &mut out);
        out.push('=');
        percent_encode_into(value, &mut out);
    }
    out
}

/// Fills in the placeholders of a path template. A fixed query of the template is moved to `query`.
fn expand_path(
    template: &str,
    values: &[(Cow<'static, str>, String)],
    query: &mut Vec<Pair>,
) -> Result<String, String> {
    let (mut rest, fixed_query) = template.split_once('?').unwrap_or((template, ""));
    for pair in fixed_query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Decoded, because the whole query is encoded when it is signed.
        let decode = |text| percent_decode(text).into_owned().into();
        query.push((decode(name), decode(value)));
    }
    let mut path = String::with_capacity(template.len() + 32);
    while let Some((literal, after_brace)) = rest.split_once('{') {
        path.push_str(literal);
        let (name, remainder) = after_brace
            .split_once('}')
            .ok_or_else(|| format!("the path {template:?} has an unclosed brace"))?;
        // `{+name}` stands for several segments, so its slashes are not encoded.
        let (name, multi_segment) =
            name.strip_prefix('+').map_or((name, false), |name| (name, true));
        let value = values.iter().find(|(known, _)| *known == name);
        let (_, value) =
            value.ok_or_else(|| format!("the path {template:?} has no value for {name}"))?;
        let mut separator = if multi_segment && path.is_empty() { "/" } else { "" };
        let segments = if multi_segment { value.trim_start_matches('/') } else { value };
        for segment in segments.split(if multi_segment { &['/'][..] } else { &[] }) {
            if is_dot_segment(segment) {
                return Err(format!("parameter {name}: {segment:?} is not allowed in a path"));
            }
            path.push_str(separator);
            percent_encode_into(segment, &mut path);
            separator = "/";
        }
        rest = remainder;
    }
    path.push_str(rest);
    // A segment can consist of several values and literal text.
    if path.split('/').any(is_dot_segment) {
        return Err(format!("the path {template:?} has a segment `.` or `..` with these values"));
    }
    Ok(path)
}

/// Returns whether HTTP clients and proxies resolve a segment of a path, so that the path would differ from
/// the signed one.
pub(crate) fn is_dot_segment(segment: &str) -> bool {
    let is_dot = |text: &str| text == "." || text.eq_ignore_ascii_case("%2e");
    let is_two_dots =
        |index| segment.split_at_checked(index).is_some_and(|(a, b)| is_dot(a) && is_dot(b));
    is_dot(segment) || [1, 3].into_iter().any(is_two_dots)
}
