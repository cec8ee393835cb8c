//! Texts of a service, a proxy or another crate, as the text of an error shows them.

use std::error::Error as StdError;

use alicloud_wire::printable::printable_char;
use http::HeaderMap;

use crate::secret::{REDACTED, Redactor};

/// Returns all causes of an error, each after `: `. The root cause is usually the useful one.
pub(super) fn causes(error: &dyn StdError, redactor: &Redactor) -> String {
    let (mut causes, mut last) = (String::new(), String::new());
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = one_line(&redactor.redact(&error.to_string()), 300);
        // Many errors include the text of their cause.
        if !last.contains(&text) {
            causes.push_str(": ");
            causes.push_str(&text);
        }
        last = text;
        cause = error.source();
    }
    causes
}

/// Returns the text of a body without tags, on one line.
pub(super) fn excerpt(body: &[u8], max_chars: usize) -> String {
    // Tags and their attributes can be long, so read more than is shown.
    let head = body.get(..body.len().min(max_chars * 8)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    // The placeholder of a secret looks like a tag.
    let parts: Vec<String> = text.split(REDACTED).map(without_tags).collect();
    let out = parts.join(REDACTED);
    let out = if out.trim().is_empty() { &text } else { out.as_str() };
    one_line(out, max_chars)
}

fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for character in text.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                out.push(' ');
            }
            character if !in_tag => out.push(character),
            _ => {}
        }
    }
    out
}

/// Returns at most `max_chars` printable characters of a text on one line, so that a service or a proxy
/// cannot forge a second line in a log.
pub(crate) fn one_line(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let (mut count, mut is_after_blank) = (0, false);
    for character in text.chars().filter_map(printable_char) {
        if character == ' ' {
            is_after_blank = true;
            continue;
        }
        let blank = if is_after_blank && count > 0 { " " } else { "" };
        is_after_blank = false;
        count += blank.len() + 1;
        if count > max_chars {
            out.push('…');
            return out;
        }
        out.push_str(blank);
        out.push(character);
    }
    out
}

/// Returns the trimmed text of a header.
pub(super) fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_keeps_the_placeholder_of_a_secret() {
        let body = b"<html><p>The password <redacted> is bad</p></html>";
        assert_eq!(excerpt(body, 100), "The password <redacted> is bad");
        assert_eq!(excerpt(b"<redacted>", 100), "<redacted>");
    }
}
