//! The two time formats of requests.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second of the year 9999; both formats have four digits for the year.
const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);

/// Formats a time as `2026-01-02T03:04:05Z`, for the header `x-acs-date` and the parameter
/// `Timestamp`.
///
/// Of a time before 1970 or after 9999, formats the first or last second of these years.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use alicloud_core::sign::timestamp;
///
/// let time = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
/// assert_eq!(timestamp(time), "2026-01-02T03:04:05Z");
/// ```
pub fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(clamp(time)).to_string()
}

/// Formats a time as `Fri, 02 Jan 2026 03:04:05 GMT`, for the header `Date`.
///
/// Of a time before 1970 or after 9999, formats the first or last second of these years.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use alicloud_core::sign::http_date;
///
/// let time = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
/// assert_eq!(http_date(time), "Fri, 02 Jan 2026 03:04:05 GMT");
/// ```
pub fn http_date(time: SystemTime) -> String {
    httpdate::fmt_http_date(clamp(time))
}

/// Returns the nearest time that both crates can format; they panic on others.
fn clamp(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + time.duration_since(UNIX_EPOCH).unwrap_or_default().min(LAST_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unix_time(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn formats_known_times() {
        for (seconds, iso, http) in [
            (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_399, "2000-02-28T23:59:59Z", "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_767_323_045, "2026-01-02T03:04:05Z", "Fri, 02 Jan 2026 03:04:05 GMT"),
            (4_107_542_400, "2100-03-01T00:00:00Z", "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(timestamp(unix_time(seconds)), iso);
            assert_eq!(http_date(unix_time(seconds)), http);
        }
        let fraction = UNIX_EPOCH + Duration::from_millis(1_767_323_045_999);
        assert_eq!(timestamp(fraction), "2026-01-02T03:04:05Z");
    }

    #[test]
    fn clamps_times_out_of_range() {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(timestamp(before), "1970-01-01T00:00:00Z");
        assert_eq!(http_date(before), "Thu, 01 Jan 1970 00:00:00 GMT");
        for seconds in [253_402_300_800, i64::MAX as u64] {
            assert_eq!(timestamp(unix_time(seconds)), "9999-12-31T23:59:59Z");
            assert_eq!(http_date(unix_time(seconds)), "Fri, 31 Dec 9999 23:59:59 GMT");
        }
    }
}
