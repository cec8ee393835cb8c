//! Waiting until everything is live or has failed.

mod progress;
mod sweep;

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use alicloud_cdn::Client;
use alicloud_core::{BoxFuture, PollStatus};
use futures_core::Stream;

pub use self::progress::Progress;
use self::sweep::{lock, sweep};
use crate::error::Error;
use crate::job::{CallState, Event, Job, JobCall, Journal, REMEMBERED};
use crate::kind::TargetKind;
use crate::report::Report;
use crate::status::{ObjectStatus, StoredError};
use crate::track::Tracker;

/// How long a refresh may take: the service says five to six minutes.
const REFRESH: Duration = Duration::from_secs(15 * 60);

/// How long a preload may take: the service says five to thirty minutes.
const PRELOAD: Duration = Duration::from_secs(60 * 60);

/// Waits for a job: from [`Job::wait`]. It is awaited, or read as a stream of its progress.
#[must_use = "it does not look until it is awaited"]
pub struct Wait<'a> {
    job: &'a mut Job,
    tracker: Arc<Mutex<Tracker>>,
    journal: Option<&'a mut dyn Journal>,
    course: Course,
    wait: Option<alicloud_core::Wait<()>>,
    /// What the service has forgotten, still to be recorded.
    forgotten: Vec<Event>,
}

enum Course {
    New,
    Looking(alicloud_core::Progress<()>),
    Over,
}

impl Job {
    /// Waits until every object that was submitted is live or has failed.
    ///
    /// An object that is not listed yet is under way; so is one in a state that no document knows, with
    /// a warning. A look that fails does not make an object fail. Ids are asked for ten at a time, no
    /// faster than the service takes it, until each object of their call has ended. There are 2 seconds
    /// between the first looks and 10 between later ones, give or take some, and more when the service
    /// asks for it; it ends after 15 minutes, or 60 when something is preloaded, or may be, because only
    /// its id is known.
    ///
    /// It can be dropped and begun again, for as long as the service remembers tasks: 3 days. What is
    /// older and has not ended is [unknown](ObjectStatus::Unknown) from then on.
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
    /// When looking fails for good, or what happens cannot be recorded. That the time is over is no
    /// error: the report has what is [pending](ObjectStatus::Pending).
    pub fn wait<'a>(&'a mut self, client: &'a Client) -> Wait<'a> {
        let forgotten = self.forget(client.core().clock().now());
        let tracker = Arc::new(Mutex::new(Tracker::new(self)));
        let (look, judge) = (tracker.clone(), tracker.clone());
        let wait = client.core().wait_until(
            {
                let client = client.clone();
                move || sweep(client.clone(), look.clone())
            },
            move |()| match lock(&judge).is_settled() {
                true => PollStatus::Succeeded,
                false => PollStatus::InProgress("is under way".to_owned()),
            },
        );
        let may_preload = |kind| matches!(kind, Some(TargetKind::Preload) | None);
        let preloads = self.calls.iter().any(|call| may_preload(call.kind));
        let wait = wait.max_wait(if preloads { PRELOAD } else { REFRESH });
        Wait { job: self, tracker, journal: None, course: Course::New, wait: Some(wait), forgotten }
    }

    /// Looks once at everything that was submitted and is not done; twice at a task of which only the id
    /// is known, because its objects may be listed one after the other.
    ///
    /// # Errors
    ///
    /// When looking fails; what was seen until then is in the job.
    pub async fn poll_once(&mut self, client: &Client) -> Result<Report, Error> {
        self.forget(client.core().clock().now());
        let tracker = Arc::new(Mutex::new(Tracker::new(self)));
        let looks = 1 + usize::from(self.calls.iter().any(JobCall::is_bare));
        let mut looked = Ok(());
        for _ in 0..looks {
            looked = looked.and(sweep(client.clone(), tracker.clone()).await);
        }
        self.take_from(&mut lock(&tracker));
        let error = lock(&tracker).error.take();
        looked?;
        match error {
            Some(error) => Err(Error::Look(error)),
            None => Ok(self.report()),
        }
    }

