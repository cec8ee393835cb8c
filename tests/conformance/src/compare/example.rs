//! Finds values in an example, which can differ from the model in the case of names and in wrapper
//! objects of lists.

use serde_json::{Map, Value};

use super::equivalence::is_empty;
use crate::model::Field;

/// Returns the value of a field in an example: under its exact name, or under a name that differs in
/// case only and belongs to no other field.
pub(super) fn field_value<'v>(
    map: &'v Map<String, Value>,
    fields: &[Field],
    name: &str,
) -> Option<&'v Value> {
    map.get(name).or_else(|| {
        map.iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .find(|(key, _)| {
                fields.iter().filter(|field| field.wire.eq_ignore_ascii_case(key)).count() == 1
            })
            .map(|(_, value)| value)
    })
}

/// Returns the items of a list in an example, which can be an array, an array in a wrapper object, or
/// a single item without an array. `item_fields` are the fields of an item that is a struct.
pub(super) fn list_items(item_fields: &[Field], wrapper: Option<&str>, list: &Value) -> Vec<Value> {
    match list {
        Value::Array(items) => items.clone(),
        Value::Object(map) => {
            if let Some(inner) = wrapper.and_then(|key| get_ignoring_case(map, key)) {
                return list_items(item_fields, None, inner);
            }
            let is_item =
                item_fields.iter().any(|field| get_ignoring_case(map, &field.wire).is_some());
            // Otherwise it is a wrapper object with an undocumented key, maybe with other keys.
            let inner = match map.len() {
                _ if is_item => None,
                1 => map.values().next(),
                _ => map.values().find(|value| value.is_array()),
            };
            match inner {
                Some(inner) => list_items(item_fields, None, inner),
                None if is_empty(list) => Vec::new(),
                None => vec![list.clone()],
            }
        }
        value if is_empty(value) => Vec::new(),
        value => vec![value.clone()],
    }
}

fn get_ignoring_case<'v>(map: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    map.get(name).or_else(|| {
        map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}
