//! What the fake service counted.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use alicloud_fake::RecordedRequest;

/// The times at which calls arrived, and how many were throttled.
#[derive(Clone, Default)]
pub(crate) struct Arrivals(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    times: Vec<SystemTime>,
    throttled: usize,
}

impl Arrivals {
    pub(crate) fn record(&self, request: &RecordedRequest) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.times.push(request.received_at);
        let is_throttled = request.response.code.as_deref() == Some("TooManyRequests");
        counts.throttled += usize::from(is_throttled);
    }

    pub(crate) fn throttled(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).throttled
    }

    /// Returns the times since the first arrival, sorted.
    pub(crate) fn times(&self) -> Vec<Duration> {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner).times.clone();
        times.sort_unstable();
        let first = times.first().copied().unwrap_or(SystemTime::UNIX_EPOCH);
        times.iter().map(|time| time.duration_since(first).unwrap_or_default()).collect()
    }
}

/// Returns the maximum number of arrivals in any half-open window of one second.
pub(crate) fn max_per_second(times: &[Duration]) -> usize {
    let mut window_start = 0;
    let mut maximum = 0;
    for (index, time) in times.iter().enumerate() {
        while times.get(window_start).is_some_and(|start| *start + Duration::from_secs(1) <= *time)
        {
            window_start += 1;
        }
        maximum = maximum.max(index + 1 - window_start);
    }
    maximum
}
