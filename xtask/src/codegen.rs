//! `cargo xtask codegen`: generates crates from descriptions.
//!
//! Steps: parse ([`spec`]), lower with the [`overlay`] ([`lower`]) to the intermediate representation
//! ([`ir`]), render ([`render`]), verify ([`mod@format`]), and write or compare ([`emit`]).

pub(crate) mod diagnostics;
mod docs;
mod emit;
mod format;
pub(crate) mod ir;
mod json;
mod layout;
pub(crate) mod lower;
pub(crate) mod names;
pub(crate) mod overlay;
mod render;
pub(crate) mod spec;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use diagnostics::{CommandError, Diagnostics};
pub(crate) use emit::PathOwners;
use ir::{Product, Type};
pub(crate) use lower::Choice;
use overlay::Overlay;
pub(crate) use render::Runtime;
use render::{Origin, Tree};

/// The inputs for one product.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file of the description.
    pub(crate) spec: PathBuf,
    pub(crate) overlay: Option<PathBuf>,
    /// The name of the description in generated files.
    pub(crate) shown: String,
    pub(crate) choice: Choice,
}

/// A generated product in memory.
#[derive(Debug)]
pub(crate) struct Generated {
    pub(crate) product: Product,
    pub(crate) tree: Tree,
    pub(crate) diagnostics: Diagnostics,
}

impl Generated {
    /// Returns the folders of the crates; the generator owns every file in them.
    pub(crate) fn owned(&self) -> Vec<String> {
        vec![self.product.model_crate.clone(), self.product.client_crate.clone()]
    }

    /// Returns the generated lines of each operation that has a method: its file in the model crate, without
    /// the types that are nested in its request and response, and its file in the client crate.
    pub(crate) fn lines_per_operation(&self) -> Vec<usize> {
        let lines =
            |path: String| self.tree.get(Path::new(&path)).map_or(0, |text| text.lines().count());
        let product = &self.product;
        let operations =
            product.operations.iter().filter(|operation| operation.not_callable.is_none());
        operations
            .map(|operation| {
                let model = lines(format!("{}/src/{}.rs", product.model_crate, operation.file));
                let nested: usize = operation.types.iter().map(Type::lines).sum();
                let client =
                    lines(format!("{}/src/operations/{}.rs", product.client_crate, operation.file));
                model.saturating_sub(nested) + client
            })
            .collect()
    }

    /// Returns a summary in one line.
    pub(crate) fn summary(&self, elapsed_ms: u128) -> String {
        let lines: usize = self.tree.values().map(|text| text.lines().count()).sum();
        format!(
            "{} {}: {} operations, {} types, {} files, {} lines, {} ms",
            self.product.code,
            self.product.version,
            self.product.operations.len(),
            self.product.nested_types() + 2 * self.product.operations.len(),
            self.tree.len(),
            lines,
            elapsed_ms
        )
    }
}

/// Generates a product in memory.
///
/// # Errors
///
/// If the description or the overlay cannot be read or used.
pub(crate) fn generate(source: &Source, runtime: Runtime) -> Result<Generated, CommandError> {
    let mut diagnostics = Diagnostics::new(&source.spec);
    let overlay = Overlay::read(source.overlay.as_deref())?;
    let (spec, bytes) = spec::read(&source.spec, &mut diagnostics)?;
    let origin = Origin { description: source.shown.clone(), sha256: sha256(&bytes), runtime };
    generate_from(&spec, &overlay, &source.choice, &origin, diagnostics)
}

/// Generates a product from texts. `name` is its name in the names of the crates.
///
/// # Errors
///
/// If the description or the overlay cannot be used.
pub(crate) fn generate_in_memory(
    name: &str,
    description: &[u8],
    overlay: Option<&str>,
) -> Result<Generated, CommandError> {
    let file = Path::new("api.json");
    let mut diagnostics = Diagnostics::new(file);
    let overlay = match overlay {
        Some(text) => Overlay::parse(Path::new("overlay.toml"), text.to_owned())?,
        None => Overlay::default(),
    };
    let spec = spec::parse(description, file, &mut diagnostics)?;
    let choice = Choice { name: Some(name.to_owned()), operations: Vec::new() };
    let origin = Origin {
        description: "api.json".to_owned(),
        sha256: sha256(description),
        runtime: Runtime::Workspace,
    };
    generate_from(&spec, &overlay, &choice, &origin, diagnostics)
}

fn generate_from(
    spec: &spec::Spec,
    overlay: &Overlay,
    choice: &Choice,
    origin: &Origin,
    mut diagnostics: Diagnostics,
) -> Result<Generated, CommandError> {
    let product = lower::lower(spec, overlay, choice, &mut diagnostics)?;
    let mut tree = Tree::new();
    for (path, text) in render::render(&product, origin)? {
        let text = format::format(&path, &text)?;
        tree.insert(path, text);
    }
    Ok(Generated { product, tree, diagnostics })
}

/// Returns the SHA-256 of some bytes in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Writes a product to a folder. See [`emit::write`].
pub(crate) fn write(root: &Path, generated: &Generated) -> Result<emit::Difference, CommandError> {
    emit::write(root, &generated.tree, &generated.owned())
}

/// Compares a product with the files of a folder.
pub(crate) fn compare(
    root: &Path,
    generated: &Generated,
) -> Result<emit::Difference, CommandError> {
    emit::compare(root, &generated.tree, &generated.owned())
}

/// The folders of the repository's descriptions and of their crates, and whether they are published.
const SPEC_FOLDERS: &[(&str, &str, bool)] =
    &[("specs", "crates", true), ("tests/specs", "tests/generated", false)];

/// A product of the repository.
#[derive(Debug)]
pub(crate) struct ConfiguredProduct {
    pub(crate) source: Source,
    /// The folder of its crates.
    pub(crate) crates: PathBuf,
    /// Whether the crates are published, or only used in tests.
    pub(crate) published: bool,
}

/// Returns the products of the repository, sorted by folder.
pub(crate) fn configured(repository: &Path) -> Result<Vec<ConfiguredProduct>, CommandError> {
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
                let shown = format!("{specs}/{product}/{version}/api.json");
                // The folder names the crates, so that two versions of a product can coexist.
                let choice = Choice { name: Some(product.clone()), operations: Vec::new() };
                sources.push(ConfiguredProduct {
                    source: Source { spec, overlay, shown, choice },
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
