//! Lock files: the descriptions that code is generated from, their origins and their hashes.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::diagnostics::{CommandError, line_number};
use crate::{files, names};

/// The origin of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Downloaded; must not be edited.
    Fetched,
    /// Written by hand.
    Written,
}

/// The entry of a description in the lock file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The path of the description relative to the root of the repository, with `/` as separator.
    pub path: String,
    /// The product code.
    pub product: String,
    /// The version of the API.
    pub version: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The path of the URL that it was fetched from. The host is left out: it can be a private mirror.
    pub url: Option<String>,
    /// The SHA-256 of its bytes in hexadecimal.
    pub sha256: String,
}

/// A lock file.
///
/// # Examples
///
/// ```
/// use std::fs;
///
/// use alicloud_codegen::lock::{Entry, Lock, Origin};
/// use alicloud_codegen::sha256;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("specs.lock");
/// let mut lock = Lock::read(&path, |_| true)?;
/// lock.add(Entry {
///     path: "specs/gadget/2026-01-01/api.json".to_owned(),
///     product: "Gadget".to_owned(),
///     version: "2026-01-01".to_owned(),
///     origin: Origin::Written,
///     url: None,
///     sha256: sha256(b"{}"),
/// });
/// fs::write(&path, lock.text("# Written by a program; do not edit.\n"))?;
/// let lock = Lock::read(&path, |path| path.starts_with("specs/"))?;
/// assert_eq!(lock.entries["specs/gadget/2026-01-01/api.json"].product, "Gadget");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Lock {
    /// The entries by path.
    pub entries: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    file: Vec<Entry>,
}

impl Lock {
    /// Reads a lock file. Without one there are no entries. `is_valid_path` checks the paths in it.
    ///
    /// # Errors
    ///
    /// Returns an error with the line if the file cannot be read or is no lock file.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use alicloud_codegen::lock::Lock;
    ///
    /// let lock = Lock::read(Path::new("no/such/specs.lock"), |path| path.starts_with("specs/"))?;
    /// assert!(lock.entries.is_empty());
    /// # Ok::<(), alicloud_codegen::diagnostics::CommandError>(())
    /// ```
    pub fn read(path: &Path, is_valid_path: impl Fn(&str) -> bool) -> Result<Lock, CommandError> {
        let Some(bytes) = files::read(path)? else { return Ok(Lock::default()) };
        let fail = |why: &str| {
            CommandError::new(format!(
                "error: {}: {why}; restore the file from version control",
                path.display()
            ))
        };
        let text = String::from_utf8(bytes).map_err(|_| fail("not UTF-8"))?;
        let document: Document = toml::from_str(&text).map_err(|error| {
            // The error's `Display` has several lines; messages have one.
            let line = line_number(&text, error.span().map_or(0, |span| span.start));
            fail(&format!("line {line}: not a lock file: {}", error.message()))
        })?;
        let mut lock = Lock::default();
        for entry in document.file {
            let url = entry.url.as_deref().unwrap_or_default();
            let is_valid = names::is_plain(&entry.product)
                && names::is_plain(&entry.version)
                && is_valid_path(&entry.path)
                && !url.contains(['"', '\\'])
                && !url.contains(char::is_control);
            if !is_valid {
                return Err(fail(&format!("invalid entry {:?}", entry.path)));
            }
            let name = entry.path.clone();
            if lock.entries.insert(name.clone(), entry).is_some() {
                return Err(fail(&format!("two entries for {name:?}")));
            }
        }
        Ok(lock)
    }

    /// Adds an entry, or replaces the one of the same path.
    pub fn add(&mut self, entry: Entry) {
        self.entries.insert(entry.path.clone(), entry);
    }

    /// Returns the text of the lock file after this header. The values need no escaping: `read` and the callers of
    /// `add` check them.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_codegen::lock::Lock;
    ///
    /// assert_eq!(Lock::default().text("# No descriptions.\n"), "# No descriptions.\n");
    /// ```
    pub fn text(&self, header: &str) -> String {
        let mut text = header.to_owned();
        for entry in self.entries.values() {
            let mut line = |key: &str, value: &str| {
                text.push_str(&format!("{key} = \"{value}\"\n"));
            };
            line("\n[[file]]\npath", &entry.path);
            line("product", &entry.product);
            line("version", &entry.version);
            match entry.origin {
                Origin::Fetched => line("origin", "fetched"),
                Origin::Written => line("origin", "written"),
            }
            if let Some(url) = &entry.url {
                line("url", url);
            }
            line("sha256", &entry.sha256);
        }
        text
    }
}
