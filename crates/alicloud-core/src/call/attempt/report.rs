//! Reports of attempts, to the rate limiter, the trace and the interceptors.

use std::time::Duration;

use super::prepare::PreparedCall;
use crate::call::response::DecodedResponse;
use crate::call::trace;
use crate::error::Error;
use crate::extension::{AttemptReport, AttemptSuccess};
use crate::policy::limit::{AttemptResult, RateLimitRequest, RateLimiter};

pub(super) fn observed(
    limiter: &dyn RateLimiter,
    request: &RateLimitRequest<'_>,
    error: Option<&Error>,
) {
    let result = match error {
        None => AttemptResult::Succeeded,
        Some(error) if error.is_throttling() => AttemptResult::Throttled,
        Some(_) => AttemptResult::Failed,
    };
    limiter.observe(request, result, error.and_then(Error::retry_after));
}

pub(super) fn succeeded(call: &PreparedCall<'_>, response: &DecodedResponse, duration: Duration) {
    trace::attempt_succeeded(call.request.host(), response, duration);
    let success = || AttemptSuccess {
        status: response.response.status(),
        request_id: response.request_id(),
        body_bytes: response.response.body().len(),
    };
    call.context.client.shared().extensions.report(|| AttemptReport {
        operation: &call.context.operation,
        host: call.request.host(),
        attempt: response.attempts,
        duration,
        result: Ok(success()),
        retry_delay: None,
    });
}

pub(super) fn failed(
    call: &PreparedCall<'_>,
    error: &Error,
    attempt: u32,
    retry_delay: Option<Duration>,
    duration: Duration,
) {
    trace::attempt_failed(call.request.host(), error, attempt, retry_delay, duration);
    call.context.client.shared().extensions.report(|| AttemptReport {
        operation: &call.context.operation,
        host: call.request.host(),
        attempt,
        duration,
        result: Err(error.clone().with_call(call.context.operation.clone(), attempt)),
        retry_delay,
    });
}
