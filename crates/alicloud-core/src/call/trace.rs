//! Tracing: one span per call and one event per attempt.
//!
//! Everything has the level DEBUG. Field names follow OpenTelemetry where it defines them. The host, the
//! operation, codes, ids, counts and durations are recorded; URLs, queries, header values and bodies never
//! are.
//!
//! Without the feature `tracing` these functions do nothing.

use std::future::Future;
use std::time::Duration;

use crate::call::response::DecodedResponse;
use crate::error::Error;
use crate::product::Operation;

/// Runs a call inside its span.
#[cfg(feature = "tracing")]
pub(crate) async fn in_span<T>(operation: &Operation, call: impl Future<Output = T>) -> T {
    use tracing::Instrument as _;
    let span = tracing::debug_span!(
        "alicloud.call",
        rpc.system = "alicloud",
        rpc.service = operation.product().code(),
        rpc.method = operation.name(),
        alicloud.version = operation.product().version(),
    );
    call.instrument(span).await
}

#[cfg(not(feature = "tracing"))]
pub(crate) async fn in_span<T>(operation: &Operation, call: impl Future<Output = T>) -> T {
    let _ = operation;
    call.await
}

/// Records a successful attempt.
#[cfg(feature = "tracing")]
pub(crate) fn attempt_succeeded(host: &str, response: &DecodedResponse, duration: Duration) {
    tracing::debug!(
        server.address = host,
        http.response.status_code = response.response.status().as_u16(),
        http.response.body.size = response.response.body().len(),
        alicloud.attempt = response.attempts,
        alicloud.request_id = response.request_id(),
        alicloud.duration_ms = millis(duration),
        "attempt succeeded"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt_succeeded(host: &str, response: &DecodedResponse, duration: Duration) {
    let _ = (host, response, duration);
}

/// Records a failed attempt, with the delay before the retry if there is one.
#[cfg(feature = "tracing")]
pub(crate) fn attempt_failed(
    host: &str,
    error: &Error,
    attempt: u32,
    retry_delay: Option<Duration>,
    duration: Duration,
) {
    tracing::debug!(
        server.address = host,
        http.response.status_code = error.status().map(|status| status.as_u16()),
        error.type = error.code().unwrap_or("transport"),
        alicloud.outcome = ?error.outcome(),
        alicloud.attempt = attempt,
        alicloud.request_id = error.request_id(),
        alicloud.retry_delay_ms = retry_delay.map(millis),
        alicloud.duration_ms = millis(duration),
        "attempt failed"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt_failed(
    host: &str,
    error: &Error,
    attempt: u32,
    retry_delay: Option<Duration>,
    duration: Duration,
) {
    let _ = (host, error, attempt, retry_delay, duration);
}

#[cfg(feature = "tracing")]
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
