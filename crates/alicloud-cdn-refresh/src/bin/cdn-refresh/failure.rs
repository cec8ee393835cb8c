//! How the command ends when it cannot do what it was asked for.

use std::fmt;

use alicloud_cdn_refresh::{Error, InvalidTaskId, Report, StateError, StoredError};

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Done = 0,
    Failed = 1,
    Unfinished = 2,
    NothingSent = 3,
    Unknown = 4,
}

/// What it means that something was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// It will not be: it has failed.
    Failed,
    /// There was no time for it.
    Interrupted,
    /// Another command sends it.
    Later,
}

impl Unsent {
    pub(crate) fn after(is_interrupted: bool) -> Self {
        if is_interrupted { Unsent::Interrupted } else { Unsent::Failed }
    }
}

impl Exit {
    /// What a report comes to. What is not known comes before what has failed, and that before what
    /// takes longer.
    pub(crate) fn of(report: &Report, waited: bool, unsent: Unsent) -> Self {
        let counts = report.counts();
        let lost = counts.failed + counts.rejected + counts.invalid;
        match counts {
            _ if counts.unknown > 0 => Exit::Unknown,
            _ if counts.not_sent > 0 && lost == 0 && unsent == Unsent::Later => Exit::Unfinished,
            _ if counts.live + counts.failed + counts.pending == 0 => Exit::NothingSent,
            _ if lost > 0 => Exit::Failed,
            _ if counts.not_sent > 0 && unsent == Unsent::Interrupted => Exit::Unfinished,
            _ if counts.not_sent > 0 => Exit::Failed,
            _ if counts.pending > 0 && waited => Exit::Unfinished,
            _ => Exit::Done,
        }
    }
}

/// Why the command ends early: one line that says what is wrong and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) exit: Exit,
}

impl Failure {
    /// Nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Failure { message: message.into(), exit: Exit::NothingSent }
    }

    /// A call that only reads has failed.
    pub(crate) fn call(error: &alicloud_cdn::Error) -> Self {
        Failure::usage(StoredError::from(error).to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        Failure::usage(error.to_string())
    }
}

impl From<InvalidTaskId> for Failure {
    fn from(error: InvalidTaskId) -> Self {
        Failure::usage(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match &error {
            Error::Call(error) => Failure::call(error),
            _ => Failure::usage(error.to_string()),
        }
    }
}
