//! Whether, when and how often a call is repeated.

mod budget;

use std::time::Duration;

pub use self::budget::RetryBudget;

/// How often a call is repeated, and how long it waits before it is.
///
/// A call is repeated when that can help and cannot do harm:
///
/// | what happened | reads, and what is idempotent | everything else |
/// |---|---|---|
/// | throttled, by its code or by a header | yes | yes: it was refused |
/// | no connection, no such host | yes | yes: nothing was sent |
/// | the connection ended, or nothing arrived | yes | only with an idempotency token |
/// | HTTP 500, 502, 503, 504, a timeout of the service | yes | only with an idempotency token |
/// | the nonce was used: it was sent twice on its way | yes | only with an idempotency token |
/// | a quota, a wrong parameter, credentials, TLS, anything else | no | no |
///
/// The error's code is looked at first, then the status. An idempotency token is one that the client
/// fills in where the operation has one, or a `ClientToken` of your own.
///
/// The wait is what the service asks for ([`Error::retry_after`](crate::Error::retry_after)) and a
/// little more at random, else a random time up to 0.2, 0.4, 0.8… seconds, and up to 1, 2, 4… seconds
/// after throttling, never more than [`max_delay`](RetryPolicy::max_delay). No wait is begun that
/// would end after the call's time, or that the client's [`RetryBudget`] does not pay for.
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_core::RetryPolicy;
///
/// let patient = RetryPolicy::new().max_attempts(10).max_delay(Duration::from_secs(60));
/// assert_eq!(patient, patient);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    throttled_delay: Duration,
    max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy::new()
    }
}

impl RetryPolicy {
    /// The default: four attempts.
    pub const fn new() -> Self {
        RetryPolicy {
            max_attempts: 4,
            base_delay: Duration::from_millis(200),
            throttled_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(20),
        }
    }

    /// One attempt, whatever becomes of it.
    pub const fn none() -> Self {
        RetryPolicy::new().max_attempts(1)
    }

    /// How often a call is sent at most, the first time included. 4 unless told otherwise; 0 counts
    /// as 1.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The longest first wait after a fault; it doubles each time. 200 ms unless told otherwise.
    #[must_use]
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest first wait after throttling that comes without a hint; it doubles each time. 1 s
    /// unless told otherwise.
    #[must_use]
    pub const fn throttled_delay(mut self, delay: Duration) -> Self {
        self.throttled_delay = delay;
        self
    }

    /// The longest wait of all. 20 s unless told otherwise. One that the service asks for is not
    /// cut: coming back earlier would be refused again.
    #[must_use]
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Whether there may be another attempt after so many.
    pub(crate) fn allows_more(&self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// Whether there is ever a second attempt.
    pub(crate) fn repeats(&self) -> bool {
        self.max_attempts > 1
    }

    /// How long to wait after the attempt of this number.
    ///
    /// `seed` decides within the limits, so that clients that failed together do not come back
    /// together.
    pub(crate) fn delay(
        &self,
        attempt: u32,
        throttled: bool,
        hint: Option<Duration>,
        seed: u64,
    ) -> Duration {
        if let Some(hint) = hint {
            return hint.saturating_add(share(self.base_delay.min(self.max_delay), seed));
        }
        let base = if throttled { self.throttled_delay } else { self.base_delay };
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        share(base.saturating_mul(factor).min(self.max_delay), seed)
    }
}

/// A part of a duration: none of it for 0, all of it for the largest seed.
fn share(whole: Duration, seed: u64) -> Duration {
    // Milliseconds are what the service is told, so they are what is waited.
    let whole = u64::try_from(whole.as_millis()).unwrap_or(u64::MAX);
    let part = u128::from(seed) * u128::from(whole) / u128::from(u64::MAX);
    Duration::from_millis(u64::try_from(part).unwrap_or(whole))
}

/// A number that is as random as the nonce of the attempt that failed, and as reproducible in a test
/// whose nonces stand still.
pub(crate) fn seed(nonce: &str, attempt: u32) -> u64 {
    // FNV-1a, then the finish of splitmix64: nonces that only count shall give numbers that do not.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in nonce.bytes().chain(attempt.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Under which condition repeating a request can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It would fail again.
    Never,
    /// Where carrying it out twice is as good as once: it may have been.
    IfHarmless,
    /// Always: it was certainly not carried out.
    Always,
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn waits_grow_under_a_cap() {
        let policy = RetryPolicy::new();
        let longest = |attempt, throttled| policy.delay(attempt, throttled, None, u64::MAX);
        assert_eq!([1, 2, 3].map(|attempt| longest(attempt, false)), [MS(200), MS(400), MS(800)]);
        assert_eq!([1, 2].map(|attempt| longest(attempt, true)), [MS(1_000), MS(2_000)]);
        for attempt in [8, 31, 32, 33, 40, u32::MAX] {
            assert_eq!(longest(attempt, false), MS(20_000), "{attempt}");
        }
        assert_eq!(policy.delay(1, true, None, 0), MS(0));
        let endless = policy.base_delay(Duration::MAX).max_delay(Duration::MAX);
        assert_eq!(endless.delay(9, false, None, u64::MAX), MS(u64::MAX));
    }

    #[test]
    fn a_hint_is_kept_in_full() {
        let policy = RetryPolicy::new();
        assert_eq!(policy.delay(3, true, Some(MS(60_000)), 0), MS(60_000));
        assert_eq!(policy.delay(3, true, Some(MS(60_000)), u64::MAX), MS(60_200));
        let longest = policy.delay(1, true, Some(Duration::MAX), u64::MAX);
        assert_eq!(longest, Duration::MAX);
    }

    #[test]
    fn seeds_spread_also_for_nonces_that_count() {
        let mut buckets = [0_u32; 10];
        for number in 0..1_000 {
            let seed = seed(&format!("host-{number}"), 1);
            buckets[usize::try_from((u128::from(seed) * 10) >> 64).unwrap()] += 1;
        }
        assert!(buckets.iter().all(|count| (60..140).contains(count)), "{buckets:?}");
        assert_eq!(seed("a", 1), seed("a", 1));
        assert_ne!(seed("a", 1), seed("a", 2));
    }
}
