//! The fake service for one run, with a clock that only moves on request.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use alicloud_fake::{FakeService, RecordedRequest, Simulation};

use crate::access_key::AccessKey;

pub(crate) struct Service {
    fake: FakeService,
    elapsed_seconds: Arc<AtomicU64>,
}

impl Service {
    pub(crate) async fn start(start: SystemTime) -> io::Result<Self> {
        let elapsed_seconds = Arc::new(AtomicU64::new(0));
        let clock = {
            let elapsed_seconds = Arc::clone(&elapsed_seconds);
            move || start + Duration::from_secs(elapsed_seconds.load(Ordering::Relaxed))
        };
        let simulation = Simulation::new()
            .fail_matching("/broken/", "Origin Return StatusCode 5XX")
            // The clock stands still, so all calls would count for the same second.
            .rate_limits(false);
        let fake = FakeService::builder()
            .account(AccessKey::temporary_account())
            .simulation(simulation)
            .clock(clock)
            .start()
            .await?;
        Ok(Service { fake, elapsed_seconds })
    }

    pub(crate) fn advance_clock(&self, seconds: u64) {
        self.elapsed_seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Returns host and port.
    pub(crate) fn endpoint(&self) -> &str {
        self.fake.endpoint().trim_start_matches("http://")
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.fake.requests()
    }
}
