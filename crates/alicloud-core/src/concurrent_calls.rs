//! Several calls that run side by side.

use std::pin::Pin;
use std::task::{Context, Poll};

use alicloud_wire::{Node, Request};

use crate::call::{Call, CallFuture};
use crate::error::Error;

/// How many calls run at once where nobody says otherwise: enough to hide the way to the service and
/// back, and few enough to leave most of a rate to others.
pub(crate) const AT_ONCE: usize = 4;

/// Options for each of several calls.
pub(crate) type Tune<T> = Box<dyn Fn(Call<T>) -> Call<T> + Send + Sync>;

/// The documented limit on the items of a parameter in one call.
pub(crate) fn most_in_one_call<R: Request>(parameter: &str) -> usize {
    let parameter = R::PARAMETERS.iter().find(|known| known.name() == parameter);
    parameter.and_then(|parameter| parameter.max_items()).unwrap_or(usize::MAX).max(1)
}

/// Calls under way, each with what it is for.
///
/// There are few of them, so all are polled when one has news; that needs no more than a list.
pub(crate) struct Running<K, T>(Vec<(K, CallFuture<T>)>);

impl<K, T: Node + Default> Running<K, T> {
    pub(crate) fn new() -> Self {
        Running(Vec::new())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn push(&mut self, key: K, call: Call<T>) {
        self.0.push((key, call.into_future()));
    }

    /// Abandons all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The next that is done, if any; never ready while there are none.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<(K, Result<T, Error>)> {
        for index in 0..self.0.len() {
            if let Some((_, call)) = self.0.get_mut(index)
                && let Poll::Ready(result) = Pin::new(call).poll(context)
            {
                let (key, _) = self.0.swap_remove(index);
                return Poll::Ready((key, result));
            }
        }
        Poll::Pending
    }
}
