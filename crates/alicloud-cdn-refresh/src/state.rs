//! Stored jobs, which survive a crash or restart of the program.

mod error;
mod format;
mod location;
mod lock;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod redis_problem;
mod service_id;
mod snapshot;

use std::fs::{File, OpenOptions};
use std::future::ready;
use std::io::{self, Read as _, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use alicloud_core::BoxFuture;

pub use self::error::StateError;
use self::error::StateErrorKind;
use self::format::{Restored, encode_events, encode_header};
use self::location::Location;
use self::lock::{check_regular_file, directory_of, is_locked, lock};
#[cfg(feature = "redis")]
pub use self::redis::{RedisJournal, RedisStore};
pub use self::service_id::ServiceId;
pub use self::snapshot::Snapshot;
use crate::job::{Event, Job, Journal, JournalError};

/// A job in a file. The first line is the initial job, every other line an [`Event`].
///
/// Every event is on disk before the job acts on it, so a program that was killed at any moment resumes
/// from the file without sending anything twice. An incomplete last line is ignored. No other program
/// can open the file meanwhile, but it can [`read`](Self::read) it.
///
/// The file must be on a disk of this machine. The lock of a file on a network volume (NFS, NAS, SMB) can
/// be lost without notice, and a write can arrive after another machine has taken the file. Jobs that
/// move between machines need a `RedisStore`, which checks each write (feature `redis`).
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan, StateFile};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("purge.state");
/// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
/// drop(StateFile::create(&path, &job)?);
///
/// let (_file, restored) = StateFile::open(&path)?;
/// assert_eq!(restored, job);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    file: File,
    /// Length of all complete lines, in bytes.
    length: u64,
    service: Option<ServiceId>,
}

impl StateFile {
    /// Creates a file atomically: it appears with the whole job, or not at all.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan, StateFile};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("purge.state");
    /// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// let mut file = StateFile::create(&path, &job)?;
    /// # assert_eq!(file.path(), path);
    /// // Pass it to `submit` and `wait`: job.submit(&client).journal(&mut file)
    /// # let _journal: &mut dyn alicloud_cdn_refresh::Journal = &mut file;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the file already exists, its directory does not exist or it cannot be
    /// written. Resume from the existing file with [`open`](Self::open), or choose another path.
    pub fn create(path: impl AsRef<Path>, job: &Job) -> Result<Self, StateError> {
        Self::create_with(path.as_ref(), job, None)
    }

