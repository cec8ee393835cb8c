//! `cargo xtask docs`: reports on the documentation of the published crates.

mod coverage;
mod rustdoc;

use std::path::PathBuf;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;
use clap::{Args, Subcommand};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{Cell, CellAlignment, Table};

use super::codegen::repository;

use coverage::Coverage;

/// The published libraries that are written by hand.
const PACKAGES: [&str; 5] =
    ["alicloud-core", "alicloud-wire", "alicloud-cdn-refresh", "alicloud-fake", "alicloud-codegen"];

/// Arguments of `cargo xtask docs`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print how many public items of each published library have documentation and an example
    ///
    /// Counts the items that rustdoc shows with all features: types, traits, functions, inherent
    /// methods, methods declared in traits, constants, statics and macros. Does not count hidden
    /// items, modules, fields, variants, associated types, trait implementations and re-exports of
    /// items of other crates. An item has an example if rustdoc would compile a code block of its
    /// documentation; code blocks marked `ignore` or as another language do not count. The share
    /// is the number of items with an example in percent of all items.
    #[command(verbatim_doc_comment)]
    Coverage(CoverageArguments),
}

#[derive(Debug, Args)]
struct CoverageArguments {
    /// Exit with 1 if the share of a library is below PERCENT
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(..=100))]
    check: Option<u8>,
    /// Report these libraries instead of the published ones
    #[arg(long = "package", value_name = "NAME")]
    packages: Vec<String>,
    /// The workspace of the libraries, for tests
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

/// Runs `cargo xtask docs`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, CommandError> {
    match &arguments.command {
        Command::Coverage(arguments) => run_coverage(arguments),
    }
}

fn run_coverage(arguments: &CoverageArguments) -> Result<ExitCode, CommandError> {
    let root = arguments.root.clone().map_or_else(repository, Ok)?;
    let packages: Vec<&str> = match arguments.packages.as_slice() {
        [] => PACKAGES.to_vec(),
        packages => packages.iter().map(String::as_str).collect(),
    };
    let mut results = Vec::new();
    for package in packages {
        let json = rustdoc::document(&root, package)?;
        let coverage = Coverage::from_rustdoc_json(&json)
            .map_err(|error| CommandError::new(format!("error: {package}: {error}")))?;
        results.push((package, coverage));
    }
    println!("{}", table(&results));
    let mut exit_code = ExitCode::SUCCESS;
    for (package, coverage) in &results {
        if let Some(min_share) = arguments.check.filter(|min| coverage.share() < f64::from(*min)) {
            eprintln!(
                "error: {package}: {:.1} % of the public items have an example, less than {min_share} %; add examples",
                coverage.share()
            );
            exit_code = ExitCode::FAILURE;
        }
    }
    Ok(exit_code)
}

fn table(results: &[(&str, Coverage)]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(["crate", "public items", "documented", "with example", "example share"]);
    let number = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for (package, coverage) in results {
        table.add_row([
            Cell::new(package),
            number(coverage.items.to_string()),
            number(coverage.documented.to_string()),
            number(coverage.with_example.to_string()),
            number(format!("{:.1} %", coverage.share())),
        ]);
    }
    table
}
