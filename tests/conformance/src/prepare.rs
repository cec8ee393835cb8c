//! Generates the crates that decode the examples of a description.

use std::path::{Path, PathBuf};
use std::time::Instant;

use alicloud_codegen::diagnostics::{CommandError, Diagnostics, Severity};
use alicloud_codegen::ir::{Root, Ty};
use alicloud_codegen::lower::Choice;
use alicloud_codegen::render::{External, Runtime, RuntimeSource};
use alicloud_codegen::{Generated, Settings, generate_file, spec};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::documents::Document;
use super::files::write_if_changed;
use super::model::Model;
use super::pagers;
use super::summary::Summary;

/// A document with its generated crates, ready to be compiled.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The name of its folder below the work folder.
    pub(super) folder: String,
    /// The path of that folder.
    pub(super) dir: PathBuf,
    pub(super) model_crate: String,
    pub(super) driver: String,
    /// For each operation, its name as a Rust literal, and the functions that decode its response
    /// from JSON and from XML.
    pub(super) operations: Vec<(String, String)>,
    pub(super) examples: Vec<Example>,
    pub(super) model: Model,
    pub(super) summary: Summary,
}

/// A documented response of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Example {
    pub(super) op: String,
    #[serde(rename = "type")]
    pub(super) format: String,
    pub(super) text: String,
}

impl Prepared {
    /// Returns the relative cost of compiling it.
    pub(super) fn compile_cost(&self) -> u64 {
        self.operations.len() as u64 + 1
    }

    pub(super) fn examples_file(&self) -> PathBuf {
        self.dir.join("examples.jsonl")
    }

    pub(super) fn decoded_file(&self) -> PathBuf {
        self.dir.join("decoded.jsonl")
    }
}

#[derive(Template)]
#[template(path = "driver.toml", escape = "none")]
struct DriverManifest<'a> {
    document: &'a Prepared,
}

#[derive(Template)]
#[template(path = "driver.rs", escape = "none")]
struct Driver<'a> {
    document: &'a Prepared,
}

/// Generates the crates of a document in memory.
pub(super) fn in_memory(
    document: &Document,
    repository: &Path,
    work_dir: &Path,
    now: fn() -> Instant,
) -> Result<Summary, CommandError> {
    generate(document, repository, work_dir, now).map(|(_, _, summary)| summary)
}

/// Writes the model crate, the driver and the examples of a document.
pub(super) fn on_disk(
    document: &Document,
    repository: &Path,
    work_dir: &Path,
    now: fn() -> Instant,
) -> Result<Prepared, CommandError> {
    let (mut generated, examples, summary) = generate(document, repository, work_dir, now)?;
    let dir = work_dir.join(&document.stem);
    // Decoding needs only the model; compiling the client as well would double the time.
    let model_crate = PathBuf::from(&generated.product.model_crate);
    generated.tree.retain(|path, _| path.starts_with(&model_crate));
    generated.write(&dir)?;

    let library = generated.product.model_crate.replace('-', "_");
    let prepared = Prepared {
        folder: document.stem.clone(),
        model_crate: generated.product.model_crate.clone(),
        driver: format!("conformance-{}", document.stem),
        operations: generated
            .product
            .operations
            .iter()
            .map(|operation| {
                let decoders = match &operation.response.root {
                    Root::Alias { target: Ty::Bytes, .. } => "bytes, bytes".to_owned(),
                    _ => {
                        let response = format!("{library}::{}", operation.response.name);
                        format!("json::<{response}>, xml::<{response}>")
                    }
                };
                (format!("{:?}", operation.name), decoders)
            })
            .collect(),
        examples,
        model: Model::from_product(&generated.product),
        summary,
        dir,
    };
    let mut lines = String::new();
    for example in &prepared.examples {
        lines.push_str(&serde_json::to_string(example).unwrap_or_default());
        lines.push('\n');
    }
    write_if_changed(&prepared.examples_file(), &lines)?;
    let driver = prepared.dir.join("driver");
    let manifest = render(&DriverManifest { document: &prepared });
    write_if_changed(&driver.join("Cargo.toml"), &manifest)?;
    let main = render(&Driver { document: &prepared });
    write_if_changed(&driver.join("src").join("main.rs"), &main)?;
    Ok(prepared)
}

/// Renders a template. That fails only if the `Display` of a value does, and none does.
pub(super) fn render(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

fn generate(
    document: &Document,
    repository: &Path,
    work_dir: &Path,
    now: fn() -> Instant,
) -> Result<(Generated, Vec<Example>, Summary), CommandError> {
    let start = now();
    let settings = Settings {
        description: format!("{}.json", document.stem),
        generator: "cargo xtask conformance".to_owned(),
        runtime: Runtime::External(External::of_checkout(
            repository,
            &work_dir.join(&document.stem),
            true,
        )?),
        choice: Choice { name: Some(document.stem.clone()), ..Choice::default() },
        documentation: None,
    };
    let generated = generate_file(&document.file, None, &settings)?;
    let milliseconds = start.elapsed().as_millis() as u64;
    let bytes = spec::read_bytes(&document.file)?;
    let spec = spec::parse(&bytes, &document.file, &mut Diagnostics::default())?;
    let pagers = pagers::count(&spec, &generated.product, &document.stem);
    let examples: Vec<Example> = spec
        .operations
        .into_iter()
        .flat_map(|operation| {
            let op = operation.name;
            operation
                .demos
                .into_iter()
                .filter(|demo| matches!(demo.format.as_str(), "json" | "xml"))
                .map(move |demo| Example { op: op.clone(), format: demo.format, text: demo.text })
        })
        .collect();
    let summary = Summary {
        stem: document.stem.clone(),
        product: generated.product.code.clone(),
        version: generated.product.version.clone(),
        operations: generated.product.operations.len(),
        lines: generated.tree.values().map(|text| text.lines().count()).sum(),
        operation_lines: generated.lines_per_operation(),
        examples: examples.len(),
        warnings: generated.diagnostics.count(Severity::Warning),
        milliseconds,
        pagers,
        error: None,
    };
    Ok((generated, examples, summary))
}

/// Returns the path of the runtime crates as seen from a crate in this folder, and the version of
/// serde_json that they use.
pub(super) fn runtime(repository: &Path, folder: &Path) -> Result<(String, String), CommandError> {
    match External::of_checkout(repository, folder, true)? {
        External { runtime: RuntimeSource::Path(crates), serde_json, .. } => {
            Ok((crates, serde_json))
        }
        _ => Err(CommandError::new("error: the drivers need relative paths to the runtime")),
    }
}
