//! 2,500 URLs and one that is wrong, in calls of as many as the service takes.
//!
//! The service is a fake in memory.

use std::error::Error;

use alicloud_cdn::Client;
use alicloud_cdn::model::{RefreshObjectCachesRequest, RefreshObjectCachesResponse};
use alicloud_cdn::operations::REFRESH_OBJECT_CACHES;
use alicloud_core::Credentials;
use alicloud_core::testing::FakeTransport;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    const NAME: &str = "RefreshObjectCaches";
    let mut response = RefreshObjectCachesResponse::default();
    response.refresh_task_id = Some("704225667".to_owned());
    let fake = FakeTransport::new()
        .respond(NAME, &response)
        .error(NAME, 400, "InvalidObjectPath.Malformed", "The specified ObjectPath is invalid.")
        .respond(NAME, &response);
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
            Ok(response) => println!("{} URLs: {:?}", batch.inputs.len(), response.refresh_task_id),
            Err(error) => println!("{} URLs: {:?}", batch.inputs.len(), error.outcome()),
        }
    }
    // Each URL that was not refreshed, to send again. `bisect_failures()` would have found the wrong one.
    let again: Vec<&String> = report.failures().map(|(url, _)| url).collect();
    println!("to send again: {} from {:?} on", again.len(), again.first());
    if fake.requests().len() == 3 && again.len() == 1_000 {
        Ok(())
    } else {
        Err("not as expected".into())
    }
}
