//! Restarts every instance.

mod aliyun;

use aliyun::ecs::model::{DescribeInstancesRequest, StartInstanceRequest, StopInstanceRequest};
use aliyun::ecs::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let mut instances = client.describe_instances_items(DescribeInstancesRequest::new());
    while let Some(instance) = instances.next().await {
        let instance = instance?;
        let id = instance.instance_id.unwrap_or_default();
        client.stop_instance(StopInstanceRequest::new(id.as_str())).await?;
        client.start_instance(StartInstanceRequest::new(id.as_str())).await?;
        println!("{id}: {} processors, restarted", instance.cpu.unwrap_or_default());
    }
    Ok(())
}
