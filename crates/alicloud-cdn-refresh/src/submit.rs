//! Sending what is planned, once.

mod halt;
mod lookup;
mod rest;
mod run;
mod send;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_core::BoxFuture;

use crate::error::Error;
use crate::job::{Job, Journal};
use crate::report::Report;

/// Submits a job, when it is awaited: from [`Job::submit`].
#[must_use = "nothing is sent until it is awaited"]
pub struct Submit<'a> {
    job: &'a mut Job,
    client: &'a Client,
    journal: Option<&'a mut dyn Journal>,
    at_once: usize,
    include_deferred: bool,
    resend_unknown: bool,
    lookup_timeout: Duration,
    stop: Option<BoxFuture<'a, ()>>,
}

impl Job {
    /// Sends every call that was not sent yet, or that the service has rejected before: a few at a time,
    /// no faster than the service takes them. One that fails does not keep the others from being sent,
    /// unless they would all fail alike: for credentials, for a lost network, for a quota. What is too
    /// much for one minute of a domain waits for the next, until nothing was taken for ten minutes, and
    /// calls of other domains go on meanwhile.
    ///
    /// A call of which the answer was lost is never just sent again, because each takes from the quota
    /// of the day and a second preload loads the origin a second time: the list of tasks is searched for
    /// its objects. What is not found stays [`Unknown`](crate::CallState::Unknown), and
    /// [`resend_unknown`](Submit::resend_unknown) is for those who have looked themselves.
    ///
    /// What has become of each call is in the job when this is over or dropped, and in the report: what
    /// was taken is [pending](crate::ObjectStatus::Pending) there.
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
    /// let mut show = |event: &Event| Ok(println!("{event:?}"));
    /// let report = job.submit(&client).journal(&mut show).await?;
    /// assert_eq!(report.counts().pending, 1);
    /// assert_eq!(job.task_ids(), ["17", "18"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Only when what happens cannot be recorded. What the service rejects is in the report.
    pub fn submit<'a>(&'a mut self, client: &'a Client) -> Submit<'a> {
        Submit {
            job: self,
            client,
            journal: None,
            at_once: 4,
            include_deferred: false,
            resend_unknown: false,
            lookup_timeout: Duration::from_secs(30),
            stop: None,
        }
    }
}

impl<'a> Submit<'a> {
    /// Where everything is recorded, each time before its consequences.
    pub fn journal(mut self, journal: &'a mut dyn Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// How many calls run side by side: 4 unless told otherwise; 0 counts as 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.at_once = calls.max(1);
        self
    }

    /// Sends what was beyond the quota when it was planned, too: on another day.
    pub fn include_deferred(mut self, deferred: bool) -> Self {
        self.include_deferred = deferred;
        self
    }

    /// Sends again what may have been carried out and is not found. For those who have looked, or do
    /// not mind that it counts twice. What could not be looked for, because the list of tasks cannot be
    /// read, is not sent all the same.
    pub fn resend_unknown(mut self, again: bool) -> Self {
        self.resend_unknown = again;
        self
    }

    /// For how long the list of tasks is read again when a call of which the answer was lost is not in it:
    /// 30 seconds unless told otherwise. The service lists a task some seconds after it has taken it.
    /// The first time it is read to its end, which takes a minute and more where it is long.
    pub fn lookup_timeout(mut self, limit: Duration) -> Self {
        self.lookup_timeout = limit;
        self
    }

    /// Begins no further call and no search once this is ready, and still waits for the answers of calls
    /// under way.
    pub fn with_graceful_shutdown(mut self, stop: impl Future<Output = ()> + Send + 'a) -> Self {
        self.stop = Some(Box::pin(stop));
        self
    }
}

impl<'a> IntoFuture for Submit<'a> {
    type Output = Result<Report, Error>;
    type IntoFuture = BoxFuture<'a, Result<Report, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(run::run(self))
    }
}

impl fmt::Debug for Submit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submit")
            .field("calls", &self.job.calls.len())
            .field("at_once", &self.at_once)
            .field("include_deferred", &self.include_deferred)
            .field("resend_unknown", &self.resend_unknown)
            .field("lookup_timeout", &self.lookup_timeout)
            .finish_non_exhaustive()
    }
}
