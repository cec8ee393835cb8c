//! Writes a tree of files to disk, or compares it with the disk. All files change, or none.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::diagnostics::CommandError;
use super::files::{self, Transaction, io_error};
use super::render::Tree;

/// The differences between the disk and a tree.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/generated.txt")]
/// let difference = generated.compare(tempfile::tempdir()?.path())?;
/// assert_eq!(difference.missing.len(), generated.tree.len(), "no file exists");
/// assert!(difference.stale.is_empty() && difference.foreign.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Files with different content.
    pub stale: Vec<PathBuf>,
    /// Files that do not exist.
    pub missing: Vec<PathBuf>,
    /// Generated files that are not in the tree.
    pub stray: Vec<PathBuf>,
    /// Files that the generator did not write.
    pub foreign: Vec<PathBuf>,
}

impl Difference {
    /// Returns whether there is no difference.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// let folder = tempfile::tempdir()?;
    /// generated.write(folder.path())?;
    /// assert!(generated.compare(folder.path())?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_empty(&self) -> bool {
        *self == Difference::default()
    }
}

/// Compares a tree with a folder. `owned` are its subfolders that must only have generated files; `mark` is the
/// start of every generated file.
///
/// # Errors
///
/// Returns an error if a file cannot be read.
pub(crate) fn compare(
    root: &Path,
    tree: &Tree,
    owned: &[String],
    mark: &str,
) -> Result<Difference, CommandError> {
    let mut difference = Difference::default();
    for (path, text) in tree {
        match files::read(&root.join(path))? {
            Some(old) if old == text.as_bytes() => {}
            Some(_) => difference.stale.push(path.clone()),
            None => difference.missing.push(path.clone()),
        }
    }
    let mut found = BTreeSet::new();
    for folder in owned {
        files_below(root, Path::new(folder), &mut found)?;
    }
    for path in found.into_iter().filter(|path| !tree.contains_key(path)) {
        match files::is_temporary(&path) || is_generated(&root.join(&path), mark)? {
            true => difference.stray.push(path),
            false => difference.foreign.push(path),
        }
    }
    // A file that would be overwritten may be handwritten.
    let mut handwritten = Vec::new();
    for path in &difference.stale {
        if !is_generated(&root.join(path), mark)? {
            handwritten.push(path.clone());
        }
    }
    difference.stale.retain(|path| !handwritten.contains(path));
    difference.foreign.extend(handwritten);
    Ok(difference)
}

/// Writes, replaces and removes files until the folder equals the tree: all of them, or none.
///
/// # Errors
///
/// Returns an error if a file cannot be read or written, or if the folder has a file that the generator did not write;
/// nothing changes then.
pub(crate) fn write(
    root: &Path,
    tree: &Tree,
    owned: &[String],
    mark: &str,
) -> Result<Difference, CommandError> {
    let mut transaction = Transaction::default();
    let difference = stage(root, tree, owned, mark, &mut transaction)?;
    transaction.commit()?;
    Ok(difference)
}

/// Adds the changes of [`write()`] to a transaction.
///
/// # Errors
///
/// Returns an error if a file cannot be read, or if the folder has a file that the generator did not write.
pub(crate) fn stage(
    root: &Path,
    tree: &Tree,
    owned: &[String],
    mark: &str,
    transaction: &mut Transaction,
) -> Result<Difference, CommandError> {
    let difference = compare(root, tree, owned, mark)?;
    if let Some(foreign) = difference.foreign.first() {
        return Err(CommandError::new(format!(
            "error: {}: not a generated file, but {} must only have generated files: nothing was written; move the file or choose another folder{}",
            root.join(foreign).display(),
            root.join(foreign.parent().unwrap_or(Path::new(""))).display(),
            match difference.foreign.len() {
                1 => String::new(),
                more => format!(" ({} more such files)", more - 1),
            }
        )));
    }
    for path in difference.missing.iter().chain(&difference.stale) {
        if let Some(text) = tree.get(path) {
            transaction.write(root.join(path), text.as_bytes());
        }
    }
    for path in &difference.stray {
        transaction.remove(root.join(path));
    }
    Ok(difference)
}

/// Returns whether a file is a license text. The owner of the crates puts it there, often as a link.
fn is_license(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with("LICENSE")
}

/// Collects the files below a folder, as paths relative to `root`. Skips what cargo creates, and license
/// texts.
fn files_below(
    root: &Path,
    folder: &Path,
    found: &mut BTreeSet<PathBuf>,
) -> Result<(), CommandError> {
    let full = root.join(folder);
    let entries = match fs::read_dir(&full) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io_error(&full, "cannot be read", &error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| io_error(&full, "cannot be read", &error))?;
        let path = folder.join(entry.file_name());
        let kind = entry.file_type().map_err(|error| io_error(&full, "cannot be read", &error))?;
        let is_cargo_output = entry.file_name() == "target" || entry.file_name() == "Cargo.lock";
        if is_cargo_output && folder.components().count() <= 1 {
            continue;
        }
        if is_license(&entry.file_name()) {
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

/// Returns whether a file starts with the generator's mark. Pipes, devices and links to nothing do not.
fn is_generated(path: &Path, mark: &str) -> Result<bool, CommandError> {
    if !path.is_file() {
        return Ok(false);
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(200).read_to_end(&mut head))
        .map_err(|error| io_error(path, "cannot be read", &error))?;
    Ok(String::from_utf8_lossy(&head).contains(mark))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use crate::render::{PathOwners, Tree};

    #[test]
    fn a_path_is_written_once_in_any_case() {
        let mut owners = PathOwners::default();
        assert!(owners.claim(Path::new("a/src/lib.rs"), "the layout").is_ok());
        assert!(owners.claim(Path::new("a/src/list.rs"), "the operation \"List\"").is_ok());
        let error = owners.claim(Path::new("a/src/Lib.rs"), "the operation \"Lib\"").unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: a/src/Lib.rs: the layout and the operation \"Lib\" need the same file: rename one of them, or leave one out"
        );
    }

    #[test]
    fn two_products_cannot_write_the_same_crate() {
        let tree = Tree::from([(PathBuf::from("alicloud-x/Cargo.toml"), String::new())]);
        let mut owners = PathOwners::default();
        let mut claim = |root: &str, cause: &str| owners.claim_all(Path::new(root), &tree, cause);
        assert!(claim("crates", "specs/x/1/api.json").is_ok());
        assert!(claim("tests/generated", "tests/specs/x/1/api.json").is_ok());
        let error = claim("crates", "specs/x/2/api.json").unwrap_err().to_string();
        assert!(error.contains("specs/x/1/api.json and specs/x/2/api.json"), "{error}");
    }
}
