//! The calls of a job and their objects.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::kind::TargetKind;
use crate::plan::{CallOptions, Object, ObjectIdentity};
use crate::status::ObjectStatus;
use crate::stored_error::StoredError;

/// A call of a [`Job`](crate::Job).
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
    /// Domain of all objects; empty for jobs built with [`from_task_ids`](crate::Job::from_task_ids).
    pub domain: String,
    /// Kind of all objects; `None` for jobs built with [`from_task_ids`](crate::Job::from_task_ids).
    pub kind: Option<TargetKind>,
    /// Options of the call.
    #[serde(default, skip_serializing_if = "CallOptions::is_default")]
    pub options: CallOptions,
    /// Objects. For jobs built with [`from_task_ids`](crate::Job::from_task_ids), those that the service lists.
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
    /// [`from_task_ids`](crate::Job::from_task_ids).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Kind of the object, only for jobs built with [`from_task_ids`](crate::Job::from_task_ids); other objects
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
        #[serde(with = "super::timestamp")]
        sent_at: SystemTime,
    },
    /// Accepted by the service.
    Sent {
        /// Time of sending; `None` for jobs built with [`from_task_ids`](crate::Job::from_task_ids).
        #[serde(
            default,
            with = "super::timestamp::optional",
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
        #[serde(with = "super::timestamp")]
        sent_at: SystemTime,
        /// Why the response was lost.
        error: StoredError,
    },
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

    pub(super) fn identities(&self) -> impl Iterator<Item = ObjectIdentity<'_>> {
        let identity = |url| (self.domain.as_str(), self.kind, &self.options, url);
        self.objects.iter().map(move |object| identity(object.url.as_str()))
    }
}

/// Returns whether polling can change the status of an object. No objects means that none is listed
/// yet.
pub(crate) fn any_needs_polling(objects: &[JobObject]) -> bool {
    objects.is_empty() || objects.iter().any(|object| !object.status.is_final())
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
