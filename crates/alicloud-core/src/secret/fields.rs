//! Removal of secrets that are known by the names of their fields.

use alicloud_wire::sensitive::is_secret_field;

use super::REDACTED;

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
fn next_secret_value(text: &str, position: &mut usize) -> Option<std::ops::Range<usize>> {
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
