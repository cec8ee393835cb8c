//! `cargo xtask specs`: manages the descriptions under `specs/`.

mod change;
mod check;
mod components;
mod diff;
mod fetch;
mod import;
mod lock;
mod operations;
mod output;
mod report;
mod schemas;
mod sentences;
mod surface;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;
use clap::{Args, Subcommand};

use super::codegen::repository;
use output::print;

/// Arguments of `cargo xtask specs`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The root of the repository, for tests
    #[arg(long, value_name = "DIR", global = true, hide = true)]
    root: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print what changed between two descriptions and which version bump it requires
    Diff {
        /// The old description
        old: PathBuf,
        /// The new description
        new: PathBuf,
        /// Print a Markdown section for a changelog
        #[arg(long)]
        markdown: bool,
    },
    /// Download a description into specs/ and record its hash in specs/specs.lock
    Fetch {
        /// The code of the product, such as Cdn
        product: String,
        /// The version of its API, such as 2018-05-10
        version: String,
        /// Download from URL
        #[arg(long, value_name = "URL", default_value = alicloud_codegen::metadata::BASE_URL)]
        base_url: String,
    },
    /// Keep the facts of a published description in specs/, without its texts, and print what changed; exit with 1 if
    /// that breaks programs
    Import {
        /// The description
        file: PathBuf,
        /// Import these operations, beside those that are committed; all by default if none is committed
        #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
        operations: Vec<String>,
        /// Import all operations, also if only some are committed
        #[arg(long, conflicts_with = "operations")]
        all_operations: bool,
        /// Write the description although it removes or retypes what is committed
        #[arg(long)]
        allow_breaking: bool,
    },
    /// Compare descriptions with the official Python packages; exit with 1 if they lack something or differ
    Check {
        /// The folder of an installed package, or the site-packages that contains those of our products
        #[arg(long, value_name = "PACKAGE")]
        against: PathBuf,
        /// The descriptions; those under specs/ by default
        #[arg(value_name = "SPEC")]
        specs: Vec<PathBuf>,
        /// Also list the operations that are not part of the descriptions
        #[arg(long)]
        all: bool,
        /// Skip descriptions whose package is not in the folder
        #[arg(long)]
        allow_missing: bool,
        /// Add the comments of the packages to the sentences that docs.toml must not copy
        #[arg(long)]
        record_comments: bool,
    },
    /// Compare the descriptions under specs/ with specs/specs.lock; exit with 1 if they differ
    Verify,
    /// Record the hashes of the descriptions that are written by hand
    Lock,
}

/// Runs `cargo xtask specs`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, CommandError> {
    let root = || arguments.root.clone().map_or_else(repository, Ok);
    match &arguments.command {
        Command::Diff { old, new, markdown } => {
            let (old, new) = (diff::Document::read(old)?, diff::Document::read(new)?);
            let comparison = diff::compare(&old, &new);
            print(&if *markdown { comparison.markdown() } else { comparison.text() })?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Fetch { product, version, base_url } => {
            print(&(fetch::fetch(&root()?, base_url, product, version)? + "\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Import { file, operations, all_operations, allow_breaking } => {
            let choice = import::Choice {
                operations,
                all: *all_operations,
                allow_breaking: *allow_breaking,
            };
            print(&(import::import(&root()?, file, &choice)? + "\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check { against, specs, all, allow_missing, record_comments } => {
            let options = check::Options {
                list_all: *all,
                allow_missing: *allow_missing,
                record_comments: *record_comments,
            };
            check::check(&root()?, against, specs, &options)
        }
        Command::Verify => report_lock(verify::verify(&root()?)?, "verified against the lock"),
        Command::Lock => report_lock(verify::lock(&root()?)?, "recorded in the lock"),
    }
}

/// Prints the mismatches, or the number of descriptions if there are none.
fn report_lock(
    (descriptions, mismatches): (usize, Vec<String>),
    success: &str,
) -> Result<ExitCode, CommandError> {
    for mismatch in &mismatches {
        eprintln!("{mismatch}");
    }
    if !mismatches.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let noun = if descriptions == 1 { "description" } else { "descriptions" };
    print(&format!("specs: {descriptions} {noun} {success}\n"))?;
    Ok(ExitCode::SUCCESS)
}
