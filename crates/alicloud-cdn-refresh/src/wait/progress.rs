//! How far a job has come.

use serde::{Deserialize, Serialize};

use crate::job::Job;
use crate::status::{ObjectStatus, StoredError};
use crate::track::Tracker;

/// How far a job has come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// How many objects were submitted, as far as it is known.
    pub objects: usize,
    /// How many are live.
    pub live: usize,
    /// How many have failed.
    pub failed: usize,
    /// How many are under way.
    pub pending: usize,
    /// How many calls the service has answered since the wait began. While there is none, that nothing is
    /// listed means nothing.
    pub polls: usize,
    /// How far all are together, in percent. What has failed counts as done.
    pub percent: f64,
    /// The newest reason of a failure, with its object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<String>,
    /// How the last look failed, or a part of it. That makes no object fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<StoredError>,
    /// What was strange since the last look, such as a state that no document knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Progress {
    pub(super) fn of(job: &Job, tracker: &mut Tracker) -> Self {
        let mut progress = Progress {
            last_failure: tracker.news.last_failure.clone(),
            polls: tracker.polls,
            error: tracker.error.clone(),
            warnings: tracker.news.take_warnings(),
            ..Progress::default()
        };
        let mut percent = 0.0;
        for call in job.calls.iter().filter(|call| !call.task_ids().is_empty()) {
            // A task of which nothing is known is one object.
            progress.objects += call.objects.len().max(1);
            progress.pending += usize::from(call.objects.is_empty());
            for object in &call.objects {
                match &object.status {
                    ObjectStatus::Live => progress.live += 1,
                    ObjectStatus::Failed { .. } => progress.failed += 1,
                    _ => progress.pending += 1,
                }
                percent += match &object.status {
                    ObjectStatus::Failed { .. } => 100.0,
                    status => status.percent(),
                };
            }
        }
        progress.percent = percent / progress.objects.max(1) as f64;
        progress
    }
}
