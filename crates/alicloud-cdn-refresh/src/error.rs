//! Errors of submitting and waiting.

use std::fmt;

use crate::job::JournalError;
use crate::stored_error::StoredError;

/// An error that stops a [`Job`](crate::Job). What happened before is in the job and in its journal.
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
///
/// # let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 429,
/// #     &[("retry-after", "60")], r#"{"Code": "Throttling.User", "Message": "Slow down."}"#);
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// // The service is busy: poll again later.
/// let error = Job::from_task_ids(["17"])?.poll_once(&client).await.unwrap_err();
/// assert!(matches!(error, Error::Poll(_)));
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Polling failed with an error that polling again cannot fix, such as expired credentials.
    Call(alicloud_cdn::Error),
    /// [`Job::poll_once`](crate::Job::poll_once) failed for some tasks with an error that may be gone at the next attempt.
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
