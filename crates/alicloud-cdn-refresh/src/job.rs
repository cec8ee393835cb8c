//! A plan on its way, and what has become of it so far.

mod event;

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

pub use self::event::{Event, Journal, JournalError};
use crate::invalid_input::InvalidInput;
use crate::kind::TargetKind;
use crate::plan::{CallOptions, Duplicate, Object, Plan, PlannedCall};
use crate::report::Report;
use crate::status::{ObjectStatus, StoredError};

/// A plan on its way: what was sent, what the service took, and what is live.
///
/// It is a value that serde can store at any time and that goes on from where it was: with
/// [`submit`](Self::submit) nothing is sent a second time, and [`wait`](Self::wait) asks for what is not
/// done, for as long as the service remembers tasks, which is 3 days. A [`StateFile`](crate::StateFile)
/// keeps it through a crash.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[must_use = "nothing is sent until it is submitted"]
pub struct Job {
    pub(crate) calls: Vec<JobCall>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) invalid_inputs: Vec<InvalidInput>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) duplicates: Vec<Duplicate>,
}

/// One call of a [`Job`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobCall {
    /// The domain of its objects; empty for a task of which only the id was given.
    pub domain: String,
    /// What its objects are; absent for a task of which only the id was given.
    pub kind: Option<TargetKind>,
    /// What the service is told beside the objects.
    #[serde(default, skip_serializing_if = "CallOptions::is_default")]
    pub options: CallOptions,
    /// Its objects, those of a task of which only the id was given as the service lists them.
    pub objects: Vec<JobObject>,
    /// How it stands.
    pub state: CallState,
}

/// One object of a [`JobCall`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobObject {
    /// The URL or the cache tag, as it is sent.
    pub url: String,
    /// What was given, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// How many inputs of the plan came before it; absent where only the id of its task was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// What it is, where only the id of its task was input: else its call says that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TargetKind>,
    /// What has become of it, once it is submitted.
    pub status: ObjectStatus,
}

/// How a call stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CallState {
    /// It was not sent, or the service has not taken it in that minute.
    Planned {
        /// Why not, when that was tried.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<StoredError>,
    },
    /// It is not sent for now, because the quota of the day is not enough for it;
    /// [`include_deferred`](crate::Submit::include_deferred) sends it.
    Deferred,
    /// It is being sent. When this is found in a stored job, the program ended before the answer came.
    Sending {
        /// Since when.
        #[serde(with = "event::timestamp")]
        at: SystemTime,
    },
    /// The service has taken it.
    Sent {
        /// When it was sent; absent for a task of which only the id was given.
        #[serde(
            default,
            with = "event::timestamp::optional",
            skip_serializing_if = "Option::is_none"
        )]
        at: Option<SystemTime>,
        /// The tasks that it made of it.
        task_ids: Vec<String>,
    },
    /// The service did not take it.
    Rejected {
        /// What it said.
        error: StoredError,
    },
    /// The service may have taken it: the answer was lost.
    Unknown {
        /// When it was sent.
        #[serde(with = "event::timestamp")]
        at: SystemTime,
        /// How the answer was lost.
        error: StoredError,
    },
}

impl Job {
    /// A plan that is to be submitted.
    pub fn new(plan: Plan) -> Self {
        let planned = plan.calls.into_iter().map(|call| (call, CallState::Planned { error: None }));
        let deferred = plan.over_quota.into_iter().map(|call| (call, CallState::Deferred));
        let calls = planned.chain(deferred).map(|(call, state)| JobCall {
            domain: call.domain,
            kind: Some(call.kind),
            options: call.options,
            objects: call.objects.into_iter().map(JobObject::from).collect(),
            state,
        });
        Job {
            calls: calls.collect(),
            invalid_inputs: plan.invalid_inputs,
            duplicates: plan.duplicates,
        }
    }

