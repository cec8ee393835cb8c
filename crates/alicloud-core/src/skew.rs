//! Clocks that disagree: how far a service's is ahead of ours.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, header};

/// A difference that would not change what is signed by enough to matter.
const LEAST: Duration = Duration::from_secs(2);

/// A clock further off than this is more likely a header that is wrong.
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// What was learned of the clocks of hosts. The clones of a client share it.
#[derive(Default)]
pub(crate) struct Skew {
    /// Whether anything was learned: clocks are right nearly always, and then nobody waits for a
    /// lock.
    any: AtomicBool,
    offsets: Mutex<BTreeMap<String, Offset>>,
}

/// How far another clock is ahead of ours, or behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Offset {
    ahead: bool,
    by: Duration,
}

impl Offset {
    fn between(theirs: SystemTime, ours: SystemTime) -> Offset {
        match theirs.duration_since(ours) {
            Ok(by) => Offset { ahead: true, by },
            Err(error) => Offset { ahead: false, by: error.duration() },
        }
    }

    fn apply(self, time: SystemTime) -> SystemTime {
        let applied =
            if self.ahead { time.checked_add(self.by) } else { time.checked_sub(self.by) };
        applied.unwrap_or(time)
    }
}

/// When an attempt was made.
#[derive(Clone, Copy)]
pub(crate) struct Sending {
    /// By our clock.
    pub(crate) at: SystemTime,
    /// The time that was signed.
    pub(crate) signed: SystemTime,
    /// From before it was sent until its response was there.
    pub(crate) took: Duration,
}

impl Skew {
    /// The time to sign for a host.
    pub(crate) fn correct(&self, host: &str, time: SystemTime) -> SystemTime {
        if !self.any.load(Ordering::Acquire) {
            return time;
        }
        self.lock().get(host).map_or(time, |offset| offset.apply(time))
    }

    /// Learns from the head of a response which says that the time was wrong. Whether signing the same
    /// again would now sign another time.
    pub(crate) fn learn(&self, host: &str, headers: &HeaderMap, sending: Sending) -> bool {
        // A response out of a cache tells the time at which it was put there.
        let Some(date) = date(headers).filter(|_| !headers.contains_key(header::AGE)) else {
            return false;
        };
        // The service looked at its clock at some moment between; the middle is off by least.
        let half = sending.took / 2;
        let (Some(ours), Some(signed)) =
            (sending.at.checked_add(half), sending.signed.checked_add(half))
        else {
            return false;
        };
        let offset = Offset::between(date, ours);
        if offset.by > MOST || Offset::between(date, signed).by < LEAST {
            return false;
        }
        self.lock().insert(host.to_owned(), offset);
        self.any.store(true, Ordering::Release);
        true
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Offset>> {
        self.offsets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    parse_date(headers.get(header::DATE)?.to_str().ok()?)
}

/// Reads `Fri, 02 Jan 2026 03:04:05 GMT`, the one form in which servers write dates.
fn parse_date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.trim().split_once(", ")?.1.split(' ');
    let mut number = |most: u64| {
        let number: u64 = words.next()?.parse().ok()?;
        (number <= most).then_some(number)
    };
    let day = number(31)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|known| *known == month)? as u64;
    let year: u64 = words.next()?.parse().ok().filter(|year| (1970..=9999).contains(year))?;
    let mut clock = words.next()?.split(':');
    let mut number = |most: u64| {
        let number: u64 = clock.next()?.parse().ok()?;
        (number <= most).then_some(number)
    };
    let seconds = number(23)? * 3_600 + number(59)? * 60 + number(60)?;
    if words.next() != Some("GMT") || words.next().is_some() || day == 0 {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    UNIX_EPOCH.checked_add(Duration::from_secs((days - 719_468) * 86_400 + seconds))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::sign::http_date;

    const NOW: u64 = 1_767_323_045;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn sending(took: u64) -> Sending {
        Sending { at: at(NOW), signed: at(NOW), took: Duration::from_secs(took) }
    }

    fn headers(date: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, HeaderValue::from_str(date).unwrap());
        headers
    }

    #[test]
    fn reads_the_dates_that_we_write() {
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
            assert_eq!(parse_date(&http_date(at(seconds))), Some(at(seconds)));
        }
        for text in [
            "",
            "Fri",
            "Fri, 02 Jan 2026",
            "Fri, 02 Jan 2026 03:04:05",
            "Fri, 02 Jan 2026 03:04:05 CET",
            "Fri, 02 Jan 2026 03:04:05 GMT x",
            "Fri, 00 Jan 2026 03:04:05 GMT",
            "Fri, 02 jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 1969 03:04:05 GMT",
            "Fri, 02 Jan 99999999999 03:04:05 GMT",
            "Fri, 02 Jan 2026 24:04:05 GMT",
            "Friday, 02-Jan-26 03:04:05 GMT",
            "2026-01-02T03:04:05Z",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn learns_the_middle() {
        for (theirs, took, expected) in [
            (NOW + 3_600, 0, at(NOW + 3_600)),
            (NOW - 3_600, 0, at(NOW - 3_600)),
            (NOW + 3_600, 10, at(NOW + 3_595)),
        ] {
            let skew = Skew::default();
            assert_eq!(skew.correct("a", at(NOW)), at(NOW));
            assert!(skew.learn("a", &headers(&http_date(at(theirs))), sending(took)));
            assert_eq!(skew.correct("a", at(NOW)), expected);
            assert_eq!(skew.correct("b", at(NOW)), at(NOW), "another host has another clock");
        }
    }

    #[test]
    fn does_not_believe_everything() {
        let hour = http_date(at(NOW + 3_600));
        let mut cached = headers(&hour);
        cached.insert(header::AGE, HeaderValue::from_static("0"));
        let skew = Skew::default();
        for (why, headers) in [
            ("out of a cache", cached),
            ("no date", HeaderMap::new()),
            ("not a date", headers("soon")),
            ("the clocks agree", headers(&http_date(at(NOW + 1)))),
            ("two days", headers(&http_date(at(NOW + 2 * 86_400)))),
        ] {
            assert!(!skew.learn("a", &headers, sending(0)), "{why}");
        }
        assert_eq!(skew.correct("a", at(NOW)), at(NOW));
        // What was signed was right already, so signing it again cannot help.
        let signed = Sending { signed: at(NOW + 3_600), ..sending(0) };
        assert!(!skew.learn("a", &headers(&hour), signed));
    }
}
