//! The execution of a call: prepare once, then sign, send and classify each attempt.
//!
//! This code does not depend on the types of the request and the response, so it is compiled once.

mod deadline;
mod prepare;
mod preview;
mod report;
mod sign;

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use self::deadline::Deadline;
use self::prepare::{PreparedCall, prepare};
pub(crate) use self::preview::preview;
use self::sign::{sign_with_shown, signing_context};
use crate::call::input::{CallContext, CallInput};
use crate::call::metrics::CallMetrics;
use crate::call::response::{DecodedResponse, DecodedValue, UndecodedResponse};
use crate::call::sent_request::SentRequest;
use crate::call::trace;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorData, ErrorResponse, NoRetryReason, Outcome};
use crate::extension::RetryAction;
use crate::future::BoxFuture;
use crate::policy::limit::{RateLimitPermit, RateLimitRequest};
use crate::policy::retry::{self, Retryability};
use crate::policy::skew::AttemptTiming;
use crate::request::RetryInfo;
use crate::time::with_timeout;
use crate::transport::{TransportError, TransportErrorKind, TransportOptions};

/// Executes a call.
pub(crate) async fn run(input: Box<CallInput>) -> Result<DecodedResponse, Error> {
    let CallInput { context, parts, headers } = *input;
    let mut state = AttemptState { metrics: CallMetrics::start(&context), ..Default::default() };
    let result = {
        // Pinned, because moving it would copy the state of all attempts.
        let attempts = pin!(async {
            let call = prepare(&context, parts, headers)?;
            run_attempts(&call, &mut state).await
        });
        trace::in_span(&context.operation, attempts).await
    };
    state.metrics.call_finished(result.as_ref().err());
    result.map_err(|error| {
        let error = error.with_call(context.operation, state.attempts);
        error.with_history(state.worst_outcome, state.no_retry_reason)
    })
}

/// The state of a call across its attempts.
#[derive(Default)]
struct AttemptState {
    /// The number of attempts.
    attempts: u32,
    /// The number of attempts that only corrected a wrong time or stale credentials.
    corrections: u32,
    /// The worst outcome of the finished attempts.
    worst_outcome: Option<Outcome>,
    /// The error of the last finished attempt.
    last_error: Option<Error>,
    /// Why a retryable error was not retried.
    no_retry_reason: Option<NoRetryReason>,
    /// The metrics of the call.
    metrics: CallMetrics,
}

/// An attempt that failed.
struct FailedAttempt {
    error: Error,
    nonce: String,
    correction: Option<Correction>,
}

/// What can be corrected in a request that was rejected for its signature.
enum Correction {
    /// The time: a new clock skew was measured.
    Clock,
    /// The credentials, if the provider now returns others than those of this request.
    Credentials(Box<SentRequest>),
}

/// What to do after a failed attempt.
enum NextStep {
    GiveUp,
    /// Sign again with the correction and send immediately.
    Correct,
    RetryAfter(Duration),
}

async fn run_attempts(
    call: &PreparedCall<'_>,
    state: &mut AttemptState,
) -> Result<DecodedResponse, Error> {
    let context = call.context;
    let shared = context.client.shared();
    let mut deadline = Deadline::new(&shared.clock, context.options.timeout);
    let mut delay = Duration::ZERO;
    let mut correction = None;
    loop {
        let credentials = load_credentials(context, state, &mut deadline).await?;
        if let Some(Correction::Credentials(sent)) = correction.take()
            && sent.is_signed_with(credentials.as_ref())
            && let Some(error) = state.last_error.take()
        {
            return Err(error);
        }
        let account = shared.limit_scope(credentials.as_ref());
        let rate_limit = RateLimitRequest::new(&account, &context.operation, &shared.clock);
        if !state.has_permit(context)
            && deadline.run(shared.rate_limiter.acquire(rate_limit)).await.is_none()
        {
            return Err(state.deadline_error(&deadline, false));
        }
        let start = shared.clock.elapsed();
        let result = attempt(call, credentials, state, delay, &mut deadline).await;
        let duration = shared.clock.elapsed().saturating_sub(start);
        let error = result.as_ref().err().map(|failed| &failed.error);
        state.metrics.attempt_finished(error);
        report::observed(&*shared.rate_limiter, &rate_limit, error);
        let failed = match result {
            Ok(response) => {
                report::succeeded(call, &response, duration);
                shared.retry_budget.record_success();
                return Ok(response);
            }
            Err(failed) => failed,
        };
        let next_step = state.next_step(call, &failed, &deadline);
        let retry_delay = match next_step {
            NextStep::GiveUp => None,
            NextStep::Correct => Some(Duration::ZERO),
            NextStep::RetryAfter(delay) => Some(delay),
        };
        report::failed(call, &failed.error, state.attempts, retry_delay, duration);
        delay = match next_step {
            NextStep::GiveUp => return Err(failed.error),
            NextStep::Correct => {
                correction = failed.correction;
                Duration::ZERO
            }
            NextStep::RetryAfter(delay) => delay,
        };
        state.worst_outcome = Some(failed.error.outcome().worst(state.worst_outcome));
        state.last_error = Some(failed.error);
        if !delay.is_zero() && deadline.run(shared.clock.sleep(delay)).await.is_none() {
            return Err(state.deadline_error(&deadline, false));
        }
    }
}

