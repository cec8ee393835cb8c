//! What will be sent, before anything is.

mod planner;

use std::fmt;

use alicloud_cdn::Client;
use serde::{Deserialize, Serialize};

pub use self::planner::{Planner, PreloadOptions};
use crate::error::RunError;
use crate::invalid_input::InvalidInput;
use crate::job::Job;
use crate::kind::TargetKind;
use crate::quota::{Quota, QuotaShortage};
use crate::report::Report;

/// What will be sent: calls of one domain and one kind each, none over a limit, and what is not sent
/// and why. Every input is in exactly one place of it.
///
/// It is a value: printed, stored and compared before anything happens.
///
/// ```
/// use alicloud_cdn_refresh::{TargetKind, Plan};
///
/// let plan = Plan::refresh([
///     "https://example.com/a.jpg",
///     " https://example.com/a.jpg",      // again
///     "https://example.com/static/",     // a directory, because of the slash
///     "https://example.org/图.png",      // encoded, because it must be
///     "example.com/b.jpg",               // refused: no scheme
/// ]);
/// assert_eq!(plan.calls().len(), 3);
/// assert_eq!(plan.calls()[1].kind, TargetKind::Directory);
/// assert_eq!(plan.calls()[2].objects[0].url, "https://example.org/%E5%9B%BE.png");
/// assert_eq!((plan.duplicates().len(), plan.invalid_inputs().len()), (1, 1));
/// assert!(plan.invalid_inputs()[0].to_string().contains("has no scheme"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[must_use = "nothing is sent until it is run, or becomes a job that is submitted"]
pub struct Plan {
    pub(crate) calls: Vec<PlannedCall>,
    pub(crate) invalid_inputs: Vec<InvalidInput>,
    pub(crate) duplicates: Vec<Duplicate>,
    pub(crate) over_quota: Vec<PlannedCall>,
}

/// A call that will be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlannedCall {
    /// The domain that all its objects are of.
    pub domain: String,
    /// What its objects are.
    pub kind: TargetKind,
    /// What else the service is told.
    #[serde(default, skip_serializing_if = "CallOptions::is_default")]
    pub options: CallOptions,
    /// What it is about, in the order in which it was given.
    pub objects: Vec<Object>,
}

/// What tells one object from all others.
pub(crate) type One<'a> = (&'a str, Option<TargetKind>, &'a CallOptions, &'a str);

/// What a call says beside its objects. What belongs to another kind is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallOptions {
    /// Of a refresh: whether objects that are the same at the origin are thrown away, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
    /// Of a preload.
    #[serde(default, skip_serializing_if = "PreloadOptions::is_default")]
    pub preload: PreloadOptions,
}

impl CallOptions {
    pub(crate) fn is_default(&self) -> bool {
        *self == CallOptions::default()
    }
}

/// One object of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Object {
    /// The URL, or the cache tag, as it is sent.
    pub url: String,
    /// What was given, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// How many inputs came before it.
    pub index: usize,
}

/// An input that came a second time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Duplicate {
    /// How many inputs came before it.
    pub index: usize,
    /// The input as it was given.
    pub input: String,
    /// The place of the input that is sent for both.
    pub duplicate_of: usize,
}

impl Plan {
    /// Refreshes URLs: those that end with a slash are directories, the others files.
    ///
    /// A [`Planner`] takes other kinds, too, and limits and domains.
    pub fn refresh(urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Planner::new().refresh(urls).plan()
    }

    /// Preloads URLs, wherever their domains are accelerated.
    pub fn preload(urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Planner::new().preload(urls).plan()
    }

    /// The calls, by domain and kind.
    pub fn calls(&self) -> &[PlannedCall] {
        &self.calls
    }

    /// What is not sent because something is wrong with it.
    pub fn invalid_inputs(&self) -> &[InvalidInput] {
        &self.invalid_inputs
    }

    /// What is not sent because it is there already.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// What is not sent because it was [cut](Self::truncate_to).
    pub fn over_quota(&self) -> &[PlannedCall] {
        &self.over_quota
    }

