//! The lock file `specs/specs.lock`, and the descriptions that belong into it.

use std::path::{Component, Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files;
use alicloud_codegen::lock::Lock;

/// The path of the lock file, relative to the root of the repository.
pub(super) const PATH: &str = "specs/specs.lock";

/// The start of the lock file.
pub(super) const HEADER: &str = "\
# The descriptions under specs/ and their hashes; `cargo xtask specs verify` checks them.
# `cargo xtask specs fetch` records downloaded descriptions, `cargo xtask specs lock` the others.
";

/// Reads the lock file of a repository.
pub(super) fn read(root: &Path) -> Result<Lock, CommandError> {
    Lock::read(&root.join(PATH), is_below_specs)
}

/// Returns whether a path is a normalized path to a file below `specs/`.
fn is_below_specs(path: &str) -> bool {
    let has_plain_characters = path
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
    let has_plain_components =
        Path::new(path).components().all(|component| matches!(component, Component::Normal(_)));
    has_plain_characters
        && has_plain_components
        && path.starts_with("specs/")
        && !path.contains("//")
        && !path.ends_with('/')
}

/// Returns the path of every `api.json` below `specs/`, sorted.
///
/// # Errors
///
/// If a folder cannot be read, or if the path of a description has characters that the lock file does
/// not allow.
pub(super) fn descriptions(root: &Path) -> Result<Vec<String>, CommandError> {
    let mut paths = Vec::new();
    let mut folders = vec![PathBuf::from("specs")];
    while let Some(folder) = folders.pop() {
        let full = root.join(&folder);
        let fail = |error| files::io_error(&full, "cannot be read", &error);
        for entry in std::fs::read_dir(&full).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let path = folder.join(entry.file_name());
            // `file_type` does not follow symbolic links, which could form a cycle.
            if entry.file_type().map_err(fail)?.is_dir() {
                folders.push(path);
            } else if entry.file_name() == "api.json" {
                let name: Vec<_> =
                    path.iter().map(|component| component.to_string_lossy()).collect();
                let name = name.join("/");
                if !is_below_specs(&name) {
                    return Err(CommandError::new(format!(
                        "error: {}: invalid path for a description; use letters, digits, `-`, `_` and `.`",
                        root.join(path).display()
                    )));
                }
                paths.push(name);
            }
        }
    }
    paths.sort();
    Ok(paths)
}
