//! The interface between types and the decoders and encoders.
//!
//! The macros implement these traits. Decoders and encoders work on trait objects, so they are compiled
//! once and not for each of thousands of types.

mod containers;
mod record;
mod scalar;
mod scalars;

use serde_json::Value;

pub use record::nodes;
pub use scalar::{Scalar, Shape};

/// A value that can be decoded and encoded.
///
/// Implemented for `String`, `i64`, `f64`, `bool`, [`Bytes`](bytes::Bytes), [`Value`],
/// [`Secret`](crate::Secret), [`Timestamp`](crate::Timestamp), [`Percent`](crate::Percent), `()`, `Option`,
/// `Vec` and `BTreeMap<String, _>` of these, for each [`Record`], and by [`open_enum!`](crate::open_enum). A
/// decoder calls [`shape`](Node::shape), and then [`set_scalar`](Node::set_scalar) or
/// [`view_mut`](Node::view_mut). Each method exists once per type of a model, so there are few.
#[doc(hidden)]
pub trait Node: Send + 'static {
    /// Returns the shape of every value of the type.
    fn kind() -> Shape
    where
        Self: Sized;

    /// Returns the shape of the value, which may be absent.
    fn shape(&self) -> Shape;

    /// Returns the value for encoding.
    fn view(&self) -> View<'_>;

    /// Returns the value for comparisons and hashes. Differs from [`view`](Node::view) if values can be
    /// equal in several spellings.
    fn identity(&self) -> Identity<'_> {
        Identity::View(self.view())
    }

    /// Returns what the value contains for decoding, created if absent.
    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Scalar
    }

    /// Resets the value, so that the last of two equal keys wins.
    fn clear(&mut self);

    /// Sets the value to a scalar if the conversion is lossless; returns whether it is.
    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let _ = scalar;
        false
    }
}

impl dyn Node + '_ {
    /// Returns the fields of a struct, created if absent.
    pub fn record(&mut self) -> Option<&mut dyn Record> {
        match self.view_mut() {
            ViewMut::Record(record) => Some(record),
            _ => None,
        }
    }

    /// Returns the items of a list, created if absent.
    pub fn list(&mut self) -> Option<&mut dyn List> {
        match self.view_mut() {
            ViewMut::List(list) => Some(list),
            _ => None,
        }
    }

    /// Returns the entries of a map, created if absent.
    pub fn map(&mut self) -> Option<&mut dyn Map> {
        match self.view_mut() {
            ViewMut::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the free-form value, created if absent.
    pub fn any(&mut self) -> Option<&mut Value> {
        match self.view_mut() {
            ViewMut::Any(value) => Some(value),
            _ => None,
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
    /// Text that is not shown.
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

/// What a [`Node`] is for comparisons and hashes.
#[doc(hidden)]
pub enum Identity<'a> {
    /// The value itself.
    View(View<'a>),
    /// Two numbers that all spellings of the value share.
    Meaning(u64, u32),
}

/// What a [`Node`] contains, for decoding.
#[doc(hidden)]
pub enum ViewMut<'a> {
    /// A scalar, which [`Node::set_scalar`] sets, or nothing.
    Scalar,
    /// Named fields.
    Record(&'a mut dyn Record),
    /// Items.
    List(&'a mut dyn List),
    /// Entries.
    Map(&'a mut dyn Map),
    /// A free-form value.
    Any(&'a mut Value),
}

/// The fields of a struct, by their positions in the description.
///
/// Implemented by [`record!`](crate::record) and the macros on top of it.
#[doc(hidden)]
pub trait Record: Send + 'static {
    /// Returns the name of the struct and the names of its fields.
    fn record_type(&self) -> &'static RecordType;

    /// Returns the values of all fields.
    fn nodes(&self) -> Vec<&dyn Node>;

    /// Calls `edit` once with the values of all fields.
    fn edit(&mut self, edit: &mut dyn FnMut(&mut [&mut dyn Node]));
}

impl dyn Record + '_ {
    /// Returns the names of all fields.
    pub fn fields(&self) -> &'static [Field] {
        self.record_type().fields
    }

    /// Returns each field and its value.
    pub fn entries(&self) -> impl Iterator<Item = (&'static Field, &dyn Node)> {
        self.fields().iter().zip(self.nodes())
    }
}

/// The names of a struct and of its fields.
#[doc(hidden)]
#[derive(Debug)]
pub struct RecordType {
    /// The name of the struct in Rust.
    pub name: &'static str,
    /// The size of the struct in bytes, which `size_of_val` does not see in a `Box`.
    pub size: usize,
    /// The fields, in the order of the description.
    pub fields: &'static [Field],
}

/// A field of a [`Record`], for decoding.
#[doc(hidden)]
pub struct Slot<'a> {
    /// The names of the field.
    pub field: &'static Field,
    /// The value of the field.
    pub node: &'a mut dyn Node,
}

/// The names of a field of a [`Record`], and how its value differs from the default on the wire.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name of the field in Rust.
    pub rust_name: &'static str,
    /// The key in JSON and the element in XML.
    pub name: &'static str,
    /// The name of the items inside a wrapper, if the list has one: `"Tasks": {"CDNTask": […]}`.
    pub item: Option<&'static str>,
    /// Whether the value has to be present.
    pub is_required: bool,
    /// Whether the list is one text with commas between the items.
    pub is_comma_list: bool,
    /// Whether a number or a boolean is text on the wire.
    pub is_text: bool,
    /// Whether an object or list is JSON in one text.
    pub is_json_text: bool,
}

impl Field {
    /// Creates the names of a field that is optional and has no wrapper.
    pub const fn new(rust_name: &'static str, name: &'static str) -> Self {
        Field {
            rust_name,
            name,
            item: None,
            is_required: false,
            is_comma_list: false,
            is_text: false,
            is_json_text: false,
        }
    }

    /// Adds a wrapper around items of this name.
    #[must_use]
    pub const fn wrapping(self, item: &'static str) -> Self {
        Field { item: Some(item), ..self }
    }

    /// Makes the field required.
    #[must_use]
    pub const fn required(self) -> Self {
        Field { is_required: true, ..self }
    }

    /// Makes the list one text with commas between the items.
    #[must_use]
    pub const fn comma_list(self) -> Self {
        Field { is_comma_list: true, ..self }
    }

    /// Makes a number or a boolean text on the wire.
    #[must_use]
    pub const fn text(self) -> Self {
        Field { is_text: true, ..self }
    }

    /// Makes an object or list JSON in one text.
    #[must_use]
    pub const fn json_text(self) -> Self {
        Field { is_json_text: true, ..self }
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
    /// Returns the number of items that fit into the memory of the list, and the size of an item in bytes.
    fn capacity(&self) -> (usize, usize);
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
    /// Returns the entry of a key.
    fn get(&self, key: &str) -> Option<&dyn Node>;
    /// Returns the entry of a key, created if absent.
    fn entry(&mut self, key: &str) -> &mut dyn Node;
    /// Removes an entry.
    fn remove(&mut self, key: &str);
}
