//! Whether a decoded value is what the example shows, apart from how it is spelled.
//!
//! Written against the model and not against the decoder: numbers and truth values may stand as
//! text, lists with or without their wrapper, and absent, `null`, `""`, `[]` and `{}` are one.

mod spelling;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::codegen::ir::Ty;

use super::model::{Field, Model, Response};
use spelling::{boolean, loosely, nothing, number, same_text, unquoted};

/// A place where two values differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Difference {
    pub(super) path: String,
    pub(super) expected: String,
    pub(super) found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is not {}", self.path, self.found, self.expected)
    }
}

/// What the expected value was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// The decoded value came from this very text.
    Json,
    /// The decoded value came from XML, in which free-form values have neither numbers nor lists
    /// of one.
    Xml,
}

/// The differences between what an operation's example shows and what was decoded.
pub(super) fn differences(
    model: &Model,
    operation: &str,
    rules: Rules,
    expected: &Value,
    decoded: &Value,
) -> Vec<Difference> {
    let Some(response) = model.response(operation) else { return Vec::new() };
    // A body of bytes is handed on as it came; there is nothing in it to compare.
    if response.root == Ty::Bytes {
        return Vec::new();
    }
    let mut walk = Walk { model, response, rules, found: Vec::new() };
    walk.value(&response.root, expected, decoded, "");
    walk.found
}

struct Walk<'m> {
    model: &'m Model,
    response: &'m Response,
    rules: Rules,
    found: Vec<Difference>,
}

