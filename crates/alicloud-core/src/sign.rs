//! The signatures of the platform, as pure functions with each step visible.
//!
//! * [`acs3`]: ACS3-HMAC-SHA256, for both styles of API. What a client uses unless told otherwise.
//! * [`rpc`]: HMAC-SHA1 for RPC style, "signature version 1.0".
//! * [`roa`]: HMAC-SHA1 for ROA style, the older one.
//!
//! Names and values come in decoded; the functions escape them. Nothing here reads a clock or a
//! random number, so the same input gives the same signature.
//!
//! ```
//! use alicloud_core::sign::{self, acs3};
//!
//! let query = sign::canonical_query(&[("TaskId", "704225667,704222904")]);
//! let hash = acs3::payload_hash(b"");
//! let headers = [
//!     ("host", "cdn.aliyuncs.com"),
//!     ("x-acs-action", "DescribeRefreshTaskById"),
//!     ("x-acs-content-sha256", hash.as_str()),
//!     ("x-acs-date", "2026-01-02T03:04:05Z"),
//!     ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
//!     ("x-acs-version", "2018-05-10"),
//! ];
//! let canonical = acs3::canonical_request("POST", "/", &query, &headers, &hash);
//! let string_to_sign = acs3::string_to_sign(canonical.as_str());
//! let signature = acs3::signature("secret", &string_to_sign);
//! let authorization = acs3::authorization("id", canonical.signed_headers(), &signature);
//! assert!(authorization.starts_with("ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-action;"));
//! ```

pub mod acs3;
mod date;
pub mod roa;
pub mod rpc;

use std::borrow::Cow;

use alicloud_wire::percent_encode_into;
pub use date::{http_date, timestamp};
use hmac::{KeyInit, Mac};

/// Which signature a client puts on its requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureVersion {
    /// ACS3-HMAC-SHA256, which the platform calls V3. Everything but the host, the path, the query
    /// and `x-acs-*` stays readable in a proxy's log; the secret and the signature do not appear in
    /// the URL.
    #[default]
    Acs3,
    /// HMAC-SHA1: [`rpc`] for RPC style, [`roa`] for ROA style. For gateways that know nothing newer.
    Hmac1,
}

impl SignatureVersion {
    /// The name that the platform uses for it.
    pub fn as_str(self) -> &'static str {
        match self {
            SignatureVersion::Acs3 => acs3::ALGORITHM,
            SignatureVersion::Hmac1 => "HMAC-SHA1",
        }
    }
}

/// Parameters in the order of their names, percent-encoded and joined: `Name=value&Name2=value2`.
///
/// The order is that of the bytes of the decoded names, so `Foo.10` stands before `Foo.2`. This text
/// is part of what is signed and serves as the query or the form that is sent, too.
pub fn canonical_query(pairs: &[(&str, &str)]) -> String {
    let sorted = sorted(pairs);
    let mut out = String::with_capacity(escaped_length(pairs));
    for (index, (name, value)) in sorted.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        push_escaped(name, &mut out);
        out.push('=');
        push_escaped(value, &mut out);
    }
    out
}

