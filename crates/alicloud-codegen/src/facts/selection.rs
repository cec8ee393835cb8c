//! The operations that are imported.

use std::collections::BTreeSet;
use std::path::Path;

use crate::diagnostics::CommandError;
use crate::json::{Json, JsonRef};
use crate::spec::Spec;

/// Which operations are imported, and the description that they replace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selection<'a> {
    /// The operations to import, beside those of `committed`. With none here and none there, all.
    pub operations: &'a [String],
    /// Whether to import all operations of the document.
    pub all: bool,
    /// The description that is replaced: its operations stay selected, and its properties keep their order, because that
    /// is the order of arguments.
    pub committed: Option<&'a [u8]>,
}

/// Returns the names of the selected operations, and of the others.
///
/// # Errors
///
/// If a name is empty, or the document has no such operation.
pub(super) fn select(
    spec: &Spec,
    selection: &Selection<'_>,
    committed: Option<&Json>,
    file: &Path,
) -> Result<(BTreeSet<String>, Vec<String>), CommandError> {
    let all: BTreeSet<String> =
        spec.operations.iter().map(|operation| operation.name.clone()).collect();
    if let Some(missing) = selection.operations.iter().find(|name| !all.contains(*name)) {
        return Err(CommandError::new(match missing.is_empty() {
            true => "error: --operations: an empty name; write A,B,C".to_owned(),
            false => {
                format!("error: {}: has no operation {missing}; check the name", file.display())
            }
        }));
    }
    let mut selected: BTreeSet<String> = selection.operations.iter().cloned().collect();
    if let Some(committed) = committed {
        let root = JsonRef::root(committed);
        if let Some(apis) = root.get("apis") {
            selected.extend(apis.entries().map(|(name, _)| name.to_owned()));
        }
    }
    if selection.all || selected.is_empty() {
        return Ok((all, Vec::new()));
    }
    let (selected, others): (BTreeSet<_>, BTreeSet<_>) =
        all.into_iter().partition(|name| selected.contains(name));
    Ok((selected, others.into_iter().collect()))
}
