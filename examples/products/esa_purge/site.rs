//! A fake of ESA with one site, whose purges take three polls.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use alicloud_core::wire::Timestamp;
use alicloud_fake::{OperationError, ReceivedCall, Spec};
use serde_json::{Value, json};

use super::fake::{Fake, Page, refused, with_state};

const DESCRIPTION: &str = include_str!("../../../specs/esa/2024-09-10/api.json");
const SITE_ID: u64 = 4_242_424_242_424;
const QUOTA: usize = 1000;

#[derive(Default)]
struct Site {
    tasks: Vec<Task>,
    polls: usize,
}

struct Task {
    submitted_at: SystemTime,
    urls: Vec<String>,
}

pub(crate) async fn start() -> Result<Fake, Box<dyn Error>> {
    let site = Arc::new(Mutex::new(Site::default()));
    let spec = Spec::try_from(DESCRIPTION)?
        .handle("GetMatchSite", |_| Ok(json!({ "SiteId": SITE_ID, "SiteName": "example.com" })))?
        .handle("GetPurgeQuota", with_state(&site, quota))?
        .handle("PurgeCaches", with_state(&site, purge))?
        .handle("DescribePurgeTasks", with_state(&site, tasks))?;
    Fake::start(spec).await
}

fn quota(site: &mut Site, _: &ReceivedCall) -> Result<Value, OperationError> {
    let used: usize = site.tasks.iter().map(|task| task.urls.len()).sum();
    Ok(json!({ "Quota": QUOTA.to_string(), "Usage": used.to_string(), "Quota30Day": "0" }))
}

fn purge(site: &mut Site, call: &ReceivedCall) -> Result<Value, OperationError> {
    let content: Value = call
        .param("Content")
        .and_then(|content| serde_json::from_str(content).ok())
        .ok_or_else(|| refused("InvalidParameters", "Content is not JSON."))?;
    let files = content.get("Files").and_then(Value::as_array).map(Vec::as_slice);
    let mut urls: Vec<String> =
        files.unwrap_or_default().iter().filter_map(|url| Some(url.as_str()?.to_owned())).collect();
    urls.sort();
    urls.dedup();
    if urls.is_empty() {
        return Err(refused("InvalidParameters", "Content has no files."));
    }
    site.tasks.push(Task { submitted_at: call.received_at, urls });
    Ok(json!({ "TaskId": task_id(site.tasks.len()) }))
}

fn task_id(number: usize) -> String {
    format!("1700555000{number}")
}

/// Lists nothing of a task at first, then objects in progress, then objects that are done; and before each of
/// them an object of another program.
fn tasks(site: &mut Site, call: &ReceivedCall) -> Result<Value, OperationError> {
    site.polls += 1;
    let since = call.param("StartTime").and_then(|time| Timestamp::from(time).value());
    let item = |task_id: &str, url: &str, state: (&str, &str), submitted_at: SystemTime| {
        json!({
            "TaskId": task_id, "Type": "file", "Content": url, "Status": state.0,
            "Process": state.1, "Description": "", "CreateTime": Timestamp::from(submitted_at).as_str(),
        })
    };
    let mut listed = Vec::new();
    let tasks = (1..).zip(&site.tasks);
    for (number, task) in
        tasks.filter(|(_, task)| since.is_none_or(|since| task.submitted_at >= since))
    {
        for (index, url) in task.urls.iter().enumerate() {
            listed.push(item("17005549999", url, ("Failed", "0%"), task.submitted_at));
            let is_done = site.polls > 2 || index == 0;
            let state = if is_done { ("Complete", "100%") } else { ("Refreshing", "62.5%") };
            if site.polls > 1 {
                listed.push(item(&task_id(number), url, state, task.submitted_at));
            }
        }
    }
    let page = Page::requested(call);
    Ok(json!({ "PageNumber": page.number, "PageSize": page.size, "TotalCount": listed.len(),
        "Tasks": page.select(&listed) }))
}
