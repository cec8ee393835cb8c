//! Queues whose minute quota is exhausted, and their calls.

use std::collections::HashMap;

use alicloud_cdn::{Error, error_code};
use alicloud_core::Outcome;

use crate::job::JobCall;
use crate::kind::TargetKind;

/// How many minutes a queue waits without an accepted call before it gives up.
const MAX_MINUTES: u32 = 10;

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
    /// Minutes waited since the last accepted call.
    minutes: u32,
    calls: Vec<usize>,
}

/// What to do after a throttled call.
#[derive(Clone, Copy)]
pub(super) enum ThrottleAction {
    /// The queue starts to wait for the next minute.
    StartWaiting,
    /// The queue is waiting already.
    KeepWaiting,
    /// The queue has waited too long.
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
    pub(super) fn record_throttled(&mut self, queue: &QueueKey, call: usize) -> ThrottleAction {
        let throttled = self.0.entry(queue.clone()).or_default();
        if !throttled.is_waiting && throttled.minutes >= MAX_MINUTES {
            return ThrottleAction::GiveUp;
        }
        throttled.calls.push(call);
        if throttled.is_waiting {
            return ThrottleAction::KeepWaiting;
        }
        throttled.is_waiting = true;
        throttled.minutes += 1;
        ThrottleAction::StartWaiting
    }

    /// Records an accepted call.
    pub(super) fn record_accepted(&mut self, queue: &QueueKey) {
        if let Some(throttled) = self.0.get_mut(queue) {
            throttled.minutes = 0;
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

/// Returns whether the call was rejected because the minute quota is exhausted.
pub(super) fn is_minute_quota_exhausted(error: &Error) -> bool {
    let codes = [error_code::QUOTA_PER_MINUTE_EXCEEDED_REFRESH, error_code::TOO_MANY_REFRESH];
    error.outcome() == Outcome::Rejected && error.code().is_some_and(|code| codes.contains(&code))
}
