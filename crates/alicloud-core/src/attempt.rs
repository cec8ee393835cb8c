//! The way of a call: prepare once, then sign, send and judge, attempt by attempt.
//!
//! Nothing here knows the type of a request or a response, so it is compiled once.

mod deadline;
mod signed_request;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};

use self::deadline::Deadline;
pub(crate) use self::signed_request::Sent;
use crate::assemble::{Prepared, Repeated, Stamp};
use crate::call::Plan;
use crate::client::Shared;
use crate::clock::with_timeout;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorResponse, Kind, Outcome, Stop};
use crate::limit::RateLimitRequest;
use crate::preview::Preview;
use crate::response::RawResponse;
use crate::retry::{self, Repeat};
use crate::skew::AttemptTiming;
use crate::trace;
use crate::transport::{TransportError, TransportErrorKind, TransportOptions};

/// Carries out a call.
pub(crate) async fn run(mut plan: Box<Plan>) -> Result<RawResponse, Error> {
    let mut course = Course::default();
    let operation = plan.operation.clone();
    let result = trace::in_span(&operation, repeat(&mut plan, &mut course)).await;
    result.map_err(|error| {
        let error = error.during(&plan.operation, course.attempts);
        error.after(course.outcome, course.stop)
    })
}

/// What has become of a call so far.
#[derive(Default)]
struct Course {
    /// How often the request was sent.
    attempts: u32,
    /// Of these, how often only because it had been signed with a wrong time or old credentials.
    corrections: u32,
    /// The worst of the attempts that are over.
    outcome: Option<Outcome>,
    /// How the last of them failed.
    last: Option<Error>,
    /// Why there was no further attempt, where there could have been one.
    stop: Option<Stop>,
}

/// An attempt that failed.
struct Failure {
    error: Error,
    nonce: String,
    correction: Option<Correction>,
}

/// What can be put right in a request that was refused for its signature.
enum Correction {
    /// The time: it is another one from now on.
    Clock,
    /// The credentials, if there are others by now than these.
    Credentials(Box<Sent>),
}

/// What to do after a failure.
enum Next {
    Stop,
    /// Sign it anew and send it at once.
    Correct,
    /// Send it again after so long.
    Repeat(Duration),
}

/// All attempts of a call.
async fn repeat(plan: &mut Plan, course: &mut Course) -> Result<RawResponse, Error> {
    let harmless = plan.is_idempotent();
    let prepared = prepare(plan)?;
    let plan = &*plan;
    let shared = plan.client.shared();
    let mut deadline = Deadline::new(&shared.clock, plan.options.timeout);
    let mut wait = Duration::ZERO;
    let mut refused = None;
    loop {
        let credentials = credentials(plan, course, &mut deadline).await?;
        if let Some(Correction::Credentials(sent)) = refused.take()
            && sent.is_signed_with(credentials.as_ref())
            && let Some(error) = course.last.take()
        {
            return Err(error);
        }
        let account = credentials.as_ref().map_or("", Credentials::access_key_id);
        let turn = shared.limiter.acquire(RateLimitRequest::for_call(
            account,
            &plan.operation,
            &shared.clock,
        ));
        if deadline.race(turn).await.is_none() {
            return Err(course.passed(&deadline, false));
        }
        let start = shared.clock.elapsed();
        let tried = attempt(plan, &prepared, credentials, course, wait, &mut deadline).await;
        let took = shared.clock.elapsed().saturating_sub(start);
        let failure = match tried {
            Ok(response) => {
                trace::answered(prepared.host(), &response, took);
                shared.budget.earn();
                return Ok(response);
            }
            Err(failure) => failure,
        };
        let next = course.next(plan, harmless, &failure, &deadline);
        let again = match next {
            Next::Stop => None,
            Next::Correct => Some(Duration::ZERO),
            Next::Repeat(wait) => Some(wait),
        };
        trace::failed(prepared.host(), &failure.error, course.attempts, again, took);
        wait = match next {
            Next::Stop => return Err(failure.error),
            Next::Correct => {
                refused = failure.correction;
                Duration::ZERO
            }
            Next::Repeat(wait) => wait,
        };
        course.outcome = Some(failure.error.outcome().and(course.outcome));
        course.last = Some(failure.error);
        if !wait.is_zero() && deadline.race(shared.clock.sleep(wait)).await.is_none() {
            return Err(course.passed(&deadline, false));
        }
    }
}

