//! Texts: plain ones, those with a type of their own, and enums.

use alicloud_wire::sensitive::is_secret_field;
use alicloud_wire::{Percent, Timestamp};

use super::{SchemaContext, Types};
use crate::diagnostics::Diagnostics;
use crate::docs;
use crate::ir::{Enum, Ty, Type, Variant};
use crate::lower::module_types::ModuleTypes;
use crate::names::{self, Scope};
use crate::overlay::TypeSetting;
use crate::spec::Schema;
use crate::spec::shape;

impl<'a> Types<'a> {
    pub(super) fn text(
        &mut self,
        schema: &'a Schema,
        context: &SchemaContext<'_>,
        module: &mut ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        if let Some(settings) = self.overlay.values(&context.selector) {
            return self.shared_enum(settings, schema, context, module, diagnostics);
        }
        match self.overlay.r#type(&context.selector) {
            Some(TypeSetting::Timestamp) => return Ty::Timestamp,
            Some(TypeSetting::Percent) => return Ty::Percent,
            Some(TypeSetting::Integer) => return Ty::Integer,
            Some(TypeSetting::Number) => return Ty::Number,
            Some(TypeSetting::Boolean) => return Ty::Boolean,
            Some(TypeSetting::Secret) => return Ty::Secret,
            Some(TypeSetting::Text) => return Ty::Text,
            Some(TypeSetting::List) | None => {}
        }
        let values = shape::enum_values(schema);
        if values.is_empty() {
            return text_type(schema, context.name);
        }
        let enumeration = Enum {
            name: String::new(),
            docs: self.enum_docs(schema, context.name),
            variants: variants(values.into_iter()),
            predicates: Vec::new(),
        };
        module.add(context.name_path.clone(), Type::Enum(enumeration))
    }

    /// Returns the documentation of an enum: what the field says about its values, without what it says
    /// about itself, such as its default.
    pub(super) fn enum_docs(&self, schema: &Schema, name: &str) -> Vec<String> {
        docs::first_sentence(&self.docs(schema, name)).into_iter().collect()
    }
}

/// Returns the type of a text, from its name, its format and its example.
///
/// Each of these types keeps a text that it cannot read, so a wrong guess loses nothing.
fn text_type(schema: &Schema, name: &str) -> Ty {
    if is_secret_field(name) {
        return Ty::Secret;
    }
    if matches!(schema.format.as_deref(), Some("iso8601" | "date-time")) {
        return Ty::Timestamp;
    }
    let example = schema.example.as_deref().map(str::trim).unwrap_or_default();
    if Timestamp::from(example).value().is_some() {
        Ty::Timestamp
    } else if example.ends_with('%') && Percent::from(example).value().is_some() {
        Ty::Percent
    } else {
        Ty::Text
    }
}

pub(super) fn variants(values: impl Iterator<Item = (String, String)>) -> Vec<Variant> {
    let mut scope = Scope::with_names(&["Respelled", "Unknown"]);
    values
        .map(|(text, doc)| Variant {
            name: scope.claim(&names::camel(&text)),
            docs: docs::single_line(&doc)
                .filter(|line| line.trim_end_matches(['.', '。']) != text)
                .into_iter()
                .collect(),
            text,
        })
        .collect()
}
