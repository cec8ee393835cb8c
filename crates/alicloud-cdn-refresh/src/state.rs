//! A job in a file, which outlives the program.

mod error;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use self::error::StateError;
use self::error::Why;
use crate::job::{CallState, Event, Job, Journal, JournalError};
use crate::status::StoredError;

/// The version of the files that this crate writes, and the only one that it reads.
const VERSION: u32 = 1;

/// A job in a file: its first line is the job as it began, each other line an [`Event`].
///
/// Every event is on the disk before what follows from it happens, so a program that is killed at any
/// moment goes on from the file without sending anything a second time. A line that was being written
/// when the program ended is no harm. While it is open, no other program can open it; to look into it there is
/// [`read`](Self::read).
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan, StateFile};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("purge.state");
/// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
/// drop(StateFile::create(&path, &job)?);
///
/// let (_file, again) = StateFile::open(&path)?;
/// assert_eq!(again, job);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    file: File,
    /// Of all whole lines, in bytes.
    length: u64,
}

/// What [`StateFile::read`] has found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The job. What another program is sending just now is [not sent](crate::ObjectStatus::NotSent) yet here.
    pub job: Job,
    /// Whether another program has the file open, so that the job may come further.
    pub is_in_use: bool,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Header<J> {
    #[serde(rename = "alicloud-cdn-refresh")]
    version: u32,
    job: J,
}

impl StateFile {
    /// Begins a file. It appears with the whole job in it or not at all.
    ///
    /// # Errors
    ///
    /// When there is a file already, or none can be written.
    pub fn create(path: impl AsRef<Path>, job: &Job) -> Result<Self, StateError> {
        let path = path.as_ref();
        let error = |why| StateError::new(path, why);
        let written = |source| error(Why::Write(source));
        let folder = folder_of(path);
        let mut line = serde_json::to_vec(&Header { version: VERSION, job })
            .map_err(|source| written(source.into()))?;
        line.push(b'\n');
        // The name that was tried says nothing to anybody.
        let temporary = tempfile::NamedTempFile::new_in(folder);
        let mut file = temporary.map_err(|failed| match failed.kind() {
            io::ErrorKind::NotFound => error(Why::NoFolder(folder.to_owned())),
            kind => written(kind.into()),
        })?;
        file.write_all(&line).and_then(|()| file.as_file().sync_all()).map_err(written)?;
        // Before it can be seen: the lock belongs to the open file and not to its name.
        lock(file.as_file(), path)?;
        let file = file.persist_noclobber(path).map_err(|refused| match refused.error {
            source if source.kind() == io::ErrorKind::AlreadyExists => error(Why::Exists),
            source => written(source),
        })?;
        // So that its name is on the disk, too. Not every system can.
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(Self { path: path.to_owned(), file, length: line.len() as u64 })
    }

    /// Opens a file and brings its job to where it was.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is in use, is of another version, or is no such file.
    pub fn open(path: impl AsRef<Path>) -> Result<(Self, Job), StateError> {
        let path = path.as_ref();
        let error = |why| StateError::new(path, why);
        is_regular(path).map_err(error)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(|source| error(Why::Read(source)))?;
        lock(&file, path)?;
        let mut state = Self { path: path.to_owned(), file, length: 0 };
        let (job, whole) = replay(&mut state.file).map_err(error)?;
        state.length = whole as u64;
        state.cut().map_err(|source| error(Why::Write(source)))?;
        Ok((state, job))
    }

    /// Whether a file can be begun there, as far as that can be seen without making one: for a program
    /// that has something to do before it knows the job.
    ///
    /// # Errors
    ///
    /// When there is no folder for it.
    pub fn check_writable(path: impl AsRef<Path>) -> Result<(), StateError> {
        let folder = folder_of(path.as_ref());
        match folder.is_dir() {
            true => Ok(()),
            false => Err(StateError::new(path.as_ref(), Why::NoFolder(folder.to_owned()))),
        }
    }

