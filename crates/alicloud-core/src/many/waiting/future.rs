//! The future of a wait.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::course::{PollLoop, PollTarget, Step};
use super::error::WaitError;

/// The future of a [`Wait`](crate::Wait). See [`Wait`](crate::Wait) for an example.
#[must_use = "futures do nothing unless polled"]
pub struct WaitFuture<S> {
    pub(super) poll_loop: Box<PollLoop<Box<dyn PollTarget<S>>>>,
}

impl<S> Future for WaitFuture<S> {
    type Output = Result<S, WaitError<S>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match self.poll_loop.poll(context) {
                Poll::Ready(Step::Continue) => {}
                Poll::Ready(Step::Finished(result)) => return Poll::Ready(result),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<S> fmt::Debug for WaitFuture<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.poll_loop.fmt_as("WaitFuture", f)
    }
}
