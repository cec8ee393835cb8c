//! HMAC-SHA1 for ROA style: the older signature of APIs with paths.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;

use super::hmac;

/// What of a request is signed. Absent headers are empty texts.
#[derive(Debug, Clone, Copy, Default)]
pub struct SigningInput<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The header `Accept`.
    pub accept: &'a str,
    /// The header `Content-MD5`.
    pub content_md5: &'a str,
    /// The header `Content-Type`.
    pub content_type: &'a str,
    /// The header `Date`; see [`http_date`](super::http_date).
    pub date: &'a str,
    /// All headers of the request; those that begin with `x-acs-` are signed.
    pub headers: &'a [(&'a str, &'a str)],
    /// The path as it is sent.
    pub path: &'a str,
    /// The parameters of the query, decoded: this signature does not escape them.
    pub query: &'a [(&'a str, &'a str)],
}

/// The text that is signed.
///
/// A parameter with an empty value is written `name=`. The official clients disagree about that one
/// case, so it is better avoided.
pub fn string_to_sign(parts: &SigningInput<'_>) -> String {
    let mut out = String::with_capacity(512);
    for line in [parts.method, parts.accept, parts.content_md5, parts.content_type, parts.date] {
        out.push_str(line);
        out.push('\n');
    }
    let mut headers: Vec<(String, &str)> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), *value))
        .filter(|(name, _)| name.starts_with("x-acs-"))
        .collect();
    headers.sort();
    for (name, value) in &headers {
        out.push_str(name);
        out.push(':');
        out.extend(value.trim().chars().map(|character| match character {
            // The official clients do so; a line break would forge a line.
            '\t' | '\n' | '\r' | '\u{c}' => ' ',
            character => character,
        }));
        out.push('\n');
    }
    out.push_str(parts.path);
    let mut query = parts.query.to_vec();
    query.sort_by_key(|(name, _)| *name);
    for (index, (name, value)) in query.into_iter().enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        out.push_str(value);
    }
    out
}

/// The signature, in base64.
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    STANDARD.encode(hmac::<Hmac<Sha1>>(secret.as_bytes(), string_to_sign.as_bytes()))
}

/// The value of the header `Authorization`.
pub fn authorization(access_key_id: &str, signature: &str) -> String {
    ["acs ", access_key_id, ":", signature].concat()
}
