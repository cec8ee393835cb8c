//! Files of the workspace of drivers.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;

/// Writes a file atomically. Leaves a file with the same content alone, so that cargo, which compares
/// modification times, does not rebuild.
pub(super) fn write_if_changed(path: &Path, text: &str) -> Result<(), CommandError> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map_err(|error| error.error).map(drop)
    };
    write().map_err(|error| write_error(path, &error))
}

pub(super) fn write_error(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(format!("error: {}: cannot be written: {error}", path.display()))
}
