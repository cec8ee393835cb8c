//! Calls that wait for the rate limiter.

use std::future::{pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{Event, Job, Limits, Planner, TargetKind};
use alicloud_core::testing::FakeTransport;
use alicloud_core::{BoxFuture, Credentials, RateLimitRequest, RateLimiter};

use crate::submit::accept;
use crate::support::states;

/// Permits a number of calls, and no more.
#[derive(Debug)]
struct Permits(AtomicUsize);

impl RateLimiter for Permits {
    fn acquire<'a>(&'a self, _: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        let take = |permits: usize| permits.checked_sub(1);
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            Ok(_) => Box::pin(ready(())),
            Err(_) => Box::pin(pending()),
        }
    }
}

fn job_of_four_calls() -> Job {
    let limits = Limits::default().batch_size(TargetKind::File, 1);
    let urls = (0..4).map(|number| format!("http://a.example/{number}"));
    Job::new(Planner::new().limits(limits).refresh(urls).plan())
}

/// Returns a client whose limiter permits two calls.
fn client() -> (FakeTransport, Client) {
    let fake = accept(accept(FakeTransport::new(), "1"), "2");
    let client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .rate_limiter(Permits(AtomicUsize::new(2)))
        .build()
        .unwrap();
    (fake, client)
}

#[tokio::test]
async fn a_program_that_is_killed_has_only_recorded_calls_that_were_permitted() {
    let (fake, client) = client();
    let mut job = job_of_four_calls();
    let mut recorded = Vec::new();
    let mut journal = |event: &Event| {
        recorded.push(event.clone());
        Ok(())
    };
    let submit = job.submit(&client).concurrency(4).journal(&mut journal);
    assert!(tokio::time::timeout(Duration::from_millis(200), submit).await.is_err());
    let sending = |event: &&Event| matches!(event, Event::Sending { .. });
    assert_eq!((recorded.iter().filter(sending).count(), fake.requests().len()), (2, 2));

    let mut restored = job_of_four_calls();
    recorded.iter().for_each(|event| restored.apply(event));
    assert_eq!(states(&restored), ["sent", "sent", "planned", "planned"]);
}

#[tokio::test]
async fn a_stop_ends_the_wait_for_the_limiter_and_sends_nothing_more() {
    let (fake, client) = client();
    let mut job = job_of_four_calls();
    let shutdown = tokio::time::sleep(Duration::from_millis(200));
    let submit = job.submit(&client).concurrency(4).with_graceful_shutdown(shutdown);
    let report = tokio::time::timeout(Duration::from_secs(30), submit).await.unwrap().unwrap();
    assert_eq!((report.counts().not_sent, fake.requests().len()), (2, 2));
    assert_eq!(states(&job), ["sent", "sent", "planned", "planned"]);
}