impl Course {
    fn next(
        &mut self,
        plan: &Plan,
        harmless: bool,
        failure: &Failure,
        deadline: &Deadline,
    ) -> Next {
        let policy = &plan.options.retry;
        if failure.correction.is_some() && policy.repeats() && self.corrections == 0 {
            self.corrections += 1;
            return Next::Correct;
        }
        let counted = self.attempts - self.corrections;
        let can_help = match failure.error.repeat() {
            Repeat::Never => false,
            Repeat::IfHarmless => harmless,
            Repeat::Always => true,
        };
        if !can_help || !policy.allows_more(counted) {
            return Next::Stop;
        }
        let (throttled, hint) = (failure.error.is_throttling(), failure.error.retry_after());
        let seed = retry::seed(&failure.nonce, counted);
        let wait = policy.delay(counted, throttled, hint, seed);
        if !deadline.allows(wait) {
            self.stop = Some(Stop::Deadline { wait, limit: deadline.limit() });
            return Next::Stop;
        }
        if !plan.client.shared().budget.spend() {
            self.stop = Some(Stop::Budget);
            return Next::Stop;
        }
        Next::Repeat(wait)
    }

    /// The error of a call whose time is over.
    fn passed(&mut self, deadline: &Deadline, sent: bool) -> Error {
        Error::new(Kind::Deadline { limit: deadline.limit(), sent, before: self.last.take() })
    }
}

/// One attempt, with a time, a nonce and a signature of its own.
async fn attempt(
    plan: &Plan,
    prepared: &Prepared,
    credentials: Option<Credentials>,
    course: &mut Course,
    waited: Duration,
    deadline: &mut Deadline,
) -> Result<RawResponse, Failure> {
    let shared = plan.client.shared();
    let at = shared.clock.now();
    let time = shared.skew.correct(prepared.host(), at);
    let repeated = (course.attempts > 0).then_some(Repeated { times: course.attempts, waited });
    let stamped = stamp(shared, credentials.as_ref(), time, repeated)
        .and_then(|stamp| Ok((prepared.sign(&stamp)?, stamp.nonce)));
    let (signed, nonce) = match stamped {
        Ok(stamped) => stamped,
        Err(reason) => {
            let error = Error::new(Kind::Unsendable(reason));
            return Err(Failure { error, nonce: String::new(), correction: None });
        }
    };
    let (request, sent) = Sent::split(signed, credentials);
    course.attempts += 1;
    let start = shared.clock.elapsed();
    let response = match deadline.race(exchange(plan, request)).await {
        Some(Ok(response)) => response,
        Some(Err(error)) => {
            let error = Error::new(Kind::Transport { error, host: prepared.host().to_owned() });
            return Err(Failure { error, nonce, correction: None });
        }
        None => {
            let error = course.passed(deadline, true);
            return Err(Failure { error, nonce, correction: None });
        }
    };
    if response.status().is_success() {
        let (operation, format) = (plan.operation.clone(), plan.options.format);
        return Ok(RawResponse { operation, format, response, sent, attempts: course.attempts });
    }
    let duration = shared.clock.elapsed().saturating_sub(start);
    let timing = AttemptTiming { sent_at: at, signed_time: time, duration };
    Err(refuse(plan, prepared, response, sent, nonce, timing))
}

/// Sends a signed request and reads the whole response.
async fn exchange(plan: &Plan, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
    let shared = plan.client.shared();
    let options = TransportOptions {
        read_timeout: plan.options.read_timeout,
        max_response_bytes: plan.options.max_response_bytes,
    };
    let response = shared.transport.send(request, options);
    let Some(limit) = plan.options.attempt_timeout else { return response.await };
    let timeout = || Err(TransportError::new(TransportErrorKind::AttemptTimeout));
    with_timeout(&shared.clock, limit, response).await.unwrap_or_else(timeout)
}

