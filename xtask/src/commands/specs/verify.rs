//! `specs verify` checks the descriptions, and the hashes of published sentences beside them, against the lock file;
//! `specs lock` updates the lock file.

use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::documentation::PROSE_HASHES;
use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::lock::{Entry, Lock, Origin};
use alicloud_codegen::names;
use alicloud_codegen::sha256;

use super::diff::Document;
use super::lock;

/// Returns the number of descriptions in the lock file, and every mismatch with its remedy.
pub(super) fn verify(root: &Path) -> Result<(usize, Vec<String>), CommandError> {
    let lock = lock::read(root)?;
    let mut mismatches = Vec::new();
    for entry in lock.entries.values() {
        let path = &entry.path;
        let Some(bytes) = files::read(&root.join(path))? else {
            mismatches.push(match entry.origin {
                _ if is_hashes(path) => missing_hashes(path),
                Origin::Fetched => format!(
                    "missing: {path}: run `{}` to download it, or `cargo xtask specs lock` to remove its entry",
                    fetch_command(entry)
                ),
                Origin::Written => {
                    format!("missing: {path}: run `cargo xtask specs lock` to remove its entry")
                }
            });
            continue;
        };
        let sha256 = sha256(&bytes);
        if sha256 != entry.sha256 {
            let remedy = match entry.origin {
                Origin::Fetched => format!(
                    "run `{}` to restore it, and put corrections into overlay.toml",
                    fetch_command(entry)
                ),
                Origin::Written => {
                    "run `cargo xtask specs lock` if the change is intended".to_owned()
                }
            };
            mismatches.push(format!(
                "changed: {path}: sha256 is {sha256}, the lock has {}; {remedy}",
                entry.sha256
            ));
        }
    }
    for path in lock::descriptions(root)? {
        let hashes = hashes_beside(&path);
        let documentation = root.join(&path).with_file_name("docs.toml");
        match (lock.entries.contains_key(&hashes), root.join(&hashes).is_file()) {
            (false, true) => {
                mismatches.push(format!("not in the lock: {hashes}: run `cargo xtask specs lock`"));
            }
            (false, false) if documentation.is_file() => mismatches.push(format!(
                "missing: {hashes}: nothing finds copied sentences of docs.toml without it; import a published description, or run `cargo xtask specs check --against PACKAGE --record-comments`"
            )),
            _ => {}
        }
        if !lock.entries.contains_key(&path) {
            mismatches.push(format!(
                "not in the lock: {path}: run `cargo xtask specs lock` if it is written by hand, or download it with `cargo xtask specs fetch`"
            ));
        }
    }
    Ok((descriptions(&lock), mismatches))
}

fn descriptions(lock: &Lock) -> usize {
    lock.entries.keys().filter(|path| !is_hashes(path)).count()
}

/// Returns the path of the hashes beside a description.
fn hashes_beside(description: &str) -> String {
    let folder = description.strip_suffix("api.json").unwrap_or(description);
    format!("{folder}{PROSE_HASHES}")
}

fn is_hashes(path: &str) -> bool {
    path.ends_with(&format!("/{PROSE_HASHES}"))
}

fn missing_hashes(path: &str) -> String {
    format!(
        "missing: {path}: nothing finds copied sentences without it; restore it from version control, or import the description again"
    )
}

fn fetch_command(entry: &Entry) -> String {
    format!("cargo xtask specs fetch {} {}", entry.product, entry.version)
}

/// Records the hashes of the descriptions that are written by hand, and of the files with hashes of sentences. Returns
/// the number of descriptions, and what stays as it was: the entries of fetched descriptions that have changed, because
/// they record what was downloaded, and those of missing hashes of sentences.
pub(super) fn lock(root: &Path) -> Result<(usize, Vec<String>), CommandError> {
    let old = lock::read(root)?;
    let mut new = Lock::default();
    let mut mismatches = Vec::new();
    for path in lock::descriptions(root)? {
        let full = root.join(&path);
        let old_entry = old.entries.get(&path);
        let document = Document::read(&full)?;
        let hashes = hashes_beside(&path);
        match (files::read(&root.join(&hashes))?, old.entries.get(&hashes)) {
            (Some(bytes), _) => new.add(Entry {
                path: hashes,
                product: document.spec.product.clone(),
                version: document.spec.version.clone(),
                origin: Origin::Written,
                url: None,
                sha256: sha256(&bytes),
            }),
            (None, Some(entry)) => {
                mismatches.push(missing_hashes(&hashes));
                new.add(entry.clone());
            }
            (None, None) => {}
        }
        let sha256 = sha256(&document.bytes);
        if let Some(entry) = old_entry.filter(|entry| entry.origin == Origin::Fetched) {
            if entry.sha256 != sha256 {
                mismatches.push(format!(
                    "changed: {path}: run `{}` to restore it, or remove its entry from {} to record it as written by hand",
                    fetch_command(entry),
                    lock::PATH
                ));
            }
            new.add(entry.clone());
            continue;
        }
        let (product, version) = (document.spec.product, document.spec.version);
        for (pointer, name) in [("/info/product", &product), ("/info/version", &version)] {
            if !names::is_plain(name) {
                return Err(CommandError::new(format!(
                    "error: {} at {pointer}: invalid name {name:?}; use letters, digits, `-`, `_` and `.`",
                    full.display()
                )));
            }
        }
        new.add(Entry { path, product, version, origin: Origin::Written, url: None, sha256 });
    }
    let mut transaction = Transaction::default();
    transaction.write(root.join(lock::PATH), new.text(lock::HEADER));
    transaction.commit()?;
    Ok((descriptions(&new), mismatches))
}
