//! The components of a document, and what a schema is once its references are followed.

use std::collections::{BTreeMap, BTreeSet};

use super::change::code;
use crate::codegen::lower::shape::{self, Shape};
use crate::codegen::spec::{Schema, Spec};

/// The components of one document.
pub(super) struct Components<'a> {
    all: BTreeMap<&'a str, &'a Schema>,
}

/// A schema with its references followed as far as the generator follows them.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// A component that is a type of its own.
    Component(&'a str),
    Inline(&'a Schema),
    /// A reference to nothing or to itself.
    Nothing,
}

impl<'a> Components<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        Components {
            all: spec.components.iter().map(|(name, schema)| (name.as_str(), schema)).collect(),
        }
    }

    /// The component that a reference names.
    fn named(&self, reference: &str) -> Option<(&'a str, &'a Schema)> {
        let name = reference.strip_prefix("#/components/schemas/")?;
        self.all.get_key_value(name).map(|(name, schema)| (*name, *schema))
    }

    /// Also gives the last component on the way that is no type of its own.
    pub(super) fn follow(&self, schema: &'a Schema) -> (Target<'a>, Option<&'a str>) {
        let mut schema = schema;
        let mut on_the_way = BTreeSet::new();
        let mut last = None;
        while let Some(Shape::Reference(reference)) = shape::of(schema) {
            let Some((name, component)) = self.named(reference) else {
                return (Target::Nothing, last);
            };
            if let Some(Shape::Struct(_)) = shape::of(component) {
                return (Target::Component(name), last);
            }
            if !on_the_way.insert(name) {
                return (Target::Nothing, last);
            }
            last = Some(name);
            schema = component;
        }
        (Target::Inline(schema), last)
    }

    /// The components that schemas reach, and which become types.
    pub(super) fn reached(&self, from: impl Iterator<Item = &'a Schema>) -> BTreeSet<&'a str> {
        let mut open: Vec<&Schema> = from.collect();
        let mut seen = BTreeSet::new();
        while let Some(schema) = open.pop() {
            if let Some(reference) = &schema.reference
                && let Some((name, component)) = self.named(reference)
                && seen.insert(name)
            {
                open.push(component);
            }
            open.extend(schema.items.as_deref());
            open.extend(schema.additional.as_deref());
            open.extend(schema.properties.iter().map(|(_, property)| property));
        }
        seen.retain(|name| {
            self.all.get(name).is_some_and(|one| matches!(shape::of(one), Some(Shape::Struct(_))))
        });
        seen
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Schema> {
        self.all.get(name).copied()
    }

    pub(super) fn kind(&self, target: Target<'a>) -> Kind<'a> {
        match target {
            Target::Component(name) => Kind::Component(name),
            Target::Nothing => Kind::Any,
            Target::Inline(schema) => match shape::of(schema) {
                Some(Shape::Struct(_)) => Kind::Object,
                Some(Shape::Map(_)) => Kind::Map,
                Some(Shape::List(_)) => Kind::List,
                Some(Shape::Text) if !shape::values(schema).is_empty() => Kind::Enum,
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

    /// The type in words. What stands deeper than a few brackets does not help a reader.
    pub(super) fn label(&self, schema: &'a Schema) -> String {
        let (mut label, mut schema) = (String::new(), schema);
        for _ in 0..4 {
            let target = self.follow(schema).0;
            let inner = match target {
                Target::Inline(schema) => match shape::of(schema) {
                    Some(Shape::List(Some(items))) => Some(("list of ", items)),
                    Some(Shape::Map(value)) => Some(("map of ", value)),
                    _ => None,
                },
                _ => None,
            };
            let Some((brackets, next)) = inner else { return label + &self.kind(target).word() };
            label.push_str(brackets);
            schema = next;
        }
        label + "…"
    }
}

/// What decides the kind of a Rust type.
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
    pub(super) fn word(&self) -> String {
        let word = match self {
            Kind::Component(name) => return code(&format!("#{name}")),
            Kind::Unknown(kind) => return format!("the unknown type {}", code(kind)),
            Kind::Object => "object",
            Kind::Map => "map",
            Kind::List => "list",
            Kind::Enum => "enum",
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Bytes => "bytes",
            Kind::Any => "any JSON value",
        };
        word.to_owned()
    }
}
