//! Clock skew: how far the clock of a service is ahead of or behind the local clock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

use crate::time::parse_http_date;

/// Minimum difference between the signed time and the service's; a smaller one does not matter.
const MIN_OFFSET: Duration = Duration::from_secs(2);

/// Maximum offset to believe; beyond it, the `Date` header is more likely wrong than the clock.
const MAX_OFFSET: Duration = Duration::from_secs(24 * 60 * 60);

/// Clock offsets of hosts, learned from their responses. Shared by the clones of a client and by its
/// credentials provider.
#[derive(Default)]
pub(crate) struct Skew {
    /// Lets calls skip the lock in the usual case that no clock is off.
    has_offsets: AtomicBool,
    offsets: Mutex<Offsets>,
}

#[derive(Default)]
struct Offsets {
    by_host: BTreeMap<String, ClockOffset>,
    /// The offset learned last. It applies to other hosts, too: all of them measure the local clock.
    last: ClockOffset,
}

/// How far the clock of a service is ahead of the local clock or behind it, from
/// [`Response::clock_offset`](crate::Response::clock_offset). Defaults to no difference.
///
/// Use it to compare timestamps of the service with local ones, because the local clock may be wrong.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use alicloud_core::ClockOffset;
///
/// let time = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
/// assert_eq!(ClockOffset::default().to_service_time(time), time);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClockOffset {
    /// Whether the remote clock is behind the local clock; otherwise it is ahead.
    is_behind: bool,
    size: Duration,
}

impl ClockOffset {
    fn new(remote: SystemTime, local: SystemTime) -> Self {
        match remote.duration_since(local) {
            Ok(size) => ClockOffset { is_behind: false, size },
            Err(error) => ClockOffset { is_behind: true, size: error.duration() },
        }
    }

    /// Returns the offset from the headers of a response and the local time at which the service wrote
    /// them, or `None` without a usable date.
    pub(crate) fn from_headers(headers: &HeaderMap, local: SystemTime) -> Option<Self> {
        // The date of a cached response is the time at which it was cached.
        let date = date(headers).filter(|_| !headers.contains_key(header::AGE))?;
        Some(ClockOffset::new(date, local)).filter(|offset| offset.size <= MAX_OFFSET)
    }

    /// Converts a time of the local clock into one of the service's clock.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use std::time::{Duration, UNIX_EPOCH};
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let headers = [("date", "Fri, 02 Jan 2026 03:04:05 GMT")];
    /// # let fake = FakeTransport::new().respond_raw("DescribeRefreshQuota", 200, &headers, "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let response = client.generic_call("DescribeRefreshQuota").into_call().response().await?;
    /// // The local clock shows 03:03:05.
    /// let received_at = UNIX_EPOCH + Duration::from_secs(1_767_322_985);
    /// let offset = response.clock_offset(received_at).unwrap_or_default();
    /// assert_eq!(Some(offset.to_service_time(received_at)), response.date());
    /// # Ok(()) }
    /// ```
    pub fn to_service_time(self, time: SystemTime) -> SystemTime {
        let service_time = match self.is_behind {
            true => time.checked_sub(self.size),
            false => time.checked_add(self.size),
        };
        service_time.unwrap_or(time)
    }
}

/// Times of one attempt.
#[derive(Clone, Copy)]
pub(crate) struct AttemptTiming {
    /// When it was sent, by the local clock.
    pub(crate) sent_at: SystemTime,
    /// The time that was signed.
    pub(crate) signed_time: SystemTime,
    /// From before it was sent until its response arrived.
    pub(crate) duration: Duration,
}

impl Skew {
    /// Returns the time to sign for a host: by its clock, else by that of the host whose offset was learned
    /// last.
    pub(crate) fn correct(&self, host: &str, time: SystemTime) -> SystemTime {
        self.convert(time, |offsets| offsets.by_host.get(host).copied().unwrap_or(offsets.last))
    }

    /// Returns the time by the clock of the host whose offset was learned last, to compare it with an
    /// expiration.
    pub(crate) fn correct_for_any_host(&self, time: SystemTime) -> SystemTime {
        self.convert(time, |offsets| offsets.last)
    }

