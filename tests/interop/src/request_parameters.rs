//! The parameters of an operation in a request, without those of the protocol.

use std::collections::BTreeMap;

use alicloud_fake::RecordedRequest;

/// Parameters of the protocol, which are not compared: the service has verified them.
const PROTOCOL_PARAMETERS: [&str; 9] = [
    "AccessKeyId",
    "Action",
    "Format",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// Returns the parameters of the operation, from the query and from the form.
pub(crate) fn parameters(request: &RecordedRequest) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    for (name, value) in &request.params {
        if PROTOCOL_PARAMETERS.contains(&name.as_str()) {
            continue;
        }
        // A duplicate changes the value, so that it is reported as a difference.
        parameters
            .entry(name.clone())
            .and_modify(|first: &mut String| first.push_str(&format!(", duplicate {value}")))
            .or_insert_with(|| value.clone());
    }
    parameters
}
