//! The loop of a wait: poll, check the status, sleep.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::backoff::Backoff;
use super::error::{WaitError, WaitErrorKind};
use super::status::PollStatus;
use crate::client::Client;
use crate::error::Error;
use crate::future::BoxFuture;
use crate::time::Clock;

/// Something that can be polled repeatedly.
pub(super) trait PollTarget<S>: Send {
    /// Polls once. An error means that at least a part of the poll failed; the other parts may have
    /// changed the state.
    fn poll_once(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>>;

    /// Cancels a running poll.
    fn cancel(&mut self);

    /// Returns the last state.
    fn state(&self) -> Option<&S>;

    /// Takes the last state, after the last poll.
    fn take_state(&mut self) -> Option<S>;

    /// Returns the status of the last state.
    fn status(&self) -> PollStatus;
}

/// A target whose requests the caller can change before the first poll.
pub(super) trait MapRequest<S, R>: PollTarget<S> {
    fn map_request(&mut self, map: Box<dyn Fn(R) -> R + Send>);
}

/// A running wait.
pub(super) struct PollLoop<T> {
    clock: Arc<dyn Clock>,
    phase: Phase,
    pub(super) max_wait: Duration,
    pub(super) backoff: Backoff,
    /// Whether the wait ends after one poll, with the polled state.
    pub(super) polls_once: bool,
    polls: u32,
    /// The error of the last poll.
    pub(super) last_error: Option<Error>,
    pub(super) target: T,
}

enum Phase {
    NotStarted,
    Polling { start: Duration, end: BoxFuture<'static, ()> },
    Sleeping { start: Duration, end: BoxFuture<'static, ()>, sleep: BoxFuture<'static, ()> },
    Finished,
}

/// The result of one poll.
pub(super) enum Step<S> {
    Continue,
    Finished(Result<S, WaitError<S>>),
}

impl<T> PollLoop<T> {
    pub(super) fn new(client: &Client, target: T) -> Self {
        let shared = client.shared();
        PollLoop {
            clock: shared.clock.clone(),
            phase: Phase::NotStarted,
            max_wait: Duration::from_secs(15 * 60),
            // Without randomness the intervals do not vary, which is no reason to fail.
            backoff: Backoff::new(shared.nonce_source.nonce().unwrap_or_default()),
            polls_once: false,
            polls: 0,
            last_error: None,
            target,
        }
    }
}

impl<S, R> PollLoop<Box<dyn MapRequest<S, R>>> {
    /// Returns the loop without the type of the requests.
    pub(super) fn erase(self) -> PollLoop<Box<dyn PollTarget<S>>> {
        let PollLoop { clock, phase, max_wait, backoff, polls_once, polls, last_error, target } =
            self;
        PollLoop { clock, phase, max_wait, backoff, polls_once, polls, last_error, target }
    }
}

impl<S> PollLoop<Box<dyn PollTarget<S>>> {
    /// Is ready after each poll and at the end of the wait. Must not be polled after that.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Step<S>> {
        loop {
            self.phase = match std::mem::replace(&mut self.phase, Phase::Finished) {
                Phase::NotStarted => {
                    let (start, end) = (self.clock.elapsed(), self.clock.timeout(self.max_wait));
                    Phase::Polling { start, end }
                }
                Phase::Sleeping { start, end, mut sleep } => {
                    if sleep.as_mut().poll(context).is_pending() {
                        self.phase = Phase::Sleeping { start, end, sleep };
                        return Poll::Pending;
                    }
                    if self.remaining(start).is_zero() {
                        return Poll::Ready(self.fail(WaitErrorKind::Timeout));
                    }
                    Phase::Polling { start, end }
                }
                Phase::Polling { start, mut end } => {
                    match self.target.poll_once(context) {
                        Poll::Ready(result) => {
                            return Poll::Ready(self.finish_poll(result, start, end));
                        }
                        Poll::Pending => {}
                    }
                    if end.as_mut().poll(context).is_pending() {
                        self.phase = Phase::Polling { start, end };
                        return Poll::Pending;
                    }
                    self.target.cancel();
                    return Poll::Ready(self.fail(WaitErrorKind::Timeout));
                }
                // Polled after the end, against the contract: stay pending instead of panicking.
                Phase::Finished => return Poll::Pending,
            };
        }
    }

    fn remaining(&self, start: Duration) -> Duration {
        self.max_wait.saturating_sub(self.clock.elapsed().saturating_sub(start))
    }

    fn finish_poll(
        &mut self,
        result: Result<(), Error>,
        start: Duration,
        end: BoxFuture<'static, ()>,
    ) -> Step<S> {
        self.polls = self.polls.saturating_add(1);
        let ends_wait = matches!(&result, Err(error) if self.polls_once || !error.is_transient());
        self.last_error = result.err();
        if ends_wait {
            return self.fail(WaitErrorKind::Poll);
        }
        let status = if self.polls_once { PollStatus::Succeeded } else { self.target.status() };
        match status {
            PollStatus::Succeeded => match self.target.take_state() {
                Some(state) => return Step::Finished(Ok(state)),
                // Unreachable for the targets of this crate: they succeed only with a state.
                None => return self.fail(WaitErrorKind::Poll),
            },
            PollStatus::Failed(_) => return self.fail(WaitErrorKind::FailedState),
            PollStatus::InProgress(_) => {}
        }
        let retry_after = self.last_error.as_ref().and_then(Error::retry_after);
        let interval = self.backoff.next(self.polls, retry_after, self.remaining(start));
        self.phase = Phase::Sleeping { start, end, sleep: self.clock.sleep(interval) };
        Step::Continue
    }

    fn fail(&mut self, kind: WaitErrorKind) -> Step<S> {
        let status = self.target.status();
        let (state, last_error) = (self.target.take_state(), self.last_error.take());
        let error = WaitError::new(kind, status, state, last_error, self.polls, self.max_wait);
        Step::Finished(Err(error))
    }
}

impl<T> PollLoop<T> {
    pub(super) fn is_finished(&self) -> bool {
        matches!(self.phase, Phase::Finished)
    }

    /// Formats the wait for `Debug` under the name of its public type.
    pub(super) fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("max_wait", &self.max_wait)
            .field("polls", &self.polls)
            .finish_non_exhaustive()
    }
}
