//! ACS3-HMAC-SHA256, the signature that the platform calls V3.
//!
//! See [`sign`](crate::sign) for all steps in a row.

use std::ops::Range;

use hmac::Hmac;
use sha2::{Digest as _, Sha256};

use super::{hmac, push_hex};

/// The name of the algorithm, on the first line of a string to sign and in `Authorization`.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The hash of nothing, which is the body of most requests.
const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The hash of a body in hexadecimal: the value of `x-acs-content-sha256`, also without a body.
pub fn payload_hash(body: &[u8]) -> String {
    if body.is_empty() {
        return EMPTY_HASH.to_owned();
    }
    let mut out = String::with_capacity(64);
    push_hex(&Sha256::digest(body), &mut out);
    out
}

/// A request in the one spelling that both sides hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalRequest {
    text: String,
    signed: Range<usize>,
}

impl CanonicalRequest {
    /// The whole text, six parts on lines of their own.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names of the headers that are signed, such as `host;x-acs-action`.
    pub fn signed_headers(&self) -> &str {
        self.text.get(self.signed.clone()).unwrap_or_default()
    }

    /// The whole text.
    pub fn into_string(self) -> String {
        self.text
    }
}

/// Puts a request into its canonical form.
///
/// `path` is the path as it is sent, already percent-encoded; an empty one counts as `/`.
/// `canonical_query` comes from [`canonical_query`](super::canonical_query). Of `headers`, which may
/// be all headers of the request in any order and case, `host`, `content-type` and `x-acs-*` are
/// signed. `payload_hash` comes from [`payload_hash`](fn@payload_hash).
pub fn canonical_request(
    method: &str,
    path: &str,
    canonical_query: &str,
    headers: &[(&str, &str)],
    payload_hash: &str,
) -> CanonicalRequest {
    // Names are in lower case everywhere but in the hands of a person.
    if headers.iter().any(|(name, _)| !is_lower_case(name)) {
        let lower: Vec<String> =
            headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        let values = headers.iter().map(|(_, value)| *value);
        let headers: Vec<(&str, &str)> = lower.iter().map(String::as_str).zip(values).collect();
        return canonical_request(method, path, canonical_query, &headers, payload_hash);
    }
    let mut signed: Vec<(&str, &str)> = Vec::with_capacity(headers.len());
    signed.extend(
        headers
            .iter()
            .filter(|(name, _)| is_signed(name))
            .map(|(name, value)| (*name, value.trim_ascii())),
    );
    // A header that stands there twice is one header with its values in order.
    if !signed.is_sorted() {
        signed.sort_unstable();
    }

    let path = if path.is_empty() { "/" } else { path };
    let lines: usize = signed.iter().map(|(name, value)| 2 * name.len() + value.len() + 3).sum();
    let length = method.len() + path.len() + canonical_query.len() + payload_hash.len() + 8;
    let mut text = String::with_capacity(length + lines);
    text.push_str(method);
    text.push('\n');
    text.push_str(path);
    text.push('\n');
    text.push_str(canonical_query);
    text.push('\n');
    let mut last = "";
    for (name, value) in &signed {
        if *name == last {
            text.pop();
            text.push(',');
        } else {
            text.push_str(name);
            text.push(':');
        }
        text.push_str(value);
        text.push('\n');
        last = name;
    }
    text.push('\n');
    let start = text.len();
    last = "";
    for (name, _) in signed {
        if name != last {
            if !last.is_empty() {
                text.push(';');
            }
            text.push_str(name);
            last = name;
        }
    }
    let signed = start..text.len();
    text.push('\n');
    text.push_str(payload_hash);
    CanonicalRequest { text, signed }
}

/// The text that is signed: the algorithm and the hash of the canonical request.
pub fn string_to_sign(canonical_request: &str) -> String {
    let mut out = String::with_capacity(ALGORITHM.len() + 65);
    out.push_str(ALGORITHM);
    out.push('\n');
    push_hex(&Sha256::digest(canonical_request), &mut out);
    out
}

/// The signature, in hexadecimal.
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    let mac = hmac::<Hmac<Sha256>>(secret.as_bytes(), string_to_sign.as_bytes());
    let mut out = String::with_capacity(64);
    push_hex(&mac, &mut out);
    out
}

/// The value of the header `Authorization`.
pub fn authorization(access_key_id: &str, signed_headers: &str, signature: &str) -> String {
    [
        ALGORITHM,
        " Credential=",
        access_key_id,
        ",SignedHeaders=",
        signed_headers,
        ",Signature=",
        signature,
    ]
    .concat()
}

/// What a proxy may rewrite stays out of the signature.
fn is_signed(name: &str) -> bool {
    name.starts_with("x-acs-") || name == "host" || name == "content-type"
}

fn is_lower_case(name: &str) -> bool {
    // Without a way out in the middle, this is a few instructions for all of a short text.
    !name.bytes().fold(false, |any, byte| any | byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_hash_of_nothing() {
        let mut hash = String::new();
        push_hex(&Sha256::digest(b""), &mut hash);
        assert_eq!(hash, EMPTY_HASH);
    }
}
