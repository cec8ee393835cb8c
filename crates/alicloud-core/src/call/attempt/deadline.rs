//! The deadline of a call.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::future::BoxFuture;
use crate::time::Clock;

/// A limit on the duration of a call, including all attempts and the delays between them.
pub(super) struct Deadline {
    clock: Arc<dyn Clock>,
    start: Duration,
    timeout: Duration,
    expired: BoxFuture<'static, ()>,
}

impl Deadline {
    pub(super) fn new(clock: &Arc<dyn Clock>, timeout: Duration) -> Self {
        let (start, expired) = (clock.elapsed(), clock.timeout(timeout));
        Deadline { clock: clock.clone(), start, timeout, expired }
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns whether a delay ends before the deadline.
    pub(super) fn allows(&self, delay: Duration) -> bool {
        let elapsed = self.clock.elapsed().saturating_sub(self.start);
        elapsed.saturating_add(delay) < self.timeout
    }

    /// Runs a future until the deadline; returns `None` if the deadline expires first.
    pub(super) async fn run<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        poll_fn(move |context| {
            // A future that completes together with the deadline counts as completed.
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            Pin::new(&mut self.expired).poll(context).map(|()| None)
        })
        .await
    }
}
