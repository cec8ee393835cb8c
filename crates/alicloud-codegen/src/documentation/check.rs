//! Checks the entries of a documentation: their effect, their language, and that none is copied.

use std::collections::BTreeSet;

use super::{Documentation, SEPARATOR, words};
use crate::diagnostics::Diagnostics;
use crate::names;

/// An entry of a documentation.
struct Entry<'a> {
    /// The keys of the tables that it is in, and its own.
    path: Vec<&'a str>,
    /// Its texts for people, with their keys in the entry, if it has any.
    texts: Vec<(String, &'a str)>,
    page: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn sentence(path: Vec<&'a str>, text: &'a str) -> Self {
        Entry { path, texts: vec![(String::new(), text)], page: None }
    }
}

impl Documentation {
    /// Reports what is wrong about the entries. All of them were applied before.
    pub(super) fn check(&self, diagnostics: &mut Diagnostics) {
        for entry in self.entries() {
            let place = entry.path.join(".");
            if let Some(treatment) = self.unused(&entry.path) {
                diagnostics.error_in(&self.file, &place, "the entry has no effect", treatment);
            }
            for (key, text) in &entry.texts {
                let at = if key.is_empty() { String::new() } else { format!(" in `{key}`") };
                if let Some((what, treatment)) = language_fault(text) {
                    diagnostics.error_in(&self.file, &place, format!("{what}{at}"), treatment);
                }
                self.published.check(&self.file, &place, key, text, diagnostics);
            }
            if let Some(page) = entry.page.filter(|page| !is_address(page)) {
                diagnostics.error_in(
                    &self.file,
                    &place,
                    format!("{page:?} in `page` is no address"),
                    "write it as https://example.com/page",
                );
            }
        }
    }

    fn entries(&self) -> Vec<Entry<'_>> {
        let document = &self.document;
        let mut entries = Vec::new();
        for (name, text) in &document.fields {
            entries.push(Entry::sentence(vec!["fields", name], text));
        }
        for (name, operation) in &document.operations {
            let mut texts = vec![("summary".to_owned(), operation.summary.as_str())];
            texts.extend(operation.details.as_deref().map(|text| ("details".to_owned(), text)));
            let limits = operation.limits.iter().enumerate();
            texts.extend(limits.map(|(index, text)| (format!("limits[{index}]"), text.as_str())));
            let path = vec!["operations", name.as_str()];
            entries.push(Entry { path, texts, page: operation.page.as_deref() });
            for (place, text) in &operation.fields {
                entries.push(Entry::sentence(vec!["operations", name, "fields", place], text));
            }
        }
        for (field, values) in &document.values {
            for (value, text) in values {
                entries.push(Entry::sentence(vec!["values", field, value], text));
            }
        }
        for (code, text) in &document.errors {
            entries.push(Entry::sentence(vec!["errors", code], text));
        }
        entries
    }

    /// Returns what to do about an entry without an effect, or nothing if it has one.
    fn unused(&self, path: &[&str]) -> Option<String> {
        let key = path.join(SEPARATOR);
        if self.used.borrow().contains(&key) {
            return None;
        }
        let possible = self.possible.borrow();
        if possible.contains(&key) {
            return Some(
                "every place of this name has a sentence of its own: remove one of them".to_owned(),
            );
        }
        // The first key that the description does not have is the wrong one.
        let mut suggestion = String::new();
        for (index, key) in path.iter().enumerate() {
            let start = path.get(..index)?;
            let names: BTreeSet<&str> = possible
                .iter()
                .filter_map(|other| {
                    let mut keys = other.split(SEPARATOR);
                    let is_same = start.iter().all(|key| keys.next() == Some(*key));
                    keys.next().filter(|_| is_same)
                })
                .collect();
            if !names.contains(key) {
                suggestion = names::suggestion(key, names);
                break;
            }
        }
        Some(format!(
            "the description has no such operation, field, value or error: correct or remove the entry{suggestion}"
        ))
    }
}

/// Returns what is wrong about a sentence for people, and what to do.
fn language_fault(text: &str) -> Option<(String, &'static str)> {
    if let Some(fault) = text_fault(text) {
        return Some(fault);
    }
    let end = text.trim_end().trim_end_matches(['"', ')', '*']);
    // A list of code ends with its fence.
    let is_ended = end.ends_with(['.', '!', '?', '。', '！', '？']) || end.ends_with("```");
    (!is_ended).then(|| (format!("no period at the end of {text:?}"), "write sentences"))
}

/// Returns what is wrong about any text for people, and what to do.
pub(crate) fn text_fault(text: &str) -> Option<(String, &'static str)> {
    let is_hidden = |character: &char| {
        (character.is_control() && *character != '\n') || words::is_invisible(*character)
    };
    if text.trim().is_empty() {
        return Some(("an empty text".to_owned(), "write a sentence, or remove the key"));
    }
    let hidden = u32::from(text.chars().find(is_hidden)?);
    Some((format!("the invisible character U+{hidden:04X}"), "remove it"))
}

/// Returns whether a text is the address of a page on the web.
fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or(text.strip_prefix("http://")).unwrap_or_default();
    host.starts_with(|first: char| first.is_ascii_alphanumeric())
        && host.chars().all(|one| one.is_ascii_graphic() && !"<>()\"\\`".contains(one))
}
