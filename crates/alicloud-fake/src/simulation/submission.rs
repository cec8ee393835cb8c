//! Submissions.

use std::time::SystemTime;

use crate::cdn::{ObjectKind, Target};

/// A refresh or preload that the simulation has accepted, even if its response was lost.
///
/// A test compares the submissions with what it meant to submit, to prove that nothing was
/// submitted twice or left out.
///
/// ```
#[doc = include_str!("../doctest/get.txt")]
/// let service = FakeService::builder().simulation(Simulation::new()).start().await?;
/// // … the client under test refreshes URLs …
/// # get(&service).await?;
/// let urls: Vec<String> =
///     service.submissions().into_iter().flat_map(|submission| submission.objects).collect();
/// assert!(urls.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Submission {
    /// `RefreshObjectCaches`, `RefreshObjectCacheByCacheTag` or `PushObjectCache`.
    pub operation: String,
    /// The [object type](crate::Task::object_type) of the tasks.
    pub object_type: String,
    /// The paths of the tasks, in the order of the call.
    pub objects: Vec<String>,
    /// The distinct task ids of the response.
    pub task_ids: Vec<String>,
    /// The time of the call, by the service's clock.
    pub submitted_at: SystemTime,
}

/// The objects that a call submits.
pub(crate) struct SubmissionRequest {
    pub(crate) operation: &'static str,
    pub(crate) kind: ObjectKind,
    pub(crate) targets: Vec<Target>,
}
