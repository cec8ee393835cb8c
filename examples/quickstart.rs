//! Are my refresh tasks live on the whole network? Asks once in JSON and once in XML.
//!
//! Without ALIBABA_CLOUD_ACCESS_KEY_ID it asks a service double in this process. With it, it asks the
//! real service for the ids that are given as arguments.

use std::error::Error;

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, DescribeRefreshTaskByIdResponse};
use alicloud_core::{Credentials, Format};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};
use comfy_table::Table;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ids: Vec<String> = std::env::args().skip(1).collect();
    if has_credentials() {
        if ids.is_empty() {
            return Err("pass the ids of refresh or preload tasks as arguments".into());
        }
        return ask(&Client::from_env()?, ids).await;
    }

    println!("No credentials in the environment: asking a service double in this process.\n");
    let service = FakeService::builder().start().await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;
    ask(&client, vec!["12345678".to_owned(), "23456789".to_owned()]).await
}

async fn ask(client: &Client, ids: Vec<String>) -> Result<(), Box<dyn Error>> {
    let request = DescribeRefreshTaskByIdRequest::new(ids);
    let from_json = client.describe_refresh_task_by_id(request.clone()).await?;
    let from_xml = client.describe_refresh_task_by_id(request).format(Format::Xml).await?;

    println!("From JSON:\n{}\n", table(&from_json));
    println!("From XML:\n{}\n", table(&from_xml));
    let same = from_json.tasks == from_xml.tasks;
    println!("{}", if same { "Both are equal." } else { "They differ." });
    Ok(())
}

fn table(response: &DescribeRefreshTaskByIdResponse) -> Table {
    let mut table = Table::new();
    table.set_header(["task", "object", "kind", "status", "done"]);
    for task in &response.tasks {
        table.add_row([
            task.task_id.clone().unwrap_or_default(),
            task.object_path.clone().unwrap_or_default(),
            task.object_type.as_ref().map(ToString::to_string).unwrap_or_default(),
            task.status.as_ref().map(ToString::to_string).unwrap_or_default(),
            task.progress.clone().unwrap_or_default(),
        ]);
    }
    table
}

#[allow(
    clippy::disallowed_methods,
    reason = "an example asks the environment as any program would"
)]
fn has_credentials() -> bool {
    std::env::var_os("ALIBABA_CLOUD_ACCESS_KEY_ID").is_some()
}
