//! Times that can be written.

use std::time::{Duration, SystemTime};

/// The last second that RFC 3339 can write, after 1970.
const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);

/// The nearest time that RFC 3339 can write: a clock can be off by any number of years.
pub(crate) fn writable(time: SystemTime) -> SystemTime {
    let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + since_1970.min(LAST_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_time_can_be_written() {
        let far = Duration::from_secs(1 << 40);
        for time in
            [SystemTime::UNIX_EPOCH - far, SystemTime::UNIX_EPOCH + far, SystemTime::UNIX_EPOCH]
        {
            assert!(humantime::format_rfc3339_millis(writable(time)).to_string().ends_with('Z'));
        }
    }
}
