//! Submission of a job's calls, each once.

mod failure;
mod lookup;
mod machine;
mod queues;
mod run;
mod send;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_core::BoxFuture;

use self::machine::Options;
use crate::job::{Job, Journal};

/// A submission of a [`Job`], from [`Job::submit`]. It starts when it is awaited.
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_cdn_refresh::{Job, Plan};
/// # use alicloud_core::{Credentials, testing::FakeTransport};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
///
/// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
/// let submit = job.submit(&client).concurrency(1).lookup_timeout(Duration::from_secs(120));
/// assert_eq!(submit.await?.to_string(), "0 of 1 live; 1 pending");
/// # Ok(()) }
/// ```
#[must_use = "a submission sends nothing until it is awaited"]
pub struct Submit<'a> {
    job: &'a mut Job,
    client: &'a Client,
    journal: Option<&'a mut dyn Journal>,
    options: Options,
    lookup_timeout: Duration,
    timeout: Option<Duration>,
    shutdown: Option<BoxFuture<'a, ()>>,
}

impl Job {
    /// Sends every call that was not sent yet or that the service rejected, several concurrently and
    /// within the service's rate limits.
    ///
    /// A failed call does not stop the others, unless the error affects them too: bad credentials, no
    /// connection, an exhausted quota. A throttled call waits with the other calls of its domain and kind:
    /// as long as the service asks for, a minute if the minute quota is exhausted, and otherwise with
    /// jittered backoff from 4 s to a minute. After 10 minutes without an accepted call, or if the service
    /// asks for a longer wait, they stay [not sent](crate::ObjectStatus::NotSent). Calls of other domains
    /// continue meanwhile.
    ///
    /// A call whose response was lost is never blindly resent: every call counts against the daily
    /// quota, and a second preload loads the origin again. Instead, the task list is searched for its
    /// objects. If they are not found, the call stays [`Unknown`](crate::CallState::Unknown); use
    /// [`resend_unknown`](Submit::resend_unknown) after checking it yourself.
    ///
    /// When the submission ends or is dropped, the job has the state of every call. Accepted objects are
    /// [pending](crate::ObjectStatus::Pending) in the report.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Event, Job, Plan};
    /// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17,18"}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake)
    /// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    ///
    /// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// let mut print = |event: &Event| Ok(println!("{event:?}"));
    /// let report = job.submit(&client).journal(&mut print).await?;
    /// assert_eq!(report.counts().pending, 1);
    /// assert_eq!(job.task_ids(), ["17", "18"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Awaiting it returns [`Error::Journal`](crate::Error::Journal) if an event cannot be recorded. Fix the journal, then
    /// submit the job again. Rejected calls are not errors; they are in the report.
    pub fn submit<'a>(&'a mut self, client: &'a Client) -> Submit<'a> {
        Submit {
            job: self,
            client,
            journal: None,
            options: Options { concurrency: 4, include_deferred: false, resend_unknown: false },
            lookup_timeout: Duration::from_secs(30),
            timeout: None,
            shutdown: None,
        }
    }
}

impl<'a> Submit<'a> {
    /// Sets the journal, which records each event before the job acts on it. Defaults to none.
    pub fn journal(mut self, journal: &'a mut dyn Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Sets the maximum number of concurrent calls. Defaults to 4; 0 counts as 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.options.concurrency = calls.max(1);
        self
    }

    /// Sets whether calls are sent that were over quota when they were planned. Defaults to `false`; use
    /// it on another day.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan, Quota};
    /// # use alicloud_core::{Credentials, testing::FakeTransport};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    ///
    /// let mut quota = Quota::default();
    /// quota.files.remaining = Some(0);
    /// let mut plan = Plan::refresh(["https://example.com/a.jpg"]);
    /// plan.truncate_to(&quota);
    ///
    /// let mut job = Job::new(plan);
    /// assert_eq!(job.submit(&client).await?.counts().not_sent, 1);
    /// assert_eq!(job.submit(&client).include_deferred(true).await?.counts().pending, 1);
    /// # Ok(()) }
    /// ```
    pub fn include_deferred(mut self, include: bool) -> Self {
        self.options.include_deferred = include;
        self
    }

    /// Sets whether calls are resent whose response was lost and that the task list does not contain.
    /// Defaults to `false`.
    ///
    /// Use it after checking that they were not executed, or if executing them twice is acceptable.
    /// Calls that could not be looked up, because the task list cannot be read, are not resent.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    /// # use alicloud_core::{Credentials, testing::{FakeTransport, Fault, ManualClock}};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionReset);
    /// # for _ in 0..100 { fake = fake.respond_json("DescribeRefreshTasks", r#"{"Tasks": {"CDNTask": []}}"#); }
    /// # let fake = fake.respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake)
    /// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    ///
    /// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// assert_eq!(job.submit(&client).await?.counts().unknown, 1); // the response was lost
    /// assert_eq!(job.submit(&client).resend_unknown(true).await?.counts().pending, 1);
    /// # Ok(()) }
    /// ```
    pub fn resend_unknown(mut self, resend: bool) -> Self {
        self.options.resend_unknown = resend;
        self
    }

    /// Sets how long to search the task list for a call whose response was lost. Defaults to 30 s.
    ///
    /// The service lists a task a few seconds after it accepted the call. The first search always reads
    /// the whole list, which can take more than a minute for a long list.
    pub fn lookup_timeout(mut self, timeout: Duration) -> Self {
        self.lookup_timeout = timeout;
        self
    }

    /// Sets the maximum duration of the submission. Defaults to none.
    ///
    /// In its last tenth, at most 5 s, no further call and no lookup is started, and the responses of
    /// running calls are awaited. A call ends shortly before the submission even if its own timeout is
    /// longer, so that a call that the service throttles until then is known to be not sent.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_cdn_refresh::{Job, Plan};
    /// # use alicloud_core::{Credentials, testing::{FakeTransport, Fault}};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::Hang);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    ///
    /// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// let report = job.submit(&client).timeout(Duration::from_millis(50)).await?;
    /// assert_eq!(report.counts().unknown, 1); // sent, and no response in time
    /// # Ok(()) }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets a future that stops the submission: once it is ready, no further call and no lookup is
    /// started, but the responses of running calls are awaited.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    /// # use alicloud_core::{Credentials, testing::FakeTransport};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(FakeTransport::new()).build()?;
    ///
    /// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// let shutdown = std::future::ready(()); // such as tokio::signal::ctrl_c()
    /// let report = job.submit(&client).with_graceful_shutdown(shutdown).await?;
    /// assert_eq!(report.counts().not_sent, 1);
    /// # Ok(()) }
    /// ```
    pub fn with_graceful_shutdown(
        mut self,
        shutdown: impl Future<Output = ()> + Send + 'a,
    ) -> Self {
        self.shutdown = Some(Box::pin(shutdown));
        self
    }
}

impl fmt::Debug for Submit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submit")
            .field("calls", &self.job.calls.len())
            .field("options", &self.options)
            .field("lookup_timeout", &self.lookup_timeout)
            .finish_non_exhaustive()
    }
}
