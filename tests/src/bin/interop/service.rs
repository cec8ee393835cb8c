//! A service double for one client, with a clock that moves only when it is told to.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use alicloud_fake::{FakeService, RecordedRequest, Simulation};

use crate::key::Key;

pub(crate) struct Service {
    fake: FakeService,
    passed: Arc<AtomicU64>,
}

impl Service {
    pub(crate) async fn start(start: SystemTime) -> io::Result<Self> {
        let passed = Arc::new(AtomicU64::new(0));
        let clock = {
            let passed = Arc::clone(&passed);
            move || start + Duration::from_secs(passed.load(Ordering::Relaxed))
        };
        let simulation = Simulation::new()
            .fail_matching("/broken/", "Origin Return StatusCode 5XX")
            // All calls of a clock that stands still are in the same second.
            .rate_limits(false);
        let fake = FakeService::builder()
            .account(Key::account())
            .simulation(simulation)
            .clock(clock)
            .start()
            .await?;
        Ok(Service { fake, passed })
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.passed.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.fake.endpoint().trim_start_matches("http://")
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.fake.requests()
    }
}
