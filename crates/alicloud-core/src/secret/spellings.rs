//! The forms in which a text can contain a secret.

use std::collections::HashSet;
use std::fmt::Write as _;

use alicloud_wire::{Secret, percent_encode};

/// Maximum number of spellings of one secret.
const MAX_COUNT: usize = 256;

/// Number of spellings that every secret can have: itself and those with one encoding.
const MIN_COUNT: usize = 1 + 2 * ENCODINGS.len();

/// Maximum number of bytes in the spellings of one secret, so that a long one has fewer.
const MAX_BYTES: usize = 1 << 20;

/// Maximum number of encodings on top of each other: JSON in a JSON string, percent-encoded twice.
const MAX_LEVELS: usize = 4;

const ENCODINGS: [fn(&str) -> String; 8] = [
    |text| percent_encode(text).into_owned(),
    form_encode,
    escape_json,
    |text| escape_json(text).replace('/', r"\/"),
    escape_json_ascii,
    escape_json_html,
    escape_xml,
    |text| escape_xml(text).replace('"', "&quot;").replace('\'', "&apos;"),
];

/// Returns the secret itself, then its spellings with one encoding, with two, and so on, up to a number.
pub(super) fn spellings(secret: &str, max_count: usize) -> Vec<Secret> {
    let max_count = max_count.clamp(MIN_COUNT, MAX_COUNT);
    let mut all = vec![Secret::new(secret)];
    let mut known = HashSet::from([Secret::new(secret)]);
    let (mut first, mut bytes) = (0, secret.len());
    for _ in 0..MAX_LEVELS {
        let last = all.len();
        for index in first..last {
            for encode in ENCODINGS {
                let Some(encoded) = all.get(index).map(|text| Secret::new(encode(text.expose())))
                else {
                    continue;
                };
                let lower = Secret::new(lower_hex(encoded.expose()));
                for text in [encoded, lower] {
                    if !known.insert(text.clone()) {
                        continue;
                    }
                    bytes += text.expose().len();
                    if all.len() >= max_count || bytes > MAX_BYTES {
                        return all;
                    }
                    all.push(text);
                }
            }
        }
        if all.len() == last {
            break;
        }
        first = last;
    }
    all
}

/// Percent-encodes a text like an HTML form.
fn form_encode(text: &str) -> String {
    percent_encode(text).replace("%20", "+").replace('~', "%7E").replace("%2A", "*")
}

/// Returns percent-encoded text with hexadecimal digits in lower case.
fn lower_hex(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push('%');
        match part.split_at_checked(2) {
            Some((digits, rest)) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                out.push_str(&digits.to_ascii_lowercase());
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

fn escape_json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// Escapes what is not ASCII, too.
fn escape_json_ascii(text: &str) -> String {
    escape_units(&escape_json(text), |character| !character.is_ascii())
}

/// Escapes what has a meaning in HTML, too.
fn escape_json_html(text: &str) -> String {
    escape_units(&escape_json(text), |character| matches!(character, '<' | '>' | '&' | '=' | '\''))
}

fn escape_units(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match is_escaped(character) {
            true => {
                let units = character.encode_utf16(&mut [0; 2]).to_vec();
                units.iter().for_each(|unit| _ = write!(out, "\\u{unit:04x}"));
            }
            false => out.push(character),
        }
    }
    out
}

fn escape_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
