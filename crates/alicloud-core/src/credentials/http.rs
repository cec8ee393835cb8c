//! HTTP requests of providers, with a time limit and errors without URLs.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};

use crate::error::{Error, ErrorData, one_line};
use crate::secret::Redactor;
use crate::time::{Clock, with_timeout};
use crate::transport::{Transport, TransportErrorKind, TransportOptions};

/// Time limits of one request.
#[derive(Clone, Copy)]
pub(super) struct Timeouts {
    pub(super) read: Duration,
    pub(super) total: Duration,
}

/// The user agent of requests to STS and to the services of a login.
pub(super) const USER_AGENT: &str = concat!("alicloud-core/", env!("CARGO_PKG_VERSION"));

/// Maximum size of a response, in bytes.
const MAX_RESPONSE_BYTES: usize = 1 << 20;

/// The error of a request without a response. Its message contains no URL.
#[derive(Debug)]
pub(super) struct HttpError {
    pub(super) kind: TransportErrorKind,
    pub(super) message: String,
}

/// Sends a request and returns the response.
///
/// The total time is limited here and not by the transport: a custom transport may hang.
pub(super) async fn send(
    transport: &dyn Transport,
    clock: &dyn Clock,
    request: Request<Bytes>,
    timeouts: Timeouts,
) -> Result<Response<Bytes>, HttpError> {
    let host = request.uri().authority().map(|authority| authority.host().to_owned());
    let host = host.unwrap_or_default();
    let options =
        TransportOptions { read_timeout: timeouts.read, max_response_bytes: MAX_RESPONSE_BYTES };
    match with_timeout(clock, timeouts.total, transport.send(request, options)).await {
        Some(Ok(response)) => Ok(response),
        Some(Err(error)) => {
            let kind = error.kind();
            let message =
                Error::new(ErrorData::transport(error, host, &Redactor::for_credentials()))
                    .to_string();
            Err(HttpError { kind, message })
        }
        None => Err(HttpError {
            kind: TransportErrorKind::ReadTimeout,
            message: format!("no response within {:?} ({host})", timeouts.total),
        }),
    }
}

/// Describes the body of a response that can contain credentials, without quoting it.
pub(super) fn describe_body(response: &Response<Bytes>, redactor: &Redactor) -> String {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.map_or("no content type".to_owned(), |value| {
        one_line(&redactor.redact(&String::from_utf8_lossy(value.as_bytes())), 100)
    });
    format!("({content_type}, {} bytes)", response.body().len())
}
