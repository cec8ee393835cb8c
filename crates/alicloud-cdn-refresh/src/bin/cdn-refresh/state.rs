//! The value of `--state`: a state file, or a job in Redis.

mod url;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use alicloud_cdn_refresh::{
    Job, Journal, RedisJournal, RedisStore, ServiceId, Snapshot, StateError, StateFile,
};

use crate::args::StateOptions;
use crate::error::CommandError;
use crate::shell::shell_quoted;

/// Where `--state` stores a job.
#[derive(Clone)]
pub(crate) enum StateLocation {
    File(PathBuf),
    Redis {
        store: RedisStore,
        job: String,
        /// The value of `--lease`.
        lease: Option<Duration>,
    },
}

/// A job that this process has opened.
pub(crate) enum OpenJob {
    File(StateFile),
    Redis(RedisJournal),
}

impl StateLocation {
    /// Returns whether another machine can continue the job, such as the pod that replaces an evicted one.
    pub(crate) fn moves(&self) -> bool {
        matches!(self, StateLocation::Redis { .. })
    }

    /// Reads `--state` and `--lease`. The errors never contain a password of the URL.
    pub(crate) fn from_options(options: &StateOptions) -> Result<Option<Self>, CommandError> {
        let Some(value) = &options.state else { return Ok(None) };
        let location = match value.to_str().and_then(url::scheme) {
            Some(scheme) => {
                let url = value.to_string_lossy();
                let (store, job) =
                    url::redis_job(scheme, &url, options.lease).map_err(|problem| {
                        CommandError::nothing_submitted(format!("invalid --state: {problem}"))
                    })?;
                StateLocation::Redis { store, job, lease: options.lease }
            }
            None if options.lease.is_some() => {
                return Err(CommandError::nothing_submitted(
                    "--lease is for jobs in Redis; omit it with a state file",
                ));
            }
            None => StateLocation::File(PathBuf::from(value)),
        };
        Ok(Some(location))
    }

    /// Opens the job for exclusive use.
    pub(crate) async fn open(&self) -> Result<(OpenJob, Job), StateError> {
        Ok(match self {
            StateLocation::File(path) => {
                let (file, job) = StateFile::open(path)?;
                (OpenJob::File(file), job)
            }
            StateLocation::Redis { store, job: name, .. } => {
                let (journal, job) = store.open(name).await?;
                (OpenJob::Redis(journal), job)
            }
        })
    }

    /// Creates the job.
    pub(crate) async fn create(
        &self,
        job: &Job,
        service: &ServiceId,
    ) -> Result<OpenJob, StateError> {
        Ok(match self {
            StateLocation::File(path) => OpenJob::File(StateFile::create_for(path, job, service)?),
            StateLocation::Redis { store, job: name, .. } => {
                OpenJob::Redis(store.create_for(name, job, service).await?)
            }
        })
    }

    /// Reads the job, although another program may have it open.
    pub(crate) async fn read(&self) -> Result<Snapshot, StateError> {
        match self {
            StateLocation::File(path) => StateFile::read(path),
            StateLocation::Redis { store, job, .. } => store.read(job).await,
        }
    }

    /// Fails if a job that is missing could not be created either.
    pub(crate) fn check_writable(&self) -> Result<(), StateError> {
        match self {
            StateLocation::File(path) => StateFile::check_writable(path),
            // A missing job proves that the server responds.
            StateLocation::Redis { .. } => Ok(()),
        }
    }

    /// Returns what an operation on the job waits for now, for messages.
    pub(crate) fn waiting_for(&self) -> Option<String> {
        match self {
            StateLocation::File(_) => None,
            StateLocation::Redis { store, .. } => store.waiting_for(),
        }
    }

    /// Returns the location with what it is, for messages.
    pub(crate) fn description(&self) -> String {
        match self {
            StateLocation::File(path) => format!("state file {}", path.display()),
            StateLocation::Redis { store, job, .. } => format!("job {job} in {}", store.config()),
        }
    }

    /// Returns the options that name the job, without credentials, to be pasted into a shell.
    pub(crate) fn options(&self) -> String {
        let state = format!("--state {}", shell_quoted(&self.to_string()));
        match self {
            StateLocation::Redis { lease: Some(lease), .. } => {
                let lease = humantime::format_duration(*lease).to_string();
                format!("{state} --lease {}", shell_quoted(&lease))
            }
            _ => state,
        }
    }

    /// Returns what is wrong if the job is missing, for messages.
    pub(crate) fn what_to_check(&self) -> &'static str {
        match self {
            StateLocation::File(_) => "its path",
            StateLocation::Redis { .. } => "its name and the database",
        }
    }

    /// Returns what else can be chosen, for messages.
    pub(crate) fn alternative(&self) -> &'static str {
        match self {
            StateLocation::File(_) => "another file",
            StateLocation::Redis { .. } => "another name",
        }
    }
}

/// The value of `--state` without credentials.
impl fmt::Display for StateLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateLocation::File(path) => path.display().fmt(f),
            StateLocation::Redis { store, job, .. } => write!(f, "{}/{job}", store.config()),
        }
    }
}

impl OpenJob {
    pub(crate) fn check_service(&self, current: &ServiceId) -> Result<(), StateError> {
        match self {
            OpenJob::File(file) => file.check_service(current),
            OpenJob::Redis(journal) => journal.check_service(current),
        }
    }

    pub(crate) fn journal(&mut self) -> &mut dyn Journal {
        match self {
            OpenJob::File(file) => file,
            OpenJob::Redis(journal) => journal,
        }
    }

    /// Gives the job back, so that another program can open it at once.
    pub(crate) async fn close(self) {
        match self {
            OpenJob::File(_) => {}
            OpenJob::Redis(journal) => journal.close().await,
        }
    }
}
