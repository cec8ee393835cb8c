//! Errors of state files.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use alicloud_core::wire::printable::printable;

/// Error of a state file. `Display` says which file, what is wrong and what to do.
///
/// ```
/// use alicloud_cdn_refresh::StateFile;
///
/// # let directory = tempfile::tempdir()?;
/// let error = StateFile::open(directory.path()).unwrap_err();
/// assert!(error.to_string().ends_with(" is not a regular file; choose another path"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct StateError {
    path: PathBuf,
    kind: StateErrorKind,
}

#[derive(Debug)]
pub(super) enum StateErrorKind {
    AlreadyExists,
    InUse,
    NotRegularFile,
    NoDirectory(PathBuf),
    Read(io::Error),
    Write(io::Error),
    OtherVersion { version: u32, supported: u32 },
    InvalidHeader(serde_json::Error),
    InvalidLine { number: usize, source: serde_json::Error, task_ids: String },
    OtherEndpoint { endpoint: String, current: String },
    OtherAccount,
}

impl StateError {
    pub(super) fn new(path: &Path, kind: StateErrorKind) -> Self {
        StateError { path: path.to_owned(), kind }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether the file does not exist.
    ///
    /// ```
    /// use alicloud_cdn_refresh::StateFile;
    ///
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("purge.state");
    /// let error = StateFile::open(&path).unwrap_err();
    /// assert!(error.is_missing());
    /// assert_eq!(error.path(), path);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn is_missing(&self) -> bool {
        matches!(&self.kind, StateErrorKind::Read(source) if source.kind() == io::ErrorKind::NotFound)
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "state file {} ", self.path.display())?;
        match &self.kind {
            StateErrorKind::AlreadyExists => {
                f.write_str("already exists; resume from it, or choose another path")
            }
            StateErrorKind::InUse => f.write_str(
                "is in use by another program; wait until it ends, or choose another path",
            ),
            StateErrorKind::NotRegularFile => {
                f.write_str("is not a regular file; choose another path")
            }
            StateErrorKind::NoDirectory(directory) => write!(
                f,
                "cannot be written: the directory {} does not exist; create it",
                directory.display()
            ),
            StateErrorKind::Read(source) => {
                write!(f, "cannot be read: {source}; check the path and its permissions")
            }
            StateErrorKind::Write(source) => write!(
                f,
                "cannot be written: {source}; free disk space or correct the permissions, then resume \
                 from it"
            ),
            StateErrorKind::OtherVersion { version, supported } => write!(
                f,
                "has format version {version}, but this program reads version {supported}; finish the job \
                 with the release that wrote the file"
            ),
            StateErrorKind::InvalidHeader(source) => write!(
                f,
                "does not begin with a job ({}), so it is truncated or not a state file; if the job \
                 may have been submitted, check the task list, then delete the file",
                printable(&source.to_string())
            ),
            StateErrorKind::OtherEndpoint { endpoint, current } => write!(
                f,
                "belongs to a job of the endpoint {endpoint}, not {current}; pass that endpoint \
                 (--endpoint {endpoint}), or choose another file",
                endpoint = printable(endpoint)
            ),
            StateErrorKind::OtherAccount => f.write_str(
                "belongs to a job of another account or access key; use the credentials that started \
                 the job, or choose another file",
            ),
            StateErrorKind::InvalidLine { number, source, task_ids } => {
                let source = source.to_string();
                write!(f, "is damaged in line {number} ({})", printable(&source))?;
                if !task_ids.is_empty() {
                    let task_ids = printable(task_ids);
                    write!(f, "; the lines before it submitted the tasks {task_ids}")?;
                }
                f.write_str(
                    "; what happened later is unknown: check the task list, then delete the file",
                )
            }
        }
    }
}

impl std::error::Error for StateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            StateErrorKind::Read(source) | StateErrorKind::Write(source) => Some(source),
            StateErrorKind::InvalidHeader(source) | StateErrorKind::InvalidLine { source, .. } => {
                Some(source)
            }
            StateErrorKind::AlreadyExists
            | StateErrorKind::InUse
            | StateErrorKind::NotRegularFile
            | StateErrorKind::NoDirectory(_)
            | StateErrorKind::OtherVersion { .. }
            | StateErrorKind::OtherEndpoint { .. }
            | StateErrorKind::OtherAccount => None,
        }
    }
}
