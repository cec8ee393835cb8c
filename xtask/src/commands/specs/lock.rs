//! The lock file `specs/specs.lock`: the descriptions, their origins and their hashes.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::names;
use serde::Deserialize;

use super::files;

/// The path of the lock file, relative to the root of the repository.
pub(super) const PATH: &str = "specs/specs.lock";

const HEADER: &str = "\
# The descriptions under specs/ and their hashes; `cargo xtask specs verify` checks them.
# `cargo xtask specs fetch` records downloaded descriptions, `cargo xtask specs lock` the others.
";

/// The origin of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Origin {
    /// Downloaded; must not be edited.
    Fetched,
    /// Written by hand.
    Written,
}

/// The entry of a description in the lock file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Relative to the root of the repository, with `/` as separator.
    pub(super) path: String,
    pub(super) product: String,
    pub(super) version: String,
    pub(super) origin: Origin,
    /// The path of the URL that it was fetched from. The host is left out: it can be a private mirror.
    pub(super) url: Option<String>,
    pub(super) sha256: String,
}

/// The entries of the lock file, by path.
#[derive(Debug, Default)]
pub(super) struct Lock {
    pub(super) entries: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    file: Vec<Entry>,
}

impl Lock {
    /// Reads the lock file of a repository. Without a lock file there are no entries.
    pub(super) fn read(root: &Path) -> Result<Lock, CommandError> {
        let path = root.join(PATH);
        let Some(bytes) = files::read(&path)? else { return Ok(Lock::default()) };
        let fail = |why: &str| {
            CommandError::new(format!(
                "error: {}: {why}; restore the file from version control",
                path.display()
            ))
        };
        let text = String::from_utf8(bytes).map_err(|_| fail("not UTF-8"))?;
        let document: Document = toml::from_str(&text).map_err(|error| {
            // The error's `Display` has several lines; messages of xtask have one.
            let line = error.span().map_or(1, |span| {
                text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
            });
            fail(&format!("line {line}: not a lock file: {}", error.message()))
        })?;
        let mut lock = Lock::default();
        for entry in document.file {
            let url = entry.url.as_deref().unwrap_or_default();
            let is_valid = names::is_plain(&entry.product)
                && names::is_plain(&entry.version)
                && is_below_specs(&entry.path)
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

    pub(super) fn add(&mut self, entry: Entry) {
        self.entries.insert(entry.path.clone(), entry);
    }

    /// Returns the text of the lock file. The values need no escaping: `read` and the callers of `add`
    /// check them.
    pub(super) fn text(&self) -> String {
        let mut text = HEADER.to_owned();
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
