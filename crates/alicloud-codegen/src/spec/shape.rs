//! The shape of a schema: what kind of value it describes, with the quirks of descriptions resolved.

use crate::spec::Schema;

/// The kind of value that a schema describes.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'a> {
    /// A reference to a component.
    Reference(&'a str),
    /// An object with these properties.
    Struct(&'a [(String, Schema)]),
    /// An object with any keys and values of this schema.
    Map(&'a Schema),
    /// A list; its items may be anything.
    List(Option<&'a Schema>),
    /// A text.
    Text,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Bytes.
    Bytes,
    /// Any value.
    Any,
}

/// Returns the shape of a schema; `None` if its type is unknown.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::spec::shape::{Shape, classify};
/// use alicloud_codegen::spec::Schema;
///
/// let text = Schema { kind: "string".to_owned(), ..Schema::default() };
/// assert!(matches!(classify(&text), Some(Shape::Text)));
/// let unknown = Schema { kind: "velocity".to_owned(), ..Schema::default() };
/// assert!(classify(&unknown).is_none());
/// ```
pub fn classify(schema: &Schema) -> Option<Shape<'_>> {
    if let Some(reference) = &schema.reference {
        return Some(Shape::Reference(reference));
    }
    Some(match schema.kind.as_str() {
        "object" if !schema.properties.is_empty() => Shape::Struct(&schema.properties),
        "object" => match &schema.additional {
            Some(value) => Shape::Map(value),
            // The documentation shows lists and texts for such schemas, too.
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

/// Returns the list inside an object whose only property is this list, with its key.
///
/// `"Tasks": {"CDNTask": […]}` is a list of tasks in a wrapper.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::spec::shape::wrapped_list;
/// use alicloud_codegen::spec::Schema;
///
/// let list = Schema { kind: "array".to_owned(), ..Schema::default() };
/// let properties = vec![("CDNTask".to_owned(), list)];
/// let tasks = Schema { kind: "object".to_owned(), properties, ..Schema::default() };
/// assert!(wrapped_list(&tasks).is_some_and(|(key, _)| key == "CDNTask"));
/// ```
pub fn wrapped_list(schema: &Schema) -> Option<(&str, &Schema)> {
    let Some(Shape::Struct([(key, property)])) = classify(schema) else { return None };
    matches!(classify(property), Some(Shape::List(_))).then_some((key.as_str(), property))
}

/// Returns the values of a text that can become the variants of an enum, with their documentation.
///
/// Returns none if any value looks like prose, because the names of its variants would be surprising.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::spec::shape::enum_values;
/// use alicloud_codegen::spec::Schema;
///
/// let values = ["Ready", "Failed"].map(str::to_owned).to_vec();
/// let status = Schema { kind: "string".to_owned(), values, ..Schema::default() };
/// assert_eq!(enum_values(&status)[0].0, "Ready");
/// let values = vec!["Up to 64 characters, no spaces!".to_owned()];
/// assert!(enum_values(&Schema { values, ..status }).is_empty());
/// ```
pub fn enum_values(schema: &Schema) -> Vec<(String, String)> {
    let is_plain = |value: &str| {
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
        let has_plain_titles = !schema.value_titles.is_empty()
            && schema.value_titles.iter().all(|(value, _)| is_plain(value) && !value.contains(' '));
        return if has_plain_titles { schema.value_titles.clone() } else { Vec::new() };
    }
    if !schema.values.iter().all(|value| is_plain(value)) {
        return Vec::new();
    }
    let mut values: Vec<(String, String)> = Vec::new();
    for value in &schema.values {
        if !values.iter().any(|(known, _)| known == value) {
            values.push((value.clone(), title(value)));
        }
    }
    values
}
