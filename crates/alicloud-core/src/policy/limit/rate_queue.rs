//! The queue of calls that share a rate limit: one account, one operation.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use crate::future::BoxFuture;
use crate::time::Clock;

/// One second of the service, plus a margin for calls whose network latency differs.
const SECOND: Duration = Duration::from_millis(1_010);

/// A first-come, first-served limit of `max_starts` call starts in any window of length `window`.
pub(super) struct RateQueue {
    max_starts: usize,
    window: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Start times of the last calls, the oldest first; at most `max_starts`.
    starts: VecDeque<Duration>,
    /// Waiting tasks by ticket; the lowest ticket is first in the queue.
    waiting: BTreeMap<u64, Waker>,
    last_ticket: u64,
}

enum Admission {
    Admitted,
    /// First in the queue, but the window is full for this long.
    WindowFull(Duration),
    /// Other tasks are first.
    Queued,
}

impl RateQueue {
    /// Creates a queue for one process's share of a rate. A share below one call per second becomes one
    /// call in several seconds.
    pub(super) fn new(per_second: u32, processes: u32) -> Self {
        let (rate, processes) = (per_second.max(1), processes.max(1));
        let max_starts = usize::try_from((rate / processes).max(1)).unwrap_or(usize::MAX);
        let seconds = processes.div_ceil(rate).max(1);
        RateQueue { max_starts, window: SECOND.saturating_mul(seconds), state: Mutex::default() }
    }

    /// Returns whether the queue has starts in the current window.
    pub(super) fn has_recent_starts(&self, now: Duration) -> bool {
        let state = self.lock();
        state.starts.back().is_some_and(|start| now < start.saturating_add(self.window))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_start(&self, ticket: &mut Option<u64>, clock: &dyn Clock, waker: &Waker) -> Admission {
        let mut state = self.lock();
        let number = *ticket.get_or_insert_with(|| {
            state.last_ticket += 1;
            state.last_ticket
        });
        if state.waiting.first_key_value().is_some_and(|(first, _)| *first < number) {
            state.waiting.insert(number, waker.clone());
            return Admission::Queued;
        }
        // Read the clock while holding the lock, so that `starts` stays sorted.
        let now = clock.elapsed();
        if state.starts.len() >= self.max_starts {
            let oldest = state.starts.front().copied().unwrap_or_default();
            let remaining = oldest.saturating_add(self.window).saturating_sub(now);
            if !remaining.is_zero() {
                state.waiting.insert(number, waker.clone());
                return Admission::WindowFull(remaining);
            }
            state.starts.pop_front();
        }
        state.starts.push_back(now);
        *ticket = None;
        remove_ticket(state, number);
        Admission::Admitted
    }
}

/// Removes a ticket from the queue and wakes the task that is first now.
fn remove_ticket(mut state: MutexGuard<'_, State>, ticket: u64) {
    state.waiting.remove(&ticket);
    let next_waker = state.waiting.first_key_value().map(|(_, waker)| waker.clone());
    drop(state);
    if let Some(waker) = next_waker {
        waker.wake();
    }
}

/// A future that waits in a [`RateQueue`] until the call may start.
pub(super) struct Acquire {
    queue: Arc<RateQueue>,
    clock: Arc<dyn Clock>,
    /// The ticket, from the first poll until the call may start.
    ticket: Option<u64>,
    /// Only the first task in the queue sleeps.
    sleep: Option<BoxFuture<'static, ()>>,
}

impl Acquire {
    pub(super) fn new(queue: Arc<RateQueue>, clock: Arc<dyn Clock>) -> Self {
        Acquire { queue, clock, ticket: None, sleep: None }
    }
}

impl Future for Acquire {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            match this.queue.try_start(&mut this.ticket, &this.clock, context.waker()) {
                Admission::Admitted => return Poll::Ready(()),
                Admission::Queued => return Poll::Pending,
                Admission::WindowFull(remaining) => {
                    let sleep = this.sleep.get_or_insert_with(|| this.clock.sleep(remaining));
                    ready!(sleep.as_mut().poll(context));
                    this.sleep = None;
                }
            }
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            remove_ticket(self.queue.lock(), ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_rate_are_positive_and_add_up_to_at_most_the_rate() {
        for (rate, processes) in [(30, 1), (30, 4), (30, 30), (30, 31), (5, 12), (1, 1), (0, 0)] {
            let queue = RateQueue::new(rate, processes);
            let seconds = queue.window.as_secs_f64() / SECOND.as_secs_f64();
            let starts = u32::try_from(queue.max_starts).unwrap() * processes.max(1);
            let total = f64::from(starts) / seconds;
            assert!(
                queue.max_starts >= 1 && total <= f64::from(rate.max(1)),
                "{rate} {processes}: {total}"
            );
        }
    }
}
