//! One queue: the calls of one account to one operation.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use crate::BoxFuture;
use crate::clock::Clock;

/// The service's second, and a little more: calls do not all take the same time on their way.
const SECOND: Duration = Duration::from_millis(1_010);

/// At most so many starts in any window of this length.
pub(super) struct Lane {
    most: usize,
    window: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When the last calls started, the oldest first; never more than `most`.
    starts: VecDeque<Duration>,
    /// Who waits, by a number that grows: the first has the smallest.
    queue: BTreeMap<u64, Waker>,
    next: u64,
}

/// What a task that asks is told.
enum Answer {
    RateLimitRequest,
    /// It is the first, and it is too early.
    Wait(Duration),
    /// Others are before it.
    Queue,
}

impl Lane {
    /// A share of a rate; less than one call a second becomes one call in several seconds.
    pub(super) fn new(per_second: u32, processes: u32) -> Self {
        let (rate, processes) = (per_second.max(1), processes.max(1));
        let most = usize::try_from((rate / processes).max(1)).unwrap_or(usize::MAX);
        let seconds = processes.div_ceil(rate).max(1);
        Lane { most, window: SECOND.saturating_mul(seconds), state: Mutex::default() }
    }

    /// Whether something in it still matters.
    pub(super) fn is_in_use(&self, now: Duration) -> bool {
        let state = self.lock();
        let last = state.starts.back();
        !state.queue.is_empty() || last.is_some_and(|last| now < last.saturating_add(self.window))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, ticket: &mut Option<u64>, clock: &dyn Clock, waker: &Waker) -> Answer {
        let mut state = self.lock();
        let number = *ticket.get_or_insert_with(|| {
            state.next += 1;
            state.next
        });
        if state.queue.first_key_value().is_some_and(|(first, _)| *first < number) {
            state.queue.insert(number, waker.clone());
            return Answer::Queue;
        }
        // Read under the lock, so that the starts are in order.
        let now = clock.elapsed();
        if state.starts.len() >= self.most {
            let oldest = state.starts.front().copied().unwrap_or_default();
            let early = oldest.saturating_add(self.window).saturating_sub(now);
            if !early.is_zero() {
                state.queue.insert(number, waker.clone());
                return Answer::Wait(early);
            }
            state.starts.pop_front();
        }
        state.starts.push_back(now);
        *ticket = None;
        leave(state, number);
        Answer::RateLimitRequest
    }
}

/// Takes a place out of the queue and wakes whoever is the first now.
fn leave(mut state: MutexGuard<'_, State>, number: u64) {
    state.queue.remove(&number);
    let next = state.queue.first_key_value().map(|(_, waker)| waker.clone());
    drop(state);
    if let Some(waker) = next {
        waker.wake();
    }
}

/// Waiting in a [`Lane`] until it is one's turn.
pub(super) struct Turn {
    lane: Arc<Lane>,
    clock: Arc<dyn Clock>,
    /// The place in the queue, from the first time that it is polled until it may start.
    ticket: Option<u64>,
    /// Only the first in the queue looks at the clock.
    sleep: Option<BoxFuture<'static, ()>>,
}

impl Turn {
    pub(super) fn new(lane: Arc<Lane>, clock: Arc<dyn Clock>) -> Self {
        Turn { lane, clock, ticket: None, sleep: None }
    }
}

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            match this.lane.ask(&mut this.ticket, &this.clock, context.waker()) {
                Answer::RateLimitRequest => return Poll::Ready(()),
                Answer::Queue => return Poll::Pending,
                Answer::Wait(early) => {
                    let sleep = this.sleep.get_or_insert_with(|| this.clock.sleep(early));
                    ready!(sleep.as_mut().poll(context));
                    this.sleep = None;
                }
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(number) = self.ticket {
            leave(self.lane.lock(), number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_rate_is_never_nothing_and_never_more() {
        for (rate, processes) in [(30, 1), (30, 4), (30, 30), (30, 31), (5, 12), (1, 1), (0, 0)] {
            let lane = Lane::new(rate, processes);
            let seconds = lane.window.as_secs_f64() / SECOND.as_secs_f64();
            let all = f64::from(u32::try_from(lane.most).unwrap() * processes.max(1)) / seconds;
            assert!(lane.most >= 1 && all <= f64::from(rate.max(1)), "{rate} {processes}: {all}");
        }
    }
}
