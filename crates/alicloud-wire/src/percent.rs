//! The one percent-encoding of the protocol: RFC 3986 on UTF-8 bytes.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986. A space is `%20`, `*` is `%2A`, `~` stays.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Percent-encodes a name, a value or a path segment.
///
/// Only `A-Z a-z 0-9 - _ . ~` stay as they are; text without anything else is borrowed.
///
/// ```
/// assert_eq!(alicloud_wire::percent_encode("a b*~é"), "a%20b%2A~%C3%A9");
/// ```
pub fn percent_encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// [`percent_encode`] to the end of `out`.
pub fn percent_encode_into(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// Undoes [`percent_encode`]; bytes that are not UTF-8 become U+FFFD.
///
/// A `+` stays a `+`: it means a space only in forms written by others.
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}
