//! Errors that can be stored.

use std::fmt;

use alicloud_cdn::Error;
use serde::{Deserialize, Serialize};

use crate::remedy;

/// An error in a form that can be stored, unlike [`Error`]. `Display` is the message and the remedy.
///
/// ```
/// use alicloud_cdn_refresh::StoredError;
/// # use alicloud_cdn::model::DescribeRefreshQuotaRequest;
/// # use alicloud_core::{Credentials, testing::FakeTransport};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().error("DescribeRefreshQuota", 404, "InvalidAccessKeyId.NotFound", "No.");
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
///
/// let error = client.describe_refresh_quota(DescribeRefreshQuotaRequest::new()).await.unwrap_err();
/// let stored = StoredError::from(&error);
/// assert_eq!(stored.code.as_deref(), Some("InvalidAccessKeyId.NotFound"));
/// assert!(stored.remedy.starts_with("check the access key"));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StoredError {
    /// The service's error code, such as `QuotaExceeded.Refresh`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What happened, in one line with the request id.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl StoredError {
    /// The `service_status` of an object whose task id the service rejects.
    pub(crate) const NOT_A_TASK: &str = "not a task of this account";

    pub(crate) fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        StoredError { code: None, message: message.into(), remedy: remedy.into() }
    }

    /// Error of a call that was being sent when its run ended.
    pub(crate) fn interrupted() -> Self {
        StoredError::new("the run ended before the response arrived", remedy::CHECK_TASK_LIST)
    }

    /// Error of a call that another program is sending.
    pub(crate) fn sent_by_another_program() -> Self {
        StoredError::new("another program is sending it", "check again when that program has ended")
    }

    /// Error of an object whose task the service no longer lists.
    pub(crate) fn task_expired() -> Self {
        StoredError::new(
            "it was submitted more than 3 days ago, and the service no longer lists its task",
            "check the object itself, and refresh it again if it is outdated",
        )
    }

    /// Error of a successful call whose response has no task id.
    pub(crate) fn no_task_id() -> Self {
        StoredError::new(
            "the service accepted the call, but returned no valid task id",
            remedy::CHECK_TASK_LIST,
        )
    }

    /// Error of a call that is deferred because it exceeds the daily quota.
    pub(crate) fn over_quota() -> Self {
        StoredError::new(
            "it exceeds the daily quota",
            "submit it after the quota resets at 00:00 UTC+8",
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
