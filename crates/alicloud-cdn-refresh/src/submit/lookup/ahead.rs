//! The difference between our clock and the service's clock.

use std::time::{Duration, SystemTime};

use alicloud_core::Response;

use crate::time::clamp_to_rfc3339;

/// A larger difference is more likely caused by a wrong header than by a wrong clock.
const MAX_DIFFERENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// How far the service's clock is ahead of ours, or behind it.
#[derive(Clone, Copy, Default)]
pub(super) struct ClockOffset {
    difference: Duration,
    is_behind: bool,
}

impl ClockOffset {
    /// Computes the offset from the `Date` header of a response that has just arrived. Returns `None`
    /// without a usable date; that of a cached response is the time at which it was cached.
    pub(super) fn from_response<T>(response: &Response<T>, now: SystemTime) -> Option<Self> {
        let date = response.date().filter(|_| !response.headers.contains_key("age"))?;
        let offset = match date.duration_since(now) {
            Ok(difference) => ClockOffset { difference, is_behind: false },
            Err(error) => ClockOffset { difference: error.duration(), is_behind: true },
        };
        (offset.difference <= MAX_DIFFERENCE).then_some(offset)
    }

    /// Converts a time of our clock into a time of the service's clock.
    pub(super) fn to_service_time(self, time: SystemTime) -> SystemTime {
        let service_time = match self.is_behind {
            true => time.checked_sub(self.difference),
            false => time.checked_add(self.difference),
        };
        service_time.unwrap_or(time)
    }
}

/// Formats a time for a request parameter.
pub(super) fn format_rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(clamp_to_rfc3339(time)).to_string()
}
