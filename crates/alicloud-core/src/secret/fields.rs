//! Removal of secrets that are known by the names of their fields.

use std::ops::Range;

use alicloud_wire::sensitive::{REDACTED, is_secret_field};

/// Returns a JSON or XML text without the values of fields whose names are those of secrets, also if it is
/// truncated or malformed. `None` if there are no such fields.
pub(crate) fn without_secret_fields(text: &str) -> Option<String> {
    let mut out: Option<String> = None;
    let (mut position, mut copied) = (0, 0);
    while let Some(value) = next_secret_value(text, &mut position) {
        let out = out.get_or_insert_default();
        out.push_str(text.get(copied..value.start).unwrap_or_default());
        out.push_str(REDACTED);
        (position, copied) = (value.end, value.end);
    }
    let mut out = out?;
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// Returns the place of the next value of a field whose name is that of a secret.
fn next_secret_value(text: &str, position: &mut usize) -> Option<Range<usize>> {
    loop {
        let rest = text.get(*position..)?;
        let start = *position + rest.find(['"', '<'])?;
        let rest = text.get(start + 1..)?;
        *position = start + 1;
        let is_json = text.as_bytes().get(start) == Some(&b'"');
        // In a JSON string, quotes are escaped.
        let backslashes = text.bytes().take(start).rev().take_while(|byte| *byte == b'\\').count();
        let quote = text.get(start - backslashes..=start).unwrap_or_default();
        let name_length = if is_json { string_length(rest, quote) } else { tag_length(rest) };
        let Some(tag) = name_length.and_then(|length| rest.get(..length)) else { continue };
        let after = rest.get(tag.len()..).unwrap_or_default();
        let (name, value) = match is_json {
            // Otherwise the quote can be the end of a string.
            true => {
                let after = after.strip_prefix(quote).unwrap_or_default().trim_start();
                (tag, after.strip_prefix(':').map(str::trim_start))
            }
            false => (element_name(tag), after.strip_prefix('>')),
        };
        let Some(value) = value.filter(|_| is_secret_field(name)) else { continue };
        let value_start = text.len() - value.len();
        let range = match value.strip_prefix(quote).filter(|_| is_json) {
            Some(string) => {
                let length = string_length(string, quote).unwrap_or(string.len());
                value_start + quote.len()..value_start + quote.len() + length
            }
            None if is_json => {
                let is_number = value.starts_with(|first: char| first.is_ascii_digit());
                let end = value.find([',', '}', ']']).unwrap_or(value.len());
                value_start..value_start + if is_number { end } else { 0 }
            }
            // To the end tag, because the value can be in a CDATA section.
            None => value_start..value_start + value.find("</").unwrap_or(value.len()),
        };
        if !range.is_empty() {
            return Some(range);
        }
    }
}

/// Returns the length of a tag up to its `>`. A longer one is none: a text can consist of `<`.
fn tag_length(text: &str) -> Option<usize> {
    const MAX_LENGTH: usize = 1_024;
    text.bytes().take(MAX_LENGTH).position(|byte| byte == b'>')
}

/// Returns the name of an element without its prefix and attributes. Empty for an element without content.
fn element_name(tag: &str) -> &str {
    let name = tag.split(char::is_whitespace).next().unwrap_or_default();
    match tag.ends_with('/') {
        true => "",
        false => name.rsplit(':').next().unwrap_or(name),
    }
}

/// Returns the places of values after the names of secrets in a text of any format: `SecurityToken=…`,
/// `"SecurityToken": "…"`, `<SecurityToken>…`. A value can be interrupted by blanks, as when a token is written in
/// several lines. `is_blank` returns whether there is a real blank and not a `+`.
pub(super) fn named_values(text: &[u8], is_blank: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    const MAX_NAME_LENGTH: usize = 128;
    let is_around = |byte: &u8| matches!(byte, b'"' | b'\'' | b'\\' | b' ');
    let is_end = |byte: &u8| b"\"'\\&<>,;()[]{}".contains(byte);
    let mut found = Vec::new();
    let mut position = 0;
    while let Some(after) = text.get(position..) {
        let Some(length) = after.iter().position(|byte| b"=:>".contains(byte)) else { break };
        let (head, after) = after.split_at(length);
        position += length + 1;
        let after = after.get(1..).unwrap_or_default();
        let name_end = head.len() - head.iter().rev().take_while(|byte| is_around(byte)).count();
        let head = head.get(..name_end).unwrap_or_default();
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let length = head.iter().rev().take(MAX_NAME_LENGTH).take_while(is_name).count();
        let name = head.get(head.len() - length..).and_then(|name| str::from_utf8(name).ok());
        if !name.is_some_and(is_secret_field) {
            continue;
        }
        let start = after.iter().take_while(|byte| is_around(byte)).count();
        let value = after.get(start..).unwrap_or_default();
        let value = value.split(is_end).next().unwrap_or_default();
        let value_start = position + start;
        let end = sentence_start(value, |offset| is_blank(value_start + offset));
        let value = value.get(..end).unwrap_or_default().trim_ascii_end();
        if !value.is_empty() {
            position = value_start + value.len();
            found.push(value_start..position);
        }
    }
    found
}

/// Returns where a value ends and a sentence continues: before the first word of lower-case letters.
fn sentence_start(value: &[u8], is_blank: impl Fn(usize) -> bool) -> usize {
    let mut position = 0;
    for word in value.split(|byte| *byte == b' ') {
        let letters = word.strip_suffix(b".").unwrap_or(word);
        let follows_blank = position > 0 && is_blank(position - 1);
        if follows_blank && letters.len() > 1 && letters.iter().all(u8::is_ascii_lowercase) {
            return position;
        }
        position += word.len() + 1;
    }
    value.len()
}

/// Names of credentials in any service, in lower case and without separators.
const CREDENTIALS: [&str; 6] = [
    "accesskeysecret",
    "accesstoken",
    "privatekey",
    "secretaccesskey",
    "securitytoken",
    "ststoken",
];

/// Returns whether a text in any format names credentials, so that their values can be anywhere in it.
pub(crate) fn names_credentials(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphabetic);
    let letters: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    CREDENTIALS.iter().any(|name| letters.contains(name))
}

