//! The only code of xtask that reads the clock.

use std::time::Instant;

/// Returns the current time, to measure how long a command takes.
#[allow(clippy::disallowed_methods, reason = "only for elapsed times that are printed")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
