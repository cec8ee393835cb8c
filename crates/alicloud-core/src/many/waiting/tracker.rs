//! What a wait polls next, and what the items mean.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::PollStatus;
use crate::error::Error;

/// Decides which ids a [wait](crate::Client::wait_for_tracked) polls next, and what the listed items mean.
///
/// Implement it if the status of an id does not follow from its own items alone: for example, if a job is
/// done when each of its URLs is listed, under whichever id. Otherwise use
/// [`Client::wait_for_each`](crate::Client::wait_for_each).
///
/// A poll asks for the [pending ids](Self::pending_ids) and lists them with one or several calls. The tracker
/// [records](Self::record_items) the items of each call as it ends. When all calls of the poll have ended,
/// [`status`](Self::status) decides whether the wait succeeds, fails or polls again. The ids of a call that
/// failed with a transient error are not recorded; the next poll asks for them again if they are still pending.
///
/// `T` is the type of the items. An `Arc<Mutex<_>>` of a tracker is a tracker, too. With it, a program
/// can read the tracker while the wait runs, and a later wait can resume from it.
/// [`Wait::progress`](crate::Wait::progress) clones the tracker after each poll, so use it there as well.
///
/// # Examples
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product, Waiter};
/// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # static DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only();
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
/// #     }
/// # }
/// # const REFRESH_TASKS: Waiter<DescribeRequest, Task> = Waiter::new(
/// #     &DESCRIBE,
/// #     "TaskId",
/// #     |ids| DescribeRequest { task_ids: ids.to_vec() },
/// #     |response| response.tasks,
/// #     |task| task.task_id.as_deref(),
/// #     |task| task.status.as_deref(),
/// # )
/// # .success(&["Complete"]);
/// use alicloud_core::{ItemTracker, PollStatus};
///
/// /// Waits until any of the tasks is complete.
/// struct FirstOf {
///     ids: Vec<String>,
///     winner: Option<String>,
/// }
///
/// impl ItemTracker<Task> for FirstOf {
///     fn pending_ids(&self) -> Vec<String> {
///         self.ids.clone()
///     }
///
///     fn record_items(&mut self, _ids: &[String], items: Vec<Task>) {
///         let done = |task: &Task| REFRESH_TASKS.status(task) == PollStatus::Succeeded;
///         // Another call of the same poll may have found it already.
///         if let Some(task) = items.into_iter().find(done) {
///             self.winner = task.task_id;
///         }
///     }
///
///     fn status(&self) -> PollStatus {
///         match self.winner {
///             Some(_) => PollStatus::Succeeded,
///             None => PollStatus::InProgress("no task is complete".to_owned()),
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById",
/// #     r#"{"Tasks": [{"TaskId": "1", "Status": "Refreshing"}, {"TaskId": "2", "Status": "Complete"}]}"#);
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// let tracker = FirstOf { ids: vec!["1".into(), "2".into()], winner: None };
/// let tracker = client.wait_for_tracked(&REFRESH_TASKS, tracker).await?;
/// assert_eq!(tracker.winner.as_deref(), Some("2"));
/// # Ok(()) }
/// ```
pub trait ItemTracker<T>: Send {
    /// Returns the ids to poll next, without duplicates. An id that is empty or contains a comma fails the
    /// wait if the operation takes a list separated by commas.
    ///
    /// If there are none although [`status`](Self::status) is in progress, the wait ends with an error,
    /// because no poll could change that.
    fn pending_ids(&self) -> Vec<String>;

    /// Records the items of the response of one call for these ids. The response can lack items of an
    /// id, and can have items of other ids.
    fn record_items(&mut self, ids: &[String], items: Vec<T>);

    /// Returns whether a permanent error only says that an id of the call is invalid. The wait then
    /// continues: it polls each id of that call alone, to find the invalid one. Defaults to `false`: a
    /// permanent error ends the wait.
    fn is_invalid_id(&self, error: &Error) -> bool {
        let _ = error;
        false
    }

    /// Records that an id was polled alone and is invalid. Defaults to doing nothing; the id is polled
    /// again until [`pending_ids`](Self::pending_ids) omits it.
    fn record_invalid_id(&mut self, id: &str, error: &Error) {
        let _ = (id, error);
    }

    /// Returns the status of the whole wait, which ends with [`Succeeded`](PollStatus::Succeeded) or
    /// [`Failed`](PollStatus::Failed), even if ids are pending. It is called after each poll, and once more
    /// for the message of an error. Defaults to in progress while there are pending ids, then to succeeded.
    fn status(&self) -> PollStatus {
        match self.pending_ids().len() {
            0 => PollStatus::Succeeded,
            pending => PollStatus::InProgress(format!("{pending} in progress")),
        }
    }
}

impl<T, K: ItemTracker<T>> ItemTracker<T> for Arc<Mutex<K>> {
    fn pending_ids(&self) -> Vec<String> {
        lock(self).pending_ids()
    }

    fn record_items(&mut self, ids: &[String], items: Vec<T>) {
        lock(self).record_items(ids, items);
    }

    fn is_invalid_id(&self, error: &Error) -> bool {
        lock(self).is_invalid_id(error)
    }

    fn record_invalid_id(&mut self, id: &str, error: &Error) {
        lock(self).record_invalid_id(id, error);
    }

    fn status(&self) -> PollStatus {
        lock(self).status()
    }
}

fn lock<K>(tracker: &Mutex<K>) -> MutexGuard<'_, K> {
    tracker.lock().unwrap_or_else(PoisonError::into_inner)
}
