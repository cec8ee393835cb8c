//! The course of a submission.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, SystemTime};

use alicloud_core::{BoxFuture, Outcome};
use futures_util::future::{Either, Shared, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use super::halt::Halt;
use super::rest::{Lane, Next, Rests, is_of_the_minute};
use super::{Submit, lookup, send};
use crate::error::Error;
use crate::job::{CallState, Event, is_task_id};
use crate::report::Report;
use crate::status::StoredError;

/// How long a lane whose quota of the minute is used up waits before its calls are sent again.
const MINUTE: Duration = Duration::from_secs(60);

pub(super) async fn run(mut submit: Submit<'_>) -> Result<Report, Error> {
    let stop = submit.stop.take().unwrap_or_else(|| Box::pin(std::future::pending()));
    let mut run = Run {
        submit,
        stop: stop.shared(),
        before: Lost::new(),
        searched: BTreeSet::new(),
        failed: None,
    };
    let old: Vec<usize> = run.lost().into_keys().collect();
    run.find(&old).await;
    run.before = run.lost();
    run.send_all().await;
    // Answers that were lost just now, some perhaps for the second time.
    let before = |index| run.before.get(index).map(|(at, _)| *at);
    let lost = run.lost();
    let new = lost.iter().filter(|(index, (at, _))| before(*index) != Some(*at));
    let new: Vec<usize> = new.map(|(index, _)| *index).collect();
    run.find(&new).await;
    match run.failed {
        Some(error) => Err(error),
        None => Ok(run.submit.job.report()),
    }
}

struct Run<'a> {
    submit: Submit<'a>,
    stop: Shared<BoxFuture<'a, ()>>,
    /// What may have been carried out before it is sent again.
    before: Lost,
    /// What was searched for in all there is to search.
    searched: BTreeSet<usize>,
    /// Why nothing can be recorded any more.
    failed: Option<Error>,
}

/// Calls that may have been carried out: since when, and how their answers were lost.
type Lost = BTreeMap<usize, (SystemTime, StoredError)>;

/// What happens next.
enum Step {
    /// A lane has waited for another minute.
    Rested(Lane),
    /// A call is over. The result is its tasks.
    Answered { index: usize, result: Result<Vec<String>, alicloud_cdn::Error> },
}

impl<'a> Run<'a> {
    /// Whether nothing more is to be begun.
    fn is_finished(&self) -> bool {
        self.failed.is_some() || self.stop.clone().now_or_never().is_some()
    }

    fn lost(&self) -> Lost {
        let calls = self.submit.job.calls.iter().enumerate();
        calls.filter_map(|(index, call)| Some((index, call.lost()?))).collect()
    }

    /// Searches for some calls of which the answer was lost.
    async fn find(&mut self, indexes: &[usize]) {
        if indexes.is_empty() || self.is_finished() {
            return;
        }
        let Submit { job, client, lookup_timeout, .. } = &self.submit;
        let search = Box::pin(lookup::find(job, indexes, client, *lookup_timeout));
        let found = match select(search, self.stop.clone()).await {
            Either::Left((found, _)) => found,
            Either::Right(_) => return,
        };
        self.searched.extend(found.searched);
        found.events.iter().for_each(|event| self.take_in(event));
    }

    async fn send_all(&mut self) {
        let mut waiting = VecDeque::from(self.sendable());
        let mut steps: FuturesUnordered<BoxFuture<'a, Step>> = FuturesUnordered::new();
        let (mut halt, mut rests) = (Halt::default(), Rests::default());
        // Lanes that wait for the next minute are steps too, but no calls.
        let mut running = 0;
        loop {
            if self.is_finished() {
                waiting.clear();
            }
            // What need not be tried any more is not waited for either.
            let halted: Vec<Lane> =
                rests.lanes().filter(|lane| halt.of(lane).is_some()).cloned().collect();
            for lane in halted {
                waiting.extend(rests.over(&lane));
            }
            while running < self.submit.at_once
                && let Some(index) = waiting.pop_front()
            {
                if let Some(call) = self.start_unless(&halt, &mut rests, index) {
                    steps.push(call);
                    running += 1;
                }
            }
            // What rests stays as it is when nothing more is to be begun.
            if running == 0 && (self.is_finished() || rests.lanes().next().is_none()) {
                return;
            }
            let step = match self.is_finished() {
                true => steps.next().await,
                false => match select(steps.next(), self.stop.clone()).await {
                    Either::Left((step, _)) => step,
                    Either::Right(_) => continue,
                },
            };
            match step {
                None => return,
                Some(Step::Rested(lane)) => {
                    let calls = rests.over(&lane);
                    calls.into_iter().rev().for_each(|index| waiting.push_front(index));
                }
                Some(Step::Answered { index, result }) => {
                    running -= 1;
                    steps.extend(self.answered(index, result, &mut halt, &mut rests));
                }
            }
        }
    }

