//! The I/O of a submission: does what the state machine decides.

use std::collections::{BTreeMap, VecDeque};
use std::future::{IntoFuture, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use alicloud_core::{BoxFuture, RateLimitPermit};
use futures_util::future::{AbortHandle, Either, Shared, abortable, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use super::failure::Failure;
use super::machine::{Action, Input, Machine};
use super::send::SendOptions;
use super::{Submit, lookup, send};
use crate::error::Error;
use crate::job::{Event, JournalError, Lease};
use crate::report::Report;

impl<'a> IntoFuture for Submit<'a> {
    type Output = Result<Report, Error>;
    type IntoFuture = BoxFuture<'a, Result<Report, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        let clock = self.client.core().clock();
        let mut shutdown = self.shutdown.take().unwrap_or_else(|| Box::pin(std::future::pending()));
        if let Some(timeout) = self.timeout {
            let reserved = (timeout / 10).min(Duration::from_secs(5));
            let nearly_over = clock.timeout(timeout - reserved);
            shutdown = Box::pin(select(shutdown, nearly_over).map(|_| ()));
        }
        let end = self.timeout.map(|timeout| clock.elapsed().saturating_add(timeout));
        let run = Run {
            machine: Machine::new(self.options),
            submit: self,
            end,
            shutdown: shutdown.shared(),
            running: FuturesUnordered::new(),
            waiting: BTreeMap::new(),
            early_inputs: VecDeque::new(),
            journal_error: None,
        };
        Box::pin(run.run())
    }
}

/// What has happened, or why this program may no longer send anything.
type RunningResult = Result<Progress, JournalError>;

/// What has happened to a call or a timer.
enum Progress {
    /// The rate limiter permits a call to start.
    Permitted(usize, RateLimitPermit),
    Input(Input),
}

struct Run<'a> {
    machine: Machine,
    submit: Submit<'a>,
    /// When the timeout expires, by the client's clock.
    end: Option<Duration>,
    shutdown: Shared<BoxFuture<'a, ()>>,
    /// Calls and timers.
    running: FuturesUnordered<BoxFuture<'static, RunningResult>>,
    /// Calls that wait for the rate limiter.
    waiting: BTreeMap<usize, AbortHandle>,
    /// What happened while an event was being recorded.
    early_inputs: VecDeque<RunningResult>,
    /// Why events can no longer be recorded.
    journal_error: Option<Error>,
}

