//! Polling of many items by their ids.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::task::{Context, Poll, ready};

use alicloud_wire::{InvalidParameter, Paged, Request};

use super::course::{MapRequest, PollTarget};
use super::{PollStatus, Wait};
use crate::client::Client;
use crate::error::{Error, ErrorData};
use crate::future::BoxFuture;
use crate::many::concurrent_calls::{ConcurrentCalls, DEFAULT_CONCURRENCY, max_items_per_call};
use crate::product::Operation;

/// Maximum number of ids named in a message.
const MAX_NAMED_IDS: usize = 5;

/// How to wait for items that an operation describes by their ids: a constant of generated code.
///
/// # Examples
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
/// # alicloud_core::wire::request! {
/// #     struct DescribeRequest -> DescribeResponse {
/// #         task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
/// #     }
/// # }
/// # alicloud_core::wire::record! { struct DescribeResponse { tasks: Vec<Task> = "Tasks" } }
/// # alicloud_core::wire::record! {
/// #     struct Task {
/// #         task_id: Option<String> = "TaskId",
/// #         status: Option<String> = "Status",
/// #         description: Option<String> = "Description",
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use alicloud_core::{PollStatus, Waiter};
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
///
/// # let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById",
/// #     r#"{"Tasks": [{"TaskId": "1", "Status": "Complete"}, {"TaskId": "2", "Status": "Complete"}]}"#);
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// let tasks = client.wait_for_each(&REFRESH_TASKS, ["1", "2"]).await?;
/// assert!(tasks.iter().all(|task| task.status == PollStatus::Succeeded));
///
/// let failed = Task { status: Some("Failed".into()), description: Some("404".into()), ..Task::default() };
/// assert_eq!(REFRESH_TASKS.status(&failed), PollStatus::Failed("is Failed (404)".into()));
/// # Ok(()) }
/// ```
pub struct Waiter<R: Request, T> {
    operation: &'static Operation,
    parameter: &'static str,
    request: fn(&[String]) -> R,
    items: fn(R::Response) -> Vec<T>,
    list: List<R, T>,
    id: fn(&T) -> Option<&str>,
    state: fn(&T) -> Option<&str>,
    detail: fn(&T) -> Option<&str>,
    success: &'static [&'static str],
    failure: &'static [&'static str],
    absence_is_success: bool,
}

/// Returns the items of one call that belong to its ids.
type List<R, T> = fn(&Client, &Waiter<R, T>, R, BTreeSet<String>) -> ListFuture<T>;

type ListFuture<T> = BoxFuture<'static, Result<Vec<T>, Error>>;

fn list_response<R: Request, T: Send + 'static>(
    client: &Client,
    waiter: &Waiter<R, T>,
    request: R,
    _ids: BTreeSet<String>,
) -> ListFuture<T> {
    let (call, items) = (client.call(waiter.operation, &request), waiter.items);
    Box::pin(async move { call.await.map(items) })
}

fn list_pages<R: Paged>(
    client: &Client,
    waiter: &Waiter<R, R::Item>,
    request: R,
    ids: BTreeSet<String>,
) -> ListFuture<R::Item> {
    let (mut pages, id) = (client.pages(waiter.operation, request), waiter.id);
    Box::pin(async move {
        let mut listed = Vec::new();
        while let Some(page) = pages.next().await {
            // A service that ignores the ids lists everything, which is not worth the memory.
            let is_requested = |item: &R::Item| id(item).is_some_and(|id| ids.contains(id.trim()));
            listed.extend(page?.items.into_iter().filter(is_requested));
        }
        Ok(listed)
    })
}

impl<R: Paged> Waiter<R, R::Item> {
    /// Reads all pages of each response, so that no item is missing because a page has fewer items than
    /// the call has ids. The items are those of the pages.
    #[must_use]
    pub const fn paged(mut self) -> Self {
        self.list = list_pages::<R>;
        self
    }
}

impl<R: Request + 'static, T: Send + 'static> Waiter<R, T> {
    /// Creates a waiter without final states.
    ///
    /// * `operation` describes the items; `parameter` is the name of the parameter for their ids.
    /// * `request` creates a request for some ids.
    /// * `items` returns the items of a response; `id` and `state` return the id and the state of an
    ///   item.
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
            list: list_response::<R, T>,
            id,
            state,
            detail: |_| None,
            success: &[],
            failure: &[],
            absence_is_success: false,
        }
    }
}

impl<R: Request, T> Waiter<R, T> {
    /// Sets how to get the reason of a failure from an item. Defaults to no reason.
    #[must_use]
    pub const fn detail(mut self, detail: fn(&T) -> Option<&str>) -> Self {
        self.detail = detail;
        self
    }

