//! What became of an object.

use std::fmt;

use alicloud_cdn::Error;
use serde::{Deserialize, Serialize};

use crate::remedy;

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ObjectStatus {
    /// It was not sent yet, perhaps because of a error.
    NotSent {
        /// Why not, when that was tried.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<StoredError>,
    },
    /// The service did not take it.
    Rejected {
        /// What the service said.
        error: StoredError,
    },
    /// It may have been submitted or not, because the answer to the call was lost; or the service has
    /// forgotten its task before it ended.
    Unknown {
        /// Which of both, and how.
        error: StoredError,
    },
    /// It was submitted and is under way.
    Pending {
        /// Its state as the service writes it; absent while it is not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service_status: Option<String>,
        /// How far it is, in percent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<f64>,
    },
    /// It has taken effect on the whole network.
    Live,
    /// It was submitted and will never take effect.
    Failed {
        /// Its state as the service writes it, such as `Failed`.
        service_status: String,
        /// The service's reason, such as `Origin Timeout`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
}

impl ObjectStatus {
    /// Submitted, and not listed by the service yet.
    pub(crate) const NOT_LISTED: ObjectStatus =
        ObjectStatus::Pending { service_status: None, percent: None };

    /// Whether looking at tasks will not change it any more. What is unknown is so only when the service
    /// has forgotten it.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            ObjectStatus::Live | ObjectStatus::Failed { .. } | ObjectStatus::Unknown { .. }
        )
    }

    /// A word for it: `live`, `failed`, `pending`, `rejected`, `unknown` or `not-sent`.
    pub fn as_str(&self) -> &'static str {
        match self {
            ObjectStatus::NotSent { .. } => "not-sent",
            ObjectStatus::Rejected { .. } => "rejected",
            ObjectStatus::Unknown { .. } => "unknown",
            ObjectStatus::Pending { .. } => "pending",
            ObjectStatus::Live => "live",
            ObjectStatus::Failed { .. } => "failed",
        }
    }

    /// What to do about it; nothing for what is live.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    ///
    /// let report = Job::new(Plan::refresh(["https://example.com/a.jpg"])).report();
    /// assert_eq!(report.objects[0].status.remedy(), Some("submit it"));
    /// ```
    pub fn remedy(&self) -> Option<&str> {
        remedy::for_status(self)
    }

    /// How far it is, in percent.
    pub(crate) fn percent(&self) -> f64 {
        match self {
            ObjectStatus::Live => 100.0,
            ObjectStatus::Pending { percent, .. } => percent.unwrap_or(0.0).clamp(0.0, 100.0),
            _ => 0.0,
        }
    }
}

/// A phrase such as `Refreshing, 42%` or `failed: Origin Timeout`.
impl fmt::Display for ObjectStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectStatus::Live => f.write_str("live"),
            ObjectStatus::NotSent { error: None } => f.write_str("not sent"),
            ObjectStatus::NotSent { error: Some(error) } => write!(f, "not sent: {error}"),
            ObjectStatus::Rejected { error } => write!(f, "rejected by the service: {error}"),
            ObjectStatus::Unknown { error } => write!(f, "not known: {error}"),
            ObjectStatus::Pending { service_status: None, .. } => f.write_str("not listed yet"),
            ObjectStatus::Pending { service_status: Some(status), percent: None } => {
                f.write_str(status)
            }
            ObjectStatus::Pending { service_status: Some(status), percent: Some(percent) } => {
                write!(f, "{status}, {percent}%")
            }
            ObjectStatus::Failed { service_status, description } => {
                f.write_str(&service_status.to_lowercase())?;
                description.iter().try_for_each(|description| write!(f, ": {description}"))
            }
        }
    }
}

/// How a call failed, as it is kept: an [`Error`] cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StoredError {
    /// The service's code, such as `QuotaExceeded.Refresh`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// One line that says what happened, with the request id.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl StoredError {
    pub(crate) fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        StoredError { code: None, message: message.into(), remedy: remedy.into() }
    }

    /// What an object has whose id the service does not take for one.
    pub(crate) const NO_TASK: &str = "not a task of this account";

    /// What a call has that was being sent when the program ended.
    pub(crate) fn cut_off() -> Self {
        StoredError::new(
            "the program ended before the answer came",
            "submit the job again: it looks for it first",
        )
    }

    /// What a call has that another program is sending.
    pub(crate) fn under_way() -> Self {
        StoredError::new("another program is sending it", "look again when that has ended")
    }

    /// What an object has that did not end while the service remembered its task.
    pub(crate) fn forgotten() -> Self {
        StoredError::new(
            "it was submitted more than 3 days ago, and the service has forgotten what became of it",
            "look at the object itself, and refresh it again if it is old",
        )
    }

    /// What a call has whose answer is a success that names no task.
    pub(crate) fn without_task() -> Self {
        StoredError::new(
            "the service took the call and named no task that could be followed",
            remedy::LOOK_FIRST,
        )
    }
}

impl From<&Error> for StoredError {
    fn from(error: &Error) -> Self {
        StoredError {
            code: error.code().map(str::to_owned),
            message: error.to_string(),
            remedy: remedy::for_error(error).to_owned(),
        }
    }
}

impl fmt::Display for StoredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.remedy)
    }
}
