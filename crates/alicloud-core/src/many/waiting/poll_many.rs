//! Polls of many items.

use std::collections::{BTreeMap, VecDeque};
use std::task::{Context, Poll, ready};

use alicloud_wire::{InvalidParameter, Request};

use super::PollStatus;
use super::course::{MapRequest, PollTarget};
use super::waiter::{ListFuture, Waiter};
use crate::client::Client;
use crate::error::{Error, ErrorData};
use crate::many::concurrent_calls::{ConcurrentCalls, DEFAULT_CONCURRENCY, max_items_per_call};

/// Maximum number of ids named in a message.
const MAX_NAMED_IDS: usize = 5;

/// One id of [`Client::wait_for_each`] with its last polled items.
///
/// # Examples
///
/// ```
/// use alicloud_core::{PollStatus, PolledItem};
///
/// fn failed_ids<T>(polled: &[PolledItem<T>]) -> Vec<&str> {
///     let failed = polled.iter().filter(|item| matches!(item.status, PollStatus::Failed(_)));
///     failed.map(|item| item.id.as_str()).collect()
/// }
/// assert!(failed_ids::<String>(&[]).is_empty());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PolledItem<T> {
    /// The id.
    pub id: String,
    /// The items that the service last listed for the id; empty while it lists none.
    pub items: Vec<T>,
    /// The combined status of the items.
    pub status: PollStatus,
}

/// Many items, polled in batches.
pub(super) struct PollMany<R: Request, T> {
    pub(super) client: Client,
    pub(super) waiter: Waiter<R, T>,
    pub(super) map_request: Option<Box<dyn Fn(R) -> R + Send>>,
    pub(super) items: Vec<PolledItem<T>>,
    pub(super) round: Option<PollRound>,
    /// Running calls, each with the indices of its items.
    pub(super) running: ConcurrentCalls<Vec<usize>, ListFuture<T>>,
}

/// A poll in progress.
pub(super) struct PollRound {
    /// Batches not sent yet: indices of items.
    batches: VecDeque<Vec<usize>>,
    /// The last transient error.
    error: Option<Error>,
}

impl<R: Request, T> PollMany<R, T> {
    fn start_round(&self) -> PollRound {
        let in_progress = self.items.iter().enumerate();
        let in_progress: Vec<usize> = in_progress
            .filter(|(_, item)| matches!(item.status, PollStatus::InProgress(_)))
            .map(|(index, _)| index)
            .collect();
        let batch_size = max_items_per_call::<R>(self.waiter.parameter);
        let batches = in_progress.chunks(batch_size).map(<[usize]>::to_vec).collect();
        PollRound { batches, error: None }
    }

    fn start_call(&mut self, batch: Vec<usize>) {
        let ids: Vec<String> = batch
            .iter()
            .filter_map(|index| self.items.get(*index))
            .map(|item| item.id.clone())
            .collect();
        let mut request = (self.waiter.request)(&ids);
        if let Some(map_request) = &self.map_request {
            request = map_request(request);
        }
        let ids = ids.into_iter().collect();
        self.running.push(batch, (self.waiter.list)(&self.client, &self.waiter, request, ids));
    }

    fn record_items(&mut self, batch: &[usize], items: Vec<T>) {
        let mut listed: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for item in items {
            if let Some(id) = (self.waiter.id)(&item) {
                listed.entry(id.trim().to_owned()).or_default().push(item);
            }
        }
        for index in batch {
            let Some(polled) = self.items.get_mut(*index) else { continue };
            // An id that is no longer listed keeps its last items.
            match listed.remove(&polled.id) {
                Some(items) => {
                    polled.status = self.waiter.combined_status(&items);
                    polled.items = items;
                }
                None if self.waiter.absence_is_success => polled.status = PollStatus::Succeeded,
                None => {}
            }
        }
    }
}

impl<R: Request, T: Send> MapRequest<Vec<PolledItem<T>>, R> for PollMany<R, T> {
    fn map_request(&mut self, map: Box<dyn Fn(R) -> R + Send>) {
        self.map_request = Some(map);
    }
}

impl<R: Request, T: Send> PollTarget<Vec<PolledItem<T>>> for PollMany<R, T> {
    fn poll_once(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.items.is_empty() {
            let reason = "no ids to wait for; pass at least one".to_owned();
            let invalid = InvalidParameter { parameter: self.waiter.parameter.into(), reason };
            return Poll::Ready(Err(Error::new(ErrorData::InvalidParameter(invalid))));
        }
        if self.round.is_none() {
            self.round = Some(self.start_round());
        }
        loop {
            while self.running.len() < DEFAULT_CONCURRENCY
                && let Some(batch) = self.round.as_mut().and_then(|round| round.batches.pop_front())
            {
                self.start_call(batch);
            }
            if self.running.len() == 0 {
                let error = self.round.take().and_then(|round| round.error);
                return Poll::Ready(error.map_or(Ok(()), Err));
            }
            match ready!(self.running.poll_next(context)) {
                (batch, Ok(items)) => self.record_items(&batch, items),
                (_, Err(error)) if !error.is_transient() => {
                    self.cancel();
                    return Poll::Ready(Err(error));
                }
                (_, Err(error)) => {
                    if let Some(round) = &mut self.round {
                        round.error = Some(error);
                    }
                }
            }
        }
    }

    fn cancel(&mut self) {
        self.round = None;
        self.running.cancel_all();
    }

    fn state(&self) -> Option<&Vec<PolledItem<T>>> {
        Some(&self.items)
    }

    fn take_state(&mut self) -> Option<Vec<PolledItem<T>>> {
        Some(std::mem::take(&mut self.items))
    }

    fn status(&self) -> PollStatus {
        let (mut in_progress, mut failed) = (Vec::new(), Vec::new());
        for PolledItem { id, status, .. } in &self.items {
            match status {
                PollStatus::Succeeded => {}
                PollStatus::InProgress(reason) => in_progress.push((id.as_str(), reason.as_str())),
                PollStatus::Failed(reason) => failed.push((id.as_str(), reason.as_str())),
            }
        }
        let total = self.items.len();
        match (in_progress.is_empty(), failed.is_empty()) {
            (false, _) => PollStatus::InProgress(summarize(&in_progress, total, "in progress")),
            (true, false) => PollStatus::Failed(summarize(&failed, total, "failed")),
            (true, true) => PollStatus::Succeeded,
        }
    }
}

/// Returns a text such as `2 of 7 failed: 1 is Failed, 2 is Timeout`, with the first few ids.
fn summarize(items: &[(&str, &str)], total: usize, label: &str) -> String {
    let mut out = format!("{} of {total} {label}", items.len());
    for (index, (id, reason)) in items.iter().take(MAX_NAMED_IDS).enumerate() {
        let separator = if index == 0 { ": " } else { ", " };
        out.extend([separator, id, " ", reason]);
    }
    if items.len() > MAX_NAMED_IDS {
        out.push_str(", …");
    }
    out
}
