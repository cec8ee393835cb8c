//! Starts an instance and waits until it is running. The argument is the endpoint.

use std::time::Duration;

use alicloud_machines::Client;
use alicloud_machines::model::StartInstanceRequest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args().nth(1).unwrap_or_default();
    let client = Client::builder().region("cn-hangzhou").endpoint(endpoint).build()?;
    client.start_instance(StartInstanceRequest::new("i-1")).await?;
    let interval = Duration::from_millis(10);
    let wait = client.wait_until_running(["i-1"]).poll_interval(interval, interval);
    for instance in wait.await? {
        println!("{}: {:?}", instance.id, instance.status);
    }
    Ok(())
}
