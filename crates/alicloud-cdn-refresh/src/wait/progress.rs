//! Progress of a wait.

use serde::{Deserialize, Serialize};

use crate::job::Job;
use crate::status::ObjectStatus;
use crate::stored_error::StoredError;
use crate::track::Tracker;

/// Progress of a job after a poll.
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
/// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
/// #     .respond_json("DescribeRefreshTaskById", r#"{"Tasks": [{"TaskId": "17",
/// #         "ObjectPath": "https://example.com/a.jpg", "Status": "Complete"}]}"#);
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake)
/// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
///
/// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg", "https://example.com/b.jpg"]));
/// let _ = job.submit(&client).await?;
/// let progress = job.wait(&client).next().await.expect("a first poll")?;
/// assert_eq!((progress.live, progress.pending, progress.percent), (1, 1, 50.0));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// Submitted objects, as far as they are known.
    pub objects: usize,
    /// Objects that are live.
    pub live: usize,
    /// Objects that have failed.
    pub failed: usize,
    /// Objects in progress.
    pub pending: usize,
    /// Calls since the wait started that returned information about tasks. While it is 0, nothing is
    /// known about objects that are not listed.
    pub polls: usize,
    /// Average progress of all objects in percent, 0 to 100. Failed objects count as 100.
    pub percent: f64,
    /// The latest failed object, with the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<String>,
    /// The error of the last poll, or of a part of it. It makes no object fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<StoredError>,
    /// New warnings, such as an undocumented status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Progress {
    pub(super) fn from_job(job: &Job, tracker: &mut Tracker, error: Option<StoredError>) -> Self {
        let mut progress = Progress {
            last_failure: tracker.notices.last_failure.clone(),
            polls: tracker.polls,
            error,
            warnings: tracker.notices.take_warnings(),
            ..Progress::default()
        };
        let mut percent_sum = 0.0;
        for call in job.calls.iter().filter(|call| !call.task_ids().is_empty()) {
            // A task that is not listed counts as one object.
            progress.objects += call.objects.len().max(1);
            progress.pending += usize::from(call.objects.is_empty());
            for object in &call.objects {
                match &object.status {
                    ObjectStatus::Live => progress.live += 1,
                    ObjectStatus::Failed { .. } => progress.failed += 1,
                    _ => progress.pending += 1,
                }
                percent_sum += match &object.status {
                    ObjectStatus::Failed { .. } => 100.0,
                    status => status.percent(),
                };
            }
        }
        progress.percent = percent_sum / progress.objects.max(1) as f64;
        progress
    }
}
