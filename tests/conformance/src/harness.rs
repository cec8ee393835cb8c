//! Writes, compiles and runs the workspace of generated drivers.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use alicloud_codegen::diagnostics::CommandError;
use askama::Template;
use indicatif::ProgressBar;
use serde_json::Value;

use super::files::{write_error, write_if_changed};
use super::prepare::{self, Prepared, render};
use super::row::Decoded;

#[derive(Template)]
#[template(path = "workspace.toml", escape = "none")]
struct WorkspaceManifest<'a> {
    documents: &'a [&'a Prepared],
}

#[derive(Template)]
#[template(path = "runner.toml", escape = "none")]
struct RunnerManifest<'a> {
    crates: &'a str,
    serde_json: &'a str,
}

#[derive(Template)]
#[template(path = "runner.rs", escape = "none")]
struct Runner {}

/// Compiles the drivers of all documents with one cargo command. Returns the path of each driver, or
/// the compiler's first error.
pub(super) fn compile(
    documents: &[&Prepared],
    repository: &Path,
    work_dir: &Path,
    jobs: Option<NonZeroU16>,
    bar: &ProgressBar,
) -> Result<Vec<Result<PathBuf, String>>, CommandError> {
    write_workspace(documents, repository, work_dir)?;
    let log = work_dir.join("cargo.log");
    let stderr = File::create(&log).map_err(|error| write_error(&log, &error))?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--workspace", "--keep-going", "--message-format", "json", "--quiet"])
        .arg("--manifest-path")
        .arg(work_dir.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(work_dir.join("target"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr);
    if let Some(jobs) = jobs {
        cargo.arg("--jobs").arg(jobs.to_string());
    }
    let fail = |error: std::io::Error| {
        CommandError::new(format!("error: cannot run cargo: {error}; add cargo to the PATH"))
    };
    let mut child = cargo.spawn().map_err(fail)?;
    let mut messages = CargoMessages::default();
    if let Some(output) = child.stdout.take() {
        let costs: BTreeMap<&str, u64> = documents
            .iter()
            .map(|document| (document.driver.as_str(), document.compile_cost()))
            .collect();
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(driver) = messages.record(&line) {
                bar.inc(costs.get(driver.as_str()).copied().unwrap_or_default());
                bar.set_message(format!("compiled {driver}"));
            }
        }
    }
    let status = child.wait().map_err(fail)?;
    if !status.success() && messages.is_empty() {
        let text = fs::read_to_string(&log).unwrap_or_default();
        return Err(CommandError::new(format!(
            "error: cargo could not build the drivers:\n{text}"
        )));
    }
    Ok(documents.iter().map(|document| messages.driver(document)).collect())
}

/// The drivers and errors in cargo's JSON messages, by target name.
#[derive(Default)]
struct CargoMessages {
    drivers: BTreeMap<String, PathBuf>,
    errors: BTreeMap<String, String>,
}

impl CargoMessages {
    /// Records one message. Returns the name of the driver that it reports as compiled.
    fn record(&mut self, line: &str) -> Option<String> {
        let message: Value = serde_json::from_str(line).ok()?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        match message.get("reason").and_then(Value::as_str)? {
            "compiler-artifact" => {
                let name = text(message.get("target")?.get("name"))?;
                let driver = PathBuf::from(text(message.get("executable"))?);
                self.drivers.insert(name.clone(), driver);
                Some(name)
            }
            "compiler-message" => {
                let diagnostic = message.get("message")?;
                if diagnostic.get("level").and_then(Value::as_str) == Some("error") {
                    let name = text(message.get("target")?.get("name"))?;
                    self.errors.entry(name).or_insert(text(diagnostic.get("rendered"))?);
                }
                None
            }
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        self.drivers.is_empty() && self.errors.is_empty()
    }

    /// Returns the driver of a document, or why it does not compile.
    fn driver(&self, document: &Prepared) -> Result<PathBuf, String> {
        let error = [document.model_crate.replace('-', "_"), document.driver.clone()]
            .iter()
            .find_map(|name| self.errors.get(name));
        match (self.drivers.get(&document.driver), error) {
            (Some(driver), _) => Ok(driver.clone()),
            (None, Some(error)) => Err(format!("does not compile: {}", error.trim_end())),
            (None, None) => Err("does not compile; see cargo.log".to_owned()),
        }
    }
}

fn write_workspace(
    documents: &[&Prepared],
    repository: &Path,
    work_dir: &Path,
) -> Result<(), CommandError> {
    let runner = work_dir.join("runner");
    let (crates, serde_json) = prepare::runtime(repository, work_dir)?;
    let manifest = RunnerManifest { crates: &crates, serde_json: &serde_json };
    write_if_changed(&runner.join("Cargo.toml"), &render(&manifest))?;
    write_if_changed(&runner.join("src").join("lib.rs"), &render(&Runner {}))?;
    write_if_changed(&work_dir.join("Cargo.toml"), &render(&WorkspaceManifest { documents }))?;
    // Start with the dependency versions that this repository is tested with.
    if let Ok(lock) = fs::read_to_string(repository.join("Cargo.lock"))
        && !work_dir.join("Cargo.lock").exists()
    {
        write_if_changed(&work_dir.join("Cargo.lock"), &lock)?;
    }
    Ok(())
}

/// Runs a driver over the examples of its document.
pub(super) fn run(driver: &Path, document: &Prepared) -> Result<Vec<Decoded>, String> {
    let output = document.decoded_file();
    _ = fs::remove_file(&output);
    let status = Command::new(driver)
        .arg(document.examples_file())
        .arg(&output)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("the driver cannot be started: {error}"))?;
    let text = fs::read_to_string(&output)
        .map_err(|error| format!("the driver wrote no output ({status}): {error}"))?;
    // The last line of a driver that was killed can be incomplete; the lines before it are valid.
    let decoded: Vec<Decoded> =
        text.lines().map_while(|line| serde_json::from_str(line).ok()).collect();
    match status.success() || !decoded.is_empty() {
        true => Ok(decoded),
        false => Err(format!("the driver failed: {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_messages_yield_drivers_and_errors() {
        let mut messages = CargoMessages::default();
        let library =
            r#"{"reason":"compiler-artifact","target":{"name":"a_model"},"executable":null}"#;
        assert_eq!(messages.record(library), None);
        let driver = r#"{"reason":"compiler-artifact","target":{"name":"conformance-a"},"executable":"/t/a"}"#;
        assert_eq!(messages.record(driver).as_deref(), Some("conformance-a"));
        let error = r#"{"reason":"compiler-message","target":{"name":"b_model"},"message":{"level":"error","rendered":"error: no"}}"#;
        assert_eq!(messages.record(error), None);
        let warning = r#"{"reason":"compiler-message","target":{"name":"c"},"message":{"level":"warning","rendered":"hm"}}"#;
        assert_eq!(messages.record(warning), None);
        assert_eq!(messages.record("not JSON"), None);
        assert_eq!(messages.drivers["conformance-a"], PathBuf::from("/t/a"));
        assert_eq!(messages.errors.keys().collect::<Vec<_>>(), ["b_model"]);
    }
}
