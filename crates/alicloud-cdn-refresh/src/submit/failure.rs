//! Failed calls, and what they mean for other calls.

use std::time::Duration;

use alicloud_cdn::{Error, error_code};
use alicloud_core::Outcome;

use crate::quota::is_minute_quota_code;
use crate::stored_error::StoredError;

/// Wait after a call that the minute quota rejected.
const MINUTE: Duration = Duration::from_secs(60);

/// First wait after another throttled call, before jitter; it doubles up to a minute. The client has
/// retried the call for a few seconds already.
const MIN_BACKOFF: Duration = Duration::from_secs(4);

/// A failed call.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: StoredError,
    pub(super) outcome: Outcome,
    pub(super) effect: Effect,
}

/// What a failed call means for other calls.
#[derive(Debug)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// Calls of its queue are rejected for a while.
    Throttled(Throttling),
    /// Calls of its kind would be rejected: the daily quota is exhausted.
    ExhaustsKind,
    /// Every call would fail: bad credentials, no connection, a wrong clock.
    StopsAll,
}

/// How a call was throttled.
#[derive(Debug)]
pub(super) struct Throttling {
    /// How long the service asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// Whether the minute quota of the domain and kind is exhausted.
    pub(super) is_minute_quota: bool,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let code = error.code().unwrap_or_default();
        let outcome = match error.outcome() {
            // The time was up while the call waited after a rejected attempt, such as a throttled one.
            Outcome::Rejected if error.is_timeout() => Outcome::NotSent,
            outcome => outcome,
        };
        let is_minute_quota = is_minute_quota_code(code);
        let effect = if outcome == Outcome::Rejected && (error.is_throttling() || is_minute_quota) {
            Effect::Throttled(Throttling { retry_after: error.retry_after(), is_minute_quota })
        } else if error.is_auth() || error.is_connect() || error.is_clock_skew() {
            Effect::StopsAll
        } else if code.starts_with("QuotaExceeded") || code == error_code::PRELOAD_QUEUE_FULL {
            // A call that is too large does not affect others.
            Effect::ExhaustsKind
        } else {
            Effect::None
        };
        Failure { error: StoredError::from(error), outcome, effect }
    }
}

impl Throttling {
    /// Returns how long a queue waits after a number of earlier waits: the service's hint, a minute for
    /// the minute quota, or a backoff that doubles. The seed varies it by up to a quarter, so that
    /// programs that were throttled together do not retry together; a minute and a hint are never
    /// shortened.
    pub(super) fn wait(&self, earlier_waits: u32, seed: u32) -> Duration {
        if let Some(hint) = self.retry_after {
            return hint.saturating_add(scaled(MIN_BACKOFF / 4, seed));
        }
        if self.is_minute_quota {
            return MINUTE;
        }
        let factor = 1_u32.checked_shl(earlier_waits).unwrap_or(u32::MAX);
        let backoff = MIN_BACKOFF.saturating_mul(factor).min(MINUTE);
        backoff - backoff / 4 + scaled(backoff / 4, seed)
    }
}

/// Returns the part of a duration that a seed selects, from nothing to all of it.
fn scaled(duration: Duration, seed: u32) -> Duration {
    duration.mul_f64(f64::from(seed) / f64::from(u32::MAX))
}