impl Run<'_> {
    async fn run(mut self) -> Result<Report, Error> {
        // Results that an earlier submission or wait could not record.
        self.record(None).await;
        loop {
            if self.journal_error.is_some() || self.shutdown.clone().now_or_never().is_some() {
                self.handle(Input::Stop);
            }
            match self.machine.next(self.submit.job) {
                Action::LookUp(calls) => {
                    let Submit { job, client, lookup_timeout, .. } = &self.submit;
                    let stop = self.shutdown.clone();
                    let outcome = lookup::look_up(job, &calls, client, *lookup_timeout, stop).await;
                    self.handle(Input::LookupEnded(outcome));
                }
                Action::Send(call) => self.wait_for_permit(call),
                Action::Record(event) => self.record_result(event).await,
                Action::StartTimer(queue, duration) => {
                    let sleep = self.submit.client.core().clock().sleep(duration);
                    self.running.push(Box::pin(
                        sleep.map(move |()| Ok(Progress::Input(Input::WaitOver(queue)))),
                    ));
                }
                Action::Await => match self.next_input().await {
                    Some(Ok(Progress::Input(input))) => self.handle(input),
                    Some(Ok(Progress::Permitted(call, permit))) => {
                        match self.start_call(call, permit).await {
                            Some(sending) => self.running.push(sending),
                            None => self.handle(Input::CallNotStarted),
                        }
                    }
                    // The calls in progress are dropped, because each step may send them.
                    Some(Err(error)) => return Err(Error::Journal(error)),
                    None => break,
                },
                Action::End => break,
            }
        }
        match self.journal_error {
            Some(error) => Err(error),
            None => Ok(self.submit.job.report()),
        }
    }

    fn handle(&mut self, input: Input) {
        if matches!(input, Input::Stop) {
            self.waiting.values().for_each(AbortHandle::abort);
        }
        self.machine.handle(self.submit.job, input);
    }

    async fn next_input(&mut self) -> Option<RunningResult> {
        if let Some(early) = self.early_inputs.pop_front() {
            return Some(early);
        }
        if self.machine.is_stopping() {
            return self.running.next().await;
        }
        match select(self.running.next(), self.shutdown.clone()).await {
            Either::Left((input, _)) => input,
            Either::Right(_) => Some(Ok(Progress::Input(Input::Stop))),
        }
    }

    /// Waits until a call may start, before anything is recorded: a program that is killed meanwhile has not
    /// sent it, and its successor has to know that.
    fn wait_for_permit(&mut self, call: usize) {
        let operation = self.submit.job.calls.get(call).and_then(send::operation);
        let Some(operation) = operation else { return self.handle(Input::CallNotStarted) };
        let core = self.submit.client.core().clone();
        let (permit, waiting) = abortable(async move { core.acquire(operation).await });
        self.waiting.insert(call, waiting);
        self.running.push(Box::pin(permit.map(move |permit| {
            Ok(match permit {
                Ok(permit) => Progress::Permitted(call, permit),
                Err(_) => Progress::Input(Input::CallNotStarted),
            })
        })));
    }

    /// Starts a call, unless the submission is stopping or the journal cannot record it.
    async fn start_call(
        &mut self,
        call: usize,
        permit: RateLimitPermit,
    ) -> Option<BoxFuture<'static, RunningResult>> {
        self.waiting.remove(&call);
        if self.machine.is_stopping() {
            return None;
        }
        let sent_at = self.submit.client.core().clock().now();
        let event = Event::Sending { call, sent_at };
        self.record(Some(&event)).await;
        // A call that cannot be recorded is not marked as sending, because it will not be sent.
        if self.journal_error.is_some() {
            return None;
        }
        self.submit.job.apply(&event);
        let core = self.submit.client.core();
        let rest = self.end.map(|end| end.saturating_sub(core.clock().elapsed()));
        // Before the end, so that it is known to be not sent if the service throttles it until then.
        let timeout = rest.map(|rest| rest - (rest / 10).min(Duration::from_millis(500)));
        let timeout = timeout.filter(|timeout| *timeout < core.timeout());
        let options = SendOptions { timeout, permit };
        let sending = send::send(self.submit.client, self.submit.job.calls.get(call)?, options)?;
        let sending = Box::pin(sending.map(move |result| {
            let result = result.map_err(|error| Failure::from(&error));
            Ok(Progress::Input(Input::CallEnded { call, sent_at, result }))
        }));
        let lease = self.submit.journal.as_ref().and_then(|journal| journal.lease());
        Some(match lease {
            Some(lease) => Box::pin(while_leased(lease, sending)),
            None => sending,
        })
    }

    /// Applies a result to the job and records it. It is applied first, so that it is not lost if it
    /// cannot be recorded; a later submission or wait then records it.
    async fn record_result(&mut self, event: Event) {
        self.submit.job.apply(&event);
        self.submit.job.unrecorded.push(event);
        self.record(None).await;
    }

    /// Records the results that are not recorded yet, then the event of a call that is about to be sent.
    async fn record(&mut self, sending: Option<&Event>) {
        let Submit { job, journal, .. } = &mut self.submit;
        let Some(journal) = journal else { return job.unrecorded.clear() };
        let events: Vec<Event> = job.unrecorded.iter().chain(sending).cloned().collect();
        if self.journal_error.is_some() || events.is_empty() {
            return;
        }
        let mut recording = journal.record(&events);
        // Calls continue meanwhile, so that a slow journal makes none of them time out.
        let recorded = poll_fn(|context| {
            while let Poll::Ready(Some(input)) = self.running.poll_next_unpin(context) {
                self.early_inputs.push_back(input);
            }
            recording.poll_unpin(context)
        });
        match recorded.await {
            Ok(()) => job.unrecorded.clear(),
            Err(error) => self.journal_error = Some(Error::Journal(error)),
        }
    }
}

/// Runs a call as long as this program has the job. The lease is checked before each step of the call,
/// because any of them may be the one that sends it.
async fn while_leased(
    lease: Arc<dyn Lease>,
    mut sending: BoxFuture<'static, RunningResult>,
) -> RunningResult {
    loop {
        let step = poll_fn(|context| match lease.is_valid() {
            true => sending.poll_unpin(context).map(Some),
            false => Poll::Ready(None),
        });
        if let Some(result) = step.await {
            return result;
        }
        lease.confirm().await?;
    }
}
