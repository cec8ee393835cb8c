//! Requests of providers: each with a limit of its own, and none with a URL in its error.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use crate::clock::{Clock, within};
use crate::error::{Error, ErrorKind};
use crate::transport::{Transport, TransportErrorKind, TransportOptions};

/// What is granted to one exchange.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) read_timeout: Duration,
    pub(super) total: Duration,
}

/// The largest response that can hold credentials.
const MAX_RESPONSE: usize = 1 << 20;

/// Why there is no response, in words without a URL.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: TransportErrorKind,
    pub(super) text: String,
}

/// Sends a request and waits for the response, as long as that may take.
///
/// The limit is kept here, too: a transport is a seam, and one that hangs must not hang a program.
pub(super) async fn send(
    transport: &dyn Transport,
    clock: &dyn Clock,
    request: Request<Bytes>,
    limits: Limits,
) -> Result<Response<Bytes>, Failure> {
    let host = request.uri().authority().map(|authority| authority.host().to_owned());
    let host = host.unwrap_or_default();
    let options = limits.narrow(TransportOptions::default());
    match within(clock, limits.total, transport.send(request, options)).await {
        Some(Ok(response)) => Ok(response),
        Some(Err(error)) => {
            let kind = error.kind();
            Err(Failure {
                kind,
                text: Error::new(ErrorKind::Transport { error, host }).to_string(),
            })
        }
        None => Err(Failure {
            kind: TransportErrorKind::ReadTimeout,
            text: format!("no response within {:?} ({host})", limits.total),
        }),
    }
}

impl Limits {
    fn narrow(self, mut options: TransportOptions) -> TransportOptions {
        options.read_timeout = self.read_timeout;
        options.max_response_bytes = MAX_RESPONSE;
        options
    }
}
