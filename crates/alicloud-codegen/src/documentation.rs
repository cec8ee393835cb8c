//! The documentation of a product in words of its own: `docs.toml`, for descriptions without texts.

mod apply;
mod check;
mod copies;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use alicloud_wire::printable::printable;
use serde::Deserialize;

pub(crate) use check::text_fault;
pub(crate) use copies::PublishedSentences;
pub use copies::{PROSE_HASHES, run_hashes, sentence_hashes};

use crate::diagnostics::{CommandError, line_number};
use crate::files::io_error;

/// A documentation file, with a record of the entries that had an effect.
///
/// A description with facts only has no text. The file has one sentence for each name of a field, which applies
/// wherever a parameter or a field has that name, and sentences for single places where the meaning differs:
///
/// ```toml
/// [fields]
/// PageSize = "The number of items per page, 1 to 100."
///
/// [operations.ListGadgets]
/// summary = "Lists gadgets."
/// details = "Gadgets that were never started come last."
/// limits = ["20 calls per second per account."]
/// page = "https://example.com/list-gadgets"
///
/// [operations.ListGadgets.fields]
/// "?State" = "Only gadgets in this state."
/// "!Gadgets[].State" = "Whether the gadget runs."
///
/// [values.State]
/// Idle = "Waiting for work."
///
/// [errors]
/// "Gadget.Busy" = "The gadget does something else."
/// ```
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// use alicloud_codegen::documentation::Documentation;
///
/// let text = "[operations.ListGadgets]\nsummary = \"Lists what is there.\"\n";
/// let documentation = Documentation::parse(Path::new("docs.toml"), text)?;
/// let settings = Settings { documentation: Some(documentation), ..Settings::default() };
/// let generated = generate(Path::new("gadget.json"), DESCRIPTION, &Overlay::default(), &settings)?;
/// let file = Path::new("alicloud-gadget/src/operations/list_gadgets.rs");
/// assert!(generated.tree[file].contains("/// Lists what is there."));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Documentation {
    file: PathBuf,
    document: Document,
    /// Entries that had an effect, by their keys.
    used: RefCell<BTreeSet<String>>,
    /// Entries that could have an effect, with the same keys.
    possible: RefCell<BTreeSet<String>>,
    published: PublishedSentences,
}

/// Joins the keys of an entry.
const SEPARATOR: &str = "\u{1f}";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Document {
    fields: BTreeMap<String, String>,
    operations: BTreeMap<String, OperationTexts>,
    values: BTreeMap<String, BTreeMap<String, String>>,
    errors: BTreeMap<String, String>,
}

/// The texts of an operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OperationTexts {
    summary: String,
    /// Everything else about it, in paragraphs.
    details: Option<String>,
    #[serde(default)]
    limits: Vec<String>,
    page: Option<String>,
    /// Sentences for single places, as in the selector of an overlay after the operation.
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

impl Documentation {
    /// Reads a documentation file, and the hashes of foreign sentences in `prose.hashes` beside it if there are any.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or is not a documentation.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use alicloud_codegen::documentation::Documentation;
    ///
    /// let error = Documentation::read(Path::new("no/such/docs.toml")).unwrap_err();
    /// assert!(error.to_string().starts_with("error: no/such/docs.toml: cannot be read: "));
    /// ```
    pub fn read(path: &Path) -> Result<Self, CommandError> {
        let text =
            fs::read_to_string(path).map_err(|error| io_error(path, "cannot be read", &error))?;
        let mut documentation = Documentation::parse(path, &text)?;
        documentation.published = PublishedSentences::read_beside(path)?;
        Ok(documentation)
    }

    /// Reads a documentation from its text. `path` is its name in messages.
    ///
    /// # Errors
    ///
    /// Returns an error with the line if the text is not a documentation.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use alicloud_codegen::documentation::Documentation;
    ///
    /// let path = Path::new("docs.toml");
    /// assert!(Documentation::parse(path, "[fields]\nPageSize = \"The items per page.\"\n").is_ok());
    /// let error = Documentation::parse(path, "[field]\n").unwrap_err();
    /// assert!(error.to_string().starts_with("error: docs.toml:1: invalid documentation: "));
    /// ```
    pub fn parse(path: &Path, text: &str) -> Result<Self, CommandError> {
        let document = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let line = line_number(text, offset);
            CommandError::new(format!(
                "error: {}:{line}: invalid documentation: {}; correct or remove the key",
                path.display(),
                printable(error.message())
            ))
        })?;
        Ok(Documentation { file: path.to_owned(), document, ..Documentation::default() })
    }

    /// Returns the path of the file.
    pub fn file(&self) -> &Path {
        &self.file
    }
}
