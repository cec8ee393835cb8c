//! Files below the repository's root that appear whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::codegen::diagnostics::Failure;

/// A file that is written in full and not yet in its place.
pub(super) struct Ready(NamedTempFile);

/// Writes next to the target, so that putting it there is one step.
pub(super) fn prepare(target: &Path, bytes: &[u8]) -> Result<Ready, Failure> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| at(folder, "cannot be made", &error))?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A temporary file is private; a description is not.
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    let mut file =
        builder.tempfile_in(folder).map_err(|error| at(folder, "cannot be written to", &error))?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| at(target, "cannot be written", &error))?;
    Ok(Ready(file))
}

impl Ready {
    pub(super) fn put(self, target: &Path) -> Result<(), Failure> {
        self.0.persist(target).map_err(|error| at(target, "cannot be written", &error.error))?;
        Ok(())
    }
}

/// The content of a file; `None` when there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, "cannot be read", &error)),
    }
}

pub(super) fn at(path: &Path, what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("error: {}: {what}: {error}", path.display()))
}
