//! XML into models. The first byte of an input selects the type, the others are the XML.

use alicloud_wire::{Node, Value, View, from_xml, to_xml};
use serde_json::Map;

use crate::cost::{bounded, linear};
use crate::growth::Shape;
use crate::json::survives_json;
use crate::types::{Decode, for_each_type};

/// Checks that XML is decoded without a panic and at bounded cost, and that the value survives encoding as XML and
/// as JSON. A first byte from 0xF0 checks the growth of the time instead.
pub fn check(data: &[u8]) {
    let types: &[fn(&[u8])] = for_each_type!(check_type);
    match data.split_first() {
        Some((0xf0.., shape)) => check_growth(shape),
        Some((selector, xml)) => types[usize::from(*selector) % types.len()](xml),
        None => {}
    }
}

fn check_type<T: Decode>(xml: &[u8]) {
    let Ok(decoded) = bounded(xml, || from_xml::<T>(xml)) else { return };
    let value = decoded.value;
    survives_json(&value);
    let text = to_xml("Response", "item", &value);
    let again = from_xml::<T>(text.as_bytes()).expect("an encoded value can be decoded");
    assert_eq!(comparable(&again.value), comparable(&value), "{text}");
    assert_eq!(again.issues, [], "{text}");
}

/// Returns a value as JSON, without the differences that `to_xml` documents: a struct in a field and a free-form value
/// that are empty, the only item of a list without a wrapper if it is empty, and the kinds of free-form values.
fn comparable(node: &dyn Node) -> Value {
    match node.view() {
        View::Absent => Value::Null,
        View::Text(text) | View::Secret(text) => written(text),
        View::Integer(number) => number.into(),
        View::Number(number) => number.into(),
        View::Boolean(boolean) => boolean.into(),
        View::Bytes(bytes) => bytes.into(),
        View::Any(value) => free_form(value),
        View::List(list) => {
            (0..list.len()).filter_map(|index| list.item(index)).map(comparable).collect()
        }
        View::Map(entries) => {
            let mut members = Map::new();
            entries.visit(&mut |key, node| {
                members.insert(key.to_owned(), without_only_empty_item(comparable(node)));
            });
            Value::Object(members)
        }
        View::Record(record) => {
            let mut members = Map::new();
            for (field, node) in record.entries() {
                let value = match comparable(node) {
                    list if field.item.is_none() => without_only_empty_item(list),
                    list => list,
                };
                let is_text = matches!(node.view(), View::Text(_) | View::Secret(_));
                if is_text || !is_empty(&value) {
                    members.insert(field.name.to_owned(), value);
                }
            }
            Value::Object(members)
        }
    }
}

/// Returns a text with U+FFFD for each character that XML does not allow.
fn written(text: &str) -> Value {
    fn is_not_allowed(character: char) -> bool {
        matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
    }
    text.replace(is_not_allowed, "\u{fffd}").into()
}

/// Returns what XML keeps of a free-form value.
fn free_form(value: &Value) -> Value {
    let members: Vec<(&str, &Value)> = match value {
        Value::Null => return "".into(),
        Value::Bool(_) | Value::Number(_) => return value.to_string().into(),
        Value::String(text) => return written(text),
        Value::Array(_) => vec![("item", value)],
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.as_str(), value)).collect()
        }
    };
    let mut kept = Map::new();
    for (key, value) in members {
        let value = match value {
            Value::Array(items) => match items.as_slice() {
                [] => continue,
                [only] => free_form(only),
                items => items.iter().map(free_form).collect(),
            },
            value => free_form(value),
        };
        kept.insert(key.to_owned(), value);
    }
    match kept.is_empty() {
        true => "".into(),
        false => Value::Object(kept),
    }
}

fn without_only_empty_item(value: Value) -> Value {
    match &value {
        Value::Array(items) if matches!(items.as_slice(), [only] if is_empty(only)) => {
            Value::Array(Vec::new())
        }
        _ => value,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn check_growth(data: &[u8]) {
    let shape = Shape::new(data);
    let types: &[fn(&[u8])] = for_each_type!(decode);
    let decode = types[shape.selector % types.len()];
    let text = |scale| shape.xml(scale);
    let large = text(8);
    bounded(&large, || decode(&large));
    linear(text, decode);
}

fn decode<T: Decode>(xml: &[u8]) {
    let _ = from_xml::<T>(xml);
}
