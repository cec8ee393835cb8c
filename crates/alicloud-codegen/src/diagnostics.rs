//! Diagnostics: what the generator could not use of a description, ignored or changed.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// The severity of a diagnostic.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::diagnostics::Severity;
///
/// assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A choice of the generator; nothing to do.
    Note,
    /// A part of the description is missing or changed in the output.
    Warning,
    /// The description cannot be used; nothing is written.
    Error,
}

/// A message about a part of a description or overlay.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/generated.txt")]
/// for diagnostic in generated.diagnostics.list() {
///     println!("{diagnostic}");
/// }
/// let first = generated.diagnostics.list()[0].to_string();
/// assert!(first.starts_with("warning: gadget.json at /apis/StartGadgets/parameters/1/schema"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// The description or the overlay.
    pub file: PathBuf,
    /// A JSON pointer, or the selector or line of an overlay entry.
    pub pointer: String,
    /// What was found.
    pub what: String,
    /// What the generator did about it, or what to do.
    pub treatment: String,
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
            write!(f, " at {}", start_of(&self.pointer))?;
        }
        write!(f, ": {}: {}", self.what, self.treatment)
    }
}

/// Returns a text without the end of a long one.
fn start_of(pointer: &str) -> String {
    const MAX_CHARACTERS: usize = 200;
    match pointer.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", pointer.get(..end).unwrap_or_default()),
        None => pointer.to_owned(),
    }
}

/// The diagnostics of one description, in the order they were found.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// use alicloud_codegen::diagnostics::{Diagnostics, Severity};
/// use alicloud_codegen::spec;
///
/// let file = Path::new("gadget.json");
/// let mut diagnostics = Diagnostics::new(file);
/// let spec = spec::parse(DESCRIPTION, file, &mut diagnostics)?;
/// diagnostics.check()?;
/// println!("{}: {} warnings", spec.product, diagnostics.count(Severity::Warning));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Diagnostics {
    file: PathBuf,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Creates an empty list for the description of this file name.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use alicloud_codegen::diagnostics::Diagnostics;
    ///
    /// assert!(Diagnostics::new(Path::new("gadget.json")).list().is_empty());
    /// ```
    pub fn new(file: &Path) -> Self {
        Diagnostics { file: file.to_owned(), list: Vec::new() }
    }

    /// Adds a note about an element of the description: what was found and what the generator did.
    pub(crate) fn note(
        &mut self,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        let file = self.file.clone();
        self.add(Severity::Note, file, pointer.into(), what.into(), treatment.into());
    }

    /// Adds a warning about an element of the description: what was found and what the generator did.
    pub(crate) fn warning(
        &mut self,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        let file = self.file.clone();
        self.add(Severity::Warning, file, pointer.into(), what.into(), treatment.into());
    }

    /// Adds an error about an element of the description: what was found and what to do.
    pub(crate) fn error(
        &mut self,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        let file = self.file.clone();
        self.add(Severity::Error, file, pointer.into(), what.into(), treatment.into());
    }

    /// Adds an error about another file than the description, such as the overlay.
    pub(crate) fn error_in(
        &mut self,
        file: &Path,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        self.add(Severity::Error, file.to_owned(), pointer.into(), what.into(), treatment.into());
    }

    /// Adds a warning about another file than the description, such as the documentation.
    pub(crate) fn warning_in(
        &mut self,
        file: &Path,
        pointer: impl Into<String>,
        what: impl Into<String>,
        treatment: impl Into<String>,
    ) {
        let file = file.to_owned();
        self.add(Severity::Warning, file, pointer.into(), what.into(), treatment.into());
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

    /// Returns all diagnostics, in the order they were found.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// use alicloud_codegen::diagnostics::Severity;
    ///
    /// let all = generated.diagnostics.list().iter();
    /// for warning in all.filter(|diagnostic| diagnostic.severity == Severity::Warning) {
    ///     assert_eq!(warning.what, "the schema has no `type` and no `$ref`");
    ///     assert_eq!(warning.treatment, "treated as any JSON value");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Returns the number of diagnostics of this severity.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// use alicloud_codegen::diagnostics::Severity;
    ///
    /// assert_eq!(generated.diagnostics.count(Severity::Warning), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Returns all errors as one [`CommandError`], if there are any.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use alicloud_codegen::diagnostics::Diagnostics;
    /// use alicloud_codegen::spec;
    ///
    /// let text = br#"{
    ///     "info": {"product": "Gadget", "version": "2026-01-01", "style": "RPC"},
    ///     "apis": {"Get": 1}
    /// }"#;
    /// let file = Path::new("gadget.json");
    /// let mut diagnostics = Diagnostics::new(file);
    /// let _ = spec::parse(text, file, &mut diagnostics);
    /// let error = diagnostics.check().unwrap_err().to_string();
    /// assert!(error.starts_with("error: gadget.json at /apis/Get: the operation is a number"));
    /// ```
    pub fn check(&self) -> Result<(), CommandError> {
        let errors: Vec<String> = self
            .list
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(CommandError(errors.join("\n"))) }
    }
}

/// The error of a command: a message with the input it is about and the remedy.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// let error = generate(Path::new("gadget.json"), b"{", &Overlay::default(), &Settings::default());
/// assert!(error.unwrap_err().to_string().starts_with("error: gadget.json: invalid JSON"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandError(pub(crate) String);

impl CommandError {
    /// Creates an error from a complete message, which starts with `error: `.
    pub fn new(message: impl Into<String>) -> Self {
        CommandError(message.into())
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CommandError {}

/// Returns the line of a byte in a text, counted from 1.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::diagnostics::line_number;
///
/// assert_eq!(line_number("a\nb", 2), 2);
/// ```
pub fn line_number(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
