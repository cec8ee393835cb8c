//! The starts of this process, and its share of the rate without the server.

use std::collections::VecDeque;
use std::time::Duration;

use super::call::WINDOW;

/// The start times of the last calls of this process, the oldest first.
#[derive(Debug, Default)]
pub(super) struct OwnStarts {
    times: VecDeque<Duration>,
}

/// A part of a rate: at most `max_starts` in a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    max_starts: usize,
    window: Duration,
}

impl Share {
    /// Returns the share of one of several processes. A share below one call per window becomes one call in
    /// several windows.
    pub(super) fn of_processes(rate: u32, processes: u32) -> Share {
        let (rate, processes) = (rate.max(1), processes.max(1));
        let max_starts = usize::try_from((rate / processes).max(1)).unwrap_or(usize::MAX);
        Share { max_starts, window: WINDOW.saturating_mul(processes.div_ceil(rate)) }
    }
}

impl OwnStarts {
    /// Records a start. No window contains more than `rate` starts, so older ones are not needed.
    pub(super) fn record(&mut self, now: Duration, rate: u32) {
        self.times.push_back(now);
        while u32::try_from(self.times.len()).is_ok_and(|count| count > rate.max(1)) {
            self.times.pop_front();
        }
    }

    /// Returns when the share permits the next start; a time in the past means now.
    pub(super) fn next_start(&self, share: Share) -> Duration {
        let first = self.times.len().checked_sub(share.max_starts);
        let time = first.and_then(|first| self.times.get(first));
        time.map(|time| time.saturating_add(share.window)).unwrap_or_default()
    }

    /// Returns whether there were starts in the last window.
    pub(super) fn are_recent(&self, now: Duration) -> bool {
        self.times.back().is_some_and(|last| now < last.saturating_add(WINDOW))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_rate_are_positive_and_add_up_to_at_most_the_rate() {
        for (rate, processes) in [(30, 1), (30, 4), (30, 30), (30, 31), (5, 12), (1, 1), (0, 0)] {
            let share = Share::of_processes(rate, processes);
            let windows = share.window.as_secs_f64() / WINDOW.as_secs_f64();
            let starts = u32::try_from(share.max_starts).unwrap() * processes.max(1);
            let total = f64::from(starts) / windows;
            assert!(share.max_starts >= 1 && total <= f64::from(rate.max(1)), "{rate} {processes}");
        }
    }
}
