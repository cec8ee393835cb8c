//! Lenient decoding: values that cannot be decoded are reported, and the rest of the response is kept.

mod context;
mod issues;
mod json;
mod marks;
mod repair;
mod xml;

use std::fmt;

pub(crate) use context::describe_text;
pub use json::deserialize;
pub use repair::readable_json;
pub use xml::steps as xml_steps;
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
    /// The fields that could not be decoded or whose text was not valid, in the order of the response. At
    /// most 1,000 issues with 128 KiB of text are listed; a last one without a path counts the others.
    pub issues: Vec<DecodeIssue>,
}

/// A field of a response that could not be decoded, or whose text was not valid.
///
/// Paths and reasons have at most 256 bytes, and keys in a path 64 characters. What is longer ends with
/// an ellipsis.
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
/// # Memory
///
/// Decoding a response needs at most 40 bytes of memory per byte, or 8 MiB if that is more: 32 for the value,
/// and 8 for buffers of the decoder. These are the worst cases:
///
/// | Response | Bytes per byte |
/// |---|---|
/// | lists of numbers or booleans | 12 |
/// | lists of texts with one character | 34, then an error |
/// | lists of lists | 32 |
/// | lists of nearly empty objects, whose structs or maps are large | 32, then an error |
/// | free-form values | 32, then an error |
/// | one text, or a list or an object instead of it | 3 |
/// | text that is not valid, in addition | 8 |
/// | elements, numbers and texts of unknown fields | 6 |
///
/// Real responses need less, because their names and texts are longer.
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
    /// Maximum size of the response in bytes. Defaults to 16 MiB, which needs at most 640 MiB of memory.
    pub max_bytes: usize,
    /// Maximum levels of nesting. Defaults to 100. JSON is always limited to 127 levels.
    pub max_depth: usize,
    /// Maximum number of fields, items and entries, which bounds the memory that a small response can
    /// require. Defaults to 4,000,000.
    pub max_nodes: usize,
    /// Maximum memory of the value, in bytes per byte of the response. Every response may use 8 MiB.
    /// Defaults to 32.
    pub max_memory_per_byte: usize,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        DecodeLimits {
            max_bytes: 16 << 20,
            max_depth: 100,
            max_nodes: 4_000_000,
            max_memory_per_byte: 32,
        }
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
    let issues = json::decode(&mut value, text, limits)?;
    Ok(Decoded { value, issues })
}
