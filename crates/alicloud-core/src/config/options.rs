//! The options of a client that a call can override.

use std::time::Duration;

use crate::policy::retry::RetryPolicy;
use crate::request::Format;
use crate::sign::SignatureVersion;

/// Options of a client that a call can override.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallOptions {
    pub(crate) signature: SignatureVersion,
    pub(crate) format: Format,
    /// Limits the whole call.
    pub(crate) timeout: Duration,
    /// Limits one attempt.
    pub(crate) attempt_timeout: Option<Duration>,
    /// Limits each wait for more bytes within an attempt.
    pub(crate) read_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) retry: RetryPolicy,
    /// Whether to sign the service's time if the local clock is wrong.
    pub(crate) clock_skew_correction: bool,
    /// Whether to name the provider of the credentials in a header.
    pub(crate) send_credentials_provider: bool,
}

impl Default for CallOptions {
    fn default() -> Self {
        CallOptions {
            signature: SignatureVersion::default(),
            format: Format::default(),
            timeout: Duration::from_secs(60),
            attempt_timeout: None,
            read_timeout: Duration::from_secs(10),
            max_response_bytes: 16 << 20,
            retry: RetryPolicy::new(),
            clock_skew_correction: true,
            send_credentials_provider: true,
        }
    }
}
