//! A plan on its way, and what has become of it so far.

mod event;

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

pub use self::event::{Event, Journal};
use crate::fate::{Fate, Problem};
use crate::kind::Kind;
use crate::plan::{CallOptions, Plan, PlannedCall};
use crate::refusal::Refused;
use crate::report::Report;

/// A plan on its way: what was sent, what the service took, and what is live.
///
/// It is a value that serde can store at any time and that goes on from where it was: with
/// [`submit`](Self::submit) nothing is sent a second time, and [`wait`](Self::wait) asks for what is not
/// done, for as long as the service remembers tasks, which is 3 days. A [`StateFile`](crate::StateFile)
/// keeps it through a crash.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub(crate) calls: Vec<JobCall>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) refused: Vec<Refused>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) left_over: Vec<PlannedCall>,
}

/// One call of a [`Job`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobCall {
    /// The domain of its objects; empty for a task of which nothing is known yet.
    pub domain: String,
    /// What its objects are; absent for a task of which nothing is known yet.
    pub kind: Option<Kind>,
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
    /// What has become of it, once it is submitted.
    pub fate: Fate,
}

/// How a call stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CallState {
    /// It was not sent.
    Planned {
        /// Why not, when that was tried.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<Problem>,
    },
    /// It is being sent. When this is found in a stored job, the program ended before the answer came.
    Sending {
        /// Since when.
        #[serde(with = "event::timestamp")]
        at: SystemTime,
    },
    /// The service has taken it.
    Sent {
        /// The tasks that it made of it.
        task_ids: Vec<String>,
    },
    /// The service did not take it.
    Rejected {
        /// What it said.
        problem: Problem,
    },
    /// The service may have taken it: the answer was lost.
    Unknown {
        /// When it was sent.
        #[serde(with = "event::timestamp")]
        at: SystemTime,
        /// How the answer was lost.
        problem: Problem,
    },
}

impl Job {
    /// A plan that is to be submitted.
    pub fn new(plan: Plan) -> Self {
        Job {
            calls: plan
                .calls
                .into_iter()
                .map(|call| JobCall {
                    domain: call.domain,
                    kind: Some(call.kind),
                    options: call.options,
                    objects: call
                        .objects
                        .into_iter()
                        .map(|object| JobObject::new(object.url))
                        .collect(),
                    state: CallState::Planned { problem: None },
                })
                .collect(),
            refused: plan.refused,
            left_over: plan.left_over,
        }
    }

    /// Tasks that were submitted before, by their ids: to be looked at or waited for. An id that is
    /// several, joined with commas as the service returns them, is taken apart.
    ///
    /// What an id stands for is found out on the way. That an object of it is missing from the list
    /// cannot be noticed, unlike in a job that was submitted here.
    ///
    /// # Errors
    ///
    /// A text that cannot be the id of a task, because it has anything but digits in it.
    pub fn of_tasks(ids: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, BadTaskId> {
        let mut job = Job::default();
        for joined in ids.into_iter().map(Into::into) {
            for id in joined.split(',').map(str::trim) {
                if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(BadTaskId(id.to_owned()));
                }
                let sent = CallState::Sent { task_ids: vec![id.to_owned()] };
                if !job.calls.iter().any(|call| call.state == sent) {
                    job.calls.push(JobCall {
                        domain: String::new(),
                        kind: None,
                        options: CallOptions::default(),
                        objects: Vec::new(),
                        state: sent,
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

    /// What was refused when it was planned.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// The ids of all tasks that the service has made of it, each once.
    pub fn task_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for id in self.calls.iter().flat_map(JobCall::task_ids) {
            if !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        ids
    }

    /// Whether it is about the same objects as a plan, however far it has come: whether going on with it
    /// does what the plan says.
    pub fn is_of(&self, plan: &Plan) -> bool {
        let sent = self.calls.iter().flat_map(|call| {
            call.objects.iter().map(|object| (call.kind, &call.options, object.url.as_str()))
        });
        let mut own: Vec<_> =
            sent.chain(self.left_over.iter().flat_map(PlannedCall::each)).collect();
        let calls = plan.calls.iter().chain(&plan.left_over);
        let mut others: Vec<_> = calls.flat_map(PlannedCall::each).collect();
        own.sort_unstable();
        others.sort_unstable();
        own == others
    }

    /// What has become of each object so far.
    pub fn report(&self) -> Report {
        Report::of(self)
    }

    /// Takes in what has happened.
    pub(crate) fn apply(&mut self, event: &Event) {
        let Some(call) = self.calls.get_mut(event.call()) else { return };
        match event {
            Event::Sending { at, .. } => call.state = CallState::Sending { at: *at },
            Event::Sent { task_ids, .. } => {
                call.state = CallState::Sent { task_ids: task_ids.clone() };
            }
            Event::NotSent { problem, .. } => {
                call.state = CallState::Planned { problem: Some(problem.clone()) };
            }
            Event::Rejected { problem, .. } => {
                call.state = CallState::Rejected { problem: problem.clone() };
            }
            Event::Unknown { at, problem, .. } => {
                call.state = CallState::Unknown { at: *at, problem: problem.clone() };
            }
            Event::Ended { ends, .. } => {
                for (place, fate) in ends {
                    if let Some(object) = call.objects.get_mut(*place) {
                        object.fate = fate.clone();
                    }
                }
            }
        }
    }
}

impl JobCall {
    /// The tasks that the service has made of it.
    pub fn task_ids(&self) -> &[String] {
        match &self.state {
            CallState::Sent { task_ids } => task_ids,
            _ => &[],
        }
    }

    /// What has become of one of its objects.
    pub(crate) fn fate_of(&self, object: &JobObject) -> Fate {
        match &self.state {
            CallState::Planned { problem } => Fate::NotSent { problem: problem.clone() },
            CallState::Sending { .. } => Fate::Unknown {
                problem: Problem::new(
                    "the program ended before the answer came",
                    "submit the job again: it looks for it first",
                ),
            },
            CallState::Rejected { problem } => Fate::Rejected { problem: problem.clone() },
            CallState::Unknown { problem, .. } => Fate::Unknown { problem: problem.clone() },
            CallState::Sent { .. } => object.fate.clone(),
        }
    }

    /// Whether nothing about it will change by looking at its tasks.
    pub(crate) fn is_settled(&self) -> bool {
        match &self.state {
            CallState::Sent { .. } => {
                !self.objects.is_empty() && self.objects.iter().all(|object| object.fate.is_final())
            }
            _ => true,
        }
    }
}

impl JobObject {
    pub(crate) fn new(url: String) -> Self {
        JobObject { url, fate: Fate::UNSEEN }
    }
}

/// A text that cannot be the id of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTaskId(String);

impl std::fmt::Display for BadTaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} is not the id of a task: ids are numbers, separated by commas or given singly",
            self.0
        )
    }
}

impl std::error::Error for BadTaskId {}
