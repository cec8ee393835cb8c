//! Tasks that were submitted before.

use alicloud_cdn_refresh::{Job, Journal, StateFile, Wait};

use crate::args::{Global, Pace, Tasks, WaitFor};
use crate::failure::{Exit, Failure};
use crate::service::Service;
use crate::show::Show;
use crate::stop;

/// Shows how tasks stand.
pub(crate) async fn status(global: &Global, show: &Show, tasks: Tasks) -> Result<Exit, Failure> {
    let (_file, mut job) = job(&tasks)?;
    let service = Service::of(global).await?;
    job.look(&service.client).await?;
    let report = job.report();
    let exit = Exit::of(&report, true, false);
    show.every_object(&report);
    show.result(&report, exit, None);
    Ok(exit)
}

/// Waits for tasks.
pub(crate) async fn wait(global: &Global, show: &Show, wait: WaitFor) -> Result<Exit, Failure> {
    let (mut file, mut job) = job(&wait.tasks)?;
    let service = Service::of(global).await?;
    let journal = file.as_mut().map(|file| file as &mut dyn Journal);
    let stopped = follow(job.wait(&service.client), &wait.pace, journal, show).await?;
    let report = job.report();
    let exit = Exit::of(&report, true, stopped);
    show.objects(&report);
    show.result(&report, exit, wait.tasks.state.as_deref());
    Ok(exit)
}

fn job(tasks: &Tasks) -> Result<(Option<StateFile>, Job), Failure> {
    match &tasks.state {
        Some(path) => {
            StateFile::open(path).map(|(file, job)| (Some(file), job)).map_err(Into::into)
        }
        None => Ok((None, Job::of_tasks(&tasks.ids)?)),
    }
}

/// Waits and shows how far it has come. The result is whether it was stopped.
pub(crate) async fn follow<'a>(
    mut wait: Wait<'a>,
    pace: &Pace,
    journal: Option<&'a mut dyn Journal>,
    show: &Show,
) -> Result<bool, Failure> {
    if let Some(limit) = pace.timeout {
        wait = wait.for_at_most(limit);
    }
    if let Some(interval) = pace.interval {
        wait = wait.every(interval, interval);
    }
    if let Some(journal) = journal {
        wait = wait.journal(journal);
    }
    let mut bar = show.bar();
    let mut asked = Box::pin(stop::asked());
    loop {
        let progress = tokio::select! {
            progress = wait.next() => progress,
            () = &mut asked => return Ok(true),
        };
        match progress {
            Some(progress) => bar.show(&progress?),
            None => return Ok(false),
        }
    }
}