    /// Which calls are to be sent. Those that the service has rejected before may be right by now: other
    /// credentials, another day.
    fn sendable(&self) -> Vec<usize> {
        let calls = self.submit.job.calls.iter().enumerate();
        calls
            .filter(|(index, call)| match &call.state {
                CallState::Planned { .. } | CallState::Rejected { .. } => call.kind.is_some(),
                CallState::Deferred => self.submit.include_deferred,
                // What could not be searched for may be there.
                CallState::Sending { .. } | CallState::Unknown { .. } => {
                    self.submit.resend_unknown && self.searched.contains(index)
                }
                CallState::Sent { .. } => false,
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// Begins a call, unless it would fail as others have or its lane waits.
    fn start_unless(
        &mut self,
        halt: &Halt,
        rests: &mut Rests,
        index: usize,
    ) -> Option<BoxFuture<'a, Step>> {
        let lane = self.lane_of(index)?;
        if let Some(error) = halt.of(&lane) {
            // One that may have been carried out before may still have been.
            if !self.before.contains_key(&index) {
                self.take_in(&Event::NotSent { call: index, error });
            }
            return None;
        }
        if rests.keep(&lane, index) { None } else { self.start(index) }
    }

    fn lane_of(&self, index: usize) -> Option<Lane> {
        self.submit.job.calls.get(index).map(Lane::of)
    }

    /// Begins a call. Nothing begins that cannot be recorded.
    fn start(&mut self, index: usize) -> Option<BoxFuture<'a, Step>> {
        let at = self.submit.client.core().clock().now();
        self.take_in(&Event::Sending { call: index, at });
        if self.failed.is_some() {
            return None;
        }
        let sent = send::send(self.submit.client, self.submit.job.calls.get(index)?)?;
        Some(Box::pin(async move { Step::Answered { index, result: sent.await } }))
    }

    /// Takes in what came of a call. The result is what is waited for because of it, if anything.
    fn answered(
        &mut self,
        call: usize,
        result: Result<Vec<String>, alicloud_cdn::Error>,
        halt: &mut Halt,
        rests: &mut Rests,
    ) -> Option<BoxFuture<'a, Step>> {
        let lane = self.lane_of(call)?;
        let at = match self.submit.job.calls.get(call).map(|call| &call.state) {
            Some(CallState::Sending { at }) => *at,
            _ => self.submit.client.core().clock().now(),
        };
        let mut rest = None;
        let event = match result {
            Ok(task_ids) if task_ids.is_empty() || !task_ids.iter().all(|id| is_task_id(id)) => {
                Event::Unknown { call, at, error: StoredError::without_task() }
            }
            Ok(task_ids) => {
                rests.taken(&lane);
                Event::Sent { call, at, task_ids }
            }
            Err(error) => {
                let next = is_of_the_minute(&error).then(|| rests.refused(&lane, call));
                match next {
                    Some(Next::Begin) => rest = Some(self.rest(lane)),
                    Some(Next::Wait) => {}
                    Some(Next::GiveUp) => halt.lane(lane, &error),
                    None => halt.after(&error, lane.kind),
                }
                let is_resting = matches!(next, Some(Next::Begin | Next::Wait));
                match self.failure(call, at, &error) {
                    Event::Rejected { call, error } if is_resting => {
                        Event::Throttled { call, error }
                    }
                    failure => failure,
                }
            }
        };
        self.take_in(&event);
        rest
    }

    /// What a failed call is. One that may have been carried out before may still have been.
    fn failure(&self, call: usize, at: SystemTime, error: &alicloud_cdn::Error) -> Event {
        let stored = StoredError::from(error);
        match (error.outcome(), self.before.get(&call)) {
            (Outcome::NotSent | Outcome::Rejected, Some((since, before))) => {
                Event::Unknown { call, at: *since, error: before.clone() }
            }
            (Outcome::NotSent, None) => Event::NotSent { call, error: stored },
            (Outcome::Rejected, None) => Event::Rejected { call, error: stored },
            _ => Event::Unknown { call, at, error: stored },
        }
    }

    /// Waits for the next minute.
    fn rest(&self, lane: Lane) -> BoxFuture<'a, Step> {
        let sleep = self.submit.client.core().clock().sleep(MINUTE);
        Box::pin(async move {
            sleep.await;
            Step::Rested(lane)
        })
    }

    /// Records an event and brings the job to where it is.
    ///
    /// What has happened is in the job even when it cannot be recorded. What is about to happen then does
    /// not.
    fn take_in(&mut self, event: &Event) {
        if let Some(journal) = &mut self.submit.journal
            && self.failed.is_none()
            && let Err(error) = journal.record(event)
        {
            self.failed = Some(Error::Journal(error));
        }
        if self.failed.is_none() || !matches!(event, Event::Sending { .. }) {
            self.submit.job.apply(event);
        }
    }
}
