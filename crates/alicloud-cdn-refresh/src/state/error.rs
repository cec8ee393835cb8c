//! Errors of stored jobs.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use alicloud_core::wire::printable::printable;

use super::location::Location;
#[cfg(feature = "redis")]
use super::redis_problem::RedisProblem;

/// Error of a stored job. `Display` says which file or job, what is wrong and what to do.
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
    location: Location,
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
    OtherVersion {
        version: u32,
        supported: u32,
    },
    InvalidHeader(serde_json::Error),
    InvalidLine {
        number: usize,
        source: serde_json::Error,
        task_ids: String,
    },
    OtherEndpoint {
        endpoint: String,
        current: String,
    },
    OtherAccount,
    #[cfg(feature = "redis")]
    Redis(Box<RedisProblem>),
}

impl StateError {
    pub(super) fn new(location: Location, kind: StateErrorKind) -> Self {
        StateError { location, kind }
    }

    pub(super) fn in_file(path: &Path, kind: StateErrorKind) -> Self {
        StateError::new(Location::File(path.to_owned()), kind)
    }

    /// Returns the path of the file; `None` for a job that is not in a file.
    pub fn path(&self) -> Option<&Path> {
        match &self.location {
            Location::File(path) => Some(path),
            #[cfg(feature = "redis")]
            Location::Redis { .. } => None,
        }
    }

    /// Returns whether there is no such file or job.
    ///
    /// ```
    /// use alicloud_cdn_refresh::StateFile;
    ///
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("purge.state");
    /// let error = StateFile::open(&path).unwrap_err();
    /// assert!(error.is_missing());
    /// assert_eq!(error.path(), Some(path.as_path()));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn is_missing(&self) -> bool {
        match &self.kind {
            StateErrorKind::Read(source) => source.kind() == io::ErrorKind::NotFound,
            #[cfg(feature = "redis")]
            StateErrorKind::Redis(problem) => matches!(**problem, RedisProblem::Missing),
            _ => false,
        }
    }

    /// Returns whether a server lost a job or a part of it, so that what was submitted is known only from the
    /// task list and from the task ids that the program printed. Running the job again would submit it twice.
    ///
    /// ```
    /// use alicloud_cdn_refresh::StateFile;
    ///
    /// # let directory = tempfile::tempdir()?;
    /// let error = StateFile::open(directory.path().join("purge.state")).unwrap_err();
    /// assert!(!error.is_lost());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn is_lost(&self) -> bool {
        match &self.kind {
            #[cfg(feature = "redis")]
            StateErrorKind::Redis(problem) => matches!(
                **problem,
                RedisProblem::Gone
                    | RedisProblem::Incomplete { .. }
                    | RedisProblem::OtherEvents { .. }
            ),
            _ => false,
        }
    }

    /// Returns whether the same command can succeed later without a change of the settings: another program has
    /// the job open, or the server of the job is away.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan, StateFile};
    ///
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("purge.state");
    /// let file = StateFile::create(&path, &Job::new(Plan::refresh(["https://example.com/a.jpg"])))?;
    /// assert!(StateFile::open(&path).unwrap_err().is_temporary());
    /// # drop(file);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_temporary(&self) -> bool {
        match &self.kind {
            StateErrorKind::InUse => true,
            #[cfg(feature = "redis")]
            StateErrorKind::Redis(problem) => problem.is_temporary(),
            _ => false,
        }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.location)?;
        let (alternative, (part, parts)) = (self.location.alternative(), self.location.part());
        match &self.kind {
            StateErrorKind::AlreadyExists => {
                write!(f, "already exists; resume from it, or choose {alternative}")
            }
            StateErrorKind::InUse => write!(
                f,
                "is in use by another program; wait until it ends, or choose {alternative}"
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
                 with the release that wrote it, or choose {alternative}"
            ),
            StateErrorKind::InvalidHeader(source) => write!(
                f,
                "does not begin with a job ({}), so it is truncated or not a stored job; if the job \
                 may have been submitted, check the task list, then delete {container}",
                printable(&source.to_string()),
                container = self.location.container(),
            ),
            StateErrorKind::OtherEndpoint { endpoint, current } => write!(
                f,
                "belongs to a job of the endpoint {endpoint}, not {current}; pass that endpoint \
                 (--endpoint {endpoint}), or choose {alternative}",
                endpoint = printable(endpoint)
            ),
            StateErrorKind::OtherAccount => write!(
                f,
                "belongs to a job of another account or access key; use the credentials that started \
                 the job, or choose {alternative}",
            ),
            StateErrorKind::InvalidLine { number, source, task_ids } => {
                let source = source.to_string();
                write!(f, "is damaged in {part} {number} ({})", printable(&source))?;
                if !task_ids.is_empty() {
                    let task_ids = printable(task_ids);
                    write!(f, "; the {parts} before it submitted the tasks {task_ids}")?;
                }
                let container = self.location.container();
                write!(
                    f,
                    "; what happened later is unknown: check the task list, then delete {container}"
                )
            }
            #[cfg(feature = "redis")]
            StateErrorKind::Redis(problem) => problem.fmt(f),
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
            #[cfg(feature = "redis")]
            StateErrorKind::Redis(problem) => problem.source(),
        }
    }
}
