//! Jobs: plans that are being executed, with the state of every call and object.

mod event;

use std::collections::HashSet;
use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

pub use self::event::{Event, Journal, JournalError};
use crate::invalid_input::InvalidInput;
use crate::kind::TargetKind;
use crate::plan::{CallOptions, Duplicate, Object, ObjectIdentity, Plan, PlannedCall};
use crate::status::ObjectStatus;
use crate::stored_error::StoredError;

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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[must_use = "a job sends nothing until it is submitted"]
pub struct Job {
    pub(crate) calls: Vec<JobCall>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) invalid_inputs: Vec<InvalidInput>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) duplicates: Vec<Duplicate>,
}

/// A call of a [`Job`].
///
/// ```
/// use alicloud_cdn_refresh::{CallState, Job, Plan};
///
/// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
/// let call = &job.calls()[0];
/// assert_eq!(call.domain, "example.com");
/// assert_eq!(call.state, CallState::Planned { error: None });
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobCall {
    /// Domain of all objects; empty for jobs built with [`from_task_ids`](Job::from_task_ids).
    pub domain: String,
    /// Kind of all objects; `None` for jobs built with [`from_task_ids`](Job::from_task_ids).
    pub kind: Option<TargetKind>,
    /// Options of the call.
    #[serde(default, skip_serializing_if = "CallOptions::is_default")]
    pub options: CallOptions,
    /// Objects. For jobs built with [`from_task_ids`](Job::from_task_ids), those that the service lists.
    pub objects: Vec<JobObject>,
    /// State of the call.
    pub state: CallState,
}

/// An object of a [`JobCall`].
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan};
///
/// let job = Job::new(Plan::refresh([" https://example.com/a.jpg"]));
/// let object = &job.calls()[0].objects[0];
/// assert_eq!(object.url, "https://example.com/a.jpg");
/// assert_eq!(object.input.as_deref(), Some(" https://example.com/a.jpg"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobObject {
    /// URL or cache tag, as sent.
    pub url: String,
    /// The input, if it differs from `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Zero-based index of the input; `None` for jobs built with
    /// [`from_task_ids`](Job::from_task_ids).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Kind of the object, only for jobs built with [`from_task_ids`](Job::from_task_ids); other objects
    /// have the kind of their call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TargetKind>,
    /// Status of the object once it is submitted.
    pub status: ObjectStatus,
}

/// State of a [`JobCall`].
///
/// ```
/// use alicloud_cdn_refresh::{CallState, Job};
///
/// let job = Job::from_task_ids(["17"])?;
/// assert!(matches!(&job.calls()[0].state, CallState::Sent { sent_at: None, .. }));
/// # Ok::<(), alicloud_cdn_refresh::InvalidTaskId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CallState {
    /// Not sent, or throttled by the minute quota.
    Planned {
        /// The error that kept it from being sent; `None` if sending was never attempted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<StoredError>,
    },
    /// Not sent for now because it exceeds the daily quota;
    /// [`include_deferred`](crate::Submit::include_deferred) sends it.
    Deferred,
    /// Being sent. In a restored job: the program ended before the response arrived.
    Sending {
        /// Time of sending.
        #[serde(with = "event::timestamp")]
        sent_at: SystemTime,
    },
    /// Accepted by the service.
    Sent {
        /// Time of sending; `None` for jobs built with [`from_task_ids`](Job::from_task_ids).
        #[serde(
            default,
            with = "event::timestamp::optional",
            skip_serializing_if = "Option::is_none"
        )]
        sent_at: Option<SystemTime>,
        /// Tasks that the service created.
        task_ids: Vec<String>,
    },
    /// Rejected by the service.
    Rejected {
        /// The service's error.
        error: StoredError,
    },
    /// The response was lost; the call may have been executed.
    Unknown {
        /// Time of sending.
        #[serde(with = "event::timestamp")]
        sent_at: SystemTime,
        /// Why the response was lost.
        error: StoredError,
    },
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