impl Walk<'_> {
    fn value(&mut self, ty: &Ty, expected: &Value, decoded: &Value, path: &str) {
        match ty {
            Ty::Unit => {}
            Ty::Any => {
                let same = match self.rules {
                    Rules::Json => nothing(expected) && nothing(decoded) || expected == decoded,
                    Rules::Xml => loosely(expected, decoded),
                };
                self.expect(same, expected, decoded, path);
            }
            Ty::List(item) => self.list(item, None, expected, decoded, path),
            Ty::Map(value) => self.map(value, expected, decoded, path),
            Ty::Named(name) | Ty::Boxed(name) => {
                match self.model.fields(self.response, name).map(<[Field]>::to_vec) {
                    Some(fields) => self.fields(&fields, expected, decoded, path),
                    None => self.scalar(ty, expected, decoded, path),
                }
            }
            _ => self.scalar(ty, expected, decoded, path),
        }
    }

    fn scalar(&mut self, ty: &Ty, expected: &Value, decoded: &Value, path: &str) {
        let same = match ty {
            Ty::Integer | Ty::Number => number(expected) == number(decoded),
            Ty::Boolean => boolean(expected) == boolean(decoded),
            _ => same_text(expected, decoded),
        };
        self.expect(same || nothing(expected) && nothing(decoded), expected, decoded, path);
    }

    fn fields(&mut self, fields: &[Field], expected: &Value, decoded: &Value, path: &str) {
        let expected = &unquoted(expected);
        // A struct whose only field is a list may come as that list.
        if let ([only], Value::Array(_)) = (fields, expected)
            && let Ty::List(item) = &only.ty
        {
            let inner = decoded.get(&only.wire).unwrap_or(&Value::Null);
            return self.list(item, only.item.as_deref(), expected, inner, path);
        }
        let empty = Map::new();
        let (shown, read) = match (expected, decoded) {
            (Value::Object(shown), Value::Object(read)) => (shown, read),
            (Value::Object(shown), none) if nothing(none) => (shown, &empty),
            (none, Value::Object(read)) if nothing(none) => (&empty, read),
            (expected, decoded) => {
                let same = nothing(expected) && nothing(decoded);
                return self.expect(same, expected, decoded, path);
            }
        };
        for field in fields {
            let expected = shown_as(shown, fields, &field.wire).unwrap_or(&Value::Null);
            let decoded = read.get(&field.wire).unwrap_or(&Value::Null);
            let path = join(path, &field.wire);
            match (&field.ty, &field.item) {
                (Ty::List(item), wrapper) => {
                    self.list(item, wrapper.as_deref(), expected, decoded, &path);
                }
                (ty, _) => self.value(ty, expected, decoded, &path),
            }
        }
    }

    fn list(
        &mut self,
        item: &Ty,
        wrapper: Option<&str>,
        expected: &Value,
        decoded: &Value,
        path: &str,
    ) {
        let expected_items = self.items(item, wrapper, &unquoted(expected));
        let decoded_items = match (wrapper, decoded) {
            (Some(key), Value::Object(map)) => {
                map.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
            }
            (_, Value::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        let (mut expected_items, mut decoded_items) = (expected_items, decoded_items);
        if expected_items.len() != decoded_items.len() {
            expected_items.retain(|item| !nothing(item));
            decoded_items.retain(|item| !nothing(item));
        }
        if expected_items.len() != decoded_items.len() {
            return self.expect(false, expected, decoded, path);
        }
        for (index, (expected, decoded)) in expected_items.iter().zip(&decoded_items).enumerate() {
            self.value(item, expected, decoded, &format!("{path}[{index}]"));
        }
    }

    /// The items of a list as an example may show it: plain, wrapped, or one without brackets.
    fn items(&self, item: &Ty, wrapper: Option<&str>, shown: &Value) -> Vec<Value> {
        match shown {
            Value::Array(items) => items.clone(),
            Value::Object(map) => {
                if let Some(inner) = wrapper.and_then(|key| exactly_or_nearly(map, key)) {
                    return self.items(item, None, inner);
                }
                let known = match item {
                    Ty::Named(name) | Ty::Boxed(name) => {
                        self.model.fields(self.response, name).unwrap_or_default()
                    }
                    _ => &[],
                };
                let is_item =
                    known.iter().any(|field| exactly_or_nearly(map, &field.wire).is_some());
                // The list has a wrapper of another name, perhaps with something beside it.
                let inner = match map.len() {
                    _ if is_item => None,
                    1 => map.values().next(),
                    _ => map.values().find(|value| value.is_array()),
                };
                match inner {
                    Some(inner) => self.items(item, None, inner),
                    None if nothing(shown) => Vec::new(),
                    None => vec![shown.clone()],
                }
            }
            none if nothing(none) => Vec::new(),
            one => vec![one.clone()],
        }
    }

    fn map(&mut self, ty: &Ty, expected: &Value, decoded: &Value, path: &str) {
        let expected = &unquoted(expected);
        let empty = Map::new();
        let of = |value: &Value| match value {
            Value::Object(map) => Some(map.clone()),
            none => nothing(none).then(|| empty.clone()),
        };
        let (Some(shown), Some(read)) = (of(expected), of(decoded)) else {
            return self.expect(false, expected, decoded, path);
        };
        for key in shown.keys().chain(read.keys().filter(|key| !shown.contains_key(*key))) {
            let side = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or_default();
            self.value(ty, &side(&shown), &side(&read), &join(path, key));
        }
    }

    fn expect(&mut self, same: bool, expected: &Value, decoded: &Value, path: &str) {
        if !same {
            let (expected, found) = (short(expected), short(decoded));
            self.found.push(Difference { path: path.to_owned(), expected, found });
        }
    }
}

/// What an example has for a field: under its exact name, else under one that differs in case and is
/// the name of no other field.
fn shown_as<'v>(map: &'v Map<String, Value>, fields: &[Field], name: &str) -> Option<&'v Value> {
    map.get(name).or_else(|| {
        map.iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .find(|(key, _)| {
                fields.iter().filter(|field| field.wire.eq_ignore_ascii_case(key)).count() == 1
            })
            .map(|(_, value)| value)
    })
}

