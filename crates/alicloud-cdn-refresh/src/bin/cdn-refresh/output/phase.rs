//! What a command is doing.

use std::fmt;

/// What a command is doing.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Phase {
    Inputs,
    /// The server may be away, or another program may have the job open.
    State,
    Credentials,
    Quota,
    Submission,
    Poll,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Inputs => "reading the inputs",
            Phase::State => "opening the job",
            Phase::Credentials => "loading the credentials",
            Phase::Quota => "reading the quota",
            Phase::Submission => "submitting",
            Phase::Poll => "polling the tasks",
        })
    }
}

impl Phase {
    /// Returns whether a bar shows the phase and its duration on a terminal.
    pub(super) fn has_bar(self) -> bool {
        matches!(self, Phase::Submission | Phase::Poll)
    }
}
