//! Submissions with a timeout.

use std::future::IntoFuture as _;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{Event, Job, Plan};
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{Clock as _, Credentials};

use crate::submit::REFRESH;
use crate::support::{NOW, in_memory, states, task, task_list};

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

#[tokio::test]
async fn what_a_lookup_found_before_the_end_counts() {
    let calls = ["http://a.example/1", "http://b.example/2", "http://c.example/3"];
    let mut fake = FakeTransport::new();
    for _ in calls {
        fake = fake.fault(REFRESH, Fault::ConnectionReset);
    }
    // The first request asks for the time of the service. The task of the first call is listed, that of the
    // second is not, and the search for the third does not end.
    let fake = fake
        .respond_json("DescribeRefreshTasks", task_list(&[]))
        .respond_json("DescribeRefreshTasks", task_list(&[task("7", calls[0], "Pending", "0%")]))
        .respond_json("DescribeRefreshTasks", task_list(&[]))
        .fault("DescribeRefreshTasks", Fault::Hang);
    let client = in_memory(&fake);
    let mut job = Job::new(Plan::refresh(calls));
    let mut events = 0;
    let mut count = |_: &Event| {
        events += 1;
        Ok(())
    };
    let submit = job.submit(&client).journal(&mut count).with_graceful_shutdown(async {
        while fake.requests().len() < 7 {
            tokio::task::yield_now().await;
        }
    });
    let report = tokio::time::timeout(SECS(20), submit.into_future()).await.unwrap().unwrap();
    assert_eq!(states(&job), ["sent", "unknown", "unknown"]);
    assert_eq!(events, 3 * 2 + 1, "the others stay as they were");
    assert!(!report.objects[1].to_string().contains("lookup"), "{report:?}");
}
