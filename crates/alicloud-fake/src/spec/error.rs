//! Errors of invalid descriptions.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The maximum length of a string in a message, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// An invalid description. The message contains the file, the position in the document and the
/// reason.
///
/// ```
/// use alicloud_fake::Spec;
///
/// let error = Spec::try_from("{").unwrap_err();
/// assert!(error.to_string().starts_with("not JSON: EOF while parsing an object"));
/// ```
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

    /// The value at `pointer` is not the expected one.
    pub(super) fn expected(what: &str, pointer: String, found: Option<&Value>) -> Self {
        let found = match found {
            None => "nothing".to_owned(),
            Some(Value::Array(_)) => "an array".to_owned(),
            Some(Value::Object(_)) => "an object".to_owned(),
            Some(Value::String(text)) => format!("the string {}", shorten(text)),
            Some(scalar) => scalar.to_string(),
        };
        let reason = format!("expected {what}, found {found}");
        Self { file: None, pointer, reason, source: None }
    }

    /// The description has no operation with this name.
    pub(super) fn no_operation(name: &str) -> Self {
        let reason = format!("the description has no operation {}", shorten(name));
        Self { file: None, pointer: "/apis".to_owned(), reason, source: None }
    }

    pub(super) fn in_file(self, path: &Path) -> Self {
        Self { file: Some(path.to_owned()), ..self }
    }

    /// Returns the JSON pointer of the invalid position; empty for the whole document.
    ///
    /// ```
    /// use alicloud_fake::Spec;
    ///
    /// let error = Spec::try_from(r#"{ "info": { "product": 7 } }"#).unwrap_err();
    /// assert_eq!(error.pointer(), "/info/product");
    /// ```
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

/// Returns the start of a string in quotes: strings in descriptions can be pages long.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start:?}…"),
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
