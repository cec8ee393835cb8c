//! Runs rustdoc and reads its JSON output.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use alicloud_codegen::diagnostics::CommandError;
use serde_json::Value;

/// Documents the library of a package with all features and returns rustdoc's JSON.
///
/// JSON is an unstable output format, so `RUSTC_BOOTSTRAP` enables it on the stable toolchain. Build
/// scripts depend on that variable, so the build has a target folder of its own: in the usual one it
/// would invalidate most dependencies.
///
/// # Errors
///
/// If cargo cannot be run, if rustdoc fails (its errors are printed to stderr), or if its output
/// cannot be read.
pub(super) fn document(root: &Path, package: &str) -> Result<Value, CommandError> {
    let target = root.join("target").join("docs-coverage");
    let status = Command::new("cargo")
        .args(["rustdoc", "--package", package, "--lib", "--all-features"])
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(|error| {
            CommandError::new(format!("error: cannot run cargo: {error}; add cargo to the PATH"))
        })?;
    if !status.success() {
        return Err(CommandError::new(format!(
            "error: {package}: rustdoc failed ({status}); fix the errors above, or check the package name"
        )));
    }
    let file = target.join("doc").join(package.replace('-', "_")).with_extension("json");
    let bytes = fs::read(&file).map_err(|error| {
        CommandError::new(format!("error: {}: cannot be read: {error}", file.display()))
    })?;
    serde_json::from_slice(&bytes)
        .map_err(|error| CommandError::new(format!("error: {}: not JSON: {error}", file.display())))
}
