//! The file with the known differences between a description and the package of its product.

use std::collections::BTreeSet;
use std::path::Path;

use alicloud_codegen::diagnostics::{CommandError, line_number};
use alicloud_codegen::files;
use serde::Deserialize;

/// The name of the file, beside the description.
pub(super) const FILE: &str = "drift.toml";

/// The known differences.
#[derive(Default)]
pub(super) struct Known {
    /// Whether an operation that only the package has is missing.
    pub(super) complete: bool,
    /// Elements in the notation of overlays; `*` is every operation.
    pub(super) elements: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    complete: bool,
    #[serde(default)]
    known: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    at: Vec<String>,
    why: String,
}

impl Known {
    /// Returns the entry that an element belongs to.
    pub(super) fn entry(&self, location: &str) -> Option<&str> {
        let start = location.find(['?', '!']).unwrap_or(location.len());
        let of_all = format!("*{}", location.get(start..).unwrap_or_default());
        let entry = self.elements.get(location).or_else(|| self.elements.get(&of_all))?;
        Some(entry)
    }

    /// Reads the file. Without one, no difference is known, and the description is a selection of operations.
    pub(super) fn read(path: &Path) -> Result<Known, CommandError> {
        let Some(bytes) = files::read(path)? else { return Ok(Known::default()) };
        let fail = |what: String| CommandError::new(format!("error: {}: {what}", path.display()));
        let text = String::from_utf8(bytes)
            .map_err(|_| fail("not UTF-8; save the file as UTF-8".to_owned()))?;
        let file: File = toml::from_str(&text).map_err(|error| {
            let line = line_number(&text, error.span().map_or(0, |span| span.start));
            fail(format!("line {line}: {}; correct or remove the key", error.message()))
        })?;
        let mut known = Known { complete: file.complete, ..Known::default() };
        for entry in file.known {
            if entry.why.trim().is_empty() {
                return Err(fail(format!("no reason for {:?}; write it in `why`", entry.at)));
            }
            for at in entry.at {
                if !known.elements.insert(at.clone()) {
                    return Err(fail(format!("two entries for {at:?}; keep one")));
                }
            }
        }
        Ok(known)
    }
}
