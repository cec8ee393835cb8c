//! Tests of `cargo xtask codegen` through its command line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod descriptions;
mod documentation;
mod documentation_file;
mod files;
mod groups;
mod idempotency;
mod modules;
mod names;
mod nesting;
mod overlays;
mod paging;
mod secrets;
mod waiters;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).display().to_string()
}

fn obstacle() -> String {
    repository().join("tests/specs/obstacle/2026-01-01/api.json").display().to_string()
}

/// Generates into a new folder, which must succeed.
fn generate(spec: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let output = xtask(&["codegen", "--spec", spec, "--out", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Returns the content of every file below a folder, by relative path.
fn files(root: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(root, root, &mut found);
    found
}

/// Returns all files as one text, without the paths of the runtime, which depend on the folder.
fn all_text(root: &Path) -> String {
    let mut text = String::new();
    for (path, content) in files(root) {
        text.push_str(&format!("===== {path}\n"));
        for line in content.lines() {
            let line = match line.split_once("path = \"") {
                Some((before, rest)) if rest.contains("/crates/") => {
                    let (_, after) = rest.split_once("/crates/").unwrap();
                    format!("{before}path = \"<runtime>/{after}")
                }
                _ => line.to_owned(),
            };
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// Generates from a description; returns whether it succeeded, the messages, and the folder.
fn generate_from(description: &[u8], overlay: Option<&str>) -> (bool, String, TempDir) {
    let folder = TempDir::new().unwrap();
    let spec = folder.path().join("api.json");
    fs::write(&spec, description).unwrap();
    let out = folder.path().join("out");
    let mut arguments =
        vec!["codegen", "--spec", spec.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let path = folder.path().join("overlay.toml");
    if let Some(text) = overlay {
        fs::write(&path, text).unwrap();
        arguments.extend(["--overlay", path.to_str().unwrap()]);
    }
    let output = xtask(&arguments);
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!messages.contains("panicked"), "{messages}");
    if !output.status.success() {
        assert!(!out.exists(), "nothing must be written on errors: {messages}");
    }
    (output.status.success(), messages, folder)
}

/// Returns a description with these operations.
fn api(operations: &str) -> String {
    format!(
        r#"{{"info": {{"style": "RPC", "product": "Test", "version": "2026-01-01"}}, "apis": {{{operations}}}}}"#
    )
}

/// Generates from a description and returns the diagnostics.
fn diagnostics_of(description: &str) -> Vec<serde_json::Value> {
    let folder = TempDir::new().unwrap();
    let (spec, out) = (folder.path().join("api.json"), folder.path().join("out"));
    let report = folder.path().join("report.jsonl");
    fs::write(&spec, description).unwrap();
    let paths = [&spec, &out, &report].map(|path| path.to_str().unwrap());
    let output =
        xtask(&["codegen", "--spec", paths[0], "--out", paths[1], "--diagnostics", paths[2]]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(report).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns the intermediate representation and the diagnostics, one per line, of these operations.
fn lowered(operations: &str, overlay: Option<&str>) -> (serde_json::Value, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (spec, out, report) = (path("api.json"), path("out"), path("report.jsonl"));
    fs::write(&spec, api(operations)).unwrap();
    let mut arguments = vec!["codegen", "--spec", &spec];
    let overlay_path = path("overlay.toml");
    if let Some(text) = overlay {
        fs::write(&overlay_path, text).unwrap();
        arguments.extend(["--overlay", &overlay_path]);
    }
    let run = |more: &[&str]| {
        let output = xtask(&[&arguments, more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    run(&["--out", &out, "--diagnostics", &report]);
    let ir = serde_json::from_slice(&run(&["--dump-ir"])).unwrap();
    let report = fs::read_to_string(report).unwrap();
    (ir, report.lines().map(str::to_owned).collect())
}

/// Returns the text of a file that is generated from the operations of a description.
fn generated_file(operations: &str, overlay: Option<&str>, path: &str) -> String {
    let (succeeded, messages, folder) = generate_from(api(operations).as_bytes(), overlay);
    assert!(succeeded, "{messages}");
    fs::read_to_string(folder.path().join("out").join(path)).unwrap()
}