    /// Gives up what is not done and too old to be asked for. The result says so.
    fn forget(&mut self, now: SystemTime) -> Vec<Event> {
        let mut forgotten = Vec::new();
        for (index, call) in self.calls.iter_mut().enumerate() {
            let CallState::Sent { at: Some(at), .. } = &call.state else { continue };
            if now.duration_since(*at).is_ok_and(|age| age > REMEMBERED) {
                let mut ends = Vec::new();
                for (index, object) in call.objects.iter_mut().enumerate() {
                    if !object.status.is_final() {
                        object.status = ObjectStatus::Unknown { error: StoredError::forgotten() };
                        ends.push((index, object.status.clone()));
                    }
                }
                if !ends.is_empty() {
                    forgotten.push(Event::Ended { call: index, ends });
                }
            }
        }
        forgotten
    }

    /// Takes over what was seen. The result is what has ended since the last time.
    fn take_from(&mut self, tracker: &mut Tracker) -> Vec<Event> {
        let mut ended = Vec::new();
        for tracked in &mut tracker.calls {
            let Some(call) = self.calls.get_mut(tracked.index) else { continue };
            if tracked.is_bare() {
                call.objects.clone_from(&tracked.objects);
                continue;
            }
            let mut ends = Vec::new();
            let pairs = call.objects.iter_mut().zip(&tracked.objects).enumerate();
            for (index, (object, seen)) in
                pairs.filter(|(_, (object, _))| !object.status.is_final())
            {
                object.status.clone_from(&seen.status);
                if seen.status.is_final() {
                    ends.push((index, seen.status.clone()));
                }
            }
            if !ends.is_empty() {
                ended.push(Event::Ended { call: tracked.index, ends });
            }
        }
        ended
    }
}

impl<'a> Wait<'a> {
    /// Whether there is nothing to wait for: nothing was submitted, or all of it has ended.
    pub fn is_empty(&self) -> bool {
        lock(&self.tracker).calls.is_empty()
    }

    /// For how long, from the first look on.
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.wait = self.wait.map(|wait| wait.max_wait(limit));
        self
    }

    /// The shortest and the longest time between two looks.
    pub fn poll_interval(mut self, min: Duration, max: Duration) -> Self {
        self.wait = self.wait.map(|wait| wait.poll_interval(min, max));
        self
    }

    /// Where is recorded what has ended, so that it is known after the service has forgotten it. Of tasks
    /// of which only the ids were given nothing is recorded: they are asked for again.
    pub fn journal(mut self, journal: &'a mut dyn Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// The next look, or nothing when everything is done or the time is over.
    ///
    /// # Errors
    ///
    /// Those of [`Job::wait`]. It is over after one.
    pub async fn next(&mut self) -> Option<Result<Progress, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Progress, Error>>> {
        loop {
            match &mut self.course {
                Course::New => {
                    let forgotten = std::mem::take(&mut self.forgotten);
                    if let Err(error) = self.record(&forgotten) {
                        self.course = Course::Over;
                        return Poll::Ready(Some(Err(error)));
                    }
                    let nothing = self.is_empty();
                    self.course = match self.wait.take().filter(|_| !nothing) {
                        Some(wait) => Course::Looking(wait.progress()),
                        None => Course::Over,
                    };
                }
                Course::Looking(looks) => {
                    let seen = match ready!(Pin::new(looks).poll_next(context)) {
                        Some(Err(error)) => {
                            self.course = Course::Over;
                            match (error.is_timeout(), error.into_call_error()) {
                                (false, Some(error)) => Err(error.into()),
                                _ => Ok(()),
                            }
                        }
                        Some(Ok(())) => Ok(()),
                        None => {
                            self.course = Course::Over;
                            continue;
                        }
                    };
                    let progress = self.take_over();
                    return Poll::Ready(Some(seen.and(progress)));
                }
                Course::Over => return Poll::Ready(None),
            }
        }
    }

    /// Brings the job to what was seen.
    fn take_over(&mut self) -> Result<Progress, Error> {
        let mut tracker = lock(&self.tracker);
        let ended = self.job.take_from(&mut tracker);
        let progress = Progress::of(self.job, &mut tracker);
        drop(tracker);
        if let Err(error) = self.record(&ended) {
            self.course = Course::Over;
            return Err(error);
        }
        Ok(progress)
    }

    fn record(&mut self, events: &[Event]) -> Result<(), Error> {
        if let Some(journal) = &mut self.journal {
            journal.record_all(events).map_err(Error::Journal)?;
        }
        Ok(())
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