fn exactly_or_nearly<'v>(map: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    map.get(name).or_else(|| {
        map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> Model {
        let list = |item: Ty| Ty::List(Box::new(item));
        Model::example(&[
            (
                "OpResponse",
                &[
                    ("Total", None, Ty::Integer),
                    ("Id", None, Ty::Text),
                    ("Good", None, Ty::Boolean),
                    ("Free", None, Ty::Any),
                    ("Names", Some("Name"), list(Ty::Text)),
                    ("Tasks", None, list(Ty::Named("Task".to_owned()))),
                    ("paths", None, Ty::Text),
                    ("Paths", None, Ty::Text),
                    ("Labels", None, Ty::Map(Box::new(Ty::Text))),
                ],
            ),
            ("Task", &[("Name", None, Ty::Text)]),
        ])
    }

    fn differ(expected: Value, decoded: Value) -> Vec<String> {
        let found = differences(&model(), "Op", Rules::Json, &expected, &decoded);
        found.into_iter().map(|one| one.path).collect()
    }

    #[test]
    fn spelling_makes_no_difference() {
        for (expected, decoded) in [
            (json!({"Total": "5", "Unknown": 1}), json!({"Total": 5})),
            (json!({"Total": 5.0}), json!({"Total": 5})),
            (json!({"Id": 1.50}), json!({"Id": "1.50"})),
            (json!({"Id": {"a": 1}}), json!({"Id": "{ \"a\":1}"})),
            (json!({"Good": "True"}), json!({"Good": true})),
            (json!({"Total": "", "Id": null, "Tasks": {}, "Labels": []}), json!({})),
            (json!({"Names": {"Name": ["a"]}}), json!({"Names": {"Name": ["a"]}})),
            (json!({"Names": ["a"]}), json!({"Names": {"Name": ["a"]}})),
            (json!({"Tasks": {"Task": [{"name": "a"}]}}), json!({"Tasks": [{"Name": "a"}]})),
            (json!({"Tasks": "[{\"Name\": \"a\"}]"}), json!({"Tasks": [{"Name": "a"}]})),
            (
                json!({"Tasks": {"Id": "1", "All": [{"Name": "a"}]}}),
                json!({"Tasks": [{"Name": "a"}]}),
            ),
            (json!({"Tasks": {"Name": "a"}}), json!({"Tasks": [{"Name": "a"}]})),
            (json!({"paths": "a", "Paths": "b"}), json!({"paths": "a", "Paths": "b"})),
            (json!({"id": "a"}), json!({"Id": "a"})),
        ] {
            assert_eq!(differ(expected.clone(), decoded), [""; 0], "{expected}");
        }
    }

    #[test]
    fn what_is_lost_made_up_or_changed_is_seen() {
        for (expected, decoded, path) in [
            (json!({"Total": 5}), json!({}), "Total"),
            (json!({}), json!({"Total": 0}), "Total"),
            (json!({"Id": "a"}), json!({"Id": "b"}), "Id"),
            (json!({"Id": "007"}), json!({"Id": "8"}), "Id"),
            (json!({"Good": true}), json!({"Good": false}), "Good"),
            (json!({"Tasks": [{"Name": "a"}, {"Name": "b"}]}), json!({"Tasks": [{}]}), "Tasks"),
            (json!({"Tasks": [{"Name": "a"}]}), json!({"Tasks": [{}]}), "Tasks[0].Name"),
            (json!({"Labels": {"a": "b"}}), json!({"Labels": {}}), "Labels.a"),
            (json!({"Free": [1]}), json!({"Free": ["1"]}), "Free"),
            (json!({"paths": "a"}), json!({"Paths": "a"}), "paths"),
        ] {
            assert_eq!(differ(expected.clone(), decoded).first().unwrap(), path, "{expected}");
        }
    }

    #[test]
    fn free_form_values_lose_their_kinds_in_xml() {
        let same = |json, xml| differences(&model(), "Op", Rules::Xml, &json, &xml).is_empty();
        assert!(same(
            json!({"Free": {"a": [1], "b": true}}),
            json!({"Free": {"a": "1", "b": "true"}})
        ));
        assert!(!same(json!({"Free": {"a": 1}}), json!({"Free": {"a": "2"}})));
        assert!(!same(json!({"Free": [1, 2]}), json!({"Free": ["1"]})));
    }
}
