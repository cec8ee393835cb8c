//! Queues of calls: which may be sent, which wait after throttling, and which are closed.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::failure::{Effect, Throttling};
use crate::job::JobCall;
use crate::kind::TargetKind;
use crate::stored_error::StoredError;

/// How long a queue waits without an accepted call before it is closed.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// Identity of a queue: calls of one domain and kind, which share a minute quota.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct QueueKey {
    pub(super) kind: TargetKind,
    pub(super) domain: String,
}

impl QueueKey {
    /// Returns the queue of a call, or `None` for a call that was built from a task id.
    pub(super) fn from_call(call: &JobCall) -> Option<Self> {
        Some(QueueKey { kind: call.kind?, domain: call.domain.clone() })
    }
}

/// All queues. One that is neither waiting nor closed is open.
#[derive(Default)]
pub(super) struct Queues {
    throttled: BTreeMap<QueueKey, ThrottledQueue>,
    /// Number of queues that are waiting.
    waiting: usize,
    /// Why every queue is closed.
    closed: Option<StoredError>,
    /// Why the queues of a kind are closed.
    closed_kinds: HashMap<TargetKind, StoredError>,
}

/// A queue that was throttled.
#[derive(Default)]
struct ThrottledQueue {
    /// The calls that wait; `None` if the queue is not waiting.
    held: Option<Vec<usize>>,
    /// Total and number of the waits since the last accepted call.
    waited: Duration,
    waits: u32,
    /// Why the queue is closed: it was throttled for too long.
    closed: Option<StoredError>,
}

/// Whether a call may be sent.
pub(super) enum Admission {
    /// Now.
    Open,
    /// Later: it was added to its waiting queue.
    Held,
    /// No: it would fail for the reason another call failed for.
    Closed(StoredError),
}

/// What follows from a throttled call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Throttled {
    /// The queue starts to wait for this long, and holds the call.
    Waits(Duration),
    /// The queue is waiting already, and holds the call.
    Held,
    /// The queue is closed: for another reason, or because it has waited too long or the service asks
    /// for a longer wait.
    Closed,
}

impl Queues {
    /// Returns whether a call may be sent.
    pub(super) fn admit(&mut self, queue: &QueueKey, call: usize) -> Admission {
        if let Some(error) = self.closed_by(queue) {
            return Admission::Closed(error.clone());
        }
        match self.throttled.get_mut(queue).and_then(|throttled| throttled.held.as_mut()) {
            Some(held) => {
                held.push(call);
                Admission::Held
            }
            None => Admission::Open,
        }
    }

    /// Records an accepted call.
    pub(super) fn record_accepted(&mut self, queue: &QueueKey) {
        if let Some(throttled) = self.throttled.get_mut(queue) {
            (throttled.waited, throttled.waits) = (Duration::ZERO, 0);
        }
    }

    /// Records a throttled call.
    pub(super) fn record_throttled(
        &mut self,
        queue: &QueueKey,
        call: usize,
        throttling: &Throttling,
        seed: u32,
        error: &StoredError,
    ) -> Throttled {
        if self.closed_by(queue).is_some() {
            return Throttled::Closed;
        }
        let throttled = self.throttled.entry(queue.clone()).or_default();
        if let Some(held) = &mut throttled.held {
            held.push(call);
            return Throttled::Held;
        }
        let wait = throttling.wait(throttled.waits, seed);
        if throttled.waited.saturating_add(wait) > MAX_WAIT {
            throttled.closed = Some(error.clone());
            return Throttled::Closed;
        }
        throttled.held = Some(vec![call]);
        throttled.waited += wait;
        throttled.waits += 1;
        self.waiting += 1;
        Throttled::Waits(wait)
    }

    /// Closes the queues that a failed call of a kind affects. Ends their waits and returns their calls:
    /// calls that will not be sent need not wait.
    pub(super) fn close(
        &mut self,
        effect: &Effect,
        kind: TargetKind,
        error: &StoredError,
    ) -> Vec<usize> {
        match effect {
            Effect::StopsAll => self.closed = Some(error.clone()),
            Effect::ExhaustsKind => {
                self.closed_kinds.entry(kind).or_insert_with(|| error.clone());
            }
            Effect::None | Effect::Throttled(_) => return Vec::new(),
        }
        let closed: Vec<QueueKey> = self
            .throttled
            .keys()
            .filter(|queue| self.closed_by(queue).is_some())
            .cloned()
            .collect();
        closed.iter().flat_map(|queue| self.release(queue)).collect()
    }

    fn closed_by(&self, queue: &QueueKey) -> Option<&StoredError> {
        let throttled = || self.throttled.get(queue)?.closed.as_ref();
        self.closed.as_ref().or_else(|| self.closed_kinds.get(&queue.kind)).or_else(throttled)
    }

    /// Returns whether a queue is waiting.
    pub(super) fn is_any_waiting(&self) -> bool {
        self.waiting > 0
    }

    /// Ends the wait of a queue and returns its calls, in order.
    pub(super) fn release(&mut self, queue: &QueueKey) -> Vec<usize> {
        let throttled = self.throttled.get_mut(queue);
        let Some(mut held) = throttled.and_then(|throttled| throttled.held.take()) else {
            // The timer of a queue that was closed meanwhile.
            return Vec::new();
        };
        self.waiting -= 1;
        held.sort_unstable();
        held
    }
}
