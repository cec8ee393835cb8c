//! The queue of calls that share a rate limit: one account, one operation.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::adaptive_rate::{AdaptiveRate, Limit};
use crate::future::BoxFuture;
use crate::time::Clock;

/// One second of the service, plus a margin for calls whose network latency differs.
const SECOND: Duration = Duration::from_millis(1_010);

/// A first-come, first-served limit of call starts in any window.
pub(super) struct RateQueue {
    limit: Limit,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Start times of the last calls, the oldest first; at most `max_starts` of the limit.
    starts: VecDeque<Duration>,
    adaptive: AdaptiveRate,
    /// Waiting tasks by ticket; the lowest ticket is first in the queue.
    waiting: BTreeMap<u64, Waker>,
    last_ticket: u64,
}

enum Admission {
    Admitted,
    /// First in the queue, but nothing starts for this long.
    NotYet(Duration),
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
        let limit = Limit { max_starts, window: SECOND.saturating_mul(seconds) };
        RateQueue { limit, state: Mutex::default() }
    }

    /// Returns whether the queue limits the next calls: it has starts in the current window, or it was
    /// throttled.
    pub(super) fn is_in_use(&self, now: Duration) -> bool {
        let state = self.lock();
        let last_start = state.starts.back();
        last_start.is_some_and(|start| now < start.saturating_add(self.limit.window))
            || !state.adaptive.is_full(now)
            || !state.adaptive.pause(now).is_zero()
    }

    /// Slows down, because the service throttled a call.
    pub(super) fn throttled(&self, retry_after: Option<Duration>, now: Duration) {
        self.lock().adaptive.throttled(self.limit, retry_after, now);
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
        let remaining = state.remaining_wait(self.limit, now);
        if !remaining.is_zero() {
            state.waiting.insert(number, waker.clone());
            return Admission::NotYet(remaining);
        }
        if state.starts.len() >= self.limit.max_starts {
            state.starts.pop_front();
        }
        state.starts.push_back(now);
        *ticket = None;
        remove_ticket(state, number);
        Admission::Admitted
    }
}

impl State {
    /// Returns how long the first task has to wait.
    fn remaining_wait(&self, limit: Limit, now: Duration) -> Duration {
        let Limit { max_starts, window } = self.adaptive.part_of(limit, now);
        let first_in_window = self.starts.len().checked_sub(max_starts);
        let first_in_window = first_in_window.and_then(|index| self.starts.get(index));
        let window_end = first_in_window.map_or(now, |start| start.saturating_add(window));
        window_end.saturating_sub(now).max(self.adaptive.pause(now))
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
                Admission::NotYet(remaining) => {
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
            let seconds = queue.limit.window.as_secs_f64() / SECOND.as_secs_f64();
            let starts = u32::try_from(queue.limit.max_starts).unwrap() * processes.max(1);
            let total = f64::from(starts) / seconds;
            assert!(
                queue.limit.max_starts >= 1 && total <= f64::from(rate.max(1)),
                "{rate} {processes}: {total}"
            );
        }
    }
}
