//! A description to crates that decode its examples.

use std::path::{Path, PathBuf};

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::codegen::diagnostics::{Diagnostics, Failure, Severity};
use crate::codegen::ir::{Root, Ty};
use crate::codegen::{self, Choice, Generated, Runtime, Source, spec};

use super::documents::Document;
use super::harness::put;
use super::model::Model;
use super::row::Summary;

/// A document whose driver can be compiled.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) folder: String,
    pub(super) home: PathBuf,
    pub(super) model_crate: String,
    pub(super) driver: String,
    /// The literal of each operation's name, and what reads its response in JSON and in XML.
    pub(super) operations: Vec<(String, String)>,
    pub(super) examples: Vec<Example>,
    pub(super) model: Model,
    pub(super) summary: Summary,
}

/// A documented response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Example {
    pub(super) op: String,
    #[serde(rename = "type")]
    pub(super) format: String,
    pub(super) text: String,
}

impl Prepared {
    /// How much there is to compile.
    pub(super) fn weight(&self) -> u64 {
        self.operations.len() as u64 + 1
    }

    pub(super) fn examples_file(&self) -> PathBuf {
        self.home.join("examples.jsonl")
    }

    pub(super) fn decoded_file(&self) -> PathBuf {
        self.home.join("decoded.jsonl")
    }
}

#[derive(Template)]
#[template(path = "conformance/driver.toml", escape = "none")]
struct DriverManifest<'a> {
    document: &'a Prepared,
}

#[derive(Template)]
#[template(path = "conformance/driver.rs", escape = "none")]
struct Driver<'a> {
    document: &'a Prepared,
}

/// Generates a document without writing anything.
pub(super) fn in_memory(
    document: &Document,
    repository: &Path,
    home: &Path,
) -> Result<Summary, Failure> {
    let (generated, _, summary) = generate(document, repository, home)?;
    drop(generated);
    Ok(summary)
}

/// Generates a document and writes its model crate, its driver and its examples.
pub(super) fn on_disk(
    document: &Document,
    repository: &Path,
    home: &Path,
) -> Result<Prepared, Failure> {
    let (mut generated, examples, summary) = generate(document, repository, home)?;
    let home = home.join(&document.stem);
    // The clients are not what is looked at here, and compiling them would take as long again.
    let model_crate = PathBuf::from(&generated.product.model_crate);
    generated.tree.retain(|path, _| path.starts_with(&model_crate));
    codegen::write(&home, &generated)?;

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
                let readers = match &operation.response.root {
                    Root::Alias { target: Ty::Bytes, .. } => "bytes, bytes".to_owned(),
                    _ => {
                        let response = format!("{library}::{}", operation.response.name);
                        format!("json::<{response}>, xml::<{response}>")
                    }
                };
                (format!("{:?}", operation.name), readers)
            })
            .collect(),
        examples,
        model: Model::of(&generated.product),
        summary,
        home,
    };
    let mut lines = String::new();
    for example in &prepared.examples {
        lines.push_str(&serde_json::to_string(example).unwrap_or_default());
        lines.push('\n');
    }
    put(&prepared.examples_file(), &lines)?;
    let driver = prepared.home.join("driver");
    put(&driver.join("Cargo.toml"), &print(&DriverManifest { document: &prepared }))?;
    put(&driver.join("src").join("main.rs"), &print(&Driver { document: &prepared }))?;
    Ok(prepared)
}

/// Printing into a string fails only where a value's own Display does, and none does.
pub(super) fn print(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

fn generate(
    document: &Document,
    repository: &Path,
    home: &Path,
) -> Result<(Generated, Vec<Example>, Summary), Failure> {
    let start = clock::now();
    let source = Source {
        spec: document.file.clone(),
        overlay: None,
        shown: format!("{}.json", document.stem),
        choice: Choice { name: Some(document.stem.clone()), operations: Vec::new() },
    };
    let runtime = super::super::codegen::by_path(repository, &home.join(&document.stem))?;
    let generated = codegen::generate(&source, runtime)?;
    let milliseconds = start.elapsed().as_millis() as u64;
    let (spec, _) = spec::read(&document.file, &mut Diagnostics::default())?;
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
        examples: examples.len(),
        warnings: generated.diagnostics.count(Severity::Warning),
        milliseconds,
        failure: None,
    };
    Ok((generated, examples, summary))
}

/// The runtime crates as a manifest below the harness sees them, and the version of serde_json.
pub(super) fn runtime(repository: &Path, folder: &Path) -> Result<(String, String), Failure> {
    match super::super::codegen::by_path(repository, folder)? {
        Runtime::Path { crates, serde_json, .. } => Ok((crates, serde_json)),
        Runtime::Workspace { .. } => {
            Err(Failure::new("error: the harness is not in the workspace"))
        }
    }
}
