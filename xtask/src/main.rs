//! Maintenance commands of this repository: `cargo xtask …`.

mod clock;
mod commands;

use std::process::ExitCode;

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
    Conformance(alicloud_conformance::Arguments),
    /// Report the documentation of the published crates
    Docs(commands::docs::Arguments),
    /// Install the official clients and compare ours with them, call by call
    Interop(commands::interop::Arguments),
    /// Fetch, import, compare and verify descriptions
    Specs(commands::specs::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match alicloud_codegen::run_with_stack(move || run(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> ExitCode {
    let result = match command {
        Command::Codegen(arguments) => commands::codegen::run(&arguments),
        Command::Conformance(arguments) => commands::codegen::repository()
            .and_then(|repository| alicloud_conformance::run(&arguments, &repository, clock::now)),
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
