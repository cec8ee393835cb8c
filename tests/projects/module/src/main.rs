//! Restarts every instance. The argument is the endpoint.

mod aliyun;

use aliyun::ecs::model::{DescribeInstancesRequest, StartInstanceRequest, StopInstanceRequest};
use aliyun::ecs::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let endpoint = std::env::args().nth(1).unwrap_or_default();
    let client = Client::builder().region("cn-hangzhou").endpoint(endpoint).build()?;
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
