//! `specs import`: keeps the facts of a published description, and none of its texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::facts::{self, Facts, Selection};
use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::{names, spec};

use super::change::Level;
use super::diff::{self, Document};
use super::{sentences, verify};

/// What to import, as the arguments say.
pub(super) struct Choice<'a> {
    pub(super) operations: &'a [String],
    pub(super) all: bool,
    pub(super) allow_breaking: bool,
}

/// Imports a description, records its hash in the lock, and returns a summary: what was left out, and what changed
/// since the last import.
///
/// # Errors
///
/// If the file is no description, cannot be imported, or has none of the given operations; if it breaks programs and
/// that is not allowed; or if a file cannot be written. The existing files do not change then.
pub(super) fn import(
    root: &Path,
    file: &Path,
    choice: &Choice<'_>,
) -> Result<String, CommandError> {
    let specs = root.join("specs");
    if !specs.is_dir() {
        return Err(CommandError::new(format!(
            "error: {}: not a folder; run the command in the repository",
            specs.display()
        )));
    }
    let bytes = spec::read_bytes(file)?;
    let path = path(&bytes, file)?;
    let full_path = root.join(&path);
    let old = files::read(&full_path)?;
    let old = old.map(|bytes| Document::parse(bytes, &full_path)).transpose()?;
    let facts = facts::import(
        &bytes,
        file,
        &Selection {
            operations: choice.operations,
            all: choice.all,
            committed: old.as_ref().map(|old| old.bytes.as_slice()),
        },
    )?;
    let new = Document::parse(facts.text.clone().into_bytes(), file)?;
    let comparison = old.map(|old| diff::compare(&old, &new));
    if let Some(comparison) = &comparison
        && comparison.level == Some(Level::Major)
        && !choice.allow_breaking
    {
        return Err(CommandError::new(format!(
            "error: {}: a major change of {path}, so nothing was written; perhaps the document is older, or parts of {path} come from an official package; `--allow-breaking` imports it, without what is listed as removed\n{}",
            file.display(),
            comparison.text().trim_end()
        )));
    }
    let (hashes_path, hashes, runs) = sentences::extended(&full_path, facts.hashes.clone())?;
    let mut transaction = Transaction::default();
    transaction.write(full_path, new.bytes.as_slice());
    if !hashes.is_empty() {
        transaction.write(hashes_path, hashes);
    }
    transaction.commit()?;
    let (_, mismatches) = verify::lock(root)?;

    let mut summary = format!(
        "{path}: {} {}, {} operations, {} bytes",
        new.spec.product,
        new.spec.version,
        new.spec.operations.len(),
        new.bytes.len()
    );
    summary.push_str(&left_out(&facts, runs));
    if let Some(comparison) = comparison {
        let changes = comparison.changes.len();
        _ = write!(summary, "\n{}, {changes} changes\n", comparison.headline());
        summary.push_str(&comparison.text());
    }
    for mismatch in mismatches {
        _ = write!(summary, "\n{mismatch}");
    }
    Ok(summary)
}

/// Returns where a description belongs, relative to the repository.
fn path(bytes: &[u8], file: &Path) -> Result<String, CommandError> {
    let spec = Document::parse(bytes.to_vec(), file)?.spec;
    for name in [&spec.product, &spec.version] {
        // The names become folder names.
        if !names::is_plain(name) || names::is_windows_device(name) {
            return Err(CommandError::new(format!(
                "error: {}: invalid product or version {name:?}; use letters, digits, `-`, `_` and `.`, and no name of a Windows device",
                file.display()
            )));
        }
    }
    Ok(format!("specs/{}/{}/api.json", spec.product.to_ascii_lowercase(), spec.version))
}

/// Lists the keys whose values were left out, and what a person has to decide.
fn left_out(facts: &Facts, runs: usize) -> String {
    let list = |counts: &BTreeMap<String, usize>| {
        let keys = counts.iter().map(|(key, count)| format!("{key} {count}"));
        keys.collect::<Vec<_>>().join(", ")
    };
    let mut text = match facts.left_out.values().sum::<usize>() {
        0 => "\nleft out nothing".to_owned(),
        total => format!("\nleft out {total} values ({})", list(&facts.left_out)),
    };
    _ = write!(text, "; {runs} runs of words must not be copied");
    if !facts.unknown.is_empty() {
        _ = write!(text, "\nleft out keys that the format does not have: {}", list(&facts.unknown));
    }
    if !facts.not_selected.is_empty() {
        _ = write!(
            text,
            "\n{} operations of the document are not imported (`--all-operations`, or `--operations` with their names): {}",
            facts.not_selected.len(),
            facts.not_selected.join(", ")
        );
    }
    if !facts.text_like_values.is_empty() {
        _ = write!(
            text,
            "\n{} values of enums look like text for people; check that the service has them:\n  {}",
            facts.text_like_values.len(),
            facts.text_like_values.join("\n  ")
        );
    }
    text
}
