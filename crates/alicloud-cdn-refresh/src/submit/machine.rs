//! What a submission does next: a state machine without I/O. ARCHITECTURE.md has its tables.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, SystemTime};

use alicloud_core::Outcome;

use super::failure::{Effect, Failure};
use super::lookup::LookupOutcome;
use super::queues::{Admission, QueueKey, Queues, Throttled};
use crate::job::{CallState, Event, Job, is_task_id};
use crate::stored_error::StoredError;

/// Which calls to send, and how many at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub(super) concurrency: usize,
    pub(super) include_deferred: bool,
    pub(super) resend_unknown: bool,
}

/// What to do next. Calls are indexes in the job.
#[derive(Debug)]
pub(super) enum Action {
    /// Search the task list for calls whose responses were lost. Ends with [`Input::LookupEnded`], soon
    /// after a stop.
    LookUp(Vec<usize>),
    /// Wait for the rate limiter, record that the call is being sent, and send it. Ends with
    /// [`Input::CallEnded`], or with [`Input::CallNotStarted`] after a stop or if it cannot be recorded.
    Send(usize),
    /// Record the event, and apply it to the job.
    Record(Event),
    /// Start a timer for a queue. Ends with [`Input::WaitOver`].
    StartTimer(QueueKey, Duration),
    /// Wait for the next input.
    Await,
    /// Nothing: the submission has ended.
    End,
}

/// What has happened.
#[derive(Debug)]
pub(super) enum Input {
    LookupEnded(LookupOutcome),
    /// A call that was sent at this time has ended, with its task ids or a failure.
    CallEnded {
        call: usize,
        sent_at: SystemTime,
        result: Result<Vec<String>, Failure>,
    },
    /// A call was not sent, because the submission stops or that could not be recorded.
    CallNotStarted,
    /// The timer of a queue has fired.
    WaitOver(QueueKey),
    /// Nothing may be started any more: no call and no lookup.
    Stop,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Start,
    /// Looking up calls whose responses an earlier submission lost.
    LookingUpEarlier,
    /// Choosing the calls to send.
    Selecting,
    Sending,
    /// All calls have ended.
    Sent,
    /// Looking up calls whose responses this submission lost.
    LookingUpNew,
    Ended,
}

/// Calls whose responses were lost: when they were sent, and the error.
type LostResponses = BTreeMap<usize, (SystemTime, StoredError)>;

pub(super) struct Machine {
    options: Options,
    phase: Phase,
    is_stopping: bool,
    /// Actions that are due.
    actions: VecDeque<Action>,
    /// Calls to send, in order.
    ready: VecDeque<usize>,
    /// Number of calls that are being sent.
    running: usize,
    queues: Queues,
    /// Calls whose responses were lost in an earlier submission and that were not found.
    previously_lost: LostResponses,
    /// Calls for which the whole task list was searched.
    looked_up: BTreeSet<usize>,
}

