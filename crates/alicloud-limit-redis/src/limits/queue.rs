//! The callers of this process that share a limit: one account, one operation.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use super::call::{Call, MAX_PAUSE, Response, TOLERANCE};
use super::own_starts::{OwnStarts, Share};
use super::server_time::ServerTime;

/// Waits between two attempts to reach the server again.
const MIN_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(5);

/// The assumed number of processes if neither a setting nor the server says it.
const ASSUMED_PROCESSES: u32 = 20;

/// A first-come, first-served queue that reserves starts on the server.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) key: String,
    rate: u32,
    /// The configured number of processes.
    processes: Option<u32>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Waiting tasks by ticket; the lowest ticket is first in the queue.
    waiting: BTreeMap<u64, Waker>,
    last_ticket: u64,
    /// The most tasks that waited at the same time since the last call of the script.
    demand: usize,
    reservations: VecDeque<Reservation>,
    /// How often reservations expired before a task was woken, minus how often they did not; at most 8.
    expirations: u32,
    own_starts: OwnStarts,
    server_time: ServerTime,
    /// The number of processes that the server saw last.
    active: Option<u32>,
    is_calling: bool,
    throttled: u32,
    retry_after: Duration,
    paused_until: Duration,
    /// How starts are limited without the server; `None` with it.
    fallback: Option<Fallback>,
}

#[derive(Debug, Clone, Copy)]
struct Reservation {
    start: Duration,
    valid_until: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Fallback {
    backoff: Duration,
    next_call: Duration,
}

/// What a task does next.
pub(super) enum Admission {
    Admitted,
    /// Other tasks are first, or the response of the server is needed.
    Queued,
    /// First in the queue, and nothing can happen before this time.
    WaitUntil(Duration),
}

/// Whether a response changed who limits the starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    None,
    ToServer,
}

