//! The one place that looks at the clock.

use std::time::Instant;

#[allow(
    clippy::disallowed_methods,
    reason = "a maintainer's command measures itself; nothing that it writes depends on it"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}
