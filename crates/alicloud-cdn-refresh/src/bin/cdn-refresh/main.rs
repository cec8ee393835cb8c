//! The `cdn-refresh` command.

mod args;
mod deadline;
mod error;
mod inputs;
mod output;
mod resume;
mod service;
mod shell;
mod signals;
mod state;
mod submit;
mod tasks;

use std::io::{self, Write as _};
use std::process::ExitCode;

use alicloud_cdn_refresh::Quota;
use clap::{CommandFactory as _, Parser as _};

use crate::args::{Arguments, Command, GlobalOptions};
use crate::error::{CommandError, ExitStatus};
use crate::output::{Output, Phase};
use crate::service::Service;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Includes help and version. A closed stdout or stderr is not an error here.
            let _ = error.print();
            if !error.use_stderr() {
                return exit_code(ExitStatus::Success);
            }
            // The arguments were not parsed, so `--json` has to be looked for.
            if std::env::args_os().any(|argument| argument == "--json") {
                output::usage_error(&error.to_string());
            }
            return exit_code(ExitStatus::NothingSubmitted);
        }
    };
    let output = Output::new(&arguments.global);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(run(arguments, &output));
            // Threads that read standard input or resolve a host name may never end.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(CommandError::nothing_submitted(format!(
            "cannot start the async runtime: {error}; free memory and file descriptors"
        ))),
    };
    let exit_status = result.unwrap_or_else(|error| {
        output.error(&error);
        error.exit_status
    });
    exit_code(match output::stdout::write_error() {
        None => exit_status,
        Some(error) => {
            let message = format!("cannot write to stdout: {error}; the output is incomplete");
            // Not through `output`, which writes to stdout with `--json`.
            let _ = writeln!(io::stderr(), "error: {message}");
            exit_status.max(ExitStatus::Failed)
        }
    })
}

fn exit_code(status: ExitStatus) -> ExitCode {
    ExitCode::from(status as u8)
}

async fn run(arguments: Arguments, output: &Output) -> Result<ExitStatus, CommandError> {
    let Arguments { global, command } = arguments;
    match command {
        Command::Refresh(args) => submit::refresh(&global, output, args).await,
        Command::Preload(args) => submit::preload(&global, output, args).await,
        Command::Plan(args) => submit::plan(&global, output, args).await,
        Command::Status(tasks) => tasks::status(&global, output, tasks).await,
        Command::Wait(args) => tasks::wait(&global, output, args).await,
        Command::Quota => quota(&global, output).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "cdn-refresh", &mut script);
            // clap_complete 4.6 spells the hyphen of the program in two ways, so that bash finds no
            // subcommand: `cdn__refresh` where it sets a label, `cdn__subcmd__refresh` where it reads it.
            let script = String::from_utf8_lossy(&script);
            let script = script.replace("cdn__subcmd__refresh", "cdn__refresh");
            // In zsh, `*::` hides the words before, so that nothing is completed after a URL.
            let script = script.replace("'*::", "'*:");
            output::stdout::write_bytes(script.as_bytes());
            Ok(ExitStatus::Success)
        }
        Command::Man { command } => {
            output::stdout::write_bytes(&manual_page(command.as_deref())?);
            Ok(ExitStatus::Success)
        }
    }
}

/// Renders the manual page of a subcommand, or the main page.
fn manual_page(subcommand: Option<&str>) -> Result<Vec<u8>, CommandError> {
    let mut main = Arguments::command();
    main.build();
    let page = match subcommand {
        None => main,
        Some(name) => main.find_subcommand(name).cloned().ok_or_else(|| {
            CommandError::nothing_submitted(format!(
                "unknown command {name:?}; see cdn-refresh --help"
            ))
        })?,
    };
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = clap_mangen::Man::new(page).render(&mut text);
    Ok(text)
}

/// Runs `cdn-refresh quota`.
async fn quota(global: &GlobalOptions, output: &Output) -> Result<ExitStatus, CommandError> {
    let service = Service::from_options(global, output).await?;
    let quota = output.show_phase(Phase::Quota, Quota::fetch(&service.client)).await;
    let quota = quota.map_err(|error| CommandError::from(&error))?;
    output.quota(&quota);
    Ok(ExitStatus::Success)
}
