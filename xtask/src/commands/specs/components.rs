//! The components of a description, and resolution of references to them.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_codegen::spec::shape::{self, Shape};
use alicloud_codegen::spec::{Schema, Spec};

use super::change::code;

/// The components of one description.
pub(super) struct Components<'a> {
    by_name: BTreeMap<&'a str, &'a Schema>,
}

/// A schema whose references are resolved as the generator resolves them.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// A component for which the generator creates a type.
    Component(&'a str),
    Inline(&'a Schema),
    /// A reference to an unknown component or to itself.
    Unresolved,
}

impl<'a> Components<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        Components {
            by_name: spec.components.iter().map(|(name, schema)| (name.as_str(), schema)).collect(),
        }
    }

    /// Returns the component that a reference names.
    fn referenced(&self, reference: &str) -> Option<(&'a str, &'a Schema)> {
        let name = reference.strip_prefix("#/components/schemas/")?;
        self.by_name.get_key_value(name).map(|(name, schema)| (*name, *schema))
    }

    /// Resolves the references of a schema. Also returns the last component on the way that does not
    /// become a type.
    pub(super) fn resolve(&self, schema: &'a Schema) -> (Target<'a>, Option<&'a str>) {
        let mut schema = schema;
        let mut visited = BTreeSet::new();
        let mut last = None;
        while let Some(Shape::Reference(reference)) = shape::classify(schema) {
            let Some((name, component)) = self.referenced(reference) else {
                return (Target::Unresolved, last);
            };
            if let Some(Shape::Struct(_)) = shape::classify(component) {
                return (Target::Component(name), last);
            }
            if !visited.insert(name) {
                return (Target::Unresolved, last);
            }
            last = Some(name);
            schema = component;
        }
        (Target::Inline(schema), last)
    }

    /// Returns the components that the schemas refer to, directly or not, and that become types.
    pub(super) fn reachable(&self, from: impl Iterator<Item = &'a Schema>) -> BTreeSet<&'a str> {
        let mut pending: Vec<&Schema> = from.collect();
        let mut names = BTreeSet::new();
        while let Some(schema) = pending.pop() {
            if let Some(reference) = &schema.reference
                && let Some((name, component)) = self.referenced(reference)
                && names.insert(name)
            {
                pending.push(component);
            }
            pending.extend(schema.items.as_deref());
            pending.extend(schema.additional.as_deref());
            pending.extend(schema.properties.iter().map(|(_, property)| property));
        }
        names.retain(|name| {
            self.get(name)
                .is_some_and(|schema| matches!(shape::classify(schema), Some(Shape::Struct(_))))
        });
        names
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Schema> {
        self.by_name.get(name).copied()
    }

    pub(super) fn kind(&self, target: Target<'a>) -> Kind<'a> {
        match target {
            Target::Component(name) => Kind::Component(name),
            Target::Unresolved => Kind::Any,
            Target::Inline(schema) => match shape::classify(schema) {
                Some(Shape::Struct(_)) => Kind::Object,
                Some(Shape::Map(_)) => Kind::Map,
                Some(Shape::List(_)) => Kind::List,
                Some(Shape::Text) if !shape::enum_values(schema).is_empty() => Kind::Enum,
                Some(Shape::Text) => Kind::Text,
                Some(Shape::Integer) => Kind::Integer,
                Some(Shape::Number) => Kind::Number,
                Some(Shape::Boolean) => Kind::Boolean,
                Some(Shape::Bytes) => Kind::Bytes,
                Some(Shape::Any | Shape::Reference(_)) => Kind::Any,
                None => Kind::Unknown(&schema.kind),
            },
        }
    }

    /// Returns the type in words, with at most four nested lists and maps.
    pub(super) fn label(&self, schema: &'a Schema) -> String {
        let (mut label, mut schema) = (String::new(), schema);
        for _ in 0..4 {
            let target = self.resolve(schema).0;
            let container = match target {
                Target::Inline(schema) => match shape::classify(schema) {
                    Some(Shape::List(Some(items))) => Some(("list of ", items)),
                    Some(Shape::Map(value)) => Some(("map of ", value)),
                    _ => None,
                },
                _ => None,
            };
            let Some((prefix, inner)) = container else {
                return label + &self.kind(target).label();
            };
            label.push_str(prefix);
            schema = inner;
        }
        label + "…"
    }
}

/// The kind of Rust type that a schema becomes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Component(&'a str),
    Object,
    Map,
    List,
    Enum,
    Text,
    Integer,
    Number,
    Boolean,
    Bytes,
    Any,
    Unknown(&'a str),
}

impl Kind<'_> {
    pub(super) fn label(&self) -> String {
        let label = match self {
            Kind::Component(name) => return code(&format!("#{name}")),
            Kind::Unknown(kind) => return format!("unknown type {}", code(kind)),
            Kind::Object => "object",
            Kind::Map => "map",
            Kind::List => "list",
            Kind::Enum => "enum",
            Kind::Text => "string",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Bytes => "bytes",
            Kind::Any => "any JSON value",
        };
        label.to_owned()
    }
}
