//! Texts that are JSON: an overlay gives their types, and the description gets them before anything else reads it.

use super::Overlay;
use crate::diagnostics::Diagnostics;
use crate::spec::{Schema, Spec};

/// Maximum types inside of each other.
const MAX_DEPTH: usize = 16;

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
            match parse(&text) {
                Some(value) => {
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
                None => diagnostics.error_in(
                    &self.file,
                    selector.as_str(),
                    format!("unknown type {text:?}"),
                    "use text, integer, number, boolean, any, list<…>, map<…> or {name: type, …}",
                ),
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

/// Parses a type such as `map<list<text>>` or `list<{name: text, weight: integer}>`.
fn parse(text: &str) -> Option<Schema> {
    let mut rest = text;
    let schema = parse_type(&mut rest, 0)?;
    rest.trim().is_empty().then_some(schema)
}

/// Parses the type at the start of a text, and removes it.
fn parse_type(rest: &mut &str, depth: usize) -> Option<Schema> {
    if depth > MAX_DEPTH {
        return None;
    }
    let of_kind = |kind: &str| Schema { kind: kind.to_owned(), ..Schema::default() };
    if take(rest, "{") {
        let mut schema = of_kind("object");
        loop {
            let name = take_word(rest)?;
            if !take(rest, ":") {
                return None;
            }
            schema.properties.push((name, parse_type(rest, depth + 1)?));
            if take(rest, "}") {
                return Some(schema);
            }
            if !take(rest, ",") {
                return None;
            }
        }
    }
    let word = take_word(rest)?;
    let kind = match word.as_str() {
        "text" => "string",
        "integer" | "number" | "boolean" | "any" => &word,
        "list" | "map" if take(rest, "<") => {
            let inner = Some(Box::new(parse_type(rest, depth + 1)?));
            let schema = match word.as_str() {
                "list" => Schema { items: inner, ..of_kind("array") },
                _ => Schema { additional: inner, ..of_kind("object") },
            };
            return take(rest, ">").then_some(schema);
        }
        _ => return None,
    };
    Some(of_kind(kind))
}

/// Removes a mark from the start of a text; returns whether it was there.
fn take(rest: &mut &str, mark: &str) -> bool {
    let stripped = rest.trim_start().strip_prefix(mark);
    *rest = stripped.unwrap_or(rest);
    stripped.is_some()
}

/// Removes a word from the start of a text.
fn take_word(rest: &mut &str) -> Option<String> {
    let text = rest.trim_start();
    let is_part = |character: char| character.is_alphanumeric() || "_-.".contains(character);
    let end = text.find(|character| !is_part(character)).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    *rest = after;
    (!word.is_empty()).then(|| word.to_owned())
}
