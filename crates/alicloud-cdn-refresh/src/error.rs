//! Why a job cannot go on.

use std::fmt;

use crate::fate::Problem;
use crate::state::StateError;

/// Why a job cannot go on, or cannot find out how it stands. What happened until then is in the
/// [`Job`](crate::Job), and in its state file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Looking at tasks failed for good, such as for credentials that have expired.
    Call(alicloud_cdn::Error),
    /// Looking at some tasks failed in a way that may pass.
    Look(Problem),
    /// What happens cannot be recorded, so nothing more is sent.
    State(StateError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Call(error) => error.fmt(f),
            Error::Look(problem) => problem.fmt(f),
            Error::State(error) => error.fmt(f),
        }
    }
}

/// The cause's own text is its text, so the cause's cause is its cause.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Call(error) => error.source(),
            Error::Look(_) => None,
            Error::State(error) => error.source(),
        }
    }
}

impl From<alicloud_cdn::Error> for Error {
    fn from(error: alicloud_cdn::Error) -> Self {
        Error::Call(error)
    }
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        Error::State(error)
    }
}
