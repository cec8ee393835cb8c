//! `cargo xtask conformance`: decodes every documented response with generated types.
//!
//! Finds the descriptions (`documents`), generates crates and a driver for each (`prepare`),
//! compiles and runs the drivers (`harness`), compares what they decoded with the examples
//! (`compare`) and with an independent decoder (`oracle`), and prints the results (`report`).

mod compare;
mod documents;
mod files;
mod harness;
mod model;
mod oracle;
mod pagers;
mod prepare;
mod report;
mod result_cache;
mod row;
mod summary;

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use alicloud_codegen::diagnostics::CommandError;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use documents::Document;
use prepare::Prepared;
use result_cache::ResultCache;
use row::DocumentResult;

/// Arguments of `cargo xtask conformance`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Generate in memory only; do not compile or decode. The report counts the pagers and the lines per
    /// operation: those of its file in the model crate, without nested types, and in the client crate
    #[arg(long)]
    no_compile: bool,
    /// Write the result of every example to FILE.jsonl, one JSON object per line
    #[arg(long, value_name = "FILE.jsonl")]
    report: Option<PathBuf>,
    /// Compile at most N crates at the same time, to limit memory usage
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroU16>,
    /// OpenMeta descriptions or folders of them; a `verdicts.jsonl` in a folder has the results of an
    /// independent decoder
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Runs `cargo xtask conformance`.
pub fn run(
    arguments: &Arguments,
    repository: &Path,
    now: fn() -> Instant,
) -> Result<ExitCode, CommandError> {
    let work_dir = repository.join("target").join("conformance");
    let documents = documents::find(&arguments.paths)?;
    let oracle = oracle::read(&arguments.paths)?;

    let mut results: Vec<DocumentResult> = Vec::new();
    if arguments.no_compile {
        let bar = progress_bar(documents.len() as u64, "generate");
        for document in &documents {
            bar.set_message(format!("generate {}", document.stem));
            results.push(match prepare::in_memory(document, repository, &work_dir, now) {
                Ok(summary) => DocumentResult { summary, rows: Vec::new() },
                Err(error) => DocumentResult::from_error(document, error),
            });
            bar.inc(1);
        }
        bar.finish_and_clear();
    } else {
        let cache = ResultCache::new(repository, &work_dir)?;
        let mut uncached = Vec::new();
        let bar = progress_bar(documents.len() as u64, "generate");
        for document in &documents {
            bar.set_message(format!("generate {}", document.stem));
            let key = cache.key(document);
            match cache.load(document, &key) {
                Some(result) => results.push(result),
                None => match prepare::on_disk(document, repository, &work_dir, now) {
                    Ok(prepared) => uncached.push((document, key, prepared)),
                    Err(error) => results.push(DocumentResult::from_error(document, error)),
                },
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        let drivers = compile(arguments, repository, &work_dir, &uncached)?;
        for ((document, key, prepared), driver) in uncached.into_iter().zip(drivers) {
            let result = decode(prepared, driver);
            if result.summary.error.is_none() {
                cache.store(document, &key, &result)?;
            }
            results.push(result);
        }
    }
    results.sort_by(|a, b| a.summary.stem.cmp(&b.summary.stem));
    if let Some(oracle) = &oracle {
        oracle.annotate(&mut results);
    }
    report::print(&results, oracle.is_some(), arguments.no_compile);
    if let Some(path) = &arguments.report {
        report::write(path, &results)?;
    }
    let all_succeeded = results.iter().all(|result| result.summary.error.is_none());
    Ok(if all_succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compiles the drivers of the documents that are not cached. Returns the path of each driver, or why
/// it does not compile.
fn compile(
    arguments: &Arguments,
    repository: &Path,
    work_dir: &Path,
    uncached: &[(&Document, String, Prepared)],
) -> Result<Vec<Result<PathBuf, String>>, CommandError> {
    if uncached.is_empty() {
        return Ok(Vec::new());
    }
    let prepared: Vec<&Prepared> = uncached.iter().map(|(_, _, prepared)| prepared).collect();
    // The compile time of a model crate is about proportional to its number of operations.
    let bar =
        progress_bar(prepared.iter().map(|document| document.compile_cost()).sum(), "compile");
    let drivers = harness::compile(&prepared, repository, work_dir, arguments.jobs, &bar);
    bar.finish_and_clear();
    drivers
}

/// Runs a driver and compares what it decoded with the examples.
fn decode(prepared: Prepared, driver: Result<PathBuf, String>) -> DocumentResult {
    let mut summary = prepared.summary.clone();
    let decoded = driver.and_then(|driver| harness::run(&driver, &prepared));
    let rows = match decoded {
        Ok(decoded) => row::rows(&prepared, decoded),
        Err(reason) => {
            summary.error = Some(reason);
            Vec::new()
        }
    };
    DocumentResult { summary, rows }
}

/// Returns a progress bar with the remaining time. It stays invisible if stderr is not a terminal.
fn progress_bar(length: u64, message: &str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(message.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta} left  {msg}") {
        bar.set_style(style);
    }
    bar
}
