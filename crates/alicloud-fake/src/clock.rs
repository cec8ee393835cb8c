//! The one place that knows what time it is.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;

/// Where the service takes the time from.
pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

#[allow(clippy::disallowed_methods, reason = "this is the seam that everyone else is sent to")]
pub(crate) fn system() -> Clock {
    Arc::new(SystemTime::now)
}

/// The second after which a year needs five digits.
const LAST_SECOND: u64 = 253_402_300_799;

/// `Fri, 02 Jan 2026 03:04:05 GMT`.
///
/// A client corrects its own clock by this header, so it has to follow the service's clock; the
/// HTTP library would write the machine's. Times outside the years 1970 to 9999 are moved to the
/// nearest end, since they have no such text.
pub(crate) fn http_date(time: SystemTime) -> Option<HeaderValue> {
    let seconds = seconds(time);
    let text = timestamp(time);
    let (date, rest) = text.split_once('T')?;
    let time_of_day = rest.strip_suffix('Z')?;
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let weekday = weekday(seconds / 86_400);
    let month = month_name(month);
    HeaderValue::try_from(format!("{weekday}, {day} {month} {year} {time_of_day} GMT")).ok()
}

/// `2026-01-02T03:04:05Z`, with the ends of the calendar as above.
pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(whole_second(time)).to_string()
}

/// Reads exactly `YYYY-MM-DDThh:mm:ssZ`.
pub(crate) fn read_timestamp(text: &str) -> Option<SystemTime> {
    // The parser would take fractions of a second too; the service does not.
    let has_its_length = text.len() == "YYYY-MM-DDThh:mm:ssZ".len();
    has_its_length.then(|| humantime::parse_rfc3339(text).ok())?
}

/// Reads exactly `Fri, 02 Jan 2026 03:04:05 GMT`.
pub(crate) fn read_http_date(text: &str) -> Option<SystemTime> {
    let mut words = text.split(' ').skip(1);
    let (day, month, year, time_of_day) =
        (words.next()?, words.next()?, words.next()?, words.next()?);
    let month =
        (1..=12).map(|number| format!("{number:02}")).find(|number| month_name(number) == month)?;
    let time = read_timestamp(&format!("{year}-{month}-{day}T{time_of_day}Z"))?;
    // Written again it is the same, or something in it was wrong.
    (http_date(time)? == text).then_some(time)
}

/// The second that a time lies in, with the ends of the calendar as above.
pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs()).min(LAST_SECOND)
}

/// The beginning of that second.
pub(crate) fn whole_second(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds(time))
}

/// A time that is later by this much, or the last that there is.
pub(crate) fn later(time: SystemTime, by: Duration) -> SystemTime {
    let last = UNIX_EPOCH + Duration::from_secs(LAST_SECOND);
    time.checked_add(by).map_or(last, |later| later.min(last))
}

/// The first day of 1970 was a Thursday.
fn weekday(days_since_1970: u64) -> &'static str {
    match days_since_1970 % 7 {
        0 => "Thu",
        1 => "Fri",
        2 => "Sat",
        3 => "Sun",
        4 => "Mon",
        5 => "Tue",
        _ => "Wed",
    }
}

fn month_name(number: &str) -> &'static str {
    match number {
        "01" => "Jan",
        "02" => "Feb",
        "03" => "Mar",
        "04" => "Apr",
        "05" => "May",
        "06" => "Jun",
        "07" => "Jul",
        "08" => "Aug",
        "09" => "Sep",
        "10" => "Oct",
        "11" => "Nov",
        _ => "Dec",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(seconds: u64) -> HeaderValue {
        http_date(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap()
    }

    #[test]
    fn dates_are_written_as_http_wants_them() {
        assert_eq!(date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date(1_767_323_045), "Fri, 02 Jan 2026 03:04:05 GMT");
        assert_eq!(date(1_709_164_800), "Thu, 29 Feb 2024 00:00:00 GMT");
    }

    #[test]
    fn dates_of_http_are_read_again() {
        for second in [0, 784_111_777, 1_709_164_800, LAST_SECOND] {
            let time = UNIX_EPOCH + Duration::from_secs(second);
            assert_eq!(read_http_date(date(second).to_str().unwrap()), Some(time));
        }
        for wrong in [
            "",
            "Sat, 02 Jan 2026 03:04:05 GMT",
            "Fri, 2 Jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 2026 03:04:05 UTC",
            "Fri, 02 Jan 2026 03:04:05",
            "Fri, 02 jan 2026 03:04:05 GMT",
            "2026-01-02T03:04:05Z",
        ] {
            assert_eq!(read_http_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_clock_outside_the_calendar_is_moved_to_its_ends() {
        assert_eq!(
            http_date(UNIX_EPOCH - Duration::from_secs(1)).unwrap(),
            "Thu, 01 Jan 1970 00:00:00 GMT"
        );
        assert_eq!(date(u64::from(u32::MAX) * 1000), "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}
