//! Facts of a published description: everything that decides types and requests, and no sentence.

mod prose;
mod shapes;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::diagnostics::CommandError;
use crate::documentation::sentence_hashes;
use crate::json::{self, Json, JsonRef};
use prose::{has_prose, is_id, is_prose};
use shapes::{ROOT, Rule, Shape};

/// What was kept of a description, and what was left out.
#[derive(Debug)]
pub struct Facts {
    /// The description without texts, as JSON. Operations, schemas, properties and error codes are sorted by name.
    pub text: String,
    /// The number of values that were left out, by their keys.
    pub left_out: BTreeMap<String, usize>,
    /// Hashes of the sentences that were left out; see [`sentence_hashes`].
    pub hashes: BTreeSet<String>,
}

/// Returns the facts of a description. `file` is its name in messages.
///
/// # Errors
///
/// Returns an error if the text is not an OpenMeta document, has none of the `operations` if these are given, or has
/// text for people under a key that the grammar does not have.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// use alicloud_codegen::facts;
///
/// let description = br#"{
///     "info": {"product": "Gadget", "version": "2026-01-01", "style": "RPC"},
///     "apis": {"PingGadget": {"methods": ["post"], "summary": "Pings a gadget.", "responses": {}}}
/// }"#;
/// let facts = facts::import(description, Path::new("gadget.json"), &[])?;
/// assert!(facts.text.contains("PingGadget") && !facts.text.contains("Pings"));
/// assert_eq!(facts.left_out["summary"], 1);
/// # Ok::<(), alicloud_codegen::diagnostics::CommandError>(())
/// ```
pub fn import(bytes: &[u8], file: &Path, operations: &[String]) -> Result<Facts, CommandError> {
    // The same checks as before generating.
    let mut diagnostics = crate::diagnostics::Diagnostics::new(file);
    crate::spec::parse(bytes, file, &mut diagnostics)?;
    diagnostics.check()?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let json = json::parse(bytes)
        .map_err(|error| CommandError::new(format!("error: {}: {error}", file.display())))?;
    let mut import = Import { left_out: BTreeMap::new(), hashes: BTreeSet::new(), unknown: vec![] };
    let mut root = import.object(&JsonRef::root(&json), &ROOT);
    if let Some(unknown) = import.unknown.first() {
        return Err(CommandError::new(format!(
            "error: {} at {unknown}: text under a key that the format does not have; add the key to `facts.rs`, as text to leave out or as a fact",
            file.display()
        )));
    }
    select(&mut root, operations, file)?;
    Ok(Facts { text: write::document(&root), left_out: import.left_out, hashes: import.hashes })
}

struct Import {
    left_out: BTreeMap<String, usize>,
    hashes: BTreeSet<String>,
    /// The pointers of texts under unknown keys.
    unknown: Vec<String>,
}

impl Import {
    fn object(&mut self, at: &JsonRef<'_>, shape: &Shape) -> Json {
        let mut kept = Vec::new();
        for (key, value) in at.entries() {
            match shape.rule(key) {
                Some(rule) => {
                    if let Some(json) = self.value(at, key, &value, rule) {
                        kept.push((key.to_owned(), json));
                    }
                }
                None if has_prose(value.json) => self.unknown.push(value.pointer()),
                None => self.omit(key, value.json),
            }
        }
        Json::Object(kept)
    }

    fn value(
        &mut self,
        parent: &JsonRef<'_>,
        key: &str,
        at: &JsonRef<'_>,
        rule: Rule,
    ) -> Option<Json> {
        let is_kept = match rule {
            Rule::Keep => true,
            Rule::KeepUnlessProse => !has_prose(at.json),
            Rule::Example => is_fact(parent, at.json),
            Rule::Omit => false,
            Rule::Object(shape) => return Some(self.object_or_same(at, shape)),
            Rule::List(shape) => {
                let items = at.items().map(|item| self.object_or_same(&item, shape));
                return Some(Json::List(items.collect()));
            }
            Rule::Map(shape) => return Some(Json::Object(self.map(at, shape))),
            Rule::SortedMap(shape) => return Some(Json::Object(sorted(self.map(at, shape)))),
            Rule::MapOfLists(shape) => {
                let lists = at.entries().map(|(name, list)| {
                    let items = list.items().map(|item| self.object_or_same(&item, shape));
                    (name.to_owned(), Json::List(items.collect()))
                });
                return Some(Json::Object(sorted(lists.collect())));
            }
            Rule::ValueTitles => {
                self.omit(key, at.json);
                let values = at.entries().filter(|(value, _)| !is_prose(value));
                let values = values.map(|(value, _)| (value.to_owned(), Json::Text(String::new())));
                return Some(Json::Object(values.collect()));
            }
        };
        if is_kept {
            return Some(at.json.clone());
        }
        self.omit(key, at.json);
        None
    }

    /// Returns an object with its known keys; any other value is kept, and the parser reports it.
    fn object_or_same(&mut self, at: &JsonRef<'_>, shape: &Shape) -> Json {
        if at.is_object() { self.object(at, shape) } else { at.json.clone() }
    }

    fn map(&mut self, at: &JsonRef<'_>, shape: &Shape) -> Vec<(String, Json)> {
        at.entries()
            .map(|(name, value)| (name.to_owned(), self.object_or_same(&value, shape)))
            .collect()
    }

    /// Counts a value that is left out, and remembers its sentences.
    fn omit(&mut self, key: &str, json: &Json) {
        *self.left_out.entry(key.to_owned()).or_default() += 1;
        for_each_text(json, &mut |text| self.hashes.extend(sentence_hashes(text)));
    }
}

/// Calls a function with all texts of a value.
fn for_each_text(json: &Json, function: &mut impl FnMut(&str)) {
    match json {
        Json::Text(text) => function(text),
        Json::List(items) => items.iter().for_each(|item| for_each_text(item, function)),
        Json::Object(entries) => {
            entries.iter().for_each(|(_, value)| for_each_text(value, function))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Returns whether an example is a value of its schema's type, of its enum, or an id.
fn is_fact(schema: &JsonRef<'_>, example: &Json) -> bool {
    let text = match example {
        Json::Text(text) => text.trim(),
        Json::Number(_) | Json::Bool(_) => return true,
        _ => return false,
    };
    match schema.get_text("type") {
        Some("integer") => text.parse::<i128>().is_ok(),
        Some("number") => text.parse::<f64>().is_ok_and(f64::is_finite),
        Some("boolean") => matches!(text, "true" | "false"),
        Some("string") => {
            let is_value = |at: JsonRef<'_>| at.text() == Some(text);
            schema.get("enum").is_some_and(|all| all.items().any(is_value)) || is_id(text)
        }
        _ => false,
    }
}

fn sorted(mut entries: Vec<(String, Json)>) -> Vec<(String, Json)> {
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    entries
}

/// Keeps the operations with these names, or all if none are given.
fn select(root: &mut Json, operations: &[String], file: &Path) -> Result<(), CommandError> {
    let Json::Object(entries) = root else { return Ok(()) };
    let apis = entries.iter_mut().find(|(key, _)| key == "apis");
    let Some((_, Json::Object(apis))) = apis else { return Ok(()) };
    if operations.is_empty() {
        return Ok(());
    }
    if let Some(missing) = operations.iter().find(|name| !apis.iter().any(|(api, _)| api == *name))
    {
        return Err(CommandError::new(format!(
            "error: {}: has no operation {missing}; check the name",
            file.display()
        )));
    }
    apis.retain(|(api, _)| operations.contains(api));
    Ok(())
}
