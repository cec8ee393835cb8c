//! Equivalence of JSON values that are written differently.

use serde_json::{Map, Value};

/// Returns whether a value is null, blank, or contains only such values.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(map) => map.values().all(is_empty),
        _ => false,
    }
}

/// Parses a string that contains a JSON object or array; returns any other value unchanged.
pub(super) fn parse_embedded_json(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        other => other.clone(),
    }
}

/// Returns the only item of a list, if it is a scalar.
pub(super) fn only_scalar(value: &Value) -> Option<&Value> {
    match value.as_array()?.as_slice() {
        [only] if !only.is_array() && !only.is_object() => Some(only),
        _ => None,
    }
}

/// Returns the canonical text of a number, a number in a string, or a boolean as 0 or 1.
pub(super) fn as_number(value: &Value) -> Option<String> {
    let text = match value {
        Value::Bool(boolean) => return Some(u8::from(*boolean).to_string()),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    canonical_number(&text)
}

/// Returns the canonical text of a number, or `None` if the text is not a number.
fn canonical_number(text: &str) -> Option<String> {
    if let Ok(integer) = text.parse::<i128>() {
        return Some(integer.to_string());
    }
    let float: f64 = text.parse().ok()?;
    float.is_finite().then(|| float.to_string())
}

/// Returns a boolean that is written as a boolean, as 0 or 1, or as text.
pub(super) fn as_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(boolean) => Some(*boolean),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether two scalars have the same text, or texts that are the same number or JSON value.
pub(super) fn equal_text(expected: &Value, decoded: &Value) -> bool {
    let (left, right) = (as_text(expected), as_text(decoded));
    left == right
        || left.trim() == right.trim()
        || canonical_number(left.trim())
            .is_some_and(|left| Some(left) == canonical_number(right.trim()))
        || matches!(
            (serde_json::from_str::<Value>(&left), serde_json::from_str::<Value>(&right)),
            (Ok(left), Ok(right)) if left == right
        )
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Returns whether free-form values are equal apart from what XML cannot express: the types of
/// scalars, and lists of one item.
pub(super) fn equal_ignoring_types(json: &Value, xml: &Value) -> bool {
    if is_empty(json) && is_empty(xml) {
        return true;
    }
    match (json, xml) {
        (Value::Object(left), Value::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            let get =
                |map: &Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or_default();
            keys.into_iter().all(|key| equal_ignoring_types(&get(left, key), &get(right, key)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| equal_ignoring_types(left, right))
        }
        (Value::Array(left), right) => {
            matches!(left.as_slice(), [only] if equal_ignoring_types(only, right))
        }
        (Value::Object(_), Value::String(_)) => {
            let parsed = parse_embedded_json(xml);
            parsed != *xml && equal_ignoring_types(json, &parsed)
        }
        (Value::Bool(_), _) | (_, Value::Bool(_)) => as_boolean(json) == as_boolean(xml),
        _ => equal_text(json, xml),
    }
}
