//! Polls of many items in batches.

use std::collections::VecDeque;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use alicloud_wire::{InvalidParameter, Request};

use super::course::{MapRequest, PollTarget};
use super::tracker::ItemTracker;
use super::waiter::{ListFuture, Waiter};
use super::{PollStatus, Wait};
use crate::client::Client;
use crate::error::{Error, ErrorData};
use crate::many::concurrent_calls::{ConcurrentCalls, DEFAULT_CONCURRENCY, max_items_per_call};

/// The items of a tracker `K`, polled in batches. The state of the wait is a part of the tracker.
pub(super) struct PollMany<R: Request, T, K, S> {
    client: Client,
    waiter: Waiter<R, T>,
    map_request: Option<Box<dyn Fn(R) -> R + Send>>,
    /// `None` after the end of the wait.
    tracker: Option<K>,
    state: fn(&K) -> &S,
    into_state: fn(K) -> S,
    round: Option<PollRound>,
    /// Running calls, each with its ids.
    running: ConcurrentCalls<Vec<String>, ListFuture<T>>,
}

/// A poll in progress.
struct PollRound {
    /// The ids of the calls that are not sent yet.
    batches: VecDeque<Vec<String>>,
    /// The transient error with the longest delay until the next poll, or else the last one.
    error: Option<Error>,
}

impl<R, T, K, S> PollMany<R, T, K, S>
where
    R: Request + 'static,
    T: Send + 'static,
    K: ItemTracker<T> + 'static,
    S: 'static,
{
    pub(super) fn start(
        client: &Client,
        waiter: &Waiter<R, T>,
        tracker: K,
        state: fn(&K) -> &S,
        into_state: fn(K) -> S,
    ) -> Wait<S, R> {
        let target = PollMany {
            client: client.clone(),
            waiter: *waiter,
            map_request: None,
            tracker: Some(tracker),
            state,
            into_state,
            round: None,
            running: ConcurrentCalls::new(),
        };
        Wait::new(client, target)
    }
}

impl PollRound {
    /// Returns how long the service asks to wait, if it does.
    fn delay(&self) -> Option<Duration> {
        self.error.as_ref().and_then(Error::retry_after)
    }
}

impl<R: Request, T: Send, K: ItemTracker<T>, S> MapRequest<S, R> for PollMany<R, T, K, S> {
    fn map_request(&mut self, map: Box<dyn Fn(R) -> R + Send>) {
        self.map_request = Some(map);
    }
}

impl<R: Request, T: Send, K: ItemTracker<T>, S> PollTarget<S> for PollMany<R, T, K, S> {
    fn poll_once(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(tracker) = &mut self.tracker else { return Poll::Ready(Ok(())) };
        let round = match &mut self.round {
            Some(round) => round,
            round => {
                let ids = tracker.pending_ids();
                if ids.is_empty() && matches!(tracker.status(), PollStatus::InProgress(_)) {
                    let reason = "no ids to wait for; pass at least one".to_owned();
                    let parameter = self.waiter.parameter.into();
                    let invalid = InvalidParameter { parameter, reason };
                    return Poll::Ready(Err(Error::new(ErrorData::InvalidParameter(invalid))));
                }
                let batches = ids.chunks(max_items_per_call::<R>(self.waiter.parameter));
                let batches = batches.map(<[String]>::to_vec).collect();
                round.insert(PollRound { batches, error: None })
            }
        };
        loop {
            // A delay concerns the other calls, too, so it ends the round.
            while self.running.len() < DEFAULT_CONCURRENCY
                && round.delay().is_none()
                && let Some(ids) = round.batches.pop_front()
            {
                let mut request = (self.waiter.request)(&ids);
                if let Some(map_request) = &self.map_request {
                    request = map_request(request);
                }
                let requested = ids.iter().cloned().collect();
                let call = (self.waiter.list)(&self.client, &self.waiter, request, requested);
                self.running.push(ids, call);
            }
            if self.running.len() == 0 {
                let error = self.round.take().and_then(|round| round.error);
                return Poll::Ready(error.map_or(Ok(()), Err));
            }
            match ready!(self.running.poll_next(context)) {
                (ids, Ok(items)) => tracker.record_items(&ids, items),
                (_, Err(error)) if error.is_transient() => {
                    if round.delay() <= error.retry_after() {
                        round.error = Some(error);
                    }
                }
                (ids, Err(error)) if tracker.is_invalid_id(&error) => match ids.as_slice() {
                    [id] => tracker.record_invalid_id(id, &error),
                    // One invalid id fails its whole call, so each id is polled alone.
                    _ => round.batches.extend(ids.into_iter().map(|id| vec![id])),
                },
                (_, Err(error)) => {
                    self.cancel();
                    return Poll::Ready(Err(error));
                }
            }
        }
    }

    fn cancel(&mut self) {
        self.round = None;
        self.running.cancel_all();
    }

    fn state(&self) -> Option<&S> {
        self.tracker.as_ref().map(self.state)
    }

    fn take_state(&mut self) -> Option<S> {
        self.tracker.take().map(self.into_state)
    }

    fn status(&self) -> PollStatus {
        self.tracker.as_ref().map_or(PollStatus::Succeeded, K::status)
    }
}
