//! Lines and tables for people. Colours reach terminals only, and none where NO_COLOR is set.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Write as _};

use alicloud_cdn_refresh::{
    ObjectReport, ObjectStatus, Plan, Quota, QuotaUsage, Report, TargetKind,
};
use anstyle::{AnsiColor, Style};
use comfy_table::{Table, presets};

use super::{MOST_ROWS, out};
use crate::failure::Exit;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// Writes a line to stderr.
pub(super) fn err(line: impl Display) {
    let _ = writeln!(anstream::AutoStream::auto(io::stderr().lock()), "{line}");
}

/// What came from outside, without what would move a terminal's cursor.
fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

pub(super) fn error(message: &str) {
    err(format_args!("{BAD}error:{BAD:#} {}", plain(message)));
}

pub(super) fn warning(message: &str) {
    err(format_args!("{OPEN}warning:{OPEN:#} {}", plain(message)));
}

pub(super) fn note(message: &str) {
    err(plain(message));
}

pub(super) fn plan(plan: &Plan) {
    out::coloured(format_args!("Plan: {plan}"));
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
    out::coloured(table.trim_fmt());
}

pub(super) fn planned_urls(plan: &Plan) {
    for call in plan.calls() {
        call.objects
            .iter()
            .for_each(|object| out::coloured(format_args!("{:13} {}", call.kind, object.url)));
    }
}

pub(super) fn quota(quota: &Quota) {
    let mut table = table(["kind", "left today", "of"]);
    let number = |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
    let kinds = [
        TargetKind::File,
        TargetKind::Directory,
        TargetKind::Regex,
        TargetKind::IgnoreParams,
        TargetKind::Preload,
    ];
    for kind in kinds {
        let QuotaUsage { remaining, limit, .. } = quota.usage(kind);
        table.add_row([kind.to_string(), number(remaining), number(limit)]);
    }
    out::coloured(table.trim_fmt());
    out::coloured("The quota begins anew at 00:00 in UTC+8.");
}

pub(super) fn objects<'a>(objects: impl Iterator<Item = &'a ObjectReport>) {
    for object in objects {
        let style = match object.status {
            ObjectStatus::Live => GOOD,
            ObjectStatus::Pending { .. } | ObjectStatus::NotSent { .. } => OPEN,
            _ => BAD,
        };
        let status = object.status.as_str();
        let note = match &object.status {
            ObjectStatus::Live => String::new(),
            status => format!(" ({status})"),
        };
        match object.url.as_str() {
            "" => out::coloured(format_args!("{style}{status:9}{style:#} {object}")),
            url => out::coloured(format_args!(
                "{style}{status:9}{style:#} {}{}",
                plain(url),
                plain(&note)
            )),
        }
    }
}

/// What is wrong and what to do: a line where it is one object, else the reason once and the objects below.
pub(super) fn troubles(report: &Report) {
    let mut groups: Vec<(String, Vec<&ObjectReport>)> = Vec::new();
    let mut indexes: HashMap<String, usize> = HashMap::new();
    for object in report.not_live() {
        let reason = reason(object);
        let index = *indexes.entry(reason.clone()).or_insert(groups.len());
        match groups.get_mut(index) {
            Some((_, objects)) => objects.push(object),
            None => groups.push((reason, vec![object])),
        }
    }
    let mut rows = MOST_ROWS;
    for (reason, objects) in groups {
        if let [object] = objects.as_slice() {
            error(&format!("{}: {reason}", name(object)));
            continue;
        }
        error(&format!("{} objects: {reason}", objects.len()));
        // One at least, so that it can be seen what it is about.
        let shown = objects.len().min(rows.max(1));
        rows = rows.saturating_sub(shown);
        for object in objects.iter().take(shown) {
            err(format_args!("  {}", plain(&name(object))));
        }
        if objects.len() > shown {
            err(format_args!("  and {} more (--json shows all)", objects.len() - shown));
        }
    }
}

fn name(object: &ObjectReport) -> String {
    match object.url.as_str() {
        "" => format!("task {}", object.task_ids.join(",")),
        url => url.to_owned(),
    }
}

fn reason(object: &ObjectReport) -> String {
    let status = &object.status;
    let what = match status {
        ObjectStatus::Pending { .. } if object.url.is_empty() => {
            return "was not seen: the service lists a task some seconds after it was submitted and for 3 \
                    days, and only to the account that owns it; check the id, or wait again"
                .to_owned();
        }
        // How far each is would make a group of each.
        ObjectStatus::Pending { .. } => "not finished".to_owned(),
        // They say what to do.
        ObjectStatus::Rejected { .. }
        | ObjectStatus::Unknown { .. }
        | ObjectStatus::NotSent { error: Some(_) } => {
            return status.to_string();
        }
        status => status.to_string(),
    };
    match status.remedy() {
        Some(remedy) => format!("{what}; {remedy}"),
        None => what,
    }
}

/// The ids in full: whoever does not have them cannot ask.
pub(super) fn tasks(ids: &[&str]) {
    out::coloured(format_args!("Tasks: {}", ids.join(",")));
}

pub(super) fn result(report: &Report, exit: Exit) {
    let pending = report.counts().pending;
    let (style, what) = match exit {
        Exit::Done if pending > 0 => {
            let objects = if pending == 1 { "object" } else { "objects" };
            return out::coloured(format_args!(
                "{GOOD}Submitted:{GOOD:#} {pending} {objects}, not live yet"
            ));
        }
        Exit::Done => (GOOD, "Done"),
        Exit::Failed => (BAD, "Failed"),
        Exit::Unfinished => (OPEN, "Not finished"),
        Exit::NothingSent => (BAD, "Nothing submitted"),
        Exit::Unknown => (BAD, "Not known"),
    };
    out::coloured(format_args!("{style}{what}:{style:#} {report}"));
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}
