//! What the command tells: lines and tables for people, JSON lines for programs.

mod bar;
mod hint;
mod human;
mod json;
pub(crate) mod out;
mod sending;

use std::path::Path;

use alicloud_cdn_refresh::{Job, ObjectReport, ObjectStatus, Plan, Quota, QuotaShortage, Report};

pub(crate) use self::bar::Bar;
pub(crate) use self::hint::Given;
pub(crate) use self::sending::Sending;
use crate::args::Global;
use crate::failure::{Exit, Failure};
use crate::input::Inputs;

/// How many objects are shown to people one by one.
const MOST_ROWS: usize = 50;

/// Tells what happens.
#[derive(Clone)]
pub(crate) struct Show {
    json: bool,
    quiet: bool,
    again: hint::Again,
}

impl Show {
    pub(crate) fn new(global: &Global) -> Self {
        Show { json: global.json, quiet: global.quiet, again: hint::Again::new(global) }
    }

    /// Why the command ends.
    pub(crate) fn failure(&self, failure: &Failure) {
        match self.json {
            true => json::failure(failure),
            false => human::error(&failure.message),
        }
    }

    pub(crate) fn warning(&self, message: &str) {
        match self.json {
            true => json::warning(message),
            false => human::warning(message),
        }
    }

    /// What will be sent, in short.
    pub(crate) fn plan(&self, plan: &Plan) {
        match (self.json, self.quiet) {
            (_, true) => {}
            (true, _) => json::plan(plan, false),
            (false, _) => human::plan(plan),
        }
    }

    /// What would be sent, with every URL.
    pub(crate) fn whole_plan(&self, plan: &Plan) {
        match self.json {
            true => json::plan(plan, true),
            false => {
                human::plan(plan);
                human::planned_urls(plan);
            }
        }
    }

    /// What is wrong with inputs, one line each.
    pub(crate) fn refused(&self, plan: &Plan, inputs: &Inputs) {
        for (index, refused) in plan.invalid_inputs().iter().enumerate() {
            let source = inputs.source(refused.index);
            match self.json {
                true => json::refused(refused, &source),
                false if index < MOST_ROWS => human::error(&format!("{source}: {refused}")),
                false => {
                    let more = plan.invalid_inputs().len() - MOST_ROWS;
                    return human::error(&format!(
                        "{more} more inputs are refused (--json shows all)"
                    ));
                }
            }
        }
    }

    pub(crate) fn shortage(&self, shortage: &QuotaShortage) {
        match self.json {
            true => json::shortage(shortage),
            false => human::error(&shortage.to_string()),
        }
    }

    pub(crate) fn quota(&self, quota: &Quota) {
        match self.json {
            true => json::quota(quota),
            false => human::quota(quota),
        }
    }

    /// That a job goes on.
    pub(crate) fn resumed(&self, job: &Job, state: &Path) {
        let report = job.report();
        match (self.json, self.quiet) {
            (_, true) => {}
            (true, _) => json::resumed(&report, state),
            (false, _) => human::note(&format!("going on from {}: {report}", state.display())),
        }
    }

    /// How the calls of a job are told while they are sent.
    pub(crate) fn sending(&self, job: &Job) -> Sending {
        Sending::new(self.json, self.quiet, job)
    }

    /// How progress is told.
    pub(crate) fn bar(&self) -> Bar {
        Bar::new(self.json, self.quiet)
    }

    /// What has become of each object: of those that are live where they are few, and what is wrong.
    pub(crate) fn objects(&self, report: &Report) {
        match (self.json, self.quiet) {
            (true, false) => json::objects(report.objects.iter()),
            (true, true) => json::objects(report.not_live()),
            (false, quiet) => {
                if !quiet && report.objects.len() <= MOST_ROWS {
                    let is_live = |object: &&ObjectReport| object.status == ObjectStatus::Live;
                    human::objects(report.objects.iter().filter(is_live));
                }
                human::troubles(report);
            }
        }
    }

    /// How each object stands, however many there are.
    pub(crate) fn every_object(&self, report: &Report) {
        match self.json {
            true => json::objects(report.objects.iter()),
            false => human::objects(report.objects.iter()),
        }
    }

    /// The tasks that are waited for, before that begins: whoever is ended meanwhile has them.
    pub(crate) fn tasks(&self, job: &Job) {
        if !self.json && !self.quiet && !job.task_ids().is_empty() {
            human::tasks(&job.task_ids());
        }
    }

    /// What was submitted and is not waited for: the tasks, and what was not taken.
    pub(crate) fn submitted(&self, job: &Job) {
        let mut report = job.report();
        if self.json {
            return self.objects(&report);
        }
        self.tasks(job);
        let was_taken = |status: &ObjectStatus| {
            matches!(status, ObjectStatus::Pending { .. } | ObjectStatus::Live)
        };
        report.objects.retain(|object| !was_taken(&object.status));
        human::troubles(&report);
    }

    /// The last line.
    pub(crate) fn result(&self, job: &Job, exit: Exit, input: Given<'_>) {
        let report = job.report();
        if self.json {
            return json::result(&report, &job.task_ids(), exit, input);
        }
        if self.quiet && exit == Exit::Done {
            return;
        }
        if !self.quiet {
            human::result(&report, exit);
        }
        let hint = self.again.after(exit, job, report.counts(), input);
        hint.iter().for_each(|hint| human::note(hint));
    }
}

/// Tells a program that its arguments cannot be used.
pub(crate) fn unusable(message: &str) {
    let message = message.trim().trim_start_matches("error: ").to_owned();
    json::failure(&Failure::usage(message));
}
