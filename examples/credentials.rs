//! Loads credentials from the default chain and from a single provider, and shows the error when there
//! are none.
//!
//! `Client::from_env()` uses the chain with the environment of the process. This example passes variables
//! of its own and calls a fake service in this process, so it runs anywhere.

use std::error::Error;

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::credentials::{DefaultChain, Environment, ProvideCredentials as _, Variables};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};

// The last provider of the chain queries the metadata service of an ECS instance, which is not there.
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
    println!("the chain loaded {} from {}", credentials.access_key_id(), credentials.provider());
    println!("the secret is displayed as {}", credentials.access_key_secret());

    // A single provider, without fallbacks.
    let service = FakeService::builder().start().await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Environment::from_variables(variables))
        .build()?;
    let response = client
        .describe_refresh_task_by_id(DescribeRefreshTaskByIdRequest::new(["12345678"]))
        .await?;
    println!("the task has {} object", response.tasks.len());

    // The error names each provider and why it had no credentials; it never contains a value.
    let empty = DefaultChain::new().variables(Variables::from_pairs([NO_METADATA]));
    match empty.credentials().await {
        Ok(_) => Err("there should be no credentials".into()),
        Err(error) => {
            println!("\nwithout credentials: {}", error.to_string().replace("; ", ";\n  "));
            Ok(())
        }
    }
}