    /// How many objects all calls have together.
    pub fn objects(&self) -> usize {
        self.calls.iter().map(|call| call.objects.len()).sum()
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// How many objects of a kind will be sent.
    pub fn objects_of(&self, kind: TargetKind) -> usize {
        self.calls.iter().filter(|call| call.kind == kind).map(|call| call.objects.len()).sum()
    }

    /// What does not fit into the quota that is left. Empty when everything fits, and for kinds of
    /// which the service does not say how many are left.
    pub fn shortages(&self, quota: &Quota) -> Vec<QuotaShortage> {
        let short = |kind| {
            let (requested, remaining) =
                (self.objects_of(kind) as u64, quota.usage(kind).remaining?);
            let limit = quota.usage(kind).limit;
            (requested > remaining).then_some(QuotaShortage { kind, requested, remaining, limit })
        };
        TargetKind::ALL.into_iter().filter_map(short).collect()
    }

    /// Takes out what does not fit into the quota that is left: the objects of each kind that were given
    /// last become [`over_quota`](Self::over_quota).
    pub fn truncate_to(&mut self, quota: &Quota) {
        for shortage in self.shortages(quota) {
            let room = usize::try_from(shortage.remaining).unwrap_or(usize::MAX);
            let mut calls: Vec<_> =
                self.calls.iter_mut().filter(|call| call.kind == shortage.kind).collect();
            let mut indexes: Vec<usize> = calls
                .iter()
                .flat_map(|call| call.objects.iter().map(|object| object.index))
                .collect();
            indexes.sort_unstable();
            let Some(first) = indexes.get(room).copied() else { continue };
            for call in &mut calls {
                // They are in the order in which they were given.
                let kept = call.objects.partition_point(|object| object.index < first);
                let objects = call.objects.split_off(kept);
                if !objects.is_empty() {
                    self.over_quota.push(PlannedCall { objects, ..call.clone_without_objects() });
                }
            }
        }
        self.calls.retain(|call| !call.objects.is_empty());
    }

    /// Submits it and waits until it is live or has failed. A [`Job`] does the same in steps that can
    /// be watched and resumed.
    ///
    /// # Errors
    ///
    /// When it cannot be found out what has become of it. What was submitted until then is in the error,
    /// as a job that goes on. What the service refuses, and what is not done in time, is no error: the
    /// report has it.
    pub async fn run(self, client: &Client) -> Result<Report, RunError> {
        let mut job = Job::new(self);
        let ended = match job.submit(client).await {
            // What it says of the calls is in the report of the wait, too.
            Ok(_) => job.wait(client).await,
            Err(error) => Err(error),
        };
        ended.map_err(|error| RunError::new(error, job))
    }
}

impl PlannedCall {
    /// What tells its objects from all others.
    pub(crate) fn each(&self) -> impl Iterator<Item = One<'_>> {
        let one = |url| (self.domain.as_str(), Some(self.kind), &self.options, url);
        self.objects.iter().map(move |object| one(object.url.as_str()))
    }

    fn clone_without_objects(&self) -> Self {
        PlannedCall {
            domain: self.domain.clone(),
            kind: self.kind,
            options: self.options.clone(),
            objects: Vec::new(),
        }
    }
}

/// One line: how many of what in how many calls, and how many inputs are not sent.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = self.calls.len();
        if calls == 0 {
            f.write_str("nothing to send")?;
        }
        let kinds = TargetKind::ALL.into_iter().map(|kind| (kind, self.objects_of(kind)));
        for (index, (kind, count)) in kinds.filter(|(_, count)| *count > 0).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{count} {}", kind.noun(count))?;
        }
        if calls > 0 {
            write!(f, " in {calls} {}", if calls == 1 { "call" } else { "calls" })?;
        }
        let over_quota: usize = self.over_quota.iter().map(|call| call.objects.len()).sum();
        let apart = [
            (self.duplicates.len(), "duplicate"),
            (self.invalid_inputs.len(), "invalid"),
            (over_quota, "beyond the quota"),
        ];
        for (count, what) in apart.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "; {count} {what}")?;
        }
        Ok(())
    }
}
