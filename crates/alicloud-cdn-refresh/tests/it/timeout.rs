//! Submissions with a timeout.

use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{Job, Plan};
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{Clock as _, Credentials};

use crate::submit::REFRESH;
use crate::support::{NOW, states};

const SECS: fn(u64) -> Duration = Duration::from_secs;

#[tokio::test]
async fn a_call_ends_with_the_submission_or_with_its_own_timeout() {
    // The shorter of both.
    for (call_timeout, timeout, expected) in [(600, 90, 90), (10, 30, 10), (60, 90, 60)] {
        let fake = FakeTransport::new().fault(REFRESH, Fault::Hang);
        let clock = ManualClock::from_unix_seconds(NOW);
        let client: Client = Client::builder()
            .credentials(Credentials::new("id", "secret"))
            .transport(fake.clone())
            .timeout(SECS(call_timeout))
            .clock(clock.clone())
            .build()
            .unwrap();
        let submission = tokio::spawn(async move {
            let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
            let _ = job.submit(&client).timeout(SECS(timeout)).lookup_timeout(SECS(0)).await;
            states(&job)
        });
        while fake.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        clock.advance(SECS(expected));
        let states = tokio::time::timeout(SECS(20), submission).await;
        assert_eq!(states.expect("it ends").unwrap(), ["unknown"]);
        assert_eq!(clock.elapsed(), SECS(expected));
    }
}