/// Returns the length of a JSON string up to its closing quote, if it is complete. The quotes of a string in
/// a string are escaped themselves.
fn string_length(text: &str, quote: &str) -> Option<usize> {
    let mut backslashes = 0;
    text.bytes().enumerate().find_map(|(position, byte)| {
        // Inside, a quote has one more backslash than around, and each backslash is doubled.
        let is_end = byte == b'"' && is_closing(backslashes, quote.len() - 1);
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
        is_end.then(|| position + 1 - quote.len())
    })
}

/// Returns whether a quote after this number of backslashes closes a string whose quotes have `level` ones:
/// the others are pairs that stand for backslashes of the string.
fn is_closing(backslashes: usize, level: usize) -> bool {
    backslashes.checked_sub(level).is_some_and(|others| others.is_multiple_of(2 * (level + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_fields_by_name() {
        for (text, expected) in [
            (
                r#"{"Id": "a", "AccessKeySecret" : "x\"y", "B": 1"#,
                r#"{"Id": "a", "AccessKeySecret" : "<redacted>", "B": 1"#,
            ),
            (
                r#"{"a":"{\"Password\":\"x\\\"y\",\"b\":1}"}"#,
                r#"{"a":"{\"Password\":\"<redacted>\",\"b\":1}"}"#,
            ),
            (r#"{"Password":"cut o"#, r#"{"Password":"<redacted>"#),
            (r#"{"Password":1234}"#, r#"{"Password":<redacted>}"#),
            ("<A><SecurityToken>x</SecurityToken>", "<A><SecurityToken><redacted></SecurityToken>"),
            (
                "<a:Password b='c'><![CDATA[x<y]]></a:Password>",
                "<a:Password b='c'><redacted></a:Password>",
            ),
        ] {
            assert_eq!(without_secret_fields(text).as_deref(), Some(expected));
        }
        for text in [
            r#"{"PasswordInherit":"a","Password":null}"#,
            "\"",
            "<",
            "",
            "Password: a",
            "<Password/>a<b/>",
        ] {
            assert_eq!(without_secret_fields(text), None, "{text}");
        }
    }
}
