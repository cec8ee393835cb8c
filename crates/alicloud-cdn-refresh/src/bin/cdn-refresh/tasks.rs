//! Tasks that were submitted before.

use alicloud_cdn_refresh::{Job, Journal, Snapshot, StateFile, Wait};

use crate::args::{Global, Pace, Tasks, WaitFor};
use crate::failure::{Exit, Failure, Unsent};
use crate::service::Service;
use crate::show::{Given, Show};
use crate::signals::Stop;

/// Shows how tasks stand.
pub(crate) async fn status(global: &Global, show: &Show, tasks: Tasks) -> Result<Exit, Failure> {
    // It changes nothing, so the file may be in use.
    let (mut job, input) = match tasks.state.as_deref() {
        Some(path) => match StateFile::read(path)? {
            Snapshot { job, is_in_use: true, .. } => (job, Given::InUse(path)),
            Snapshot { job, .. } => (job, Given::State(path)),
        },
        None => (Job::from_task_ids(&tasks.ids)?, Given::Ids),
    };
    let service = Service::of(global).await?;
    let report = job.poll_once(&service.client).await?;
    let exit = Exit::of(&report, true, Unsent::Later);
    show.every_object(&report);
    show.result(&job, exit, input);
    Ok(exit)
}

/// Waits for tasks.
pub(crate) async fn wait(global: &Global, show: &Show, wait: WaitFor) -> Result<Exit, Failure> {
    let (mut file, mut job) = match &wait.tasks.state {
        Some(path) => StateFile::open(path).map(|(file, job)| (Some(file), job))?,
        None => (None, Job::from_task_ids(&wait.tasks.ids)?),
    };
    let service = Service::of(global).await?;
    let stop = Stop::listen(show);
    let journal = file.as_mut().map(|file| file as &mut dyn Journal);
    let waited = follow(job.wait(&service.client), &wait.pace, journal, show, &stop).await;
    let input = wait.tasks.state.as_deref().map_or(Given::Ids, Given::State);
    match waited {
        // Nothing was seen, so nothing can be told.
        Err(failure) if failure.exit == Exit::NothingSent => Err(failure),
        waited => Ok(end(show, &job, waited, Unsent::Later, input)),
    }
}

/// Waits and shows how far it has come, until it is over or the program is to stop.
pub(crate) async fn follow<'a>(
    mut wait: Wait<'a>,
    pace: &Pace,
    journal: Option<&'a mut dyn Journal>,
    show: &Show,
    stop: &Stop,
) -> Result<(), Failure> {
    let is_empty = wait.is_empty();
    if let Some(limit) = pace.timeout {
        wait = wait.max_wait(limit);
    }
    if let Some(interval) = pace.poll_interval {
        wait = wait.poll_interval(interval, interval);
    }
    if let Some(journal) = journal {
        wait = wait.journal(journal);
    }
    let mut bar = show.bar();
    let (mut error, mut has_looked) = (None, false);
    loop {
        let progress = tokio::select! {
            progress = wait.next() => progress,
            () = stop.asked() => break,
        };
        let Some(progress) = progress else { break };
        let progress = progress.map_err(|error| match (Failure::from(error), has_looked) {
            (failure, true) => Failure { exit: Exit::Unfinished, ..failure },
            (failure, false) => failure,
        })?;
        bar.show(&progress);
        has_looked = progress.polls > 0;
        error = progress.error.filter(|_| progress.pending > 0);
    }
    drop(bar);
    match error {
        Some(error) => show.warning(&format!("the last look has failed: {error}")),
        None if has_looked || stop.is_asked() || is_empty => {}
        None => show.warning(
            "no look has succeeded in time: check the network and the endpoint, or allow more time with \
             --timeout",
        ),
    }
    Ok(())
}

/// Tells what has become of a job that was waited for, also when that ended early.
pub(crate) fn end(
    show: &Show,
    job: &Job,
    waited: Result<(), Failure>,
    unsent: Unsent,
    input: Given<'_>,
) -> Exit {
    let report = job.report();
    let mut exit = Exit::of(&report, true, unsent);
    if let Err(failure) = waited {
        // What was seen before counts, and what was not is not finished.
        exit = exit.max(Exit::Unfinished);
        show.failure(&Failure { exit, ..failure });
    }
    show.objects(&report);
    show.result(job, exit, input);
    exit
}
