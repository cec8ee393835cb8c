//! The course of a wait: look, judge, sleep, until it is over.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::PollStatus;
use super::backoff::Pace;
use super::error::{End, WaitError};
use crate::BoxFuture;
use crate::client::Client;
use crate::clock::Clock;
use crate::error::Error;

/// Something that can be looked at again and again.
pub(super) trait Watch<S>: Send {
    /// Looks. An error says that the look, or a part of it, failed; the rest of it may have changed the
    /// state all the same.
    fn poll_look(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>>;

    /// Gives up a look that is under way.
    fn give_up(&mut self);

    /// What was seen last.
    fn state(&self) -> Option<&S>;

    /// What was seen last, when there is no further look.
    fn take_state(&mut self) -> Option<S>;

    /// What that means.
    fn status(&self) -> PollStatus;
}

/// A wait.
pub(super) struct Course<S> {
    watch: Box<dyn Watch<S>>,
    clock: Arc<dyn Clock>,
    phase: Phase,
    pub(super) limit: Duration,
    pub(super) pace: Pace,
    looks: u32,
    /// How the last look failed, if it did.
    last: Option<Error>,
}

enum Phase {
    New,
    Looking { start: Duration, end: BoxFuture<'static, ()> },
    Sleeping { start: Duration, end: BoxFuture<'static, ()>, sleep: BoxFuture<'static, ()> },
    Over,
}

/// After a look.
pub(super) enum Looked<S> {
    Pending,
    Over(Result<S, WaitError<S>>),
}

impl<S> Course<S> {
    pub(super) fn new(client: &Client, watch: Box<dyn Watch<S>>) -> Self {
        let shared = client.shared();
        Course {
            watch,
            clock: shared.clock.clone(),
            phase: Phase::New,
            limit: Duration::from_secs(15 * 60),
            // Without randomness the waits do not vary, which is no reason not to wait.
            pace: Pace::new(shared.nonces.nonce().unwrap_or_default()),
            looks: 0,
            last: None,
        }
    }

    pub(super) fn state(&self) -> Option<&S> {
        self.watch.state()
    }

    /// Ready after each look, and when it is over; not to be polled after that.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Looked<S>> {
        loop {
            self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
                Phase::New => {
                    let (start, end) = (self.clock.elapsed(), self.clock.timeout(self.limit));
                    Phase::Looking { start, end }
                }
                Phase::Sleeping { start, end, mut sleep } => {
                    if sleep.as_mut().poll(context).is_pending() {
                        self.phase = Phase::Sleeping { start, end, sleep };
                        return Poll::Pending;
                    }
                    if self.left(start).is_zero() {
                        return Poll::Ready(self.over(End::Time));
                    }
                    Phase::Looking { start, end }
                }
                Phase::Looking { start, mut end } => {
                    match self.watch.poll_look(context) {
                        Poll::Ready(result) => return Poll::Ready(self.looked(result, start, end)),
                        Poll::Pending => {}
                    }
                    if end.as_mut().poll(context).is_pending() {
                        self.phase = Phase::Looking { start, end };
                        return Poll::Pending;
                    }
                    self.watch.give_up();
                    return Poll::Ready(self.over(End::Time));
                }
                // Whoever polls it again waits for nothing.
                Phase::Over => return Poll::Pending,
            };
        }
    }

    fn left(&self, start: Duration) -> Duration {
        self.limit.saturating_sub(self.clock.elapsed().saturating_sub(start))
    }

    fn looked(
        &mut self,
        result: Result<(), Error>,
        start: Duration,
        end: BoxFuture<'static, ()>,
    ) -> Looked<S> {
        self.looks = self.looks.saturating_add(1);
        self.last = match result {
            Err(error) if !error.is_transient() => {
                self.last = Some(error);
                return self.over(End::Look);
            }
            result => result.err(),
        };
        match self.watch.status() {
            PollStatus::Succeeded => match self.watch.take_state() {
                Some(state) => return Looked::Over(Ok(state)),
                // Nothing was seen, so nothing can be right.
                None => return self.over(End::Look),
            },
            PollStatus::Failed(_) => return self.over(End::State),
            PollStatus::InProgress(_) => {}
        }
        let hint = self.last.as_ref().and_then(Error::retry_after);
        let wait = self.pace.next(self.looks, hint, self.left(start));
        self.phase = Phase::Sleeping { start, end, sleep: self.clock.sleep(wait) };
        Looked::Pending
    }

    fn over(&mut self, end: End) -> Looked<S> {
        let status = self.watch.status();
        let (state, last) = (self.watch.take_state(), self.last.take());
        Looked::Over(Err(WaitError::new(end, status, state, last, self.looks, self.limit)))
    }

    pub(super) fn show(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("limit", &self.limit)
            .field("looks", &self.looks)
            .finish_non_exhaustive()
    }
}