impl AttemptState {
    fn next_step(
        &mut self,
        call: &PreparedCall<'_>,
        failed: &FailedAttempt,
        deadline: &Deadline,
    ) -> NextStep {
        let policy = &call.context.options.retry;
        if failed.correction.is_some() && policy.allows_retries() && self.corrections == 0 {
            self.corrections += 1;
            return NextStep::Correct;
        }
        let counted_attempts = self.attempts - self.corrections;
        let action = match deadline.allows(Duration::ZERO) {
            true => call.context.client.shared().extensions.classify(|| {
                failed.error.clone().with_call(call.context.operation.clone(), self.attempts)
            }),
            false => RetryAction::Default,
        };
        let is_retryable = match (action, failed.error.retryability()) {
            (RetryAction::Retry, _) | (RetryAction::Default, Retryability::Always) => true,
            (RetryAction::GiveUp, _) | (RetryAction::Default, Retryability::Never) => false,
            (RetryAction::Default, Retryability::IfIdempotent) => call.is_idempotent,
        };
        if !is_retryable || !policy.allows_attempt_after(counted_attempts) {
            return NextStep::GiveUp;
        }
        let (throttled, retry_after) = (failed.error.is_throttling(), failed.error.retry_after());
        let seed = retry::seed(&failed.nonce, counted_attempts);
        let delay = policy.delay(counted_attempts, throttled, retry_after, seed);
        if !deadline.allows(delay) {
            let timeout = deadline.timeout();
            self.no_retry_reason = Some(NoRetryReason::DelayExceedsTimeout { delay, timeout });
            return NextStep::GiveUp;
        }
        if !call.context.client.shared().retry_budget.try_spend() {
            self.no_retry_reason = Some(NoRetryReason::BudgetExhausted);
            return NextStep::GiveUp;
        }
        NextStep::RetryAfter(delay)
    }

    /// Returns whether the rate limiter has permitted the next attempt already.
    fn has_permit(&self, context: &CallContext) -> bool {
        let now = || context.client.shared().clock.elapsed();
        let permits = |permit: &RateLimitPermit| permit.permits(&context.operation, now());
        self.attempts == 0 && context.permit.as_ref().is_some_and(permits)
    }

    /// Returns the error of a call whose timeout expired.
    fn deadline_error(&mut self, deadline: &Deadline, sent: bool) -> Error {
        let previous_error = self.last_error.take();
        Error::new(ErrorData::Deadline { timeout: deadline.timeout(), sent, previous_error })
    }
}