/// Pairs in the order of their names; equal names stay in their own order.
fn sorted<'a, 'b>(pairs: &'b [(&'a str, &'a str)]) -> Cow<'b, [(&'a str, &'a str)]> {
    if pairs.is_sorted_by_key(|(name, _)| *name) {
        return Cow::Borrowed(pairs);
    }
    let mut sorted = pairs.to_vec();
    sorted.sort_by_key(|(name, _)| *name);
    Cow::Owned(sorted)
}

/// About as long as these pairs get, escaped and joined: most values need a little escaping.
fn escaped_length(pairs: &[(&str, &str)]) -> usize {
    let length: usize = pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    length + length / 4 + 16
}

/// Percent-encodes to the end of `out`.
///
/// The same as [`percent_encode_into`], in a fraction of its time for the short and mostly plain texts
/// that parameters are.
fn push_escaped(text: &str, out: &mut String) {
    let mut rest = text;
    loop {
        match split_at_reserved(rest) {
            Split::Plain => return out.push_str(rest),
            Split::Escaped { before, digits, behind } => {
                out.push_str(before);
                out.push('%');
                out.push_str(digits);
                rest = behind;
            }
            Split::NotAscii => return percent_encode_into(rest, out),
        }
    }
}

/// Percent-encodes to the end of `once`, and that once more to the end of `twice`.
fn push_escaped_twice(text: &str, once: &mut String, twice: &mut String) {
    let mut rest = text;
    loop {
        match split_at_reserved(rest) {
            Split::Plain => {
                once.push_str(rest);
                return twice.push_str(rest);
            }
            Split::Escaped { before, digits, behind } => {
                once.push_str(before);
                once.push('%');
                once.push_str(digits);
                twice.push_str(before);
                twice.push_str("%25");
                twice.push_str(digits);
                rest = behind;
            }
            Split::NotAscii => {
                let start = once.len();
                percent_encode_into(rest, once);
                return percent_encode_into(once.get(start..).unwrap_or_default(), twice);
            }
        }
    }
}

/// A text at its first byte that is escaped.
enum Split<'a> {
    /// There is none.
    Plain,
    /// What stands before it, the two digits that stand for it, and what stands behind.
    Escaped { before: &'a str, digits: &'static str, behind: &'a str },
    /// It is a part of a longer character.
    NotAscii,
}

#[inline]
fn split_at_reserved(text: &str) -> Split<'_> {
    let reserved = |byte: &u8| RESERVED.get(usize::from(*byte)).copied().unwrap_or(1);
    let bytes = text.as_bytes();
    // Without a way out in the middle, this is a few instructions for all of a short text.
    if bytes.iter().fold(0, |any, byte| any | reserved(byte)) == 0 {
        return Split::Plain;
    }
    let at = bytes.iter().position(|byte| reserved(byte) != 0).unwrap_or_default();
    let byte = usize::from(bytes.get(at).copied().unwrap_or_default());
    let digits = DIGITS.get(2 * byte..2 * byte + 2);
    match (digits, text.get(..at), text.get(at + 1..)) {
        (Some(digits), Some(before), Some(behind)) if byte < 128 => {
            Split::Escaped { before, digits, behind }
        }
        _ => Split::NotAscii,
    }
}

/// One for each byte that is escaped.
#[allow(clippy::indexing_slicing, reason = "computed when the crate is compiled")]
static RESERVED: [u8; 256] = {
    let mut table = [1; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            table[byte as usize] = 0;
        }
        byte += 1;
    }
    table
};

/// The two digits of each ASCII byte.
static DIGITS: &str = "\
    000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\
    202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F\
    404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F\
    606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F";

/// One HMAC.
fn hmac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> hmac::digest::Output<M> {
    #[allow(clippy::expect_used, reason = "an HMAC takes a key of any length")]
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length");
    mac.update(message);
    mac.finalize().into_bytes()
}

/// Lower-case hexadecimal to the end of `out`.
pub(crate) fn push_hex(bytes: &[u8], out: &mut String) {
    // Sums instead of a table, so that a whole hash is converted at once.
    let digit = |nibble: u8| nibble + b'0' + if nibble > 9 { b'a' - b'0' - 10 } else { 0 };
    for piece in bytes.chunks(32) {
        let mut text = [b'0'; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(piece) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 0xf)]);
        }
        let text = text.get(..piece.len() * 2).unwrap_or_default();
        out.push_str(std::str::from_utf8(text).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_the_wire_does() {
        let every: String = (0..=0x17f).filter_map(char::from_u32).collect();
        for text in ["", "plain", ",", "a,b", "a b*~é,x", "é", "😀/", "%2C", every.as_str()] {
            let once = alicloud_wire::percent_encode(text);
            let twice = alicloud_wire::percent_encode(&once);
            let (mut ours, mut our_twice) = (String::new(), String::new());
            push_escaped_twice(text, &mut ours, &mut our_twice);
            assert_eq!((&*ours, &*our_twice), (&*once, &*twice));
            ours.clear();
            push_escaped(text, &mut ours);
            assert_eq!(ours, once);
        }
    }

    #[test]
    fn writes_hexadecimal() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut hex = String::new();
        push_hex(&bytes, &mut hex);
        let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
    }
}
