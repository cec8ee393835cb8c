//! The file with the hashes of published sentences beside a description.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::documentation::PROSE_HASHES;
use alicloud_codegen::files;

/// Returns the path of the file, its new text, and the number of its hashes. Sentences of earlier documents stay
/// forbidden.
pub(super) fn extended(
    description: &Path,
    mut hashes: BTreeSet<String>,
) -> Result<(PathBuf, String, usize), CommandError> {
    let path = description.with_file_name(PROSE_HASHES);
    let old = files::read(&path)?.unwrap_or_default();
    hashes.extend(String::from_utf8_lossy(&old).lines().map(str::to_owned));
    let lines = hashes.iter().fold(String::new(), |lines, hash| lines + hash + "\n");
    Ok((path, lines, hashes.len()))
}
