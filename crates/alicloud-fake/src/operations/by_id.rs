//! `DescribeRefreshTaskById` and `DescribePreloadDetailById`.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::backend::Backend;
use crate::cdn::{CdnError, ObjectKind, Task};
use crate::cdn::{domain_of, path_of};
use crate::clock;
use crate::error_code::ServiceError;
use crate::format::ResponseFields;
use crate::request::ParsedRequest;
use crate::simulation::percent_text;

/// The maximum number of task ids in one call.
const MAX_IDS: usize = 10;

pub(super) fn describe_refresh_task_by_id(
    request: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let ids = request.param("TaskId").ok_or_else(|| ServiceError::missing_param("TaskId"))?;
    let ids = parse_task_ids(&ids)?;
    let pinned = backend.pinned.with_ids(&ids);
    let mut tasks: Vec<Value> = pinned.into_iter().map(Task::to_json).collect();
    if let Some(simulation) = &mut backend.simulation {
        let listed: Vec<Task> =
            ids.iter().flat_map(|id| simulation.listed_tasks(id, now)).collect();
        tasks.extend(listed.iter().map(Task::to_json));
        simulation.mark_read(listed.iter().map(|task| task.task_id.as_str()), now);
    }
    let mut fields = ResponseFields::new();
    fields.insert("TotalCount".to_owned(), tasks.len().into());
    fields.insert("Tasks".to_owned(), tasks.into());
    Ok(fields)
}

/// Parses a comma-separated list of task ids and removes duplicates.
pub(super) fn parse_task_ids(text: &str) -> Result<Vec<&str>, ServiceError> {
    let mut ids = Vec::new();
    let mut count = 0;
    for id in text.split(',') {
        count += 1;
        if count > MAX_IDS || id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CdnError::invalid_task_id());
        }
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

pub(super) fn describe_preload_detail_by_id(
    request: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let text = request.param("TaskId").ok_or_else(|| ServiceError::missing_param("TaskId"))?;
    let ids = parse_task_ids(&text)?;
    let [id] = ids[..] else {
        return Err(CdnError::invalid_task_id());
    };
    let (pinned, simulation) = backend.require_simulation()?;
    let is_preload = |task: &Task| task.object_type == ObjectKind::Preload.as_str();
    let mut tasks: Vec<Task> = pinned.with_ids(&[id]).into_iter().cloned().collect();
    tasks.extend(simulation.listed_tasks(id, now));
    tasks.retain(is_preload);
    let details: Vec<Value> =
        preload_detail(&tasks, simulation.final_at(id, now)).into_iter().collect();
    simulation.mark_read(tasks.iter().map(|task| task.task_id.as_str()), now);
    let mut fields = ResponseFields::new();
    fields.insert("TotalCount".to_owned(), details.len().into());
    fields.insert("UrlDetails".to_owned(), details.into());
    Ok(fields)
}

/// Combines the tasks with one id, which all have the same domain.
fn preload_detail(tasks: &[Task], final_at: Option<SystemTime>) -> Option<Value> {
    let first = tasks.first()?;
    let all_have = |status: &str| tasks.iter().all(|task| task.status == status);
    let is_active = |task: &Task| matches!(task.status.as_str(), "Pending" | "Refreshing");
    let failed = tasks.iter().find(|task| !is_active(task) && task.status != "Complete");
    let status = match failed {
        _ if all_have("Pending") => "Pending",
        _ if tasks.iter().any(is_active) => "Refreshing",
        Some(failed) => failed.status.as_str(),
        None => "Complete",
    };
    let urls: Vec<Value> = tasks
        .iter()
        .map(|task| {
            let is_complete = task.status == "Complete";
            json!({
                "Url": path_of(&task.object_path),
                "Success": task.progress,
                "Description":
                    if is_complete { "Successfully preloaded" } else { &task.description },
            })
        })
        .collect();
    Some(json!({
        "TaskId": first.task_id,
        "Domain": domain_of(&first.object_path).unwrap_or_default(),
        "CreationTime": first.creation_time,
        "EndTime": final_at.map(clock::timestamp).unwrap_or_default(),
        "RetCode": if failed.is_some() { "1" } else { "0" },
        "Process": mean_progress(tasks),
        "Status": status,
        "Urls": urls,
    }))
}

fn mean_progress(tasks: &[Task]) -> String {
    let percent = |task: &Task| task.progress.trim_end_matches('%').parse::<f64>().unwrap_or(0.0);
    let sum: f64 = tasks.iter().map(percent).sum();
    let count = f64::from(u32::try_from(tasks.len()).unwrap_or(u32::MAX));
    percent_text(sum / count / 100.0)
}