impl CallState {
    /// Returns whether the response was lost, so it is not known whether the call was executed.
    ///
    /// ```
    /// use alicloud_cdn_refresh::CallState;
    ///
    /// assert!(CallState::Sending { sent_at: std::time::SystemTime::UNIX_EPOCH }.is_response_lost());
    /// assert!(!CallState::Deferred.is_response_lost());
    /// ```
    pub fn is_response_lost(&self) -> bool {
        matches!(self, CallState::Sending { .. } | CallState::Unknown { .. })
    }
}

impl JobCall {
    /// Returns the tasks that the service created for the call; none unless it was accepted.
    pub fn task_ids(&self) -> &[String] {
        match &self.state {
            CallState::Sent { task_ids, .. } => task_ids,
            _ => &[],
        }
    }

    /// Returns the status of one of the call's objects.
    pub(crate) fn status_of(&self, object: &JobObject) -> ObjectStatus {
        match &self.state {
            CallState::Planned { error } => ObjectStatus::NotSent { error: error.clone() },
            CallState::Deferred => ObjectStatus::NotSent { error: Some(StoredError::over_quota()) },
            CallState::Sending { .. } => {
                ObjectStatus::Unknown { error: StoredError::interrupted() }
            }
            CallState::Rejected { error } => ObjectStatus::Rejected { error: error.clone() },
            CallState::Unknown { error, .. } => ObjectStatus::Unknown { error: error.clone() },
            CallState::Sent { .. } => object.status.clone(),
        }
    }

    /// Returns when the call was sent and why its response was lost, if it was.
    pub(crate) fn lost_response(&self) -> Option<(SystemTime, StoredError)> {
        match &self.state {
            CallState::Sending { sent_at } => Some((*sent_at, StoredError::interrupted())),
            CallState::Unknown { sent_at, error } => Some((*sent_at, error.clone())),
            _ => None,
        }
    }

    /// Returns whether the call was built from a task id. Its objects come from the service's list.
    pub(crate) fn is_from_task_id(&self) -> bool {
        matches!(self.state, CallState::Sent { sent_at: None, .. })
    }

    /// Returns whether polling the call's tasks can change the status of an object.
    pub(crate) fn needs_polling(&self) -> bool {
        match &self.state {
            CallState::Sent { .. } => any_needs_polling(&self.objects),
            _ => false,
        }
    }

    fn identities(&self) -> impl Iterator<Item = ObjectIdentity<'_>> {
        let identity = |url| (self.domain.as_str(), self.kind, &self.options, url);
        self.objects.iter().map(move |object| identity(object.url.as_str()))
    }
}

/// Returns whether polling can change the status of an object. No objects means that none is listed
/// yet.
pub(crate) fn any_needs_polling(objects: &[JobObject]) -> bool {
    objects.is_empty() || objects.iter().any(|object| !object.status.is_final())
}

/// How long the service lists tasks.
pub(crate) const TASK_RETENTION: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Returns whether a text can be a task id. The service uses numbers. Other characters are accepted only
/// if they are harmless in a list, a shell and a terminal.
pub(crate) fn is_task_id(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

impl JobObject {
    /// Creates an object that the service lists under a task id.
    pub(crate) fn from_list(url: String, kind: Option<TargetKind>, status: ObjectStatus) -> Self {
        JobObject { url, input: None, index: None, kind, status }
    }

    /// Creates a placeholder for a task that the service does not list.
    pub(crate) fn unlisted() -> Self {
        JobObject::from_list(String::new(), None, ObjectStatus::NOT_LISTED)
    }
}

impl From<Object> for JobObject {
    fn from(object: Object) -> Self {
        let Object { url, input, index } = object;
        JobObject { url, input, index: Some(index), kind: None, status: ObjectStatus::NOT_LISTED }
    }
}

/// Error of [`Job::from_task_ids`]: a text that cannot be a task id.
///
/// ```
/// use alicloud_cdn_refresh::Job;
///
/// let error = Job::from_task_ids(["1;2"]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#""1;2" is not a task id; pass numbers, separated by commas"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTaskId(String);

impl fmt::Display for InvalidTaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a task id; pass numbers, separated by commas", self.0)
    }
}

impl std::error::Error for InvalidTaskId {}
