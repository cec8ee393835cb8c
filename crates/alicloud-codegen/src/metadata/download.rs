//! Downloads one document.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::header::LOCATION;
use ureq::http::{HeaderValue, StatusCode};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error};

use crate::diagnostics::CommandError;

/// Maximum size of a response in bytes. The largest published description has 5 MB.
const MAX_BYTES: u64 = 64 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum wait for the start of a response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);
const CHECK_ADDRESS: &str = "check the address of the metadata service";
const RETRY: &str = "try again later";
const CHECK_ADDRESS_OR_RETRY: &str =
    "check the address of the metadata service, or try again later";
const TOTAL_TIMEOUT: Duration = Duration::from_secs(120);

/// The error of a download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// Whether the service responded that it has no such document.
    pub is_missing: bool,
    /// The message.
    pub error: CommandError,
}

impl From<FetchError> for CommandError {
    fn from(error: FetchError) -> Self {
        error.error
    }
}

pub(super) fn download(url: &str) -> Result<Vec<u8>, FetchError> {
    let fail = |why: &dyn std::fmt::Display, remedy: &str| FetchError {
        is_missing: false,
        error: CommandError::new(format!("error: {url}: {why}; {remedy} (no file was changed)")),
    };
    // The process has no default provider.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let agent: Agent = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        // A redirect is reported as an error below: its target can be on another host.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(RESPONSE_TIMEOUT))
        .timeout_global(Some(TOTAL_TIMEOUT))
        .build()
        .into();
    let too_large =
        || fail(&format!("the response is larger than {MAX_BYTES} bytes"), CHECK_ADDRESS);
    let mut response =
        agent.get(url).call().map_err(|error| fail(&describe(&error), CHECK_ADDRESS_OR_RETRY))?;
    if response.status() != StatusCode::OK {
        let status = response.status();
        let error = if status.is_redirection() {
            let target = response.headers().get(LOCATION).map(HeaderValue::as_bytes);
            let target: String =
                String::from_utf8_lossy(target.unwrap_or_default()).chars().take(200).collect();
            fail(&format!("HTTP {status} to {target:?}, redirects are not followed"), CHECK_ADDRESS)
        } else if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            fail(&format!("HTTP {status}"), RETRY)
        } else {
            fail(&format!("HTTP {status}"), CHECK_ADDRESS)
        };
        return Err(FetchError { is_missing: status == StatusCode::NOT_FOUND, ..error });
    }
    if response.body().content_length().is_some_and(|length| length > MAX_BYTES) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    response
        .body_mut()
        .as_reader()
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| fail(&format!("the response is incomplete: {error}"), RETRY))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes).trim_ascii_start();
    if !text.starts_with(b"{") && !text.starts_with(b"[") {
        let start = String::from_utf8_lossy(text.get(..40).unwrap_or(text));
        return Err(fail(
            &format!("the response is not JSON, it starts with {start:?}"),
            CHECK_ADDRESS,
        ));
    }
    Ok(bytes)
}

fn describe(error: &Error) -> String {
    match error {
        Error::Timeout(phase) => format!("timed out ({phase})"),
        other => other.to_string(),
    }
}
