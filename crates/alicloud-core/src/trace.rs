//! What a call tells `tracing`: a span a call, an event an attempt.
//!
//! All of it is at the level DEBUG, so a program that asks for nothing hears nothing. Names are those of
//! OpenTelemetry where it has some. No URL, no query, no header value and no body is ever recorded; the
//! host, the operation, codes, ids, counts and times are.
//!
//! Without the feature `tracing` these functions are empty.

use std::future::Future;
use std::time::Duration;

use crate::error::Error;
use crate::operation::Called;
use crate::response::RawResponse;

/// Carries out a call inside its span.
#[cfg(feature = "tracing")]
pub(crate) async fn in_span<T>(operation: &Called, call: impl Future<Output = T>) -> T {
    use tracing::Instrument as _;
    let span = tracing::debug_span!(
        "alicloud.call",
        rpc.system = "alicloud",
        rpc.service = operation.product_code(),
        rpc.method = operation.name(),
        alicloud.version = operation.version(),
    );
    call.instrument(span).await
}

#[cfg(not(feature = "tracing"))]
pub(crate) async fn in_span<T>(operation: &Called, call: impl Future<Output = T>) -> T {
    let _ = operation;
    call.await
}

/// Says that an attempt brought a response.
#[cfg(feature = "tracing")]
pub(crate) fn answered(host: &str, response: &RawResponse, took: Duration) {
    tracing::debug!(
        server.address = host,
        http.response.status_code = response.response.status().as_u16(),
        http.response.body.size = response.response.body().len(),
        alicloud.attempt = response.attempts,
        alicloud.request_id = crate::error::request_id(response.response.headers()),
        alicloud.duration_ms = millis(took),
        "attempt answered"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn answered(host: &str, response: &RawResponse, took: Duration) {
    let _ = (host, response, took);
}

/// Says that an attempt failed, and after which wait there will be another one.
#[cfg(feature = "tracing")]
pub(crate) fn failed(
    host: &str,
    error: &Error,
    attempt: u32,
    wait: Option<Duration>,
    took: Duration,
) {
    tracing::debug!(
        server.address = host,
        http.response.status_code = error.status().map(|status| status.as_u16()),
        error.type = error.code().unwrap_or("transport"),
        alicloud.outcome = ?error.outcome(),
        alicloud.attempt = attempt,
        alicloud.request_id = error.request_id(),
        alicloud.wait_ms = wait.map(millis),
        alicloud.duration_ms = millis(took),
        "attempt failed"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn failed(
    host: &str,
    error: &Error,
    attempt: u32,
    wait: Option<Duration>,
    took: Duration,
) {
    let _ = (host, error, attempt, wait, took);
}

#[cfg(feature = "tracing")]
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
