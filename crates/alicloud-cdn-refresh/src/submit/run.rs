//! The main loop of a submission.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::IntoFuture;
use std::time::{Duration, SystemTime};

use alicloud_core::{BoxFuture, Outcome};
use futures_util::future::{Either, Shared, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use super::halt::StopConditions;
use super::rest::{QueueKey, ThrottleAction, ThrottledQueues, is_throttled};
use super::{Submit, lookup, send};
use crate::error::Error;
use crate::job::{CallState, Event, is_task_id};
use crate::report::Report;
use crate::stored_error::StoredError;

/// Timeout of a call unless less time is left: the default of a client.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

impl<'a> IntoFuture for Submit<'a> {
    type Output = Result<Report, Error>;
    type IntoFuture = BoxFuture<'a, Result<Report, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(run(self))
    }
}

async fn run(mut submit: Submit<'_>) -> Result<Report, Error> {
    let clock = submit.client.core().clock().clone();
    let mut shutdown = submit.shutdown.take().unwrap_or_else(|| Box::pin(std::future::pending()));
    if let Some(timeout) = submit.timeout {
        let reserved = (timeout / 10).min(Duration::from_secs(5));
        let nearly_over = clock.timeout(timeout - reserved);
        shutdown = Box::pin(select(shutdown, nearly_over).map(|_| ()));
    }
    let end = submit.timeout.map(|timeout| clock.elapsed().saturating_add(timeout));
    let mut run = Run {
        submit,
        end,
        shutdown: shutdown.shared(),
        previously_lost: LostResponses::new(),
        looked_up: BTreeSet::new(),
        journal_error: None,
    };
    let lost: Vec<usize> = run.lost_responses().into_keys().collect();
    run.look_up(&lost).await;
    run.previously_lost = run.lost_responses();
    run.send_all().await;
    // A call that was resent and lost its response again has a new time of sending.
    let previous_time = |call| run.previously_lost.get(call).map(|(sent_at, _)| *sent_at);
    let lost = run.lost_responses();
    let newly_lost =
        lost.iter().filter(|(call, (sent_at, _))| previous_time(*call) != Some(*sent_at));
    let newly_lost: Vec<usize> = newly_lost.map(|(call, _)| *call).collect();
    run.look_up(&newly_lost).await;
    match run.journal_error {
        Some(error) => Err(error),
        None => Ok(run.submit.job.report()),
    }
}

struct Run<'a> {
    submit: Submit<'a>,
    /// When the timeout expires, by the client's clock.
    end: Option<Duration>,
    shutdown: Shared<BoxFuture<'a, ()>>,
    /// Calls whose responses were lost in an earlier submission and that were not found.
    previously_lost: LostResponses,
    /// Calls for which the whole task list was searched.
    looked_up: BTreeSet<usize>,
    /// Why events can no longer be recorded.
    journal_error: Option<Error>,
}

/// Calls whose responses were lost: when they were sent, and the error.
type LostResponses = BTreeMap<usize, (SystemTime, StoredError)>;

/// What the loop waits for.
enum Step {
    /// A throttled queue has waited.
    WaitOver(QueueKey),
    /// A call has ended, with its task ids or an error.
    CallEnded { call: usize, result: Result<Vec<String>, alicloud_cdn::Error> },
}

impl<'a> Run<'a> {
    /// Returns whether no further call may be started.
    fn is_stopping(&self) -> bool {
        self.journal_error.is_some() || self.shutdown.clone().now_or_never().is_some()
    }

    fn lost_responses(&self) -> LostResponses {
        let calls = self.submit.job.calls.iter().enumerate();
        calls.filter_map(|(index, call)| Some((index, call.lost_response()?))).collect()
    }

