//! Which parameters may be written to a file.

use serde_json::{Map, Value};

/// What every request has; other fields of the record tell of it what is no secret.
const PROTOCOL: [&str; 11] = [
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

/// Parts of the names under which products take secrets, in lower case.
const TELLING: [&str; 14] = [
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

/// What stands in place of a secret, so that one sees that it was there.
const WITHHELD: &str = "(withheld)";

/// The parameters of the operation, without the values of those that may be secret.
pub(super) fn shown(parameters: &[(String, String)]) -> Map<String, Value> {
    parameters
        .iter()
        .filter(|(name, _)| !PROTOCOL.contains(&name.as_str()))
        .map(|(name, value)| {
            let is_secret = is_telling(name) || holds_secrets(value);
            let shown = if is_secret { WITHHELD } else { value };
            (name.clone(), shown.into())
        })
        .collect()
}

/// The name of a tag is a `Key` too, as in `Tag.1.Key`, and no secret.
fn is_telling(name: &str) -> bool {
    name.split('.').filter(|part| *part != "Key").any(|part| {
        let part: String =
            part.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        TELLING.iter().any(|telling| part.contains(telling))
    })
}

/// Whether it is a document with such a name in it.
fn holds_secrets(text: &str) -> bool {
    // Anything else is not worth a parser. What only looks like a document is not trusted.
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str(text)
            .map_or_else(|_| is_telling(text), |document| has_telling_name(&document))
}

fn has_telling_name(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| is_telling(name) || has_telling_name(value))
        }
        Value::Array(items) => items.iter().any(has_telling_name),
        Value::String(text) => holds_secrets(text),
        _ => false,
    }
}
