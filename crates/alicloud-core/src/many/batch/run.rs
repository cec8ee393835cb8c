//! The calls of batches.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use alicloud_wire::Request;

use super::Batches;
use super::report::{Batch, BatchReport};
use crate::call::CallFuture;
use crate::error::{Error, Outcome};
use crate::many::concurrent_calls::ConcurrentCalls;

/// Consecutive inputs, with the index of the first.
type IndexedInputs<I> = (usize, Vec<I>);

/// The future of [`Batches`]. See [`Batches`] for an example.
#[must_use = "futures do nothing unless polled"]
pub struct BatchesFuture<I, R: Request>(Box<BatchRun<I, R>>);

/// The state of running batches.
struct BatchRun<I, R: Request> {
    batches: Batches<I, R>,
    /// Inputs not split into batches yet.
    unsplit: vec::IntoIter<I>,
    /// Index of the first of them.
    next_index: usize,
    /// Halves of rejected calls.
    halves: VecDeque<IndexedInputs<I>>,
    running: ConcurrentCalls<IndexedInputs<I>, CallFuture<R::Response>>,
    /// Finished calls, each with the index of its first input.
    finished: Vec<(usize, Batch<I, R::Response>)>,
}

impl<I, R: Request> BatchRun<I, R> {
    fn next_inputs(&mut self) -> Option<IndexedInputs<I>> {
        if let Some(half) = self.halves.pop_front() {
            return Some(half);
        }
        let inputs: Vec<I> = self.unsplit.by_ref().take(self.batches.batch_size).collect();
        let index = self.next_index;
        self.next_index += inputs.len();
        (!inputs.is_empty()).then_some((index, inputs))
    }

    fn start_call(&mut self, inputs: IndexedInputs<I>) {
        let batches = &self.batches;
        let request = (batches.make_request)(&inputs.1);
        let call = batches.client.call(batches.operation, &request);
        let call = match &batches.map_call {
            Some(map_call) => map_call(call),
            None => call,
        };
        self.running.push(inputs, call.into_future());
    }

    fn record_result(
        &mut self,
        (index, mut inputs): IndexedInputs<I>,
        result: Result<R::Response, Error>,
    ) {
        let is_rejected =
            |error: &Error| error.is_invalid_request() && error.outcome() != Outcome::Unknown;
        if self.batches.bisect_failures
            && inputs.len() > 1
            && result.as_ref().is_err_and(is_rejected)
        {
            let middle = inputs.len() / 2;
            let second_half = inputs.split_off(middle);
            self.halves.push_back((index, inputs));
            self.halves.push_back((index + middle, second_half));
            return;
        }
        self.finished.push((index, Batch { inputs, result }));
    }
}

/// Nothing is pinned: the state is boxed.
impl<I, R: Request> Unpin for BatchesFuture<I, R> {}

impl<I, R: Request> Future for BatchesFuture<I, R> {
    type Output = BatchReport<I, R::Response>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let run = &mut *self.0;
        loop {
            while run.running.len() < run.batches.concurrency
                && let Some(inputs) = run.next_inputs()
            {
                run.start_call(inputs);
            }
            if run.running.len() == 0 {
                let mut finished = std::mem::take(&mut run.finished);
                finished.sort_by_key(|(index, _)| *index);
                let batches = finished.into_iter().map(|(_, batch)| batch).collect();
                return Poll::Ready(BatchReport { batches });
            }
            let (inputs, result) = ready!(run.running.poll_next(context));
            run.record_result(inputs, result);
        }
    }
}

impl<I, R: Request> fmt::Debug for BatchesFuture<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchesFuture")
            .field("running", &self.0.running.len())
            .field("finished", &self.0.finished.len())
            .finish_non_exhaustive()
    }
}

impl<I, R: Request> IntoFuture for Batches<I, R> {
    type Output = BatchReport<I, R::Response>;
    type IntoFuture = BatchesFuture<I, R>;

    fn into_future(mut self) -> BatchesFuture<I, R> {
        let unsplit = std::mem::take(&mut self.inputs).into_iter();
        let run = BatchRun {
            batches: self,
            unsplit,
            next_index: 0,
            halves: VecDeque::new(),
            running: ConcurrentCalls::new(),
            finished: Vec::new(),
        };
        BatchesFuture(Box::new(run))
    }
}
