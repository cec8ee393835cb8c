//! Timestamps within the range of RFC 3339.

use std::time::{Duration, SystemTime};

/// The last second that RFC 3339 can express, as time since 1970.
const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);

/// Returns the nearest time that RFC 3339 can express: a clock can be wrong by any number of years.
pub(crate) fn clamp_to_rfc3339(time: SystemTime) -> SystemTime {
    let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + since_1970.min(LAST_SECOND)
}

/// Formats a time for a request parameter, in whole seconds.
pub(crate) fn format_rfc3339_seconds(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(clamp_to_rfc3339(time)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_time_can_be_formatted() {
        let far = Duration::from_secs(1 << 40);
        for time in
            [SystemTime::UNIX_EPOCH - far, SystemTime::UNIX_EPOCH + far, SystemTime::UNIX_EPOCH]
        {
            let clamped = clamp_to_rfc3339(time);
            assert!(humantime::format_rfc3339_millis(clamped).to_string().ends_with('Z'));
        }
    }
}
