//! Why a job cannot go on.

use std::fmt;

use crate::job::{Job, JournalError};
use crate::status::StoredError;

/// Why a job cannot go on, or cannot find out how it stands. What happened until then is in the
/// [`Job`], and in its journal.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Looking at tasks failed for good, such as for credentials that have expired.
    Call(alicloud_cdn::Error),
    /// Looking at some tasks failed in a way that may pass.
    Look(StoredError),
    /// What happens cannot be recorded, so nothing more is sent. For a [`StateFile`](crate::StateFile)
    /// it is a [`StateError`](crate::StateError).
    Journal(JournalError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Call(error) => error.fmt(f),
            Error::Look(error) => error.fmt(f),
            Error::Journal(error) => error.fmt(f),
        }
    }
}

/// The cause's own text is its text, so the cause's cause is its cause.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Call(error) => error.source(),
            Error::Look(_) => None,
            Error::Journal(error) => error.source(),
        }
    }
}

impl From<alicloud_cdn::Error> for Error {
    fn from(error: alicloud_cdn::Error) -> Self {
        Error::Call(error)
    }
}

/// Why [`Plan::run`](crate::Plan::run) ended early, with all that was submitted until then.
///
/// The plan is not run again: that would submit everything a second time. The job goes on, when what
/// stood in its way is gone.
///
/// ```
/// use alicloud_cdn_refresh::Plan;
/// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
/// #     .error("DescribeRefreshTaskById", 403, "Forbidden.RAM", "You may not look.");
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake)
/// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
///
/// let interrupted = Plan::refresh(["https://example.com/a.jpg"]).run(&client).await.unwrap_err();
/// assert!(interrupted.to_string().ends_with("; tasks that were submitted: 17"));
///
/// let stored = serde_json::to_string(interrupted.job())?; // later, with other credentials: job.wait(&client)
/// # assert!(stored.contains("17"));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct RunError(Box<(Error, Job)>);

impl RunError {
    pub(crate) fn new(error: Error, job: Job) -> Self {
        RunError(Box::new((error, job)))
    }

    /// Why.
    pub fn error(&self) -> &Error {
        &self.0.0
    }

    /// What was submitted, and how it stands.
    pub fn job(&self) -> &Job {
        &self.0.1
    }

    /// The job, to go on with it or to store it.
    pub fn into_job(self) -> Job {
        self.0.1
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)?;
        match self.job().task_ids().as_slice() {
            [] => f.write_str("; no task is known to be submitted"),
            ids => write!(f, "; tasks that were submitted: {}", ids.join(",")),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error())
    }
}
