//! The workspace of generated drivers: written, compiled, run.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use askama::Template;
use indicatif::ProgressBar;
use serde_json::Value;

use crate::codegen::diagnostics::Failure;

use super::prepare::{self, Prepared, print};
use super::row::Decoded;

#[derive(Template)]
#[template(path = "conformance/workspace.toml", escape = "none")]
struct WorkspaceManifest<'a> {
    documents: &'a [&'a Prepared],
}

#[derive(Template)]
#[template(path = "conformance/runner.toml", escape = "none")]
struct RunnerManifest<'a> {
    crates: &'a str,
    serde_json: &'a str,
}

#[derive(Template)]
#[template(path = "conformance/runner.rs", escape = "none")]
struct Runner {}

/// Compiles the drivers of all documents in one go; for each its file, or the compiler's complaint.
pub(super) fn compile(
    documents: &[&Prepared],
    repository: &Path,
    home: &Path,
    jobs: Option<NonZeroU16>,
    bar: &ProgressBar,
) -> Result<Vec<Result<PathBuf, String>>, Failure> {
    write(documents, repository, home)?;
    let log = home.join("cargo.log");
    let complaints =
        File::create(&log).map_err(|error| cannot(&log, "cannot be written", &error))?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--workspace", "--keep-going", "--message-format", "json", "--quiet"])
        .arg("--manifest-path")
        .arg(home.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(home.join("target"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(complaints);
    if let Some(jobs) = jobs {
        cargo.arg("--jobs").arg(jobs.to_string());
    }
    let start = |error: std::io::Error| {
        Failure::new(format!("error: cargo cannot be started: {error}: it has to be on the PATH"))
    };
    let mut child = cargo.spawn().map_err(start)?;
    let mut built = Built::default();
    if let Some(output) = child.stdout.take() {
        let weights: BTreeMap<&str, u64> =
            documents.iter().map(|one| (one.driver.as_str(), one.weight())).collect();
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(driver) = built.read(&line) {
                bar.inc(weights.get(driver.as_str()).copied().unwrap_or_default());
                bar.set_message(format!("compiled {driver}"));
            }
        }
    }
    let good = child.wait().map_err(start)?.success();
    if !good && built.is_empty() {
        let text = fs::read_to_string(&log).unwrap_or_default();
        return Err(Failure::new(format!("error: cargo could not build the harness:\n{text}")));
    }
    Ok(documents.iter().map(|one| built.of(one)).collect())
}

/// What cargo says of each package, by the package's name.
#[derive(Default)]
struct Built {
    drivers: BTreeMap<String, PathBuf>,
    errors: BTreeMap<String, String>,
}

impl Built {
    /// Takes one message; gives the name of a driver that is finished.
    fn read(&mut self, line: &str) -> Option<String> {
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
                let about = message.get("message")?;
                if about.get("level").and_then(Value::as_str) == Some("error") {
                    let name = text(message.get("target")?.get("name"))?;
                    self.errors.entry(name).or_insert(text(about.get("rendered"))?);
                }
                None
            }
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        self.drivers.is_empty() && self.errors.is_empty()
    }

    fn of(&self, document: &Prepared) -> Result<PathBuf, String> {
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

fn write(documents: &[&Prepared], repository: &Path, home: &Path) -> Result<(), Failure> {
    let runner = home.join("runner");
    let (crates, serde_json) = prepare::runtime(repository, home)?;
    let manifest = RunnerManifest { crates: &crates, serde_json: &serde_json };
    put(&runner.join("Cargo.toml"), &print(&manifest))?;
    put(&runner.join("src").join("lib.rs"), &print(&Runner {}))?;
    put(&home.join("Cargo.toml"), &print(&WorkspaceManifest { documents }))?;
    // The versions that the repository itself is tested with.
    if let Ok(lock) = fs::read_to_string(repository.join("Cargo.lock"))
        && !home.join("Cargo.lock").exists()
    {
        put(&home.join("Cargo.lock"), &lock)?;
    }
    Ok(())
}

/// Runs a driver over the examples of its document.
pub(super) fn run(driver: &Path, document: &Prepared) -> Result<Vec<Decoded>, String> {
    let decoded = document.decoded_file();
    _ = fs::remove_file(&decoded);
    let done = Command::new(driver)
        .arg(document.examples_file())
        .arg(&decoded)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("its driver cannot be started: {error}"))?;
    let text = fs::read_to_string(&decoded)
        .map_err(|error| format!("its driver wrote nothing ({done}): {error}"))?;
    // A driver that was killed leaves half a line, and the rows before it are good.
    let rows: Vec<Decoded> =
        text.lines().map_while(|line| serde_json::from_str(line).ok()).collect();
    match done.success() || !rows.is_empty() {
        true => Ok(rows),
        false => Err(format!("its driver died: {done}")),
    }
}

/// Writes a file, whole or not at all; one that is as it should be keeps its time, for cargo's sake.
pub(super) fn put(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map_err(|error| error.error).map(drop)
    };
    write().map_err(|error| cannot(path, "cannot be written", &error))
}

fn cannot(path: &Path, what: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("error: {}: {what}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_cargo_are_told_apart() {
        let mut built = Built::default();
        let library =
            r#"{"reason":"compiler-artifact","target":{"name":"a_model"},"executable":null}"#;
        assert_eq!(built.read(library), None);
        let driver = r#"{"reason":"compiler-artifact","target":{"name":"conformance-a"},"executable":"/t/a"}"#;
        assert_eq!(built.read(driver).as_deref(), Some("conformance-a"));
        let error = r#"{"reason":"compiler-message","target":{"name":"b_model"},"message":{"level":"error","rendered":"error: no"}}"#;
        assert_eq!(built.read(error), None);
        let warning = r#"{"reason":"compiler-message","target":{"name":"c"},"message":{"level":"warning","rendered":"hm"}}"#;
        assert_eq!(built.read(warning), None);
        assert_eq!(built.read("not JSON"), None);
        assert_eq!(built.drivers["conformance-a"], PathBuf::from("/t/a"));
        assert_eq!(built.errors.keys().collect::<Vec<_>>(), ["b_model"]);
    }
}
