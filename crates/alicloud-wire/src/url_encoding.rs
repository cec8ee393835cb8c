//! The percent-encoding of the protocol: RFC 3986 on UTF-8 bytes.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All characters except the unreserved ones of RFC 3986. A space is `%20` and `*` is `%2A`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Percent-encodes a name, a value or a path segment.
///
/// `A-Z a-z 0-9 - _ . ~` are unchanged. Text without other characters is borrowed.
///
/// # Examples
///
/// ```
/// assert_eq!(alicloud_wire::percent_encode("a b*~é"), "a%20b%2A~%C3%A9");
/// ```
pub fn percent_encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// Appends a percent-encoded text to `out`. See [`percent_encode`].
///
/// # Examples
///
/// ```
/// let mut query = String::from("Key=");
/// alicloud_wire::percent_encode_into("a b", &mut query);
/// assert_eq!(query, "Key=a%20b");
/// ```
pub fn percent_encode_into(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// Decodes a percent-encoded text. Invalid UTF-8 is replaced with U+FFFD.
///
/// A `+` is unchanged, because [`percent_encode`] does not use it for spaces.
///
/// # Examples
///
/// ```
/// assert_eq!(alicloud_wire::percent_decode("a%20b+c"), "a b+c");
/// ```
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}
