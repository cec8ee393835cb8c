//! Modules of the client that are written by hand, in files beside the overlay.

use std::fs;
use std::path::Path;

use crate::diagnostics::CommandError;
use crate::files::{io_error, utf8};

/// A module of the client that is written by hand.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// Its source.
    pub text: String,
}

/// The modules that each client has.
const GENERATED: &[&str] = &["client", "error_code", "lib", "model", "operations", "product"];

/// Reads the modules with these names, sorted.
pub(super) fn read(overlay: &Path, names: &[String]) -> Result<Vec<Module>, CommandError> {
    let mut modules = Vec::new();
    for name in names {
        let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_name || GENERATED.contains(&name.as_str()) {
            return Err(CommandError::new(format!(
                "error: {}: `modules` has {name:?}: not the name of a module, or one that is generated; choose another name",
                overlay.display()
            )));
        }
        let path = overlay.with_file_name(format!("{name}.rs"));
        let bytes = fs::read(&path).map_err(|error| io_error(&path, "cannot be read", &error))?;
        modules.push(Module { name: name.clone(), text: utf8(&path, bytes)? });
    }
    modules.sort_by(|a, b| a.name.cmp(&b.name));
    modules.dedup_by(|a, b| a.name == b.name);
    Ok(modules)
}
