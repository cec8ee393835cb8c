//! Looking at many things by their ids.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::task::{Context, Poll, ready};

use alicloud_wire::{InvalidParameter, Request};

use super::course::Watch;
use super::{PollStatus, Wait};
use crate::client::Client;
use crate::concurrent_calls::{AT_ONCE, Running, most_in_one_call};
use crate::error::{Error, Kind};
use crate::operation::Operation;

/// How many of those that are not done a message names.
const NAMED: usize = 5;

/// How to wait for many things that an operation describes by their ids: a constant of generated
/// code.
///
/// ```
/// # use alicloud_core::{Operation, Product};
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
/// # #[derive(Debug, Default)] struct DescribeRequest { task_ids: Vec<String> }
/// # #[derive(Debug, Default)] struct DescribeResponse { tasks: Vec<Task> }
/// # #[derive(Debug, Default)]
/// # struct Task { task_id: Option<String>, status: Option<String>, description: Option<String> }
/// # alicloud_core::wire::request! {
/// #     DescribeRequest => DescribeResponse { task_ids: "TaskId" => query.comma_list().items(1, 10) }
/// # }
/// # alicloud_core::wire::record! { DescribeResponse { tasks: "Tasks" } }
/// # alicloud_core::wire::record! {
/// #     Task { task_id: "TaskId", status: "Status", description: "Description" }
/// # }
/// use alicloud_core::Waiter;
///
/// const REFRESH_TASKS: Waiter<DescribeRequest, Task> = Waiter::new(
///     &DESCRIBE,
///     "TaskId",
///     |ids| DescribeRequest { task_ids: ids.to_vec() },
///     |response| response.tasks,
///     |task| task.task_id.as_deref(),
///     |task| task.status.as_deref(),
/// )
/// .detail(|task| task.description.as_deref())
/// .success(&["Complete"])
/// .failure(&["Failed", "Timeout", "Canceled"]);
/// # let _ = REFRESH_TASKS;
/// ```
pub struct Waiter<R: Request, T> {
    operation: &'static Operation,
    parameter: &'static str,
    request: fn(&[String]) -> R,
    items: fn(R::Response) -> Vec<T>,
    id: fn(&T) -> Option<&str>,
    state: fn(&T) -> Option<&str>,
    detail: fn(&T) -> Option<&str>,
    success: &'static [&'static str],
    failure: &'static [&'static str],
}

impl<R: Request, T> Waiter<R, T> {
    /// Which operation describes things, in which parameter it takes their ids and how a request is
    /// made of some; then how the items of a response, the id of an item and its state are found.
    pub const fn new(
        operation: &'static Operation,
        parameter: &'static str,
        request: fn(&[String]) -> R,
        items: fn(R::Response) -> Vec<T>,
        id: fn(&T) -> Option<&str>,
        state: fn(&T) -> Option<&str>,
    ) -> Self {
        Waiter {
            operation,
            parameter,
            request,
            items,
            id,
            state,
            detail: |_| None,
            success: &[],
            failure: &[],
        }
    }

    /// How an item says why it failed.
    #[must_use]
    pub const fn detail(mut self, detail: fn(&T) -> Option<&str>) -> Self {
        self.detail = detail;
        self
    }

    /// The states that are waited for, compared without regard to case.
    #[must_use]
    pub const fn success(mut self, states: &'static [&'static str]) -> Self {
        self.success = states;
        self
    }

    /// The states after which nothing will change, compared without regard to case. A state that is on
    /// neither list is waited out.
    #[must_use]
    pub const fn failure(mut self, states: &'static [&'static str]) -> Self {
        self.failure = states;
        self
    }

    /// What one item says, for a program that follows items rather than ids.
    pub fn status(&self, item: &T) -> PollStatus {
        match PollStatus::from_state((self.state)(item), self.success, self.failure) {
            PollStatus::Failed(why) => {
                match (self.detail)(item).filter(|detail| !detail.is_empty()) {
                    Some(detail) => PollStatus::Failed(format!("{why} ({detail})")),
                    None => PollStatus::Failed(why),
                }
            }
            status => status,
        }
    }

    /// What the items of one id say together. It is not done while one of them is not.
    fn judge(&self, items: &[T]) -> PollStatus {
        let mut all = match items {
            [] => PollStatus::from_state(None, &[], &[]),
            _ => PollStatus::Succeeded,
        };
        for item in items {
            match self.status(item) {
                PollStatus::Succeeded => {}
                PollStatus::InProgress(why) => return PollStatus::InProgress(why),
                failure => all = failure,
            }
        }
        all
    }
}

impl<R: Request, T> Clone for Waiter<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Request, T> Copy for Waiter<R, T> {}

impl<R: Request, T> fmt::Debug for Waiter<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter")
            .field("operation", &self.operation.name())
            .field("success", &self.success)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

/// One of many things that are waited for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PolledItem<T> {
    /// Its id.
    pub id: String,
    /// What the service said of it last, perhaps in several items; none while it is not listed.
    pub items: Vec<T>,
    /// What that means.
    pub status: PollStatus,
}

