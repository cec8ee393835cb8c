//! Waits: polling until every object is live or has failed.

mod progress;
mod update;

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_cdn::operations::WAIT_FOR_REFRESH_TASKS;
use alicloud_core::{BoxFuture, WaitError};
use futures_core::Stream;

pub use self::progress::Progress;
use crate::error::Error;
use crate::job::{Job, JobCall, Journal, JournalError};
use crate::kind::TargetKind;
use crate::report::Report;
use crate::stored_error::StoredError;
use crate::track::{SharedTracker, Tracker, lock};

/// Default timeout for refreshes. The service documents 5 to 6 minutes.
const MAX_REFRESH_WAIT: Duration = Duration::from_secs(15 * 60);

/// Default timeout for preloads. The service documents 5 to 30 minutes.
const MAX_PRELOAD_WAIT: Duration = Duration::from_secs(60 * 60);

/// Wait after a poll that the service throttled without saying for how long. The client has retried the
/// call for a few seconds already.
const THROTTLED_PAUSE: Duration = Duration::from_secs(4);

type TaskWait = alicloud_core::Wait<SharedTracker, DescribeRefreshTaskByIdRequest>;

/// A wait for a [`Job`], from [`Job::wait`]. Await it, or read it as a stream of [`Progress`].
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_cdn_refresh::Job;
/// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new()
/// #     .respond_json("DescribeRefreshTaskById", r#"{"Tasks": []}"#)
/// #     .respond_json("DescribeRefreshTaskById", r#"{"Tasks": []}"#);
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake)
/// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
///
/// let mut job = Job::from_task_ids(["17"])?;
/// let report = job.wait(&client).max_wait(Duration::from_secs(1)).await?;
/// assert_eq!(report.counts().pending, 1); // not listed in time
/// # Ok(()) }
/// ```
#[must_use = "a wait polls nothing until it is awaited"]
pub struct Wait<'a> {
    job: &'a mut Job,
    tracker: SharedTracker,
    /// `None` also while events are being recorded.
    journal: Option<&'a mut dyn Journal>,
    recording: Option<Recording<'a>>,
    /// The wait to start; `None` once it is started.
    wait: Option<TaskWait>,
    /// The polls; `None` before the start and after the end.
    polls: Option<alicloud_core::Progress<SharedTracker>>,
    /// The result of a poll, to be returned when its events are recorded.
    polled: Option<Result<Progress, Error>>,
}

