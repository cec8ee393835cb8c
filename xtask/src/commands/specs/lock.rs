//! `specs/specs.lock`: which descriptions there are, where they come from, and their hashes.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::files;
use crate::codegen::diagnostics::Failure;
use crate::codegen::names;

/// The place of the lock below the repository's root.
pub(super) const FILE: &str = "specs/specs.lock";

const HEAD: &str = "\
# Which descriptions there are, and what is in them. `cargo xtask specs verify` compares.
# `cargo xtask specs fetch` writes the entries of fetched ones, `cargo xtask specs lock` the others.
";

/// Where a description comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Origin {
    /// Downloaded, and not to be edited.
    Fetched,
    /// Written by hand.
    Written,
}

/// What the lock says of one file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Below the repository's root, with `/`.
    pub(super) path: String,
    pub(super) product: String,
    pub(super) version: String,
    pub(super) origin: Origin,
    /// The path of the address that it was fetched from; a mirror's host is nobody else's business.
    pub(super) url: Option<String>,
    pub(super) sha256: String,
}

/// The lock: its entries by path.
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
    /// Reads the lock of a repository; one that is not there has no entries.
    pub(super) fn read(root: &Path) -> Result<Lock, Failure> {
        let path = root.join(FILE);
        let Some(bytes) = files::read(&path)? else { return Ok(Lock::default()) };
        let fail = |why: &str| {
            let remedy = "take it from version control again";
            Failure::new(format!("error: {}: {why}: {remedy}", path.display()))
        };
        let text = String::from_utf8(bytes).map_err(|_| fail("not text"))?;
        let document: Document = toml::from_str(&text).map_err(|error| {
            // The whole of the message is a picture of several lines.
            let line = error.span().map_or(1, |span| {
                text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
            });
            fail(&format!("line {line}: not a lock: {}", error.message()))
        })?;
        let mut lock = Lock::default();
        for entry in document.file {
            let url = entry.url.as_deref().unwrap_or_default();
            let plain = names::is_plain(&entry.product)
                && names::is_plain(&entry.version)
                && is_below_specs(&entry.path)
                && !url.contains(['"', '\\'])
                && !url.contains(char::is_control);
            if !plain {
                return Err(fail(&format!("{:?} is no entry of a lock", entry.path)));
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

    /// The text of the file. All that stands between quotes was checked to need no escape.
    pub(super) fn text(&self) -> String {
        let mut text = HEAD.to_owned();
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

/// Whether a path leads to a file below `specs/`, and is spelled in the one way that it has here.
fn is_below_specs(path: &str) -> bool {
    let plain = path
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
    let normal = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    plain && normal && path.starts_with("specs/") && !path.contains("//") && !path.ends_with('/')
}

/// Every `api.json` below `specs/`, in order. A folder that cannot be a product's is an error.
pub(super) fn descriptions(root: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from("specs")];
    while let Some(folder) = open.pop() {
        let full = root.join(&folder);
        let fail = |error| files::at(&full, "cannot be read", &error);
        for entry in std::fs::read_dir(&full).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let path = folder.join(entry.file_name());
            // The kind of the entry, not of what a link leads to: links can form circles.
            if entry.file_type().map_err(fail)?.is_dir() {
                open.push(path);
            } else if entry.file_name() == "api.json" {
                let name: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                let name = name.join("/");
                if !is_below_specs(&name) {
                    return Err(Failure::new(format!(
                        "error: {}: no path for a description: use letters, digits, `-`, `_` and `.`",
                        root.join(path).display()
                    )));
                }
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}
