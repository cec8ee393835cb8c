//! Counts public items, documented items and items with an example in rustdoc's JSON.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use serde_json::Value;

/// The version of rustdoc's JSON format that this module was written for. Others are read too.
const FORMAT_VERSION: u64 = 57;

/// The documentation coverage of a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Coverage {
    /// The public items that rustdoc shows.
    pub(super) items: usize,
    /// The items with documentation.
    pub(super) documented: usize,
    /// The items with a code block that rustdoc tests.
    pub(super) with_example: usize,
}

impl Coverage {
    /// Counts the items of a library.
    ///
    /// # Errors
    ///
    /// If there are no public items, which probably means that the format has changed.
    pub(super) fn from_rustdoc_json(json: &Value) -> Result<Self, String> {
        let mut items = Items { json, visited: BTreeSet::new(), coverage: Coverage::default() };
        items.visit_from(json.get("root").unwrap_or(&Value::Null));
        if items.coverage.items == 0 {
            let version = json.get("format_version").unwrap_or(&Value::Null);
            return Err(format!(
                "no public items in rustdoc's JSON of format version {version}; this command was written for version {FORMAT_VERSION}, so check whether the format has changed"
            ));
        }
        Ok(items.coverage)
    }

    /// Returns the share of items with an example, in percent.
    pub(super) fn share(&self) -> f64 {
        100.0 * self.with_example as f64 / self.items.max(1) as f64
    }
}

/// The traversal of the items that can be reached from the root module.
///
/// rustdoc leaves private and hidden items out of its index, so ids without an entry are skipped.
struct Items<'a> {
    json: &'a Value,
    /// The ids of visited items: an item can be re-exported several times.
    visited: BTreeSet<String>,
    coverage: Coverage,
}

impl<'a> Items<'a> {
    fn visit_from(&mut self, root: &'a Value) {
        let mut ids = vec![root];
        while let Some(id) = ids.pop() {
            let Some(item) = self.json.get("index").and_then(|index| index.get(id.to_string()))
            else {
                continue;
            };
            let is_local = item.get("crate_id").and_then(Value::as_u64) == Some(0);
            let inner = item.get("inner").and_then(Value::as_object);
            let Some((kind, content)) = inner.and_then(|inner| inner.iter().next()) else {
                continue;
            };
            if !is_local || !self.visited.insert(id.to_string()) {
                continue;
            }
            let children =
                |key: &str| content.get(key).and_then(Value::as_array).into_iter().flatten();
            match kind.as_str() {
                "module" => ids.extend(children("items")),
                "use" => ids.extend(content.get("id")),
                "impl" if content.get("trait").is_none_or(Value::is_null) => {
                    ids.extend(children("items"));
                }
                "struct" | "enum" | "union" => {
                    self.count(item);
                    ids.extend(children("impls"));
                }
                "trait" => {
                    self.count(item);
                    ids.extend(children("items"));
                }
                "type_alias" | "trait_alias" | "function" | "constant" | "static"
                | "assoc_const" | "macro" | "proc_macro" => self.count(item),
                _ => {}
            }
        }
    }

    fn count(&mut self, item: &Value) {
        let docs = item.get("docs").and_then(Value::as_str).unwrap_or_default();
        self.coverage.items += 1;
        self.coverage.documented += usize::from(!docs.trim().is_empty());
        self.coverage.with_example += usize::from(has_example(docs));
    }
}

/// Returns whether documentation contains a code block that rustdoc would compile.
fn has_example(docs: &str) -> bool {
    Parser::new(docs).any(|event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => is_doctest(&info),
        _ => false,
    })
}

/// Returns whether rustdoc compiles a code block with this info string.
fn is_doctest(info: &str) -> bool {
    info.split([',', ' ', '\t']).map(str::trim).filter(|word| !word.is_empty()).all(|word| {
        let is_edition = word.starts_with("edition");
        // Such as E0382, the error that a `compile_fail` block has to cause.
        let is_error_code = word.len() == 5
            && word.strip_prefix('E').is_some_and(|code| code.parse::<u16>().is_ok());
        is_edition
            || is_error_code
            || matches!(
                word,
                "rust"
                    | "no_run"
                    | "should_panic"
                    | "compile_fail"
                    | "standalone_crate"
                    | "test_harness"
            )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_code_blocks_that_are_compiled_are_examples() {
        for info in ["", "rust", "no_run", "rust,should_panic", "compile_fail,E0382", "edition2024"]
        {
            let docs = format!("Text.\n\n```{info}\nlet a = 1;\n```\n");
            assert!(has_example(&docs), "{info:?}");
        }
        for info in ["text", "ignore", "rust,ignore", "ignore-windows", "toml", "console", "json"] {
            let docs = format!("Text.\n\n```{info}\nlet a = 1;\n```\n");
            assert!(!has_example(&docs), "{info:?}");
        }
        assert!(has_example("Text.\n\n    indented();\n"));
        assert!(!has_example("`code` in text"));
    }

    #[test]
    fn json_without_public_items_is_an_error() {
        let json = serde_json::json!({ "format_version": 99, "root": 0, "index": {} });
        let error = Coverage::from_rustdoc_json(&json).unwrap_err();
        assert!(error.contains("format version 99"), "{error}");
    }
}
