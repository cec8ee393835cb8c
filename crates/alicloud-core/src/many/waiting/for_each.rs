//! Polling of many items by their ids.

use std::collections::BTreeSet;

use alicloud_wire::Request;

use super::poll_many::{PollMany, PolledItem};
use super::waiter::Waiter;
use super::{PollStatus, Wait};
use crate::client::Client;
use crate::many::concurrent_calls::ConcurrentCalls;

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
