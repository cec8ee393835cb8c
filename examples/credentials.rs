//! Where credentials come from: the default chain, one provider of it, and an error that says what was
//! tried.
//!
//! A program writes `Client::from_env()` and gets the chain over its own environment. Here the variables
//! are made up and the calls go to a service double in this process, so that it runs anywhere.

use std::error::Error;

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::credentials::{DefaultChain, Environment, ProvideCredentials as _, Variables};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};

// The chain would ask the metadata service of an ECS instance last of all. This is no instance.
const NO_METADATA: (&str, &str) = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variables = Variables::from_pairs([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET),
        NO_METADATA,
    ]);
    let chain = DefaultChain::new().variables(variables.clone());
    let credentials = chain.credentials().await?;
    println!("the chain found {} by {}", credentials.access_key_id(), credentials.provider());
    println!("the secret shows as {}", credentials.access_key_secret());

    // One provider on its own, where a program wants to know exactly.
    let service = FakeService::builder().start().await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Environment::from_variables(variables))
        .build()?;
    let response = client
        .describe_refresh_task_by_id(DescribeRefreshTaskByIdRequest::new(["12345678"]))
        .await?;
    println!("the service knows {} object of the task", response.tasks.len());

    // With nothing set, the error names each provider and why it had nothing; never a value.
    let nothing = DefaultChain::new().variables(Variables::from_pairs([NO_METADATA]));
    match nothing.credentials().await {
        Ok(_) => Err("credentials out of nothing".into()),
        Err(error) => {
            println!("\nwithout any: {}", error.to_string().replace("; ", ";\n  "));
            Ok(())
        }
    }
}