    /// Looks up calls whose responses were lost.
    async fn look_up(&mut self, calls: &[usize]) {
        if calls.is_empty() || self.is_stopping() {
            return;
        }
        let Submit { job, client, lookup_timeout, .. } = &self.submit;
        let lookup = Box::pin(lookup::look_up(job, calls, client, *lookup_timeout));
        let outcome = match select(lookup, self.shutdown.clone()).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => return,
        };
        self.looked_up.extend(outcome.looked_up);
        outcome.events.iter().for_each(|event| self.record(event));
    }

    async fn send_all(&mut self) {
        let mut waiting = VecDeque::from(self.calls_to_send());
        let mut steps: FuturesUnordered<BoxFuture<'a, Step>> = FuturesUnordered::new();
        let mut stop_conditions = StopConditions::default();
        let mut throttled = ThrottledQueues::default();
        // Counted separately, because waits of throttled queues are steps too.
        let mut running = 0;
        loop {
            if self.is_stopping() {
                waiting.clear();
            }
            // Calls that will not be sent need not wait.
            let blocked: Vec<QueueKey> = throttled
                .waiting()
                .filter(|queue| stop_conditions.blocked_by(queue).is_some())
                .cloned()
                .collect();
            for queue in blocked {
                waiting.extend(throttled.release(&queue));
            }
            while running < self.submit.concurrency
                && let Some(call) = waiting.pop_front()
            {
                if let Some(step) = self.start_or_hold(&stop_conditions, &mut throttled, call) {
                    steps.push(step);
                    running += 1;
                }
            }
            // When stopping, throttled calls are left as they are.
            if running == 0 && (self.is_stopping() || throttled.waiting().next().is_none()) {
                return;
            }
            let step = match self.is_stopping() {
                true => steps.next().await,
                false => match select(steps.next(), self.shutdown.clone()).await {
                    Either::Left((step, _)) => step,
                    Either::Right(_) => continue,
                },
            };
            match step {
                None => return,
                Some(Step::WaitOver(queue)) => {
                    let calls = throttled.release(&queue);
                    calls.into_iter().rev().for_each(|call| waiting.push_front(call));
                }
                Some(Step::CallEnded { call, result }) => {
                    running -= 1;
                    let wait =
                        self.handle_result(call, result, &mut stop_conditions, &mut throttled);
                    steps.extend(wait);
                }
            }
        }
    }

    /// Returns the calls to send. Rejected calls are included: other credentials or another day may
    /// change the result.
    fn calls_to_send(&self) -> Vec<usize> {
        let calls = self.submit.job.calls.iter().enumerate();
        calls
            .filter(|(index, call)| match &call.state {
                CallState::Planned { .. } | CallState::Rejected { .. } => call.kind.is_some(),
                CallState::Deferred => self.submit.include_deferred,
                // A call that could not be looked up may have been executed.
                CallState::Sending { .. } | CallState::Unknown { .. } => {
                    self.submit.resend_unknown && self.looked_up.contains(index)
                }
                CallState::Sent { .. } => false,
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// Starts a call, unless an earlier error rules it out or its queue is waiting.
    fn start_or_hold(
        &mut self,
        stop_conditions: &StopConditions,
        throttled: &mut ThrottledQueues,
        call: usize,
    ) -> Option<BoxFuture<'a, Step>> {
        let queue = self.queue_of(call)?;
        if let Some(error) = stop_conditions.blocked_by(&queue) {
            // A call whose response was lost earlier stays unknown.
            if !self.previously_lost.contains_key(&call) {
                self.record(&Event::NotSent { call, error: error.clone() });
            }
            return None;
        }
        if throttled.hold_if_waiting(&queue, call) { None } else { self.start(call) }
    }

    fn queue_of(&self, call: usize) -> Option<QueueKey> {
        self.submit.job.calls.get(call).and_then(QueueKey::from_call)
    }

    /// Starts a call, unless the journal cannot record it.
    fn start(&mut self, call: usize) -> Option<BoxFuture<'a, Step>> {
        let clock = self.submit.client.core().clock();
        let rest = self.end.map(|end| end.saturating_sub(clock.elapsed()));
        let sent_at = clock.now();
        self.record(&Event::Sending { call, sent_at });
        if self.journal_error.is_some() {
            return None;
        }
        let timeout = rest.filter(|rest| *rest < CALL_TIMEOUT);
        let sending = send::send(self.submit.client, self.submit.job.calls.get(call)?, timeout)?;
        Some(Box::pin(async move { Step::CallEnded { call, result: sending.await } }))
    }

    /// Records the result of a call. Returns the wait of its queue if it starts one.
    fn handle_result(
        &mut self,
        call: usize,
        result: Result<Vec<String>, alicloud_cdn::Error>,
        stop_conditions: &mut StopConditions,
        throttled: &mut ThrottledQueues,
    ) -> Option<BoxFuture<'a, Step>> {
        let queue = self.queue_of(call)?;
        let sent_at = match self.submit.job.calls.get(call).map(|call| &call.state) {
            Some(CallState::Sending { sent_at }) => *sent_at,
            _ => self.submit.client.core().clock().now(),
        };
        let mut wait = None;
        let event = match result {
            Ok(task_ids) if task_ids.is_empty() || !task_ids.iter().all(|id| is_task_id(id)) => {
                Event::Unknown { call, sent_at, error: StoredError::no_task_id() }
            }
            Ok(task_ids) => {
                throttled.record_accepted(&queue);
                Event::Sent { call, sent_at, task_ids }
            }
            Err(error) => {
                let action = is_throttled(&error)
                    .then(|| throttled.record_throttled(&queue, call, sent_at, &error));
                match action {
                    Some(ThrottleAction::StartWaiting(duration)) => {
                        wait = Some(self.wait_for_queue(queue, duration));
                    }
                    Some(ThrottleAction::KeepWaiting) => {}
                    Some(ThrottleAction::GiveUp) => {
                        stop_conditions.record_exhausted_queue(queue, &error);
                    }
                    None => stop_conditions.record(&error, queue.kind),
                }
                match (self.error_event(call, sent_at, &error), action) {
                    (Event::Rejected { call, error }, Some(ThrottleAction::GiveUp)) => {
                        Event::NotSent { call, error }
                    }
                    (Event::Rejected { call, error }, Some(_)) => Event::Throttled { call, error },
                    (event, _) => event,
                }
            }
        };
        self.record(&event);
        wait
    }

    /// Returns the event of a failed call. A call whose response was lost earlier stays unknown.
    fn error_event(&self, call: usize, sent_at: SystemTime, error: &alicloud_cdn::Error) -> Event {
        let stored = StoredError::from(error);
        match (error.outcome(), self.previously_lost.get(&call)) {
            (Outcome::NotSent | Outcome::Rejected, Some((first_sent_at, first_error))) => {
                Event::Unknown { call, sent_at: *first_sent_at, error: first_error.clone() }
            }
            (Outcome::NotSent, None) => Event::NotSent { call, error: stored },
            (Outcome::Rejected, None) => Event::Rejected { call, error: stored },
            _ => Event::Unknown { call, sent_at, error: stored },
        }
    }

    fn wait_for_queue(&self, queue: QueueKey, duration: Duration) -> BoxFuture<'a, Step> {
        let sleep = self.submit.client.core().clock().sleep(duration);
        Box::pin(async move {
            sleep.await;
            Step::WaitOver(queue)
        })
    }

    /// Records an event and applies it to the job.
    ///
    /// Results are applied even if they cannot be recorded, so that they are not lost. A call that
    /// cannot be recorded is not marked as sending, because it will not be sent.
    fn record(&mut self, event: &Event) {
        if let Some(journal) = &mut self.submit.journal
            && self.journal_error.is_none()
            && let Err(error) = journal.record(event)
        {
            self.journal_error = Some(Error::Journal(error));
        }
        if self.journal_error.is_none() || !matches!(event, Event::Sending { .. }) {
            self.submit.job.apply(event);
        }
    }
}
