//! What the generator has to say about a description: what it could not use, left out or changed.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// Nothing to do: a choice that was made.
    Note,
    /// Something of the description is not in the output, or not as it stands.
    Warning,
    /// The description cannot be used; nothing is written.
    Error,
}

/// One thing worth saying, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Diagnostic {
    pub(crate) severity: Severity,
    pub(crate) file: PathBuf,
    /// A JSON pointer, or the place of an overlay entry.
    pub(crate) pointer: String,
    /// What was found.
    pub(crate) what: String,
    /// What was done about it, or what to do.
    pub(crate) treatment: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {}", self.file.display())?;
        if !self.pointer.is_empty() {
            write!(f, " at {}", self.pointer)?;
        }
        write!(f, ": {}: {}", self.what, self.treatment)
    }
}

/// The diagnostics of one description, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    file: PathBuf,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn new(file: &Path) -> Self {
        Diagnostics { file: file.to_owned(), list: Vec::new() }
    }

    pub(crate) fn note(
        &mut self,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        let file = self.file.clone();
        self.add(Severity::Note, file, pointer.into(), what.into(), treatment.into());
    }

    pub(crate) fn warning(
        &mut self,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        let file = self.file.clone();
        self.add(Severity::Warning, file, pointer.into(), what.into(), treatment.into());
    }

    pub(crate) fn error(
        &mut self,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        let file = self.file.clone();
        self.add(Severity::Error, file, pointer.into(), what.into(), treatment.into());
    }

    /// An error in another file than the description, such as the overlay.
    pub(crate) fn error_in(
        &mut self,
        file: &Path,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        self.add(Severity::Error, file.to_owned(), pointer.into(), what.into(), treatment.into());
    }

    fn add(
        &mut self,
        severity: Severity,
        file: PathBuf,
        pointer: String,
        what: String,
        treatment: String,
    ) {
        self.list.push(Diagnostic { severity, file, pointer, what, treatment });
    }

    pub(crate) fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The errors, as one failure, when there are any.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let errors: Vec<String> = self
            .list
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(Failure(errors.join("\n"))) }
    }
}

/// Why a command cannot do what it was asked: one message for a person, with place and remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Failure(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
