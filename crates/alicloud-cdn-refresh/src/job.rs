//! Jobs: plans that are being executed, with the state of every call and object.

mod call;
mod event;
mod journal;
mod task_id;
mod timestamp;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

pub(crate) use self::call::any_needs_polling;
pub use self::call::{CallState, JobCall, JobObject};
pub use self::event::Event;
pub use self::journal::{Journal, JournalError, Lease};
pub use self::task_id::InvalidTaskId;
pub(crate) use self::task_id::{TASK_RETENTION, is_task_id};
use crate::invalid_input::InvalidInput;
use crate::plan::{CallOptions, Duplicate, Plan, PlannedCall};

/// A [`Plan`] that is being executed: what was sent, what the service accepted and what is live.
///
/// A job can be serialized at any time and resumed later: [`submit`](Self::submit) sends nothing twice,
/// and [`wait`](Self::wait) polls what is not final, for as long as the service lists tasks (3 days). A
/// [`StateFile`](crate::StateFile) preserves a job through crashes.
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
///
/// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
/// let restored: Job = serde_json::from_str(&serde_json::to_string(&job)?)?;
/// assert_eq!(restored, job);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[must_use = "a job sends nothing until it is submitted"]
pub struct Job {
    pub(crate) calls: Vec<JobCall>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) invalid_inputs: Vec<InvalidInput>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) duplicates: Vec<Duplicate>,
    /// Events that are applied, but not recorded yet, because recording them failed or was dropped.
    #[serde(skip)]
    pub(crate) unrecorded: Vec<Event>,
}

/// Jobs are equal if their calls and inputs are; whether that is recorded makes no difference.
impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        let Job { calls, invalid_inputs, duplicates, unrecorded: _ } = self;
        (calls, invalid_inputs, duplicates)
            == (&other.calls, &other.invalid_inputs, &other.duplicates)
    }
}

impl Job {
    /// Creates a job from a plan. Calls that are over quota are deferred.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    ///
    /// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// assert_eq!(job.report().counts().not_sent, 1);
    /// ```
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
            unrecorded: Vec::new(),
        }
    }

    /// Creates a job from ids of submitted tasks, to poll or wait for them. An item can hold several ids
    /// separated by commas, as the service returns them.
    ///
    /// The objects of each task are taken from the service's list. Unlike in a job that was submitted
    /// from a plan, an object that is missing from the list cannot be detected reliably.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Job;
    ///
    /// let job = Job::from_task_ids(["17,18", "17"])?;
    /// assert_eq!(job.task_ids(), ["17", "18"]);
    /// # Ok::<(), alicloud_cdn_refresh::InvalidTaskId>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidTaskId`] if a text is not a task id, such as a URL. Pass the ids that the
    /// submission returned.
    pub fn from_task_ids(
        ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, InvalidTaskId> {
        let mut job = Job::default();
        let mut seen = HashSet::new();
        for joined_ids in ids.into_iter().map(Into::into) {
            for id in joined_ids.split(',').map(str::trim) {
                if !is_task_id(id) {
                    return Err(InvalidTaskId(id.to_owned()));
                }
                if seen.insert(id.to_owned()) {
                    job.calls.push(JobCall {
                        domain: String::new(),
                        kind: None,
                        options: CallOptions::default(),
                        objects: Vec::new(),
                        state: CallState::Sent { sent_at: None, task_ids: vec![id.to_owned()] },
                    });
                }
            }
        }
        Ok(job)
    }

    /// Returns the calls.
    pub fn calls(&self) -> &[JobCall] {
        &self.calls
    }

    /// Returns the inputs that are not sent because they are invalid.
    pub fn invalid_inputs(&self) -> &[InvalidInput] {
        &self.invalid_inputs
    }

    /// Returns the inputs that are not sent because they are duplicates.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Returns the ids of all tasks, without duplicates.
    pub fn task_ids(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let ids = self.calls.iter().flat_map(JobCall::task_ids).map(String::as_str);
        ids.filter(|id| seen.insert(*id)).collect()
    }

    /// Returns whether every call was submitted and every object has a final status.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    ///
    /// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// assert!(!job.is_finished());
    /// ```
    pub fn is_finished(&self) -> bool {
        self.calls
            .iter()
            .all(|call| matches!(call.state, CallState::Sent { .. }) && !call.needs_polling())
    }

    /// Returns whether the job has the same objects and options as a plan, and so resuming the job
    /// executes the plan.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    ///
    /// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// assert!(job.matches(&Plan::refresh([" https://EXAMPLE.com/a.jpg"])));
    /// assert!(!job.matches(&Plan::preload(["https://example.com/a.jpg"])));
    /// ```
    pub fn matches(&self, plan: &Plan) -> bool {
        let mut job_objects: Vec<_> = self.calls.iter().flat_map(JobCall::identities).collect();
        let planned_calls = plan.calls.iter().chain(&plan.over_quota);
        let mut plan_objects: Vec<_> = planned_calls.flat_map(PlannedCall::identities).collect();
        job_objects.sort_unstable();
        plan_objects.sort_unstable();
        job_objects == plan_objects
    }

    /// Applies an event that a [`Journal`] recorded. Events of calls or objects that the job does not
    /// have are ignored.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Event, Job, ObjectStatus};
    ///
    /// let mut job = Job::from_task_ids(["17"])?;
    /// job.apply(&Event::Ended { call: 99, statuses: vec![(0, ObjectStatus::Live)] });
    /// assert_eq!(job, Job::from_task_ids(["17"])?);
    /// # Ok::<(), alicloud_cdn_refresh::InvalidTaskId>(())
    /// ```
    pub fn apply(&mut self, event: &Event) {
        let Some(call) = self.calls.get_mut(event.call()) else { return };
        match event {
            Event::Sending { sent_at, .. } => {
                call.state = CallState::Sending { sent_at: *sent_at };
            }
            Event::Sent { sent_at, task_ids, .. } => {
                call.state =
                    CallState::Sent { sent_at: Some(*sent_at), task_ids: task_ids.clone() };
            }
            Event::NotSent { error, .. } | Event::Throttled { error, .. } => {
                call.state = CallState::Planned { error: Some(error.clone()) };
            }
            Event::Rejected { error, .. } => {
                call.state = CallState::Rejected { error: error.clone() };
            }
            Event::Unknown { sent_at, error, .. } => {
                call.state = CallState::Unknown { sent_at: *sent_at, error: error.clone() };
            }
            Event::Ended { statuses, .. } => {
                for (index, status) in statuses {
                    if let Some(object) = call.objects.get_mut(*index) {
                        object.status = status.clone();
                    }
                }
            }
        }
    }
}
