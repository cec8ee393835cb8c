//! The products of this repository.

use std::fs;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::lower::Choice;

/// The folders of the repository's descriptions and of their crates, and whether they are published.
const SPEC_FOLDERS: &[(&str, &str, bool)] =
    &[("specs", "crates", true), ("tests/specs", "tests/generated", false)];

/// A product of the repository.
#[derive(Debug)]
pub(super) struct ConfiguredProduct {
    /// The file of the description.
    pub(super) spec: PathBuf,
    /// The file of the overlay, if there is one.
    pub(super) overlay: Option<PathBuf>,
    /// The file of the documentation, if there is one.
    pub(super) documentation: Option<PathBuf>,
    /// The name of the description in generated files.
    pub(super) shown: String,
    pub(super) choice: Choice,
    /// The folder of its crates.
    pub(super) crates: PathBuf,
    /// Whether the crates are published, or only used in tests.
    pub(super) published: bool,
}

/// Returns the products of the repository, sorted by folder.
pub(super) fn configured(repository: &Path) -> Result<Vec<ConfiguredProduct>, CommandError> {
    let mut sources = Vec::new();
    for (specs, crates, published) in SPEC_FOLDERS {
        for product in folders(&repository.join(specs))? {
            for version in folders(&repository.join(specs).join(&product))? {
                let folder = repository.join(specs).join(&product).join(&version);
                let spec = folder.join("api.json");
                if !spec.is_file() {
                    return Err(CommandError::new(format!(
                        "error: {}: has no api.json: add the description or remove the folder",
                        folder.display()
                    )));
                }
                let overlay = Some(folder.join("overlay.toml")).filter(|path| path.is_file());
                let documentation = Some(folder.join("docs.toml")).filter(|path| path.is_file());
                let shown = format!("{specs}/{product}/{version}/api.json");
                // The folder names the crates, so that two versions of a product can coexist.
                let choice = Choice { name: Some(product.clone()), ..Choice::default() };
                sources.push(ConfiguredProduct {
                    spec,
                    overlay,
                    documentation,
                    shown,
                    choice,
                    crates: repository.join(crates),
                    published: *published,
                });
            }
        }
    }
    Ok(sources)
}

/// Returns the names of the folders in a folder, sorted.
fn folders(path: &Path) -> Result<Vec<String>, CommandError> {
    let read_error = |error: std::io::Error| {
        CommandError::new(format!("error: {}: cannot be read: {error}", path.display()))
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(read_error)? {
        let entry = entry.map_err(read_error)?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}
