//! Bytes to values, leniently: what cannot be read is reported, and the rest of the response stays.

mod context;
mod json;
mod xml;

use std::fmt;

pub use json::deserialize;
pub use xml::{from_xml, from_xml_with};

use crate::node::Node;

/// A response as it was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value. A field that could not be read is absent in it.
    pub value: T,
    /// What could not be read, in the order of the response.
    pub issues: Vec<DecodeIssue>,
}

/// One place of a response that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DecodeIssue {
    /// Where, such as `Tasks[0].TotalCount`.
    pub path: String,
    /// What was expected there and what was found.
    pub reason: String,
}

impl fmt::Display for DecodeIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

/// How much of a response a decoder is willing to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeLimits {
    /// Bytes of the whole text. 64 MiB unless told otherwise.
    pub bytes: usize,
    /// Levels of nesting. 100 unless told otherwise; JSON stops at 127 in any case.
    pub depth: usize,
    /// Fields, items and entries in all, which bounds the memory that a small text can claim. Four
    /// million unless told otherwise.
    pub nodes: usize,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        DecodeLimits { bytes: 64 << 20, depth: 100, nodes: 4_000_000 }
    }
}

/// Why a response as a whole could not be read: it is not the format that it was taken for, it is cut
/// off, or it goes past a [`DecodeLimits`].
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
        write!(f, "the response is not readable as {}: {}", self.format, self.reason)
    }
}

impl std::error::Error for DecodeError {}

/// Reads JSON.
///
/// Unknown fields are skipped, missing ones stay absent, scalars convert where that loses nothing,
/// and `null`, `""`, `[]`, `{}` mean absent where another kind of value stands in the description.
/// A field that still cannot be read is absent in the value and listed in
/// [`issues`](Decoded::issues). See the crate's documentation for an example.
///
/// # Errors
///
/// When the text as a whole is not JSON, is cut off, goes past the default [`DecodeLimits`], or has
/// another kind of value at its root.
pub fn from_json<T: Node + Default>(text: &[u8]) -> Result<Decoded<T>, DecodeError> {
    from_json_with(text, DecodeLimits::default())
}

/// [`from_json`] with other limits.
///
/// # Errors
///
/// As [`from_json`].
pub fn from_json_with<T: Node + Default>(
    text: &[u8],
    limits: DecodeLimits,
) -> Result<Decoded<T>, DecodeError> {
    let mut value = T::default();
    let mut read = json::read(&mut value, text, limits, false)?;
    if read.wants_source_text {
        // Text that arrived as a number or an object keeps the service's own spelling. That needs
        // a second, slower reading, which only such responses pay for.
        value = T::default();
        read = json::read(&mut value, text, limits, true)?;
    }
    finish(value, read.issues, "JSON")
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
