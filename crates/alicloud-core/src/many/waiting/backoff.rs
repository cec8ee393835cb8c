//! The intervals between polls.

use std::time::Duration;

use crate::policy::retry;

/// Intervals that grow by half and vary by up to a quarter.
pub(super) struct Backoff {
    min: Duration,
    max: Duration,
    /// The next interval before jitter.
    next: Duration,
    /// The source of the jitter.
    nonce: String,
}

impl Backoff {
    pub(super) fn new(nonce: String) -> Self {
        let (min, max) = (Duration::from_secs(2), Duration::from_secs(10));
        Backoff { min, max, next: min, nonce }
    }

    pub(super) fn set_range(&mut self, min: Duration, max: Duration) {
        // At least 1 ms, so that polls that fail immediately do not spin.
        self.min = min.max(Duration::from_millis(1));
        self.max = max.max(self.min);
        self.next = self.min;
    }

    /// Returns the interval after this many polls, given the remaining time of the wait.
    pub(super) fn next(
        &mut self,
        polls: u32,
        retry_after: Option<Duration>,
        remaining: Duration,
    ) -> Duration {
        let base = self.next;
        self.next = base.saturating_add(base / 2).min(self.max);
        let seed = retry::seed(&self.nonce, polls);
        let interval = jittered(base, seed).clamp(self.min, self.max);
        match retry_after {
            Some(retry_after) => interval.max(retry_after).min(remaining),
            None if interval < remaining => interval,
            // Poll once more while there is time for the response, unless this was the last poll.
            None if remaining > self.min.saturating_mul(2) => remaining - self.min,
            None => remaining,
        }
    }
}

/// Returns the duration plus or minus up to a quarter.
fn jittered(duration: Duration, seed: u64) -> Duration {
    let nanos = duration.as_nanos();
    let jittered =
        nanos - nanos / 4 + (nanos / 2).saturating_mul(u128::from(seed)) / u128::from(u64::MAX);
    Duration::from_nanos(u64::try_from(jittered).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECS: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn intervals_grow_and_vary_within_their_range() {
        let mut backoff = Backoff::new("n".to_owned());
        let intervals: Vec<Duration> =
            (1..100).map(|polls| backoff.next(polls, None, SECS(900))).collect();
        assert!(
            intervals.iter().all(|interval| (SECS(2)..=SECS(10)).contains(interval)),
            "{intervals:?}"
        );
        assert!(intervals[0] <= SECS(2) * 5 / 4 && intervals[4] > SECS(7), "{intervals:?}");
        let grown = &intervals[10..];
        assert!(grown.iter().all(|interval| *interval >= SECS(10) * 3 / 4));
        let distinct: std::collections::BTreeSet<_> = grown.iter().collect();
        assert!(distinct.len() > 30, "{intervals:?}");
    }

    #[test]
    fn the_last_interval_ends_before_the_maximum_wait() {
        let mut backoff = Backoff::new("n".to_owned());
        (1..20).for_each(|polls| _ = backoff.next(polls, None, SECS(900)));
        assert_eq!(backoff.next(20, None, SECS(5)), SECS(3));
        assert_eq!(backoff.next(21, None, SECS(2)), SECS(2));
        assert_eq!(backoff.next(22, Some(SECS(60)), SECS(900)), SECS(60));
        assert_eq!(backoff.next(23, Some(SECS(60)), SECS(30)), SECS(30));
        backoff.set_range(Duration::ZERO, Duration::ZERO);
        assert_eq!(backoff.next(1, None, SECS(1)), Duration::from_millis(1));
        backoff.set_range(Duration::MAX, Duration::MAX);
        assert_eq!(backoff.next(1, None, SECS(1)), SECS(1));
    }
}
