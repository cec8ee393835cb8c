//! Refreshes 2,500 URLs in calls of 1,000; one of the calls fails.
//!
//! The service is a `FakeTransport` in memory.

use std::error::Error;

use alicloud_cdn::Client;
use alicloud_cdn::model::{RefreshObjectCachesRequest, RefreshObjectCachesResponse};
use alicloud_cdn::operations::REFRESH_OBJECT_CACHES;
use alicloud_core::Credentials;
use alicloud_core::testing::FakeTransport;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    const OPERATION: &str = "RefreshObjectCaches";
    let mut response = RefreshObjectCachesResponse::default();
    response.refresh_task_ids = vec!["704225667".to_owned()];
    let fake = FakeTransport::new()
        .respond(OPERATION, &response)
        .error(
            OPERATION,
            400,
            "InvalidObjectPath.Malformed",
            "The specified ObjectPath is invalid.",
        )
        .respond(OPERATION, &response);
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .build()?;

    let urls = (0..2_500).map(|number| format!("https://example.com/{number}.png"));
    let report = client
        .core()
        .batches(&REFRESH_OBJECT_CACHES, "ObjectPath", urls, |urls| {
            RefreshObjectCachesRequest::new(urls)
        })
        .concurrency(2)
        .await;

    println!("{report}");
    for batch in report.batches() {
        match &batch.result {
            Ok(response) => {
                println!("{} URLs: {:?}", batch.inputs.len(), response.refresh_task_ids)
            }
            Err(error) => println!("{} URLs: {:?}", batch.inputs.len(), error.outcome()),
        }
    }
    // One invalid URL fails its whole call; `bisect_failures()` would split the call to find it.
    let failed: Vec<&String> = report.failures().map(|(url, _)| url).collect();
    println!("{} URLs failed, the first is {:?}", failed.len(), failed.first());
    assert_eq!((fake.requests().len(), failed.len()), (3, 1_000));
    Ok(())
}
