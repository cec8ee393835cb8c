//! Tests of `cargo xtask docs`.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

const MANIFEST: &str = "\
[package]
name = \"small-crate\"
edition = \"2024\"

[features]
extra = []

[workspace]
";

/// Ten public items, eight of them with documentation and three with an example.
const SOURCE: &str = r#"//! A crate.
//!
//! ```
//! // Modules do not count, and neither do their examples.
//! ```

/// A type.
///
/// ```
/// assert_eq!(small_crate::Type::new().field, 1);
/// ```
#[derive(Debug, Clone)]
pub struct Type {
    /// A field.
    pub field: u8,
}

impl Type {
    pub fn new() -> Self {
        Type { field: Self::LIMIT }
    }

    /// A constant.
    pub const LIMIT: u8 = 1;

    /// A private method.
    fn private(&self) {}

    /// A hidden method.
    #[doc(hidden)]
    pub fn hidden(&self) {
        self.private();
    }
}

impl Default for Type {
    /// A method of a trait that is declared elsewhere.
    fn default() -> Self {
        Self::new()
    }
}

mod private {
    /// A trait with a method that has a default.
    pub trait Trait {
        /// The output.
        type Output;

        /// A method.
        ///
        /// ```ignore
        /// nothing();
        /// ```
        fn method(&self) {}
    }

    /// An enum that is exported twice.
    ///
    /// ```no_run
    /// let _ = small_crate::Choice::A;
    /// ```
    pub enum Choice {
        /// A variant.
        A,
    }

    /// A function that is not exported.
    pub fn unreachable() {}
}

pub use private::{Choice, Trait};

pub mod public {
    pub use super::private::Choice as Again;
    pub use std::time::Duration;

    /// A function.
    ///
    /// ```text
    /// not Rust
    /// ```
    pub fn function() {}

    /// A function of a feature.
    ///
    /// ```should_panic
    /// panic!();
    /// ```
    #[cfg(feature = "extra")]
    pub fn extra() {}
}

/// A macro.
#[macro_export]
macro_rules! shout {
    () => {};
}

pub static COUNT: u8 = 0;
"#;

fn small_crate(source: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), MANIFEST).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), source).unwrap();
    folder
}

fn coverage(folder: &TempDir, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["docs", "coverage", "--package", "small-crate", "--root"])
        .arg(folder.path())
        .args(options)
        .output()
        .unwrap()
}

#[test]
fn coverage_counts_public_items_once_and_checks_the_share() {
    let folder = small_crate(SOURCE);
    let output = coverage(&folder, &["--check", "30"]);
    assert!(output.status.success(), "{output:?}");
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @r"
    | crate       | public items | documented | with example | example share |
    |-------------|--------------|------------|--------------|---------------|
    | small-crate |           10 |          8 |            3 |        30.0 % |
    ");

    let output = coverage(&folder, &["--check", "31"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let line = "error: small-crate: 30.0 % of the public items have an example, less than 31 %";
    assert!(stderr.contains(line), "{stderr}");
}

#[test]
fn coverage_reports_a_failure_of_rustdoc() {
    let output = coverage(&small_crate("pub fn broken( {}"), &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("error: small-crate: rustdoc failed"), "{stderr}");
}
