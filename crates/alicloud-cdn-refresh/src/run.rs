//! A plan from its first call to its report.

use std::fmt;

use alicloud_cdn::Client;

use crate::error::Error;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::Report;

impl Plan {
    /// Submits the plan and waits until every object is live or has failed.
    ///
    /// A [`Job`] does the same in steps, with progress and resumption.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Plan;
    /// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#)
    /// #     .respond_json("DescribeRefreshTaskById", r#"{"Tasks": [{"TaskId": "17",
    /// #         "ObjectPath": "https://example.com/a.jpg", "Status": "Complete"}]}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake)
    /// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    ///
    /// let report = Plan::refresh(["https://example.com/a.jpg"]).run(&client).await?;
    /// assert!(report.is_live());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the error of [`Job::wait`] if the tasks cannot be polled. The error contains the job with
    /// everything that was submitted; resume that job instead of running the plan again. Calls that the
    /// service rejects and objects that are not live in time are not errors; they are in the report.
    pub async fn run(self, client: &Client) -> Result<Report, RunError> {
        let mut job = Job::new(self);
        let result = match job.submit(client).await {
            // The report of the wait covers this report.
            Ok(_) => job.wait(client).await,
            Err(error) => Err(error),
        };
        result.map_err(|error| RunError::new(error, job))
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
