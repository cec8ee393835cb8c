//! The maintainers' commands.

mod clock;
mod codegen;
mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The maintainers' commands",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Write the generated crates from the descriptions under specs/, or from any description
    Codegen(commands::codegen::Arguments),
    /// Decode every documented response of some descriptions with the types generated from them
    Conformance(commands::conformance::Arguments),
    /// Install the official clients and hold ours against them, call by call
    Interop(commands::interop::Arguments),
    /// Fetch descriptions, compare them, and check those that are kept
    Specs(commands::specs::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().verb {
        Verb::Codegen(arguments) => commands::codegen::run(&arguments),
        Verb::Conformance(arguments) => commands::conformance::run(&arguments),
        Verb::Interop(arguments) => commands::interop::run(&arguments),
        Verb::Specs(arguments) => commands::specs::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
