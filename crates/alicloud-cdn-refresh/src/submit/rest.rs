//! Queues with throttled calls: how long they wait, and when they give up.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, SystemTime};

use alicloud_cdn::Error;
use alicloud_core::Outcome;

use crate::job::JobCall;
use crate::kind::TargetKind;
use crate::quota::is_minute_quota_code;

/// How long a queue waits without an accepted call before it gives up.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// Wait after a call that the minute quota rejected.
const MINUTE: Duration = Duration::from_secs(60);

/// First wait after another throttled call, before jitter; it doubles up to a minute. The client has
/// retried the call for a few seconds already.
const MIN_BACKOFF: Duration = Duration::from_secs(4);

/// Identity of a queue: calls of one domain and kind, which share a minute quota.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct QueueKey {
    pub(super) kind: TargetKind,
    domain: String,
}

impl QueueKey {
    /// Returns the queue of a call, or `None` for a call that was built from a task id.
    pub(super) fn from_call(call: &JobCall) -> Option<Self> {
        Some(QueueKey { kind: call.kind?, domain: call.domain.clone() })
    }
}

/// Queues with a throttled call.
#[derive(Default)]
pub(super) struct ThrottledQueues(HashMap<QueueKey, ThrottledQueue>);

#[derive(Default)]
struct ThrottledQueue {
    is_waiting: bool,
    /// Total and number of the waits since the last accepted call.
    waited: Duration,
    waits: u32,
    calls: Vec<usize>,
}

/// What to do after a throttled call.
#[derive(Clone, Copy)]
pub(super) enum ThrottleAction {
    /// The queue starts to wait for this long.
    StartWaiting(Duration),
    /// The queue is waiting already.
    KeepWaiting,
    /// The queue has waited too long, or the service asks for a longer wait.
    GiveUp,
}

impl ThrottledQueues {
    /// Adds a call to its queue if that is waiting, and returns whether it is.
    pub(super) fn hold_if_waiting(&mut self, queue: &QueueKey, call: usize) -> bool {
        match self.0.get_mut(queue) {
            Some(throttled) if throttled.is_waiting => {
                throttled.calls.push(call);
                true
            }
            _ => false,
        }
    }

    /// Records a throttled call.
    pub(super) fn record_throttled(
        &mut self,
        queue: &QueueKey,
        call: usize,
        sent_at: SystemTime,
        error: &Error,
    ) -> ThrottleAction {
        let throttled = self.0.entry(queue.clone()).or_default();
        if throttled.is_waiting {
            throttled.calls.push(call);
            return ThrottleAction::KeepWaiting;
        }
        let wait = wait_after(error, throttled.waits, jitter_seed(call, sent_at));
        if throttled.waited.saturating_add(wait) > MAX_WAIT {
            return ThrottleAction::GiveUp;
        }
        throttled.calls.push(call);
        throttled.is_waiting = true;
        throttled.waited += wait;
        throttled.waits += 1;
        ThrottleAction::StartWaiting(wait)
    }

    /// Records an accepted call.
    pub(super) fn record_accepted(&mut self, queue: &QueueKey) {
        if let Some(throttled) = self.0.get_mut(queue) {
            (throttled.waited, throttled.waits) = (Duration::ZERO, 0);
        }
    }

    /// Returns the queues that are waiting.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &QueueKey> {
        self.0.iter().filter(|(_, throttled)| throttled.is_waiting).map(|(queue, _)| queue)
    }

    /// Ends the wait of a queue and returns its calls, in order.
    pub(super) fn release(&mut self, queue: &QueueKey) -> Vec<usize> {
        let Some(throttled) = self.0.get_mut(queue) else { return Vec::new() };
        throttled.is_waiting = false;
        let mut calls = std::mem::take(&mut throttled.calls);
        calls.sort_unstable();
        calls
    }
}

/// Returns whether the call was rejected only because of the number of calls or objects at the moment.
pub(super) fn is_throttled(error: &Error) -> bool {
    error.outcome() == Outcome::Rejected
        && (error.is_throttling() || error.code().is_some_and(is_minute_quota_code))
}

/// Returns how long a queue waits: the service's hint, a minute for the minute quota, or a backoff that
/// doubles. Random by up to a quarter, so that programs that were throttled together do not retry
/// together; a minute and a hint are never shortened.
fn wait_after(error: &Error, waits: u32, seed: u32) -> Duration {
    if let Some(hint) = error.retry_after() {
        return hint.saturating_add(scaled(MIN_BACKOFF / 4, seed));
    }
    if error.code().is_some_and(is_minute_quota_code) {
        return MINUTE;
    }
    let factor = 1_u32.checked_shl(waits).unwrap_or(u32::MAX);
    let backoff = MIN_BACKOFF.saturating_mul(factor).min(MINUTE);
    backoff - backoff / 4 + scaled(backoff / 4, seed)
}

/// Returns a number that differs between programs and calls: a clock's nanoseconds are not shared.
fn jitter_seed(call: usize, sent_at: SystemTime) -> u32 {
    let mut hasher = DefaultHasher::new();
    (call, sent_at).hash(&mut hasher);
    // The upper half of the hash.
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}

/// Returns the part of a duration that a seed selects, from nothing to all of it.
fn scaled(duration: Duration, seed: u32) -> Duration {
    duration.mul_f64(f64::from(seed) / f64::from(u32::MAX))
}
