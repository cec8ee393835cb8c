//! A fake of ESA with one site, whose purges take three polls.

use std::error::Error;
use std::sync::{Arc, Mutex};

use alicloud_fake::{FakeService, OperationError, ReceivedCall, Spec};
use http::StatusCode;
use serde_json::{Value, json};

const DESCRIPTION: &str = include_str!("../../../specs/esa/2024-09-10/api.json");
const SITE_ID: u64 = 4_242_424_242_424;
const QUOTA: usize = 1000;

#[derive(Default)]
struct Site {
    /// The URLs of each task.
    tasks: Vec<Vec<String>>,
    polls: usize,
}

pub(crate) async fn start() -> Result<FakeService, Box<dyn Error>> {
    let site = Arc::new(Mutex::new(Site::default()));
    let with_site = |operation: fn(&mut Site, &ReceivedCall) -> _| {
        let site = Arc::clone(&site);
        move |call: &ReceivedCall| match site.lock() {
            Ok(mut site) => operation(&mut site, call),
            Err(_) => Err(refused("InternalError", "An earlier call panicked.")),
        }
    };
    let spec = Spec::try_from(DESCRIPTION)?
        .handle("GetMatchSite", |_| Ok(json!({ "SiteId": SITE_ID, "SiteName": "example.com" })))?
        .handle("GetPurgeQuota", with_site(quota))?
        .handle("PurgeCaches", with_site(purge))?
        .handle("DescribePurgeTasks", with_site(tasks))?;
    Ok(FakeService::builder().spec(spec)?.start().await?)
}

fn refused(code: &str, message: &str) -> OperationError {
    OperationError::new(StatusCode::BAD_REQUEST, code, message)
}

fn quota(site: &mut Site, _: &ReceivedCall) -> Result<Value, OperationError> {
    let used: usize = site.tasks.iter().map(Vec::len).sum();
    Ok(json!({ "Quota": QUOTA.to_string(), "Usage": used.to_string(), "Quota30Day": "0" }))
}

fn purge(site: &mut Site, call: &ReceivedCall) -> Result<Value, OperationError> {
    let content: Value = call
        .param("Content")
        .and_then(|content| serde_json::from_str(content).ok())
        .ok_or_else(|| refused("InvalidParameters", "Content is not JSON."))?;
    let files = content.get("Files").and_then(Value::as_array).map(Vec::as_slice);
    let urls: Vec<String> =
        files.unwrap_or_default().iter().filter_map(|url| Some(url.as_str()?.to_owned())).collect();
    if urls.is_empty() {
        return Err(refused("InvalidParameters", "Content has no files."));
    }
    site.tasks.push(urls);
    Ok(json!({ "TaskId": task_id(site.tasks.len()) }))
}

fn task_id(number: usize) -> String {
    format!("1700555000{number}")
}

/// Lists nothing at first, then tasks in progress, then tasks that are done, and always one of another program.
fn tasks(site: &mut Site, _: &ReceivedCall) -> Result<Value, OperationError> {
    site.polls += 1;
    let mut listed = vec![json!({
        "TaskId": "17005549999", "Type": "file", "Content": "https://www.example.com/old.css",
        "Status": "Failed", "Process": "0%", "Description": "Internal Error",
    })];
    for (number, urls) in (1..).zip(&site.tasks) {
        for (index, url) in urls.iter().enumerate().filter(|_| site.polls > 1) {
            let is_done = site.polls > 2 || index == 0;
            let (status, progress) =
                if is_done { ("Complete", "100%") } else { ("Refreshing", "62.5%") };
            listed.push(json!({
                "TaskId": task_id(number), "Type": "file", "Content": url, "Description": "",
                "Status": status, "Process": progress, "CreateTime": "2026-01-02T03:04:05Z",
            }));
        }
    }
    Ok(json!({ "PageNumber": 1, "PageSize": 50, "TotalCount": listed.len(), "Tasks": listed }))
}
