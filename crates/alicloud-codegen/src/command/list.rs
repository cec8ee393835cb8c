//! `alicloud-codegen list`: the products that have a description.

use std::path::Path;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::metadata::CatalogProduct;
use alicloud_codegen::names;
use clap::Args;
use serde::Serialize;

use crate::catalog::source;
use crate::output::{print, print_json, table};
use crate::sources;

/// Arguments of `alicloud-codegen list`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// List only products whose code or name contains WORD
    word: Option<String>,
    /// Read descriptions from SOURCE instead of the source of the project: a URL, file or folder
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A product as JSON.
#[derive(Serialize)]
struct Row<'a> {
    product: &'a str,
    name: &'a str,
    default_version: Option<&'a str>,
    versions: &'a [String],
}

/// Runs `alicloud-codegen list`.
pub(crate) fn run(arguments: &Arguments, folder: Option<&Path>) -> Result<ExitCode, CommandError> {
    let (source, _) = source(arguments.source.as_deref(), folder)?;
    let products = sources::products(&source)?;
    let word = arguments.word.as_deref().unwrap_or_default().to_lowercase();
    let is_match = |product: &&CatalogProduct| {
        product.code.to_lowercase().contains(&word) || product.name.to_lowercase().contains(&word)
    };
    let found: Vec<&CatalogProduct> = products.iter().filter(is_match).collect();
    if found.is_empty() {
        let codes = products.iter().map(|product| product.code.as_str());
        return Err(CommandError::new(format!(
            "error: no product contains {word:?}{}; `alicloud-codegen list` prints all products",
            names::suggestion(&word, codes)
        )));
    }
    match arguments.json {
        true => {
            let rows: Vec<Row<'_>> = found
                .into_iter()
                .map(|product| Row {
                    product: &product.code,
                    name: &product.name,
                    default_version: product.default_version.as_deref(),
                    versions: &product.versions,
                })
                .collect();
            print_json(&rows)?;
        }
        false => print(&table(
            &["PRODUCT", "VERSIONS", "NAME"],
            found.into_iter().map(|product| {
                vec![product.code.clone(), product.versions.join(", "), product.name.clone()]
            }),
        ))?,
    }
    Ok(ExitCode::SUCCESS)
}
