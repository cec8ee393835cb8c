//! Loads one configuration for the clients of several products, and shows what comes from where.
//!
//! `Config::from_env()` reads the variables of the process and the profile of the CLI. This example passes variables
//! of its own and calls a fake service in this process, so it runs anywhere.

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::credentials::Variables;
use alicloud_core::{Client, ClientBuilder, Config, Product};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};

// Generated crates have a `PRODUCT`; this one stands for that of another product.
static ECS: Product = Product::new("Ecs", "2014-05-26").with_regional_endpoint("ecs");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = FakeService::builder().start().await?;
    let variables = Variables::from_pairs([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET),
        ("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou"),
        // Only CDN is called here.
        ("ALIBABA_CLOUD_CDN_ENDPOINT", service.endpoint()),
    ]);
    let config = Config::builder()
        .variables(variables)
        .user_agent("example/1.0")
        .timeout(Duration::from_secs(20))
        .build()?;

    // Both share the credentials, the connections and the rate limits.
    let cdn = alicloud_cdn::Client::new(&config)?;
    let ecs: Client = ClientBuilder::new(&ECS).config(&config).build()?;
    println!("CDN: {}", cdn.core().endpoint());
    println!("ECS: {}", ecs.endpoint());

    // One client can differ.
    let beijing: Client = ClientBuilder::new(&ECS).config(&config).region("cn-beijing").build()?;
    println!("ECS in another region: {}", beijing.endpoint());

    let request = DescribeRefreshTaskByIdRequest::new(["12345678"]);
    let response = cdn.describe_refresh_task_by_id(request).await?;
    println!("the task has {} object", response.tasks.len());
    Ok(())
}
