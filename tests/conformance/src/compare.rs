//! Compares a decoded value with the example that it was decoded from.
//!
//! The comparison follows the types of the model and is independent of the decoder. Numbers and
//! booleans are equal to the same value as text, lists with and without a wrapper object are equal,
//! and so are absent values, `null`, `""`, `[]` and `{}`.

mod equivalence;
mod example;

use std::fmt;

use alicloud_codegen::ir::Ty;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::model::{Field, Model, Response};
use equivalence::{
    as_boolean, as_number, equal_ignoring_types, equal_text, is_empty, only_scalar,
    parse_embedded_json,
};
use example::{field_value, list_items};

/// A value that differs from the expected one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Difference {
    pub(super) path: String,
    pub(super) expected: String,
    pub(super) actual: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.path, self.expected, self.actual)
    }
}

/// The source of the expected value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpectedFormat {
    /// The JSON example that the value was decoded from.
    Json,
    /// The JSON example of an operation, for a value that was decoded from its XML example. In XML,
    /// free-form values have no numbers, and a list of one item looks like the item.
    Xml,
}

/// Returns the differences between an example of an operation and the decoded value.
pub(super) fn differences(
    model: &Model,
    operation: &str,
    format: ExpectedFormat,
    expected: &Value,
    decoded: &Value,
) -> Vec<Difference> {
    let Some(response) = model.response(operation) else { return Vec::new() };
    // A binary body is returned unchanged.
    if response.root == Ty::Bytes {
        return Vec::new();
    }
    let mut comparison = Comparison { model, response, format, differences: Vec::new() };
    comparison.value(&response.root, expected, decoded, "");
    comparison.differences
}

struct Comparison<'m> {
    model: &'m Model,
    response: &'m Response,
    format: ExpectedFormat,
    differences: Vec<Difference>,
}