impl Client {
    /// Waits until each of these is in a final state, with any number of ids: they are asked for in
    /// calls of as many as the operation takes, a few at once, and those that are done are not asked
    /// for again.
    ///
    /// The result is in the order of the ids, each once. An id that is several, joined with commas as
    /// services return them, is taken apart. One that the service does not list yet is not done. When
    /// all are final and one has failed, the error's [`state`](crate::WaitError::state) holds all; no
    /// ids at all are an error, because an empty list mostly is somebody's mistake.
    pub fn wait_for_each<R, T>(
        &self,
        waiter: &Waiter<R, T>,
        ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Wait<Vec<PolledItem<T>>>
    where
        R: Request + 'static,
        T: Send + 'static,
    {
        let mut seen = BTreeSet::new();
        let mut tracked = Vec::new();
        for joined in ids.into_iter().map(Into::into) {
            for id in joined.split(',').map(str::trim).filter(|id| !id.is_empty()) {
                if seen.insert(id.to_owned()) {
                    let status = PollStatus::from_state(None, &[], &[]);
                    tracked.push(PolledItem { id: id.to_owned(), items: Vec::new(), status });
                }
            }
        }
        let each = Each {
            client: self.clone(),
            waiter: *waiter,
            tracked,
            look: None,
            running: Running::new(),
        };
        Wait::new(self, each)
    }
}

/// Many things, looked at in batches.
struct Each<R: Request, T> {
    client: Client,
    waiter: Waiter<R, T>,
    tracked: Vec<PolledItem<T>>,
    look: Option<Look>,
    /// Each with the places of what it asks for.
    running: Running<Vec<usize>, R::Response>,
}

/// A look that is under way.
struct Look {
    batches: VecDeque<Vec<usize>>,
    /// The last that failed.
    error: Option<Error>,
}

impl<R: Request, T> Each<R, T> {
    fn start(&self) -> Look {
        let pending = self.tracked.iter().enumerate();
        let pending: Vec<usize> = pending
            .filter(|(_, tracked)| matches!(tracked.status, PollStatus::InProgress(_)))
            .map(|(place, _)| place)
            .collect();
        let most = most_in_one_call::<R>(self.waiter.parameter);
        Look { batches: pending.chunks(most).map(<[usize]>::to_vec).collect(), error: None }
    }

    fn call(&mut self, batch: Vec<usize>) {
        let ids: Vec<String> = batch
            .iter()
            .filter_map(|place| self.tracked.get(*place))
            .map(|tracked| tracked.id.clone())
            .collect();
        let call = self.client.call(self.waiter.operation, &(self.waiter.request)(&ids));
        self.running.push(batch, call);
    }

    fn take_in(&mut self, batch: &[usize], response: R::Response) {
        let mut found: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for item in (self.waiter.items)(response) {
            if let Some(id) = (self.waiter.id)(&item) {
                found.entry(id.to_owned()).or_default().push(item);
            }
        }
        for place in batch {
            // What is no longer listed keeps what was seen of it.
            if let Some(tracked) = self.tracked.get_mut(*place)
                && let Some(items) = found.remove(&tracked.id)
            {
                tracked.status = self.waiter.judge(&items);
                tracked.items = items;
            }
        }
    }
}

impl<R: Request, T: Send> Watch<Vec<PolledItem<T>>> for Each<R, T> {
    fn poll_look(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.tracked.is_empty() {
            let reason = "has no items: there is nothing to wait for".to_owned();
            let invalid = InvalidParameter { parameter: self.waiter.parameter.into(), reason };
            return Poll::Ready(Err(Error::new(Kind::Invalid(invalid))));
        }
        if self.look.is_none() {
            self.look = Some(self.start());
        }
        loop {
            while self.running.len() < AT_ONCE
                && let Some(batch) = self.look.as_mut().and_then(|look| look.batches.pop_front())
            {
                self.call(batch);
            }
            if self.running.len() == 0 {
                let error = self.look.take().and_then(|look| look.error);
                return Poll::Ready(error.map_or(Ok(()), Err));
            }
            match ready!(self.running.poll(context)) {
                (batch, Ok(response)) => self.take_in(&batch, response),
                (_, Err(error)) if !error.is_transient() => {
                    self.give_up();
                    return Poll::Ready(Err(error));
                }
                (_, Err(error)) => {
                    if let Some(look) = &mut self.look {
                        look.error = Some(error);
                    }
                }
            }
        }
    }

    fn give_up(&mut self) {
        self.look = None;
        self.running.clear();
    }

    fn state(&self) -> Option<&Vec<PolledItem<T>>> {
        Some(&self.tracked)
    }

    fn take_state(&mut self) -> Option<Vec<PolledItem<T>>> {
        Some(std::mem::take(&mut self.tracked))
    }

    fn status(&self) -> PollStatus {
        let (mut pending, mut failed) = (Vec::new(), Vec::new());
        for PolledItem { id, status, .. } in &self.tracked {
            match status {
                PollStatus::Succeeded => {}
                PollStatus::InProgress(why) => pending.push((id.as_str(), why.as_str())),
                PollStatus::Failed(why) => failed.push((id.as_str(), why.as_str())),
            }
        }
        let all = self.tracked.len();
        match (pending.is_empty(), failed.is_empty()) {
            (false, _) => PollStatus::InProgress(named(&pending, all, "not done")),
            (true, false) => PollStatus::Failed(named(&failed, all, "failed")),
            (true, true) => PollStatus::Succeeded,
        }
    }
}

/// How many of them, and some by their ids.
fn named(some: &[(&str, &str)], all: usize, what: &str) -> String {
    let mut out = format!("{} of {all} {what}", some.len());
    for (index, (id, why)) in some.iter().take(NAMED).enumerate() {
        let separator = if index == 0 { ": " } else { ", " };
        out.extend([separator, id, " ", why]);
    }
    if some.len() > NAMED {
        out.push_str(", …");
    }
    out
}
