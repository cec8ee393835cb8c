//! Lines and tables for people. Colours reach terminals only, and none where NO_COLOR is set.

use std::fmt::Display;
use std::io::{self, Write as _};

use alicloud_cdn_refresh::{Allowance, Fate, Kind, ObjectReport, Plan, Quota, Report};
use anstyle::{AnsiColor, Style};
use comfy_table::{Table, presets};

use super::Again;
use crate::failure::Exit;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// Writes a line to stdout. When nobody reads it, there is nobody to tell.
fn out(line: impl Display) {
    let _ = writeln!(anstream::AutoStream::auto(io::stdout().lock()), "{line}");
}

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
    out(format_args!("Plan: {plan}"));
    if plan.is_empty() {
        return;
    }
    let mut table = table(["  domain", "kind", "objects", "calls"]);
    let mut rows: Vec<(&str, Kind, usize, usize)> = Vec::new();
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
    out(table.trim_fmt());
}

pub(super) fn planned_urls(plan: &Plan) {
    for call in plan.calls() {
        call.objects.iter().for_each(|object| out(format_args!("{:13} {}", call.kind, object.url)));
    }
}

pub(super) fn quota(quota: &Quota) {
    let mut table = table(["kind", "left today", "of"]);
    let number = |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
    let kinds = [Kind::File, Kind::Directory, Kind::Regex, Kind::IgnoreParams, Kind::Preload];
    for kind in kinds {
        let Allowance { left, of, .. } = quota.allowance(kind);
        table.add_row([kind.to_string(), number(left), number(of)]);
    }
    out(table.trim_fmt());
    out("The quota begins anew at 00:00 in UTC+8.");
}

pub(super) fn objects<'a>(objects: impl Iterator<Item = &'a ObjectReport>) {
    for object in objects {
        let style = match object.fate {
            Fate::Live => GOOD,
            Fate::Pending { .. } | Fate::NotSent { .. } => OPEN,
            _ => BAD,
        };
        let fate = object.fate.as_str();
        let note = match &object.fate {
            Fate::Live => String::new(),
            fate => format!(" ({fate})"),
        };
        match object.url.as_str() {
            "" => out(format_args!("{style}{fate:9}{style:#} {object}")),
            url => out(format_args!("{style}{fate:9}{style:#} {}{}", plain(url), plain(&note))),
        }
    }
}

/// The ids in full: whoever does not have them cannot ask.
pub(super) fn tasks(ids: &[&str]) {
    out(format_args!("Tasks: {0}\nTo wait for them: cdn-refresh wait {0}", ids.join(",")));
}

pub(super) fn result(report: &Report, ids: &[&str], exit: Exit, again: Again<'_>) {
    let pending = report.counts().pending;
    let (style, what) = match exit {
        Exit::Done if pending > 0 => {
            let objects = if pending == 1 { "object" } else { "objects" };
            return out(format_args!("{GOOD}Submitted:{GOOD:#} {pending} {objects}, not live yet"));
        }
        Exit::Done => return out(format_args!("{GOOD}Done:{GOOD:#} {report}")),
        Exit::Failed => (BAD, "Failed"),
        Exit::Unfinished => (OPEN, "Not finished"),
        Exit::NothingSent => (BAD, "Nothing submitted"),
        Exit::Unknown => (BAD, "Not known"),
    };
    out(format_args!("{style}{what}:{style:#} {report}"));
    match (exit, again) {
        (Exit::Unknown, Again::Submit(None)) => err(
            "To find out: look into the list of tasks; with --state the command can look again.",
        ),
        (Exit::Unknown, Again::Submit(Some(path))) => err(format_args!(
            "To look again: the same command with --state {}, some minutes later; --resend-unknown sends \
             again what is not found.",
            path.display()
        )),
        (Exit::Unknown, Again::Ask(path)) => err(format_args!(
            "To look for lost calls: cdn-refresh refresh, or preload, with --state {} and no URL.",
            path.display()
        )),
        (Exit::Unfinished, Again::Submit(Some(path)) | Again::Ask(path)) => err(format_args!(
            "To go on: the same command with --state {}; the service remembers tasks for 3 days.",
            path.display()
        )),
        (Exit::Unfinished, _) if !ids.is_empty() => err(format_args!(
            "To go on: cdn-refresh wait {}; the service remembers tasks for 3 days.",
            ids.join(",")
        )),
        _ => err("What each object says tells what to do; only those need to be sent again."),
    }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}
