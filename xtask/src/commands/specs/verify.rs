//! `specs verify` and `specs lock`: the descriptions against the lock, and the lock after them.

use std::path::Path;

use super::diff::Document;
use super::files;
use super::lock::{self, Entry, Lock, Origin};
use crate::codegen;
use crate::codegen::diagnostics::Failure;
use crate::codegen::names;

/// What does not fit, each with what mends it.
pub(super) fn verify(root: &Path) -> Result<(usize, Vec<String>), Failure> {
    let lock = Lock::read(root)?;
    let mut problems = Vec::new();
    for entry in lock.entries.values() {
        let path = &entry.path;
        let Some(bytes) = files::read(&root.join(path))? else {
            problems.push(match entry.origin {
                Origin::Fetched => format!(
                    "missing: {path}: `{}` fetches it again, `cargo xtask specs lock` forgets it",
                    fetch(entry)
                ),
                Origin::Written => {
                    format!("missing: {path}: `cargo xtask specs lock` forgets it")
                }
            });
            continue;
        };
        let found = codegen::sha256(&bytes);
        if found != entry.sha256 {
            let remedy = match entry.origin {
                Origin::Fetched => format!(
                    "it is not what was fetched: run `{}`; corrections belong into the overlay",
                    fetch(entry)
                ),
                Origin::Written => "run `cargo xtask specs lock` when that is meant".to_owned(),
            };
            problems.push(format!(
                "changed: {path}: sha256 {found}, the lock says {}: {remedy}",
                entry.sha256
            ));
        }
    }
    for path in lock::descriptions(root)? {
        if !lock.entries.contains_key(&path) {
            problems.push(format!(
                "not in the lock: {path}: run `cargo xtask specs lock` if it is written by hand, else fetch it"
            ));
        }
    }
    Ok((lock.entries.len(), problems))
}

fn fetch(entry: &Entry) -> String {
    format!("cargo xtask specs fetch {} {}", entry.product, entry.version)
}

/// Writes the hashes of the descriptions that are written by hand. What was fetched stays as it was
/// fetched: a lock that takes any hash would lock nothing. Gives the fetched ones that differ.
pub(super) fn lock(root: &Path) -> Result<(usize, Vec<String>), Failure> {
    let old = Lock::read(root)?;
    let mut new = Lock::default();
    let mut problems = Vec::new();
    for path in lock::descriptions(root)? {
        let full = root.join(&path);
        let known = old.entries.get(&path);
        let document = Document::read(&full)?;
        let sha256 = codegen::sha256(&document.bytes);
        if let Some(entry) = known.filter(|entry| entry.origin == Origin::Fetched) {
            if entry.sha256 != sha256 {
                problems.push(format!(
                    "changed: {path}: it is not what was fetched: run `{}`, or remove its entry from {} to keep it as written by hand",
                    fetch(entry),
                    lock::FILE
                ));
            }
            new.add(entry.clone());
            continue;
        }
        let (product, version) = (document.spec.product, document.spec.version);
        for (pointer, name) in [("/info/product", &product), ("/info/version", &version)] {
            if !names::is_plain(name) {
                return Err(Failure::new(format!(
                    "error: {} at {pointer}: {name:?} is no name for the lock: use letters, digits, `-`, `_` and `.`",
                    full.display()
                )));
            }
        }
        new.add(Entry { path, product, version, origin: Origin::Written, url: None, sha256 });
    }
    let target = root.join(lock::FILE);
    files::prepare(&target, new.text().as_bytes())?.put(&target)?;
    Ok((new.entries.len(), problems))
}
