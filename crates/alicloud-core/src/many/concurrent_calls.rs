//! A few calls that run concurrently.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use alicloud_wire::Request;

use crate::call::Call;

/// The default number of concurrent calls: enough to hide the network latency, and few enough to leave
/// most of a rate limit to others.
pub(crate) const DEFAULT_CONCURRENCY: usize = 4;

/// A function that sets options on each of several calls.
pub(crate) type MapCall<T> = Box<dyn Fn(Call<T>) -> Call<T> + Send + Sync>;

/// Returns the documented maximum number of items of a parameter per call.
pub(crate) fn max_items_per_call<R: Request>(parameter: &str) -> usize {
    let parameter = R::PARAMETERS.iter().find(|known| known.name() == parameter);
    parameter.and_then(|parameter| parameter.max_items()).unwrap_or(usize::MAX).max(1)
}

/// Running calls, each with a key of the caller.
///
/// There are only a few, so all of them are polled, in the order of their start, whenever one wakes the task.
pub(crate) struct ConcurrentCalls<K, F>(Vec<(K, F)>);

impl<K, F: Future + Unpin> ConcurrentCalls<K, F> {
    pub(crate) fn new() -> Self {
        ConcurrentCalls(Vec::new())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn push(&mut self, key: K, call: F) {
        self.0.push((key, call));
    }

    /// Cancels all calls.
    pub(crate) fn cancel_all(&mut self) {
        self.0.clear();
    }

    /// Returns the next finished call. Stays pending while no call is running.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<(K, F::Output)> {
        for index in 0..self.0.len() {
            if let Some((_, call)) = self.0.get_mut(index)
                && let Poll::Ready(result) = Pin::new(call).poll(context)
            {
                let (key, _) = self.0.remove(index);
                return Poll::Ready((key, result));
            }
        }
        Poll::Pending
    }
}
