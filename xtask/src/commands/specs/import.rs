//! `specs import`: keeps the facts of a published description, and none of its texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use alicloud_codegen::diagnostics::{CommandError, Diagnostics};
use alicloud_codegen::facts;
use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::{names, spec};

use super::diff::{self, Document};
use super::{sentences, verify};

/// Imports a description, records its hash in the lock, and returns a summary: what was left out, and what changed
/// since the last import.
///
/// # Errors
///
/// If the file is no description, has text under an unknown key, or has none of the given operations; or if a file
/// cannot be written. The existing files do not change then.
pub(super) fn import(
    root: &Path,
    file: &Path,
    operations: &[String],
) -> Result<String, CommandError> {
    let facts = facts::import(&spec::read_bytes(file)?, file, operations)?;
    let bytes = facts.text.into_bytes();
    let mut diagnostics = Diagnostics::new(file);
    let spec = spec::parse(&bytes, file, &mut diagnostics)?;
    diagnostics.check()?;
    for name in [&spec.product, &spec.version] {
        // The names become folder names.
        if !names::is_plain(name) {
            return Err(CommandError::new(format!(
                "error: {}: invalid product or version {name:?}; use letters, digits, `-`, `_` and `.`",
                file.display()
            )));
        }
    }
    let folder = format!("specs/{}/{}", spec.product.to_ascii_lowercase(), spec.version);
    let path = format!("{folder}/api.json");
    let old = files::read(&root.join(&path))?;
    let (hashes_path, hashes, sentences) = sentences::extended(&root.join(&path), facts.hashes)?;
    let mut transaction = Transaction::default();
    transaction.write(root.join(&path), bytes.as_slice());
    transaction.write(hashes_path, hashes);
    transaction.commit()?;
    verify::lock(root)?;

    let new = Document { spec, bytes };
    let mut summary = format!(
        "{path}: {} {}, {} operations, {} bytes",
        new.spec.product,
        new.spec.version,
        new.spec.operations.len(),
        new.bytes.len()
    );
    summary.push_str(&left_out(&facts.left_out, sentences));
    if let Some(bytes) = old {
        let path = Path::new(&path);
        // The comparison is optional: an old description can be invalid.
        if let Ok(spec) = spec::parse(&bytes, path, &mut Diagnostics::new(path)) {
            let comparison = diff::compare(&Document { spec, bytes }, &new);
            let changes = comparison.changes.len();
            _ = write!(summary, "\n{}, {changes} changes\n", comparison.headline());
            summary.push_str(&comparison.text());
        }
    }
    Ok(summary)
}

/// Lists the keys whose values were left out.
fn left_out(counts: &BTreeMap<String, usize>, sentences: usize) -> String {
    let total: usize = counts.values().sum();
    let keys = counts.iter().map(|(key, count)| format!("{key} {count}"));
    format!(
        "\nleft out {total} values ({}); {sentences} runs of words must not be copied",
        keys.collect::<Vec<_>>().join(", ")
    )
}
