//! Secrets that an input chooses, the ways to echo them, and the search for them.

use std::borrow::Cow;

use crate::runtime::Choices;

/// The start of every secret. No message of ours and no word of a protocol contains it.
const START: &str = "Zq9";

/// Returns a secret of at least 12 characters that occur in real ones.
pub fn secret(choices: &mut Choices<'_>) -> String {
    const ALPHABET: &[u8] = b"ABCXYZabcxyz0123456789+/=._-~%&<\"";
    let length = 9 + usize::from(choices.byte()) % 32;
    let mut bytes = choices.bytes(length).to_vec();
    bytes.resize(length, 0);
    let character = |byte: u8| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]);
    START.chars().chain(bytes.into_iter().map(character)).collect()
}

/// Replaces the bytes 0x80 to 0x9F of a text with encoded secrets. The lower four bits select the encoding, the
/// next one the secret.
pub fn fill(text: &[u8], secrets: &[String; 2]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            0x80..=0x9f => {
                let secret = &secrets[usize::from(byte >> 4 & 1)];
                out.extend_from_slice(encoded(secret, byte & 15).as_bytes());
            }
            _ => out.push(*byte),
        }
    }
    out
}

fn encoded(secret: &str, encoding: u8) -> String {
    let each = |format: &dyn Fn(u8) -> String, is_kept: fn(u8) -> bool| {
        let mut out = String::new();
        for byte in secret.bytes() {
            if is_kept(byte) { out.push(byte.into()) } else { out += &format(byte) }
        }
        out
    };
    let alphanumeric = |byte: u8| byte.is_ascii_alphanumeric();
    let percent = |byte: u8| format!("%{byte:02X}");
    match encoding {
        1 => each(&percent, alphanumeric),
        2 => each(&|byte| format!("%{byte:02x}"), alphanumeric),
        3 => each(&percent, alphanumeric).replace('%', "%25"),
        4 => each(&|byte| format!("\\u{byte:04x}"), alphanumeric),
        5 => each(&|byte| format!("\\u{byte:04X}"), |_| false),
        6 => secret.replace('\\', "\\\\").replace('/', "\\/").replace('"', "\\\""),
        7 => each(&|byte| format!("&#x{byte:X};"), alphanumeric),
        8 => each(&|byte| format!("&#{byte};"), |_| false),
        9 => secret.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
        10 => base64(secret.as_bytes(), b"+/", true),
        11 => base64(secret.as_bytes(), b"-_", false),
        12 => each(&percent, |_| false),
        // Two of the above on top of each other.
        13 => each(&|byte| format!("\\u0025{byte:02X}"), alphanumeric),
        14 => each(&|byte| format!("&#37;{byte:02X}"), alphanumeric),
        15 => each(&|byte| format!("\\u0026#x{byte:x};"), alphanumeric),
        _ => secret.to_owned(),
    }
}

pub fn base64(bytes: &[u8], last: &[u8; 2], is_padded: bool) -> String {
    let digit = |value: u32| match value & 63 {
        value @ 0..26 => b'A' + value as u8,
        value @ 26..52 => b'a' + value as u8 - 26,
        value @ 52..62 => b'0' + value as u8 - 52,
        value => last[value as usize - 62],
    };
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4_u32 {
            match index as usize <= chunk.len() {
                true => out.push(digit(bits >> (18 - 6 * index)).into()),
                false if is_padded => out.push('='),
                false => {}
            }
        }
    }
    out
}

/// Fails if a person who reads and decodes the text finds a secret.
pub fn assert_hidden(shown: &str, secrets: &[String; 2]) {
    for secret in secrets {
        assert!(!reveals(shown, secret, 3), "{secret:?} is in {shown:?}");
        for last in [b"+/", b"-_"] {
            let encoded = base64(secret.as_bytes(), last, false);
            assert!(!shown.contains(&encoded), "{secret:?} in base64 is in {shown:?}");
        }
    }
}

fn reveals(text: &str, secret: &str, levels: u8) -> bool {
    text.contains(secret)
        || (levels > 0
            && [unescape_percent, unescape_json, unescape_xml].iter().any(
                |unescape| match unescape(text) {
                    Cow::Owned(decoded) => reveals(&decoded, secret, levels - 1),
                    Cow::Borrowed(_) => false,
                },
            ))
}

/// Replaces escape sequences; `read` returns the character of one and the length of the sequence.
fn unescape<'a>(
    text: &'a str,
    mark: char,
    read: impl Fn(&str) -> Option<(u32, usize)>,
) -> Cow<'a, str> {
    let mut out = String::new();
    let mut rest = text;
    let mut is_changed = false;
    while let Some(position) = rest.find(mark) {
        let (before, escape) = rest.split_at(position);
        out += before;
        let read = read(escape).and_then(|(code, length)| Some((char::from_u32(code)?, length)));
        match read {
            Some((character, length)) => {
                out.push(character);
                is_changed = true;
                rest = &escape[length..];
            }
            None => {
                out.push(mark);
                rest = &escape[mark.len_utf8()..];
            }
        }
    }
    out += rest;
    if is_changed { Cow::Owned(out) } else { Cow::Borrowed(text) }
}

fn hex(digits: Option<&str>) -> Option<u32> {
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok())
}

/// Every byte becomes a character of its own, which is enough to find a secret in ASCII.
fn unescape_percent(text: &str) -> Cow<'_, str> {
    unescape(text, '%', |escape| Some((hex(escape.get(1..3))?, 3)))
}

fn unescape_json(text: &str) -> Cow<'_, str> {
    unescape(text, '\\', |escape| match escape.as_bytes().get(1)? {
        b'u' => Some((hex(escape.get(2..6))?, 6)),
        literal @ (b'/' | b'"' | b'\\') => Some((u32::from(*literal), 2)),
        _ => None,
    })
}

fn unescape_xml(text: &str) -> Cow<'_, str> {
    unescape(text, '&', |escape| {
        let end = escape.bytes().take(12).position(|byte| byte == b';')?;
        let name = escape.get(1..end)?;
        let code = match name {
            "amp" => u32::from('&'),
            "lt" => u32::from('<'),
            "gt" => u32::from('>'),
            "quot" => u32::from('"'),
            "apos" => u32::from('\''),
            _ => match name.strip_prefix("#x") {
                Some(digits) => hex(Some(digits))?,
                None => name.strip_prefix('#')?.parse().ok()?,
            },
        };
        Some((code, end + 1))
    })
}