    /// Creates a file of a job that belongs to a service and an account, so that
    /// [`check_service`](Self::check_service) finds out when it is used with another one.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Job, Plan, ServiceId, StateFile};
    /// # use alicloud_core::{Credentials, testing::FakeTransport};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client_for = |endpoint: &str| -> Result<alicloud_cdn::Client, alicloud_cdn::Error> {
    /// #     alicloud_cdn::Client::builder().endpoint(endpoint)
    /// #         .credentials(Credentials::new("id", "secret")).transport(FakeTransport::new()).build()
    /// # };
    /// # let (client, other_client) = (client_for("cdn.aliyuncs.com")?, client_for("a.example")?);
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("purge.state");
    /// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
    /// let service = ServiceId::from_client(&client).await;
    /// drop(StateFile::create_for(&path, &job, &service)?);
    ///
    /// let (file, _job) = StateFile::open(&path)?;
    /// assert!(file.check_service(&service).is_ok());
    /// assert!(file.check_service(&ServiceId::from_client(&other_client).await).is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    pub fn create_for(
        path: impl AsRef<Path>,
        job: &Job,
        service: &ServiceId,
    ) -> Result<Self, StateError> {
        Self::create_with(path.as_ref(), job, Some(service.clone()))
    }

    fn create_with(path: &Path, job: &Job, service: Option<ServiceId>) -> Result<Self, StateError> {
        let error = |kind| StateError::in_file(path, kind);
        let write_error = |source| error(StateErrorKind::Write(source));
        let directory = directory_of(path);
        let line =
            encode_header(job, service.as_ref()).map_err(|source| write_error(source.into()))?;
        let temporary = tempfile::NamedTempFile::new_in(directory);
        // Only the kind: the full error names the temporary file, which means nothing to a user.
        let mut file = temporary.map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => error(StateErrorKind::NoDirectory(directory.to_owned())),
            kind => write_error(kind.into()),
        })?;
        file.write_all(&line).and_then(|()| file.as_file().sync_all()).map_err(write_error)?;
        // Locked before the file is visible: the lock belongs to the open file, not to its name.
        lock(file.as_file(), path)?;
        let file = file.persist_noclobber(path).map_err(|persist| match persist.error {
            source if source.kind() == io::ErrorKind::AlreadyExists => {
                error(StateErrorKind::AlreadyExists)
            }
            source => write_error(source),
        })?;
        // Makes the new name durable. Errors are ignored: not every system can sync a directory.
        if let Ok(directory) = File::open(directory) {
            let _ = directory.sync_all();
        }
        let (path, length) = (path.to_owned(), line.len() as u64);
        Ok(Self { path, file, length, service })
    }

    /// Opens a file for exclusive use and restores its job.
    ///
    /// ```
    /// use alicloud_cdn_refresh::StateFile;
    /// # use alicloud_cdn_refresh::{Job, Plan};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("purge.state");
    /// # drop(StateFile::create(&path, &Job::new(Plan::refresh(["https://example.com/a.jpg"])))?);
    /// let (_file, job) = StateFile::open(&path)?;
    /// assert_eq!(job.report().counts().not_sent, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the file is missing, cannot be read, is in use by another program, has
    /// another format version or is not a state file.
    pub fn open(path: impl AsRef<Path>) -> Result<(Self, Job), StateError> {
        let path = path.as_ref();
        let error = |kind| StateError::in_file(path, kind);
        check_regular_file(path).map_err(error)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(|source| error(StateErrorKind::Read(source)))?;
        lock(&file, path)?;
        let mut state = Self { path: path.to_owned(), file, length: 0, service: None };
        let (Restored { job, service }, length) = restore_file(&mut state.file).map_err(error)?;
        (state.length, state.service) = (length as u64, service);
        state.truncate().map_err(|source| error(StateErrorKind::Write(source)))?;
        Ok((state, job))
    }

    /// Checks that the directory of a path exists, without creating a file. For programs that have work
    /// to do before they know the job.
    ///
    /// ```
    /// use alicloud_cdn_refresh::StateFile;
    ///
    /// # let directory = tempfile::tempdir()?;
    /// assert!(StateFile::check_writable(directory.path().join("purge.state")).is_ok());
    /// assert!(StateFile::check_writable(directory.path().join("missing/purge.state")).is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the directory does not exist.
    pub fn check_writable(path: impl AsRef<Path>) -> Result<(), StateError> {
        let directory = directory_of(path.as_ref());
        match directory.is_dir() {
            true => Ok(()),
            false => {
                let kind = StateErrorKind::NoDirectory(directory.to_owned());
                Err(StateError::in_file(path.as_ref(), kind))
            }
        }
    }

    /// Reads the current job of a file without locking it, even while another program continues it.
    ///
    /// ```
    /// use alicloud_cdn_refresh::StateFile;
    /// # use alicloud_cdn_refresh::{Job, Plan};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("purge.state");
    /// # drop(StateFile::create(&path, &Job::new(Plan::refresh(["https://example.com/a.jpg"])))?);
    /// let snapshot = StateFile::read(&path)?;
    /// assert_eq!(snapshot.job.report().to_string(), "0 of 1 live; 1 not sent");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the file is missing, cannot be read, has another format version or is not a
    /// state file.
    pub fn read(path: impl AsRef<Path>) -> Result<Snapshot, StateError> {
        let path = path.as_ref();
        let error = |kind| StateError::in_file(path, kind);
        check_regular_file(path).map_err(error)?;
        let mut file = File::open(path).map_err(|source| error(StateErrorKind::Read(source)))?;
        let is_in_use = is_locked(&file);
        let (restored, _) = restore_file(&mut file).map_err(error)?;
        Ok(Snapshot::new(restored, is_in_use, Location::File(path.to_owned())))
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that the job belongs to this service and account. Call it before the job is continued:
    /// another service does not know its tasks, and would execute its calls a second time.
    ///
    /// Succeeds if the file does not say what it belongs to, because it was written by an older version
    /// or by [`create`](Self::create). Accounts are compared only if both used a long-term access key.
    ///
    /// # Errors
    ///
    /// Returns an error that says what the file belongs to. Use that endpoint or account, or another
    /// file.
    pub fn check_service(&self, current: &ServiceId) -> Result<(), StateError> {
        let location = Location::File(self.path.clone());
        ServiceId::check_stored(self.service.as_ref(), current, &location)
    }

    /// Truncates the file to its complete lines and seeks to its end.
    fn truncate(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += lines.len() as u64,
            // A partly written line must not become the beginning of the next one.
            Err(_) => self.truncate()?,
        }
        written
    }
}

/// Reads a file up to its last complete line. Returns the length of all complete lines, too.
fn restore_file(file: &mut File) -> Result<(Restored, usize), StateErrorKind> {
    let mut text = Vec::new();
    file.read_to_end(&mut text).map_err(StateErrorKind::Read)?;
    // Anything after the last line break was being written when the program ended.
    let length = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut lines = text.get(..length).unwrap_or_default().split(|byte| *byte == b'\n');
    let mut restoring = Restored::from_header(lines.next().unwrap_or_default())?;
    for (index, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        restoring.apply(line, index + 2)?;
    }
    Ok((restoring, length))
}

/// A child process that is just being spawned still holds the open file and with it the lock, so the
/// lock is released explicitly.
impl Drop for StateFile {
    fn drop(&mut self) {
        // On error, the lock ends when the last handle is closed.
        let _ = fs4::FileExt::unlock(&self.file);
    }
}

/// Writes when it is called, so that dropping the future leaves nothing half done.
impl Journal for StateFile {
    fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>> {
        let written = encode_events(events)
            .map_err(io::Error::from)
            .and_then(|lines| if lines.is_empty() { Ok(()) } else { self.append(&lines) });
        let error = |source| StateError::in_file(&self.path, StateErrorKind::Write(source)).into();
        Box::pin(ready(written.map_err(error)))
    }
}
