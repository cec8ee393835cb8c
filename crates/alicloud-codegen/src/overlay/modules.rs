//! Modules of the client that are written by hand, in files beside the overlay.

use std::fs;
use std::path::Path;

use alicloud_wire::printable::printable;

use crate::diagnostics::CommandError;
use crate::files::{io_error, utf8};
use crate::{format, names};

/// A module of the client that is written by hand.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// Its source.
    pub text: String,
}

/// Names in the root of each client.
const IN_ROOT: &[&str] = &["runtime"];

/// Reads the modules with these names, sorted.
pub(super) fn read(overlay: &Path, names: &[String]) -> Result<Vec<Module>, CommandError> {
    let fail = |name: &String, what: &str| {
        Err(CommandError::new(format!(
            "error: {}: `modules` has {name:?}: {what}",
            overlay.display()
        )))
    };
    let mut modules: Vec<Module> = Vec::new();
    for name in names {
        let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_');
        // Another name in generated code means a keyword, or a name with another meaning for the layout, for Cargo or
        // for file systems.
        if !is_plain || names::module(name) != *name || IN_ROOT.contains(&name.as_str()) {
            return fail(
                name,
                "not the name of a module, or one that is generated or reserved; choose another name, such as \"credentials\"",
            );
        }
        if modules.iter().any(|module| module.name == *name) {
            return fail(name, "listed twice; remove one");
        }
        let path = overlay.with_file_name(format!("{name}.rs"));
        let bytes = fs::read(&path).map_err(|error| io_error(&path, "cannot be read", &error))?;
        let text = utf8(&path, bytes)?;
        if let Err(error) = format::check_syntax(&text) {
            return Err(CommandError::new(format!(
                "error: {}:{}: invalid Rust: {}; correct the module",
                path.display(),
                error.line,
                printable(&error.message)
            )));
        }
        modules.push(Module { name: name.clone(), text });
    }
    modules.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(modules)
}
