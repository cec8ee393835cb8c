//! Conditions that stop further calls: they would fail for the reason an earlier call failed for.

use alicloud_cdn::{Error, error_code};

use super::rest::QueueKey;
use crate::kind::TargetKind;
use crate::stored_error::StoredError;

/// Errors that rule out further calls. Entries are never removed.
#[derive(Default)]
pub(super) struct StopConditions {
    /// Rules out every call: bad credentials, no connection, a wrong clock.
    all: Option<StoredError>,
    /// Rules out calls of one kind: its daily quota is exhausted.
    by_kind: Vec<(TargetKind, StoredError)>,
    /// Rules out calls of one queue: it was throttled for too long.
    by_queue: Vec<(QueueKey, StoredError)>,
}

impl StopConditions {
    /// Records a failed call.
    pub(super) fn record(&mut self, error: &Error, kind: TargetKind) {
        if error.is_auth() || error.is_connect() || error.is_clock_skew() {
            self.all = Some(StoredError::from(error));
        } else if is_quota_exhausted(error) {
            self.by_kind.push((kind, StoredError::from(error)));
        }
    }

    /// Records that a queue was throttled for too long.
    pub(super) fn record_exhausted_queue(&mut self, queue: QueueKey, error: &Error) {
        self.by_queue.push((queue, StoredError::from(error)));
    }

    /// Returns the error that rules out a call of this queue, if there is one.
    pub(super) fn blocked_by(&self, queue: &QueueKey) -> Option<&StoredError> {
        let kind_error = || self.by_kind.iter().find(|(kind, _)| *kind == queue.kind);
        let queue_error = || self.by_queue.iter().find(|(blocked, _)| blocked == queue);
        self.all
            .as_ref()
            .or_else(|| kind_error().map(|(_, error)| error))
            .or_else(|| queue_error().map(|(_, error)| error))
    }
}

/// Returns whether no further call of the kind will be accepted. A call that is too large does not affect
/// others.
fn is_quota_exhausted(error: &Error) -> bool {
    let code = error.code().unwrap_or_default();
    code.starts_with("QuotaExceeded") || code == error_code::PRELOAD_QUEUE_FULL
}
