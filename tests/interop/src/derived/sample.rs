//! Values of described types, as they are sent.

use alicloud_codegen::ir::{Enum, Field, Struct, Ty, Type};
use serde_json::{Map, Value, json};

use super::description::Types;

/// Which values a sample has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Lists of two items, texts with characters that encodings treat specially, integers above 2⁵³.
    Full,
    /// Lists of one item, some empty texts, negative numbers.
    Edge,
    /// Lists and maps without items.
    Empty,
}

/// The smallest positive integer that is no `f64`.
const LARGE: i64 = (1 << 53) + 1;

/// Characters that JSON, XML, URLs, signatures or lists treat specially. No comma and no line break, which separate the
/// items of some lists, and no space at an end.
const SPECIAL: &str = "\u{4f60}\u{597d} \u{e9} \u{1f600} <a b=\"c\">&amp;'+%2F~*!()?=:;@$^|\\`#";

/// Any number of items.
const UNLIMITED: (usize, usize) = (0, usize::MAX);

/// Makes values. Each is another one, so that values in the wrong place are noticed.
pub(crate) struct Sampler<'a> {
    kind: Kind,
    types: Types<'a>,
    count: i64,
    /// Minimum and maximum number of items of the next list.
    limits: (usize, usize),
    /// The structs around the current value.
    around: Vec<&'a str>,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(kind: Kind, types: Types<'a>) -> Self {
        Sampler { kind, types, count: 0, limits: UNLIMITED, around: Vec::new() }
    }

    /// Returns an object with all fields.
    pub(crate) fn object(&mut self, item: &'a Struct) -> Map<String, Value> {
        let mut object = Map::new();
        // A type that contains itself ends here.
        if self.around.contains(&item.name.as_str()) {
            return object;
        }
        self.around.push(&item.name);
        for field in &item.fields {
            object.insert(field.wire.clone(), self.field(field));
        }
        self.around.pop();
        object
    }

    /// Returns the value of a parameter. `limits` are the minimum and maximum number of items of a list.
    pub(crate) fn parameter(&mut self, field: &'a Field, limits: Option<(usize, usize)>) -> Value {
        self.limits = limits.unwrap_or(UNLIMITED);
        let value = self.value(&field.ty, &field.wire);
        self.limits = UNLIMITED;
        value
    }

    /// Returns the value of a field as it is sent.
    fn field(&mut self, field: &'a Field) -> Value {
        let value = match self.value(&field.ty, &field.wire) {
            Value::Array(items) if field.comma_list && items.is_empty() => Value::Null,
            Value::Array(items) if field.comma_list => join(&items, ","),
            value if field.json_text => Value::String(value.to_string()),
            value if field.text => Value::String(scalar_text(&value)),
            value => value,
        };
        match &field.item {
            Some(item) => json!({ item: value }),
            None => value,
        }
    }

    /// Returns a value. `name` is that of its field.
    fn value(&mut self, ty: &'a Ty, name: &str) -> Value {
        self.count += 1;
        let count = self.count;
        let is_edge = self.kind == Kind::Edge;
        match ty {
            Ty::Text | Ty::Secret if is_edge && count % 3 == 0 => "".into(),
            Ty::Text | Ty::Secret => text(name, count),
            Ty::Timestamp => {
                format!("2026-{:02}-{:02}T03:04:05Z", count % 12 + 1, count % 28 + 1).into()
            }
            Ty::Percent => format!("{count}.50%").into(),
            Ty::Integer if is_edge => (-count).into(),
            Ty::Integer => (LARGE + 2 * count).into(),
            Ty::Number if is_edge => (-0.25 - count as f64).into(),
            Ty::Number => (count as f64 + 0.5).into(),
            Ty::Boolean => (is_edge == (count % 2 == 0)).into(),
            Ty::Bytes => "Ynl0ZXM=".into(),
            Ty::Any => json!({ "Text": format!("{name} {count}"), "Number": count }),
            Ty::Unit => Value::Null,
            Ty::Named(type_name) | Ty::Boxed(type_name) => match self.types.find(type_name) {
                Some(Type::Struct(item)) => Value::Object(self.object(item)),
                Some(Type::Enum(item)) => enum_value(item, count),
                None => Value::Null,
            },
            Ty::List(item) => self.items(item, name).into(),
            Ty::Map(inner) => {
                let entries = (1..=self.length())
                    .map(|index| (format!("Key{index}"), self.value(inner, name)));
                Value::Object(entries.collect())
            }
        }
    }

    /// Returns the items of a list. None is an empty text, which joined lists cannot have.
    fn items(&mut self, item: &'a Ty, name: &str) -> Vec<Value> {
        let (min, max) = std::mem::replace(&mut self.limits, UNLIMITED);
        let mut items = Vec::new();
        for _ in 0..self.length().max(min).min(max) {
            let value = self.value(item, name);
            items.push(if value == "" { text(name, self.count) } else { value });
        }
        items
    }

    fn length(&self) -> usize {
        match self.kind {
            Kind::Full => 2,
            Kind::Edge => 1,
            Kind::Empty => 0,
        }
    }
}

fn text(name: &str, count: i64) -> Value {
    Value::String(format!("{name} {SPECIAL} {count}"))
}

fn enum_value(item: &Enum, count: i64) -> Value {
    let index = usize::try_from(count).unwrap_or_default() % item.variants.len().max(1);
    let text = item.variants.get(index).map_or("Unknown", |variant| &variant.text);
    Value::String(text.to_owned())
}

/// Joins scalars.
pub(crate) fn join(items: &[Value], separator: &str) -> Value {
    Value::String(items.iter().map(scalar_text).collect::<Vec<_>>().join(separator))
}

/// Returns a scalar as text.
pub(crate) fn scalar_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
