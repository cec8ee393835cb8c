//! Maintenance commands of this repository: `cargo xtask …`. A library, so that `fuzz/` reaches the generator.

mod clock;
mod codegen;
mod commands;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::JoinHandle;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Maintain the alicloud workspace: generate crates, and check descriptions, clients and docs",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate crates from the descriptions under specs/ or from any OpenMeta description
    Codegen(commands::codegen::Arguments),
    /// Decode every documented response of the given descriptions with generated types
    Conformance(commands::conformance::Arguments),
    /// Report the documentation of the published crates
    Docs(commands::docs::Arguments),
    /// Install the official clients and compare ours with them, call by call
    Interop(commands::interop::Arguments),
    /// Fetch, compare and verify descriptions
    Specs(commands::specs::Arguments),
}

/// Stack in bytes of the thread that runs the command. Descriptions are read recursively, and their
/// depth limit needs a fifth of it in a debug build.
const STACK: usize = 256 << 20;

/// Runs the command of the arguments of this process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let command = move || run(arguments.command);
    match std::thread::Builder::new().stack_size(STACK).spawn(command).map(JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => {
            eprintln!("error: no thread for the command: {error}; free some memory");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> ExitCode {
    let result = match command {
        Command::Codegen(arguments) => commands::codegen::run(&arguments),
        Command::Conformance(arguments) => commands::conformance::run(&arguments),
        Command::Docs(arguments) => commands::docs::run(&arguments),
        Command::Interop(arguments) => commands::interop::run(&arguments),
        Command::Specs(arguments) => commands::specs::run(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the files of the crates that are generated from a description and an overlay, by path, as members
/// of a workspace with the dependencies of this one. `name` is the product in the names of the crates. Reads
/// and writes no file.
///
/// # Errors
///
/// Returns the message that `cargo xtask codegen` prints if the description or the overlay cannot be used.
pub fn generated_files(
    name: &str,
    description: &[u8],
    overlay: Option<&str>,
) -> Result<BTreeMap<PathBuf, String>, String> {
    let generated = codegen::generate_in_memory(name, description, overlay);
    generated.map(|generated| generated.tree).map_err(|error| error.to_string())
}
