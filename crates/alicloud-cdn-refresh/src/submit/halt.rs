//! What need not be tried any more.

use alicloud_cdn::{Error, error_code};

use super::rest::Lane;
use crate::kind::TargetKind;
use crate::status::StoredError;

/// What need not be tried any more.
#[derive(Default)]
pub(super) struct Halt {
    all: Option<StoredError>,
    kinds: Vec<(Option<TargetKind>, StoredError)>,
    lanes: Vec<(Lane, StoredError)>,
}

impl Halt {
    /// Learns from a failed call.
    pub(super) fn after(&mut self, error: &Error, kind: Option<TargetKind>) {
        if error.is_auth() || error.is_connect() || error.is_clock_skew() {
            self.all = Some(StoredError::from(error));
        } else if is_used_up(error) {
            self.kinds.push((kind, StoredError::from(error)));
        }
    }

    /// Learns that waiting for the next minute does not help.
    pub(super) fn lane(&mut self, lane: Lane, error: &Error) {
        self.lanes.push((lane, StoredError::from(error)));
    }

    /// Why a call need not be tried.
    pub(super) fn of(&self, lane: &Lane) -> Option<StoredError> {
        let of_kind = self.kinds.iter().find(|(halted, _)| *halted == lane.kind);
        let of_lane = self.lanes.iter().find(|(halted, _)| halted == lane);
        let of_kind = of_kind.map(|(_, error)| error);
        self.all.as_ref().or(of_kind).or(of_lane.map(|(_, error)| error)).cloned()
    }
}

/// Whether nothing more of a kind will be taken. That one call is too large says nothing about others.
fn is_used_up(error: &Error) -> bool {
    let code = error.code().unwrap_or_default();
    code.starts_with("QuotaExceeded") || code == error_code::PRELOAD_QUEUE_FULL
}
