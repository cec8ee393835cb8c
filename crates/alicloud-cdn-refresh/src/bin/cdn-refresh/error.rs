//! Exit statuses, and the error that ends the command early.

use std::fmt;

use alicloud_cdn_refresh::{Error, InvalidTaskId, Report, StateError, StoredError};

/// The exit status of the command, ordered by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExitStatus {
    Success = 0,
    Failed = 1,
    Unfinished = 2,
    NothingSubmitted = 3,
    Unknown = 4,
}

/// Why objects were not sent, which decides the exit status they cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnsentReason {
    /// Sending failed.
    Failed,
    /// The user interrupted the command.
    Interrupted,
    /// The user, or the platform that stops a pod, interrupted the command, and another machine can continue its job.
    HandedOver,
    /// The time of `--timeout` was up.
    TimedOut,
    /// This command only polls; `refresh` or `preload` sends the rest.
    LeftToOtherCommand,
}

impl UnsentReason {
    /// Returns the reason after a submission has ended.
    pub(crate) fn after_submission(
        is_interrupted: bool,
        is_timed_out: bool,
        has_moving_job: bool,
    ) -> Self {
        match (is_interrupted, is_timed_out) {
            (true, _) if has_moving_job => UnsentReason::HandedOver,
            (true, _) => UnsentReason::Interrupted,
            (_, true) => UnsentReason::TimedOut,
            _ => UnsentReason::Failed,
        }
    }
}

impl ExitStatus {
    /// Returns the exit status of a report. Unknown objects take precedence over failed ones, and
    /// failed ones over unfinished ones.
    pub(crate) fn from_report(report: &Report, has_waited: bool, unsent: UnsentReason) -> Self {
        let counts = report.counts();
        let failed = counts.failed + counts.rejected + counts.invalid;
        match counts {
            _ if counts.unknown > 0 => ExitStatus::Unknown,
            _ if counts.not_sent > 0
                && failed == 0
                && unsent == UnsentReason::LeftToOtherCommand =>
            {
                ExitStatus::Unfinished
            }
            _ if counts.live + counts.failed + counts.pending == 0 => match unsent {
                UnsentReason::TimedOut | UnsentReason::HandedOver if counts.not_sent > 0 => {
                    ExitStatus::Unfinished
                }
                _ => ExitStatus::NothingSubmitted,
            },
            _ if failed > 0 => ExitStatus::Failed,
            _ if counts.not_sent > 0
                && matches!(
                    unsent,
                    UnsentReason::Interrupted | UnsentReason::HandedOver | UnsentReason::TimedOut
                ) =>
            {
                ExitStatus::Unfinished
            }
            _ if counts.not_sent > 0 => ExitStatus::Failed,
            _ if counts.pending > 0 && has_waited => ExitStatus::Unfinished,
            _ => ExitStatus::Success,
        }
    }
}

/// An error that ends the command: one line with what happened and what to do.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) message: String,
    pub(crate) exit_status: ExitStatus,
}

impl CommandError {
    /// Creates an error of a command that has submitted nothing.
    pub(crate) fn nothing_submitted(message: impl Into<String>) -> Self {
        CommandError { message: message.into(), exit_status: ExitStatus::NothingSubmitted }
    }

    /// Creates the error of a command that was interrupted before it sent anything. A job that moves between
    /// machines continues on another one.
    pub(crate) fn interrupted(has_moving_job: bool) -> Self {
        let message = "interrupted before anything was sent; run the command again".to_owned();
        let exit_status = match has_moving_job {
            true => ExitStatus::Unfinished,
            false => ExitStatus::NothingSubmitted,
        };
        CommandError { message, exit_status }
    }

    /// Returns whether the stored job is lost, so that nothing can continue it.
    pub(crate) fn has_lost_job(&self) -> bool {
        self.exit_status == ExitStatus::Failed
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// An error of a call that changes nothing, or of building the client.
impl From<&alicloud_cdn::Error> for CommandError {
    fn from(error: &alicloud_cdn::Error) -> Self {
        CommandError::nothing_submitted(StoredError::from(error).to_string())
    }
}

impl From<StateError> for CommandError {
    fn from(error: StateError) -> Self {
        CommandError { message: error.to_string(), exit_status: state_exit_status(&error) }
    }
}

/// Returns the exit status of a job that cannot be opened. Pipelines run the same command again after some of them.
fn state_exit_status(error: &StateError) -> ExitStatus {
    match error {
        error if error.is_lost() => ExitStatus::Failed,
        // A state file in use is a mistake; a job in Redis moves between machines.
        error if error.is_temporary() && error.path().is_none() => ExitStatus::Unfinished,
        _ => ExitStatus::NothingSubmitted,
    }
}

impl From<InvalidTaskId> for CommandError {
    fn from(error: InvalidTaskId) -> Self {
        CommandError::nothing_submitted(error.to_string())
    }
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        match &error {
            Error::Call(error) => CommandError::from(error),
            // The report says what was submitted.
            Error::Journal(error) => {
                let is_lost = error.downcast_ref().is_some_and(StateError::is_lost);
                let exit_status = if is_lost { ExitStatus::Failed } else { ExitStatus::Unfinished };
                CommandError { message: error.to_string(), exit_status }
            }
            _ => CommandError::nothing_submitted(error.to_string()),
        }
    }
}
