//! Texts that are JSON: an overlay gives their types, and the description gets them before anything else reads it.

mod type_parser;

use super::Overlay;
use crate::diagnostics::Diagnostics;
use crate::spec::shape::{self, Shape};
use crate::spec::{Schema, Spec};

/// The types that a text can have.
const TYPES: &str = "use text, integer, number, boolean, any, list<…>, map<…> or {name: type, …}";

impl Overlay {
    /// Replaces the texts for which the overlay sets `json` by values of these types.
    pub(crate) fn apply_json(&self, spec: &mut Spec, diagnostics: &mut Diagnostics) {
        let selectors: Vec<&String> =
            self.index_by_key.keys().filter(|(_, key)| *key == "json").map(|(at, _)| at).collect();
        for selector in selectors {
            // An element that does not exist is reported with the other entries without an effect.
            let Some(schema) = element(spec, selector) else { continue };
            let Some(text) = self.lookup(selector, "json", |entry| entry.json.clone()) else {
                continue;
            };
            let mut report = |what: String, treatment: String| {
                diagnostics.error_in(&self.file, selector.as_str(), what, treatment);
            };
            if !matches!(shape::classify(schema), Some(Shape::Text)) {
                let kind = if schema.kind.is_empty() { "another value" } else { &schema.kind };
                let what = format!("`json` on {kind}, not on a text");
                report(what, "only the type of a text can be JSON: remove the key".to_owned());
                continue;
            }
            if self.index_by_key.contains_key(&(selector.clone(), "list")) {
                let what = "`json` and `list` decide the same text".to_owned();
                report(what, "keep `json`, which can be a list<…>, or `list`".to_owned());
                continue;
            }
            match type_parser::parse(&text) {
                Ok(value) => {
                    *schema = Schema {
                        pointer: schema.pointer.clone(),
                        title: schema.title.take(),
                        description: schema.description.take(),
                        required: schema.required,
                        deprecated: schema.deprecated,
                        in_text: true,
                        ..value
                    }
                }
                Err(reason) => {
                    report(
                        format!("unknown type {}", type_parser::shortened(&text)),
                        format!("{TYPES}; {reason}"),
                    );
                }
            }
        }
    }

    /// Returns whether a text has the type of a JSON value.
    pub(crate) fn has_json(&self) -> bool {
        self.index_by_key.keys().any(|(_, key)| *key == "json")
    }
}

/// Returns a parameter, which is sent as JSON then, or a field of a response.
fn element<'s>(spec: &'s mut Spec, selector: &str) -> Option<&'s mut Schema> {
    let at = selector.find(['?', '!'])?;
    let (name, path) = selector.split_at(at);
    let operation = spec.operations.iter_mut().find(|operation| operation.name == name)?;
    if let Some(parameter) = path.strip_prefix('?') {
        let parameter = operation.parameters.iter_mut().find(|one| one.name == parameter)?;
        parameter.style = Some("json".to_owned());
        return Some(&mut parameter.schema);
    }
    let mut schema = operation.success.as_mut()?;
    for segment in path.strip_prefix('!')?.split('.') {
        let field = segment.trim_end_matches("[]");
        schema = &mut schema.properties.iter_mut().find(|(name, _)| name == field)?.1;
        for _ in 0..(segment.len() - field.len()) / 2 {
            let Schema { items, additional, .. } = schema;
            schema = items.as_deref_mut().or(additional.as_deref_mut())?;
        }
    }
    Some(schema)
}