/// Makes one attempt, with its own time, nonce and signature.
async fn attempt(
    call: &PreparedCall<'_>,
    credentials: Option<Credentials>,
    state: &mut AttemptState,
    delay: Duration,
    deadline: &mut Deadline,
) -> Result<DecodedResponse, FailedAttempt> {
    let PreparedCall { context, request: prepared, .. } = call;
    let shared = context.client.shared();
    let sent_at = shared.clock.now();
    let time = context.signed_time(prepared.host(), sent_at);
    let retry_info =
        (state.attempts > 0).then_some(RetryInfo { previous_attempts: state.attempts, delay });
    let signed = signing_context(context, credentials.as_ref(), time, retry_info)
        .and_then(|signing| Ok((sign_with_shown(prepared, &signing)?, signing.nonce)));
    let (signed, nonce) = match signed {
        Ok(signed) => signed,
        Err(error) => {
            return Err(FailedAttempt { error, nonce: String::new(), correction: None });
        }
    };
    let (request, sent) = SentRequest::split(prepared, signed, credentials);
    state.attempts += 1;
    state.metrics.attempt_started(state.attempts);
    let start = shared.clock.elapsed();
    let failed = |error, nonce| Err(FailedAttempt { error, nonce, correction: None });
    let response = match deadline.run(exchange(context, request)).await {
        Some(Ok(response)) => response,
        Some(Err(error)) => {
            let host = prepared.host().to_owned();
            return failed(Error::new(ErrorData::transport(error, host, &sent.redactor())), nonce);
        }
        None => return failed(state.deadline_error(deadline, true), nonce),
    };
    if response.status().is_success() && !context.reports_error(&response) {
        let Some(decoded) = decode(context, &response, deadline).await else {
            return failed(state.deadline_error(deadline, true), nonce);
        };
        return match decoded {
            Ok(decoded) => {
                Ok(DecodedResponse { response, decoded, sent, attempts: state.attempts })
            }
            Err(reason) => {
                let redactor = sent.redactor();
                let reason = redactor.redact(&reason);
                let (head, body) = response.into_parts();
                let response =
                    ErrorResponse::read(head.status, &head.headers, &body, &redactor, None);
                failed(Error::new(ErrorData::Decode { response, reason }), nonce)
            }
        };
    }
    let duration = shared.clock.elapsed().saturating_sub(start);
    let timing = AttemptTiming { sent_at, signed_time: time, duration };
    Err(classify_error_response(call, response, sent, nonce, timing))
}

/// Sends a signed request and reads the whole response.
///
/// Returns a boxed future, because an `async fn` would enlarge the future of every call.
fn exchange(
    context: &CallContext,
    request: Request<Bytes>,
) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
    let shared = context.client.shared();
    let options = TransportOptions {
        read_timeout: context.options.read_timeout,
        max_response_bytes: context.options.max_response_bytes,
    };
    let response = shared.transport.send(request, options);
    let Some(limit) = context.options.attempt_timeout else { return response };
    let timeout = || Err(TransportError::new(TransportErrorKind::AttemptTimeout));
    Box::pin(
        async move { with_timeout(&shared.clock, limit, response).await.unwrap_or_else(timeout) },
    )
}

/// Decodes a response; returns `None` if the deadline expires first.
async fn decode(
    context: &CallContext,
    response: &Response<Bytes>,
    deadline: &mut Deadline,
) -> Option<Result<DecodedValue, String>> {
    let undecoded = UndecodedResponse::new(&context.operation, context.options.format, response);
    if undecoded.is_large() {
        return deadline.run(undecoded.decode_on_thread(context.response_type)).await;
    }
    Some(undecoded.decode_in_place(context.response_type))
}

/// Converts an error response to an error, and finds out what a retry can correct.
fn classify_error_response(
    call: &PreparedCall<'_>,
    response: Response<Bytes>,
    sent: SentRequest,
    nonce: String,
    timing: AttemptTiming,
) -> FailedAttempt {
    let (head, body) = response.into_parts();
    let redactor = sent.redactor();
    let signed = sent.signed_texts();
    let response =
        ErrorResponse::read(head.status, &head.headers, &body, &redactor, signed.as_ref())
            .received_at(timing.signed_time.checked_add(timing.duration));
    let error = Error::new(ErrorData::Response(response));
    let PreparedCall { context, request: prepared, .. } = call;
    let skew = &context.client.shared().skew;
    let skew_changed = context.options.clock_skew_correction
        && error.is_clock_skew()
        && skew.learn(prepared.host(), &head.headers, timing);
    let correction = match skew_changed {
        true => Some(Correction::Clock),
        false if error.are_credentials_stale() => Some(Correction::Credentials(Box::new(sent))),
        false => None,
    };
    FailedAttempt { error, nonce, correction }
}

/// Loads and validates the credentials; `None` for an anonymous operation.
async fn load_credentials(
    context: &CallContext,
    state: &mut AttemptState,
    deadline: &mut Deadline,
) -> Result<Option<Credentials>, Error> {
    if context.operation.is_anonymous() {
        return Ok(None);
    }
    let provider = &context.client.shared().credentials;
    let Some(result) = deadline.run(provider.credentials()).await else {
        return Err(state.deadline_error(deadline, false));
    };
    result
        .and_then(|credentials| credentials.validate().map(|()| Some(credentials)))
        .map_err(|error| Error::new(ErrorData::Credentials(error)))
}
