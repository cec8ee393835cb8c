//! Sending what is planned, once.

mod lookup;
mod send;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::time::Duration;

use alicloud_cdn::{Client, error_code};
use alicloud_core::{BoxFuture, Outcome};
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;

use crate::error::Error;
use crate::fate::Problem;
use crate::job::{CallState, Event, Job, Journal};
use crate::kind::Kind;

/// How long a call of a domain whose quota of the minute is used up waits before it is sent again.
const MINUTE: Duration = Duration::from_secs(60);

/// How often a call waits for the next minute.
const MOST_MINUTES: u32 = 10;

/// Submits a job, when it is awaited: from [`Job::submit`].
#[must_use = "nothing is sent until it is awaited"]
pub struct Submit<'a> {
    job: &'a mut Job,
    client: &'a Client,
    journal: Option<&'a mut dyn Journal>,
    at_once: usize,
    again: bool,
    look_for: Duration,
    stop: Option<BoxFuture<'a, ()>>,
}

impl Job {
    /// Sends every call that was not sent yet, or that the service has refused before: a few at a time,
    /// no faster than the service takes them. One that fails does not keep the others from being sent,
    /// unless they would all fail alike: for credentials, for a lost network, for a quota.
    ///
    /// A call of which the answer was lost is never just sent again, because each takes from the quota
    /// of the day and a second preload loads the origin a second time: the list of tasks is searched for
    /// its objects. What is not found stays [`Unknown`](CallState::Unknown), and
    /// [`resend_unknown`](Submit::resend_unknown) is for those who have looked themselves.
    ///
    /// What has become of each call is in the job when this is over or dropped.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Event, Job, Plan};
    /// # use alicloud_core::{Credentials, testing::{FakeTransport, FixedClock}};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().reply_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17,18"}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake)
    /// #     .clock(FixedClock::at_unix(1_767_323_045)).build()?;
    ///
    /// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// let mut show = |event: &Event| Ok(println!("{event:?}"));
    /// job.submit(&client).journal(&mut show).await?;
    /// assert_eq!(job.task_ids(), ["17", "18"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Only when what happens cannot be recorded. What the service refuses is in the job.
    pub fn submit<'a>(&'a mut self, client: &'a Client) -> Submit<'a> {
        Submit {
            job: self,
            client,
            journal: None,
            at_once: 4,
            again: false,
            look_for: Duration::from_secs(30),
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
    pub fn at_once(mut self, calls: usize) -> Self {
        self.at_once = calls.max(1);
        self
    }

    /// Sends again what may have been carried out and is not found. For those who have looked, or do
    /// not mind that it counts twice.
    pub fn resend_unknown(mut self, again: bool) -> Self {
        self.again = again;
        self
    }

    /// For how long the list of tasks is searched for a call of which the answer was lost: 30 seconds
    /// unless told otherwise. The service lists a task some seconds after it has taken it.
    pub fn look_for(mut self, limit: Duration) -> Self {
        self.look_for = limit;
        self
    }

    /// Sends no further call once this is ready, and still waits for the answers of those under way.
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'a) -> Self {
        self.stop = Some(Box::pin(stop));
        self
    }

    async fn run(mut self) -> Result<(), Error> {
        let stop = self.stop.take().unwrap_or_else(|| Box::pin(std::future::pending()));
        self.find_lost().await?;
        self.send_all(stop).await?;
        // Answers that were lost just now.
        self.find_lost().await
    }

    /// Searches for calls of which the answer was lost.
    async fn find_lost(&mut self) -> Result<(), Error> {
        for event in lookup::find(self.job, self.client, self.look_for).await {
            self.take_in(&event)?;
        }
        Ok(())
    }

    async fn send_all(&mut self, mut stop: BoxFuture<'_, ()>) -> Result<(), Error> {
        let mut waiting: Vec<usize> = self.sendable().rev().collect();
        let mut running = FuturesUnordered::new();
        let mut halt = Halt::default();
        let mut stopped = false;
        loop {
            while running.len() < self.at_once
                && let Some(place) = waiting.pop()
            {
                if let Some(problem) = self.job.calls.get(place).and_then(|call| halt.of(call.kind))
                {
                    self.take_in(&Event::NotSent { call: place, problem })?;
                    continue;
                }
                running.push(self.start(place, 0)?);
            }
            let next = match select(&mut stop, running.next()).await {
                Either::Right((next, _)) => next,
                Either::Left(((), _)) => {
                    stopped = true;
                    waiting.clear();
                    stop = Box::pin(std::future::pending());
                    continue;
                }
            };
            let (place, minutes, result) = match next {
                None => return Ok(()),
                Some(Step::Rested { .. }) if stopped => continue,
                Some(Step::Rested { place, minutes }) => {
                    running.push(self.start(place, minutes)?);
                    continue;
                }
                Some(Step::Answered { place, minutes, result }) => (place, minutes, result),
            };
            match result {
                Ok(task_ids) if task_ids.is_empty() => {
                    let problem = Problem::new(
                        "the service took the call and named no task",
                        "look into the list of tasks",
                    );
                    self.take_in(&self.unknown(place, problem))?;
                }
                Ok(task_ids) => self.take_in(&Event::Sent { call: place, task_ids })?,
                Err(error) if is_of_the_minute(&error) && minutes < MOST_MINUTES => {
                    self.take_in(&Event::NotSent { call: place, problem: Problem::from(&error) })?;
                    let rest = self.client.core().clock().sleep(MINUTE);
                    running.push(Box::pin(async move {
                        rest.await;
                        Step::Rested { place, minutes: minutes + 1 }
                    }));
                }
                Err(error) => {
                    halt.after(&error, self.job.calls.get(place).and_then(|call| call.kind));
                    let event = self.failed(place, &error);
                    self.take_in(&event)?;
                }
            }
        }
    }

    /// Which calls are to be sent. Those that the service has refused before may be right by now: other
    /// credentials, another day.
    fn sendable(&self) -> impl DoubleEndedIterator<Item = usize> {
        let again = self.again;
        let calls = self.job.calls.iter().enumerate();
        calls
            .filter(move |(_, call)| match &call.state {
                CallState::Planned { .. } | CallState::Rejected { .. } => true,
                CallState::Sending { .. } | CallState::Unknown { .. } => again,
                CallState::Sent { .. } => false,
            })
            .map(|(place, _)| place)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Begins a call that has waited so many minutes.
    fn start(&mut self, place: usize, minutes: u32) -> Result<BoxFuture<'static, Step>, Error> {
        self.take_in(&Event::Sending { call: place, at: self.client.core().clock().now() })?;
        let sent = self.job.calls.get(place).map(|call| send::send(self.client, call));
        Ok(Box::pin(async move {
            let result = match sent {
                Some(sent) => sent.await,
                None => Ok(Vec::new()),
            };
            Step::Answered { place, minutes, result }
        }))
    }

    fn failed(&self, call: usize, error: &alicloud_cdn::Error) -> Event {
        let problem = Problem::from(error);
        match error.outcome() {
            Outcome::NotSent => Event::NotSent { call, problem },
            Outcome::Rejected => Event::Rejected { call, problem },
            _ => self.unknown(call, problem),
        }
    }

    fn unknown(&self, call: usize, problem: Problem) -> Event {
        let at = match self.job.calls.get(call).map(|call| &call.state) {
            Some(CallState::Sending { at }) => *at,
            _ => self.client.core().clock().now(),
        };
        Event::Unknown { call, at, problem }
    }

    /// Records an event and brings the job to where it is.
    fn take_in(&mut self, event: &Event) -> Result<(), Error> {
        if let Some(journal) = &mut self.journal {
            journal.record(event)?;
        }
        self.job.apply(event);
        Ok(())
    }
}

/// What happens next to a call that is under way.
enum Step {
    /// It has waited for another minute, after so many.
    Rested { place: usize, minutes: u32 },
    /// It is over. The result is its tasks.
    Answered { place: usize, minutes: u32, result: Result<Vec<String>, alicloud_cdn::Error> },
}

/// What need not be tried any more.
#[derive(Default)]
struct Halt {
    all: Option<Problem>,
    kinds: Vec<(Option<Kind>, Problem)>,
}

impl Halt {
    /// Learns from a failed call.
    fn after(&mut self, error: &alicloud_cdn::Error, kind: Option<Kind>) {
        if error.is_auth() || error.is_connect() || error.is_clock_skew() {
            self.all = Some(Problem::from(error));
        } else if error.is_quota() && !is_of_the_minute(error) {
            self.kinds.push((kind, Problem::from(error)));
        }
    }

    /// Why calls of a kind need not be tried.
    fn of(&self, kind: Option<Kind>) -> Option<Problem> {
        let of_kind = self.kinds.iter().find(|(halted, _)| *halted == kind);
        self.all.as_ref().or(of_kind.map(|(_, problem)| problem)).cloned()
    }
}

fn is_of_the_minute(error: &alicloud_cdn::Error) -> bool {
    error.code() == Some(error_code::QUOTA_PER_MINUTE_EXCEEDED_REFRESH)
        && error.outcome() == Outcome::Rejected
}

impl<'a> IntoFuture for Submit<'a> {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'a, Result<(), Error>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Submit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submit")
            .field("calls", &self.job.calls.len())
            .field("at_once", &self.at_once)
            .field("resend_unknown", &self.again)
            .field("look_for", &self.look_for)
            .finish_non_exhaustive()
    }
}
