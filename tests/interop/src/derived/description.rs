//! The descriptions of the committed products.

use std::fs;
use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::ir::{Operation, Product, Type};
use alicloud_codegen::lower::Choice;
use alicloud_codegen::{Settings, generate_file, run_with_stack};

/// Reads the descriptions below `specs/` with their overlays, sorted by folder.
pub(crate) fn read_all(repository: &Path) -> Result<Vec<Product>, CommandError> {
    let specs = repository.join("specs");
    run_with_stack(move || {
        let mut products = Vec::new();
        for name in folders(&specs)? {
            for version in folders(&specs.join(&name))? {
                let folder = specs.join(&name).join(version);
                let overlay = Some(folder.join("overlay.toml")).filter(|path| path.is_file());
                let choice = Choice { name: Some(name.clone()), ..Choice::default() };
                let settings = Settings { choice, ..Settings::default() };
                let file = folder.join("api.json");
                products.push(generate_file(&file, overlay.as_deref(), &settings)?.product);
            }
        }
        Ok(products)
    })?
}

/// Returns the names of the folders in a folder, sorted.
fn folders(path: &Path) -> Result<Vec<String>, CommandError> {
    let unreadable =
        |error| CommandError::new(format!("error: {}: cannot be read: {error}", path.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The named types that an operation can use.
#[derive(Clone, Copy)]
pub(crate) struct Types<'a> {
    shared: &'a [Type],
    own: &'a [Type],
}

impl<'a> Types<'a> {
    pub(crate) fn new(product: &'a Product, operation: &'a Operation) -> Self {
        Types { shared: &product.types, own: &operation.types }
    }

    pub(crate) fn find(self, name: &str) -> Option<&'a Type> {
        self.own.iter().chain(self.shared).find(|one| one.name() == name)
    }
}
