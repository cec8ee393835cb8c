//! The model of a model: what a decoder and an encoder need to know of a value.
//!
//! Generated code describes its types through these traits, once. The decoders and encoders work on
//! trait objects, so they are compiled once and not for each of the thousands of types.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

/// A value that can be read from and written to the wire.
///
/// Implemented for `String`, `i64`, `f64`, `bool`, [`Bytes`], [`Value`], `()`, `Option`, `Box`,
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

impl Node for String {
    fn kind() -> Shape {
        Shape::Text
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Text(self)
    }

    fn clear(&mut self) {
        String::clear(self);
    }

    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        match scalar {
            Scalar::Text(text) => {
                String::clear(self);
                self.push_str(text);
            }
            Scalar::Integer(number) => *self = number.to_string(),
            Scalar::Number(number) => *self = number.to_string(),
            Scalar::Boolean(boolean) => *self = boolean.to_string(),
        }
        true
    }
}

impl Node for i64 {
    fn kind() -> Shape {
        Shape::Integer
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Integer(*self)
    }

    fn clear(&mut self) {
        *self = 0;
    }

    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        let number = match scalar {
            Scalar::Integer(number) => Some(number),
            Scalar::Number(number) => whole(number),
            Scalar::Boolean(boolean) => Some(i64::from(boolean)),
            Scalar::Text(text) => {
                let text = text.trim();
                text.parse().ok().or_else(|| text.parse().ok().and_then(whole))
            }
        };
        number.map(|number| *self = number).is_some()
    }
}

/// The whole number that a float stands for, where it stands for exactly one.
fn whole(number: f64) -> Option<i64> {
    // Beyond 2^63 the cast would saturate; at the bound itself it is exact on the negative side only.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    (fits && number.fract() == 0.0).then_some(number as i64)
}

impl Node for f64 {
    fn kind() -> Shape {
        Shape::Number
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Number(*self)
    }

    fn clear(&mut self) {
        *self = 0.0;
    }

    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        let number = match scalar {
            Scalar::Integer(number) => Some(number as f64),
            Scalar::Number(number) => Some(number),
            Scalar::Boolean(_) => None,
            Scalar::Text(text) => text.trim().parse().ok(),
        };
        // "NaN" and "inf" parse, but no number of a service is one.
        number.filter(|number: &f64| number.is_finite()).map(|number| *self = number).is_some()
    }
}

impl Node for bool {
    fn kind() -> Shape {
        Shape::Boolean
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }

    fn clear(&mut self) {
        *self = false;
    }

    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        let boolean = match scalar {
            Scalar::Boolean(boolean) => Some(boolean),
            Scalar::Integer(0) => Some(false),
            Scalar::Integer(1) => Some(true),
            Scalar::Integer(_) | Scalar::Number(_) => None,
            Scalar::Text(text) => match text.trim() {
                text if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
                text if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
                _ => None,
            },
        };
        boolean.map(|boolean| *self = boolean).is_some()
    }
}

impl Node for Bytes {
    fn kind() -> Shape {
        Shape::Bytes
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Bytes(self)
    }

    fn clear(&mut self) {
        *self = Bytes::new();
    }

    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        let Scalar::Text(text) = scalar else {
            return false;
        };
        STANDARD.decode(text.trim()).map(|bytes| *self = bytes.into()).is_ok()
    }
}

impl Node for Value {
    fn kind() -> Shape {
        Shape::Any
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Any(self)
    }

    fn clear(&mut self) {
        *self = Value::Null;
    }

    fn any(&mut self) -> Option<&mut Value> {
        Some(self)
    }
}

impl Node for () {
    fn kind() -> Shape {
        Shape::Unit
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }

    fn clear(&mut self) {}
}

impl<T: Node + Default> Node for Option<T> {
    fn kind() -> Shape {
        T::kind()
    }

    fn shape(&self) -> Shape {
        T::kind()
    }

    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Node::view)
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        let mut node = T::default();
        let taken = node.put(scalar);
        if taken {
            *self = Some(node);
        }
        taken
    }

    fn record(&mut self) -> Option<&mut dyn Record> {
        self.get_or_insert_default().record()
    }

    fn list(&mut self) -> Option<&mut dyn List> {
        self.get_or_insert_default().list()
    }

    fn map(&mut self) -> Option<&mut dyn Map> {
        self.get_or_insert_default().map()
    }

    fn any(&mut self) -> Option<&mut Value> {
        self.get_or_insert_default().any()
    }
}

impl<T: Node> Node for Box<T> {
    fn kind() -> Shape {
        T::kind()
    }

    fn shape(&self) -> Shape {
        T::kind()
    }

    fn view(&self) -> View<'_> {
        (**self).view()
    }

    fn clear(&mut self) {
        (**self).clear();
    }

    fn put(&mut self, scalar: Scalar<'_>) -> bool {
        (**self).put(scalar)
    }

    fn record(&mut self) -> Option<&mut dyn Record> {
        (**self).record()
    }

    fn list(&mut self) -> Option<&mut dyn List> {
        (**self).list()
    }

    fn map(&mut self) -> Option<&mut dyn Map> {
        (**self).map()
    }

    fn any(&mut self) -> Option<&mut Value> {
        (**self).any()
    }
}

impl<T: Node + Default> Node for Vec<T> {
    fn kind() -> Shape {
        Shape::List
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::List(self)
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }

    fn list(&mut self) -> Option<&mut dyn List> {
        Some(self)
    }
}

impl<T: Node + Default> List for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn item(&self, index: usize) -> Option<&dyn Node> {
        self.get(index).map(|item| item as &dyn Node)
    }

    fn push(&mut self) -> &mut dyn Node {
        self.push_mut_default()
    }

    fn pop(&mut self) {
        Vec::pop(self);
    }
}

/// `Vec::push_mut` is younger than the oldest compiler that we support.
trait PushMut<T> {
    fn push_mut_default(&mut self) -> &mut T;
}

impl<T: Default> PushMut<T> for Vec<T> {
    #[allow(clippy::indexing_slicing, reason = "the item at this index was pushed one line above")]
    fn push_mut_default(&mut self) -> &mut T {
        let index = self.len();
        Vec::push(self, T::default());
        &mut self[index]
    }
}

impl<T: Node + Default> Node for BTreeMap<String, T> {
    fn kind() -> Shape {
        Shape::Map
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn clear(&mut self) {
        BTreeMap::clear(self);
    }

    fn map(&mut self) -> Option<&mut dyn Map> {
        Some(self)
    }
}

impl<T: Node + Default> Map for BTreeMap<String, T> {
    fn len(&self) -> usize {
        BTreeMap::len(self)
    }

    fn visit(&self, visit: &mut dyn FnMut(&str, &dyn Node)) {
        for (key, value) in self {
            visit(key, value);
        }
    }

    fn entry(&mut self, key: &str) -> &mut dyn Node {
        BTreeMap::entry(self, key.to_owned()).or_default()
    }

    fn remove(&mut self, key: &str) {
        BTreeMap::remove(self, key);
    }
}
