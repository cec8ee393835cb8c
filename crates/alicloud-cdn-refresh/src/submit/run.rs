//! The I/O of a submission: does what the state machine decides.

use std::future::IntoFuture;
use std::time::Duration;

use alicloud_core::BoxFuture;
use futures_util::future::{Either, Shared, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use super::failure::Failure;
use super::machine::{Action, Input, Machine};
use super::{Submit, lookup, send};
use crate::error::Error;
use crate::job::Event;
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
            journal_error: None,
        };
        Box::pin(run.run())
    }
}

struct Run<'a> {
    machine: Machine,
    submit: Submit<'a>,
    /// When the timeout expires, by the client's clock.
    end: Option<Duration>,
    shutdown: Shared<BoxFuture<'a, ()>>,
    /// Calls and timers.
    running: FuturesUnordered<BoxFuture<'static, Input>>,
    /// Why events can no longer be recorded.
    journal_error: Option<Error>,
}

impl Run<'_> {
    async fn run(mut self) -> Result<Report, Error> {
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
                Action::Send(call) => match self.start_call(call) {
                    Some(sending) => self.running.push(sending),
                    None => self.handle(Input::CallNotStarted),
                },
                Action::Record(event) => self.record(&event),
                Action::StartTimer(queue, duration) => {
                    let sleep = self.submit.client.core().clock().sleep(duration);
                    self.running.push(Box::pin(sleep.map(move |()| Input::WaitOver(queue))));
                }
                Action::Await => match self.next_input().await {
                    Some(input) => self.handle(input),
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
        self.machine.handle(self.submit.job, input);
    }

    async fn next_input(&mut self) -> Option<Input> {
        if self.machine.is_stopping() {
            return self.running.next().await;
        }
        match select(self.running.next(), self.shutdown.clone()).await {
            Either::Left((input, _)) => input,
            Either::Right(_) => Some(Input::Stop),
        }
    }

    /// Starts a call, unless the journal cannot record it.
    fn start_call(&mut self, call: usize) -> Option<BoxFuture<'static, Input>> {
        let clock = self.submit.client.core().clock();
        let rest = self.end.map(|end| end.saturating_sub(clock.elapsed()));
        let sent_at = clock.now();
        self.record(&Event::Sending { call, sent_at });
        if self.journal_error.is_some() {
            return None;
        }
        let timeout = rest.filter(|rest| *rest < self.submit.client.core().timeout());
        let sending = send::send(self.submit.client, self.submit.job.calls.get(call)?, timeout)?;
        Some(Box::pin(sending.map(move |result| {
            let result = result.map_err(|error| Failure::from(&error));
            Input::CallEnded { call, sent_at, result }
        })))
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
