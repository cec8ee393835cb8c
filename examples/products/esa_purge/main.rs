//! Purges files of an ESA site and waits until the purge is in effect everywhere.
//!
//! ESA is a fake service in this process, in which tasks advance with each poll. `DescribePurgeTasks` cannot be asked
//! for a task, so the program looks for its task in the list of the site.

mod site;

use std::error::Error;
use std::time::Duration;

use alicloud_core::{Credentials, PollStatus};
use alicloud_esa::Client;
use alicloud_esa::model::purge_caches::Content;
use alicloud_esa::model::{
    DescribePurgeTasksRequest, DescribePurgeTasksResponse, GetMatchSiteRequest,
    GetPurgeQuotaRequest, PurgeCachesRequest, TaskStatus,
};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = site::start().await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;

    let site = client.get_match_site(GetMatchSiteRequest::new("www.example.com")).await?;
    let site_id = site.site_id.ok_or("no site has this name")?;
    let quota = client.get_purge_quota(GetPurgeQuotaRequest::new(site_id, "file")).await?;
    let left = quota.quota.unwrap_or_default() - quota.usage.unwrap_or_default();
    println!("site {site_id}: {left} purges left today");

    let urls = ["https://www.example.com/a.jpg", "https://www.example.com/b.jpg"];
    let request =
        PurgeCachesRequest::new(site_id, "file").content(Content::new().files(urls)).force(true);
    let task_id = client.purge_caches(request).await?.task_id.ok_or("the task has no id")?;
    println!("task {task_id}: {} URLs submitted", urls.len());

    let (describe, id) = (client.clone(), task_id.clone());
    let tasks = client
        .core()
        .wait_until(
            move || {
                let request = DescribePurgeTasksRequest::new(site_id).r#type("file").page_size(50);
                describe.describe_purge_tasks(request)
            },
            move |tasks| status(tasks, &id, urls.len()),
        )
        // The defaults suit the real service: poll every 2 to 10 s, for at most 15 minutes.
        .poll_interval(Duration::from_millis(10), Duration::from_millis(20))
        .max_wait(Duration::from_secs(10))
        .await?;
    for task in tasks.tasks.iter().filter(|task| task.task_id.as_ref() == Some(&task_id)) {
        println!("{}: in effect", task.content.as_deref().unwrap_or_default());
    }

    let polls = service.requests().into_iter();
    let polls =
        polls.filter(|call| call.operation.as_deref() == Some("DescribePurgeTasks")).count();
    assert_eq!(polls, 3);
    Ok(())
}

/// Returns the state of a task. The list has an item for each of its URLs, some time after the submission.
fn status(response: &DescribePurgeTasksResponse, task_id: &str, urls: usize) -> PollStatus {
    let items = || response.tasks.iter().filter(|task| task.task_id.as_deref() == Some(task_id));
    if let Some(failed) = items().find(|task| task.status == Some(TaskStatus::Failed)) {
        return PollStatus::Failed(format!("failed: {:?}", failed.description));
    }
    let done = items().filter(|task| task.status == Some(TaskStatus::Complete)).count();
    if done >= urls {
        return PollStatus::Succeeded;
    }
    println!("{done} of {urls} in effect");
    PollStatus::InProgress(format!("{done} of {urls} are in effect"))
}
