//! A tree of files to the disk, or a comparison with it. Nothing is ever half-written.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::diagnostics::Failure;
use super::render::{MARK, Tree};

/// How the disk differs from a tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Files with another text.
    pub(crate) stale: Vec<PathBuf>,
    /// Files that are not there.
    pub(crate) missing: Vec<PathBuf>,
    /// Generated files that nothing generates any more.
    pub(crate) stray: Vec<PathBuf>,
    /// Files that no generator wrote.
    pub(crate) foreign: Vec<PathBuf>,
}

impl Difference {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Difference::default()
    }
}

/// Compares a tree with a folder. `owned` are the folders in it that belong to the generator alone.
pub(crate) fn compare(root: &Path, tree: &Tree, owned: &[String]) -> Result<Difference, Failure> {
    let mut difference = Difference::default();
    for (path, text) in tree {
        match fs::read(root.join(path)) {
            Ok(old) if old == text.as_bytes() => {}
            Ok(_) => difference.stale.push(path.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                difference.missing.push(path.clone())
            }
            Err(error) => return Err(at(&root.join(path), "cannot be read", &error)),
        }
    }
    let mut found = BTreeSet::new();
    for folder in owned {
        files_below(root, Path::new(folder), &mut found)?;
    }
    for path in found.into_iter().filter(|path| !tree.contains_key(path)) {
        match is_ours(&root.join(&path))? {
            true => difference.stray.push(path),
            false => difference.foreign.push(path),
        }
    }
    // A file that would be overwritten may be somebody else's as well.
    let mut theirs = Vec::new();
    for path in &difference.stale {
        if !is_ours(&root.join(path))? {
            theirs.push(path.clone());
        }
    }
    difference.stale.retain(|path| !theirs.contains(path));
    difference.foreign.extend(theirs);
    Ok(difference)
}

/// Makes the folder equal to the tree, one whole file at a time.
pub(crate) fn write(root: &Path, tree: &Tree, owned: &[String]) -> Result<Difference, Failure> {
    let difference = compare(root, tree, owned)?;
    if let Some(foreign) = difference.foreign.first() {
        return Err(Failure::new(format!(
            "error: {}: not a generated file, and {} would have to be: nothing was written; move it away or choose another folder{}",
            root.join(foreign).display(),
            foreign.parent().unwrap_or(root).display(),
            match difference.foreign.len() {
                1 => String::new(),
                more => format!(" ({} more such files)", more - 1),
            }
        )));
    }
    for path in difference.missing.iter().chain(&difference.stale) {
        let Some(text) = tree.get(path) else { continue };
        let target = root.join(path);
        let folder = target.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(|error| at(folder, "cannot be made", &error))?;
        let mut file = tempfile::NamedTempFile::new_in(folder)
            .map_err(|error| at(folder, "cannot be written to", &error))?;
        file.write_all(text.as_bytes())
            .map_err(|error| at(&target, "cannot be written", &error))?;
        readable(file.as_file()).map_err(|error| at(&target, "cannot be written", &error))?;
        file.persist(&target).map_err(|error| at(&target, "cannot be written", &error.error))?;
    }
    for path in &difference.stray {
        let target = root.join(path);
        fs::remove_file(&target).map_err(|error| at(&target, "cannot be removed", &error))?;
    }
    Ok(difference)
}

/// A temporary file is private; a source file is not.
fn readable(file: &fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}

/// Files below a folder, as paths below `root`. What cargo puts there is not looked at.
fn files_below(root: &Path, folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), Failure> {
    let full = root.join(folder);
    let entries = match fs::read_dir(&full) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(&full, "cannot be read", &error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| at(&full, "cannot be read", &error))?;
        let path = folder.join(entry.file_name());
        let kind = entry.file_type().map_err(|error| at(&full, "cannot be read", &error))?;
        let of_cargo = entry.file_name() == "target" || entry.file_name() == "Cargo.lock";
        if of_cargo && folder.components().count() <= 1 {
            continue;
        }
        if kind.is_dir() {
            files_below(root, &path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

/// Whether a file carries the mark of the generator.
fn is_ours(path: &Path) -> Result<bool, Failure> {
    let text = fs::read(path).map_err(|error| at(path, "cannot be read", &error))?;
    let head = text.get(..text.len().min(200)).unwrap_or_default();
    Ok(String::from_utf8_lossy(head).contains(MARK))
}

fn at(path: &Path, what: &str, error: &io::Error) -> Failure {
    Failure::new(format!("error: {}: {what}: {error}", path.display()))
}