    fn convert(
        &self,
        time: SystemTime,
        select: impl FnOnce(&Offsets) -> ClockOffset,
    ) -> SystemTime {
        if !self.has_offsets.load(Ordering::Acquire) {
            return time;
        }
        select(&self.lock()).to_service_time(time)
    }

    /// Learns the offset of a host from a response that rejected the signed time. Returns whether a
    /// retry would sign a different time.
    pub(crate) fn learn(&self, host: &str, headers: &HeaderMap, timing: AttemptTiming) -> bool {
        // The service read its clock between sending and response; the middle is the best guess.
        let half = timing.duration / 2;
        let (Some(local), Some(signed)) =
            (timing.sent_at.checked_add(half), timing.signed_time.checked_add(half))
        else {
            return false;
        };
        let Some(offset) = ClockOffset::from_headers(headers, local).filter(|offset| {
            ClockOffset::new(offset.to_service_time(local), signed).size >= MIN_OFFSET
        }) else {
            return false;
        };
        let mut offsets = self.lock();
        offsets.by_host.insert(host.to_owned(), offset);
        offsets.last = offset;
        drop(offsets);
        self.has_offsets.store(true, Ordering::Release);
        true
    }

    fn lock(&self) -> MutexGuard<'_, Offsets> {
        self.offsets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the time in the header `Date`.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    parse_http_date(headers.get(header::DATE)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::HeaderValue;

    use super::*;
    use crate::sign::http_date;

    const NOW: u64 = 1_767_323_045;

    fn unix_time(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn timing(duration: u64) -> AttemptTiming {
        AttemptTiming {
            sent_at: unix_time(NOW),
            signed_time: unix_time(NOW),
            duration: Duration::from_secs(duration),
        }
    }

    fn headers(date: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, HeaderValue::from_str(date).unwrap());
        headers
    }

    #[test]
    fn learns_the_offset_at_the_middle_of_the_attempt() {
        for (remote, duration, expected) in [
            (NOW + 3_600, 0, unix_time(NOW + 3_600)),
            (NOW - 3_600, 0, unix_time(NOW - 3_600)),
            (NOW + 3_600, 10, unix_time(NOW + 3_595)),
            (NOW + 2, 0, unix_time(NOW + 2)),
            (NOW - 2, 0, unix_time(NOW - 2)),
            (NOW + 86_400, 0, unix_time(NOW + 86_400)),
            (NOW - 86_400, 0, unix_time(NOW - 86_400)),
        ] {
            let skew = Skew::default();
            let now = unix_time(NOW);
            assert_eq!(skew.correct("a", now), now);
            assert!(skew.learn("a", &headers(&http_date(unix_time(remote))), timing(duration)));
            assert_eq!(skew.correct("a", now), expected);
        }
    }

    #[test]
    fn a_host_without_an_offset_has_the_one_learned_last() {
        let skew = Skew::default();
        let now = unix_time(NOW);
        let learn = |host, seconds| {
            assert!(skew.learn(host, &headers(&http_date(unix_time(seconds))), timing(0)));
        };
        learn("a", NOW + 3_600);
        assert_eq!(skew.correct("b", now), unix_time(NOW + 3_600));
        learn("b", NOW + 60);
        assert_eq!(skew.correct("a", now), unix_time(NOW + 3_600));
        assert_eq!(skew.correct("b", now), unix_time(NOW + 60));
        assert_eq!(skew.correct("c", now), unix_time(NOW + 60));
        assert_eq!(skew.correct_for_any_host(now), unix_time(NOW + 60));
    }

    #[test]
    fn learns_nothing_that_a_retry_would_not_change() {
        let in_an_hour = headers(&http_date(unix_time(NOW + 3_600)));
        let skew = Skew::default();
        assert!(!skew.learn("a", &headers(&http_date(unix_time(NOW + 1))), timing(0)));
        // The signed time was right already, so a retry with a correction cannot help.
        let signed_right = AttemptTiming { signed_time: unix_time(NOW + 3_600), ..timing(0) };
        assert!(!skew.learn("a", &in_an_hour, signed_right));
        assert!(!skew.learn("a", &HeaderMap::new(), timing(0)));
        assert_eq!(skew.correct("a", unix_time(NOW)), unix_time(NOW));
    }
}
