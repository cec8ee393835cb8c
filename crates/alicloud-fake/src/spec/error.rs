//! Why a description cannot be used.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// How many characters of a text are shown.
const MOST_SHOWN: usize = 40;

/// A description that cannot be used: in which file, at which place and why.
#[derive(Debug)]
pub struct SpecError {
    file: Option<PathBuf>,
    /// A JSON pointer; empty for the whole document.
    pointer: String,
    reason: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SpecError {
    pub(super) fn unreadable(error: io::Error) -> Self {
        Self {
            file: None,
            pointer: String::new(),
            reason: error.to_string(),
            source: Some(error.into()),
        }
    }

    pub(super) fn not_json(error: serde_json::Error) -> Self {
        Self {
            file: None,
            pointer: String::new(),
            reason: format!("not JSON: {error}"),
            source: Some(error.into()),
        }
    }

    /// There is something else at the place than there should be.
    pub(super) fn expected(what: &str, pointer: String, found: Option<&Value>) -> Self {
        let found = match found {
            None => "nothing".to_owned(),
            Some(Value::Array(_)) => "a list".to_owned(),
            Some(Value::Object(_)) => "an object".to_owned(),
            Some(Value::String(text)) => format!("the text {}", beginning(text)),
            Some(scalar) => scalar.to_string(),
        };
        let reason = format!("expected {what}, found {found}");
        Self { file: None, pointer, reason, source: None }
    }

    pub(super) fn in_file(self, path: &Path) -> Self {
        Self { file: Some(path.to_owned()), ..self }
    }

    /// The place in the document as a JSON pointer; empty when it is the whole document.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

/// Enough of a text to find it by: a description holds texts of many pages.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN).and_then(|(end, _)| text.get(..end)) {
        Some(beginning) => format!("{beginning:?}…"),
        None => format!("{text:?}"),
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.reason)
    }
}

impl Error for SpecError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_deref()?)
    }
}
