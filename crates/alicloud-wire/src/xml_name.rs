//! Names of XML elements for keys that are none, such as `a b` or `1`.
//!
//! A character that a name cannot have is written as `_xHHHH_`, with its code point in hexadecimal, and so
//! is an underscore before an `x`, which could look like the start of that. An empty key is `_x_`.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Maximum number of digits of a code point.
const MAX_DIGITS: usize = 6;

/// Appends a name to `out`.
pub(crate) fn escape(name: &str, out: &mut String) {
    if name.is_empty() {
        out.push_str("_x_");
    }
    for (index, character) in name.char_indices() {
        let looks_escaped = name.get(index..).is_some_and(|rest| rest.starts_with("_x"));
        if is_allowed(character, index == 0) && !looks_escaped {
            out.push(character);
        } else {
            _ = write!(out, "_x{:04X}_", u32::from(character));
        }
    }
}

/// Returns the key of a name.
pub(crate) fn unescape(name: &str) -> Cow<'_, str> {
    if !name.contains("_x") {
        return Cow::Borrowed(name);
    }
    let (mut key, mut rest) = (String::with_capacity(name.len()), name);
    while let Some((literal, _)) = rest.split_once("_x") {
        key.push_str(literal);
        rest = rest.get(literal.len()..).unwrap_or_default();
        match split_escaped(rest) {
            Some((character, after)) => {
                key.extend(character);
                rest = after;
            }
            None => {
                key.push_str("_x");
                rest = rest.get(2..).unwrap_or_default();
            }
        }
    }
    key.push_str(rest);
    Cow::Owned(key)
}

/// Splits a text that starts with an escaped character; the character is `None` for `_x_`.
fn split_escaped(text: &str) -> Option<(Option<char>, &str)> {
    let (digits, after) = text.strip_prefix("_x")?.split_once('_')?;
    if digits.is_empty() {
        return Some((None, after));
    }
    let is_number =
        digits.len() <= MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let character = u32::from_str_radix(digits, 16).ok().filter(|_| is_number)?;
    Some((Some(char::from_u32(character)?), after))
}

/// Returns whether a character is allowed in a name. The colon is not, because it separates a namespace.
fn is_allowed(character: char, is_first: bool) -> bool {
    match character {
        'A'..='Z' | 'a'..='z' | '_' => true,
        '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}' => {
            !is_first
        }
        '\u{C0}'..='\u{D6}'
        | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_name_that_gives_it_back() {
        let keys = [
            "",
            "a",
            "a b",
            "1",
            "-",
            "a:b",
            "<",
            "_",
            "_x",
            "_x_",
            "_x0041_",
            "__x0041_",
            "_xZ_",
            "_x:",
            "_x41",
            "_x_x0041__",
            "名字",
            "😀",
            "\u{0}",
            "a\u{FFFE}",
            "xml",
            "é\u{301}",
            "_x1234567_",
            "_xD800_",
        ];
        for key in keys {
            let mut name = String::new();
            escape(key, &mut name);
            assert!(
                name.chars().enumerate().all(|(index, c)| is_allowed(c, index == 0)),
                "{name:?}"
            );
            assert_eq!(unescape(&name), key, "{name}");
        }
    }

    #[test]
    fn names_stay_as_they_are() {
        for name in ["TaskId", "task-id", "A.1", "_id", "名字"] {
            let mut written = String::new();
            escape(name, &mut written);
            assert_eq!((written.as_str(), &*unescape(name)), (name, name));
        }
    }
}
