//! The value of `--state`: a state file, or a job in Redis.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use alicloud_cdn_refresh::{
    Job, Journal, RedisConfig, RedisJournal, RedisStore, ServiceId, Snapshot, StateError, StateFile,
};

use crate::args::StateOptions;
use crate::error::CommandError;

const DEFAULT_LEASE: Duration = Duration::from_secs(15);

const URL_FORM: &str = "write redis://HOST[:PORT][/DATABASE]/NAME";

/// Where `--state` stores a job.
#[derive(Clone)]
pub(crate) enum StateLocation {
    File(PathBuf),
    Redis { store: RedisStore, job: String },
}

/// A job that this process has opened.
pub(crate) enum OpenJob {
    File(StateFile),
    Redis(RedisJournal),
}

impl StateLocation {
    /// Reads `--state` and `--lease`. The errors never contain a password of the URL.
    pub(crate) fn from_options(options: &StateOptions) -> Result<Option<Self>, CommandError> {
        let Some(value) = &options.state else { return Ok(None) };
        let location = match value.to_str().and_then(scheme) {
            Some(scheme) => {
                redis_job(scheme, &value.to_string_lossy(), options.lease).map_err(|problem| {
                    CommandError::nothing_submitted(format!("invalid --state: {problem}"))
                })?
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
            StateLocation::Redis { store, job: name } => {
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
            StateLocation::Redis { store, job: name } => {
                OpenJob::Redis(store.create_for(name, job, service).await?)
            }
        })
    }

    /// Reads the job, although another program may have it open.
    pub(crate) async fn read(&self) -> Result<Snapshot, StateError> {
        match self {
            StateLocation::File(path) => StateFile::read(path),
            StateLocation::Redis { store, job } => store.read(job).await,
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
            StateLocation::Redis { store, job } => format!("job {job} in {}", store.config()),
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
            StateLocation::Redis { store, job } => write!(f, "{}/{job}", store.config()),
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

/// Returns the scheme of a URL, or `None` for a path.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    Some(scheme).filter(|scheme| !scheme.is_empty() && scheme.bytes().all(is_scheme))
}

/// Splits the URL of a job into that of the server and the name.
fn redis_job(scheme: &str, url: &str, lease: Option<Duration>) -> Result<StateLocation, String> {
    if !matches!(scheme.split('+').next(), Some("redis" | "rediss")) {
        return Err(format!("unknown scheme {scheme}://; {URL_FORM}, or a path without ://"));
    }
    let path_start = url.find("://").map_or(0, |start| start + "://".len());
    let split = url.rsplit_once('/').filter(|(server, _)| server.len() > path_start);
    let missing_name = || format!("the name of the job is missing; {URL_FORM}");
    let (server, name) = split.ok_or_else(missing_name)?;
    // A database without a name. An @ is the rest of a password that is not percent-encoded.
    if name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(missing_name());
    }
    if name.contains('@') {
        return Err(format!(
            "the name of the job contains @; percent-encode / in a password, or set \
             ALICLOUD_REDIS_PASSWORD, and {URL_FORM}"
        ));
    }
    let config = RedisConfig::from_url(server)
        .map_err(|error| format!("{error}, and append /NAME, the name of the job"))?;
    let lease = lease.unwrap_or(DEFAULT_LEASE);
    // Some attempts to renew the lease fit into it. A long list of URLs takes seconds on a slow line.
    let limit = (lease / 3).clamp(Duration::from_millis(500), Duration::from_secs(5));
    let connection = config.response_timeout(limit).connect_lazily();
    let store = RedisStore::new(connection).lease(lease);
    Ok(StateLocation::Redis { store, job: name.to_owned() })
}
