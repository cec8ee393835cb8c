//! What can be wrong with a state file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::VERSION;

/// What is wrong with a state file. Its `Display` says which file, what and what to do.
#[derive(Debug)]
pub struct StateError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
pub(super) enum Why {
    Exists,
    InUse,
    NoFile,
    NoFolder(PathBuf),
    Read(io::Error),
    Write(io::Error),
    Version(u32),
    Header(serde_json::Error),
    Line { number: usize, source: serde_json::Error, task_ids: String },
}

impl StateError {
    pub(super) fn new(path: &Path, why: Why) -> Self {
        StateError { path: path.to_owned(), why }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// There is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(&self.why, Why::Read(source) if source.kind() == io::ErrorKind::NotFound)
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "state file {} ", self.path.display())?;
        match &self.why {
            Why::Exists => f.write_str("is there already: go on with it or name another one"),
            Why::InUse => {
                f.write_str("is in use by another program: wait for that one, or name another file")
            }
            Why::NoFile => f.write_str("is no regular file: name another one"),
            Why::NoFolder(folder) => {
                write!(f, "cannot be written: there is no folder {}; create it", folder.display())
            }
            Why::Read(source) => write!(f, "cannot be read: {source}; check its path and rights"),
            Why::Write(source) => write!(
                f,
                "cannot be written: {source}; make room or correct the rights, then go on with it"
            ),
            Why::Version(found) => write!(
                f,
                "is of version {found} and this program reads version {VERSION}: finish it with the \
                 program that wrote it"
            ),
            Why::Header(source) => write!(
                f,
                "does not begin with a job ({source}): it is no state file, or was cut off; if the job \
                 may have been submitted, look into the list of tasks, then delete the file"
            ),
            Why::Line { number, source, task_ids } => {
                write!(f, "is damaged in line {number} ({source})")?;
                if !task_ids.is_empty() {
                    write!(f, "; before that, the tasks {task_ids} were submitted")?;
                }
                f.write_str(
                    "; what happened after it is not known: look into the list of tasks, then delete \
                     the file",
                )
            }
        }
    }
}

impl std::error::Error for StateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.why {
            Why::Read(source) | Why::Write(source) => Some(source),
            Why::Header(source) | Why::Line { source, .. } => Some(source),
            Why::Exists | Why::InUse | Why::NoFile | Why::NoFolder(_) | Why::Version(_) => None,
        }
    }
}
