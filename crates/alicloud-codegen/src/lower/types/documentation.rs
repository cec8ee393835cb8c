//! The documentation of types and fields.

use super::Types;
use crate::docs;
use crate::ir::Ty;
use crate::spec::Schema;

impl Types<'_> {
    /// Returns the documentation of a schema, which can be empty. A text that only repeats the name is none.
    pub(in crate::lower) fn docs(&self, schema: &Schema, name: &str) -> Vec<String> {
        documentation(schema, name)
            .map(|text| docs::rustdoc(text, self.links.in_model))
            .unwrap_or_default()
    }

    /// Returns the documentation of a field of this type, which can be empty.
    pub(in crate::lower) fn field_docs(&self, schema: &Schema, name: &str, ty: &Ty) -> Vec<String> {
        let Some(text) = documentation(schema, name) else { return Vec::new() };
        let lines = match ty {
            Ty::List(_) => docs::rustdoc(&docs::without_joining(text), self.links.in_model),
            _ => docs::rustdoc(text, self.links.in_model),
        };
        docs::merge_short_paragraphs(lines)
    }

    /// Converts documentation for the client crate.
    pub(in crate::lower) fn client_docs(&self, text: &str) -> Vec<String> {
        docs::rustdoc(text, self.links.in_client)
    }
}

/// Returns the text of a schema. Texts that tools make up and the name itself are none.
fn documentation<'s>(schema: &'s Schema, name: &str) -> Option<&'s String> {
    const MEANINGLESS: &[&str] =
        &["Schema of Response", "Id of the request", "A short description of struct"];
    [&schema.description, &schema.title].into_iter().flatten().find(|text| {
        let words = text.trim().trim_end_matches(['.', '。']);
        !MEANINGLESS.contains(&text.as_str()) && !words.eq_ignore_ascii_case(name)
    })
}
