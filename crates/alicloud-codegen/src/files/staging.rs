//! The changes of a transaction: prepared, made, and undone.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use super::error::{io_error, not_a_file};
use super::temporary::{PREFIX, RANDOM};
use crate::diagnostics::CommandError;

/// A change that only needs renames.
pub(super) enum Staged {
    /// A file in a folder that exists.
    File {
        path: PathBuf,
        /// The new content; `None` to remove the file, or after it was written.
        new: Option<NamedTempFile>,
        /// A copy of the old content, if the file exists.
        old: Option<NamedTempFile>,
    },
    /// A folder that does not exist, with all of its files.
    Folder {
        path: PathBuf,
        /// The folder with the new content, inside of a temporary one.
        new: PathBuf,
        temporary: TempDir,
    },
}

/// Prepares changes: everything that can fail for lack of space or permission.
pub(super) fn stage(
    changes: BTreeMap<PathBuf, Option<Vec<u8>>>,
) -> Result<Vec<Staged>, CommandError> {
    let mut staged = Vec::new();
    let mut folders: BTreeMap<PathBuf, Vec<(PathBuf, Vec<u8>)>> = BTreeMap::new();
    for (path, content) in changes {
        match (missing_folder(&path), content) {
            (Some(folder), Some(content)) => {
                folders.entry(folder).or_default().push((path, content));
            }
            (_, content) => staged.push(Staged::file(path, content)?),
        }
    }
    for (folder, files) in folders {
        staged.push(Staged::folder(folder, files)?);
    }
    Ok(staged)
}

impl Staged {
    fn file(path: PathBuf, content: Option<Vec<u8>>) -> Result<Self, CommandError> {
        // A link stays one: what it leads to is written.
        let path = match content.is_some() && path.is_symlink() {
            true => fs::canonicalize(&path)
                .map_err(|error| io_error(&path, "cannot be written", &error))?,
            false => path,
        };
        let permissions = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => Some(metadata.permissions()),
            Ok(_) => return Err(not_a_file(&path, "cannot be replaced")),
            Err(_) => None,
        };
        let temporary = |content: &[u8]| temporary_file(parent(&path), content, &permissions);
        let new = match content {
            Some(content) => Some(
                temporary(&content)
                    .map_err(|error| io_error(&path, "cannot be written", &error))?,
            ),
            None => None,
        };
        let old = match fs::read(&path) {
            Ok(content) => Some(
                temporary(&content)
                    .map_err(|error| io_error(&path, "cannot be replaced", &error))?,
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(io_error(&path, "cannot be replaced", &error)),
        };
        Ok(Staged::File { path, new, old })
    }

    fn folder(path: PathBuf, files: Vec<(PathBuf, Vec<u8>)>) -> Result<Self, CommandError> {
        let temporary = tempfile::Builder::new()
            .prefix(PREFIX)
            .rand_bytes(RANDOM)
            .tempdir_in(parent(&path))
            .map_err(|error| io_error(&path, "cannot be created", &error))?;
        let new = temporary.path().join("new");
        for (file, content) in files {
            let inner = file.strip_prefix(&path).unwrap_or(&file);
            let target = new.join(inner);
            fs::create_dir_all(parent(&target))
                .and_then(|()| fs::write(&target, content))
                .map_err(|error| io_error(&file, "cannot be written", &error))?;
        }
        Ok(Staged::Folder { path, new, temporary })
    }

    /// Makes the change.
    pub(super) fn apply(&mut self) -> Result<(), CommandError> {
        match self {
            Staged::File { path, new, .. } => match new.take() {
                Some(new) => new
                    .persist(&*path)
                    .map(drop)
                    .map_err(|error| io_error(path, "cannot be written", &error.error)),
                None => fs::remove_file(&*path)
                    .map_err(|error| io_error(path, "cannot be removed", &error)),
            },
            Staged::Folder { path, new, .. } => fs::rename(&*new, &*path)
                .map_err(|error| io_error(path, "cannot be created", &error)),
        }
    }

    /// Undoes the change. What fails here cannot be repaired: the disk has just failed twice.
    pub(super) fn undo(self) {
        match self {
            Staged::File { path, old: Some(old), .. } => _ = old.persist(path),
            Staged::File { path, .. } => _ = fs::remove_file(path),
            Staged::Folder { path, new, temporary } => {
                _ = fs::rename(path, new);
                drop(temporary);
            }
        }
    }
}

/// Returns the folder of a path; `.` for a file in the current one.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the outermost folder of a path that does not exist.
fn missing_folder(path: &Path) -> Option<PathBuf> {
    let folders = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    folders.take_while(|folder| !folder.exists()).last().map(Path::to_owned)
}

/// Creates a temporary file, with the permissions of the file that it replaces.
fn temporary_file(
    folder: &Path,
    content: &[u8],
    permissions: &Option<fs::Permissions>,
) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are readable by their owner only.
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.prefix(PREFIX).rand_bytes(RANDOM).tempfile_in(folder)?;
    file.write_all(content)?;
    file.flush()?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions.clone())?;
    }
    Ok(file)
}
