//! The verb `conformance`: do the generated types decode what the documentation shows?
//!
//! find ([`documents`]) → generate and write a harness ([`prepare`]) → compile and run it
//! ([`harness`]) → compare with the examples ([`compare`]) and with an oracle ([`oracle`]) → say it
//! ([`report`]).

mod compare;
mod documents;
mod harness;
mod model;
mod oracle;
mod prepare;
mod report;
mod result_cache;
mod row;

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::codegen::diagnostics::Failure;

use documents::Document;
use prepare::Prepared;
use result_cache::Stamps;
use row::Finished;

/// What the verb takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Generate in memory only, without compiling and decoding
    #[arg(long)]
    no_compile: bool,
    /// Write every row to a file, a JSON object a line
    #[arg(long, value_name = "FILE.jsonl")]
    report: Option<PathBuf>,
    /// How many crates cargo compiles at a time, which bounds the memory
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroU16>,
    /// OpenMeta descriptions, or folders of them; a `verdicts.jsonl` in a folder is an oracle
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Runs the verb.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let repository = super::codegen::repository()?;
    let home = repository.join("target").join("conformance");
    let documents = documents::find(&arguments.paths)?;
    let oracle = oracle::read(&arguments.paths)?;

    let mut finished: Vec<Finished> = Vec::new();
    if arguments.no_compile {
        let bar = bar(documents.len() as u64, "generate");
        for document in &documents {
            bar.set_message(format!("generate {}", document.stem));
            finished.push(match prepare::in_memory(document, &repository, &home) {
                Ok(summary) => Finished { summary, rows: Vec::new() },
                Err(failure) => Finished::failed(document, failure),
            });
            bar.inc(1);
        }
        bar.finish_and_clear();
    } else {
        let stamps = Stamps::new(&repository, &home)?;
        let mut open = Vec::new();
        let bar = bar(documents.len() as u64, "generate");
        for document in &documents {
            bar.set_message(format!("generate {}", document.stem));
            let stamp = stamps.of(document);
            match stamps.kept(document, &stamp) {
                Some(kept) => finished.push(kept),
                None => match prepare::on_disk(document, &repository, &home) {
                    Ok(prepared) => open.push((document, stamp, prepared)),
                    Err(failure) => finished.push(Finished::failed(document, failure)),
                },
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        let compiled = compile(arguments, &repository, &home, &open)?;
        for ((document, stamp, prepared), compiled) in open.into_iter().zip(compiled) {
            let done = decode(prepared, compiled);
            if done.summary.failure.is_none() {
                stamps.keep(document, &stamp, &done)?;
            }
            finished.push(done);
        }
    }
    finished.sort_by(|a, b| a.summary.stem.cmp(&b.summary.stem));
    if let Some(oracle) = &oracle {
        oracle.judge(&mut finished);
    }
    report::print(&finished, oracle.is_some(), arguments.no_compile);
    if let Some(path) = &arguments.report {
        report::write(path, &finished)?;
    }
    let good = finished.iter().all(|one| one.summary.failure.is_none());
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The drivers of the open documents, or why there is none.
fn compile(
    arguments: &Arguments,
    repository: &Path,
    home: &Path,
    open: &[(&Document, String, Prepared)],
) -> Result<Vec<Result<PathBuf, String>>, Failure> {
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let prepared: Vec<&Prepared> = open.iter().map(|(_, _, prepared)| prepared).collect();
    // A model crate takes as long as it is large; operations are a fair measure of that.
    let bar = bar(prepared.iter().map(|one| one.weight()).sum(), "compile");
    let compiled = harness::compile(&prepared, repository, home, arguments.jobs, &bar);
    bar.finish_and_clear();
    compiled
}

/// Runs a driver and compares what it decoded with the examples.
fn decode(prepared: Prepared, compiled: Result<PathBuf, String>) -> Finished {
    let mut summary = prepared.summary.clone();
    let decoded = compiled.and_then(|driver| harness::run(&driver, &prepared));
    let rows = match decoded {
        Ok(decoded) => row::rows(&prepared, decoded),
        Err(reason) => {
            summary.failure = Some(reason);
            Vec::new()
        }
    };
    Finished { summary, rows }
}

/// A bar with the time left; indicatif draws nothing where stderr is no terminal.
fn bar(length: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta} left  {msg}") {
        bar.set_style(style);
    }
    bar
}
