//! Validation of the headers that a user adds to a call.

use http::HeaderName;

/// A header that a user adds to a call; the name is in lower case.
pub(crate) type CallHeader = (String, String);

/// Sets a header: replaces one with the same name in any case.
pub(crate) fn set(headers: &mut Vec<CallHeader>, name: String, value: String) {
    let name = name.to_ascii_lowercase();
    headers.retain(|(known, _)| *known != name);
    headers.push((name, value));
}

/// Returns why a header cannot be sent. The text names the header and never its value, which can be a
/// secret.
pub(crate) fn check(name: &str, value: &str) -> Result<(), String> {
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(format!(
            "header {name:?}: the name is invalid; use letters, digits and `-`, such as x-trace-id"
        ));
    }
    if let Some(reason) = reserved_reason(name) {
        return Err(format!("header {name:?}: {reason}"));
    }
    // HTTP allows other characters, but services and proxies disagree about their encoding.
    if !value.chars().all(|character| character == '\t' || matches!(character, ' '..='~')) {
        return Err(format!(
            "header {name:?}: the value has a line break or another character that is not printable ASCII; percent-encode it"
        ));
    }
    Ok(())
}

/// Returns why a header cannot be set per call, and what to use instead; `None` if it can be.
fn reserved_reason(name: &str) -> Option<&'static str> {
    Some(match name {
        "authorization"
        | "date"
        | "x-acs-content-sha256"
        | "x-acs-date"
        | "x-acs-signature-method"
        | "x-acs-signature-nonce"
        | "x-acs-signature-version" => "is part of the signature, so only the client can set it",
        "x-acs-accesskey-id" | "x-acs-credentials-provider" | "x-acs-security-token" => {
            "belongs to the credentials; set them with ClientBuilder::credentials"
        }
        "x-acs-action" | "x-acs-version" => "is determined by the operation of the call",
        "x-acs-retry-attempts" | "x-acs-retry-delay" => {
            "describes the attempt, so only the client can set it"
        }
        "host" => "is determined by the endpoint; set it with ClientBuilder::endpoint",
        "accept" => "is determined by the format of the response; set it with Call::format",
        "user-agent" => "is set by the client; add a suffix with ClientBuilder::user_agent",
        "content-encoding" | "content-length" | "content-md5" | "content-type" => {
            "describes the body, so only the client can set it"
        }
        "accept-encoding"
        | "connection"
        | "expect"
        | "keep-alive"
        | "proxy-authorization"
        | "proxy-connection"
        | "te"
        | "trailer"
        | "transfer-encoding"
        | "upgrade" => "belongs to the connection, so only the transport can set it",
        _ => return None,
    })
}
