//! Hints at the next command, which can be pasted into a shell.

use alicloud_cdn_refresh::{Counts, Job, RedisConfig};

use crate::args::{GlobalOptions, ResponseFormat};
use crate::error::ExitStatus;
use crate::resume::JobCommand;
use crate::shell::shell_quoted;
use crate::state::StateLocation;

/// What the command line named as the source of the job.
#[derive(Clone, Copy)]
pub(crate) enum JobSource<'a> {
    /// URLs, and where the job is recorded.
    Urls { state_file: Option<&'a StateLocation> },
    /// A stored job of `refresh` or `preload`, in a command that only polls.
    StateFile(&'a StateLocation),
    /// A stored job that another program has open.
    StateFileInUse(&'a StateLocation),
    /// A stored job that its server has lost.
    LostJob,
    /// Task ids.
    TaskIds,
}

impl<'a> JobSource<'a> {
    pub(crate) fn state_file(self) -> Option<&'a StateLocation> {
        match self {
            JobSource::Urls { state_file } => state_file,
            JobSource::StateFile(path) | JobSource::StateFileInUse(path) => Some(path),
            JobSource::LostJob | JobSource::TaskIds => None,
        }
    }
}

/// A builder of commands that use the same service as this command.
#[derive(Clone)]
pub(super) struct Hints {
    /// The options that select the service, with a leading space. `None` with `--demo`, whose
    /// service ends with this process.
    service_options: Option<String>,
}

impl Hints {
    pub(super) fn new(global: &GlobalOptions) -> Self {
        let processes = global.processes.map(|processes| processes.to_string());
        // An invalid URL ends the command without a hint.
        let shared_limits = global.shared_limits.as_deref().map(RedisConfig::from_url);
        let shared_limits = shared_limits.and_then(|config| Some(config.ok()?.to_string()));
        let options = [
            ("--profile", &global.profile),
            ("--endpoint", &global.endpoint),
            ("--shared-limits", &shared_limits),
            ("--processes", &processes),
            ("--limit-scope", &global.limit_scope),
        ];
        let options = options.into_iter().filter_map(|(name, value)| {
            value.as_deref().map(|value| format!(" {name} {}", shell_quoted(value)))
        });
        let xml = matches!(global.response_format, ResponseFormat::Xml);
        let options = options.chain(xml.then(|| " --response-format xml".to_owned()));
        Hints { service_options: (!global.demo).then(|| options.collect()) }
    }

    /// Returns a command that sends the rest of a job and waits for it. `None` for jobs that no command
    /// submits.
    pub(super) fn resume_command(&self, job: &Job, state_file: &StateLocation) -> Option<String> {
        let service = self.service_options.as_ref()?;
        let arguments = JobCommand::from_job(job).arguments()?;
        Some(format!("cdn-refresh{service} {arguments} --wait {}", state_file.options()))
    }

    /// Returns a command that waits for the tasks.
    fn wait_command(&self, task_ids: &[&str], source: JobSource<'_>) -> Option<String> {
        let service = self.service_options.as_ref()?;
        Some(match source.state_file() {
            Some(path) => format!("cdn-refresh{service} wait {}", path.options()),
            None => format!("cdn-refresh{service} wait {}", task_ids.join(",")),
        })
    }

    /// Returns what to do after a command has ended with this result.
    pub(super) fn for_result(
        &self,
        exit_status: ExitStatus,
        job: &Job,
        counts: Counts,
        source: JobSource<'_>,
    ) -> Option<String> {
        let service = self.service_options.as_ref()?;
        let file = source.state_file();
        let resume = || self.resume_command(job, file?);
        let wait = || self.wait_command(&job.task_ids(), source);
        let is_any_response_lost = job.calls().iter().any(|call| call.state.is_response_lost());
        let unsent = counts.not_sent;
        match (exit_status, source, file) {
            (_, JobSource::StateFileInUse(path), _)
                if counts.pending + counts.unknown + unsent > 0 =>
            {
                let path = shell_quoted(&path.to_string());
                Some(format!("To check again: cdn-refresh{service} status --state {path}"))
            }
            (_, JobSource::LostJob, _) => match job.task_ids().is_empty() {
                true => None,
                false => Some(format!("To wait for what was submitted: {}", wait()?)),
            },
            (ExitStatus::Unknown, _, Some(_)) if is_any_response_lost => {
                Some(format!("To look up lost calls again after a few minutes: {}", resume()?))
            }
            (ExitStatus::Unknown, _, None) if is_any_response_lost => Some(
                "With --state FILE, a later run can look up calls whose response was lost"
                    .to_owned(),
            ),
            (ExitStatus::Unknown, _, _) => None,
            (_, _, Some(_)) if unsent > 0 => Some(format!("To send the rest: {}", resume()?)),
            (ExitStatus::Success | ExitStatus::Failed, _, _) if counts.pending > 0 => {
                Some(format!("To wait: {}", wait()?))
            }
            (ExitStatus::Unfinished, JobSource::Urls { .. }, Some(_)) => {
                Some(format!("To resume within 3 days: {}", resume().or_else(wait)?))
            }
            (ExitStatus::Unfinished, _, _) if !job.task_ids().is_empty() => {
                let resubmit = match unsent {
                    0 => String::new(),
                    1 => "1 object was not sent; pass it again. ".to_owned(),
                    _ => format!("{unsent} objects were not sent; pass them again. "),
                };
                Some(format!("{resubmit}To resume within 3 days: {}", wait()?))
            }
            _ => None,
        }
    }
}
