//! The dates of HTTP headers.

use std::time::{Duration, SystemTime};

/// Parses `Fri, 02 Jan 2026 03:04:05 GMT` or one of the two older formats of HTTP dates.
pub(crate) fn parse_http_date(text: &str) -> Option<SystemTime> {
    if let Ok(time) = httpdate::parse_http_date(text) {
        return Some(time);
    }
    // The crate accepts no leap second.
    let previous_second = text.trim().strip_suffix(":60 GMT")?;
    let time = httpdate::parse_http_date(&format!("{previous_second}:59 GMT")).ok()?;
    time.checked_add(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::sign::http_date;

    const NOW: u64 = 1_767_323_045;

    fn unix_time(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn parses_http_dates() {
        for seconds in [
            0,
            68_169_600,
            951_782_399,
            951_782_400,
            1_709_251_199,
            NOW,
            4_107_542_400,
            253_402_300_799,
        ] {
            assert_eq!(parse_http_date(&http_date(unix_time(seconds))), Some(unix_time(seconds)));
        }
        // The days of a leap year, of a century and of the turn of an era of 400 years.
        for first in [1_704_067_200, 4_102_444_800, 951_696_000] {
            for seconds in (0..366).map(|day| first + day * 86_401) {
                let time = unix_time(seconds);
                assert_eq!(parse_http_date(&http_date(time)), Some(time));
            }
        }
        let leap_second = parse_http_date(" Sat, 31 Dec 2016 23:59:60 GMT ");
        assert_eq!(leap_second, Some(unix_time(1_483_228_800)));
        for older_format in ["Friday, 02-Jan-26 03:04:05 GMT", "Fri Jan  2 03:04:05 2026"] {
            assert_eq!(parse_http_date(older_format), Some(unix_time(NOW)), "{older_format}");
        }
    }

    #[test]
    fn rejects_other_texts() {
        for text in [
            "",
            "Fri",
            "Fri, 02 Jan 2026",
            "Fri, 02 Jan 2026 03:04:05",
            "Fri, 02 Jan 2026 03:04:05 CET",
            "Fri, 02 Jan 2026 03:04:05 GMT x",
            "Fri, 00 Jan 2026 03:04:05 GMT",
            "Fri, 02 jan 2026 03:04:05 GMT",
            "Sat, 02 Jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 1969 03:04:05 GMT",
            "Fri, 02 Jan 99999999999 03:04:05 GMT",
            "Fri, 02 Jan 2026 24:04:05 GMT",
            "Fri, 02 Jan 2026 03:60:05 GMT",
            "Fri, 02 Jan 2026 03:04:61 GMT",
            "Fri, 02 Jan 2026 03:04 GMT",
            "Fri, 32 Jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 10000 03:04:05 GMT",
            "Fri, 02 Jän 2026 03:04:05 GMT",
            "2026-01-02T03:04:05Z",
            ":60 GMT",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }
}
