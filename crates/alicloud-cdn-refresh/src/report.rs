//! What has become of everything.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::invalid_input::InvalidInput;
use crate::job::{Job, JobObject};
use crate::kind::TargetKind;
use crate::plan::Duplicate;
use crate::status::ObjectStatus;

/// What has become of each object of a [`Job`].
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
///
/// let report = Job::new(Plan::refresh(["https://example.com/a.jpg", "oops"])).report();
/// assert!(!report.is_live());
/// assert_eq!(report.to_string(), "0 of 1 live; 1 not sent; 1 invalid");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "what has failed is in it, and nowhere else"]
#[non_exhaustive]
pub struct Report {
    /// The objects, call by call.
    pub objects: Vec<ObjectReport>,
    /// Inputs that were refused when they were planned.
    pub invalid_inputs: Vec<InvalidInput>,
    /// Inputs that came a second time, and for which other objects stand.
    pub duplicates: Vec<Duplicate>,
}

/// What has become of one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ObjectReport {
    /// The URL or the cache tag; empty for a task that the service does not list.
    pub url: String,
    /// What was given, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// How many inputs of the plan came before it; absent where only the id of its task was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// What it is; absent for a task that the service does not list.
    pub kind: Option<TargetKind>,
    /// The tasks of the call that it was in. One task can be about many objects.
    pub task_ids: Arc<[String]>,
    /// What has become of it.
    #[serde(flatten)]
    pub status: ObjectStatus,
}

/// How many objects have come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// In effect on the whole network.
    pub live: usize,
    /// Submitted, and failed.
    pub failed: usize,
    /// Submitted, and under way.
    pub pending: usize,
    /// Rejected by the service.
    pub rejected: usize,
    /// Not known: perhaps submitted, or forgotten by the service before it ended.
    pub unknown: usize,
    /// Not sent.
    pub not_sent: usize,
    /// InvalidInput when they were planned.
    pub invalid: usize,
}

impl Report {
    pub(crate) fn of(job: &Job) -> Self {
        let mut objects = Vec::new();
        for call in &job.calls {
            // Shared, for a call of a thousand objects may be a thousand tasks.
            let task_ids: Arc<[String]> = call.task_ids().into();
            let report = |object: &JobObject| ObjectReport {
                url: object.url.clone(),
                input: object.input.clone(),
                index: object.index,
                kind: object.kind.or(call.kind),
                task_ids: task_ids.clone(),
                status: call.status_of(object),
            };
            if call.objects.is_empty() {
                objects.push(report(&JobObject::found(
                    String::new(),
                    None,
                    ObjectStatus::NOT_LISTED,
                )));
            }
            objects.extend(call.objects.iter().map(report));
        }
        Report {
            objects,
            invalid_inputs: job.invalid_inputs.clone(),
            duplicates: job.duplicates.clone(),
        }
    }

    /// Whether every input has taken effect on the whole network, and there was one.
    pub fn is_live(&self) -> bool {
        let counts = self.counts();
        counts.live > 0 && counts == Counts { live: counts.live, ..Counts::default() }
    }

    /// The objects that are not live.
    pub fn not_live(&self) -> impl Iterator<Item = &ObjectReport> {
        self.objects.iter().filter(|object| object.status != ObjectStatus::Live)
    }

    /// How many have come to what.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { invalid: self.invalid_inputs.len(), ..Counts::default() };
        for object in &self.objects {
            *match object.status {
                ObjectStatus::Live => &mut counts.live,
                ObjectStatus::Failed { .. } => &mut counts.failed,
                ObjectStatus::Pending { .. } => &mut counts.pending,
                ObjectStatus::Rejected { .. } => &mut counts.rejected,
                ObjectStatus::Unknown { .. } => &mut counts.unknown,
                ObjectStatus::NotSent { .. } => &mut counts.not_sent,
            } += 1;
        }
        counts
    }
}

/// One line of numbers.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts();
        write!(f, "{} of {} live", counts.live, self.objects.len())?;
        let others = [
            (counts.failed, "failed"),
            (counts.pending, "not finished"),
            (counts.rejected, "rejected by the service"),
            (counts.unknown, "not known"),
            (counts.not_sent, "not sent"),
            (counts.invalid, "invalid"),
        ];
        others
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .try_for_each(|(count, what)| write!(f, "; {count} {what}"))
    }
}

/// The object and its status, in one line.
impl fmt::Display for ObjectReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = || self.task_ids.join(",");
        match (self.url.as_str(), &self.status) {
            ("", ObjectStatus::Pending { service_status: None, .. }) => write!(
                f,
                "task {} was not seen: the service lists a task some seconds after it was submitted and \
                 for 3 days, and only to the account that owns it",
                ids()
            ),
            ("", status) => write!(f, "task {}: {status}", ids()),
            (url, status) => write!(f, "{url}: {status}"),
        }
    }
}
