//! The clock of the server, as seen by this process.

use std::time::Duration;

/// How far the clocks may drift apart, as a share of the time.
const DRIFT: i64 = 5_000;

/// The difference between the clock of the server and that of this process, in microseconds.
///
/// The server reads its clock between the moments when a command is sent and when its response arrives. Many
/// such intervals narrow the difference down, also if single responses are slow.
#[derive(Debug, Default)]
pub(super) struct ServerTime {
    bounds: Option<(i64, i64)>,
    updated: Duration,
    round_trip: Duration,
}

impl ServerTime {
    /// Records the time of the server in a response.
    pub(super) fn record(&mut self, server: i64, sent: Duration, received: Duration) {
        let (low, high) = (server - micros(received), server - micros(sent));
        let drift = micros(received.saturating_sub(self.updated)) / DRIFT;
        self.bounds = match self.bounds {
            Some((old_low, old_high)) if old_low - drift <= high && low <= old_high + drift => {
                Some((low.max(old_low - drift), high.min(old_high + drift)))
            }
            // The first response, or one of the clocks was set.
            _ => Some((low, high)),
        };
        self.updated = received;
        let round_trip = received.saturating_sub(sent);
        self.round_trip = round_trip.max(self.round_trip.mul_f64(0.875));
    }

    /// Returns when a time of the server is reached here.
    pub(super) fn to_local(&self, server: i64) -> Duration {
        let (low, high) = self.bounds.unwrap_or_default();
        let local = server - (low + (high - low) / 2);
        Duration::from_micros(u64::try_from(local).unwrap_or_default())
    }

    /// Returns how long a response takes, at most 250 ms: longer ones are rare.
    pub(super) fn round_trip(&self) -> Duration {
        self.round_trip.min(Duration::from_millis(250))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_slow_response_does_not_move_the_clock() {
        let mut time = ServerTime::default();
        time.record(1_000_000, at(10), at(12));
        assert_eq!(time.to_local(1_000_000), at(11));
        // Sent at 100, received at 300, and the server read its clock at 101.
        time.record(1_090_000, at(100), at(300));
        let error = time.to_local(1_090_000).abs_diff(at(101));
        assert!(error <= at(1), "{error:?}");
        assert_eq!(time.round_trip(), at(200));
    }

    #[test]
    fn a_clock_that_was_set_is_followed() {
        let mut time = ServerTime::default();
        for server in [1_000_000, 9_000_000_000, 5_000] {
            time.record(server, at(10), at(10));
            assert_eq!(time.to_local(server), at(10));
        }
    }
}
