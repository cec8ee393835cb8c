//! The many spellings of one value.

use serde_json::{Map, Value};

/// Whether a value says nothing, in whichever way.
pub(super) fn nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(nothing),
        Value::Object(map) => map.values().all(nothing),
        _ => false,
    }
}

/// JSON inside a text, where a text is not what belongs there.
pub(super) fn unquoted(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        other => other.clone(),
    }
}

pub(super) fn number(value: &Value) -> Option<String> {
    let text = match value {
        Value::Bool(boolean) => return Some(u8::from(*boolean).to_string()),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    canonical(&text)
}

/// One spelling for each number; none for what is no number.
fn canonical(text: &str) -> Option<String> {
    if let Ok(whole) = text.parse::<i128>() {
        return Some(whole.to_string());
    }
    let float: f64 = text.parse().ok()?;
    float.is_finite().then(|| float.to_string())
}

pub(super) fn boolean(value: &Value) -> Option<bool> {
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

pub(super) fn same_text(expected: &Value, decoded: &Value) -> bool {
    let (left, right) = (text(expected), text(decoded));
    left == right
        || left.trim() == right.trim()
        || canonical(left.trim()).is_some_and(|left| Some(left) == canonical(right.trim()))
        || matches!(
            (serde_json::from_str::<Value>(&left), serde_json::from_str::<Value>(&right)),
            (Ok(left), Ok(right)) if left == right
        )
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether free-form values are the same once XML has taken the kinds of scalars and lists of one.
pub(super) fn loosely(json: &Value, xml: &Value) -> bool {
    if nothing(json) && nothing(xml) {
        return true;
    }
    match (json, xml) {
        (Value::Object(left), Value::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            let of =
                |map: &Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or_default();
            keys.into_iter().all(|key| loosely(&of(left, key), &of(right, key)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| loosely(l, r))
        }
        (Value::Array(left), one) => matches!(left.as_slice(), [only] if loosely(only, one)),
        (Value::Object(_), Value::String(_)) => {
            unquoted(xml) != *xml && loosely(json, &unquoted(xml))
        }
        (Value::Bool(_), _) | (_, Value::Bool(_)) => boolean(json) == boolean(xml),
        _ => same_text(json, xml),
    }
}
