//! HMAC-SHA1 for the RPC style, "signature version 1.0".
//!
//! All parameters of the query and the form are signed, except `Signature` itself.
//!
//! # Examples
//!
//! The example of the service's documentation:
//!
//! ```
//! use alicloud_core::sign::rpc;
//!
//! let canonical = rpc::canonical_query("GET", &[
//!     ("Timestamp", "2016-02-23T12:46:24Z"),
//!     ("Format", "XML"),
//!     ("AccessKeyId", "testid"),
//!     ("Action", "DescribeRegions"),
//!     ("SignatureMethod", "HMAC-SHA1"),
//!     ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"),
//!     ("Version", "2014-05-26"),
//!     ("SignatureVersion", "1.0"),
//! ]);
//! assert!(canonical.as_str().starts_with("AccessKeyId=testid&Action=DescribeRegions&"));
//! assert!(canonical.string_to_sign().starts_with("GET&%2F&AccessKeyId%3Dtestid%26Action%3D"));
//! let signature = rpc::signature("testsecret", canonical.string_to_sign());
//! assert_eq!(signature, "OLeaidS1JvxuMvnyHOwuJ+uX5qY=");
//! ```

use std::fmt;

use alicloud_wire::percent_encode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::mac::hmac;
use super::query::{count_reserved, encoded_length, push_double_encoded, sorted};

/// A canonical query: the text form of the parameters that client and service sign.
///
/// `Debug` does not show the parameters, because they can contain a security token. They are wiped from
/// memory when the value is dropped.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::rpc;
///
/// let canonical = rpc::canonical_query("POST", &[("B", "2"), ("A", "1")]);
/// assert_eq!(canonical.as_str(), "A=1&B=2");
/// assert_eq!(canonical.string_to_sign(), "POST&%2F&A%3D1%26B%3D2");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalQuery {
    query: Zeroizing<String>,
    string_to_sign: Zeroizing<String>,
}

impl fmt::Debug for CanonicalQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CanonicalQuery")
    }
}

impl CanonicalQuery {
    /// Returns the sorted, percent-encoded and joined parameters, as they are sent together with
    /// `Signature`.
    pub fn as_str(&self) -> &str {
        &self.query
    }

    /// Returns the string to sign: the method, the path (always `/`) and the query, percent-encoded
    /// again.
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }
}

/// Returns the canonical form of the parameters of query and form together.
///
/// Names and values are passed decoded, in any order.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::rpc;
///
/// let canonical = rpc::canonical_query("GET", &[("TaskId", "1,2"), ("Action", "Describe")]);
/// assert_eq!(canonical.as_str(), "Action=Describe&TaskId=1%2C2");
/// ```
pub fn canonical_query(method: &str, pairs: &[(&str, &str)]) -> CanonicalQuery {
    let sorted = sorted(pairs);
    let length = encoded_length(pairs);
    // Encoded again, a reserved byte has two more, and so have the separators.
    let reserved: usize =
        pairs.iter().map(|(name, value)| count_reserved(name) + count_reserved(value) + 2).sum();
    let mut query = Zeroizing::new(String::with_capacity(length));
    let mut string_to_sign =
        Zeroizing::new(String::with_capacity(method.len() + 5 + length + 2 * reserved));
    string_to_sign.push_str(method);
    string_to_sign.push_str("&%2F&");
    for (index, (name, value)) in sorted.iter().enumerate() {
        if index > 0 {
            query.push('&');
            string_to_sign.push_str("%26");
        }
        push_double_encoded(name, &mut query, &mut string_to_sign);
        query.push('=');
        string_to_sign.push_str("%3D");
        push_double_encoded(value, &mut query, &mut string_to_sign);
    }
    CanonicalQuery { query, string_to_sign }
}

/// Returns the signature in base64: the value of the parameter `Signature`, not yet percent-encoded.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::rpc;
///
/// assert_eq!(rpc::signature("secret", "GET&%2F&A%3D1").len(), 28);
/// ```
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    let mut key = Zeroizing::new(Vec::with_capacity(secret.len() + 1));
    key.extend_from_slice(secret.as_bytes());
    // Only in this algorithm is the key the secret followed by `&`.
    key.push(b'&');
    STANDARD.encode(hmac::<Hmac<Sha1>>(&key, string_to_sign.as_bytes()))
}

/// Returns the query with its signature, as it is sent.
pub(crate) fn with_signature(query: &str, signature: &str) -> Zeroizing<String> {
    let signature = percent_encode(signature);
    Zeroizing::new([query, "&Signature=", &signature].concat())
}
