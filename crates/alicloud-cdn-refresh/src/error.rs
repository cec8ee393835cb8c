//! Errors of submitting and waiting.

use std::fmt;

use crate::job::{Job, JournalError};
use crate::status::StoredError;

/// An error that stops a [`Job`]. What happened before is in the job and in its journal.
///
/// ```
/// use alicloud_cdn_refresh::{Error, Job};
/// # use alicloud_core::{Credentials, testing::FakeTransport};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().error("DescribeRefreshTaskById", 403, "Forbidden.RAM", "No.");
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
///
/// let error = Job::from_task_ids(["17"])?.poll_once(&client).await.unwrap_err();
/// assert!(matches!(error, Error::Call(call) if call.is_forbidden()));
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Polling failed with an error that polling again cannot fix, such as expired credentials.
    Call(alicloud_cdn::Error),
    /// [`Job::poll_once`] failed for some tasks with an error that may be gone at the next attempt.
    Poll(StoredError),
    /// An event could not be recorded, so nothing more is sent. The cause is a
    /// [`StateError`](crate::StateError) for a [`StateFile`](crate::StateFile).
    Journal(JournalError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Call(error) => error.fmt(f),
            Error::Poll(error) => error.fmt(f),
            Error::Journal(error) => error.fmt(f),
        }
    }
}

/// `Display` forwards to the wrapped error, so `source` skips it; reporters would print it twice.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Call(error) => error.source(),
            Error::Poll(_) => None,
            Error::Journal(error) => error.source(),
        }
    }
}

impl From<alicloud_cdn::Error> for Error {
    fn from(error: alicloud_cdn::Error) -> Self {
        Error::Call(error)
    }
}

/// Error of [`Plan::run`](crate::Plan::run), with the job that was submitted until then.
///
/// Do not run the plan again: that would submit everything twice. Fix the cause, then resume the job
/// with [`Job::submit`] and [`Job::wait`].
///
/// ```
/// use alicloud_cdn_refresh::Plan;
/// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
/// #     .error("DescribeRefreshTaskById", 403, "Forbidden.RAM", "Not allowed.");
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake)
/// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
///
/// let interrupted = Plan::refresh(["https://example.com/a.jpg"]).run(&client).await.unwrap_err();
/// assert!(interrupted.to_string().ends_with("; submitted tasks: 17"));
///
/// // Store the job, and later wait for it with other credentials: job.wait(&client)
/// let stored = serde_json::to_string(interrupted.job())?;
/// # assert!(stored.contains("17"));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct RunError(Box<(Error, Job)>);

impl RunError {
    pub(crate) fn new(error: Error, job: Job) -> Self {
        RunError(Box::new((error, job)))
    }

    /// Returns the error that stopped the job.
    pub fn error(&self) -> &Error {
        &self.0.0
    }

    /// Returns the job, with everything that was submitted.
    pub fn job(&self) -> &Job {
        &self.0.1
    }

    /// Returns the job, to store or resume it.
    pub fn into_job(self) -> Job {
        self.0.1
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)?;
        match self.job().task_ids().as_slice() {
            [] => f.write_str("; no submitted task is known"),
            ids => write!(f, "; submitted tasks: {}", ids.join(",")),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error())
    }
}
