//! `alicloud-codegen show`: the operations of a product, or everything about one operation.

use std::path::Path;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::{CommandError, Diagnostics};
use alicloud_codegen::lock::Origin;
use alicloud_codegen::lower::{self, lower};
use alicloud_codegen::metadata::check_identity;
use alicloud_codegen::overlay::Overlay;
use clap::Args;
use serde::Serialize;

use crate::catalog::{OperationPage, Row, source};
use crate::descriptions::{Description, load_current, read_file};
use crate::output::{print, print_json, printable, table};
use crate::sources::{self, check_names};

/// Arguments of `alicloud-codegen show`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The code of the product, such as Ecs
    product: String,
    /// The operation; without it, the operations of the product are listed
    operation: Option<String>,
    /// Use this version of the API; defaults to that of the project, then to the one that the source recommends, then
    /// to the newest
    #[arg(long, value_name = "VERSION")]
    api_version: Option<String>,
    /// Read descriptions from SOURCE instead of the source of the project: a URL, file or folder
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// An operation in the list of a product.
#[derive(Serialize)]
struct ListedOperation {
    operation: String,
    deprecated: bool,
    summary: String,
}

/// Runs `alicloud-codegen show`.
pub(crate) fn run(arguments: &Arguments, folder: Option<&Path>) -> Result<ExitCode, CommandError> {
    let (source, project) = source(arguments.source.as_deref(), folder)?;
    let product = &arguments.product;
    let in_project = project.iter().flat_map(|project| &project.entries).find(|entry| {
        entry.product.eq_ignore_ascii_case(product)
            && arguments.api_version.as_ref().is_none_or(|version| *version == entry.version)
    });
    let (product, version) = match (&arguments.api_version, in_project) {
        (Some(version), _) => (product.clone(), version.clone()),
        (None, Some(entry)) => (entry.product.clone(), entry.version.clone()),
        (None, None) => sources::choose(&sources::products(&source)?, product, None, "")?,
    };
    check_names(&product, &version)?;
    let description = match (&project, in_project.and_then(|entry| entry.description.as_ref())) {
        (Some(project), Some(file)) => {
            let description = read_file(&project.path(file), file.clone(), Origin::Written)?;
            check_identity(&description.spec, &description.source, &product, &version)?;
            description
        }
        _ => load_current(&source, &product, &version, "")?,
    };
    match &arguments.operation {
        None => show_product(&description, arguments.json)?,
        Some(operation) => {
            description.check_operations([(operation.as_str(), "")])?;
            show_operation(&description, operation, arguments.json)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show_product(description: &Description, is_json: bool) -> Result<(), CommandError> {
    let mut operations: Vec<ListedOperation> = description
        .spec
        .operations
        .iter()
        .map(|operation| ListedOperation {
            operation: operation.name.clone(),
            deprecated: operation.deprecated,
            summary: operation.summary.clone().or(operation.title.clone()).unwrap_or_default(),
        })
        .collect();
    operations.sort_by(|a, b| a.operation.cmp(&b.operation));
    if is_json {
        return print_json(&operations);
    }
    print(&table(
        &["OPERATION", "SUMMARY"],
        operations.into_iter().map(|operation| {
            let mark = if operation.deprecated { "(deprecated) " } else { "" };
            vec![operation.operation, format!("{mark}{}", operation.summary)]
        }),
    ))
}

fn show_operation(
    description: &Description,
    name: &str,
    is_json: bool,
) -> Result<(), CommandError> {
    let choice = lower::Choice { operations: vec![name.to_owned()], ..lower::Choice::default() };
    let mut diagnostics = Diagnostics::new(&description.source);
    let product = lower(&description.spec, &Overlay::default(), &choice, &mut diagnostics)?;
    let described = description.spec.operations.iter().find(|operation| operation.name == name);
    let Some(page) = described.and_then(|described| OperationPage::new(&product, described)) else {
        return Ok(());
    };
    if is_json {
        return print_json(&page);
    }
    let mut text = format!(
        "{} {} {}: {} {}\n{}\n",
        page.product,
        page.version,
        page.operation,
        page.http_method,
        page.path,
        printable(&page.summary)
    );
    if page.deprecated {
        text += "The service has deprecated it.\n";
    }
    if let Some(reason) = &page.not_callable {
        text += &format!("A client cannot call it: {}.\n", printable(reason));
    }
    text += &section("Parameters", &page.parameters);
    text += &section("Response", &page.response);
    for ty in &page.types {
        match ty.values.is_empty() {
            true => text += &section(&ty.name, &ty.fields),
            false => text += &format!("\n{}\n  {}\n", ty.name, printable(&ty.values.join(", "))),
        }
    }
    if !page.errors.is_empty() {
        let rows =
            page.errors.into_iter().map(|error| vec![error.status, error.code, error.message]);
        text += &format!("\nErrors\n{}", table(&["STATUS", "CODE", "MESSAGE"], rows));
    }
    print(&text)
}

/// Returns a table of parameters or fields under a title.
fn section(title: &str, rows: &[Row]) -> String {
    if rows.is_empty() {
        return format!("\n{title}\n");
    }
    let rows = rows.iter().map(|row| {
        let required = if row.required { "yes" } else { "" };
        vec![row.name.clone(), row.r#type.clone(), required.to_owned(), row.description.clone()]
    });
    format!("\n{title}\n{}", table(&["NAME", "TYPE", "REQUIRED", "DESCRIPTION"], rows))
}