impl Machine {
    pub(super) fn new(options: Options) -> Self {
        Machine {
            options,
            phase: Phase::Start,
            is_stopping: false,
            actions: VecDeque::new(),
            ready: VecDeque::new(),
            running: 0,
            queues: Queues::default(),
            previously_lost: LostResponses::new(),
            looked_up: BTreeSet::new(),
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping
    }

    /// Returns what to do next. All earlier events must have been applied to the job.
    pub(super) fn next(&mut self, job: &Job) -> Action {
        loop {
            if let Some(action) = self.actions.pop_front() {
                return action;
            }
            match self.phase {
                Phase::Start => {
                    let lost = lost_responses(job).into_keys().collect();
                    self.look_up(lost, Phase::LookingUpEarlier, Phase::Selecting);
                }
                Phase::LookingUpEarlier | Phase::LookingUpNew => return Action::Await,
                Phase::Selecting => {
                    self.previously_lost = lost_responses(job);
                    self.ready = self.calls_to_send(job);
                    self.phase = Phase::Sending;
                }
                Phase::Sending => {
                    if let Some(action) = self.next_call(job) {
                        return action;
                    }
                    // When stopping, throttled calls are left as they are.
                    let is_waiting = self.queues.is_any_waiting() && !self.is_stopping;
                    if self.running > 0 || is_waiting {
                        return Action::Await;
                    }
                    self.phase = Phase::Sent;
                }
                Phase::Sent => {
                    let lost = self.newly_lost(job);
                    self.look_up(lost, Phase::LookingUpNew, Phase::Ended);
                }
                Phase::Ended => return Action::End,
            }
        }
    }

    /// Takes note of what has happened.
    pub(super) fn handle(&mut self, job: &Job, input: Input) {
        match input {
            Input::Stop => self.is_stopping = true,
            Input::LookupEnded(LookupOutcome { events, looked_up }) => {
                self.looked_up.extend(looked_up);
                self.actions.extend(events.into_iter().map(Action::Record));
                self.phase = match self.phase {
                    Phase::LookingUpEarlier => Phase::Selecting,
                    _ => Phase::Ended,
                };
            }
            Input::CallNotStarted => self.running = self.running.saturating_sub(1),
            Input::CallEnded { call, sent_at, result } => {
                self.running = self.running.saturating_sub(1);
                let Some(queue) = queue_of(job, call) else { return };
                let event = match result {
                    Ok(task_ids) => self.accepted(call, sent_at, task_ids, &queue),
                    Err(failure) => self.failed(call, sent_at, failure, queue),
                };
                self.actions.push_back(Action::Record(event));
            }
            Input::WaitOver(queue) => {
                let calls = self.queues.release(&queue);
                calls.into_iter().rev().for_each(|call| self.ready.push_front(call));
            }
        }
    }

    /// Looks up calls in one phase, or goes on to the other phase without a lookup.
    fn look_up(&mut self, calls: Vec<usize>, lookup: Phase, next: Phase) {
        if calls.is_empty() || self.is_stopping {
            self.phase = next;
        } else {
            self.phase = lookup;
            self.actions.push_back(Action::LookUp(calls));
        }
    }

    /// Returns the calls to send. Rejected calls are included: other credentials or another day may
    /// change the result.
    fn calls_to_send(&self, job: &Job) -> VecDeque<usize> {
        let calls = job.calls.iter().enumerate();
        calls
            .filter(|(index, call)| match &call.state {
                CallState::Planned { .. } | CallState::Rejected { .. } => call.kind.is_some(),
                CallState::Deferred => self.options.include_deferred,
                // A call that could not be looked up may have been executed.
                CallState::Sending { .. } | CallState::Unknown { .. } => {
                    self.options.resend_unknown && self.looked_up.contains(index)
                }
                CallState::Sent { .. } => false,
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// Returns the next call to send or to give up, if one may start.
    fn next_call(&mut self, job: &Job) -> Option<Action> {
        if self.is_stopping {
            self.ready.clear();
        }
        while self.running < self.options.concurrency {
            let call = self.ready.pop_front()?;
            let Some(queue) = queue_of(job, call) else { continue };
            match self.queues.admit(&queue, call) {
                Admission::Open => {
                    self.running += 1;
                    return Some(Action::Send(call));
                }
                Admission::Held => {}
                // A call whose response was lost earlier stays unknown.
                Admission::Closed(_) if self.previously_lost.contains_key(&call) => {}
                Admission::Closed(error) => {
                    return Some(Action::Record(Event::NotSent { call, error }));
                }
            }
        }
        None
    }

    fn accepted(
        &mut self,
        call: usize,
        sent_at: SystemTime,
        task_ids: Vec<String>,
        queue: &QueueKey,
    ) -> Event {
        if task_ids.is_empty() || !task_ids.iter().all(|id| is_task_id(id)) {
            return Event::Unknown { call, sent_at, error: StoredError::no_task_id() };
        }
        self.queues.record_accepted(queue);
        Event::Sent { call, sent_at, task_ids }
    }

    fn failed(
        &mut self,
        call: usize,
        sent_at: SystemTime,
        failure: Failure,
        queue: QueueKey,
    ) -> Event {
        let Failure { error, outcome, effect } = failure;
        let throttled = match &effect {
            Effect::Throttled(throttling) => {
                let seed = jitter_seed(call, sent_at);
                Some(self.queues.record_throttled(&queue, call, throttling, seed, &error))
            }
            effect => {
                self.ready.extend(self.queues.close(effect, queue.kind, &error));
                None
            }
        };
        if let Some(Throttled::Waits(duration)) = throttled {
            self.actions.push_back(Action::StartTimer(queue, duration));
        }
        match (outcome, self.previously_lost.get(&call)) {
            // A call whose response was lost earlier stays unknown.
            (Outcome::NotSent | Outcome::Rejected, Some((sent_at, error))) => {
                Event::Unknown { call, sent_at: *sent_at, error: error.clone() }
            }
            (Outcome::NotSent, None) => Event::NotSent { call, error },
            (Outcome::Rejected, None) => match throttled {
                Some(Throttled::Waits(_) | Throttled::Held) => Event::Throttled { call, error },
                Some(Throttled::Closed) => Event::NotSent { call, error },
                None => Event::Rejected { call, error },
            },
            _ => Event::Unknown { call, sent_at, error },
        }
    }

    /// Returns the calls whose responses this submission lost. A call that was resent and lost its
    /// response again has a new time of sending.
    fn newly_lost(&self, job: &Job) -> Vec<usize> {
        let mut lost = lost_responses(job);
        lost.retain(|call, (sent_at, _)| {
            let previous = self.previously_lost.get(call);
            previous.is_none_or(|(previously_sent_at, _)| previously_sent_at != sent_at)
        });
        lost.into_keys().collect()
    }
}

fn lost_responses(job: &Job) -> LostResponses {
    let calls = job.calls.iter().enumerate();
    calls.filter_map(|(index, call)| Some((index, call.lost_response()?))).collect()
}

fn queue_of(job: &Job, call: usize) -> Option<QueueKey> {
    job.calls.get(call).and_then(QueueKey::from_call)
}

/// Returns a number that differs between programs and calls: a clock's nanoseconds are not shared.
fn jitter_seed(call: usize, sent_at: SystemTime) -> u32 {
    let mut hasher = DefaultHasher::new();
    (call, sent_at).hash(&mut hasher);
    // The upper half of the hash.
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}
