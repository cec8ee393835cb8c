//! The error of a file.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::diagnostics::CommandError;

/// Returns the error for a file that could not be used, with a remedy.
pub fn io_error(path: &Path, what: &str, error: &Error) -> CommandError {
    let remedy = match error.kind() {
        ErrorKind::NotFound => "; check the path",
        ErrorKind::PermissionDenied => "; change the permissions, or choose another path",
        ErrorKind::NotADirectory => "; a file is in the place of a folder: move it",
        ErrorKind::IsADirectory => "; choose a file, or move the folder",
        ErrorKind::ReadOnlyFilesystem => "; choose a path that can be written to",
        ErrorKind::InvalidFilename => "; choose a shorter path",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; free some space",
        _ => "",
    };
    CommandError::new(format!("error: {}: {what}: {error}{remedy}", path.display()))
}

/// Returns the error of something that is not a file, such as a pipe.
pub(super) fn not_a_file(path: &Path, what: &str) -> CommandError {
    CommandError::new(format!("error: {}: {what}: not a file; move it", path.display()))
}

/// Returns the text of a file.
pub(crate) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, CommandError> {
    String::from_utf8(bytes).map_err(|_| {
        CommandError::new(format!("error: {}: not UTF-8; save the file as UTF-8", path.display()))
    })
}
