//! How often an operation may be called.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

/// A little less than the second that is documented: a client that keeps exactly to the limit must
/// not be refused because some of its requests were on their way for longer than others.
const WINDOW: Duration = Duration::from_millis(900);

#[derive(Default)]
pub(crate) struct Rates {
    calls: HashMap<&'static str, VecDeque<SystemTime>>,
}

impl Rates {
    /// True when one more call of the operation is within its limit; only then does it count.
    pub(crate) fn admit(&mut self, operation: &'static str, limit: usize, now: SystemTime) -> bool {
        let calls = self.calls.entry(operation).or_default();
        // Those of the future are from before the clock was set back.
        let is_over =
            |call: &SystemTime| now.duration_since(*call).map_or(true, |age| age >= WINDOW);
        while calls.front().is_some_and(is_over) {
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
        let mut rates = Rates::default();
        let mut at = |milliseconds: u64| {
            rates.admit("A", 2, UNIX_EPOCH + Duration::from_millis(milliseconds))
        };
        let admitted: Vec<bool> = [5_000, 5_500, 5_899, 5_900, 6_399, 6_400].map(&mut at).into();
        assert_eq!(admitted, [true, true, false, true, false, true]);
        assert!(at(0) && at(0) && !at(0), "the clock was set back");
    }
}
