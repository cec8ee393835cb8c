//! Rate limits of operations.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

/// The length of the sliding window.
///
/// It is shorter than the documented second, so that a client that sends at exactly the limit is
/// not throttled because its requests travel for different times.
const WINDOW: Duration = Duration::from_millis(900);

#[derive(Default)]
pub(crate) struct RateLimiter {
    /// Times of the calls within the window, by operation.
    calls: HashMap<&'static str, VecDeque<SystemTime>>,
}

impl RateLimiter {
    /// Counts a call and returns `true` if it is within the limit. Otherwise it does not count.
    pub(crate) fn try_acquire(
        &mut self,
        operation: &'static str,
        limit: usize,
        now: SystemTime,
    ) -> bool {
        let calls = self.calls.entry(operation).or_default();
        // Calls in the future remain from before the clock was set back.
        let is_outside_window =
            |call: &SystemTime| now.duration_since(*call).map_or(true, |age| age >= WINDOW);
        while calls.front().is_some_and(is_outside_window) {
            calls.pop_front();
        }
        if calls.len() >= limit {
            return false;
        }
        calls.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn the_window_slides() {
        let mut limiter = RateLimiter::default();
        let mut call_at = |milliseconds: u64| {
            limiter.try_acquire("A", 2, UNIX_EPOCH + Duration::from_millis(milliseconds))
        };
        let allowed: Vec<bool> =
            [5_000, 5_500, 5_899, 5_900, 6_399, 6_400].map(&mut call_at).into();
        assert_eq!(allowed, [true, true, false, true, false, true]);
        assert!(call_at(0) && call_at(0) && !call_at(0), "the clock was set back");
    }
}
