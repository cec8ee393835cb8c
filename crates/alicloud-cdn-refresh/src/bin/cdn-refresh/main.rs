//! The `cdn-refresh` command.

mod args;
mod failure;
mod input;
mod service;
mod show;
mod signals;
mod submit;
mod tasks;

use std::io::{self, Write as _};
use std::process::ExitCode;

use alicloud_cdn_refresh::Quota;
use clap::{CommandFactory as _, Parser as _};

use crate::args::{Arguments, Command, Global};
use crate::failure::{Exit, Failure};
use crate::service::Service;
use crate::show::Show;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way, too; if nobody reads them, nobody is told that.
            let _ = error.print();
            if !error.use_stderr() {
                return code(Exit::Done);
            }
            // What was asked for cannot be known, but this can.
            if std::env::args_os().any(|argument| argument == "--json") {
                show::unusable(&error.to_string());
            }
            return code(Exit::NothingSent);
        }
    };
    let show = Show::new(&arguments.global);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments, &show)),
        Err(error) => Err(Failure::usage(format!("no runtime: {error}; free some memory"))),
    };
    let exit = result.unwrap_or_else(|failure| {
        show.failure(&failure);
        failure.exit
    });
    code(match show::out::failure() {
        None => exit,
        Some(why) => {
            let message = format!("stdout cannot be written: {why}; what was told is not complete");
            // Not through `show`, which may write there.
            let _ = writeln!(io::stderr(), "error: {message}");
            exit.max(Exit::Failed)
        }
    })
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}

async fn run(arguments: Arguments, show: &Show) -> Result<Exit, Failure> {
    let Arguments { global, command } = arguments;
    match command {
        Command::Refresh(refresh) => submit::refresh(&global, show, refresh).await,
        Command::Preload(preload) => submit::preload(&global, show, preload).await,
        Command::Plan(plan) => submit::plan(&global, show, plan).await,
        Command::Status(tasks) => tasks::status(&global, show, tasks).await,
        Command::Wait(wait) => tasks::wait(&global, show, wait).await,
        Command::Quota => quota(&global, show).await,
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "cdn-refresh", &mut text);
            show::out::plain(&text);
            Ok(Exit::Done)
        }
        Command::Man { command } => {
            show::out::plain(&manual(command.as_deref())?);
            Ok(Exit::Done)
        }
    }
}

/// The manual page of a command, or of the whole.
fn manual(command: Option<&str>) -> Result<Vec<u8>, Failure> {
    let mut whole = Arguments::command();
    whole.build();
    let page = match command {
        None => whole,
        Some(name) => whole.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::usage(format!("there is no command {name:?}: see cdn-refresh --help"))
        })?,
    };
    let mut text = Vec::new();
    // Writing into memory does not fail.
    let _ = clap_mangen::Man::new(page).render(&mut text);
    Ok(text)
}

async fn quota(global: &Global, show: &Show) -> Result<Exit, Failure> {
    let service = Service::of(global).await?;
    let quota = Quota::fetch(&service.client).await.map_err(|error| Failure::call(&error))?;
    show.quota(&quota);
    Ok(Exit::Done)
}
