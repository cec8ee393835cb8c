//! The verb `interop`: do the official clients agree with ours?
//!
//! It installs them below `target/interop` ([`install`]) and hands them to the judge, a program of
//! the package of tests: who judges needs our crates and a runtime, and this command should not.

mod install;

use std::path::Path;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::codegen::diagnostics::Failure;

use install::Tool;

/// What the verb takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Take the clients that are installed already, and ask no package registry
    #[arg(long)]
    skip_install: bool,
}

/// Runs the verb.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let repository = super::codegen::repository()?;
    let pins = repository.join("tests").join("interop");
    let home = repository.join("target").join("interop");
    let python = Tool::python(&pins, &home);
    let node = Tool::node(&pins, &home);
    for tool in [&python, &node] {
        let stamp = tool.stamp()?;
        if tool.is_installed(&stamp) {
            continue;
        }
        if arguments.skip_install {
            return Err(Failure::new(format!(
                "error: {}: the clients of {} are not installed as they are pinned: run without --skip-install",
                tool.home().display(),
                tool.program()
            )));
        }
        eprintln!("installing the official clients of {} ...", tool.program());
        tool.install(&stamp)?;
    }
    judge(&repository, &python, &node)
}

fn judge(repository: &Path, python: &Tool, node: &Tool) -> Result<ExitCode, Failure> {
    let judged = Command::new("cargo")
        .args(["run", "--quiet", "--package", "alicloud-tests", "--bin", "interop", "--"])
        .args([python.runs(), node.runs(), node.home().join("node_modules")])
        .current_dir(repository)
        .status()
        .map_err(|error| {
            Failure::new(format!(
                "error: cargo cannot be started: {error}: it has to be on the PATH"
            ))
        })?;
    Ok(if judged.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
