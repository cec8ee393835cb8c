//! One change of a transaction: prepared, made, and undone.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::io_error;
use crate::diagnostics::CommandError;

/// A change that only needs renames.
pub(super) struct Staged {
    path: PathBuf,
    /// The new content; `None` to remove the file, or after it was written.
    new: Option<NamedTempFile>,
    /// A copy of the old content, if the file exists.
    old: Option<NamedTempFile>,
    /// The folders that were created for the file, from the outermost.
    created: Vec<PathBuf>,
    was_applied: bool,
}

impl Staged {
    pub(super) fn new(path: PathBuf, content: Option<Vec<u8>>) -> Result<Self, CommandError> {
        let folder = existing_folder(&path);
        let new = match content {
            Some(content) => Some(
                temporary_file(folder, &content)
                    .map_err(|error| io_error(&path, "cannot be written", &error))?,
            ),
            None => None,
        };
        let old = match fs::read(&path) {
            Ok(content) => Some(
                temporary_file(folder, &content)
                    .map_err(|error| io_error(&path, "cannot be replaced", &error))?,
            ),
            // Not a folder: a part of the path is a file, which another change can remove.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                None
            }
            Err(error) => return Err(io_error(&path, "cannot be replaced", &error)),
        };
        Ok(Staged { path, new, old, created: Vec::new(), was_applied: false })
    }

    pub(super) fn apply(&mut self) -> Result<(), CommandError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        missing.reverse();
        for folder in missing {
            fs::create_dir(folder)
                .map_err(|error| io_error(folder, "cannot be created", &error))?;
            self.created.push(folder.to_owned());
        }
        match self.new.take() {
            Some(new) => {
                new.persist(&self.path)
                    .map_err(|error| io_error(&self.path, "cannot be written", &error.error))?;
            }
            None => fs::remove_file(&self.path)
                .map_err(|error| io_error(&self.path, "cannot be removed", &error))?,
        }
        self.was_applied = true;
        Ok(())
    }

    /// Undoes the change, as far as it was made. What fails here cannot be repaired: the disk has just failed twice.
    pub(super) fn undo(self) {
        if self.was_applied {
            match self.old {
                Some(old) => _ = old.persist(&self.path),
                None => _ = fs::remove_file(&self.path),
            }
        }
        for folder in self.created.iter().rev() {
            _ = fs::remove_dir(folder);
        }
    }
}

/// Returns the innermost folder of a path that exists.
fn existing_folder(path: &Path) -> &Path {
    path.ancestors()
        .skip(1)
        .map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .find(|folder| folder.is_dir())
        .unwrap_or(Path::new("."))
}

fn temporary_file(folder: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are readable by their owner only.
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.prefix(".alicloud-").tempfile_in(folder)?;
    file.write_all(content)?;
    file.flush()?;
    Ok(file)
}
