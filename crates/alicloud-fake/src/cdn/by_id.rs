//! Tasks by their ids: `DescribeRefreshTaskById` and `DescribePreloadDetailById`.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::urls::{domain_of, path_of};
use super::{CdnRefusal, Kind, Task};
use crate::clock;
use crate::error_code::Refusal;
use crate::products::{Fields, World};
use crate::request::Incoming;
use crate::simulation::percent_text;

/// The most ids that one call may ask for.
const MOST_IDS: usize = 10;

pub(super) fn describe_refresh_task_by_id(
    request: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let ids = request.parameter("TaskId").ok_or_else(|| Refusal::missing("TaskId"))?;
    let ids = task_ids(&ids)?;
    let pinned = world.pinned.of_ids(&ids);
    let mut tasks: Vec<Value> = pinned.into_iter().map(Task::document).collect();
    if let Some(running) = &mut world.simulation {
        let listed: Vec<Task> = ids.iter().flat_map(|id| running.listed(id, now)).collect();
        tasks.extend(listed.iter().map(Task::document));
        running.mark_read(listed.iter().map(|task| task.task_id.as_str()), now);
    }
    let mut fields = Fields::new();
    fields.insert("TotalCount".to_owned(), tasks.len().into());
    fields.insert("Tasks".to_owned(), tasks.into());
    Ok(fields)
}

/// Ids as a call has them, each once.
pub(super) fn task_ids(text: &str) -> Result<Vec<&str>, Refusal> {
    let mut ids = Vec::new();
    let mut count = 0;
    for id in text.split(',') {
        count += 1;
        if count > MOST_IDS || id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CdnRefusal::task_id());
        }
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

pub(super) fn describe_preload_detail_by_id(
    request: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let text = request.parameter("TaskId").ok_or_else(|| Refusal::missing("TaskId"))?;
    let ids = task_ids(&text)?;
    let [id] = ids[..] else {
        return Err(CdnRefusal::task_id());
    };
    let (pinned, running) = world.simulated()?;
    let is_preload = |task: &Task| task.object_type == Kind::Preload.as_str();
    let mut tasks: Vec<Task> = pinned.of_ids(&[id]).into_iter().cloned().collect();
    tasks.extend(running.listed(id, now));
    tasks.retain(is_preload);
    let details: Vec<Value> = detail(&tasks, running.ended(id, now)).into_iter().collect();
    running.mark_read(tasks.iter().map(|task| task.task_id.as_str()), now);
    let mut fields = Fields::new();
    fields.insert("TotalCount".to_owned(), details.len().into());
    fields.insert("UrlDetails".to_owned(), details.into());
    Ok(fields)
}

/// The objects of one id together, which are all of one domain.
fn detail(tasks: &[Task], ended: Option<SystemTime>) -> Option<Value> {
    let first = tasks.first()?;
    let all = |status: &str| tasks.iter().all(|task| task.status == status);
    let is_under_way = |task: &Task| matches!(task.status.as_str(), "Pending" | "Refreshing");
    let failure = tasks.iter().find(|task| !is_under_way(task) && task.status != "Complete");
    let status = match failure {
        _ if all("Pending") => "Pending",
        _ if tasks.iter().any(is_under_way) => "Refreshing",
        Some(failed) => failed.status.as_str(),
        None => "Complete",
    };
    let urls: Vec<Value> = tasks
        .iter()
        .map(|task| {
            let done = task.status == "Complete";
            json!({
                "Url": path_of(&task.object_path),
                "Success": task.process,
                "Description": if done { "Successfully preloaded" } else { &task.description },
            })
        })
        .collect();
    Some(json!({
        "TaskId": first.task_id,
        "Domain": domain_of(&first.object_path).unwrap_or_default(),
        "CreationTime": first.creation_time,
        "EndTime": ended.map(clock::timestamp).unwrap_or_default(),
        "RetCode": if failure.is_some() { "1" } else { "0" },
        "Process": average(tasks),
        "Status": status,
        "Urls": urls,
    }))
}

fn average(tasks: &[Task]) -> String {
    let share = |task: &Task| task.process.trim_end_matches('%').parse::<f64>().unwrap_or(0.0);
    let sum: f64 = tasks.iter().map(share).sum();
    let count = f64::from(u32::try_from(tasks.len()).unwrap_or(u32::MAX));
    percent_text(sum / count / 100.0)
}
