//! What the command tells: lines and tables for people, JSON lines for programs.

mod bar;
mod json;
mod people;

use std::path::Path;

use alicloud_cdn_refresh::{Event, Fate, Job, Plan, Quota, Report, Shortage};

pub(crate) use self::bar::{Bar, Sending};
use crate::args::Global;
use crate::failure::{Exit, Failure};
use crate::input::Inputs;

/// How many objects a table for people shows before only those in trouble are shown.
const MOST_ROWS: usize = 50;

/// How a job goes on.
#[derive(Clone, Copy)]
pub(crate) enum Again<'a> {
    /// By the same command, with its state file or without one.
    Submit(Option<&'a Path>),
    /// By a state file of `refresh` or `preload`: this command only asks.
    Ask(&'a Path),
    /// By the ids.
    Ids,
}

impl<'a> Again<'a> {
    pub(crate) fn of_tasks(state: Option<&'a Path>) -> Self {
        state.map_or(Again::Ids, Again::Ask)
    }

    fn state(self) -> Option<&'a Path> {
        match self {
            Again::Submit(state) => state,
            Again::Ask(state) => Some(state),
            Again::Ids => None,
        }
    }
}

/// Tells what happens.
pub(crate) struct Show {
    json: bool,
    quiet: bool,
}

impl Show {
    pub(crate) fn new(global: &Global) -> Self {
        Show { json: global.json, quiet: global.quiet }
    }

    /// Why the command ends.
    pub(crate) fn failure(&self, failure: &Failure) {
        match self.json {
            true => json::failure(failure),
            false => people::error(&failure.message),
        }
    }

    pub(crate) fn warning(&self, message: &str) {
        match self.json {
            true => json::warning(message),
            false => people::warning(message),
        }
    }

    /// What will be sent, in short.
    pub(crate) fn plan(&self, plan: &Plan) {
        match (self.json, self.quiet) {
            (_, true) => {}
            (true, _) => json::plan(plan, false),
            (false, _) => people::plan(plan),
        }
    }

    /// What would be sent, with every URL.
    pub(crate) fn whole_plan(&self, plan: &Plan) {
        match self.json {
            true => json::plan(plan, true),
            false => {
                people::plan(plan);
                people::planned_urls(plan);
            }
        }
    }

    /// What is wrong with inputs, one line each.
    pub(crate) fn refused(&self, plan: &Plan, inputs: &Inputs) {
        for (index, refused) in plan.refused().iter().enumerate() {
            let source = inputs.source(refused.place);
            match self.json {
                true => json::refused(refused, &source),
                false if index < MOST_ROWS => people::error(&format!("{source}: {refused}")),
                false => {
                    let more = plan.refused().len() - MOST_ROWS;
                    return people::error(&format!(
                        "{more} more inputs are refused (--json shows all)"
                    ));
                }
            }
        }
    }

    pub(crate) fn shortage(&self, shortage: &Shortage) {
        match self.json {
            true => json::shortage(shortage),
            false => people::error(&shortage.to_string()),
        }
    }

    pub(crate) fn quota(&self, quota: &Quota) {
        match self.json {
            true => json::quota(quota),
            false => people::quota(quota),
        }
    }

    /// That a job goes on.
    pub(crate) fn resumed(&self, job: &Job, state: &Path) {
        let report = job.report();
        match (self.json, self.quiet) {
            (_, true) => {}
            (true, _) => json::resumed(&report, state),
            (false, _) => people::note(&format!("going on from {}: {report}", state.display())),
        }
    }

    /// How the calls of a job are told while they are sent.
    pub(crate) fn sending(&self, job: &Job) -> Sending {
        Sending::new(self.json, self.quiet, job.calls().len())
    }

    /// How progress is told.
    pub(crate) fn bar(&self) -> Bar {
        Bar::new(self.json, self.quiet)
    }

    /// The end of each object, or of those in trouble when there are many or only they are wanted.
    pub(crate) fn objects(&self, report: &Report) {
        match (self.json, self.quiet) {
            (true, false) => json::objects(report.objects.iter()),
            (true, true) => json::objects(report.troubled()),
            (false, false) if report.objects.len() <= MOST_ROWS => {
                people::objects(report.objects.iter());
            }
            (false, _) => people::objects(report.troubled()),
        }
    }

    /// How each object stands, however many there are.
    pub(crate) fn every_object(&self, report: &Report) {
        match self.json {
            true => json::objects(report.objects.iter()),
            false => people::objects(report.objects.iter()),
        }
    }

    /// What was submitted and is not waited for: the tasks, and what was not taken.
    pub(crate) fn submitted(&self, job: &Job) {
        let report = job.report();
        if self.json {
            return self.objects(&report);
        }
        let was_taken = |fate: &Fate| matches!(fate, Fate::Pending { .. } | Fate::Live);
        people::objects(report.objects.iter().filter(|object| !was_taken(&object.fate)));
        if !self.quiet && !job.task_ids().is_empty() {
            people::tasks(&job.task_ids());
        }
    }

    /// The last line.
    pub(crate) fn result(&self, job: &Job, exit: Exit, again: Again<'_>) {
        let report = job.report();
        match (self.json, self.quiet && exit == Exit::Done) {
            (true, _) => json::result(&report, &job.task_ids(), exit, again),
            (false, true) => {}
            (false, false) => people::result(&report, &job.task_ids(), exit, again),
        }
    }
}

/// A step of a job, for programs.
fn call(json: bool, quiet: bool, event: &Event) {
    if json && !quiet && !matches!(event, Event::Ended { .. }) {
        json::call(event);
    }
}
