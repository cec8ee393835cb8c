//! All refresh tasks of the last days, page by page, and how to go on after an error.
//!
//! The service is a fake in memory with 45 tasks, one of whose responses fails.

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

    // Items, as if the pages did not exist. A page is asked for when its first item is.
    let request = DescribeRefreshTasksRequest::new().page_size(20);
    let mut items = client.describe_refresh_tasks_items(request);
    let mut complete = 0;
    while let Some(task) = items.next().await {
        match task {
            Ok(_) => complete += 1,
            Err(error) => println!("after {complete} tasks: {error}"),
        }
    }

    // An error ends the stream, and the stream knows where.
    let request = items.request().ok_or("all was there")?.clone();
    println!("going on at page {:?}", request.page_number);
    let mut pages = client.describe_refresh_tasks_pages(request).items_before(items.items_read());
    while let Some(page) = pages.next().await {
        let page = page?;
        complete += page.items.len();
        println!("{} tasks more, of {:?} in all", page.items.len(), page.response.total_count);
    }
    println!("{complete} tasks");
    if complete == 45 { Ok(()) } else { Err("some are missing".into()) }
}

fn service() -> FakeTransport {
    const NAME: &str = "DescribeRefreshTasks";
    let page = |tasks: usize| {
        let mut response = DescribeRefreshTasksResponse::default();
        response.total_count = Some(45);
        response.tasks = vec![CdnTask::default(); tasks];
        response
    };
    FakeTransport::new()
        .respond(NAME, &page(20))
        .fault(NAME, Fault::Reset)
        .respond(NAME, &page(20))
        .respond(NAME, &page(5))
}
