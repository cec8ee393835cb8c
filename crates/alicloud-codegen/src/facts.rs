//! Facts of a published description: everything that decides types and requests, and no sentence.

mod keep;
mod order;
mod prose;
mod selection;
mod shapes;
mod superseded;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::diagnostics::{CommandError, Diagnostics};
use crate::json::{self, Json, JsonRef};
use crate::spec;
use keep::Import;
pub use selection::Selection;

/// What was kept of a description, and what was left out.
#[derive(Debug)]
pub struct Facts {
    /// The description without texts, as JSON. Its keys have a fixed order. Operations, schemas, statuses and error codes
    /// are sorted by name; parameters and properties have the order of the document, which decides arguments.
    pub text: String,
    /// The number of values that were left out, by their keys.
    pub left_out: BTreeMap<String, usize>,
    /// The number of values without sentences that were left out because the format does not have their keys.
    pub unknown: BTreeMap<String, usize>,
    /// Operations of the document that are not selected, sorted.
    pub not_selected: Vec<String>,
    /// Values of enums that are kept although they look like text for people, each with its JSON pointer.
    pub text_like_values: Vec<String>,
    /// Hashes of the sentences that were left out; see [`sentence_hashes`](crate::documentation::sentence_hashes).
    pub hashes: BTreeSet<String>,
}

/// Returns the facts of a description. `file` is its name in messages.
///
/// # Errors
///
/// Returns an error if the text is not an OpenMeta document, has none of the selected operations, has a key twice, has
/// text for people under a key that the grammar does not have or where a fact belongs, or has a value of another kind
/// than the grammar. The message lists all places.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// use alicloud_codegen::facts::{self, Selection};
///
/// let description = br#"{
///     "info": {"product": "Gadget", "version": "2026-01-01", "style": "RPC"},
///     "apis": {"PingGadget": {"methods": ["post"], "summary": "Pings a gadget.", "responses": {}}}
/// }"#;
/// let facts = facts::import(description, Path::new("gadget.json"), &Selection::default())?;
/// assert!(facts.text.contains("PingGadget") && !facts.text.contains("Pings"));
/// assert_eq!(facts.left_out["summary"], 1);
/// # Ok::<(), alicloud_codegen::diagnostics::CommandError>(())
/// ```
pub fn import(bytes: &[u8], file: &Path, selection: &Selection<'_>) -> Result<Facts, CommandError> {
    // The same checks as before generating.
    let mut diagnostics = Diagnostics::new(file);
    let spec = spec::parse(bytes, file, &mut diagnostics)?;
    let json = parse(bytes, file)?;
    let committed = selection.committed.map(|bytes| parse(bytes, file)).transpose()?;
    let (selected, not_selected) = selection::select(&spec, selection, committed.as_ref(), file)?;
    let mut import = Import::new(&spec, &selected, &mut diagnostics);
    let mut root = import.document(&JsonRef::root(&json));
    let Import { left_out, unknown, text_like_values, hashes, .. } = import;
    diagnostics.check()?;
    if let Some(committed) = &committed {
        order::align(&mut root, committed);
    }
    Ok(Facts {
        text: write::document(&root),
        left_out,
        unknown,
        not_selected,
        text_like_values,
        hashes,
    })
}

fn parse(bytes: &[u8], file: &Path) -> Result<Json, CommandError> {
    json::parse(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
        .map_err(|error| CommandError::new(format!("error: {}: {error}", file.display())))
}
