//! Lines and tables for people. Colors are written to terminals only, unless `NO_COLOR` is set.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Write as _};

use alicloud_cdn_refresh::{
    ObjectReport, ObjectStatus, Plan, Quota, QuotaUsage, Report, TargetKind,
};
use alicloud_core::wire::printable::printable;
use anstyle::{AnsiColor, Style};
use comfy_table::{Table, presets};

use super::stdout;
use crate::error::ExitStatus;

const SUCCESS: Style = AnsiColor::Green.on_default();
const ERROR: Style = AnsiColor::Red.on_default();
const PENDING: Style = AnsiColor::Yellow.on_default();

/// Maximum number of objects or inputs that are listed for people.
pub(super) const MAX_ROWS: usize = 50;

/// Writes a line to stderr.
pub(super) fn stderr_line(line: impl Display) {
    let _ = writeln!(anstream::AutoStream::auto(io::stderr().lock()), "{line}");
}

pub(super) fn error(message: &str) {
    stderr_line(format_args!("{ERROR}error:{ERROR:#} {}", printable(message)));
}

pub(super) fn warning(message: &str) {
    stderr_line(format_args!("{PENDING}warning:{PENDING:#} {}", printable(message)));
}

pub(super) fn note(message: &str) {
    stderr_line(printable(message));
}

pub(super) fn plan(plan: &Plan) {
    stdout::write_styled(format_args!("Plan: {plan}"));
    if plan.is_empty() {
        return;
    }
    let mut table = table(["  domain", "kind", "objects", "calls"]);
    let mut rows: Vec<(&str, TargetKind, usize, usize)> = Vec::new();
    for call in plan.calls() {
        match rows.last_mut() {
            Some((domain, kind, objects, calls))
                if *domain == call.domain && *kind == call.kind =>
            {
                *objects += call.objects.len();
                *calls += 1;
            }
            _ => rows.push((&call.domain, call.kind, call.objects.len(), 1)),
        }
    }
    for (domain, kind, objects, calls) in rows {
        table.add_row([
            format!("  {domain}"),
            kind.to_string(),
            objects.to_string(),
            calls.to_string(),
        ]);
    }
    stdout::write_styled(table.trim_fmt());
}

pub(super) fn planned_urls(plan: &Plan) {
    for call in plan.calls() {
        call.objects.iter().for_each(|object| {
            stdout::write_styled(format_args!("{:13} {}", call.kind, object.url))
        });
    }
}

pub(super) fn quota(quota: &Quota) {
    let mut table = table(["kind", "remaining today", "daily limit"]);
    let cell = |count: Option<u64>| count.map_or("?".to_owned(), |count| count.to_string());
    let kinds = [
        TargetKind::File,
        TargetKind::Directory,
        TargetKind::Regex,
        TargetKind::IgnoreParams,
        TargetKind::Preload,
    ];
    for kind in kinds {
        let QuotaUsage { remaining, limit, .. } = quota.usage(kind);
        table.add_row([kind.to_string(), cell(remaining), cell(limit)]);
    }
    stdout::write_styled(table.trim_fmt());
    stdout::write_styled("The quota resets at 00:00 UTC+8.");
}

pub(super) fn objects<'a>(objects: impl Iterator<Item = &'a ObjectReport>) {
    for object in objects {
        let style = match object.status {
            ObjectStatus::Live => SUCCESS,
            ObjectStatus::Pending { .. } | ObjectStatus::NotSent { .. } => PENDING,
            _ => ERROR,
        };
        let status = object.status.as_str();
        let detail = match &object.status {
            ObjectStatus::Live => String::new(),
            status => format!(" ({status})"),
        };
        match object.url.as_str() {
            "" => stdout::write_styled(format_args!(
                "{style}{status:9}{style:#} {}",
                printable(&object.to_string())
            )),
            url => stdout::write_styled(format_args!(
                "{style}{status:9}{style:#} {}{}",
                printable(url),
                printable(&detail)
            )),
        }
    }
}

/// Prints the objects that are not live, grouped by reason and remedy.
pub(super) fn objects_not_live(report: &Report) {
    let mut groups: Vec<(String, Vec<&ObjectReport>)> = Vec::new();
    let mut group_indexes: HashMap<String, usize> = HashMap::new();
    for object in report.not_live() {
        let reason = reason(object);
        let index = *group_indexes.entry(reason.clone()).or_insert(groups.len());
        match groups.get_mut(index) {
            Some((_, objects)) => objects.push(object),
            None => groups.push((reason, vec![object])),
        }
    }
    let mut remaining_rows = MAX_ROWS;
    for (reason, objects) in groups {
        if let [object] = objects.as_slice() {
            error(&format!("{}: {reason}", name(object)));
            continue;
        }
        error(&format!("{} objects: {reason}", objects.len()));
        // Every group shows at least one object as an example.
        let rows = objects.len().min(remaining_rows.max(1));
        remaining_rows = remaining_rows.saturating_sub(rows);
        for object in objects.iter().take(rows) {
            stderr_line(format_args!("  {}", printable(&name(object))));
        }
        if objects.len() > rows {
            stderr_line(format_args!(
                "  and {} more; use --json to list all",
                objects.len() - rows
            ));
        }
    }
}

fn name(object: &ObjectReport) -> String {
    match object.url.as_str() {
        "" => format!("task {}", object.task_ids.join(",")),
        url => url.to_owned(),
    }
}

/// Returns why an object is not live, and what to do about it.
fn reason(object: &ObjectReport) -> String {
    let status = &object.status;
    let reason = match status {
        ObjectStatus::Pending { .. } if object.url.is_empty() => {
            return "no status yet: the service lists a task a few seconds after it was submitted, for 3 \
                    days, and only for the account that owns it; check the id, or wait again"
                .to_owned();
        }
        // Without the percentage, so that all pending objects are one group.
        ObjectStatus::Pending { .. } => "not finished".to_owned(),
        // The text of a stored error includes the remedy.
        ObjectStatus::Rejected { .. }
        | ObjectStatus::Unknown { .. }
        | ObjectStatus::NotSent { error: Some(_) } => {
            return status.to_string();
        }
        status => status.to_string(),
    };
    match status.remedy() {
        Some(remedy) => format!("{reason}; {remedy}"),
        None => reason,
    }
}

/// Prints all task ids: without them the tasks cannot be polled later.
pub(super) fn task_ids(ids: &[&str]) {
    stdout::write_styled(format_args!("Tasks: {}", printable(&ids.join(","))));
}

pub(super) fn result(report: &Report, exit_status: ExitStatus) {
    let pending = report.counts().pending;
    let (style, label) = match exit_status {
        ExitStatus::Success if pending > 0 => {
            let objects = if pending == 1 { "object" } else { "objects" };
            return stdout::write_styled(format_args!(
                "{SUCCESS}Submitted:{SUCCESS:#} {pending} {objects}, not live yet"
            ));
        }
        ExitStatus::Success => (SUCCESS, "Done"),
        ExitStatus::Failed => (ERROR, "Failed"),
        ExitStatus::Unfinished => (PENDING, "Not finished"),
        ExitStatus::NothingSubmitted => (ERROR, "Nothing submitted"),
        ExitStatus::Unknown => (ERROR, "Unknown"),
    };
    stdout::write_styled(format_args!("{style}{label}:{style:#} {report}"));
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}
