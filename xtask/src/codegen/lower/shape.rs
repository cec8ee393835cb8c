//! What a schema amounts to, once its quirks are read the way the service means them.

use crate::codegen::spec::Schema;

/// The kind of value that a schema describes.
pub(crate) enum Shape<'a> {
    Reference(&'a str),
    Struct(&'a [(String, Schema)]),
    Map(&'a Schema),
    /// A list; its items may be anything.
    List(Option<&'a Schema>),
    Text,
    Integer,
    Number,
    Boolean,
    Bytes,
    Any,
}

pub(crate) fn of(schema: &Schema) -> Option<Shape<'_>> {
    if let Some(reference) = &schema.reference {
        return Some(Shape::Reference(reference));
    }
    Some(match schema.kind.as_str() {
        "object" if !schema.properties.is_empty() => Shape::Struct(&schema.properties),
        "object" => match &schema.additional {
            Some(value) => Shape::Map(value),
            // Without a word about its content the documentation shows lists and texts there too.
            None => Shape::Any,
        },
        "array" => Shape::List(schema.items.as_deref()),
        "string" if schema.format.as_deref() == Some("binary") => Shape::Bytes,
        "string" => Shape::Text,
        "integer" => Shape::Integer,
        "number" => Shape::Number,
        "boolean" => Shape::Boolean,
        "any" | "" => Shape::Any,
        _ => return None,
    })
}

/// The list inside an object that is nothing but a wrapper around it, with the wrapper's key.
///
/// `"Tasks": {"CDNTask": […]}` is a list of tasks with one more pair of brackets.
pub(crate) fn wrapped_list(schema: &Schema) -> Option<(&str, &Schema)> {
    let Some(Shape::Struct([(key, only)])) = of(schema) else { return None };
    matches!(of(only), Some(Shape::List(_))).then_some((key.as_str(), only))
}

/// The values of a text that may become the variants of an enum, with what they mean.
///
/// Only lists whose every value looks like one: prose would make names that nobody can guess.
pub(crate) fn values(schema: &Schema) -> Vec<(String, String)> {
    let plain = |value: &str| {
        !value.is_empty()
            && value.len() <= 80
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:+/- ".contains(&byte))
            && value.bytes().any(|byte| byte.is_ascii_alphanumeric())
    };
    let title = |value: &str| {
        schema
            .value_titles
            .iter()
            .find(|(key, _)| key == value)
            .map(|(_, title)| title.clone())
            .unwrap_or_default()
    };
    if schema.values.is_empty() {
        let titled = !schema.value_titles.is_empty()
            && schema.value_titles.iter().all(|(value, _)| plain(value) && !value.contains(' '));
        return if titled { schema.value_titles.clone() } else { Vec::new() };
    }
    if !schema.values.iter().all(|value| plain(value)) {
        return Vec::new();
    }
    let mut values: Vec<(String, String)> = Vec::new();
    for value in &schema.values {
        if !values.iter().any(|(seen, _)| seen == value) {
            values.push((value.clone(), title(value)));
        }
    }
    values
}