    /// Reads the job of a file as far as it has come, also while another program goes on with it.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is of another version, or is no such file.
    pub fn read(path: impl AsRef<Path>) -> Result<Snapshot, StateError> {
        let path = path.as_ref();
        let error = |why| StateError::new(path, why);
        is_regular(path).map_err(error)?;
        let mut file = File::open(path).map_err(|source| error(Why::Read(source)))?;
        let is_in_use = is_locked(&file);
        let (mut job, _) = replay(&mut file).map_err(error)?;
        if is_in_use {
            for call in &mut job.calls {
                if let CallState::Sending { .. } = call.state {
                    call.state = CallState::Planned { error: Some(StoredError::under_way()) };
                }
            }
        }
        Ok(Snapshot { job, is_in_use })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Ends it behind the last whole line, and goes there.
    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += lines.len() as u64,
            // What stands there may be half a line, which must not become the beginning of another.
            Err(_) => self.cut()?,
        }
        written
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// A device or a pipe has no end to read to. It is looked at before it is opened: to open a pipe is to wait
/// for who writes into it.
fn is_regular(path: &Path) -> Result<(), Why> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(Why::NoFile),
        Err(source) => Err(Why::Read(source)),
    }
}

/// The job of a file as far as it has come, and how many bytes say so.
fn replay(file: &mut File) -> Result<(Job, usize), Why> {
    let mut text = Vec::new();
    file.read_to_end(&mut text).map_err(Why::Read)?;
    // What stands behind the last line break was being written when the program ended.
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut lines = text.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n');
    let mut job = header(lines.next().unwrap_or_default())?;
    for (index, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let event = serde_json::from_slice(line).map_err(|source| {
            let task_ids = job.task_ids().join(",");
            Why::Line { number: index + 2, source, task_ids }
        })?;
        job.apply(&event);
    }
    Ok((job, whole))
}

/// A child process that is just being started still has the file open, and the lock with it, unless that is
/// given up.
impl Drop for StateFile {
    fn drop(&mut self) {
        // When the file is closed at last, the lock is gone in any case.
        let _ = fs4::FileExt::unlock(&self.file);
    }
}

/// Whether somebody else has a lock on it. Nobody is kept out for longer than that takes.
fn is_locked(file: &File) -> bool {
    match fs4::FileExt::try_lock_shared(file) {
        Ok(()) => {
            let _ = fs4::FileExt::unlock(file);
            false
        }
        Err(error) => matches!(error, fs4::TryLockError::WouldBlock),
    }
}

/// Keeps others out until the file is closed.
fn lock(file: &File, path: &Path) -> Result<(), StateError> {
    fs4::FileExt::try_lock(file).map_err(|error| match error {
        fs4::TryLockError::WouldBlock => StateError::new(path, Why::InUse),
        fs4::TryLockError::Error(source) => StateError::new(path, Why::Read(source)),
    })
}

impl Journal for StateFile {
    fn record(&mut self, event: &Event) -> Result<(), JournalError> {
        self.record_all(std::slice::from_ref(event))
    }

    fn record_all(&mut self, events: &[Event]) -> Result<(), JournalError> {
        let mut lines = Vec::new();
        let encoded = events.iter().try_for_each(|event| {
            serde_json::to_writer(&mut lines, event)?;
            lines.push(b'\n');
            Ok::<(), serde_json::Error>(())
        });
        let written = match encoded {
            Ok(()) if lines.is_empty() => Ok(()),
            Ok(()) => self.append(&lines),
            Err(error) => Err(error.into()),
        };
        written.map_err(|source| StateError::new(&self.path, Why::Write(source)).into())
    }
}

fn header(line: &[u8]) -> Result<Job, Why> {
    // The version is read first: the job of another version may look different.
    match serde_json::from_slice::<Header<serde::de::IgnoredAny>>(line) {
        Ok(Header { version: VERSION, .. }) => {}
        Ok(Header { version, .. }) => return Err(Why::Version(version)),
        Err(source) => return Err(Why::Header(source)),
    }
    serde_json::from_slice::<Header<Job>>(line).map(|header| header.job).map_err(Why::Header)
}
