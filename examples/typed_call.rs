//! Queries two refresh tasks. The README shows this program.

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, TaskStatus};

#[tokio::main]
async fn main() -> Result<(), alicloud_cdn::Error> {
    let client = Client::from_env()?;
    let request = DescribeRefreshTaskByIdRequest::new(["704225667", "704222904"]);
    let response = client.describe_refresh_task_by_id(request).await?;
    for task in &response.tasks {
        let is_live = task.status == Some(TaskStatus::Complete);
        println!("{:?}: {}", task.object_path, if is_live { "live" } else { "not live yet" });
    }
    Ok(())
}
