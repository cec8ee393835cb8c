//! The protocol of requests, written as simply as possible and without code of the project.

use std::collections::BTreeMap;

use alicloud_core::sign::roa::SigningInput;
use ring::{digest, hmac};
use serde_json::Value;

use crate::secrets::base64;

/// Returns the names and values that a JSON value is sent as.
pub fn flatten(name: &str, value: &Value) -> Vec<(String, String)> {
    let member = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    let text = match value {
        Value::Null => return Vec::new(),
        Value::Bool(boolean) => boolean.to_string(),
        Value::String(text) => text.clone(),
        Value::Number(number) => decimal(number),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            return items
                .flat_map(|(index, item)| flatten(&member(&(index + 1).to_string()), item))
                .collect();
        }
        Value::Object(members) => {
            return members.iter().flat_map(|(key, value)| flatten(&member(key), value)).collect();
        }
    };
    vec![(name.to_owned(), text)]
}

/// Returns the digits of a number without an exponent.
fn decimal(number: &serde_json::Number) -> String {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(number), _, _) => number.to_string(),
        (_, Some(number), _) => number.to_string(),
        (_, _, Some(float)) => {
            let text = format!("{float}");
            assert!(!text.contains(['e', 'E']), "{text} has an exponent");
            assert_eq!(text.parse::<f64>(), Ok(float), "{text} is another number");
            text
        }
        _ => unreachable!("a JSON number is one of these"),
    }
}

/// Percent-encodes all bytes but the unreserved ones of RFC 3986.
pub fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into())
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// Returns the pairs in the order of their names, those of one name in the given order.
fn by_name<'a>(pairs: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut names: BTreeMap<&[u8], Vec<(&str, &str)>> = BTreeMap::new();
    for pair in pairs {
        names.entry(pair.0.as_bytes()).or_default().push(*pair);
    }
    names.into_values().flatten().collect()
}

pub fn query(pairs: &[(&str, &str)]) -> String {
    let pairs = by_name(pairs);
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Returns the canonical request of ACS3 and the names of its signed headers.
pub fn canonical_request(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(&str, &str)],
    payload_hash: &str,
) -> (String, String) {
    let mut signed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if name == "host" || name == "content-type" || name.starts_with("x-acs-") {
            signed
                .entry(name)
                .or_default()
                .push(value.trim_matches([' ', '\t', '\n', '\r', '\x0c']));
        }
    }
    let mut lines = String::new();
    for (name, values) in &mut signed {
        values.sort();
        lines += &format!("{name}:{}\n", values.join(","));
    }
    let names = signed.into_keys().collect::<Vec<_>>().join(";");
    let path = if path.is_empty() { "/" } else { path };
    (format!("{method}\n{path}\n{query}\n{lines}\n{names}\n{payload_hash}"), names)
}

pub fn roa_string_to_sign(input: &SigningInput<'_>) -> String {
    let mut headers: Vec<(String, &str)> =
        input.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), *value)).collect();
    headers.retain(|(name, _)| name.starts_with("x-acs-"));
    headers.sort();
    let SigningInput { method, accept, content_md5, content_type, date, path, .. } = input;
    let mut out = format!("{method}\n{accept}\n{content_md5}\n{content_type}\n{date}\n");
    for (name, value) in headers {
        out += &format!("{name}:{}\n", value.trim().replace(['\t', '\n', '\r', '\x0c'], " "));
    }
    let pairs: Vec<String> =
        by_name(input.query).iter().map(|(name, value)| format!("{name}={value}")).collect();
    match pairs.is_empty() {
        true => out + path,
        false => format!("{out}{path}?{}", pairs.join("&")),
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

pub fn hmac_sha256(key: &str, message: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hex(hmac::sign(&key, message.as_bytes()).as_ref())
}

pub fn hmac_sha1(key: &str, message: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
    base64(hmac::sign(&key, message.as_bytes()).as_ref(), b"+/", true)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
