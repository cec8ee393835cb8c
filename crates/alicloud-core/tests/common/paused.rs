//! Virtual time for concurrent tasks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_core::{BoxFuture, Clock};
use tokio::time::Instant;

/// The paused clock of a tokio runtime, which advances to the next deadline when all tasks wait.
/// A `ManualClock` advances with each sleep, which is too early while other tasks are running.
#[derive(Debug, Clone)]
pub struct PausedClock(Instant);

impl PausedClock {
    pub fn new() -> Self {
        PausedClock(Instant::now())
    }
}

impl Clock for PausedClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_767_323_045) + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
