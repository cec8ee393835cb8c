//! Downloads one document.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::StatusCode;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error};

use crate::diagnostics::CommandError;

/// Maximum size of a response in bytes. The largest published description has 5 MB.
const MAX_BYTES: u64 = 64 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum wait for the start of a response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);
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
    let fail = |why: &dyn std::fmt::Display| FetchError {
        is_missing: false,
        error: CommandError::new(format!("error: {url}: {why}; no file was changed")),
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
    let too_large = || fail(&format!("the response is larger than {MAX_BYTES} bytes"));
    let mut response = agent.get(url).call().map_err(|error| fail(&describe(&error)))?;
    if response.status() != StatusCode::OK {
        let why = match response.status() {
            status if status.is_redirection() => {
                format!("HTTP {status}, redirects are not followed")
            }
            status => format!("HTTP {status}"),
        };
        let is_missing = response.status() == StatusCode::NOT_FOUND;
        return Err(FetchError { is_missing, ..fail(&why) });
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
        .map_err(|error| fail(&format!("the response is incomplete: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

fn describe(error: &Error) -> String {
    match error {
        Error::Timeout(phase) => format!("timed out ({phase})"),
        other => other.to_string(),
    }
}