/// Events being recorded. Returns the journal, so that it can be used again.
type Recording<'a> = BoxFuture<'a, (&'a mut dyn Journal, Result<(), JournalError>)>;

impl Job {
    /// Waits until every submitted object is live or has failed.
    ///
    /// An object that is not listed yet counts as pending, and so does one with an undocumented status,
    /// with a warning. A failed poll does not make an object fail. Ids are polled 10 per call within the
    /// service's rate limits, until every object of their call has a final status.
    ///
    /// Polls immediately, then with jittered backoff from 2 s to 10 s, or later if the service asks for
    /// it. The wait ends after 15 minutes, or after 60 minutes if the job preloads objects or may do so
    /// because it was built from task ids.
    ///
    /// A wait can be dropped and repeated for as long as the service lists tasks, 3 days. Objects of older
    /// tasks that were not final become [`Unknown`](crate::ObjectStatus::Unknown).
    ///
    /// ```
    /// use alicloud_cdn_refresh::Job;
    /// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("DescribeRefreshTaskById", r#"{"Tasks": [{"TaskId": "17",
    /// #         "ObjectPath": "http://a.example/x", "Status": "Refreshing", "Process": "50%"}]}"#)
    /// #     .respond_json("DescribeRefreshTaskById", r#"{"Tasks": [{"TaskId": "17",
    /// #         "ObjectPath": "http://a.example/x", "Status": "Complete", "Process": "100%"}]}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake)
    /// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    ///
    /// let mut job = Job::from_task_ids(["17"])?;
    /// let mut wait = job.wait(&client);
    /// while let Some(progress) = wait.next().await {
    ///     println!("{}%", progress?.percent); // 50%, 100%
    /// }
    /// drop(wait);
    /// assert!(job.report().is_live());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Awaiting it returns [`Error::Call`] if polling fails for good, for example because credentials
    /// have expired, and [`Error::Journal`] if an event cannot be recorded. Fix the cause, then wait
    /// again. A timeout is not an error; the report shows what is
    /// [pending](crate::ObjectStatus::Pending).
    pub fn wait<'a>(&'a mut self, client: &'a Client) -> Wait<'a> {
        self.expire_tasks(client.core().clock().now());
        let tracker = Tracker::new(self, client.core().clock().clone());
        let may_preload = |kind| matches!(kind, Some(TargetKind::Preload) | None);
        let has_preloads = self.calls.iter().any(|call| may_preload(call.kind));
        let max_wait = if has_preloads { MAX_PRELOAD_WAIT } else { MAX_REFRESH_WAIT };
        let wait = Some(wait_for(client, &tracker).max_wait(max_wait));
        Wait { job: self, tracker, journal: None, recording: None, wait, polls: None, polled: None }
    }

    /// Polls every submitted object without a final status once. A poll that the service throttles waits
    /// and is repeated, for as long as the [timeout](alicloud_core::Client::timeout) of a call.
    ///
    /// Jobs built with [`from_task_ids`](Self::from_task_ids) are polled twice, because the service may
    /// list the objects of a task one after the other.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Job;
    /// # use alicloud_core::{Credentials, testing::FakeTransport};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tasks = r#"{"Tasks": [{"TaskId": "17",
    /// #     "ObjectPath": "http://a.example/x", "Status": "Refreshing", "Process": "50%"}]}"#;
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById", tasks)
    /// #     .respond_json("DescribeRefreshTaskById", tasks);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    ///
    /// let report = Job::from_task_ids(["17"])?.poll_once(&client).await?;
    /// assert_eq!(report.objects[0].to_string(), "http://a.example/x: Refreshing, 50%");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Call`] if polling fails for good, for example because credentials have expired,
    /// and [`Error::Poll`] if it may succeed later. Statuses received before the error are in the job.
    pub async fn poll_once(&mut self, client: &Client) -> Result<Report, Error> {
        self.expire_tasks(client.core().clock().now());
        let tracker = Tracker::new(self, client.core().clock().clone());
        let polls = 1 + usize::from(self.calls.iter().any(JobCall::is_from_task_id));
        let mut error = None;
        let end = client.core().clock().elapsed().saturating_add(client.core().timeout());
        for _ in 0..polls {
            error = poll_until(end, client, &tracker).await;
            if error.as_ref().is_some_and(|error| !error.is_transient()) {
                break;
            }
        }
        self.update_from(&mut lock(&tracker));
        match error {
            Some(error) if error.is_transient() => Err(Error::Poll(StoredError::from(&error))),
            Some(error) => Err(Error::Call(error)),
            None => Ok(self.report()),
        }
    }
}

/// Polls once, and again while the service throttles, until a time of the client's clock.
async fn poll_until(
    end: Duration,
    client: &Client,
    tracker: &SharedTracker,
) -> Option<alicloud_cdn::Error> {
    let clock = client.core().clock();
    loop {
        let result = wait_for(client, tracker).poll_once().await;
        let error = result.err().and_then(WaitError::into_call_error)?;
        let pause = error.retry_after().unwrap_or(THROTTLED_PAUSE);
        if !error.is_throttling() || clock.elapsed().saturating_add(pause) >= end {
            return Some(error);
        }
        clock.sleep(pause).await;
    }
}

fn wait_for(client: &Client, tracker: &SharedTracker) -> TaskWait {
    client.core().wait_for_tracked(&WAIT_FOR_REFRESH_TASKS, tracker.clone())
}

impl<'a> Wait<'a> {
    /// Returns whether there is nothing to wait for: nothing was submitted, or everything is final.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan};
    /// # use alicloud_core::{Credentials, testing::FakeTransport};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(FakeTransport::new()).build()?;
    ///
    /// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// assert!(job.wait(&client).is_empty()); // not submitted
    /// # Ok(()) }
    /// ```
    pub fn is_empty(&self) -> bool {
        lock(&self.tracker).calls.is_empty()
    }

    /// Sets the timeout, counted from the first poll. Defaults to 15 minutes, or to 60 minutes if the job
    /// may preload objects.
    pub fn max_wait(mut self, timeout: Duration) -> Self {
        self.wait = self.wait.map(|wait| wait.max_wait(timeout));
        self
    }

    /// Sets the minimum and maximum interval between two polls. Defaults to 2 s and 10 s.
    pub fn poll_interval(mut self, min: Duration, max: Duration) -> Self {
        self.wait = self.wait.map(|wait| wait.poll_interval(min, max));
        self
    }

    /// Sets the journal, which records objects that become final, so that their status is known when the
    /// service no longer lists their tasks. Defaults to none.
    ///
    /// Nothing is recorded for jobs built with [`from_task_ids`](Job::from_task_ids); they are polled
    /// again.
    pub fn journal(mut self, journal: &'a mut dyn Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Waits for the next poll and returns the progress, or `None` after everything is final or the
    /// timeout has passed.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Job;
    /// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("DescribeRefreshTaskById", r#"{"Tasks": [{"TaskId": "17",
    /// #         "ObjectPath": "http://a.example/x", "Status": "Refreshing", "Process": "50%"}]}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake)
    /// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    ///
    /// let mut job = Job::from_task_ids(["17"])?;
    /// let progress = job.wait(&client).next().await.expect("a first poll")?;
    /// assert_eq!((progress.pending, progress.percent), (1, 50.0));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Job::wait`]. The wait ends after an error.
    pub async fn next(&mut self) -> Option<Result<Progress, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Progress, Error>>> {
        if let Some(wait) = self.wait.take() {
            self.polls = (!self.is_empty()).then(|| wait.progress());
            // Tasks that have expired, and what an earlier wait could not record.
            self.start_recording();
        }
        loop {
            if let Err(error) = ready!(self.poll_recording(context)) {
                (self.polls, self.polled) = (None, None);
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(polled) = self.polled.take() {
                return Poll::Ready(Some(polled));
            }
            let Some(polls) = &mut self.polls else { return Poll::Ready(None) };
            let (result, tolerated) = match ready!(Pin::new(&mut *polls).poll_next(context)) {
                None => return Poll::Ready(None),
                Some(Ok(_)) => (Ok(()), polls.last_error().map(StoredError::from)),
                Some(Err(error)) => match (error.is_timeout(), error.into_call_error()) {
                    (false, Some(error)) => (Err(error.into()), None),
                    (_, error) => (Ok(()), error.as_ref().map(StoredError::from)),
                },
            };
            let mut tracker = lock(&self.tracker);
            self.job.update_from(&mut tracker);
            let progress = Progress::from_job(self.job, &mut tracker, tolerated);
            drop(tracker);
            self.polled = Some(result.map(|()| progress));
            self.start_recording();
        }
    }

    /// Starts to record the events that are not recorded yet.
    fn start_recording(&mut self) {
        if self.job.unrecorded.is_empty() {
            return;
        }
        let Some(journal) = self.journal.take() else { return self.job.unrecorded.clear() };
        let events = self.job.unrecorded.clone();
        self.recording = Some(Box::pin(async move {
            let recorded = journal.record(&events).await;
            (journal, recorded)
        }));
    }

    fn poll_recording(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(recording) = &mut self.recording else { return Poll::Ready(Ok(())) };
        let (journal, recorded) = ready!(recording.as_mut().poll(context));
        (self.journal, self.recording) = (Some(journal), None);
        if recorded.is_ok() {
            self.job.unrecorded.clear();
        }
        Poll::Ready(recorded.map_err(Error::Journal))
    }
}

impl Stream for Wait<'_> {
    type Item = Result<Progress, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<'a> IntoFuture for Wait<'a> {
    type Output = Result<Report, Error>;
    type IntoFuture = BoxFuture<'a, Result<Report, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            while let Some(progress) = self.next().await {
                progress?;
            }
            Ok(self.job.report())
        })
    }
}

impl fmt::Debug for Wait<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait").field("calls", &self.job.calls.len()).finish_non_exhaustive()
    }
}
