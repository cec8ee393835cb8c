//! The commands `refresh`, `preload` and `plan`.

mod journal;
mod planning;
mod stored;

use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{Job, Journal, Plan, Quota};

use self::journal::ProgressJournal;
use self::planning::{
    check_input_limits, new_planner, no_inputs_error, planner_for_kind, preload_options,
    read_inputs,
};
use crate::args::{GlobalOptions, PlanArgs, PreloadArgs, RefreshArgs, SubmitOptions, WaitOptions};
use crate::deadline::Deadline;
use crate::error::{CommandError, ExitStatus, UnsentReason};
use crate::inputs::Inputs;
use crate::output::{JobSource, Output, Phase};
use crate::resume::JobCommand;
use crate::service::Service;
use crate::signals::ShutdownSignal;
use crate::state::{OpenJob, StateLocation};
use crate::tasks;

/// Runs `cdn-refresh refresh`.
pub(crate) async fn refresh(
    global: &GlobalOptions,
    output: &Output,
    args: RefreshArgs,
) -> Result<ExitStatus, CommandError> {
    let deadline = Deadline::start(args.wait.timeout);
    let mut inputs = read_inputs(&args.inputs, output, deadline).await?;
    let plan = planner_for_kind(&mut inputs, &args.inputs, args.kind)?.force(args.force).plan();
    let allow_empty = args.inputs.allow_empty;
    let command = JobCommand::Refresh { kind: args.kind };
    let (submit, wait) = (args.submit, args.wait);
    Submission { global, output, command, inputs, allow_empty, submit, wait, deadline }
        .run(plan)
        .await
}

/// Runs `cdn-refresh preload`.
pub(crate) async fn preload(
    global: &GlobalOptions,
    output: &Output,
    args: PreloadArgs,
) -> Result<ExitStatus, CommandError> {
    let deadline = Deadline::start(args.wait.timeout);
    let mut inputs = read_inputs(&args.inputs, output, deadline).await?;
    let options = preload_options(args.preload);
    let plan = new_planner(&args.inputs).preload_with(options, inputs.take_urls()).plan();
    let allow_empty = args.inputs.allow_empty;
    let command = JobCommand::Preload;
    let (submit, wait) = (args.submit, args.wait);
    Submission { global, output, command, inputs, allow_empty, submit, wait, deadline }
        .run(plan)
        .await
}

/// Runs `cdn-refresh plan`.
pub(crate) async fn plan(
    global: &GlobalOptions,
    output: &Output,
    args: PlanArgs,
) -> Result<ExitStatus, CommandError> {
    let mut inputs = read_inputs(&args.inputs, output, Deadline::start(None)).await?;
    let plan = planner_for_kind(&mut inputs, &args.inputs, args.kind)?.plan();
    check_input_limits(output, &inputs, &plan)?;
    if inputs.is_empty() && !args.inputs.allow_empty {
        return Err(no_inputs_error(&inputs));
    }
    output.full_plan(&plan);
    output.invalid_inputs(&plan, &inputs);
    let mut exceeds_quota = false;
    if args.quota {
        let service = Service::from_options(global, output).await?;
        let quota = output.show_phase(Phase::Quota, Quota::fetch(&service.client)).await;
        let quota = quota.map_err(|error| CommandError::from(&error))?;
        let shortages = plan.shortages(&quota);
        shortages.iter().for_each(|shortage| output.quota_shortage(shortage));
        exceeds_quota = !shortages.is_empty();
    }
    let is_valid =
        plan.is_empty() == inputs.is_empty() && plan.invalid_inputs().is_empty() && !exceeds_quota;
    Ok(if is_valid { ExitStatus::Success } else { ExitStatus::NothingSubmitted })
}

/// A run of `refresh` or `preload`.
struct Submission<'a> {
    global: &'a GlobalOptions,
    output: &'a Output,
    command: JobCommand,
    inputs: Inputs,
    allow_empty: bool,
    submit: SubmitOptions,
    wait: WaitOptions,
    deadline: Deadline,
}

