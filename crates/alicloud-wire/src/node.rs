//! The interface between types and the decoders and encoders.
//!
//! The macros implement these traits. Decoders and encoders work on trait objects, so they are compiled
//! once and not for each of thousands of types.

mod containers;
mod scalars;

use serde_json::Value;

/// A value that can be decoded and encoded.
///
/// Implemented for `String`, `i64`, `f64`, `bool`, [`Bytes`](bytes::Bytes), [`Value`], [`Secret`](crate::Secret),
/// [`Timestamp`](crate::Timestamp), [`Percent`](crate::Percent), `()`, `Option`, `Box`,
/// `Vec` and `BTreeMap<String, _>` of these, and by [`record!`](crate::record) and
/// [`open_enum!`](crate::open_enum). A decoder calls [`shape`](Node::shape), and then the method for that
/// shape. The default implementations of the other methods reject the value.
#[doc(hidden)]
pub trait Node {
    /// Returns the shape of every value of the type.
    fn kind() -> Shape
    where
        Self: Sized;

    /// Returns the shape of the value, which may be absent.
    fn shape(&self) -> Shape;

    /// Returns the value for encoding.
    fn view(&self) -> View<'_>;

    /// Resets the value, so that the last of two equal keys wins.
    fn clear(&mut self);

    /// Sets the value to a scalar if the conversion is lossless; returns whether it is.
    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let _ = scalar;
        false
    }

    /// Returns the fields of a struct, created if absent.
    fn record(&mut self) -> Option<&mut dyn Record> {
        None
    }

    /// Returns the items of a list, created if absent.
    fn list(&mut self) -> Option<&mut dyn List> {
        None
    }

    /// Returns the entries of a map, created if absent.
    fn map(&mut self) -> Option<&mut dyn Map> {
        None
    }

    /// Returns the free-form value, created if absent.
    fn any(&mut self) -> Option<&mut Value> {
        None
    }
}

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

/// The value of a [`Node`], for encoding.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// No value; it is omitted.
    Absent,
    /// Text.
    Text(&'a str),
    /// Text that is encoded like any other and never shown.
    Secret(&'a str),
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Named fields.
    Record(&'a dyn Record),
    /// Items, may be empty.
    List(&'a dyn List),
    /// Entries, may be empty.
    Map(&'a dyn Map),
    /// A free-form value.
    Any(&'a Value),
}

impl View<'_> {
    /// Returns whether the value is omitted: it is absent, or an empty list or map.
    pub fn is_absent(&self) -> bool {
        match self {
            View::Absent => true,
            View::List(list) => list.is_empty(),
            View::Map(map) => map.is_empty(),
            View::Any(value) => value.is_null(),
            _ => false,
        }
    }
}

/// The fields of a struct.
#[doc(hidden)]
pub trait Record {
    /// Returns the field with exactly this name on the wire.
    fn slot(&mut self, name: &str) -> Option<Slot<'_>>;

    /// Calls `visit` for each field, in the order of the description.
    fn visit(&self, visit: &mut dyn FnMut(FieldName, &dyn Node));

    /// Returns the names on the wire of all fields, in the order of the description.
    fn names(&self) -> &'static [&'static str];
}

/// A field of a [`Record`], for decoding.
#[doc(hidden)]
pub struct Slot<'a> {
    /// The name of the field.
    pub field: FieldName,
    /// The value of the field.
    pub node: &'a mut dyn Node,
}

/// The name of a field on the wire.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldName {
    /// The key in JSON and the element in XML.
    pub name: &'static str,
    /// The name of the items inside a wrapper, if the list has one: `"Tasks": {"CDNTask": […]}`.
    pub item: Option<&'static str>,
}

impl FieldName {
    /// Creates the name of a field without a wrapper.
    pub const fn new(name: &'static str) -> Self {
        FieldName { name, item: None }
    }

    /// Returns the name with a wrapper around items of this name.
    #[must_use]
    pub const fn wrapping(self, item: &'static str) -> Self {
        FieldName { name: self.name, item: Some(item) }
    }
}

/// The items of a list.
#[doc(hidden)]
pub trait List {
    /// Returns the number of items.
    fn len(&self) -> usize;
    /// Returns whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Returns the item at an index.
    fn item(&self, index: usize) -> Option<&dyn Node>;
    /// Appends an empty item and returns it.
    fn push(&mut self) -> &mut dyn Node;
    /// Removes the last item.
    fn pop(&mut self);
}

/// The entries of a map with text keys.
#[doc(hidden)]
pub trait Map {
    /// Returns the number of entries.
    fn len(&self) -> usize;
    /// Returns whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Calls `visit` for each entry, in the order of the keys.
    fn visit(&self, visit: &mut dyn FnMut(&str, &dyn Node));
    /// Returns the entry of a key, created if absent.
    fn entry(&mut self, key: &str) -> &mut dyn Node;
    /// Removes an entry.
    fn remove(&mut self, key: &str);
}
