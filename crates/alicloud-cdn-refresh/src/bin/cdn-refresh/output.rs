//! Output of the command: lines and tables for people, JSON Lines for programs.

mod hint;
mod human;
mod json;
mod phase;
mod progress_mode;
mod show_phase;
pub(crate) mod stdout;
mod submit_progress;
mod wait_progress;

use alicloud_cdn_refresh::{Job, ObjectReport, ObjectStatus, Plan, Quota, QuotaShortage, Report};

pub(crate) use self::hint::JobSource;
pub(crate) use self::phase::Phase;
pub(crate) use self::submit_progress::SubmitProgress;
pub(crate) use self::wait_progress::WaitProgress;
use crate::args::GlobalOptions;
use crate::error::{CommandError, ExitStatus};
use crate::inputs::Inputs;
use crate::state::StateLocation;

/// Maximum number of invalid inputs that are listed as JSON Lines.
const MAX_JSON_ROWS: usize = 500;

/// A printer in the format and the detail that the global options select.
#[derive(Clone)]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    hints: hint::Hints,
}

impl Output {
    pub(crate) fn new(options: &GlobalOptions) -> Self {
        Output { json: options.json, quiet: options.quiet, hints: hint::Hints::new(options) }
    }

    /// Prints the error that ends the command.
    pub(crate) fn error(&self, error: &CommandError) {
        match self.json {
            true => json::error(error),
            false => human::error(&error.message),
        }
    }

    pub(crate) fn warning(&self, message: &str) {
        match self.json {
            true => json::warning(message),
            false => human::warning(message),
        }
    }

    /// Prints the calls of a plan without their URLs.
    pub(crate) fn plan_summary(&self, plan: &Plan) {
        match (self.json, self.quiet) {
            (_, true) => {}
            (true, _) => json::plan(plan, false),
            (false, _) => human::plan(plan),
        }
    }

    /// Prints the calls of a plan with their URLs.
    pub(crate) fn full_plan(&self, plan: &Plan) {
        match self.json {
            true => json::plan(plan, true),
            false => {
                human::plan(plan);
                human::planned_urls(plan);
            }
        }
    }

    /// Prints the invalid inputs of a plan with their sources.
    pub(crate) fn invalid_inputs(&self, plan: &Plan, inputs: &Inputs) {
        let rows = if self.json { MAX_JSON_ROWS } else { human::MAX_ROWS };
        for invalid in plan.invalid_inputs().iter().take(rows) {
            let source = inputs.source(invalid.index);
            match self.json {
                true => json::invalid_input(invalid, &source),
                false => human::error(&format!("{source}: {invalid}")),
            }
        }
        match (plan.invalid_inputs().len().saturating_sub(rows), self.json) {
            (0, _) => {}
            (omitted, true) => json::omitted_invalid_inputs(omitted),
            (omitted, false) => human::error(&format!(
                "{omitted} more inputs are invalid; use --json to list the first {MAX_JSON_ROWS}"
            )),
        }
    }

    pub(crate) fn quota_shortage(&self, shortage: &QuotaShortage) {
        match self.json {
            true => json::quota_shortage(shortage),
            false => human::error(&shortage.to_string()),
        }
    }

    pub(crate) fn quota(&self, quota: &Quota) {
        match self.json {
            true => json::quota(quota),
            false => human::quota(quota),
        }
    }

    /// Prints that a job is resumed from its state file.
    pub(crate) fn resumed(&self, job: &Job, state_file: &StateLocation) {
        let report = job.report();
        match (self.json, self.quiet) {
            (_, true) => {}
            (true, _) => json::resumed(&report, state_file),
            (false, _) => {
                human::note(&format!("resuming from {}: {report}", state_file));
            }
        }
    }

    /// Returns the command that resumes a job from its state file, if there is one.
    pub(crate) fn resume_command(&self, job: &Job, state_file: &StateLocation) -> Option<String> {
        self.hints.resume_command(job, state_file)
    }

    /// Returns a display of the calls while they are submitted.
    pub(crate) fn submit_progress(&self, job: &Job) -> SubmitProgress {
        SubmitProgress::new(self.json, self.quiet, job)
    }

    /// Returns a display of the objects while they are waited for.
    pub(crate) fn wait_progress(&self) -> WaitProgress {
        WaitProgress::new(self.json, self.quiet)
    }

    /// Prints the objects that are not live and, unless there are too many of them, the live ones.
    pub(crate) fn final_objects(&self, report: &Report) {
        match (self.json, self.quiet) {
            (true, false) => json::objects(report.objects.iter()),
            (true, true) => json::objects(report.not_live()),
            (false, quiet) => {
                if !quiet && report.objects.len() <= human::MAX_ROWS {
                    let is_live = |object: &&ObjectReport| object.status == ObjectStatus::Live;
                    human::objects(report.objects.iter().filter(is_live));
                }
                human::objects_not_live(report);
            }
        }
    }

    /// Prints every object, regardless of their number.
    pub(crate) fn all_objects(&self, report: &Report) {
        match self.json {
            true => json::objects(report.objects.iter()),
            false => human::objects(report.objects.iter()),
        }
    }

    /// Prints the task ids. Called before waiting, so that they are known if the process is killed.
    pub(crate) fn task_ids(&self, job: &Job) {
        if !self.json && !self.quiet && !job.task_ids().is_empty() {
            human::task_ids(&job.task_ids());
        }
    }

    /// Prints the tasks of a job that is not waited for, and the objects without a task.
    pub(crate) fn submitted_job(&self, job: &Job) {
        let mut report = job.report();
        if self.json {
            return self.final_objects(&report);
        }
        self.task_ids(job);
        let is_submitted = |status: &ObjectStatus| {
            matches!(status, ObjectStatus::Pending { .. } | ObjectStatus::Live)
        };
        report.objects.retain(|object| !is_submitted(&object.status));
        human::objects_not_live(&report);
    }

    /// Prints the result, which is the last line, and a hint at the next command.
    pub(crate) fn result(&self, job: &Job, exit_status: ExitStatus, source: JobSource<'_>) {
        let report = job.report();
        if self.json {
            return json::result(&report, &job.task_ids(), exit_status, source);
        }
        if self.quiet && exit_status == ExitStatus::Success {
            return;
        }
        if !self.quiet {
            human::result(&report, exit_status);
        }
        let hint = self.hints.for_result(exit_status, job, report.counts(), source);
        hint.iter().for_each(|hint| human::note(hint));
    }
}

/// Prints an error of the argument parser as JSON.
pub(crate) fn usage_error(message: &str) {
    let message = message.trim().trim_start_matches("error: ").to_owned();
    json::error(&CommandError::nothing_submitted(message));
}
