//! Redaction of parameters.

use alicloud_wire::sensitive::{REDACTED, contains_sensitive_name, is_sensitive_name};
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

/// Returns the parameters of the operation, with values that may be secret replaced.
pub(super) fn redacted(params: &[(String, String)]) -> Map<String, Value> {
    params
        .iter()
        .filter(|(name, _)| !PROTOCOL_PARAMS.contains(&name.as_str()))
        .map(|(name, value)| {
            let is_secret = is_sensitive_name(name) || contains_sensitive_name(value);
            let value = if is_secret { REDACTED } else { value };
            (name.clone(), value.into())
        })
        .collect()
}
