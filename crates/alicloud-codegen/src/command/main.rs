//! The command `alicloud-codegen`: keeps generated clients in a repository up to date.

mod add;
mod cache;
mod catalog;
mod descriptions;
mod generate;
mod init;
mod list;
mod output;
mod project;
mod show;
mod sources;
mod update;

use std::path::PathBuf;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::{files, run_with_stack};
use clap::{Parser, Subcommand};

/// Generate Rust clients for Alibaba Cloud APIs in your own repository
#[derive(Debug, Parser)]
#[command(name = "alicloud-codegen", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Use the project of DIR; defaults to the nearest folder with an alicloud.toml, from the current one up
    #[arg(long, value_name = "DIR", global = true)]
    project: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create an alicloud.toml
    Init(init::Arguments),
    /// Add a product to alicloud.toml and lock its description
    Add(add::Arguments),
    /// Generate the code that alicloud.toml describes
    Generate(generate::Arguments),
    /// List the products that have a description
    List(list::Arguments),
    /// Show the operations of a product, or the parameters, types and errors of one operation
    Show(show::Arguments),
    /// Lock the current descriptions
    Update(update::Arguments),
}

/// Exit code of an interrupted command, as in shells.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match start(arguments) {
        Ok(code) => code,
        Err(error) => {
            output::print_error(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> Result<ExitCode, CommandError> {
    let handler = || {
        let _guard = files::pause_commits();
        std::process::exit(INTERRUPTED);
    };
    ctrlc::set_handler(handler).map_err(|error| {
        CommandError::new(format!("error: Ctrl-C cannot be handled: {error}; free some memory"))
    })?;
    run_with_stack(move || run(&arguments))?
}

fn run(arguments: &Arguments) -> Result<ExitCode, CommandError> {
    let folder = arguments.project.as_deref();
    match &arguments.command {
        Command::Init(arguments) => init::run(arguments, folder),
        Command::Add(arguments) => add::run(arguments, folder),
        Command::Generate(arguments) => generate::run(arguments, folder),
        Command::List(arguments) => list::run(arguments, folder),
        Command::Show(arguments) => show::run(arguments, folder),
        Command::Update(arguments) => update::run(arguments, folder),
    }
}
