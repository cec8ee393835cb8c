//! Whether, when and how often a call is retried.

mod budget;

use std::time::Duration;

pub use self::budget::RetryBudget;

/// The number of attempts of a call and the delays between them.
///
/// An error is retried if a retry can help and cannot do harm:
///
/// | error | read-only and idempotent calls | other calls |
/// |---|---|---|
/// | throttling, by error code or header | retried | retried: the call was rejected |
/// | no connection, unknown host | retried | retried: nothing was sent |
/// | the connection broke, or no data arrived | retried | retried with an idempotency token |
/// | a successful response that cannot be decoded | retried | retried with an idempotency token |
/// | HTTP 500, 502, 503, 504, a timeout of the service | retried | retried with an idempotency token |
/// | nonce already used: the network delivered the request twice | retried | retried with an idempotency token |
/// | quota, invalid parameter, credentials, TLS, anything else | not retried | not retried |
///
/// The error code takes precedence over the HTTP status, even over 200. An idempotency token is one
/// that the client generates for operations that have such a parameter, or a `ClientToken` that you set.
///
/// If the service asks for a delay ([`Error::retry_after`](crate::Error::retry_after)), the call waits
/// that long plus up to [`base_delay`](RetryPolicy::base_delay) at random. Otherwise it waits a random
/// time up to 0.2, 0.4, 0.8… s, or up to 1, 2, 4… s after throttling, capped by
/// [`max_delay`](RetryPolicy::max_delay). A call is not retried if the delay would exceed its timeout
/// or if the client's [`RetryBudget`] is exhausted.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_core::testing::FakeTransport;
/// use alicloud_core::{Client, Credentials, RetryPolicy};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// let fake = FakeTransport::new()
///     .error("DescribeDomains", 503, "ServiceUnavailable", "Try again later.")
///     .respond_json("DescribeDomains", "{}");
/// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
///     .credentials(Credentials::new("id", "secret"))
///     .transport(fake.clone())
///     .retry(RetryPolicy::new().max_attempts(10).base_delay(Duration::from_millis(1)))
///     .build()?;
/// client.generic_call("DescribeDomains").read_only().await?;
/// assert_eq!(fake.requests().len(), 2);
/// # Ok(()) }
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
    /// Creates the default policy: four attempts.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::new(), RetryPolicy::new().max_attempts(4));
    /// ```
    pub const fn new() -> Self {
        RetryPolicy {
            max_attempts: 4,
            base_delay: Duration::from_millis(200),
            throttled_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(20),
        }
    }

    /// Creates a policy that never retries.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::none(), RetryPolicy::new().max_attempts(1));
    /// ```
    pub const fn none() -> Self {
        RetryPolicy::new().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. Defaults to 4; 0 counts as 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::RetryPolicy;
    ///
    /// const PATIENT: RetryPolicy = RetryPolicy::new().max_attempts(10);
    /// assert_ne!(PATIENT, RetryPolicy::new());
    /// ```
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the maximum delay before the first retry; it doubles with each retry. Defaults to 200 ms.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::RetryPolicy;
    ///
    /// const SLOW: RetryPolicy = RetryPolicy::new().base_delay(Duration::from_secs(2));
    /// assert_ne!(SLOW, RetryPolicy::new());
    /// ```
    #[must_use]
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the maximum delay before the first retry after throttling, if the service asks for no
    /// delay; it doubles with each retry. Defaults to 1 s.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::RetryPolicy;
    ///
    /// const CAREFUL: RetryPolicy = RetryPolicy::new().throttled_delay(Duration::from_secs(5));
    /// assert_ne!(CAREFUL, RetryPolicy::new());
    /// ```
    #[must_use]
    pub const fn throttled_delay(mut self, delay: Duration) -> Self {
        self.throttled_delay = delay;
        self
    }

    /// Sets the upper limit of all delays. Defaults to 20 s.
    ///
    /// A delay that the service asks for is not shortened, because an earlier retry would be rejected
    /// again.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::RetryPolicy;
    ///
    /// const BRISK: RetryPolicy = RetryPolicy::new().max_delay(Duration::from_secs(1));
    /// assert_ne!(BRISK, RetryPolicy::new());
    /// ```
    #[must_use]
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Returns whether another attempt is allowed after this many.
    pub(crate) fn allows_attempt_after(&self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// Returns whether a second attempt is ever allowed.
    pub(crate) fn allows_retries(&self) -> bool {
        self.max_attempts > 1
    }

    /// Returns the delay after the attempt with this number, counted from 1.
    ///
    /// `seed` selects the delay within its range, so that clients that failed together do not retry
    /// together.
    pub(crate) fn delay(
        &self,
        attempt: u32,
        throttled: bool,
        retry_after: Option<Duration>,
        seed: u64,
    ) -> Duration {
        if let Some(retry_after) = retry_after {
            return retry_after.saturating_add(scale(self.base_delay.min(self.max_delay), seed));
        }
        let base = if throttled { self.throttled_delay } else { self.base_delay };
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        scale(base.saturating_mul(factor).min(self.max_delay), seed)
    }
}

/// Returns `seed / u64::MAX` of a duration.
fn scale(duration: Duration, seed: u64) -> Duration {
    // `x-acs-retry-delay` reports the delay in milliseconds, so it has no finer resolution.
    let total_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let scaled_ms = u128::from(seed) * u128::from(total_ms) / u128::from(u64::MAX);
    Duration::from_millis(u64::try_from(scaled_ms).unwrap_or(total_ms))
}

/// Derives a seed from the nonce of the failed attempt: random in production, reproducible in tests
/// with deterministic nonces.
pub(crate) fn seed(nonce: &str, attempt: u32) -> u64 {
    // FNV-1a with the finalizer of splitmix64, so that sequential nonces give unrelated seeds. Without its last
    // step, which mixes only the lower bits: a delay depends on the upper ones.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in nonce.bytes().chain(attempt.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// Condition under which a retry can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retryability {
    /// A retry would fail again.
    Never,
    /// A retry can help, but the request may have been executed: only for idempotent calls.
    IfIdempotent,
    /// A retry can help, and the request was certainly not executed.
    Always,
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn delays_grow_up_to_the_maximum() {
        let policy = RetryPolicy::new();
        let max_delay = |attempt, throttled| policy.delay(attempt, throttled, None, u64::MAX);
        assert_eq!([1, 2, 3].map(|attempt| max_delay(attempt, false)), [MS(200), MS(400), MS(800)]);
        assert_eq!([1, 2].map(|attempt| max_delay(attempt, true)), [MS(1_000), MS(2_000)]);
        for attempt in [8, 31, 32, 33, 40, u32::MAX] {
            assert_eq!(max_delay(attempt, false), MS(20_000), "{attempt}");
        }
        assert_eq!(policy.delay(1, true, None, 0), MS(0));
        let unlimited = policy.base_delay(Duration::MAX).max_delay(Duration::MAX);
        assert_eq!(unlimited.delay(9, false, None, u64::MAX), MS(u64::MAX));
    }

    #[test]
    fn retry_after_is_never_shortened() {
        let policy = RetryPolicy::new();
        assert_eq!(policy.delay(3, true, Some(MS(60_000)), 0), MS(60_000));
        assert_eq!(policy.delay(3, true, Some(MS(60_000)), u64::MAX), MS(60_200));
        let delay = policy.delay(1, true, Some(Duration::MAX), u64::MAX);
        assert_eq!(delay, Duration::MAX);
    }

    #[test]
    fn seeds_are_evenly_distributed_for_sequential_nonces() {
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