    /// Tasks that were submitted before, by their ids: to be looked at or waited for. An id that is
    /// several, joined with commas as the service returns them, is taken apart.
    ///
    /// What an id stands for is found out on the way. That an object of it is missing from the list
    /// cannot be noticed for certain, unlike in a job that was submitted here.
    ///
    /// # Errors
    ///
    /// A text that cannot be the id of a task.
    pub fn from_task_ids(
        ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, InvalidTaskId> {
        let mut job = Job::default();
        let mut seen = HashSet::new();
        for joined in ids.into_iter().map(Into::into) {
            for id in joined.split(',').map(str::trim) {
                if !is_task_id(id) {
                    return Err(InvalidTaskId(id.to_owned()));
                }
                if seen.insert(id.to_owned()) {
                    job.calls.push(JobCall {
                        domain: String::new(),
                        kind: None,
                        options: CallOptions::default(),
                        objects: Vec::new(),
                        state: CallState::Sent { at: None, task_ids: vec![id.to_owned()] },
                    });
                }
            }
        }
        Ok(job)
    }

    /// Its calls.
    pub fn calls(&self) -> &[JobCall] {
        &self.calls
    }

    /// Inputs that were refused when they were planned.
    pub fn invalid_inputs(&self) -> &[InvalidInput] {
        &self.invalid_inputs
    }

    /// Inputs that came a second time when they were planned.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// The ids of all tasks that the service has made of it, each once.
    pub fn task_ids(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let ids = self.calls.iter().flat_map(JobCall::task_ids).map(String::as_str);
        ids.filter(|id| seen.insert(*id)).collect()
    }

    /// Whether nothing about it will change: everything was submitted, and has ended.
    pub fn is_finished(&self) -> bool {
        self.calls.iter().all(|call| match &call.state {
            CallState::Sent { .. } => call.is_settled(),
            _ => false,
        })
    }

    /// Whether it is about the same objects as a plan, however far it has come: whether going on with it
    /// does what the plan says.
    pub fn matches(&self, plan: &Plan) -> bool {
        let own = self.calls.iter().flat_map(|call| {
            let one = |url| (call.domain.as_str(), call.kind, &call.options, url);
            call.objects.iter().map(move |object| one(object.url.as_str()))
        });
        let mut own: Vec<_> = own.collect();
        let mut others: Vec<_> =
            plan.calls.iter().chain(&plan.over_quota).flat_map(PlannedCall::each).collect();
        own.sort_unstable();
        others.sort_unstable();
        own == others
    }

    /// What has become of each object so far.
    pub fn report(&self) -> Report {
        Report::of(self)
    }

    /// Takes in what has happened: an event that a [`Journal`] has kept. An event of a call or an object that
    /// the job does not have says nothing.
    pub fn apply(&mut self, event: &Event) {
        let Some(call) = self.calls.get_mut(event.call()) else { return };
        match event {
            Event::Sending { at, .. } => call.state = CallState::Sending { at: *at },
            Event::Sent { at, task_ids, .. } => {
                call.state = CallState::Sent { at: Some(*at), task_ids: task_ids.clone() };
            }
            Event::NotSent { error, .. } | Event::Throttled { error, .. } => {
                call.state = CallState::Planned { error: Some(error.clone()) };
            }
            Event::Rejected { error, .. } => {
                call.state = CallState::Rejected { error: error.clone() };
            }
            Event::Unknown { at, error, .. } => {
                call.state = CallState::Unknown { at: *at, error: error.clone() };
            }
            Event::Ended { ends, .. } => {
                for (index, status) in ends {
                    if let Some(object) = call.objects.get_mut(*index) {
                        object.status = status.clone();
                    }
                }
            }
        }
    }
}

impl CallState {
    /// Whether it is not known that the service has taken the call, and neither that it has not.
    pub fn is_response_lost(&self) -> bool {
        matches!(self, CallState::Sending { .. } | CallState::Unknown { .. })
    }
}

impl JobCall {
    /// The tasks that the service has made of it.
    pub fn task_ids(&self) -> &[String] {
        match &self.state {
            CallState::Sent { task_ids, .. } => task_ids,
            _ => &[],
        }
    }

    /// What has become of one of its objects.
    pub(crate) fn status_of(&self, object: &JobObject) -> ObjectStatus {
        match &self.state {
            CallState::Planned { error } => ObjectStatus::NotSent { error: error.clone() },
            CallState::Deferred => ObjectStatus::NotSent {
                error: Some(StoredError::new(
                    "the quota of the day is not enough for it",
                    "send it when the next day has begun, at 00:00 in UTC+8",
                )),
            },
            CallState::Sending { .. } => ObjectStatus::Unknown { error: StoredError::cut_off() },
            CallState::Rejected { error } => ObjectStatus::Rejected { error: error.clone() },
            CallState::Unknown { error, .. } => ObjectStatus::Unknown { error: error.clone() },
            CallState::Sent { .. } => object.status.clone(),
        }
    }

    /// Since when it may have been carried out, and why that is not known.
    pub(crate) fn lost(&self) -> Option<(SystemTime, StoredError)> {
        match &self.state {
            CallState::Sending { at } => Some((*at, StoredError::cut_off())),
            CallState::Unknown { at, error } => Some((*at, error.clone())),
            _ => None,
        }
    }

    /// Whether only the id of a task was given. What is known of it was found out.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.state, CallState::Sent { at: None, .. })
    }

    /// Whether nothing about it will change by looking at its tasks.
    pub(crate) fn is_settled(&self) -> bool {
        match &self.state {
            CallState::Sent { .. } => {
                !self.objects.is_empty()
                    && self.objects.iter().all(|object| object.status.is_final())
            }
            _ => true,
        }
    }
}

/// How long the service remembers tasks.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Whether a text can be the id of a task. The service writes numbers; what is more must not do harm in a
/// list, a shell or a terminal.
pub(crate) fn is_task_id(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

impl JobObject {
    /// Something that was found under the id of a task.
    pub(crate) fn found(url: String, kind: Option<TargetKind>, status: ObjectStatus) -> Self {
        JobObject { url, input: None, index: None, kind, status }
    }
}

impl From<Object> for JobObject {
    fn from(object: Object) -> Self {
        let Object { url, input, index } = object;
        JobObject { url, input, index: Some(index), kind: None, status: ObjectStatus::NOT_LISTED }
    }
}

/// A text that cannot be the id of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTaskId(String);

impl std::fmt::Display for InvalidTaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} is not the id of a task: ids are numbers, input singly or joined with commas",
            self.0
        )
    }
}

impl std::error::Error for InvalidTaskId {}
