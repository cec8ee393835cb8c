//! Queries two refresh tasks, once in JSON and once in XML.
//!
//! Without ALIBABA_CLOUD_ACCESS_KEY_ID it starts a fake service in this process and queries that. With it,
//! it queries the real service for the task ids given as arguments.

use std::error::Error;

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, DescribeRefreshTaskByIdResponse};
use alicloud_core::{Credentials, Format};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let task_ids: Vec<String> = std::env::args().skip(1).collect();
    if has_credentials() {
        if task_ids.is_empty() {
            return Err("pass the ids of refresh or preload tasks as arguments".into());
        }
        return query(&Client::from_env()?, task_ids).await;
    }

    println!("No credentials in the environment: using a fake service in this process.\n");
    let service = FakeService::builder().start().await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;
    query(&client, vec!["12345678".to_owned(), "23456789".to_owned()]).await
}

async fn query(client: &Client, task_ids: Vec<String>) -> Result<(), Box<dyn Error>> {
    let request = DescribeRefreshTaskByIdRequest::new(task_ids);
    let from_json = client.describe_refresh_task_by_id(request.clone()).await?;
    let from_xml = client.describe_refresh_task_by_id(request).format(Format::Xml).await?;

    println!("From JSON:");
    print(&from_json);
    println!("\nFrom XML:");
    print(&from_xml);
    println!();
    if from_json.tasks != from_xml.tasks {
        return Err("the two formats gave different values".into());
    }
    println!("Both formats give equal values.");
    Ok(())
}

fn print(response: &DescribeRefreshTaskByIdResponse) {
    println!("{:10} {:11} {:11} {:8} object", "task", "kind", "status", "progress");
    for task in &response.tasks {
        let kind = task.object_type.as_ref().map(ToString::to_string).unwrap_or_default();
        let status = task.status.as_ref().map(ToString::to_string).unwrap_or_default();
        let progress = task.progress.as_ref().map(ToString::to_string).unwrap_or_default();
        println!(
            "{:10} {kind:11} {status:11} {progress:8} {}",
            task.task_id.as_deref().unwrap_or_default(),
            task.object_path.as_deref().unwrap_or_default(),
        );
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "an example reads the environment as any program does"
)]
fn has_credentials() -> bool {
    std::env::var_os("ALIBABA_CLOUD_ACCESS_KEY_ID").is_some()
}
