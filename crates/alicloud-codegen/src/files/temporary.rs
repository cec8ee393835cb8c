//! Temporary files and folders of transactions. A command that is killed leaves them.

use std::fs;
use std::path::Path;

/// The start of their names.
pub(super) const PREFIX: &str = ".alicloud-codegen-";

/// The number of letters and digits after it.
pub(super) const RANDOM: usize = 6;

/// Returns whether a path has the name of a temporary file or folder.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.strip_prefix(PREFIX).is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Removes the temporary files and folders in a folder that a killed process has left. Call it only while no other
/// process changes files there.
pub fn remove_temporary_files(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if is_temporary(&path) {
            // What cannot be removed is in the way of nothing.
            _ = match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => fs::remove_dir_all(path),
                false => fs::remove_file(path),
            };
        }
    }
}

/// Removes the temporary files and folders in a folder and in the folders below it, like [`remove_temporary_files`].
pub fn remove_all_temporary_files(folder: &Path) {
    remove_temporary_files(folder);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // What cargo writes is large and has none.
        let is_cargo_output = entry.file_name() == "target";
        if !is_cargo_output && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_all_temporary_files(&entry.path());
        }
    }
}