impl Comparison<'_> {
    fn value(&mut self, ty: &Ty, expected: &Value, decoded: &Value, path: &str) {
        match ty {
            Ty::Unit => {}
            Ty::Any => {
                let equal = match self.format {
                    ExpectedFormat::Json => {
                        is_empty(expected) && is_empty(decoded) || expected == decoded
                    }
                    ExpectedFormat::Xml => equal_ignoring_types(expected, decoded),
                };
                self.check(equal, expected, decoded, path);
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
        let equal = |expected: &Value| match ty {
            Ty::Integer | Ty::Number => as_number(expected) == as_number(decoded),
            Ty::Boolean => as_boolean(expected) == as_boolean(decoded),
            _ => equal_text(expected, decoded),
        };
        let equal = match only_scalar(expected) {
            Some(only) => equal(only) || self.format == ExpectedFormat::Xml && equal(expected),
            None => equal(expected),
        };
        let both_empty = is_empty(expected) && is_empty(decoded);
        self.check(equal || both_empty, expected, decoded, path);
    }

    fn fields(&mut self, fields: &[Field], expected: &Value, decoded: &Value, path: &str) {
        let expected = &parse_embedded_json(expected);
        // Examples can show a struct whose only field is a list as that list.
        if let ([only], Value::Array(_)) = (fields, expected)
            && let Ty::List(item) = &only.ty
        {
            let inner = decoded.get(&only.wire).unwrap_or(&Value::Null);
            return self.list(item, only.item.as_deref(), expected, inner, path);
        }
        let no_fields = Map::new();
        let (expected_fields, decoded_fields) = match (expected, decoded) {
            (Value::Object(expected), Value::Object(decoded)) => (expected, decoded),
            (Value::Object(expected), decoded) if is_empty(decoded) => (expected, &no_fields),
            (expected, Value::Object(decoded)) if is_empty(expected) => (&no_fields, decoded),
            (expected, decoded) => {
                let both_empty = is_empty(expected) && is_empty(decoded);
                return self.check(both_empty, expected, decoded, path);
            }
        };
        for field in fields {
            let expected =
                field_value(expected_fields, fields, &field.wire).unwrap_or(&Value::Null);
            let decoded = decoded_fields.get(&field.wire).unwrap_or(&Value::Null);
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
        let item_fields = match item {
            Ty::Named(name) | Ty::Boxed(name) => {
                self.model.fields(self.response, name).unwrap_or_default()
            }
            _ => &[],
        };
        let mut expected_items = list_items(item_fields, wrapper, &parse_embedded_json(expected));
        let mut decoded_items = match (wrapper, decoded) {
            (Some(key), Value::Object(map)) => {
                map.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
            }
            (_, Value::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        if expected_items.len() != decoded_items.len() {
            expected_items.retain(|item| !is_empty(item));
            decoded_items.retain(|item| !is_empty(item));
        }
        if expected_items.len() != decoded_items.len() {
            return self.check(false, expected, decoded, path);
        }
        for (index, (expected, decoded)) in expected_items.iter().zip(&decoded_items).enumerate() {
            self.value(item, expected, decoded, &format!("{path}[{index}]"));
        }
    }

    fn map(&mut self, ty: &Ty, expected: &Value, decoded: &Value, path: &str) {
        let expected = &parse_embedded_json(expected);
        let entries = |value: &Value| match value {
            Value::Object(map) => Some(map.clone()),
            value => is_empty(value).then(Map::new),
        };
        let (Some(expected), Some(decoded)) = (entries(expected), entries(decoded)) else {
            return self.check(false, expected, decoded, path);
        };
        let only_decoded = decoded.keys().filter(|key| !expected.contains_key(*key));
        for key in expected.keys().chain(only_decoded) {
            let get = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or_default();
            self.value(ty, &get(&expected), &get(&decoded), &join(path, key));
        }
    }

    /// Records a difference unless the values are equal.
    fn check(&mut self, equal: bool, expected: &Value, decoded: &Value, path: &str) {
        if !equal {
            let (expected, actual) = (truncate(expected), truncate(decoded));
            self.differences.push(Difference { path: path.to_owned(), expected, actual });
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn truncate(value: &Value) -> String {
    let text = value.to_string();
    let mut truncated: String = text.chars().take(60).collect();
    if truncated.len() < text.len() {
        truncated.push('…');
    }
    truncated
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> Model {
        let list = |item: Ty| Ty::List(Box::new(item));
        Model::for_test(&[
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

    fn differing_paths(expected: Value, decoded: Value) -> Vec<String> {
        let format = ExpectedFormat::Json;
        let differences = differences(&model(), "Op", format, &expected, &decoded);
        differences.into_iter().map(|difference| difference.path).collect()
    }

    #[test]
    fn equivalent_json_is_equal() {
        for (expected, decoded) in [
            (json!({"Total": "5", "Unknown": 1}), json!({"Total": 5})),
            (json!({"Total": 5.0}), json!({"Total": 5})),
            (json!({"Id": 1.50}), json!({"Id": "1.50"})),
            (json!({"Id": {"a": 1}}), json!({"Id": "{ \"a\":1}"})),
            (json!({"Good": "True"}), json!({"Good": true})),
            (json!({"Id": ["a"], "Total": [5]}), json!({"Id": "a", "Total": 5})),
            (json!({"Id": ["a", "b"]}), json!({"Id": "[\"a\",\"b\"]"})),
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
            assert_eq!(differing_paths(expected.clone(), decoded), [""; 0], "{expected}");
        }
    }

    #[test]
    fn missing_additional_and_changed_values_differ() {
        for (expected, decoded, path) in [
            (json!({"Total": 5}), json!({}), "Total"),
            (json!({}), json!({"Total": 0}), "Total"),
            (json!({"Id": "a"}), json!({"Id": "b"}), "Id"),
            (json!({"Id": "007"}), json!({"Id": "8"}), "Id"),
            (json!({"Good": true}), json!({"Good": false}), "Good"),
            (json!({"Id": ["a"]}), json!({"Id": "[\"a\"]"}), "Id"),
            (json!({"Id": ["a", "b"]}), json!({"Id": "a"}), "Id"),
            (json!({"Tasks": [{"Name": "a"}, {"Name": "b"}]}), json!({"Tasks": [{}]}), "Tasks"),
            (json!({"Tasks": [{"Name": "a"}]}), json!({"Tasks": [{}]}), "Tasks[0].Name"),
            (json!({"Labels": {"a": "b"}}), json!({"Labels": {}}), "Labels.a"),
            (json!({"Free": [1]}), json!({"Free": ["1"]}), "Free"),
            (json!({"paths": "a"}), json!({"Paths": "a"}), "paths"),
        ] {
            let paths = differing_paths(expected.clone(), decoded);
            assert_eq!(paths.first().unwrap(), path, "{expected}");
        }
    }

    #[test]
    fn free_form_values_have_no_types_in_xml() {
        let equal =
            |json, xml| differences(&model(), "Op", ExpectedFormat::Xml, &json, &xml).is_empty();
        assert!(equal(
            json!({"Free": {"a": [1], "b": true}}),
            json!({"Free": {"a": "1", "b": "true"}})
        ));
        assert!(!equal(json!({"Free": {"a": 1}}), json!({"Free": {"a": "2"}})));
        assert!(!equal(json!({"Free": [1, 2]}), json!({"Free": ["1"]})));
    }
}