impl Queue {
    pub(super) fn new(key: String, rate: u32, processes: Option<u32>) -> Self {
        Queue { key, rate: rate.max(1), processes, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a task, or returns what it waits for; also a call of the script that has to be made now.
    pub(super) fn try_start(
        &self,
        ticket: &mut Option<u64>,
        now: Duration,
        waker: &Waker,
    ) -> (Admission, Option<Call>) {
        let mut state = self.lock();
        let number = *ticket.get_or_insert_with(|| {
            state.last_ticket += 1;
            state.last_ticket
        });
        state.waiting.insert(number, waker.clone());
        state.demand = state.demand.max(state.waiting.len());
        if state.waiting.first_key_value().is_some_and(|(first, _)| *first < number) {
            return (Admission::Queued, None);
        }
        let reserved = state.reservations.len();
        state.reservations.retain(|reservation| now <= reservation.valid_until);
        if state.reservations.len() < reserved {
            state.expirations = (state.expirations + 1).min(8);
        }
        let next_start = self.next_start(&state);
        if next_start.is_some_and(|start| start <= now) {
            // Also without the server, a reservation that is due is used first.
            if state.reservations.front().is_some_and(|reservation| reservation.start <= now) {
                state.reservations.pop_front();
                state.expirations = state.expirations.saturating_sub(1);
            }
            state.own_starts.record(now, self.rate);
            *ticket = None;
            remove_ticket(state, number);
            return (Admission::Admitted, None);
        }
        let call = self.next_call(&mut state, now);
        let retry = state.fallback.filter(|_| !state.is_calling).map(|fallback| fallback.next_call);
        let admission = match next_start.into_iter().chain(retry).min() {
            Some(time) => Admission::WaitUntil(time),
            None => Admission::Queued,
        };
        (admission, call)
    }

    /// Returns when the first task may start, if it is known.
    fn next_start(&self, state: &State) -> Option<Duration> {
        let reserved = state.reservations.front().map(|reservation| reservation.start);
        let own = state.fallback.map(|_| {
            let processes = self.processes.or(state.active).unwrap_or(ASSUMED_PROCESSES);
            state.own_starts.next_start(Share::of_processes(self.rate, processes))
        });
        let start = reserved.into_iter().chain(own).min()?;
        Some(start.max(state.paused_until))
    }

    /// Returns the call that has to be made now, if any.
    fn next_call(&self, state: &mut State, now: Duration) -> Option<Call> {
        let is_due = match state.fallback {
            Some(fallback) => fallback.next_call <= now,
            None => {
                let needs_starts = state.reservations.is_empty() && !state.waiting.is_empty();
                needs_starts || state.throttled > 0
            }
        };
        if state.is_calling || !is_due {
            return None;
        }
        state.is_calling = true;
        // A server that was lost may execute the call after a long time, so that call reserves nothing.
        let wants_starts = state.reservations.is_empty() && state.fallback.is_none();
        let wanted = if wants_starts { state.waiting.len() } else { 0 };
        let demand = std::mem::replace(&mut state.demand, state.waiting.len());
        Some(Call {
            wanted,
            demand: demand.max(1),
            rate: self.rate,
            throttled: std::mem::take(&mut state.throttled),
            retry_after: std::mem::take(&mut state.retry_after),
            has_recent_starts: state.own_starts.are_recent(now),
            lead: state.server_time.round_trip(),
        })
    }

    /// Records a throttled attempt. Returns the call that reports it to the other processes.
    pub(super) fn record_throttled(
        &self,
        retry_after: Option<Duration>,
        now: Duration,
    ) -> Option<Call> {
        let mut state = self.lock();
        state.throttled = state.throttled.saturating_add(1);
        let retry_after = retry_after.unwrap_or_default().min(MAX_PAUSE);
        state.retry_after = state.retry_after.max(retry_after);
        state.paused_until = state.paused_until.max(now.saturating_add(retry_after));
        self.next_call(&mut state, now)
    }

    /// Records the response to a call.
    pub(super) fn record_response(
        &self,
        response: &Response,
        sent: Duration,
        received: Duration,
    ) -> (Change, Option<Call>) {
        let mut state = self.lock();
        state.is_calling = false;
        state.active = Some(response.active);
        state.server_time.record(response.now, sent, received);
        for delay in &response.delays {
            let start = state.server_time.to_local(response.now.saturating_add(*delay));
            let valid_until = start.saturating_add(tolerance(state.expirations));
            state.reservations.push_back(Reservation { start, valid_until });
        }
        let change = match state.fallback.take() {
            Some(_) => Change::ToServer,
            None => Change::None,
        };
        let call = match state.throttled {
            0 => None,
            _ => self.next_call(&mut state, received),
        };
        wake_first(state);
        (change, call)
    }

    /// Records that a call failed, or that its response is late (`is_late`) and may still arrive. Calls `to_fallback` if
    /// the starts were limited by the server until now, before a task is woken that starts without it.
    pub(super) fn record_failure(&self, now: Duration, is_late: bool, to_fallback: impl FnOnce()) {
        let mut state = self.lock();
        state.is_calling = is_late;
        let old = state.fallback;
        let backoff = old.map_or(MIN_BACKOFF, |old| (old.backoff * 2).min(MAX_BACKOFF));
        state.fallback = Some(Fallback { backoff, next_call: now.saturating_add(backoff) });
        // What was throttled meanwhile is old when the server is back.
        state.throttled = 0;
        if old.is_none() {
            drop(state);
            to_fallback();
            state = self.lock();
        }
        wake_first(state);
    }

    /// Gives up the place of a task.
    pub(super) fn leave(&self, ticket: u64) {
        remove_ticket(self.lock(), ticket);
    }

    /// Returns whether starts are limited without the server.
    pub(super) fn is_in_fallback(&self) -> bool {
        self.lock().fallback.is_some()
    }

    /// Returns whether the queue has something to remember.
    pub(super) fn is_in_use(&self, now: Duration) -> bool {
        let state = self.lock();
        !state.waiting.is_empty()
            || state.is_calling
            || now < state.paused_until
            || state.own_starts.are_recent(now)
    }
}

/// Removes a ticket from the queue and wakes the task that is first now.
fn remove_ticket(mut state: MutexGuard<'_, State>, ticket: u64) {
    state.waiting.remove(&ticket);
    wake_first(state);
}

/// Returns how late a call may start. A machine that always wakes tasks too late would never start one.
fn tolerance(expirations: u32) -> Duration {
    match expirations {
        0..4 => TOLERANCE,
        _ => TOLERANCE * 8,
    }
}

fn wake_first(state: MutexGuard<'_, State>) {
    let waker = state.waiting.first_key_value().map(|(_, waker)| waker.clone());
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}
