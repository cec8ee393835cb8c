//! Lenient decoding: values that cannot be decoded are reported, and the rest of the response is kept.

mod context;
mod json;
mod xml;

use std::fmt;

pub(crate) use context::describe_text;
pub use json::deserialize;
pub use xml::{from_xml, from_xml_with};

use crate::node::Node;
use crate::printable::printable;

/// A decoded response.
///
/// # Examples
///
/// ```
/// # alicloud_wire::record! {
/// #     struct Task {
/// #         total: Option<i64> = "Total",
/// #         name: Option<String> = "Name",
/// #     }
/// # }
/// let decoded = alicloud_wire::from_json::<Task>(br#"{"Total": "many", "Name": "a"}"#)?;
/// assert_eq!(decoded.value.name.as_deref(), Some("a"));
/// assert_eq!(decoded.value.total, None);
/// assert_eq!(decoded.issues.len(), 1);
/// # Ok::<(), alicloud_wire::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value. Fields that could not be decoded are absent.
    pub value: T,
    /// The fields that could not be decoded, in the order of the response. At most 1,000 are reported.
    pub issues: Vec<DecodeIssue>,
}

/// A field of a response that could not be decoded.
///
/// # Examples
///
/// ```
/// # alicloud_wire::record! { struct Task { total: Option<i64> = "Total" } }
/// let issues = alicloud_wire::from_json::<Vec<Task>>(br#"[{"Total": {"a": 1}}]"#)?.issues;
/// assert_eq!(issues[0].path, "[0].Total");
/// assert_eq!(issues[0].to_string(), "[0].Total: expected an integer, found an object");
/// # Ok::<(), alicloud_wire::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DecodeIssue {
    /// The path of the field, such as `Tasks[0].TotalCount`.
    pub path: String,
    /// What was expected and what was found.
    pub reason: String,
}

impl DecodeIssue {
    /// Creates an issue; for the runtime, which also decides about bodies that cannot be decoded.
    #[doc(hidden)]
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        DecodeIssue { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for DecodeIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", printable(&self.path))?;
        }
        f.write_str(&printable(&self.reason))
    }
}

/// Limits of a decoder. A response that exceeds one is an error.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{DecodeLimits, from_json_with};
///
/// let mut limits = DecodeLimits::default();
/// limits.max_nodes = 3;
/// assert!(from_json_with::<Vec<String>>(br#"["a", "b"]"#, limits).is_ok());
/// assert!(from_json_with::<Vec<String>>(br#"["a", "b", "c"]"#, limits).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeLimits {
    /// Maximum size of the response in bytes. Defaults to 64 MiB.
    pub max_bytes: usize,
    /// Maximum levels of nesting. Defaults to 100. JSON is always limited to 127 levels.
    pub max_depth: usize,
    /// Maximum number of fields, items and entries, which bounds the memory that a small response can
    /// require. Defaults to 4,000,000.
    pub max_nodes: usize,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        DecodeLimits { max_bytes: 64 << 20, max_depth: 100, max_nodes: 4_000_000 }
    }
}

/// The error of a response that cannot be decoded at all: it has another format, is truncated, or
/// exceeds the [`DecodeLimits`].
///
/// # Examples
///
/// ```
/// let error = alicloud_wire::from_json::<Vec<String>>(b"<html>").unwrap_err();
/// assert!(error.to_string().starts_with("cannot decode the response as JSON: "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    format: &'static str,
    reason: String,
}

impl DecodeError {
    fn new(format: &'static str, reason: impl fmt::Display) -> Self {
        DecodeError { format, reason: reason.to_string() }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot decode the response as {}: {}", self.format, printable(&self.reason))
    }
}

impl std::error::Error for DecodeError {}

/// Decodes JSON.
///
/// `T` is a type with [`record!`](crate::record), or a scalar, list or map.
///
/// Unknown fields are ignored, missing fields are absent, and scalars are converted if the conversion is
/// lossless. `null`, `""`, `[]` and `{}` mean absent where the type expects another kind of value. A field
/// that still cannot be decoded is absent and reported in [`issues`](Decoded::issues).
///
/// A scalar in a list of one item is that scalar. Whitespace around an integer, float, boolean, base64 text
/// or known enum value is ignored; other text keeps it. A text field keeps an object, or a list of several
/// items, as JSON. A float is the nearest `f64`.
///
/// # Errors
///
/// Returns an error if the text is not JSON, is truncated, exceeds the default [`DecodeLimits`], or has another kind of
/// value at its root.
///
/// # Examples
///
/// ```
/// alicloud_wire::record! {
///     struct Task {
///         id: Option<String> = "Id",
///         total: Option<i64> = "Total",
///     }
/// }
///
/// let decoded = alicloud_wire::from_json::<Task>(br#"{"Id": 12, "Total": "2", "New": true}"#)?;
/// assert_eq!(decoded.value.id.as_deref(), Some("12"));
/// assert_eq!(decoded.value.total, Some(2));
/// assert!(decoded.issues.is_empty());
/// # Ok::<(), alicloud_wire::DecodeError>(())
/// ```
pub fn from_json<T: Node + Default>(text: &[u8]) -> Result<Decoded<T>, DecodeError> {
    from_json_with(text, DecodeLimits::default())
}

/// Decodes JSON with other limits than [`from_json`].
///
/// # Errors
///
/// Same as [`from_json`], with these limits.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{DecodeLimits, from_json_with};
///
/// let mut limits = DecodeLimits::default();
/// limits.max_bytes = 10;
/// let error = from_json_with::<Vec<String>>(br#"["a", "b", "c"]"#, limits).unwrap_err();
/// assert_eq!(error.to_string(), "cannot decode the response as JSON: more than 10 bytes");
/// ```
pub fn from_json_with<T: Node + Default>(
    text: &[u8],
    limits: DecodeLimits,
) -> Result<Decoded<T>, DecodeError> {
    let mut value = T::default();
    let mut outcome = json::read(&mut value, text, limits, false)?;
    if outcome.needs_source_text {
        // A text field with a number or an object keeps the spelling of the service. That needs a
        // second, slower pass, which only such responses pay for.
        value = T::default();
        outcome = json::read(&mut value, text, limits, true)?;
    }
    finish(value, outcome.issues, "JSON")
}

fn finish<T>(
    value: T,
    issues: Vec<DecodeIssue>,
    format: &'static str,
) -> Result<Decoded<T>, DecodeError> {
    match issues.iter().find(|issue| issue.path.is_empty()) {
        Some(root) => Err(DecodeError::new(format, &root.reason)),
        None => Ok(Decoded { value, issues }),
    }
}
