//! HMAC-SHA1 for RPC style, "signature version 1.0".
//!
//! All parameters are signed together, those of the query and those of the form, except `Signature`
//! itself:
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

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::{escaped_length, hmac, push_escaped_twice, sorted};

/// Parameters in the one spelling that both sides hash.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalQuery {
    query: String,
    string_to_sign: String,
}

impl fmt::Debug for CanonicalQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A security token stands among the parameters.
        f.write_str("CanonicalQuery")
    }
}

impl CanonicalQuery {
    /// The parameters in order, escaped and joined: what is sent, but for `Signature`.
    pub fn as_str(&self) -> &str {
        &self.query
    }

    /// The text that is signed: the method, the path (always `/`) and the parameters escaped once
    /// more.
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }

    /// Both texts, the query first.
    pub fn into_parts(self) -> (String, String) {
        (self.query, self.string_to_sign)
    }
}

/// Puts the parameters of the query and the form together into their canonical form.
///
/// Names and values come in decoded, in any order.
pub fn canonical_query(method: &str, pairs: &[(&str, &str)]) -> CanonicalQuery {
    let sorted = sorted(pairs);
    let length = escaped_length(pairs);
    let mut query = String::with_capacity(length);
    let mut string_to_sign = String::with_capacity(length + 4 * pairs.len() + length / 4 + 16);
    string_to_sign.push_str(method);
    string_to_sign.push_str("&%2F&");
    for (index, (name, value)) in sorted.iter().enumerate() {
        if index > 0 {
            query.push('&');
            string_to_sign.push_str("%26");
        }
        push_escaped_twice(name, &mut query, &mut string_to_sign);
        query.push('=');
        string_to_sign.push_str("%3D");
        push_escaped_twice(value, &mut query, &mut string_to_sign);
    }
    CanonicalQuery { query, string_to_sign }
}

/// The signature, in base64: the value of the parameter `Signature`, to be escaped like any other.
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    let mut key = Zeroizing::new(Vec::with_capacity(secret.len() + 1));
    key.extend_from_slice(secret.as_bytes());
    // The one place where the key is not the secret alone.
    key.push(b'&');
    STANDARD.encode(hmac::<Hmac<Sha1>>(&key, string_to_sign.as_bytes()))
}
