//! The kinds of values, and scalars.

/// The kind of value of a [`Node`].
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// Text or an enum.
    Text,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// Bytes, as base64 in text formats.
    Bytes,
    /// Named fields.
    Record,
    /// Items of one type.
    List,
    /// Entries of one type with any keys.
    Map,
    /// Any JSON value.
    Any,
    /// Nothing.
    Unit,
}

impl Shape {
    /// Returns the description for a [`DecodeIssue`](crate::DecodeIssue).
    pub fn describe(self) -> &'static str {
        match self {
            Shape::Text => "text",
            Shape::Integer => "an integer",
            Shape::Number => "a number",
            Shape::Boolean => "a boolean",
            Shape::Bytes => "base64 text",
            Shape::Record => "an object",
            Shape::List => "a list",
            Shape::Map => "an object with entries",
            Shape::Any => "any value",
            Shape::Unit => "nothing",
        }
    }
}

/// A scalar that a decoder found.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// Text.
    Text(&'a str),
    /// An integer.
    Integer(i64),
    /// A number with a fraction, or above the range of an `i64`.
    Number(f64),
    /// A boolean.
    Boolean(bool),
}

impl Scalar<'_> {
    /// Returns the scalar as text.
    pub fn into_text(self) -> String {
        match self {
            Scalar::Text(text) => text.to_owned(),
            Scalar::Integer(number) => number.to_string(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Boolean(boolean) => boolean.to_string(),
        }
    }
}
