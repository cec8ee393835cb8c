//! Decides about each value of a document whether it is kept.

use std::collections::{BTreeMap, BTreeSet};

use super::order::sort_keys;
use super::prose::{for_each_text, has_prose, is_id, is_prose, is_sentence};
use super::shapes::{PARAMETER, ROOT, Rule, SCHEMA, Shape};
use super::superseded;
use crate::diagnostics::Diagnostics;
use crate::documentation::sentence_hashes;
use crate::json::{Json, JsonRef};
use crate::lower::MIN_GROUPED_OPERATIONS;
use crate::spec::{Directory, Spec};

/// The import of one document.
pub(super) struct Import<'a> {
    spec: &'a Spec,
    selected: &'a BTreeSet<String>,
    /// The pointers of what a text says to be superseded.
    superseded: BTreeSet<String>,
    diagnostics: &'a mut Diagnostics,
    pub(super) left_out: BTreeMap<String, usize>,
    pub(super) unknown: BTreeMap<String, usize>,
    pub(super) text_like_values: Vec<String>,
    pub(super) hashes: BTreeSet<String>,
}

impl<'a> Import<'a> {
    pub(super) fn new(
        spec: &'a Spec,
        selected: &'a BTreeSet<String>,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Import {
            spec,
            selected,
            superseded: superseded::pointers(spec),
            diagnostics,
            left_out: BTreeMap::new(),
            unknown: BTreeMap::new(),
            text_like_values: Vec::new(),
            hashes: BTreeSet::new(),
        }
    }

    /// Returns the facts of the selected operations. What cannot be imported is an error in the diagnostics.
    pub(super) fn document(&mut self, root: &JsonRef<'_>) -> Json {
        self.find_duplicates(root);
        let mut facts = self.object(root, &ROOT);
        if let Json::Object(entries) = &mut facts
            && let Some((_, Json::Object(apis))) = entries.iter_mut().find(|(key, _)| key == "apis")
        {
            apis.retain(|(name, _)| self.selected.contains(name));
        }
        facts
    }

    fn find_duplicates(&mut self, at: &JsonRef<'_>) {
        let mut keys = BTreeSet::new();
        for (key, value) in at.entries() {
            if !keys.insert(key) {
                self.diagnostics.error(
                    value.pointer(),
                    "the key is there twice",
                    "keep one of the two",
                );
            }
            self.find_duplicates(&value);
        }
        at.items().for_each(|item| self.find_duplicates(&item));
    }

    fn object(&mut self, at: &JsonRef<'_>, shape: &'static Shape) -> Json {
        if !self.expect(at, at.is_object(), "an object") {
            return Json::Object(Vec::new());
        }
        let mut kept = Vec::new();
        let can_be_deprecated = std::ptr::eq(shape, &PARAMETER) || std::ptr::eq(shape, &SCHEMA);
        let is_superseded = can_be_deprecated
            && !self.superseded.is_empty()
            && self.superseded.contains(&at.pointer());
        for (key, rule) in shape.0 {
            if *key == "deprecated" && is_superseded {
                kept.push(((*key).to_owned(), Json::Bool(true)));
            } else if let Some(value) = at.get(key)
                && let Some(json) = self.value(at, key, &value, *rule)
            {
                kept.push(((*key).to_owned(), json));
            }
        }
        for (key, value) in at.entries().filter(|(key, _)| !shape.has(key)) {
            if has_prose(value.json) || is_prose(key) {
                self.diagnostics.error(
                    value.pointer(),
                    "text under a key that the format does not have",
                    "remove it from the document, or add the key to `crates/alicloud-codegen/src/facts/shapes.rs`, as text to leave out or as a fact",
                );
            } else {
                *self.unknown.entry(key.to_owned()).or_default() += 1;
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
            Rule::Keep => {
                self.check(at);
                true
            }
            Rule::Values => {
                self.expect(at, matches!(at.json, Json::List(_)), "a list");
                at.items().for_each(|item| self.enum_value(at, &item));
                true
            }
            Rule::KeepUnlessProse => !has_prose(at.json),
            Rule::Example => is_fact(parent, at.json),
            Rule::Omit => false,
            Rule::Directories => {
                let directories = self.directories();
                if directories.as_ref() != Some(at.json) {
                    self.omit(key, at.json);
                }
                return directories;
            }
            Rule::Object(shape) => return Some(self.object(at, shape)),
            Rule::List(shape) => return Some(self.list(at, shape)),
            Rule::Map(shape) => {
                return Some(sorted(self.map(at, |import, value| import.object(value, shape))));
            }
            Rule::Properties(shape) => {
                return Some(Json::Object(
                    self.map(at, |import, value| import.object(value, shape)),
                ));
            }
            Rule::ErrorCodes(shape) => {
                return Some(sorted(self.map(at, |import, list| {
                    let mut codes = import.list(list, shape);
                    if let Json::List(codes) = &mut codes {
                        codes.sort_by_cached_key(|code| {
                            JsonRef::root(code).get_text("errorCode").map(str::to_owned)
                        });
                    }
                    codes
                })));
            }
            Rule::ValueTitles => {
                self.expect(at, at.is_object(), "an object");
                // If one is no plain value, all together are no enum.
                let are_values = !at.entries().any(|(value, _)| is_prose(value));
                if !are_values || at.entries().any(|(_, title)| title.text() != Some("")) {
                    self.omit(key, at.json);
                }
                let values =
                    at.entries().map(|(value, _)| (value.to_owned(), Json::Text(String::new())));
                return are_values.then(|| Json::Object(values.collect()));
            }
        };
        if !is_kept {
            self.omit(key, at.json);
            return None;
        }
        let mut json = at.json.clone();
        sort_keys(&mut json);
        Some(json)
    }

    /// Reports a value of an enum that is none, or lists it if it looks like text for people.
    fn enum_value(&mut self, all: &JsonRef<'_>, at: &JsonRef<'_>) {
        let is_scalar = !matches!(at.json, Json::List(_) | Json::Object(_));
        if self.expect(at, is_scalar, "a value")
            && let Some(text) = at.text().filter(|text| is_prose(text))
        {
            match is_sentence(text) {
                true => self.report_prose(at, "a value"),
                false => self.text_like_values.push(format!("{}: {text:?}", all.pointer())),
            }
        }
    }

    fn list(&mut self, at: &JsonRef<'_>, shape: &'static Shape) -> Json {
        self.expect(at, matches!(at.json, Json::List(_)), "a list");
        Json::List(at.items().map(|item| self.object(&item, shape)).collect())
    }

    /// Returns the members of an object whose keys are names.
    fn map(
        &mut self,
        at: &JsonRef<'_>,
        mut import: impl FnMut(&mut Self, &JsonRef<'_>) -> Json,
    ) -> Vec<(String, Json)> {
        self.expect(at, at.is_object(), "an object");
        let mut members = Vec::new();
        for (name, value) in at.entries() {
            if is_prose(name) {
                self.report_prose(&value, "a name");
            }
            members.push((name.to_owned(), import(self, &value)));
        }
        members
    }

    /// Reports all texts for people in a value that is kept.
    fn check(&mut self, at: &JsonRef<'_>) {
        if at.text().is_some_and(is_prose) {
            self.report_prose(at, "a value");
        }
        at.items().for_each(|item| self.check(&item));
        for (key, value) in at.entries() {
            if is_prose(key) {
                self.report_prose(&value, "a name");
            }
            self.check(&value);
        }
    }

    fn report_prose(&mut self, at: &JsonRef<'_>, expected: &str) {
        self.diagnostics.error(
            at.pointer(),
            format!("text for people where {expected} belongs"),
            "correct the document",
        );
    }

    /// Reports a value of another kind.
    fn expect(&mut self, at: &JsonRef<'_>, is_expected: bool, kind: &str) -> bool {
        if !is_expected {
            self.diagnostics.error(
                at.pointer(),
                format!("expected {kind}, got {}", at.json.kind()),
                "correct the document",
            );
        }
        is_expected
    }

    /// Counts a value that is left out, and remembers its sentences.
    fn omit(&mut self, key: &str, json: &Json) {
        *self.left_out.entry(key.to_owned()).or_default() += 1;
        for_each_text(json, &mut |text| self.hashes.extend(sentence_hashes(text)));
    }

    /// Returns the groups of operations, if the product is large enough for features. A title is kept if a feature can
    /// have its name.
    fn directories(&self) -> Option<Json> {
        if self.selected.len() < MIN_GROUPED_OPERATIONS {
            return None;
        }
        let text = |text: &String| Json::Text(text.clone());
        let groups = self.spec.directories.iter().filter_map(|Directory { title, operations }| {
            let names = operations.iter().filter(|name| self.selected.contains(*name));
            let names: Vec<Json> = names.map(text).collect();
            if names.is_empty() {
                return None;
            }
            let has_title = !title.is_empty() && title.is_ascii() && !is_prose(title);
            let title = has_title.then(|| ("title".to_owned(), text(title)));
            let children = ("children".to_owned(), Json::List(names));
            Some(Json::Object(title.into_iter().chain([children]).collect()))
        });
        Some(Json::List(groups.collect()))
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
            schema.get("enum").is_some_and(|all| all.items().any(is_value))
                || (is_id(text) && !is_prose(text))
        }
        _ => false,
    }
}

fn sorted(mut entries: Vec<(String, Json)>) -> Json {
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    Json::Object(entries)
}
