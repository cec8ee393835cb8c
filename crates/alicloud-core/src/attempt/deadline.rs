//! The end of the time for a whole call.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::BoxFuture;
use crate::clock::Clock;

/// How long a call may take, all attempts and the waits between them included.
pub(super) struct Deadline {
    clock: Arc<dyn Clock>,
    start: Duration,
    limit: Duration,
    end: BoxFuture<'static, ()>,
}

impl Deadline {
    pub(super) fn new(clock: &Arc<dyn Clock>, limit: Duration) -> Self {
        let (start, end) = (clock.elapsed(), clock.timeout(limit));
        Deadline { clock: clock.clone(), start, limit, end }
    }

    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// Whether a wait would be over before the end.
    pub(super) fn allows(&self, wait: Duration) -> bool {
        let passed = self.clock.elapsed().saturating_sub(self.start);
        passed.saturating_add(wait) < self.limit
    }

    /// The output of a future, unless the end comes first.
    pub(super) async fn race<F: Future>(&mut self, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        poll_fn(move |context| {
            // Work that is done in the last moment is done.
            if let Poll::Ready(output) = work.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            Pin::new(&mut self.end).poll(context).map(|()| None)
        })
        .await
    }
}
