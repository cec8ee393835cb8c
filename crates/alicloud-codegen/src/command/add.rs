//! `alicloud-codegen add`: adds a product to a project and locks its description.

use std::path::Path;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::lock::Origin;
use alicloud_codegen::metadata::check_identity;
use alicloud_codegen::names;
use clap::Args;

use crate::cache;
use crate::descriptions::{self, Description, LOCK, load_current, read_file};
use crate::init::quoted;
use crate::output::print;
use crate::project::{FILE, Output, Project, guard, inner_path};
use crate::sources::check_names;

/// Arguments of `alicloud-codegen add`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The code of the product, such as Ecs
    product: String,
    /// The version of its API, such as 2014-05-26
    version: String,
    /// Generate only these operations and the types that they use
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    operations: Vec<String>,
    /// What to generate
    #[arg(long, value_enum, default_value_t = Output::Module)]
    output: Output,
    /// Write the module to DIR, or the crates into DIR; defaults to src/aliyun/PRODUCT, or crates
    #[arg(long, value_name = "DIR")]
    path: Option<String>,
    /// Name the crates alicloud-NAME and alicloud-NAME-model
    #[arg(long)]
    name: Option<String>,
    /// Apply the overlay FILE to the description
    #[arg(long, value_name = "FILE")]
    overlay: Option<String>,
    /// Read the description from FILE instead of the source of the project
    #[arg(long, value_name = "FILE")]
    description: Option<String>,
    /// Write the description to FILE, so that the repository has it
    #[arg(long, value_name = "FILE", conflicts_with = "description")]
    save: Option<String>,
}

/// Runs `alicloud-codegen add`.
pub(crate) fn run(arguments: &Arguments, folder: Option<&Path>) -> Result<ExitCode, CommandError> {
    let _guard = guard(folder)?;
    let project = Project::read(folder)?;
    let Arguments { product, version, .. } = arguments;
    check_names(product, version)?;
    if let Some(file) = &arguments.save
        && inner_path(file).is_none_or(|path| [FILE, LOCK].contains(&path.as_str()))
    {
        return Err(CommandError::new(format!(
            "error: --save: {file:?} is not a path for a description in the project; write one such as \"descriptions/ecs.json\""
        )));
    }
    for file in [&arguments.description, &arguments.save].into_iter().flatten() {
        descriptions::check_lock_path(file, "")?;
    }
    let description = match &arguments.description {
        Some(file) => {
            let description = read_file(&project.path(file), file.clone(), Origin::Written)?;
            check_identity(&description.spec, &description.source, product, version)?;
            description
        }
        None => load_current(&project.source, product, version, "")?,
    };
    let operations = operations(arguments);
    description.check_operations(operations.iter().map(|name| (*name, "")))?;
    if let Some(overlay) = &arguments.overlay
        && !project.path(overlay).is_file()
    {
        return Err(CommandError::new(format!(
            "error: {}: not found; create the overlay, or leave out --overlay",
            project.path(overlay).display()
        )));
    }

    let new = project.with_entry(&entry_text(arguments, &description))?;
    let mut transaction = Transaction::default();
    let mut lock = descriptions::read_lock(&project)?;
    let mut lock_entry = description.lock_entry();
    if let Some(file) = &arguments.save {
        let path = project.path(file);
        if files::read(&path)?.is_some_and(|old| old != description.bytes) {
            return Err(CommandError::new(format!(
                "error: {}: already exists with another content; choose another file for --save",
                path.display()
            )));
        }
        transaction.write(path, description.bytes.as_slice());
        lock_entry.path = file.clone();
    }
    lock.add(lock_entry);
    transaction.write(project.path(FILE), new.text.as_str());
    transaction.write(project.path(LOCK), descriptions::lock_text(&lock));
    transaction.commit()?;
    cache::put(&description.sha256, &description.bytes);
    print(&summary(arguments, &description, &new))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the operations, each once: `--operations "A, B"` has a blank.
fn operations(arguments: &Arguments) -> Vec<&str> {
    let mut operations = Vec::new();
    for name in arguments.operations.iter().map(|name| name.trim()) {
        if !operations.contains(&name) {
            operations.push(name);
        }
    }
    operations
}

/// Returns the entry of the project file.
fn entry_text(arguments: &Arguments, description: &Description) -> String {
    let code = &description.spec.product;
    let mut text = "\n[[product]]".to_owned();
    let mut line = |key: &str, value: &str| text += &format!("\n{key} = {}", quoted(value));
    line("product", code);
    line("version", &description.spec.version);
    line("output", arguments.output.as_str());
    let path = arguments.path.clone().unwrap_or_else(|| match arguments.output {
        Output::Module => format!("src/aliyun/{}", names::snake(code).replace("r#", "")),
        Output::Crate | Output::Crates => "crates".to_owned(),
    });
    line("path", &path);
    let file = arguments.description.as_ref().or(arguments.save.as_ref());
    let optional = [
        ("name", arguments.name.as_ref()),
        ("overlay", arguments.overlay.as_ref()),
        ("description", file),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            line(key, value);
        }
    }
    if !arguments.operations.is_empty() {
        let names: Vec<String> = operations(arguments)
            .into_iter()
            .map(|name| format!("    {},", quoted(name)))
            .collect();
        text += &format!("\noperations = [\n{}\n]", names.join("\n"));
    }
    text
}

/// Returns what was added and what to do next.
fn summary(arguments: &Arguments, description: &Description, project: &Project) -> String {
    let operations = match operations(arguments).len() {
        0 => description.spec.operations.len(),
        selected => selected,
    };
    let mut text = format!(
        "{FILE}: added {} {} with {operations} operations; run `alicloud-codegen generate`\n",
        description.spec.product, description.spec.version
    );
    if arguments.output == Output::Module {
        text += &format!(
            "the module needs these dependencies in Cargo.toml:\n{}\n{}\n",
            project.runtime.dependency("alicloud-core", ""),
            project.runtime.dependency("alicloud-wire", "")
        );
    }
    text
}
