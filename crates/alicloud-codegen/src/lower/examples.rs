//! The example values of fields: which are values of the field's type, and which the documentation shows.
//!
//! An example is used only if a reader can rely on it. Masked values (`i-bp1****`), placeholders
//! (`<your-id>`) and everything with a sensitive name are not examples.

use std::collections::BTreeMap;

use alicloud_wire::sensitive::{contains_sensitive_name, is_sensitive_name};
use alicloud_wire::{Percent, Timestamp};
use serde_json::Value;

use crate::ir::{Field, ParameterStyle, Product, Root, Struct, Ty, Type};

/// Maximum length in characters of an example in the documentation of a field.
const MAX_SHOWN: usize = 60;

/// The values of enums by the names of their types.
type EnumValues = BTreeMap<String, Vec<String>>;

/// Keeps the examples that are values of their fields' types, and decides which are shown.
pub(super) fn assign(product: &mut Product) {
    let shared = enum_values(&product.types);
    assign_types(&mut product.types, &shared);
    for operation in &mut product.operations {
        let mut values = shared.clone();
        values.extend(enum_values(&operation.types));
        assign_types(&mut operation.types, &values);
        assign_struct(&mut operation.request, &values);
        if let Root::Struct(root) = &mut operation.response.root {
            assign_struct(root, &values);
        }
    }
}

fn enum_values(types: &[Type]) -> EnumValues {
    let enums = types.iter().filter_map(|ty| match ty {
        Type::Enum(enumeration) => Some(enumeration),
        Type::Struct(_) => None,
    });
    enums
        .map(|enumeration| {
            let values = enumeration.variants.iter().map(|variant| variant.text.clone());
            (enumeration.name.clone(), values.collect())
        })
        .collect()
}

fn assign_types(types: &mut [Type], values: &EnumValues) {
    for ty in types {
        if let Type::Struct(structure) = ty {
            assign_struct(structure, values);
        }
    }
}

fn assign_struct(structure: &mut Struct, values: &EnumValues) {
    for field in &mut structure.fields {
        let own = field.example.take().map(|example| example.trim().to_owned());
        let own = own.filter(|example| is_example(field, example, values));
        let documented = documented(field);
        // An example in a sentence is better than a second one after it.
        field.shown_example = None;
        field.example = own;
        match documented {
            None => field.shown_example = shown(field),
            Some(example) if field.example.is_none() && is_example(field, &example, values) => {
                field.example = Some(example);
            }
            Some(_) => {}
        }
    }
}

/// Returns the example in the documentation of a field: "The size, such as `small`."
fn documented(field: &Field) -> Option<String> {
    let docs = field.docs.join(" ");
    let (_, after) = docs.split_once("such as `")?;
    after.split_once('`').map(|(example, _)| example.to_owned())
}

/// Returns whether an example is a value of the field.
fn is_example(field: &Field, example: &str, values: &EnumValues) -> bool {
    if is_sensitive(field) || contains_sensitive_name(example) || is_placeholder(example) {
        return false;
    }
    match &field.ty {
        Ty::List(item) => {
            let items = items(field, example);
            !items.is_empty() && items.iter().all(|text| is_value(item, text, values))
        }
        ty => is_value(ty, example, values),
    }
}

/// Returns whether a text is a value of a type. Maps, structs and lists of lists have no examples.
fn is_value(ty: &Ty, text: &str, values: &EnumValues) -> bool {
    match ty {
        // These punctuation marks are those of sentences about examples.
        Ty::Text => !text.is_empty() && !text.contains(['\n', '\r', '：', '，', '。', '；']),
        Ty::Timestamp => Timestamp::from(text).value().is_some(),
        Ty::Percent => Percent::from(text).value().is_some(),
        Ty::Integer => text.parse::<i64>().is_ok(),
        Ty::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        Ty::Boolean => matches!(text, "true" | "false"),
        Ty::Named(name) => values.get(name).is_some_and(|all| all.iter().any(|one| one == text)),
        _ => false,
    }
}

/// Returns whether the values of a field must not be printed.
fn is_sensitive(field: &Field) -> bool {
    *field.ty.innermost() == Ty::Secret || is_sensitive_name(&field.wire)
}

/// Returns whether a text stands for a value instead of being one, or hides a part of it.
fn is_placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &["none", "null", "nil", "n/a", "undefined", "string", "无", "空", "-"];
    let lower = text.to_lowercase();
    let is_between = |open, close| {
        lower.split_once(open).is_some_and(|(_, inner): (&str, &str)| inner.contains(close))
    };
    let is_in_brackets =
        is_between('<', '>') || (is_between('{', '}') && !lower.starts_with("{\""));
    lower.is_empty()
        || is_in_brackets
        || has_masked_digits(&lower)
        || WORDS.contains(&lower.as_str())
        || ["**", "xxx", "...", "…", "your", "ltai", "-----begin"]
            .iter()
            .any(|part| lower.contains(part))
}

/// Returns whether `x` stands for digits: `17xx5`, `16xx`.
fn has_masked_digits(text: &str) -> bool {
    text.match_indices("xx").any(|(start, found)| {
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(start + found.len()..).unwrap_or_default();
        before.ends_with(|c: char| c.is_ascii_digit())
            && after.chars().all(|c| c.is_ascii_digit() || c == 'x')
    })
}

/// Returns the items of an example of a list: a JSON list, items joined as the parameter joins them, or
/// one item.
pub(crate) fn items(field: &Field, example: &str) -> Vec<String> {
    let texts: Vec<String> = match serde_json::from_str::<Vec<Value>>(example) {
        Ok(values) => values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            })
            .collect(),
        Err(_) => {
            let is_comma_list =
                field.comma_list || field.style() == Some(ParameterStyle::CommaList);
            match is_comma_list {
                true => example.split(',').map(str::to_owned).collect(),
                false if field.style() == Some(ParameterStyle::Lines) => {
                    example.lines().map(str::to_owned).collect()
                }
                false => vec![example.to_owned()],
            }
        }
    };
    texts.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

/// Returns the example of a field for its documentation, unless the documentation has it already.
fn shown(field: &Field) -> Option<String> {
    let example = field.example.as_deref()?;
    let is_known = |text: &str| field.docs.iter().any(|line| contains_word(line, text));
    let is_text = |ty: &Ty| ty.is_text() || matches!(ty, Ty::Named(_));
    let text = match &field.ty {
        // Each is one of two values, and each call has another request id.
        Ty::Boolean => return None,
        _ if field.wire.eq_ignore_ascii_case("RequestId") => return None,
        Ty::List(item) => {
            let items = items(field, example);
            if items.iter().all(|item| is_known(item)) {
                return None;
            }
            let items: Vec<String> = items
                .iter()
                .take(2)
                .map(|text| if is_text(item) { format!("{text:?}") } else { text.clone() })
                .collect();
            format!("[{}]", items.join(", "))
        }
        _ if is_known(example) => return None,
        _ => example.to_owned(),
    };
    let is_short = text.chars().count() <= MAX_SHOWN;
    let is_plain = !text.contains('`') && !text.chars().any(char::is_control);
    (is_short && is_plain).then_some(text)
}

/// Returns whether a line contains a text that is not a part of a longer word.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, found)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line.get(start + found.len()..).and_then(|text| text.chars().next());
        let is_part =
            |character: Option<char>| character.is_some_and(|c| c.is_ascii_alphanumeric());
        !is_part(before) && !is_part(after)
    })
}
