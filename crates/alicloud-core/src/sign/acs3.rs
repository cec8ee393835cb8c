//! ACS3-HMAC-SHA256, called signature V3 in the service's documentation.
//!
//! See [`sign`](crate::sign) for an example of all steps.

use std::ops::Range;

use hmac::Hmac;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::mac::hmac;
use crate::hex::push_hex;

/// Name of the algorithm, as in the first line of a string to sign and in `Authorization`.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Hash of an empty body, which most requests have.
const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Returns the SHA-256 hash of a body in hexadecimal: the value of the header
/// `x-acs-content-sha256`, which requests without a body need, too.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::acs3;
///
/// assert!(acs3::payload_hash(b"").starts_with("e3b0c442"));
/// assert!(acs3::payload_hash(b"ObjectPath=x").starts_with("f7fcfe30"));
/// ```
pub fn payload_hash(body: &[u8]) -> String {
    if body.is_empty() {
        return EMPTY_HASH.to_owned();
    }
    let mut out = String::with_capacity(64);
    push_hex(&Sha256::digest(body), &mut out);
    out
}

/// A canonical request: the text form of a request that client and service hash.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::acs3;
///
/// let headers = [("X-Acs-Version", "2018-05-10"), ("Host", "cdn.aliyuncs.com")];
/// let canonical = acs3::canonical_request("POST", "/", "", &headers, "hash");
/// assert_eq!(canonical.signed_headers(), "host;x-acs-version");
/// assert_eq!(
///     canonical.as_str(),
///     "POST\n/\n\nhost:cdn.aliyuncs.com\nx-acs-version:2018-05-10\n\nhost;x-acs-version\nhash",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalRequest {
    text: Zeroizing<String>,
    signed_headers: Range<usize>,
}

impl CanonicalRequest {
    /// Returns the whole text: method, path, query, headers, names of the signed headers and hash of
    /// the body, separated by line breaks.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the names of the signed headers, such as `host;x-acs-action`.
    pub fn signed_headers(&self) -> &str {
        self.text.get(self.signed_headers.clone()).unwrap_or_default()
    }
}

/// Returns the canonical form of a request.
///
/// * `path` is the percent-encoded path as it is sent; an empty path counts as `/`.
/// * `canonical_query` is the result of [`canonical_query`](super::canonical_query).
/// * `headers` can be all headers of the request, in any order and case. Only `host`,
///   `content-type` and `x-acs-*` are signed.
/// * `payload_hash` is the result of [`payload_hash`](fn@payload_hash).
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::acs3;
///
/// let hash = acs3::payload_hash(b"");
/// let headers = [("host", "cdn.aliyuncs.com"), ("user-agent", "not signed")];
/// let canonical = acs3::canonical_request("GET", "/", "TaskId=1", &headers, &hash);
/// assert!(canonical.as_str().starts_with("GET\n/\nTaskId=1\nhost:cdn.aliyuncs.com\n\nhost\n"));
/// ```
pub fn canonical_request(
    method: &str,
    path: &str,
    canonical_query: &str,
    headers: &[(&str, &str)],
    payload_hash: &str,
) -> CanonicalRequest {
    // Rare: HTTP libraries use lower case.
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
    // Sorts the values, too: a header that occurs several times is signed as one line of sorted values.
    if !signed.is_sorted() {
        signed.sort_unstable();
    }

    let path = if path.is_empty() { "/" } else { path };
    let lines: usize = signed.iter().map(|(name, value)| 2 * name.len() + value.len() + 3).sum();
    let length = method.len() + path.len() + canonical_query.len() + payload_hash.len() + 8;
    let mut text = Zeroizing::new(String::with_capacity(length + lines));
    text.push_str(method);
    text.push('\n');
    text.push_str(path);
    text.push('\n');
    text.push_str(canonical_query);
    text.push('\n');
    let mut previous = "";
    for (name, value) in &signed {
        if *name == previous {
            text.pop();
            text.push(',');
        } else {
            text.push_str(name);
            text.push(':');
        }
        text.push_str(value);
        text.push('\n');
        previous = name;
    }
    text.push('\n');
    let start = text.len();
    previous = "";
    for (name, _) in signed {
        if name != previous {
            if !previous.is_empty() {
                text.push(';');
            }
            text.push_str(name);
            previous = name;
        }
    }
    let signed_headers = start..text.len();
    text.push('\n');
    text.push_str(payload_hash);
    CanonicalRequest { text, signed_headers }
}

/// Returns the string to sign: the name of the algorithm and the hash of the canonical request.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::acs3;
///
/// let string_to_sign = acs3::string_to_sign("GET\n/\n\nhost:h\n\nhost\nhash");
/// assert!(string_to_sign.starts_with("ACS3-HMAC-SHA256\n"));
/// ```
pub fn string_to_sign(canonical_request: &str) -> String {
    let mut out = String::with_capacity(ALGORITHM.len() + 65);
    out.push_str(ALGORITHM);
    out.push('\n');
    push_hex(&Sha256::digest(canonical_request), &mut out);
    out
}

/// Returns the signature in hexadecimal.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::acs3;
///
/// let signature = acs3::signature("secret", "ACS3-HMAC-SHA256\n00");
/// assert_eq!(signature.len(), 64);
/// ```
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    let mac = hmac::<Hmac<Sha256>>(secret.as_bytes(), string_to_sign.as_bytes());
    let mut out = String::with_capacity(64);
    push_hex(&mac, &mut out);
    out
}

/// Returns the value of the header `Authorization`.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::acs3;
///
/// assert_eq!(
///     acs3::authorization("id", "host;x-acs-date", "5e1f"),
///     "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-date,Signature=5e1f",
/// );
/// ```
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

/// Returns whether a header is signed. Headers that a proxy may change are not.
fn is_signed(name: &str) -> bool {
    name.starts_with("x-acs-") || name == "host" || name == "content-type"
}

fn is_lower_case(name: &str) -> bool {
    // A loop without early exit is vectorized: a few instructions for a short text.
    !name.bytes().fold(false, |any, byte| any | byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_hash_is_the_hash_of_an_empty_body() {
        let mut hash = String::new();
        push_hex(&Sha256::digest(b""), &mut hash);
        assert_eq!(hash, EMPTY_HASH);
    }
}
