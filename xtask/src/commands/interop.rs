//! `cargo xtask interop`: compares our client with the official ones.
//!
//! Installs the official clients below `target/interop` ([`install`]) and runs the program
//! of the package `alicloud-interop`, which compares them. The comparison is not part of
//! xtask because it depends on our crates and on an async runtime.

mod install;

use std::path::Path;
use std::process::{Command, ExitCode};

use alicloud_codegen::diagnostics::CommandError;
use clap::Args;

use install::ClientEnvironment;

/// Arguments of `cargo xtask interop`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Use the clients that are already installed, without contacting a package registry
    #[arg(long)]
    skip_install: bool,
}

/// Runs `cargo xtask interop`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, CommandError> {
    let repository = super::codegen::repository()?;
    let pins = repository.join("tests").join("interop");
    let root = repository.join("target").join("interop");
    let python = ClientEnvironment::python(&pins, &root);
    let node = ClientEnvironment::node(&pins, &root);
    for environment in [&python, &node] {
        let fingerprint = environment.fingerprint()?;
        if environment.is_installed(&fingerprint) {
            continue;
        }
        if arguments.skip_install {
            return Err(CommandError::new(format!(
                "error: {}: the {} clients are missing or of other versions than pinned; run `cargo xtask interop` without --skip-install",
                environment.root().display(),
                environment.language_name()
            )));
        }
        eprintln!("installing the official {} clients ...", environment.language_name());
        environment.install(&fingerprint)?;
    }
    run_comparison(&repository, &root, &python, &node)
}

fn run_comparison(
    repository: &Path,
    root: &Path,
    python: &ClientEnvironment,
    node: &ClientEnvironment,
) -> Result<ExitCode, CommandError> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--package", "alicloud-interop", "--features", "operations", "--"])
        .args([python.interpreter(), node.interpreter(), node.root().join("node_modules")])
        .arg(root.join("operations.md"))
        .current_dir(repository)
        .status()
        .map_err(|error| {
            CommandError::new(format!("error: cannot run cargo: {error}; add cargo to the PATH"))
        })?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
