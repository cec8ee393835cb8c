//! What has become of everything.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fate::Fate;
use crate::job::{Job, JobObject};
use crate::kind::Kind;
use crate::plan::Repeated;
use crate::refusal::Refused;

/// What has become of each object of a [`Job`].
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
///
/// let report = Job::new(Plan::refresh(["https://example.com/a.jpg", "oops"])).report();
/// assert!(!report.is_live());
/// assert_eq!(report.to_string(), "0 of 1 live; 1 not sent; 1 refused");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "what has failed is in it, and nowhere else"]
#[non_exhaustive]
pub struct Report {
    /// The objects, call by call.
    pub objects: Vec<ObjectReport>,
    /// Inputs that were refused when they were planned.
    pub refused: Vec<Refused>,
    /// Inputs that came a second time, and for which other objects stand.
    pub repeated: Vec<Repeated>,
}

/// What has become of one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ObjectReport {
    /// The URL or the cache tag; empty for a task that the service does not list.
    pub url: String,
    /// What was given, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// How many inputs of the plan came before it; absent where only the id of its task was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// What it is; absent for a task that the service does not list.
    pub kind: Option<Kind>,
    /// The tasks of the call that it was in. One task can be about many objects.
    pub task_ids: Arc<[String]>,
    /// What has become of it.
    #[serde(flatten)]
    pub fate: Fate,
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
    /// Refused when they were planned.
    pub refused: usize,
}

impl Report {
    pub(crate) fn of(job: &Job) -> Self {
        let mut objects = Vec::new();
        for call in &job.calls {
            // Shared, for a call of a thousand objects may be a thousand tasks.
            let task_ids: Arc<[String]> = call.task_ids().into();
            let report = |object: &JobObject| ObjectReport {
                url: object.url.clone(),
                given: object.given.clone(),
                place: object.place,
                kind: object.kind.or(call.kind),
                task_ids: task_ids.clone(),
                fate: call.fate_of(object),
            };
            if call.objects.is_empty() {
                objects.push(report(&JobObject::found(String::new(), None, Fate::UNSEEN)));
            }
            objects.extend(call.objects.iter().map(report));
        }
        Report { objects, refused: job.refused.clone(), repeated: job.repeated.clone() }
    }

    /// Whether every input has taken effect on the whole network, and there was one.
    pub fn is_live(&self) -> bool {
        let counts = self.counts();
        counts.live > 0 && counts == Counts { live: counts.live, ..Counts::default() }
    }

    /// The objects that are not live.
    pub fn troubled(&self) -> impl Iterator<Item = &ObjectReport> {
        self.objects.iter().filter(|object| object.fate != Fate::Live)
    }

    /// How many have come to what.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { refused: self.refused.len(), ..Counts::default() };
        for object in &self.objects {
            *match object.fate {
                Fate::Live => &mut counts.live,
                Fate::Failed { .. } => &mut counts.failed,
                Fate::Pending { .. } => &mut counts.pending,
                Fate::Rejected { .. } => &mut counts.rejected,
                Fate::Unknown { .. } => &mut counts.unknown,
                Fate::NotSent { .. } => &mut counts.not_sent,
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
            (counts.refused, "refused"),
        ];
        others
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .try_for_each(|(count, what)| write!(f, "; {count} {what}"))
    }
}

/// The object and its fate, in one line.
impl fmt::Display for ObjectReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = || self.task_ids.join(",");
        match (self.url.as_str(), &self.fate) {
            ("", Fate::Pending { status: None, .. }) => write!(
                f,
                "task {} was not seen: the service lists a task some seconds after it was submitted and \
                 for 3 days, and only to the account that owns it",
                ids()
            ),
            ("", fate) => write!(f, "task {}: {fate}", ids()),
            (url, fate) => write!(f, "{url}: {fate}"),
        }
    }
}
