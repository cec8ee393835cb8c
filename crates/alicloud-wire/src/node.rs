//! The model of a model: what a decoder and an encoder need to know of a value.
//!
//! Generated code describes its types through these traits, once. The decoders and encoders work on
//! trait objects, so they are compiled once and not for each of the thousands of types.

mod containers;
mod scalars;

use serde_json::Value;

/// A value that can be read from and written to the wire.
///
/// Implemented for `String`, `i64`, `f64`, `bool`, [`Bytes`](bytes::Bytes), [`Value`], `()`, `Option`, `Box`,
/// `Vec` and `BTreeMap<String, _>` of these, and by [`record!`](crate::record) and
/// [`open_enum!`](crate::open_enum). A decoder looks at [`shape`](Node::shape) and then calls the
/// one method that belongs to that shape; the others keep their default, which refuses.
pub trait Node {
    /// Which kind of value the type holds.
    fn kind() -> Shape
    where
        Self: Sized;

    /// Which kind of value this is, whether or not one is there.
    fn shape(&self) -> Shape;

    /// What is there, to be written.
    fn view(&self) -> View<'_>;

    /// Forgets what was there, so that the last of two equal keys wins.
    fn clear(&mut self);

    /// Takes a scalar, converted where that loses nothing; `false` where it cannot.
    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        let _ = scalar;
        false
    }

    /// The fields, created when absent.
    fn record(&mut self) -> Option<&mut dyn Record> {
        None
    }

    /// The items.
    fn list(&mut self) -> Option<&mut dyn List> {
        None
    }

    /// The entries.
    fn map(&mut self) -> Option<&mut dyn Map> {
        None
    }

    /// The free-form value.
    fn any(&mut self) -> Option<&mut Value> {
        None
    }
}

/// The kind of a [`Node`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// Text, or an enum that travels as text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Bytes; base64 where the format is text.
    Bytes,
    /// Named fields.
    Record,
    /// Items of one type.
    List,
    /// Entries of one type under keys that the service chooses.
    Map,
    /// Whatever the service sends.
    Any,
    /// Nothing.
    Unit,
}

impl Shape {
    /// The word for it in a report to people.
    pub fn describe(self) -> &'static str {
        match self {
            Shape::Text => "text",
            Shape::Integer => "a whole number",
            Shape::Number => "a number",
            Shape::Boolean => "true or false",
            Shape::Bytes => "base64 text",
            Shape::Record => "an object",
            Shape::List => "a list",
            Shape::Map => "an object of entries",
            Shape::Any => "any value",
            Shape::Unit => "nothing",
        }
    }
}

/// A scalar as a decoder found it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number that is not whole, or too large for an `i64`.
    Number(f64),
    /// True or false.
    Boolean(bool),
}

/// What a [`Node`] holds.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// Nothing: it is not written at all.
    Absent,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Named fields.
    Record(&'a dyn Record),
    /// Items, possibly none.
    List(&'a dyn List),
    /// Entries, possibly none.
    Map(&'a dyn Map),
    /// A free-form value.
    Any(&'a Value),
}

impl View<'_> {
    /// Whether nothing would be written: absent, or a list or map without content.
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

/// A struct, seen as its fields.
pub trait Record {
    /// The field that travels under exactly this name.
    fn slot(&mut self, name: &str) -> Option<Slot<'_>>;

    /// Shows each field to `visit`, in the order of the description.
    fn visit(&self, visit: &mut dyn FnMut(FieldName, &dyn Node));

    /// The wire names of all fields, in the order of the description.
    fn names(&self) -> &'static [&'static str];
}

/// A field of a [`Record`], to be read into.
pub struct Slot<'a> {
    /// How the field travels.
    pub field: FieldName,
    /// The field's value.
    pub node: &'a mut dyn Node,
}

/// The name of a field on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldName {
    /// The key in JSON, the element in XML.
    pub name: &'static str,
    /// The key or element in between, where the service wraps the items of a list:
    /// `"Tasks": {"CDNTask": […]}`.
    pub item: Option<&'static str>,
}

impl FieldName {
    /// A field that travels under its own name.
    pub const fn new(name: &'static str) -> Self {
        FieldName { name, item: None }
    }

    /// A list whose items stand one level deeper, under `item`.
    #[must_use]
    pub const fn wrapping(self, item: &'static str) -> Self {
        FieldName { name: self.name, item: Some(item) }
    }
}

/// A list, seen as its items.
pub trait List {
    /// How many items there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The item at a position.
    fn item(&self, index: usize) -> Option<&dyn Node>;
    /// A new last item, empty, to be read into.
    fn push(&mut self) -> &mut dyn Node;
    /// Takes the last item away again.
    fn pop(&mut self);
}

/// A map with text keys, seen as its entries.
pub trait Map {
    /// How many entries there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Shows each entry to `visit`, in the order of the keys.
    fn visit(&self, visit: &mut dyn FnMut(&str, &dyn Node));
    /// The entry of a key, created when absent.
    fn entry(&mut self, key: &str) -> &mut dyn Node;
    /// Takes an entry away again.
    fn remove(&mut self, key: &str);
}