impl Submission<'_> {
    async fn run(self, plan: Plan) -> Result<ExitStatus, CommandError> {
        check_input_limits(self.output, &self.inputs, &plan)?;
        let location = StateLocation::from_options(&self.submit.state)?;
        let mut opened = None;
        let result = Box::pin(self.run_with_state(plan, location.as_ref(), &mut opened)).await;
        if let Some(opened) = opened {
            opened.close().await;
        }
        result
    }

    async fn run_with_state(
        &self,
        plan: Plan,
        location: Option<&StateLocation>,
        opened: &mut Option<OpenJob>,
    ) -> Result<ExitStatus, CommandError> {
        let (global, output, deadline) = (self.global, self.output, self.deadline);
        if !self.inputs.is_empty() && !self.allow_empty {
            self.inputs.empty_files().for_each(|file| output.warning(&format!("no URL in {file}")));
        }
        // Before the first wait: process 1 of a container ignores signals without a handler.
        let shutdown = ShutdownSignal::listen(output);
        let stored = match location {
            Some(location) => self.open_job(&plan, location, opened, &shutdown).await?,
            None => self.check_inputs().map(|()| None)?,
        };
        let moves = location.is_some_and(StateLocation::moves);
        let source = JobSource::Urls { state_file: location };
        if stored.is_none() && self.inputs.is_empty() {
            output.result(&Job::new(plan), ExitStatus::Success, source);
            return Ok(ExitStatus::Success);
        }
        let preparing = async {
            let service = Service::from_options(global, output).await?;
            let state = match location {
                Some(location) => Some((location, service.id(output, deadline).await?)),
                None => None,
            };
            Ok::<_, CommandError>((service, state))
        };
        let (service, state) = tokio::select! {
            prepared = preparing => prepared?,
            () = shutdown.requested() => return Err(CommandError::interrupted(moves)),
        };
        if let (Some(opened), Some((_, service_id))) = (&*opened, &state) {
            opened.check_service(service_id)?;
        }
        let is_resumed = stored.is_some();
        let mut job = match (stored, location) {
            (Some(job), Some(location)) => {
                output.resumed(&job, location);
                job
            }
            _ => {
                let job = tokio::select! {
                    job = self.create_job(plan, &service.client) => job?,
                    () = deadline.passed() => return Err(deadline.error(Phase::Quota)),
                    // Until here only the quota was read.
                    () = shutdown.requested() => return Err(CommandError::interrupted(moves)),
                };
                if let Some((location, id)) = &state {
                    *opened = Some(location.create(&job, id).await?);
                }
                job
            }
        };
        let journal = opened.as_mut().map(OpenJob::journal);
        let submitting = self.submit(&mut job, &service.client, journal, is_resumed, &shutdown);
        let submitted = tokio::select! {
            submitted = output.show_phase_of(location, Phase::Submission, submitting) => submitted,
            () = deadline.passed() => Ok(()),
        };
        let is_timed_out = deadline.is_nearly_passed();
        let unsent = UnsentReason::after_submission(shutdown.is_requested(), is_timed_out, moves);
        let counts = job.report().counts();
        if is_timed_out && counts.not_sent + counts.unknown > 0 {
            output.warning("the time was up while submitting; allow more time with --timeout");
        }
        if submitted.is_err() || deadline.remaining() == Some(Duration::ZERO) {
            return Ok(tasks::print_outcome(output, &job, submitted, unsent, source));
        }
        if !self.wait.wait {
            let exit_status = ExitStatus::from_report(&job.report(), false, unsent);
            output.submitted_job(&job);
            output.result(&job, exit_status, source);
            return Ok(exit_status);
        }
        output.task_ids(&job);
        let journal = opened.as_mut().map(OpenJob::journal);
        let wait = job.wait(&service.client);
        let wait = tasks::with_limits(wait, self.wait.poll_interval, deadline);
        let waited = tasks::wait_with_progress(wait, journal, output, &shutdown).await;
        let unsent = UnsentReason::after_submission(shutdown.is_requested(), is_timed_out, moves);
        Ok(tasks::print_outcome(output, &job, waited, unsent, source))
    }

    fn check_inputs(&self) -> Result<(), CommandError> {
        match self.inputs.is_empty() && !self.allow_empty {
            true => Err(no_inputs_error(&self.inputs)),
            false => Ok(()),
        }
    }

    /// Fails if an input is invalid, unless `--partial` is set.
    fn check_all_valid(&self, plan: &Plan) -> Result<(), CommandError> {
        let (inputs_are, them) = match plan.invalid_inputs().len() {
            0 => return Ok(()),
            _ if self.submit.partial => return Ok(()),
            1 => ("input is", "it"),
            _ => ("inputs are", "them"),
        };
        Err(CommandError::nothing_submitted(format!(
            "nothing was sent because {} {inputs_are} invalid; correct {them}, or send the valid ones \
             with --partial",
            plan.invalid_inputs().len()
        )))
    }

    /// Creates a job from a plan, after checking its inputs and the quota.
    async fn create_job(&self, mut plan: Plan, client: &Client) -> Result<Job, CommandError> {
        let output = self.output;
        output.plan_summary(&plan);
        output.invalid_inputs(&plan, &self.inputs);
        self.check_all_valid(&plan)?;
        if plan.is_empty() {
            return Err(CommandError::nothing_submitted(
                "nothing was sent because no input is valid; correct the inputs",
            ));
        }
        match output.show_phase(Phase::Quota, Quota::fetch(client)).await {
            Ok(quota) => {
                let shortages = plan.shortages(&quota);
                shortages.iter().for_each(|shortage| output.quota_shortage(shortage));
                if !shortages.is_empty() && !self.submit.partial {
                    return Err(CommandError::nothing_submitted(
                        "nothing was sent because the daily quota is too small; send what fits with \
                         --partial, wait until 00:00 UTC+8, or request a higher quota",
                    ));
                }
                plan.truncate_to(&quota);
                if plan.is_empty() {
                    return Err(CommandError::nothing_submitted(
                        "nothing was sent because the daily quota is exhausted; wait until 00:00 UTC+8, \
                         or request a higher quota",
                    ));
                }
            }
            // These errors would make every other call fail as well.
            Err(error) if error.is_auth() || error.is_connect() || error.is_clock_skew() => {
                return Err(CommandError::from(&error));
            }
            Err(error) => output.warning(&format!(
                "cannot read the quota: {error}; submitting without checking it"
            )),
        }
        Ok(Job::new(plan))
    }

    /// Submits the calls that are not submitted yet.
    async fn submit<'a>(
        &self,
        job: &mut Job,
        client: &Client,
        journal: Option<&'a mut dyn Journal>,
        is_resumed: bool,
        shutdown: &'a ShutdownSignal,
    ) -> Result<(), CommandError> {
        let progress = self.output.submit_progress(job);
        let notes = progress.notes();
        let mut journal = ProgressJournal { inner: journal, progress, shutdown };
        // The job holds the outcome of each call.
        let submitting = job
            .submit(client)
            .journal(&mut journal)
            .include_deferred(is_resumed)
            .resend_unknown(self.submit.resend_unknown)
            .lookup_timeout(self.submit.lookup_timeout)
            .with_graceful_shutdown(async {
                shutdown.requested().await;
                notes.print("stopping after the calls in progress; press Ctrl-C again to stop now");
            });
        let _ = match self.deadline.remaining() {
            Some(rest) => submitting.timeout(rest).await?,
            None => submitting.await?,
        };
        Ok(())
    }
}