/// What a response that is an error says, and what can be put right after it.
fn refuse(
    plan: &Plan,
    prepared: &Prepared,
    response: Response<Bytes>,
    sent: Sent,
    nonce: String,
    timing: AttemptTiming,
) -> Failure {
    let (head, body) = response.into_parts();
    let redactor = sent.redactor();
    let mut response = ErrorResponse::read(head.status, &head.headers, &body, &redactor);
    if let Some((string_to_sign, canonical_request)) = sent.signed_texts() {
        response.compare(string_to_sign, canonical_request, &redactor);
    }
    let error = Error::new(Kind::Response(response));
    let skew = &plan.client.shared().skew;
    let learned = plan.options.clock_skew_correction
        && error.is_clock_skew()
        && skew.learn(prepared.host(), &head.headers, timing);
    let correction = match learned {
        true => Some(Correction::Clock),
        false if error.are_credentials_stale() => Some(Correction::Credentials(Box::new(sent))),
        false => None,
    };
    Failure { error, nonce, correction }
}

/// What all attempts have in common.
fn prepare(plan: &mut Plan) -> Result<Prepared, Error> {
    let parts = match &mut plan.parts {
        Ok(parts) => std::mem::take(parts),
        Err(invalid) => return Err(Error::new(Kind::Invalid(invalid.clone()))),
    };
    let shared = plan.client.shared();
    Prepared::new(
        plan.operation.clone(),
        parts,
        &shared.endpoint,
        shared.user_agent.clone(),
        plan.options.format,
        plan.options.signature,
        || shared.nonces.nonce(),
    )
    .map_err(|reason| Error::new(Kind::Unsendable(reason)))
}

/// Credentials that can be right, for an operation that needs some.
async fn credentials(
    plan: &Plan,
    course: &mut Course,
    deadline: &mut Deadline,
) -> Result<Option<Credentials>, Error> {
    if plan.operation.is_anonymous() {
        return Ok(None);
    }
    let provider = &plan.client.shared().credentials;
    let Some(found) = deadline.race(provider.credentials()).await else {
        return Err(course.passed(deadline, false));
    };
    found
        .and_then(|credentials| credentials.validate().map(|()| Some(credentials)))
        .map_err(|error| Error::new(Kind::Credentials(error)))
}

/// What an attempt has of its own.
fn stamp<'a>(
    shared: &Shared,
    credentials: Option<&'a Credentials>,
    time: SystemTime,
    repeated: Option<Repeated>,
) -> Result<Stamp<'a>, String> {
    let nonce = shared.nonces.nonce();
    let nonce = nonce.map_err(|error| format!("there is no randomness for a nonce: {error}"))?;
    Ok(Stamp { credentials, time, nonce, repeated })
}

/// What a call would send.
pub(crate) async fn preview(mut plan: Box<Plan>) -> Result<Preview, Error> {
    let operation = plan.operation.clone();
    let result = async {
        let prepared = prepare(&mut plan)?;
        let shared = plan.client.shared();
        let mut deadline = Deadline::new(&shared.clock, plan.options.timeout);
        let found = credentials(&plan, &mut Course::default(), &mut deadline).await;
        let (credentials, has_placeholder_credentials) = match found {
            Ok(found) => (found, false),
            Err(_) => (Some(Credentials::new("YourAccessKeyId", "YourAccessKeySecret")), true),
        };
        let time = shared.skew.correct(prepared.host(), shared.clock.now());
        let signed = stamp(shared, credentials.as_ref(), time, None)
            .and_then(|stamp| prepared.sign(&stamp))
            .map_err(|reason| Error::new(Kind::Unsendable(reason)))?;
        let (request, sent) = Sent::split(signed, credentials);
        Ok(Preview::new(request, sent, has_placeholder_credentials))
    };
    result.await.map_err(|error: Error| error.during(&operation, 0))
}
