//! Where a job is stored, for messages.

use std::fmt;
use std::path::PathBuf;

#[cfg(feature = "redis")]
use alicloud_core::wire::printable::printable;

/// Where a job is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    File(PathBuf),
    #[cfg(feature = "redis")]
    Redis {
        /// The server, without credentials.
        server: String,
        job: String,
    },
}

impl Location {
    /// Returns what to choose instead of this location.
    pub(super) fn alternative(&self) -> &'static str {
        match self {
            Location::File(_) => "another path",
            #[cfg(feature = "redis")]
            Location::Redis { .. } => "another name",
        }
    }

    /// Returns what contains the job.
    pub(super) fn container(&self) -> String {
        match self {
            Location::File(_) => "the file".to_owned(),
            #[cfg(feature = "redis")]
            Location::Redis { job, .. } => {
                format!("the keys {}*", key_prefix(job))
            }
        }
    }

    /// Returns a part of the container, and several parts.
    pub(super) fn part(&self) -> (&'static str, &'static str) {
        match self {
            Location::File(_) => ("line", "lines"),
            #[cfg(feature = "redis")]
            Location::Redis { .. } => ("entry", "entries"),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File(path) => write!(f, "state file {}", path.display()),
            #[cfg(feature = "redis")]
            Location::Redis { server, job } => write!(f, "job {} in {server}", printable(job)),
        }
    }
}

/// Returns how the keys of a job begin. The number is the version of the keys.
#[cfg(feature = "redis")]
pub(super) fn key_prefix(name: &str) -> String {
    format!("alicloud:job:1:{{{name}}}:")
}
