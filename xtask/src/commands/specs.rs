//! The verb `specs`: the descriptions under specs/, where they come from and how they change.

mod change;
mod components;
mod diff;
mod fetch;
mod files;
mod lock;
mod operations;
mod report;
mod schemas;
mod surface;
mod verify;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::codegen::repository;
use crate::codegen::diagnostics::Failure;

/// What the verb takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// The repository's root, for tests
    #[arg(long, value_name = "DIR", global = true, hide = true)]
    root: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say what changed between two descriptions, and what that means for the generated crates
    Diff {
        old: PathBuf,
        new: PathBuf,
        /// As a section for a changelog
        #[arg(long)]
        markdown: bool,
    },
    /// Download a description into specs/ and record its hash in specs/specs.lock
    Fetch {
        /// The product's code, such as Cdn
        product: String,
        /// The version, such as 2018-05-10
        version: String,
        /// Where descriptions are published
        #[arg(long, value_name = "URL", default_value = fetch::BASE)]
        base_url: String,
    },
    /// Compare the descriptions under specs/ with specs/specs.lock; exit code 1 when they differ
    Verify,
    /// Record the hashes of the descriptions that are written by hand
    Lock,
}

/// Runs the verb.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let root = || arguments.root.clone().map_or_else(repository, Ok);
    match &arguments.verb {
        Verb::Diff { old, new, markdown } => {
            let (old, new) = (diff::Document::read(old)?, diff::Document::read(new)?);
            let comparison = diff::compare(&old, &new);
            say(&if *markdown { comparison.markdown() } else { comparison.text() })?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Fetch { product, version, base_url } => {
            say(&(fetch::fetch(&root()?, base_url, product, version)? + "\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Verify => Ok(outcome(verify::verify(&root()?)?, "as the lock says")?),
        Verb::Lock => Ok(outcome(verify::lock(&root()?)?, "in the lock")?),
    }
}

fn outcome(
    (descriptions, problems): (usize, Vec<String>),
    good: &str,
) -> Result<ExitCode, Failure> {
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let noun = if descriptions == 1 { "description" } else { "descriptions" };
    say(&format!("specs: {descriptions} {noun} {good}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints. A reader that has seen enough closes the pipe, which is no failure.
fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("error: standard output: {error}")))
        }
        _ => Ok(()),
    }
}
