//! How long to wait between two looks.

use std::time::Duration;

use crate::retry;

/// Waits that grow and vary.
pub(super) struct Pace {
    shortest: Duration,
    longest: Duration,
    /// The next wait, but for chance.
    next: Duration,
    nonce: String,
}

impl Pace {
    pub(super) fn new(nonce: String) -> Self {
        let (shortest, longest) = (Duration::from_secs(2), Duration::from_secs(10));
        Pace { shortest, longest, next: shortest, nonce }
    }

    pub(super) fn set(&mut self, shortest: Duration, longest: Duration) {
        // Without any wait a look that fails at once would be repeated without a pause.
        self.shortest = shortest.max(Duration::from_millis(1));
        self.longest = longest.max(self.shortest);
        self.next = self.shortest;
    }

    /// The wait after so many looks, when so much time is left.
    pub(super) fn next(&mut self, looks: u32, hint: Option<Duration>, left: Duration) -> Duration {
        let whole = self.next;
        self.next = whole.saturating_add(whole / 2).min(self.longest);
        let seed = retry::seed(&self.nonce, looks);
        let wait = varied(whole, seed).clamp(self.shortest, self.longest);
        match hint {
            Some(hint) => wait.max(hint).min(left),
            None if wait < left => wait,
            // A last look while there is time to see its response, unless this was it.
            None if left > self.shortest.saturating_mul(2) => left - self.shortest,
            None => left,
        }
    }
}

/// A duration, or up to a quarter less or more.
fn varied(whole: Duration, seed: u64) -> Duration {
    let nanos = whole.as_nanos();
    let varied =
        nanos - nanos / 4 + (nanos / 2).saturating_mul(u128::from(seed)) / u128::from(u64::MAX);
    Duration::from_nanos(u64::try_from(varied).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECS: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn waits_grow_and_vary_within_their_limits() {
        let mut pace = Pace::new("n".to_owned());
        let waits: Vec<Duration> = (1..100).map(|look| pace.next(look, None, SECS(900))).collect();
        assert!(waits.iter().all(|wait| (SECS(2)..=SECS(10)).contains(wait)), "{waits:?}");
        assert!(waits[0] <= SECS(2) * 5 / 4 && waits[4] > SECS(7), "{waits:?}");
        let last = &waits[10..];
        assert!(last.iter().all(|wait| *wait >= SECS(10) * 3 / 4));
        let different: std::collections::BTreeSet<_> = last.iter().collect();
        assert!(different.len() > 30, "{waits:?}");
    }

    #[test]
    fn the_end_is_not_slept_over() {
        let mut pace = Pace::new("n".to_owned());
        (1..20).for_each(|look| _ = pace.next(look, None, SECS(900)));
        assert_eq!(pace.next(20, None, SECS(5)), SECS(3));
        assert_eq!(pace.next(21, None, SECS(2)), SECS(2));
        assert_eq!(pace.next(22, Some(SECS(60)), SECS(900)), SECS(60));
        assert_eq!(pace.next(23, Some(SECS(60)), SECS(30)), SECS(30));
        pace.set(Duration::ZERO, Duration::ZERO);
        assert_eq!(pace.next(1, None, SECS(1)), Duration::from_millis(1));
        pace.set(Duration::MAX, Duration::MAX);
        assert_eq!(pace.next(1, None, SECS(1)), SECS(1));
    }
}
