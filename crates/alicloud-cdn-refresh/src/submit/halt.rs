//! What need not be tried any more.

use alicloud_cdn::{Error, error_code};
use alicloud_core::Outcome;

use crate::fate::Problem;
use crate::kind::Kind;

/// What need not be tried any more.
#[derive(Default)]
pub(super) struct Halt {
    all: Option<Problem>,
    kinds: Vec<(Option<Kind>, Problem)>,
}

impl Halt {
    /// Learns from a failed call.
    pub(super) fn after(&mut self, error: &Error, kind: Option<Kind>) {
        if error.is_auth() || error.is_connect() || error.is_clock_skew() {
            self.all = Some(Problem::from(error));
        } else if error.is_quota() && !is_of_the_minute(error) {
            self.kinds.push((kind, Problem::from(error)));
        }
    }

    /// Why calls of a kind need not be tried.
    pub(super) fn of(&self, kind: Option<Kind>) -> Option<Problem> {
        let of_kind = self.kinds.iter().find(|(halted, _)| *halted == kind);
        self.all.as_ref().or(of_kind.map(|(_, problem)| problem)).cloned()
    }
}

/// A quota that is there again in a minute.
pub(super) fn is_of_the_minute(error: &Error) -> bool {
    error.code() == Some(error_code::QUOTA_PER_MINUTE_EXCEEDED_REFRESH)
        && error.outcome() == Outcome::Rejected
}
