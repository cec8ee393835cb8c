//! JSON into models. The first byte of an input selects the type, the others are the JSON.

use alicloud_wire::from_json;
use serde::Serialize;
use serde_json::Value;

use crate::cost::{bounded, linear};
use crate::growth::Shape;
use crate::types::{Decode, for_each_type};

/// Checks that JSON is decoded without a panic, at bounded cost, to what serde's derive returns if that succeeds,
/// and that the value survives encoding. A first byte from 0xF0 checks the growth of the time instead.
pub fn check(data: &[u8]) {
    let types: &[fn(&[u8])] = for_each_type!(check_type);
    match data.split_first() {
        Some((0xf0.., shape)) => check_growth(shape),
        Some((selector, json)) => types[usize::from(*selector) % types.len()](json),
        None => {}
    }
}

fn check_type<T: Decode>(json: &[u8]) {
    let decoded = bounded(json, || from_json::<T>(json));
    if let Ok(strict) = serde_json::from_slice::<T>(json) {
        let decoded = decoded.as_ref().map(|decoded| &decoded.value);
        if decoded != Ok(&strict) {
            let decoded = decoded.map(without_spelling);
            assert_eq!(decoded, Ok(without_spelling(&strict)), "serde reads another value");
        }
    }
    if let Some(strict) = T::strict(json) {
        let decoded = decoded.as_ref().expect("serde's derive can decode it");
        assert_eq!(decoded.value, strict, "serde's derive reads another value");
    }
    if let Ok(decoded) = decoded {
        survives_json(&decoded.value);
        // Every output of an issue is text for a person.
        for issue in &decoded.issues {
            assert!(!issue.to_string().is_empty());
        }
    }
}

/// Returns a value as JSON, with the texts that are JSON as values and without empty objects: through serde, a text that
/// was an object or a number loses the spelling of the source, and an absent value of a map becomes an empty struct.
fn without_spelling(value: &impl Serialize) -> Value {
    fn parse_texts(value: Value) -> Value {
        match value {
            Value::String(text) => match serde_json::from_str(&text) {
                Ok(Value::String(_)) | Err(_) => Value::String(text),
                Ok(value) => parse_texts(value),
            },
            Value::Array(items) => items.into_iter().map(parse_texts).collect(),
            Value::Object(members) => {
                let members = members.into_iter().map(|(key, value)| (key, parse_texts(value)));
                members
                    .filter(|(_, value)| value.as_object().is_none_or(|o| !o.is_empty()))
                    .collect()
            }
            value => value,
        }
    }
    parse_texts(serde_json::to_value(value).expect("a decoded value can be encoded"))
}

/// Checks that a value is decoded from what it is encoded to.
pub fn survives_json<T: Decode>(value: &T) {
    let json = serde_json::to_vec(value).expect("a decoded value can be encoded");
    let again = from_json::<T>(&json).expect("an encoded value can be decoded");
    assert_eq!(again.value, *value, "{}", String::from_utf8_lossy(&json));
    assert_eq!(again.issues, [], "{}", String::from_utf8_lossy(&json));
}

fn check_growth(data: &[u8]) {
    let shape = Shape::new(data);
    let types: &[fn(&[u8])] = for_each_type!(decode);
    let decode = types[shape.selector % types.len()];
    let text = |scale| shape.json(scale);
    let large = text(8);
    bounded(&large, || decode(&large));
    linear(text, decode);
}

fn decode<T: Decode>(json: &[u8]) {
    let _ = from_json::<T>(json);
}
