//! The service's clock and its time formats.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;

/// A function that returns the current time.
pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

#[allow(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
pub(crate) fn system() -> Clock {
    Arc::new(SystemTime::now)
}

/// The last second of year 9999; later years have more than four digits.
const LAST_SECOND: u64 = 253_402_300_799;

/// Formats a `date` header such as `Fri, 02 Jan 2026 03:04:05 GMT`.
///
/// Clients correct their own clock by this header, so it must follow the service's clock; hyper
/// would write the system's. Times outside of the years 1970 to 9999 are clamped.
pub(crate) fn http_date(time: SystemTime) -> Option<HeaderValue> {
    HeaderValue::try_from(httpdate::fmt_http_date(truncate_to_second(time))).ok()
}

/// Formats a timestamp such as `2026-01-02T03:04:05Z`, clamped like [`http_date`].
pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(truncate_to_second(time)).to_string()
}

/// Parses `YYYY-MM-DDThh:mm:ssZ`, and no other form.
pub(crate) fn parse_timestamp(text: &str) -> Option<SystemTime> {
    // humantime also accepts fractions of a second; the service does not.
    let has_exact_length = text.len() == "YYYY-MM-DDThh:mm:ssZ".len();
    has_exact_length.then(|| humantime::parse_rfc3339(text).ok())?
}

/// Parses `Fri, 02 Jan 2026 03:04:05 GMT`, and no other form.
pub(crate) fn parse_http_date(text: &str) -> Option<SystemTime> {
    // The crate also accepts older formats; the service does not.
    let time = httpdate::parse_http_date(text).ok()?;
    (http_date(time)? == text).then_some(time)
}

/// Returns the seconds since 1970, clamped like [`http_date`].
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs()).min(LAST_SECOND)
}

/// Removes the fraction of a second.
pub(crate) fn truncate_to_second(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(unix_seconds(time))
}

/// Adds a duration, up to the end of year 9999.
pub(crate) fn saturating_add(time: SystemTime, duration: Duration) -> SystemTime {
    let last = UNIX_EPOCH + Duration::from_secs(LAST_SECOND);
    time.checked_add(duration).map_or(last, |sum| sum.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(seconds: u64) -> HeaderValue {
        http_date(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap()
    }

    #[test]
    fn http_dates_are_formatted() {
        assert_eq!(date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date(1_767_323_045), "Fri, 02 Jan 2026 03:04:05 GMT");
        assert_eq!(date(1_709_164_800), "Thu, 29 Feb 2024 00:00:00 GMT");
    }

    #[test]
    fn http_dates_are_parsed() {
        for second in [0, 784_111_777, 1_709_164_800, LAST_SECOND] {
            let time = UNIX_EPOCH + Duration::from_secs(second);
            assert_eq!(parse_http_date(date(second).to_str().unwrap()), Some(time));
        }
        for invalid in [
            "",
            "Sat, 02 Jan 2026 03:04:05 GMT",
            "Fri, 2 Jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 2026 03:04:05 UTC",
            "Fri, 02 Jan 2026 03:04:05",
            "Fri, 02 jan 2026 03:04:05 GMT",
            "2026-01-02T03:04:05Z",
        ] {
            assert_eq!(parse_http_date(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn times_out_of_range_are_clamped() {
        assert_eq!(
            http_date(UNIX_EPOCH - Duration::from_secs(1)).unwrap(),
            "Thu, 01 Jan 1970 00:00:00 GMT"
        );
        assert_eq!(date(u64::from(u32::MAX) * 1000), "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}
