//! The commands `status` and `wait`.

use std::time::Duration;

use alicloud_cdn_refresh::{Job, Journal, Snapshot, StateError, Wait};

use crate::args::{GlobalOptions, TaskSelection, WaitArgs};
use crate::deadline::Deadline;
use crate::error::{CommandError, ExitStatus, UnsentReason};
use crate::output::{JobSource, Output, Phase};
use crate::service::Service;
use crate::signals::ShutdownSignal;
use crate::state::{OpenJob, StateLocation};

/// Runs `cdn-refresh status`.
pub(crate) async fn status(
    global: &GlobalOptions,
    output: &Output,
    tasks: TaskSelection,
) -> Result<ExitStatus, CommandError> {
    // Only reads the job, so another program may have it open.
    let location = StateLocation::from_options(&tasks.state)?;
    let snapshot = match &location {
        Some(location) => {
            Some(output.show_phase_of(Some(location), Phase::State, location.read()).await?)
        }
        None => None,
    };
    let service = Service::from_options(global, output).await?;
    if let Some(snapshot) = &snapshot {
        snapshot.check_service(&service.id(output, Deadline::start(None)).await?)?;
    }
    let (mut job, source) = match (snapshot, &location) {
        (Some(Snapshot { job, is_in_use: true, .. }), Some(path)) => {
            (job, JobSource::StateFileInUse(path))
        }
        (Some(Snapshot { job, .. }), Some(path)) => (job, JobSource::StateFile(path)),
        _ => (Job::from_task_ids(&tasks.ids)?, JobSource::TaskIds),
    };
    let report = output.show_phase(Phase::Poll, job.poll_once(&service.client)).await?;
    let exit_status = ExitStatus::from_report(&report, true, UnsentReason::LeftToOtherCommand);
    output.all_objects(&report);
    output.result(&job, exit_status, source);
    Ok(exit_status)
}

/// Runs `cdn-refresh wait`.
pub(crate) async fn wait(
    global: &GlobalOptions,
    output: &Output,
    args: WaitArgs,
) -> Result<ExitStatus, CommandError> {
    let deadline = Deadline::start(args.poll.timeout);
    let location = StateLocation::from_options(&args.tasks.state)?;
    // Before the first wait: process 1 of a container ignores signals without a handler.
    let shutdown = ShutdownSignal::listen(output);
    let (mut opened, mut job) = match &location {
        Some(location) => {
            let (opened, job) = open(location, output, deadline, &shutdown).await??;
            (Some(opened), job)
        }
        None => (None, Job::from_task_ids(&args.tasks.ids)?),
    };
    let source = location.as_ref().map_or(JobSource::TaskIds, JobSource::StateFile);
    let result = async {
        let preparing = async {
            let service = Service::from_options(global, output).await?;
            if let Some(opened) = &opened {
                opened.check_service(&service.id(output, deadline).await?)?;
            }
            Ok::<_, CommandError>(service)
        };
        let service = tokio::select! {
            service = preparing => service?,
            () = shutdown.requested() => return Err(CommandError::interrupted(source.state_file().is_some_and(StateLocation::moves))),
        };
        let journal = opened.as_mut().map(OpenJob::journal);
        let wait = with_limits(job.wait(&service.client), args.poll.poll_interval, deadline);
        let waited = wait_with_progress(wait, journal, output, &shutdown).await;
        match waited {
            // No poll succeeded, so there is no status to print.
            Err(error) if error.exit_status == ExitStatus::NothingSubmitted => Err(error),
            waited => {
                let unsent = UnsentReason::LeftToOtherCommand;
                Ok(print_outcome(output, &job, waited, unsent, source))
            }
        }
    };
    let result = result.await;
    if let Some(opened) = opened {
        opened.close().await;
    }
    result
}

/// Opens a stored job. If another machine had it, waits until its lease expires.
pub(crate) async fn open(
    location: &StateLocation,
    output: &Output,
    deadline: Deadline,
    shutdown: &ShutdownSignal,
) -> Result<Result<(OpenJob, Job), StateError>, CommandError> {
    let opening = output.show_phase_of(Some(location), Phase::State, location.open());
    tokio::select! {
        opened = opening => Ok(opened),
        () = deadline.passed() => {
            Err(deadline.error_with(Phase::State, location.waiting_for().as_deref()))
        }
        () = shutdown.requested() => Err(CommandError::interrupted(location.moves())),
    }
}

/// Sets the interval between polls and the end of a wait, if the options set them.
pub(crate) fn with_limits<'a>(
    mut wait: Wait<'a>,
    poll_interval: Option<Duration>,
    deadline: Deadline,
) -> Wait<'a> {
    if let Some(rest) = deadline.remaining() {
        wait = wait.max_wait(rest);
    }
    match poll_interval {
        Some(interval) => wait.poll_interval(interval, interval),
        None => wait,
    }
}

/// Waits and prints progress, until everything is final, time is up or shutdown is requested.
pub(crate) async fn wait_with_progress<'a>(
    mut wait: Wait<'a>,
    journal: Option<&'a mut dyn Journal>,
    output: &Output,
    shutdown: &ShutdownSignal,
) -> Result<(), CommandError> {
    let is_empty = wait.is_empty();
    if let Some(journal) = journal {
        wait = wait.journal(journal);
    }
    let mut wait_progress = output.wait_progress();
    let (mut last_error, mut has_polled) = (None, false);
    loop {
        let next = async {
            match has_polled {
                true => wait.next().await,
                false => output.show_phase(Phase::Poll, wait.next()).await,
            }
        };
        let progress = tokio::select! {
            progress = next => progress,
            () = shutdown.requested() => break,
        };
        let Some(progress) = progress else { break };
        let progress = progress.map_err(|error| match (CommandError::from(error), has_polled) {
            (error, true) if !error.has_lost_job() => {
                CommandError { exit_status: ExitStatus::Unfinished, ..error }
            }
            (error, _) => error,
        })?;
        wait_progress.update(&progress);
        has_polled = progress.polls > 0;
        last_error = progress.error.filter(|_| progress.pending > 0);
    }
    drop(wait_progress);
    match last_error {
        Some(error) => output.warning(&format!("the last poll failed: {error}")),
        None if has_polled || shutdown.is_requested() || is_empty => {}
        None => output.warning(
            "no poll succeeded in time; check the network and the endpoint, or allow more time with \
             --timeout",
        ),
    }
    Ok(())
}

/// Prints the outcome of a job that was waited for, even if waiting ended early.
pub(crate) fn print_outcome(
    output: &Output,
    job: &Job,
    waited: Result<(), CommandError>,
    unsent: UnsentReason,
    mut source: JobSource<'_>,
) -> ExitStatus {
    let report = job.report();
    let mut exit_status = ExitStatus::from_report(&report, true, unsent);
    if let Err(error) = waited {
        match error.has_lost_job() {
            // Not 2 or 4, after which pipelines would run the command again and submit everything twice.
            true => (exit_status, source) = (ExitStatus::Failed, JobSource::LostJob),
            // Objects that were not polled to their end are unfinished.
            false => exit_status = exit_status.max(ExitStatus::Unfinished),
        }
        output.error(&CommandError { exit_status, ..error });
    }
    output.final_objects(&report);
    output.result(job, exit_status, source);
    exit_status
}
