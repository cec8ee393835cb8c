//! Purges files of an ESA site and waits until the purge is in effect everywhere.
//!
//! ESA is a fake service in this process, in which tasks advance with each poll. `DescribePurgeTasks` cannot be asked
//! for a task, so the program looks for its task in the list of the site.

#[path = "../fake.rs"]
mod fake;
mod site;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::error::Error;
use std::time::Duration;

use alicloud_core::PollStatus;
use alicloud_esa::Client;
use alicloud_esa::model::purge_caches::Content;
use alicloud_esa::model::{
    DescribePurgeTasksRequest, GetMatchSiteRequest, GetPurgeQuotaRequest, GetPurgeQuotaResponse,
    PurgeCachesRequest, PurgeTask, TaskStatus,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = site::start().await?;
    // ESA needs a region: that of the account, "cn-hangzhou" or "ap-southeast-1".
    let builder = Client::builder().region("cn-hangzhou");
    let client = fake.client(builder)?; // for the real service: `builder.build()?`

    let urls = ["https://www.example.com/a.jpg", "https://www.example.com/b.jpg"];
    for task in purge(&client, "www.example.com", urls).await? {
        println!("{}: in effect", task.content.as_deref().unwrap_or_default());
    }
    assert_eq!(fake.calls("DescribePurgeTasks"), 3);
    Ok(())
}

/// Purges files of a host and returns their tasks. A lost response to `PurgeCaches` is an error, since a second call
/// counts against the quota again.
async fn purge(
    client: &Client,
    host: &str,
    urls: impl IntoIterator<Item = &str>,
) -> Result<Vec<PurgeTask>, Box<dyn Error>> {
    // A URL that is given twice has one task.
    let urls: BTreeSet<&str> = urls.into_iter().collect();
    let count = urls.len();

    let site = client.get_match_site(GetMatchSiteRequest::new(host)).await?;
    let site_id = site.site_id.ok_or("the site has no id")?;
    let quota = client.get_purge_quota(GetPurgeQuotaRequest::new(site_id, "file")).await?;
    let remaining = remaining(&quota).ok_or("the response has no quota")?;
    if i64::try_from(count)? > remaining {
        return Err(format!("{count} URLs, but only {remaining} purges remain").into());
    }
    println!("site {site_id}: {remaining} purges remain");

    // Earlier, since the clocks of this machine and of the service may differ.
    let since = client.core().clock().now() - Duration::from_secs(300);
    let request =
        PurgeCachesRequest::new(site_id, "file").content(Content::new().files(urls)).force(true);
    let task_id = client.purge_caches(request).await?.task_id.ok_or("the task has no id")?;
    println!("task {task_id}: {count} URLs submitted");

    let list =
        DescribePurgeTasksRequest::new(site_id).r#type("file").start_time(since).page_size(50);
    let poll_client = client.clone();
    // Polls every 2 to 10 s, for at most 15 minutes.
    let wait = client.core().wait_until(
        move || tasks(poll_client.clone(), list.clone(), task_id.clone()),
        move |tasks| status(tasks, count),
    );
    Ok(wait.await?)
}

/// Returns how many more objects may be purged, today and within 30 days.
fn remaining(quota: &GetPurgeQuotaResponse) -> Option<i64> {
    let today = quota.quota? - quota.usage.unwrap_or_default();
    Some(match quota.quota30_day {
        None | Some(0) => today, // not limited
        Some(limit) => today.min(limit - quota.usage30_day.unwrap_or_default()),
    })
}

/// Reads all pages of a list and returns what belongs to a task.
async fn tasks(
    client: Client,
    list: DescribePurgeTasksRequest,
    task_id: String,
) -> Result<Vec<PurgeTask>, alicloud_esa::Error> {
    let mut tasks = client.describe_purge_tasks_items(list).collect_all().await?;
    tasks.retain(|task| task.task_id.as_ref() == Some(&task_id));
    // An item moves to the next page if a task is added while the pages are read.
    tasks.sort_by(|a, b| a.content.cmp(&b.content));
    tasks.dedup_by(|a, b| a.content == b.content);
    Ok(tasks)
}

/// Returns the state of a task. The list has an item for each of its URLs, some time after the submission.
fn status(tasks: &[PurgeTask], urls: usize) -> PollStatus {
    if let Some(failed) = tasks.iter().find(|task| task.status == Some(TaskStatus::Failed)) {
        return PollStatus::Failed(format!("{:?}: {:?}", failed.content, failed.description));
    }
    let done = tasks.iter().filter(|task| task.status == Some(TaskStatus::Complete)).count();
    if done >= urls {
        return PollStatus::Succeeded;
    }
    println!("{done} of {urls} in effect");
    PollStatus::InProgress(format!("{done} of {urls} are in effect"))
}
