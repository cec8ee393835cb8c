//! JSON Lines. Each has a `type`. Fields may be added; their meaning does not change.

use std::fmt::Display;

use alicloud_cdn_refresh::{
    Event, InvalidInput, ObjectReport, Plan, Progress, Quota, QuotaShortage, Report, TargetKind,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{JobSource, Phase, stdout};
use crate::error::{CommandError, ExitStatus};
use crate::state::StateLocation;

#[derive(Serialize)]
struct Line<'a, F> {
    r#type: &'a str,
    #[serde(flatten)]
    fields: F,
}

fn write_line(r#type: &str, fields: impl Serialize) {
    let Ok(mut line) = serde_json::to_vec(&Line { r#type, fields }) else { return };
    line.push(b'\n');
    stdout::write_bytes(&line);
}

pub(super) fn error(error: &CommandError) {
    write_line("error", json!({ "message": error.message, "exit_code": error.exit_status as u8 }));
}

pub(super) fn warning(message: &str) {
    write_line("warning", json!({ "message": message }));
}

pub(super) fn plan(plan: &Plan, with_urls: bool) {
    #[derive(Serialize)]
    struct Call<'a> {
        domain: &'a str,
        kind: TargetKind,
        objects: usize,
        // Borrowed: all URLs together can take tens of megabytes.
        #[serde(skip_serializing_if = "Option::is_none")]
        urls: Option<Vec<&'a str>>,
    }
    #[derive(Serialize)]
    struct Fields<'a> {
        calls: Vec<Call<'a>>,
        duplicates: usize,
        invalid_inputs: usize,
        objects: usize,
    }
    let calls = plan.calls().iter().map(|call| Call {
        domain: &call.domain,
        kind: call.kind,
        objects: call.objects.len(),
        urls: with_urls.then(|| call.objects.iter().map(|object| object.url.as_str()).collect()),
    });
    let fields = Fields {
        calls: calls.collect(),
        duplicates: plan.duplicates().len(),
        invalid_inputs: plan.invalid_inputs().len(),
        objects: plan.object_count(),
    };
    write_line("plan", fields);
}

pub(super) fn invalid_input(invalid: &InvalidInput, source: &impl Display) {
    #[derive(Serialize)]
    struct Fields<'a> {
        source: String,
        #[serde(flatten)]
        invalid: &'a InvalidInput,
        message: String,
    }
    let (source, message) = (source.to_string(), invalid.to_string());
    write_line("invalid-input", Fields { source, invalid, message });
}

/// Prints the number of invalid inputs that are not listed.
pub(super) fn omitted_invalid_inputs(count: usize) {
    let message = format!("{count} more inputs are invalid");
    write_line("invalid-inputs-omitted", json!({ "count": count, "message": message }));
}

pub(super) fn phase(phase: Phase, seconds: u64, cause: Option<&str>) {
    let mut fields = json!({ "phase": phase.to_string(), "seconds": seconds });
    if let (Value::Object(fields), Some(cause)) = (&mut fields, cause) {
        fields.insert("cause".to_owned(), json!(cause));
    }
    write_line("phase", fields);
}

pub(super) fn quota_shortage(shortage: &QuotaShortage) {
    let mut fields = json!(shortage);
    if let Value::Object(fields) = &mut fields {
        fields.insert("message".to_owned(), json!(shortage.to_string()));
    }
    write_line("quota-shortage", fields);
}

pub(super) fn quota(quota: &Quota) {
    write_line("quota", quota);
}

pub(super) fn resumed(report: &Report, state_file: &StateLocation) {
    write_line(
        "resumed",
        json!({ "state_file": state_file.to_string(), "counts": report.counts() }),
    );
}

pub(super) fn call(event: &Event) {
    write_line("call", event);
}

pub(super) fn progress(progress: &Progress) {
    write_line("progress", progress);
}

/// Maximum number of task ids of an `object` line. More than these are the ids of every object of the
/// call, which the `call` lines and the `result` line have.
const MAX_TASK_IDS: usize = 20;

pub(super) fn objects<'a>(objects: impl Iterator<Item = &'a ObjectReport>) {
    for object in objects {
        let mut fields = json!(object);
        if let Value::Object(fields) = &mut fields {
            fields.insert("message".to_owned(), json!(object.to_string()));
            if let Some(remedy) = object.status.remedy() {
                fields.insert("remedy".to_owned(), json!(remedy));
            }
            if object.task_ids.len() > MAX_TASK_IDS {
                fields.remove("task_ids");
            }
        }
        write_line("object", fields);
    }
}

pub(super) fn result(
    report: &Report,
    task_ids: &[&str],
    exit_status: ExitStatus,
    source: JobSource<'_>,
) {
    write_line(
        "result",
        json!({
            "exit_code": exit_status as u8,
            "all_live": report.is_live(),
            "counts": report.counts(),
            "task_ids": task_ids,
            "state_file": source.state_file().map(ToString::to_string),
        }),
    );
}
