//! The part of the documented rate that an account has left for this process.

use std::time::Duration;

/// The factor after a throttled call.
const DECREASE: f64 = 0.5;

/// What is added per second to the square root of the fraction. Of many processes with small shares, each
/// grows slowly, so that all together do not exceed the rate every second.
const ROOT_INCREASE_PER_SECOND: f64 = 0.015;

/// The lowest number of starts per window: one in ten windows.
const MIN_STARTS: f64 = 0.1;

/// The longest pause that a hint of the service causes for all calls. The call that received the hint
/// waits as long as it says.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// A fraction of a limit that is halved when the service throttles, and then grows, a small one more
/// slowly but by a larger part of itself than a large one: processes that share an account without knowing
/// of each other converge to equal shares.
#[derive(Debug)]
pub(super) struct AdaptiveRate {
    /// The fraction at the time of the last decrease.
    fraction: f64,
    decreased_at: Duration,
    /// Until when nothing starts.
    pause_end: Duration,
}

/// A number of starts in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    pub(super) max_starts: usize,
    pub(super) window: Duration,
}

impl Default for AdaptiveRate {
    fn default() -> Self {
        AdaptiveRate { fraction: 1.0, decreased_at: Duration::ZERO, pause_end: Duration::ZERO }
    }
}

impl AdaptiveRate {
    /// Slows down after a throttled call, at most once per window: the other calls of the window
    /// started at the same rate.
    pub(super) fn throttled(&mut self, limit: Limit, retry_after: Option<Duration>, now: Duration) {
        let pause = retry_after.unwrap_or(limit.window).min(MAX_PAUSE);
        self.pause_end = self.pause_end.max(now.saturating_add(pause));
        let is_first = self.fraction >= 1.0;
        if is_first || now >= self.decreased_at.saturating_add(limit.window) {
            let lowest = (MIN_STARTS / limit.max_starts as f64).min(1.0);
            self.fraction = (self.fraction_at(now) * DECREASE).max(lowest);
            self.decreased_at = now;
        }
    }

    fn fraction_at(&self, now: Duration) -> f64 {
        let seconds = now.saturating_sub(self.decreased_at).as_secs_f64();
        (self.fraction.sqrt() + ROOT_INCREASE_PER_SECOND * seconds).powi(2).min(1.0)
    }

    /// Returns whether a limit applies as it is.
    pub(super) fn is_full(&self, now: Duration) -> bool {
        self.fraction_at(now) >= 1.0
    }

    /// Returns how long nothing starts.
    pub(super) fn pause(&self, now: Duration) -> Duration {
        self.pause_end.saturating_sub(now)
    }

    /// Returns the current part of a limit. Its starts are evenly spaced: after bursts, the processes that
    /// were first would be the ones with the larger shares.
    pub(super) fn part_of(&self, limit: Limit, now: Duration) -> Limit {
        if self.is_full(now) {
            return limit;
        }
        let starts = limit.max_starts as f64 * self.fraction_at(now);
        Limit { max_starts: 1, window: limit.window.div_f64(starts) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { max_starts: 30, window: Duration::from_secs(1) };

    fn rate(limit: Limit) -> f64 {
        limit.max_starts as f64 / limit.window.as_secs_f64()
    }

    fn assert_rate(adaptive: &AdaptiveRate, now: Duration, expected: f64) {
        let part = adaptive.part_of(LIMIT, now);
        assert!((rate(part) - expected).abs() < 1e-6, "{part:?}, not {expected}");
    }

    #[test]
    fn halves_once_per_window_and_recovers() {
        let mut adaptive = AdaptiveRate::default();
        let at = Duration::from_millis;
        assert_eq!(adaptive.part_of(LIMIT, at(0)), LIMIT);
        for time in [0, 10, 999] {
            adaptive.throttled(LIMIT, None, at(time));
        }
        assert_eq!(adaptive.pause(at(999)), at(1_000));
        assert_rate(&adaptive, at(0), 15.0);
        adaptive.throttled(LIMIT, None, at(1_000));
        assert_rate(&adaptive, at(1_000), 30.0 * (0.5_f64.sqrt() + 0.015).powi(2) / 2.0);
        assert!(!adaptive.is_full(at(33_000)));
        assert_eq!(adaptive.part_of(LIMIT, at(34_500)), LIMIT);
    }

    #[test]
    fn keeps_a_part_of_every_limit() {
        for max_starts in [1, 2, 7, 1_000] {
            let limit = Limit { max_starts, ..LIMIT };
            let mut adaptive = AdaptiveRate::default();
            for second in 0..1_000 {
                let now = Duration::from_secs(second);
                adaptive.throttled(limit, None, now);
                let part = adaptive.part_of(limit, now);
                assert!(rate(part) >= 0.099 && rate(part) <= rate(limit), "{part:?}");
            }
        }
    }

    #[test]
    fn a_hint_lengthens_the_pause_up_to_a_bound() {
        let mut adaptive = AdaptiveRate::default();
        let second = Duration::from_secs(1);
        adaptive.throttled(LIMIT, Some(5 * second), second);
        adaptive.throttled(LIMIT, Some(second), second);
        assert_eq!(adaptive.pause(second), 5 * second);
        adaptive.throttled(LIMIT, Some(Duration::MAX), second);
        assert_eq!(adaptive.pause(second), MAX_PAUSE);
    }
}
