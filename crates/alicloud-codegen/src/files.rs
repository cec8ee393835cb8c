//! Files that change together: all of them, or none.

mod error;
mod staging;
mod temporary;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::diagnostics::CommandError;
pub use error::io_error;
use error::not_a_file;
pub(crate) use error::utf8;
use staging::{Staged, stage};
pub(crate) use temporary::is_temporary;
pub use temporary::{remove_all_temporary_files, remove_temporary_files};

/// Held while files change.
static COMMITTING: Mutex<()> = Mutex::new(());

/// Waits until no transaction of this process is being committed, and keeps new ones from starting while the returned
/// guard exists.
///
/// A handler of Ctrl-C ends the process with this guard, so that it leaves no half of a transaction.
pub fn pause_commits() -> MutexGuard<'static, ()> {
    COMMITTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes of files that are made together.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::files::Transaction;
///
/// let folder = tempfile::tempdir()?;
/// let mut transaction = Transaction::default();
/// transaction.write(folder.path().join("a/b.txt"), "one");
/// transaction.write(folder.path().join("c.txt"), "two");
/// transaction.remove(folder.path().join("missing.txt"));
/// assert!(transaction.commit().is_err(), "there is no file to remove");
/// assert_eq!(folder.path().read_dir()?.count(), 0, "nothing was written");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Transaction {
    /// The new content of each file; `None` to remove it.
    changes: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl Transaction {
    /// Adds a file to write or to replace. Its folders are created.
    pub fn write(&mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) {
        self.changes.insert(path.into(), Some(content.into()));
    }

    /// Adds a file to remove.
    pub fn remove(&mut self, path: impl Into<PathBuf>) {
        self.changes.insert(path.into(), None);
    }

    /// Makes the changes.
    ///
    /// The new contents, and copies of the old ones, are first written to temporary files, so that a full disk or a
    /// missing permission is found before anything changes. Then each file is replaced by a rename, and each new folder
    /// is renamed as a whole. If one cannot be, those before it are restored.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written, replaced or removed. All files are as before then.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::fs;
    ///
    /// use alicloud_codegen::files::Transaction;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let file = folder.path().join("a/b.txt");
    /// let mut transaction = Transaction::default();
    /// transaction.write(&file, "one");
    /// assert!(!file.exists());
    /// transaction.commit()?;
    /// assert_eq!(fs::read_to_string(&file)?, "one");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commit(self) -> Result<(), CommandError> {
        let _guard = pause_commits();
        let mut done: Vec<Staged> = Vec::new();
        for mut change in stage(self.changes)? {
            if let Err(error) = change.apply() {
                done.into_iter().rev().for_each(Staged::undo);
                return Err(error);
            }
            done.push(change);
        }
        Ok(())
    }
}

/// Returns the content of a file, or `None` if it does not exist.
///
/// # Errors
///
/// Returns an error if the file exists and cannot be read, or if it is a pipe or a device, which may have no end.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::files;
///
/// let folder = tempfile::tempdir()?;
/// assert_eq!(files::read(&folder.path().join("missing.txt"))?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, CommandError> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(not_a_file(path, "cannot be read"));
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(path, "cannot be read", &error)),
    }
}