    /// Sets the target states. Case is ignored.
    #[must_use]
    pub const fn success(mut self, states: &'static [&'static str]) -> Self {
        self.success = states;
        self
    }

    /// Sets the final states that are failures. Case is ignored. A state on neither list is in progress.
    #[must_use]
    pub const fn failure(mut self, states: &'static [&'static str]) -> Self {
        self.failure = states;
        self
    }

    /// Counts an id that the service does not list as a success, to wait for the end of a deletion.
    /// Without it, such an id is in progress.
    #[must_use]
    pub const fn absence_is_success(mut self) -> Self {
        self.absence_is_success = true;
        self
    }

    /// Returns the status of one item, for programs that track items instead of ids.
    pub fn status(&self, item: &T) -> PollStatus {
        match PollStatus::from_state((self.state)(item), self.success, self.failure) {
            PollStatus::Failed(reason) => {
                match (self.detail)(item).filter(|detail| !detail.is_empty()) {
                    Some(detail) => PollStatus::Failed(format!("{reason} ({detail})")),
                    None => PollStatus::Failed(reason),
                }
            }
            status => status,
        }
    }

    /// Returns the status of an id from all of its items: in progress while one of them is, then failed
    /// if one of them has failed.
    fn combined_status(&self, items: &[T]) -> PollStatus {
        let mut combined = match items {
            [] => PollStatus::from_state(None, &[], &[]),
            _ => PollStatus::Succeeded,
        };
        for item in items {
            match self.status(item) {
                PollStatus::Succeeded => {}
                PollStatus::InProgress(reason) => return PollStatus::InProgress(reason),
                failed => combined = failed,
            }
        }
        combined
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

impl Client {
    /// Polls until every item is in a final state. Takes any number of ids; each poll splits those that
    /// are not final into calls of the documented size, a few of which run concurrently.
    ///
    /// The result has each distinct id once, in the order of the input. An input with several ids
    /// separated by commas, as services return them, is split. An id that the service does not list
    /// yet is in progress, unless [`absence_is_success`](Waiter::absence_is_success).
    ///
    /// # Errors
    ///
    /// The returned [`Wait`] fails as usual; its error's [`state`](crate::WaitError::state) has all
    /// items. If an item has failed, the wait still continues until all items are final. An empty list
    /// of ids is an error, because it is usually a mistake.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
    /// # alicloud_core::wire::request! {
    /// #     struct DescribeRequest -> DescribeResponse {
    /// #         task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
    /// #     }
    /// # }
    /// # alicloud_core::wire::record! { struct DescribeResponse { tasks: Vec<Task> = "Tasks" } }
    /// # alicloud_core::wire::record! {
    /// #     struct Task {
    /// #         task_id: Option<String> = "TaskId",
    /// #         status: Option<String> = "Status",
    /// #         description: Option<String> = "Description",
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::Waiter;
    /// # const REFRESH_TASKS: Waiter<DescribeRequest, Task> = Waiter::new(
    /// #     &DESCRIBE,
    /// #     "TaskId",
    /// #     |ids| DescribeRequest { task_ids: ids.to_vec() },
    /// #     |response| response.tasks,
    /// #     |task| task.task_id.as_deref(),
    /// #     |task| task.status.as_deref(),
    /// # )
    /// # .detail(|task| task.description.as_deref())
    /// # .success(&["Complete"])
    /// # .failure(&["Failed", "Timeout", "Canceled"]);
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById",
    /// #     r#"{"Tasks": [{"TaskId": "1", "Status": "Complete"}, {"TaskId": "2", "Status": "Complete"}]}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// // An id with commas is split; duplicates are removed.
    /// let tasks = client.wait_for_each(&REFRESH_TASKS, ["1,2", "2"]).await?;
    /// let ids: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    /// assert_eq!(ids, ["1", "2"]);
    /// # Ok(()) }
    /// ```
    pub fn wait_for_each<R, T>(
        &self,
        waiter: &Waiter<R, T>,
        ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Wait<Vec<PolledItem<T>>, R>
    where
        R: Request + 'static,
        T: Send + 'static,
    {
        let mut known_ids = BTreeSet::new();
        let mut items = Vec::new();
        for joined in ids.into_iter().map(Into::into) {
            for id in joined.split(',').map(str::trim).filter(|id| !id.is_empty()) {
                if known_ids.insert(id.to_owned()) {
                    let status = PollStatus::from_state(None, &[], &[]);
                    items.push(PolledItem { id: id.to_owned(), items: Vec::new(), status });
                }
            }
        }
        let target = PollMany {
            client: self.clone(),
            waiter: *waiter,
            map_request: None,
            items,
            round: None,
            running: ConcurrentCalls::new(),
        };
        Wait::new(self, target)
    }
}

/// Many items, polled in batches.
struct PollMany<R: Request, T> {
    client: Client,
    waiter: Waiter<R, T>,
    map_request: Option<Box<dyn Fn(R) -> R + Send>>,
    items: Vec<PolledItem<T>>,
    round: Option<PollRound>,
    /// Running calls, each with the indices of its items.
    running: ConcurrentCalls<Vec<usize>, ListFuture<T>>,
}

/// A poll in progress.
struct PollRound {
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
