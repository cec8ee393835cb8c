//! JSON lines. Each has a `type`; fields are added over time, and none changes its meaning.

use std::fmt::Display;
use std::path::Path;

use alicloud_cdn_refresh::{
    Event, InvalidInput, ObjectReport, Plan, Progress, Quota, QuotaShortage, Report,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Given, out};
use crate::failure::{Exit, Failure};

#[derive(Serialize)]
struct Line<'a, F> {
    r#type: &'a str,
    #[serde(flatten)]
    fields: F,
}

/// Writes a line.
fn line(r#type: &str, fields: impl Serialize) {
    let Ok(mut line) = serde_json::to_vec(&Line { r#type, fields }) else { return };
    line.push(b'\n');
    out::plain(&line);
}

pub(super) fn failure(failure: &Failure) {
    line("error", json!({ "message": failure.message, "exit_code": failure.exit as u8 }));
}

pub(super) fn warning(message: &str) {
    line("warning", json!({ "message": message }));
}

pub(super) fn plan(plan: &Plan, with_urls: bool) {
    let calls = plan.calls().iter().map(|call| {
        let mut fields = json!({
            "domain": call.domain,
            "kind": call.kind,
            "objects": call.objects.len(),
        });
        if let (true, Value::Object(fields)) = (with_urls, &mut fields) {
            let urls: Vec<&str> = call.objects.iter().map(|object| object.url.as_str()).collect();
            fields.insert("urls".to_owned(), json!(urls));
        }
        fields
    });
    line(
        "plan",
        json!({
            "objects": plan.object_count(),
            "duplicates": plan.duplicates().len(),
            "invalid_inputs": plan.invalid_inputs().len(),
            "calls": calls.collect::<Vec<Value>>(),
        }),
    );
}

pub(super) fn refused(refused: &InvalidInput, source: &impl Display) {
    #[derive(Serialize)]
    struct Fields<'a> {
        source: String,
        #[serde(flatten)]
        refused: &'a InvalidInput,
        message: String,
    }
    let (source, message) = (source.to_string(), refused.to_string());
    line("invalid-input", Fields { source, refused, message });
}

pub(super) fn shortage(shortage: &QuotaShortage) {
    let mut fields = json!(shortage);
    if let Value::Object(fields) = &mut fields {
        fields.insert("message".to_owned(), json!(shortage.to_string()));
    }
    line("quota-shortage", fields);
}

pub(super) fn quota(quota: &Quota) {
    line("quota", quota);
}

pub(super) fn resumed(report: &Report, state: &Path) {
    line("resumed", json!({ "state": state.display().to_string(), "counts": report.counts() }));
}

pub(super) fn call(event: &Event) {
    line("call", event);
}

pub(super) fn progress(progress: &Progress) {
    line("progress", progress);
}

/// How many ids an object shows. More of them are those of all objects of its call, which the `call` lines
/// and the result have.
const MOST_IDS: usize = 20;

pub(super) fn objects<'a>(objects: impl Iterator<Item = &'a ObjectReport>) {
    for object in objects {
        let mut fields = json!(object);
        if let Value::Object(fields) = &mut fields {
            fields.insert("message".to_owned(), json!(object.to_string()));
            if let Some(remedy) = object.status.remedy() {
                fields.insert("remedy".to_owned(), json!(remedy));
            }
            if object.task_ids.len() > MOST_IDS {
                fields.remove("task_ids");
            }
        }
        line("object", fields);
    }
}

pub(super) fn result(report: &Report, task_ids: &[&str], exit: Exit, input: Given<'_>) {
    line(
        "result",
        json!({
            "exit_code": exit as u8,
            "live": report.is_live(),
            "counts": report.counts(),
            "task_ids": task_ids,
            "state": input.state().map(|path| path.display().to_string()),
        }),
    );
}
