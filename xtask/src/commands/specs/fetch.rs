//! `specs fetch`: downloads a published description into `specs/`.

use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::lock::{Entry, Origin};
use alicloud_codegen::metadata::{self, Metadata};
use alicloud_codegen::{names, sha256};

use super::diff::{self, Document};
use super::lock;

/// Downloads a description, writes it and its entry in the lock file, and returns a summary.
///
/// # Errors
///
/// If a name or the base URL is invalid, if the download fails, if the response is not a description
/// of that product and version, or if a file cannot be written. The existing files do not change then.
pub(super) fn fetch(
    root: &Path,
    base_url: &str,
    product: &str,
    version: &str,
) -> Result<String, CommandError> {
    for (what, name) in [("product", product), ("version", version)] {
        // The names become folder names.
        if !names::is_plain(name) || names::is_windows_device(name) {
            return Err(CommandError::new(format!(
                "error: invalid {what} {name:?}; use letters, digits, `-`, `_` and `.`, and no name of a Windows device"
            )));
        }
    }
    let metadata = Metadata::new(base_url, "--base-url")?;
    let url = metadata.description_url(product, version);
    let mut lock = lock::read(root)?;

    let document = Document::parse(metadata.description(product, version)?, Path::new(&url))?;
    metadata::check_identity(&document.spec, Path::new(&url), product, version)?;

    let path = format!("specs/{}/{version}/api.json", product.to_ascii_lowercase());
    let target = root.join(&path);
    let old = files::read(&target)?;
    let replaces_hand_written =
        lock.entries.get(&path).is_some_and(|entry| entry.origin == Origin::Written);
    let sha256 = sha256(&document.bytes);
    lock.add(Entry {
        path: path.clone(),
        product: document.spec.product.clone(),
        version: document.spec.version.clone(),
        origin: Origin::Fetched,
        url: Some(metadata::description_path(product, version)),
        sha256: sha256.clone(),
    });
    let mut transaction = Transaction::default();
    transaction.write(target, document.bytes.as_slice());
    transaction.write(root.join(lock::PATH), lock.text(lock::HEADER));
    transaction.commit()?;

    let mut summary = format!(
        "{path}: {} {}, {} operations, {} bytes, sha256 {sha256}",
        document.spec.product,
        document.spec.version,
        document.spec.operations.len(),
        document.bytes.len()
    );
    if replaces_hand_written {
        summary.push_str("\nreplaced a description that was written by hand");
    }
    // The comparison is optional: an old description can be invalid.
    if let Some(old) = old.and_then(|bytes| Document::parse(bytes, Path::new(&path)).ok()) {
        let comparison = diff::compare(&old, &document);
        summary.push_str(&format!(
            "\n{}, {} changes; `cargo xtask specs diff OLD {path}` prints them",
            comparison.headline(),
            comparison.changes.len()
        ));
    }
    Ok(summary)
}
