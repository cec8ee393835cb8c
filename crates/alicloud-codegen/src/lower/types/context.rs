//! The position of a schema in the description, during lowering.

use crate::lower::nesting::{FIELD_STEPS, LIST_STEPS};
use crate::names;
use crate::spec::Schema;
use crate::spec::shape::{self, Shape};

/// Returns the intra-doc path of an operation in each crate.
#[derive(Clone, Copy)]
pub(in crate::lower) struct Links<'a> {
    pub(in crate::lower) in_model: &'a dyn Fn(&str) -> Option<String>,
    pub(in crate::lower) in_client: &'a dyn Fn(&str) -> Option<String>,
}

/// The position of a schema in the description.
pub(in crate::lower) struct SchemaContext<'p> {
    /// The selector of the overlay.
    pub(in crate::lower) selector: String,
    /// The names from the root of the module to the schema.
    pub(in crate::lower) name_path: Vec<String>,
    /// The name of the value, for a type without documentation.
    pub(in crate::lower) name: &'p str,
    /// The steps of rustc from the root of the module to the schema.
    pub(in crate::lower) nesting: usize,
    /// The name on the wire of a flat parameter or a part of one, `Tag.N`; `None` elsewhere.
    pub(in crate::lower) wire_path: Option<String>,
}

/// Returns the name for one value of a schema: the singular for a list.
pub(in crate::lower) fn item_name(name: &str, schema: &Schema) -> String {
    match shape::classify(schema) {
        Some(Shape::List(_)) => names::singular(name),
        _ => name.to_owned(),
    }
}

/// Returns the selector of a field: of a property of an object, or of a parameter after `Operation?`.
pub(super) fn field_selector(owner: &str, name: &str) -> String {
    let separator = if owner.ends_with(['!', '?']) { "" } else { "." };
    format!("{owner}{separator}{name}")
}

impl SchemaContext<'_> {
    /// Returns the position of a property.
    pub(super) fn property<'k>(&self, key: &'k str, schema: &Schema) -> SchemaContext<'k> {
        let mut name_path = self.name_path.clone();
        name_path.push(item_name(key, schema));
        let selector = field_selector(&self.selector, key);
        let wire_path = self.wire_path.as_ref().map(|path| format!("{path}.{key}"));
        let nesting = self.nesting + FIELD_STEPS;
        SchemaContext { selector, name_path, name: key, nesting, wire_path }
    }

    /// Returns the position of the items of a list.
    pub(super) fn items(&self) -> SchemaContext<'_> {
        let wire_path = self.wire_path.as_ref().map(|path| format!("{path}.N"));
        SchemaContext { wire_path, ..self.values(LIST_STEPS) }
    }

    /// Returns the position of the values of a map.
    pub(super) fn values(&self, steps: usize) -> SchemaContext<'_> {
        SchemaContext {
            selector: format!("{}[]", self.selector),
            name_path: self.name_path.clone(),
            name: self.name,
            nesting: self.nesting + steps,
            wire_path: None,
        }
    }
}
