//! The file of a job: only one program writes it.

use std::fs::{self, File};
use std::path::Path;

use super::error::{StateError, StateErrorKind};

pub(super) fn directory_of(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Fails for devices and pipes, which may have no end. Checked before opening, because opening a pipe
/// blocks until another program writes to it.
pub(super) fn check_regular_file(path: &Path) -> Result<(), StateErrorKind> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => Err(StateErrorKind::NotRegularFile),
        Err(source) => Err(StateErrorKind::Read(source)),
    }
}

/// Returns whether another program has locked the file. The test itself locks it for a moment.
pub(super) fn is_locked(file: &File) -> bool {
    match fs4::FileExt::try_lock_shared(file) {
        Ok(()) => {
            let _ = fs4::FileExt::unlock(file);
            false
        }
        Err(error) => matches!(error, fs4::TryLockError::WouldBlock),
    }
}

/// Locks the file until it is closed.
pub(super) fn lock(file: &File, path: &Path) -> Result<(), StateError> {
    fs4::FileExt::try_lock(file).map_err(|error| match error {
        fs4::TryLockError::WouldBlock => StateError::in_file(path, StateErrorKind::InUse),
        fs4::TryLockError::Error(source) => StateError::in_file(path, StateErrorKind::Read(source)),
    })
}
