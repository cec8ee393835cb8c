//! Redaction of parameters.

use serde_json::{Map, Value};

/// Parameters of the protocol. They are omitted; the other fields of an entry contain those that
/// are not secret.
const PROTOCOL_PARAMS: [&str; 11] = [
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// Parts of the names of secret parameters in various products, in lower case.
const SECRET_NAME_PARTS: [&str; 14] = [
    "accesskey",
    "authorization",
    "cookie",
    "credential",
    "key",
    "passphrase",
    "passwd",
    "password",
    "plaintext",
    "pwd",
    "secret",
    "signature",
    "token",
    "userdata",
];

/// Replaces a secret value.
const REDACTED: &str = "<redacted>";

/// Returns the parameters of the operation, with values that may be secret replaced.
pub(super) fn redacted(params: &[(String, String)]) -> Map<String, Value> {
    params
        .iter()
        .filter(|(name, _)| !PROTOCOL_PARAMS.contains(&name.as_str()))
        .map(|(name, value)| {
            let is_secret = is_secret_name(name) || contains_secret_name(value);
            let value = if is_secret { REDACTED } else { value };
            (name.clone(), value.into())
        })
        .collect()
}

/// Returns whether a name suggests a secret. The name of a tag, such as `Tag.1.Key`, does not.
fn is_secret_name(name: &str) -> bool {
    name.split('.').filter(|part| *part != "Key").any(|part| {
        let part: String =
            part.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        SECRET_NAME_PARTS.iter().any(|secret| part.contains(secret))
    })
}

/// Returns whether the text is JSON that contains a name of a secret.
fn contains_secret_name(text: &str) -> bool {
    // Text that starts like JSON but is invalid is checked as a whole.
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str(text)
            .map_or_else(|_| is_secret_name(text), |document| has_secret_field(&document))
}

fn has_secret_field(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| is_secret_name(name) || has_secret_field(value))
        }
        Value::Array(items) => items.iter().any(has_secret_field),
        Value::String(text) => contains_secret_name(text),
        _ => false,
    }
}
