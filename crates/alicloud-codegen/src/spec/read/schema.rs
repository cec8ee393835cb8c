//! Reads schemas.

use crate::diagnostics::Diagnostics;
use crate::json::{Json, JsonRef};
use crate::spec::Schema;

/// The keys of limits, without `minimum`.
const LIMITS: &[&str] = &[
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
];

/// Reads a schema. The depth limit of [`json::parse`] bounds the recursion.
pub(super) fn schema(at: &JsonRef<'_>, diagnostics: &mut Diagnostics) -> Schema {
    if !at.is_object() {
        diagnostics.error(
            at.pointer(),
            format!("the schema is {}, not an object", at.json.kind()),
            "correct it",
        );
        return Schema::default();
    }
    let pointer = at.pointer();
    let at = &at.with_pointer(&pointer);
    if let Some(required) = at.get("required")
        && !matches!(required.json, Json::Bool(_))
    {
        diagnostics.warning(
            required.pointer(),
            format!("`required` is {}, not a boolean", required.json.kind()),
            "ignored; write `\"required\": true` in the schema of each required property",
        );
    }
    let scalar_text = |at: JsonRef<'_>| match at.json {
        Json::Text(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    };
    let reference = at.get_text("$ref").map(str::to_owned);
    let kind = match (at.get_text("type"), &reference) {
        (Some(kind), _) => kind.to_owned(),
        (None, Some(_)) => String::new(),
        (None, None) => {
            diagnostics.warning(
                at.pointer(),
                "the schema has no `type` and no `$ref`",
                "treated as any JSON value",
            );
            "any".to_owned()
        }
    };
    Schema {
        pointer: pointer.clone(),
        reference,
        kind,
        format: at.get_text("format").map(str::to_owned),
        title: prose(at, "title"),
        description: prose(at, "description"),
        required: at.is_true("required"),
        deprecated: at.is_true("deprecated"),
        values: at
            .get("enum")
            .map(|all| all.items().filter_map(scalar_text).collect())
            .unwrap_or_default(),
        value_titles: at
            .get("enumValueTitles")
            .map(|all| {
                all.entries()
                    .map(|(value, title)| {
                        (value.to_owned(), title.text().unwrap_or_default().to_owned())
                    })
                    .collect()
            })
            .unwrap_or_default(),
        example: at.get("example").and_then(scalar_text),
        default: at.get("default").and_then(scalar_text),
        minimum: at.get("minimum").and_then(scalar_text),
        limits: LIMITS
            .iter()
            .filter_map(|key| Some((*key, at.get(key).and_then(scalar_text)?)))
            .collect(),
        items: at.get("items").map(|at| Box::new(schema(&at, diagnostics))),
        properties: at
            .get("properties")
            .map(|all| {
                all.entries()
                    .map(|(name, at)| (name.to_owned(), schema(&at, diagnostics)))
                    .collect()
            })
            .unwrap_or_default(),
        additional: at
            .get("additionalProperties")
            .filter(JsonRef::is_object)
            .map(|at| Box::new(schema(&at, diagnostics))),
        in_text: false,
    }
}

pub(super) fn prose(at: &JsonRef<'_>, key: &str) -> Option<String> {
    let text = at.get(key)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
