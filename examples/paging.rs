//! Lists all refresh tasks of the last 3 days and resumes after an error.
//!
//! The service is a `FakeTransport` with 45 tasks, and one of its responses fails.

use std::error::Error;

use alicloud_cdn::Client;
use alicloud_cdn::model::{CdnTask, DescribeRefreshTasksRequest, DescribeRefreshTasksResponse};
use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_core::{Credentials, RetryPolicy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(service())
        .retry(RetryPolicy::none())
        .build()?;

    // A stream of items. It requests each page when its first item is needed.
    let request = DescribeRefreshTasksRequest::new().page_size(20);
    let mut items = client.describe_refresh_tasks_items(request);
    let mut tasks = 0;
    while let Some(task) = items.next().await {
        match task {
            Ok(_) => tasks += 1,
            Err(error) => println!("after {tasks} tasks: {error}"),
        }
    }

    // An error ends the stream; `request()` is the request for the page that failed.
    let request = items.request().ok_or("the stream should have failed")?.clone();
    println!("resuming at page {:?}", request.page_number);
    let mut pages = client.describe_refresh_tasks_pages(request).items_before(items.items_read());
    while let Some(page) = pages.next().await {
        let page = page?;
        tasks += page.items.len();
        println!("{} more tasks of {:?}", page.items.len(), page.response.total_count);
    }
    println!("{tasks} tasks");
    assert_eq!(tasks, 45);
    Ok(())
}

fn service() -> FakeTransport {
    const OPERATION: &str = "DescribeRefreshTasks";
    let page = |tasks: usize| {
        let mut response = DescribeRefreshTasksResponse::default();
        response.total_count = Some(45);
        response.tasks = vec![CdnTask::default(); tasks];
        response
    };
    FakeTransport::new()
        .respond(OPERATION, &page(20))
        .fault(OPERATION, Fault::ConnectionReset)
        .respond(OPERATION, &page(20))
        .respond(OPERATION, &page(5))
}
