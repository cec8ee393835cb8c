//! The status of each object of a job.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::stored_error::StoredError;

/// Status of one object (a URL or a cache tag) of a [`Job`](crate::Job).
///
/// `Live`, `Failed` and `Unknown` are final: polling will not change them. `Display` is a phrase such
/// as `Refreshing, 42%` or `failed: Origin Timeout`.
///
/// ```
/// use alicloud_cdn_refresh::{Job, ObjectStatus, Plan};
///
/// let report = Job::new(Plan::refresh(["https://example.com/a.jpg"])).report();
/// assert_eq!(report.objects[0].status, ObjectStatus::NotSent { error: None });
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ObjectStatus {
    /// Not sent yet.
    NotSent {
        /// The error that kept it from being sent; `None` if sending was never attempted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<StoredError>,
    },
    /// The service rejected the call; the object was certainly not submitted.
    Rejected {
        /// The service's error.
        error: StoredError,
    },
    /// It is not known whether the object was submitted: the response was lost, or the service no
    /// longer lists its task.
    Unknown {
        /// Whether the response was lost or the task expired, and the details.
        error: StoredError,
    },
    /// Submitted and in progress.
    Pending {
        /// The service's own status, such as `Refreshing`; `None` while the task is not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service_status: Option<String>,
        /// Progress in percent, 0 to 100.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<f64>,
    },
    /// In effect on the whole network.
    Live,
    /// Submitted, and failed for good.
    Failed {
        /// The service's own status, such as `Failed`.
        service_status: String,
        /// The service's reason, such as `Origin Timeout`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
}

impl ObjectStatus {
    /// Status of a submitted object whose task the service does not list yet.
    pub(crate) const NOT_LISTED: ObjectStatus =
        ObjectStatus::Pending { service_status: None, percent: None };

    /// Returns whether polling can no longer change the status.
    ///
    /// ```
    /// use alicloud_cdn_refresh::ObjectStatus;
    ///
    /// assert!(ObjectStatus::Live.is_final());
    /// assert!(!ObjectStatus::NotSent { error: None }.is_final());
    /// ```
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            ObjectStatus::Live | ObjectStatus::Failed { .. } | ObjectStatus::Unknown { .. }
        )
    }

    /// Returns the status as a word: `live`, `failed`, `pending`, `rejected`, `unknown` or `not-sent`.
    ///
    /// ```
    /// use alicloud_cdn_refresh::ObjectStatus;
    ///
    /// assert_eq!(ObjectStatus::NotSent { error: None }.as_str(), "not-sent");
    /// ```
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

    /// Returns what to do about it, or `None` for an object that is live.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    ///
    /// let report = Job::new(Plan::refresh(["https://example.com/a.jpg"])).report();
    /// assert_eq!(report.objects[0].status.remedy(), Some("submit it"));
    /// ```
    pub fn remedy(&self) -> Option<&str> {
        match self {
            ObjectStatus::Live => None,
            ObjectStatus::NotSent { error: None } => Some("submit it"),
            ObjectStatus::Pending { .. } => Some("wait for its task again"),
            ObjectStatus::NotSent { error: Some(error) }
            | ObjectStatus::Rejected { error }
            | ObjectStatus::Unknown { error } => Some(&error.remedy),
            ObjectStatus::Failed { service_status, .. }
                if service_status == StoredError::NOT_A_TASK =>
            {
                Some(
                    "check the id, and that the credentials belong to the account that owns the task",
                )
            }
            ObjectStatus::Failed { description: Some(description), .. }
                if description.contains("Origin") =>
            {
                Some("check that the origin serves it, then submit it again")
            }
            ObjectStatus::Failed { .. } => {
                Some("submit it again; if it fails again, contact support with its task id")
            }
        }
    }

    /// Returns the progress in percent, 0 if it is not known.
    pub(crate) fn percent(&self) -> f64 {
        match self {
            ObjectStatus::Live => 100.0,
            ObjectStatus::Pending { percent, .. } => percent.unwrap_or(0.0).clamp(0.0, 100.0),
            _ => 0.0,
        }
    }
}

impl fmt::Display for ObjectStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectStatus::Live => f.write_str("live"),
            ObjectStatus::NotSent { error: None } => f.write_str("not sent"),
            ObjectStatus::NotSent { error: Some(error) } => write!(f, "not sent: {error}"),
            ObjectStatus::Rejected { error } => write!(f, "rejected by the service: {error}"),
            ObjectStatus::Unknown { error } => write!(f, "unknown: {error}"),
            ObjectStatus::Pending { service_status: None, .. } => f.write_str("no status yet"),
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
