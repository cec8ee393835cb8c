//! Jobs that an earlier run stored.

use alicloud_cdn_refresh::{Job, Plan};

use super::Submission;
use crate::error::CommandError;
use crate::resume::JobCommand;
use crate::signals::ShutdownSignal;
use crate::state::{OpenJob, StateLocation};
use crate::tasks;

impl Submission<'_> {
    /// Opens the stored job if there is one to resume.
    pub(super) async fn open_job(
        &self,
        plan: &Plan,
        location: &StateLocation,
        opened: &mut Option<OpenJob>,
        shutdown: &ShutdownSignal,
    ) -> Result<Option<Job>, CommandError> {
        let job = match tasks::open(location, self.output, self.deadline, shutdown).await? {
            Ok((stored, job)) => {
                *opened = Some(stored);
                job
            }
            Err(error) if error.is_missing() && self.inputs.are_omitted && !self.allow_empty => {
                return Err(CommandError::nothing_submitted(format!(
                    "{} does not exist, so there is no job to resume; check {}, or pass URLs to start a \
                     job",
                    location.description(),
                    location.what_to_check()
                )));
            }
            Err(error) if error.is_missing() => {
                location.check_writable()?;
                return self.check_inputs().map(|()| None);
            }
            Err(error) => return Err(error.into()),
        };
        self.check_stored(plan, location, &job)?;
        Ok(Some(job))
    }

    /// Fails if a stored job is not the one to resume.
    fn check_stored(
        &self,
        plan: &Plan,
        location: &StateLocation,
        job: &Job,
    ) -> Result<(), CommandError> {
        let (description, other) = (location.description(), location.alternative());
        let job_command = JobCommand::from_job(job);
        let belongs_to = |owner: String| {
            let resume = self.output.resume_command(job, location);
            let resume = resume.map_or_else(String::new, |command| {
                format!(", or resume that job with: {command}")
            });
            CommandError::nothing_submitted(format!(
                "{description} belongs to {owner}; use {other}{resume}"
            ))
        };
        if !self.command.can_continue(job_command) {
            return Err(belongs_to(format!("a job of {job_command}, not of {}", self.command)));
        }
        if self.inputs.are_omitted {
            return Ok(());
        }
        self.check_inputs()?;
        if !job.matches(plan) {
            return Err(belongs_to(format!("a job with other URLs or options ({job_command})")));
        }
        // Submitting the same URLs again usually means that their content has changed again. A job in Redis has a
        // name of its own, and the pod that finished it may have died before it told its exit code.
        if job.is_finished() && matches!(location, StateLocation::File(_)) {
            return Err(CommandError::nothing_submitted(format!(
                "{description} belongs to a finished job; delete it to submit the URLs again, or omit the \
                 URLs to print its result"
            )));
        }
        self.output.invalid_inputs(plan, &self.inputs);
        self.check_all_valid(plan)
    }
}
