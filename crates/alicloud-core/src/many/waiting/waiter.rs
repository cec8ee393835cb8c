//! How to wait for items that an operation describes by their ids.

use std::collections::BTreeSet;
use std::fmt;

use alicloud_wire::{Paged, Request};

use super::PollStatus;
use crate::client::Client;
use crate::error::Error;
use crate::future::BoxFuture;
use crate::product::Operation;

/// Returns the items of one call that belong to its ids.
pub(super) type List<R, T> = fn(&Client, &Waiter<R, T>, R, BTreeSet<String>) -> ListFuture<T>;

pub(super) type ListFuture<T> = BoxFuture<'static, Result<Vec<T>, Error>>;

/// How to wait for items that an operation describes by their ids: a constant of generated code.
///
/// # Examples
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # static DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
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
    pub(super) operation: &'static Operation,
    pub(super) parameter: &'static str,
    pub(super) request: fn(&[String]) -> R,
    pub(super) items: fn(R::Response) -> Vec<T>,
    pub(super) list: List<R, T>,
    pub(super) id: fn(&T) -> Option<&str>,
    pub(super) state: fn(&T) -> Option<&str>,
    pub(super) detail: fn(&T) -> Option<&str>,
    pub(super) success: &'static [&'static str],
    pub(super) failure: &'static [&'static str],
    pub(super) absence_is_success: bool,
}

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
    pub(super) fn combined_status(&self, items: &[T]) -> PollStatus {
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
