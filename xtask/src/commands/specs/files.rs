//! Atomic writes of files in the repository.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use tempfile::NamedTempFile;

/// The complete new content of a file, in a temporary file in the same folder.
pub(super) struct StagedFile(NamedTempFile);

/// Writes the new content of a file to a temporary file.
pub(super) fn stage(target: &Path, bytes: &[u8]) -> Result<StagedFile, CommandError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| io_error(folder, "cannot be created", &error))?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are readable by their owner only.
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    let mut file = builder
        .tempfile_in(folder)
        .map_err(|error| io_error(folder, "cannot be written to", &error))?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| io_error(target, "cannot be written", &error))?;
    Ok(StagedFile(file))
}

impl StagedFile {
    /// Renames the temporary file to the target.
    pub(super) fn commit(self, target: &Path) -> Result<(), CommandError> {
        self.0
            .persist(target)
            .map_err(|error| io_error(target, "cannot be written", &error.error))?;
        Ok(())
    }
}

/// Returns the content of a file, or `None` if it does not exist.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, CommandError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(path, "cannot be read", &error)),
    }
}

pub(super) fn io_error(path: &Path, what: &str, error: &dyn std::fmt::Display) -> CommandError {
    CommandError::new(format!("error: {}: {what}: {error}", path.display()))
}
