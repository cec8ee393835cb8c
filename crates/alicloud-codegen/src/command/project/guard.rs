//! Only one command at a time changes a project.

use std::fs::{self, File};
use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::{files, sha256};

use super::find;
use crate::cache;
use crate::output::print_error;

/// Held while a command reads and changes the files of a project.
pub(crate) struct Guard {
    /// Locked until it is closed; `None` if the cache folder cannot be written to.
    _file: Option<File>,
}

/// Waits until no other command changes the project, and removes the temporary files of one that was killed.
pub(crate) fn guard(folder: Option<&Path>) -> Result<Guard, CommandError> {
    let root = find(folder)?.or(folder.map(Path::to_owned)).unwrap_or_default();
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { &root };
    let guard = Guard { _file: lock(root) };
    files::remove_temporary_files(root);
    Ok(guard)
}

/// Locks a file in the cache folder: a file in the project would have to be ignored by its version control.
fn lock(root: &Path) -> Option<File> {
    let root = fs::canonicalize(root).ok()?;
    let folder = cache::folder()?;
    fs::create_dir_all(&folder).ok()?;
    let name = sha256(root.as_os_str().as_encoded_bytes());
    let file = File::create(folder.join(format!("{name}.lock"))).ok()?;
    if let Err(fs4::TryLockError::WouldBlock) = fs4::FileExt::try_lock(&file) {
        print_error("waiting for another `alicloud-codegen` in this project");
        fs4::FileExt::lock(&file).ok()?;
    }
    Some(file)
}
