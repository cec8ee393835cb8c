//! Blocking calls, waits and lists, for programs without `async`.
//!
//! Only the fake service in this process needs the async runtime; the client does not.

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::{
    CdnTask, DescribeRefreshTaskByIdRequest, DescribeRefreshTasksRequest,
    DescribeRefreshTasksResponse,
};
use alicloud_cdn::operations::DESCRIBE_REFRESH_TASKS;
use alicloud_core::testing::FakeTransport;
use alicloud_core::{Credentials, PollStatus};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let service = runtime.block_on(FakeService::builder().start())?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;

    // One call.
    let request = DescribeRefreshTaskByIdRequest::new(["12345678"]);
    let response = client.describe_refresh_task_by_id(request.clone()).wait()?;
    println!("{} object", response.tasks.len());

    // Polling until a task is complete.
    let poller = client.clone();
    let done = client
        .core()
        .wait_until(
            move || poller.describe_refresh_task_by_id(request.clone()),
            |response| {
                let status = response.tasks.first().and_then(|task| task.status.as_ref());
                PollStatus::from_state(
                    status.map(|status| status.as_str()),
                    &["Complete"],
                    &["Failed"],
                )
            },
        )
        .max_wait(Duration::from_secs(10))
        .wait()?;
    println!("{:?}", done.tasks.first().and_then(|task| task.status.as_ref()));

    // Blocking also works inside a runtime, though awaiting is better there.
    let response = runtime.block_on(async {
        client.describe_refresh_task_by_id(DescribeRefreshTaskByIdRequest::new(["23456789"])).wait()
    })?;
    println!("{} object", response.tasks.len());

    // A list of three pages.
    let mut page = DescribeRefreshTasksResponse::default();
    page.total_count = Some(60);
    page.tasks = vec![CdnTask::default(); 20];
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(FakeTransport::new().respond("DescribeRefreshTasks", &page))
        .build()?;
    let items = client.core().items(&DESCRIBE_REFRESH_TASKS, DescribeRefreshTasksRequest::new());
    let tasks: Vec<CdnTask> = items.blocking().collect::<Result<_, _>>()?;
    println!("{} tasks", tasks.len());
    assert_eq!(tasks.len(), 60);
    Ok(())
}
