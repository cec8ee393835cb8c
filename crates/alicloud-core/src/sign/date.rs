//! The two time formats of requests.

use std::time::{SystemTime, UNIX_EPOCH};

/// A date and a time of day in UTC.
struct UtcDateTime {
    year: u64,
    month: usize,
    day: u64,
    weekday: usize,
    hour: u64,
    minute: u64,
    second: u64,
}

/// Formats a time as `2026-01-02T03:04:05Z`, for the header `x-acs-date` and the parameter
/// `Timestamp`.
///
/// A time before 1970 is formatted as the start of 1970.
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
    let time = UtcDateTime::new(time);
    let mut out = String::with_capacity(20);
    push_padded(time.year, 4, &mut out);
    out.push('-');
    push_padded(time.month as u64, 2, &mut out);
    out.push('-');
    push_padded(time.day, 2, &mut out);
    out.push('T');
    push_time_of_day(&time, &mut out);
    out.push('Z');
    out
}

/// Formats a time as `Fri, 02 Jan 2026 03:04:05 GMT`, for the header `Date`.
///
/// A time before 1970 is formatted as the start of 1970.
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
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let time = UtcDateTime::new(time);
    let mut out = String::with_capacity(29);
    out.push_str(DAYS.get(time.weekday).copied().unwrap_or_default());
    out.push_str(", ");
    push_padded(time.day, 2, &mut out);
    out.push(' ');
    out.push_str(MONTHS.get(time.month - 1).copied().unwrap_or_default());
    out.push(' ');
    push_padded(time.year, 4, &mut out);
    out.push(' ');
    push_time_of_day(&time, &mut out);
    out.push_str(" GMT");
    out
}

impl UtcDateTime {
    /// Converts a time, with the usual arithmetic on years that begin in March.
    fn new(time: SystemTime) -> UtcDateTime {
        let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (days, second_of_day) = (seconds / 86_400, seconds % 86_400);
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        UtcDateTime {
            year: era * 400 + year_of_era + u64::from(month <= 2),
            month: month as usize,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            weekday: (days % 7) as usize,
            hour: second_of_day / 3_600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
        }
    }
}

fn push_time_of_day(time: &UtcDateTime, out: &mut String) {
    push_padded(time.hour, 2, out);
    out.push(':');
    push_padded(time.minute, 2, out);
    out.push(':');
    push_padded(time.second, 2, out);
}

/// Appends a number, padded with zeros to `width` digits.
fn push_padded(number: u64, width: u32, out: &mut String) {
    if number >= 10_u64.pow(width) {
        out.push_str(&number.to_string());
        return;
    }
    for exponent in (0..width).rev() {
        let digit = (number / 10_u64.pow(exponent) % 10) as u8;
        out.push(char::from(b'0' + digit));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
            (253_402_300_800, "10000-01-01T00:00:00Z", "Sat, 01 Jan 10000 00:00:00 GMT"),
        ] {
            assert_eq!(timestamp(unix_time(seconds)), iso);
            assert_eq!(http_date(unix_time(seconds)), http);
        }
    }

    #[test]
    fn formats_times_out_of_range() {
        assert_eq!(timestamp(UNIX_EPOCH - Duration::from_secs(1)), "1970-01-01T00:00:00Z");
        assert!(!timestamp(unix_time(i64::MAX as u64)).is_empty());
    }
}
