//! The end of the time that `--timeout` allows for a run.

use std::time::Duration;

use alicloud_core::{Clock as _, SystemClock};

use crate::error::{CommandError, ExitStatus};
use crate::output::Phase;

/// The end of a run with `--timeout`; without the option, a run has no end.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    start: Duration,
    timeout: Option<Duration>,
}

impl Deadline {
    /// Starts the run.
    pub(crate) fn start(timeout: Option<Duration>) -> Self {
        Deadline { start: SystemClock.elapsed(), timeout }
    }

    /// Returns the rest of the time, or `None` without a timeout.
    pub(crate) fn remaining(self) -> Option<Duration> {
        let elapsed = SystemClock.elapsed().saturating_sub(self.start);
        self.timeout.map(|timeout| timeout.saturating_sub(elapsed))
    }

    /// Waits until the time is up.
    pub(crate) async fn passed(self) {
        match self.remaining() {
            Some(rest) => tokio::time::sleep(rest).await,
            None => std::future::pending().await,
        }
    }

    /// Returns whether a submission sends no further call, because the rest of the time is for responses.
    pub(crate) fn is_nearly_passed(self) -> bool {
        let reserved = (self.timeout.unwrap_or_default() / 10).min(Duration::from_secs(5));
        self.remaining().is_some_and(|rest| rest <= reserved)
    }

    /// Returns the error of a run whose time was up before anything was sent.
    pub(crate) fn error(self, phase: Phase) -> CommandError {
        self.error_with(phase, None)
    }

    /// Returns the error of a run whose time was up while it waited for this.
    pub(crate) fn error_with(self, phase: Phase, waiting_for: Option<&str>) -> CommandError {
        let waiting_for = waiting_for.map(|text| format!(" ({text})")).unwrap_or_default();
        let cause = match phase {
            Phase::Inputs => "the program that writes them",
            Phase::State => "the server and what else runs the job",
            _ => "the network and the endpoint",
        };
        let message = format!(
            "nothing was sent because the time of {} was up while {phase}{waiting_for}; check {cause}, or allow more \
             time with --timeout",
            humantime::format_duration(self.timeout.unwrap_or_default())
        );
        CommandError { message, exit_status: ExitStatus::Unfinished }
    }
}
