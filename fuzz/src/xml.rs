//! XML into models. The first byte of an input selects the type, the others are the XML.

use alicloud_wire::{Value, from_xml, to_xml};

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
    assert_eq!(without_empty(&again.value), without_empty(&value), "{text}");
    assert_eq!(again.issues, [], "{text}");
}

/// Returns a value as JSON without what XML cannot tell: an empty item, which the decoder ignores, and a character
/// that XML does not allow, for which U+FFFD is written.
fn without_empty<T: Decode>(value: &T) -> Value {
    fn remove_empty(value: &mut Value) {
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(remove_empty);
                items.retain(|item| !is_empty(item));
            }
            Value::String(text) => *text = text.replace(is_not_allowed, "\u{fffd}"),
            Value::Object(members) => {
                members.values_mut().for_each(remove_empty);
                members.retain(|_, member| !is_empty(member));
            }
            _ => {}
        }
    }
    fn is_not_allowed(character: char) -> bool {
        matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
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
    let mut value = serde_json::to_value(value).expect("a decoded value can be encoded");
    remove_empty(&mut value);
    value
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
