//! Reports: the status of every object of a job.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::invalid_input::InvalidInput;
use crate::job::{Job, JobObject};
use crate::kind::TargetKind;
use crate::plan::Duplicate;
use crate::status::ObjectStatus;

/// The status of every object of a [`Job`], and the inputs that are not sent.
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
///
/// let report = Job::new(Plan::refresh(["https://example.com/a.jpg", "oops"])).report();
/// assert!(!report.is_live());
/// assert_eq!(report.to_string(), "0 of 1 live; 1 not sent; 1 invalid");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "failures are only reported here"]
#[non_exhaustive]
pub struct Report {
    /// Objects, in the order of the calls.
    pub objects: Vec<ObjectReport>,
    /// Inputs that are not sent because they are invalid.
    pub invalid_inputs: Vec<InvalidInput>,
    /// Inputs that are not sent because they are duplicates.
    pub duplicates: Vec<Duplicate>,
}

/// The status of one object. `Display` shows the object and its status in one line.
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
///
/// let report = Job::new(Plan::refresh(["https://example.com/a.jpg"])).report();
/// assert_eq!(report.objects[0].to_string(), "https://example.com/a.jpg: not sent");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ObjectReport {
    /// URL or cache tag; empty for a task that the service does not list.
    pub url: String,
    /// The input, if it differs from `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Zero-based index of the input; `None` for jobs built with
    /// [`from_task_ids`](Job::from_task_ids).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Kind of the object; `None` for a task that the service does not list.
    pub kind: Option<TargetKind>,
    /// Tasks of the object's call. One task can cover many objects.
    pub task_ids: Arc<[String]>,
    /// Status of the object.
    #[serde(flatten)]
    pub status: ObjectStatus,
}

/// The number of objects of each status, and of invalid inputs.
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
///
/// let counts = Job::new(Plan::refresh(["https://example.com/a.jpg", "oops"])).report().counts();
/// assert_eq!((counts.not_sent, counts.invalid, counts.live), (1, 1, 0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// In effect on the whole network.
    pub live: usize,
    /// Submitted, and failed.
    pub failed: usize,
    /// Submitted, and in progress.
    pub pending: usize,
    /// Rejected by the service.
    pub rejected: usize,
    /// Perhaps submitted, or no longer listed by the service.
    pub unknown: usize,
    /// Not sent.
    pub not_sent: usize,
    /// Invalid inputs.
    pub invalid: usize,
}

impl Job {
    /// Returns the current status of every object.
    pub fn report(&self) -> Report {
        let mut objects = Vec::new();
        for call in &self.calls {
            // Shared, because a call of a thousand objects can have a thousand tasks.
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
                objects.push(report(&JobObject::unlisted()));
            }
            objects.extend(call.objects.iter().map(report));
        }
        Report {
            objects,
            invalid_inputs: self.invalid_inputs.clone(),
            duplicates: self.duplicates.clone(),
        }
    }
}

impl Report {
    /// Returns whether every input is in effect on the whole network. An empty report is not live.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    ///
    /// let nothing = Plan::refresh(Vec::<String>::new());
    /// assert!(!Job::new(nothing).report().is_live());
    /// ```
    pub fn is_live(&self) -> bool {
        let counts = self.counts();
        counts.live > 0 && counts == Counts { live: counts.live, ..Counts::default() }
    }

    /// Returns the objects that are not live.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    ///
    /// let report = Job::new(Plan::refresh(["https://example.com/a.jpg"])).report();
    /// for object in report.not_live() {
    ///     assert_eq!(object.status.remedy(), Some("submit it"));
    /// }
    /// ```
    pub fn not_live(&self) -> impl Iterator<Item = &ObjectReport> {
        self.objects.iter().filter(|object| object.status != ObjectStatus::Live)
    }

    /// Returns the number of objects of each status.
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

/// One line with the counts.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts();
        write!(f, "{} of {} live", counts.live, self.objects.len())?;
        let others = [
            (counts.failed, "failed"),
            (counts.pending, "pending"),
            (counts.rejected, "rejected by the service"),
            (counts.unknown, "unknown"),
            (counts.not_sent, "not sent"),
            (counts.invalid, "invalid"),
        ];
        others
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .try_for_each(|(count, status)| write!(f, "; {count} {status}"))
    }
}

impl fmt::Display for ObjectReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = || self.task_ids.join(",");
        match (self.url.as_str(), &self.status) {
            ("", ObjectStatus::Pending { service_status: None, .. }) => write!(
                f,
                "task {}: no status yet; the service lists a task a few seconds after it was submitted, for 3 \
                 days, and only for the account that owns it",
                ids()
            ),
            ("", status) => write!(f, "task {}: {status}", ids()),
            (url, status) => write!(f, "{url}: {status}"),
        }
    }
}
