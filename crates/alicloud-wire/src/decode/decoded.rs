//! What decoding returns.

use std::fmt;

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

/// The error of a response that cannot be decoded at all: it has another format, is truncated, or
/// exceeds the [`DecodeLimits`](super::DecodeLimits).
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
    pub(super) fn new(format: &'static str, reason: impl fmt::Display) -> Self {
        DecodeError { format, reason: reason.to_string() }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot decode the response as {}: {}", self.format, printable(&self.reason))
    }
}

impl std::error::Error for DecodeError {}
