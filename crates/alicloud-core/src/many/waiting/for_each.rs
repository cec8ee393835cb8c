//! Polling of many items by their ids.

use std::collections::BTreeMap;

use alicloud_wire::Request;

use super::poll_many::PollMany;
use super::tracker::ItemTracker;
use super::waiter::Waiter;
use super::{PollStatus, Wait};
use crate::client::Client;

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
        let (mut indices, mut items) = (BTreeMap::new(), Vec::new());
        for joined in ids.into_iter().map(Into::into) {
            for id in joined.split(',').map(str::trim).filter(|id| !id.is_empty()) {
                let index = items.len();
                if *indices.entry(id.to_owned()).or_insert(index) == index {
                    let status = PollStatus::from_state(None, &[], &[]);
                    items.push(PolledItem { id: id.to_owned(), items: Vec::new(), status });
                }
            }
        }
        let tracker = PolledItems { waiter: *waiter, items, indices };
        PollMany::start(self, waiter, tracker, |tracker| &tracker.items, |tracker| tracker.items)
    }

    /// Polls until a tracker says that everything is done, and returns the tracker.
    ///
    /// Each poll splits the pending ids into calls of the documented size, a few of which run
    /// concurrently. If an error says when to retry, the rest of that poll is omitted, and the next poll
    /// waits as long as the longest of these delays.
    ///
    /// The waiter tells how to request ids and to read items. Its target states have no effect unless the
    /// tracker uses them, with [`Waiter::status`]; neither has
    /// [`absence_is_success`](Waiter::absence_is_success). See [`ItemTracker`] for an example.
    ///
    /// # Errors
    ///
    /// The returned [`Wait`] fails as usual. The [`state`](crate::WaitError::state) of its error is the
    /// tracker, with everything that was recorded; another wait can resume from it.
    pub fn wait_for_tracked<R, T, K>(&self, waiter: &Waiter<R, T>, tracker: K) -> Wait<K, R>
    where
        R: Request + 'static,
        T: Send + 'static,
        K: ItemTracker<T> + 'static,
    {
        PollMany::start(self, waiter, tracker, |tracker| tracker, |tracker| tracker)
    }
}

/// Items whose status is that of their id.
struct PolledItems<R: Request, T> {
    waiter: Waiter<R, T>,
    items: Vec<PolledItem<T>>,
    /// Indices of the items by their ids.
    indices: BTreeMap<String, usize>,
}

impl<R: Request, T: Send> ItemTracker<T> for PolledItems<R, T> {
    fn pending_ids(&self) -> Vec<String> {
        let is_pending = |item: &&PolledItem<T>| matches!(item.status, PollStatus::InProgress(_));
        self.items.iter().filter(is_pending).map(|item| item.id.clone()).collect()
    }

    fn record_items(&mut self, ids: &[String], items: Vec<T>) {
        let mut listed: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for item in items {
            if let Some(id) = (self.waiter.id)(&item) {
                listed.entry(id.trim().to_owned()).or_default().push(item);
            }
        }
        for id in ids {
            let index = self.indices.get(id);
            let Some(polled) = index.and_then(|index| self.items.get_mut(*index)) else { continue };
            // An id that is no longer listed keeps its last items.
            match listed.remove(id) {
                Some(items) => {
                    polled.status = self.waiter.combined_status(&items);
                    polled.items = items;
                }
                None if self.waiter.absence_is_success => polled.status = PollStatus::Succeeded,
                None => {}
            }
        }
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
            // The first poll turns it into an error.
            (true, true) if total == 0 => PollStatus::InProgress("no ids".to_owned()),
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
