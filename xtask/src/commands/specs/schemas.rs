//! What changed from one schema to another.
//!
//! Schemas are taken for what the generator makes of them: a component that is an object is a type
//! of its own and is compared once, at `#Component`; any other component is what it stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Found, Level, code};
use super::components::{Components, Kind, Target};
use crate::codegen::lower::operation::MOST_ARGUMENTS;
use crate::codegen::lower::shape::{self, Shape};
use crate::codegen::spec::{Schema, Spec};

/// Two schemas that are still to be compared.
struct Pair<'a> {
    old: &'a Schema,
    new: &'a Schema,
    at: String,
    /// Whether a program builds the value, so that what is required is an argument of `new`.
    input: bool,
}

/// The comparison of the schemas of two documents.
pub(super) struct Walk<'a> {
    pub(super) old: Components<'a>,
    pub(super) new: Components<'a>,
    pub(super) found: Found,
    /// A stack of its own: components can be chained deeper than a thread's stack goes.
    open: Vec<Pair<'a>>,
    /// Components that are no types and were compared; they may contain themselves.
    done: BTreeSet<(Option<&'a str>, Option<&'a str>, bool)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(old: &'a Spec, new: &'a Spec) -> Self {
        Walk {
            old: Components::new(old),
            new: Components::new(new),
            found: Found::default(),
            open: Vec::new(),
            done: BTreeSet::new(),
        }
    }

    /// Compares two schemas that stand at one place, and all that they contain.
    pub(super) fn compare(&mut self, old: &'a Schema, new: &'a Schema, at: String, input: bool) {
        self.open.push(Pair { old, new, at, input });
        while let Some(pair) = self.open.pop() {
            self.one(pair);
        }
    }

    fn one(&mut self, pair: Pair<'a>) {
        let Pair { old, new, mut at, input } = pair;
        self.found.document(documentation(old), documentation(new));
        let ((old_target, old_way), (new_target, new_way)) =
            (self.old.follow(old), self.new.follow(new));
        if old_way.is_some() || new_way.is_some() {
            if !self.done.insert((old_way, new_way, input)) {
                return;
            }
            if let (Some(name), true) = (old_way, old_way == new_way) {
                at = format!("#{name}");
            }
        }
        if self.old.kind(old_target) != self.new.kind(new_target) {
            let what = format!("retyped from {} to {}", self.old.label(old), self.new.label(new));
            self.found.add(Level::Major, &at, what);
            return;
        }
        let (Target::Inline(old), Target::Inline(new)) = (old_target, new_target) else { return };
        self.values(old, new, &at);
        match (shape::of(old), shape::of(new)) {
            (Some(Shape::List(old)), Some(Shape::List(new))) => match (old, new) {
                (Some(old), Some(new)) => {
                    self.open.push(Pair { old, new, at: format!("{at}[]"), input });
                }
                (None, None) => {}
                (old, new) => {
                    let label = |components: &Components<'a>, items: Option<&'a Schema>| {
                        items.map_or_else(|| Kind::Any.word(), |items| components.label(items))
                    };
                    let (old, new) = (label(&self.old, old), label(&self.new, new));
                    if old != new {
                        let what = format!("retyped from {old} to {new}");
                        self.found.add(Level::Major, &format!("{at}[]"), what);
                    }
                }
            },
            (Some(Shape::Map(old)), Some(Shape::Map(new))) => {
                self.open.push(Pair { old, new, at: format!("{at}[]"), input });
            }
            (Some(Shape::Struct(_)), Some(Shape::Struct(_))) => self.object(old, new, &at, input),
            _ => {}
        }
    }

    fn values(&mut self, old: &Schema, new: &Schema, at: &str) {
        let of = |schema: &Schema| -> (bool, BTreeSet<String>) {
            let text = matches!(shape::of(schema), Some(Shape::Text));
            let values = if text { shape::values(schema) } else { Vec::new() };
            if values.is_empty() {
                (false, schema.values.iter().cloned().collect())
            } else {
                (true, values.into_iter().map(|(value, _)| value).collect())
            }
        };
        let ((variants, old), (_, new)) = (of(old), of(new));
        // Values that do not become variants stand in no type.
        let level = |level| if variants { level } else { Level::Patch };
        for value in old.difference(&new) {
            self.found.add(level(Level::Major), at, format!("value {} removed", code(value)));
        }
        for value in new.difference(&old) {
            self.found.add(level(Level::Minor), at, format!("value {} added", code(value)));
        }
    }

    /// Compares the fields of two objects.
    pub(super) fn object(&mut self, old: &'a Schema, new: &'a Schema, at: &str, input: bool) {
        let (old_fields, new_fields) = (fields(old), fields(new));
        let inside = |key: &str| match at.ends_with('!') {
            true => format!("{at}{key}"),
            false => format!("{at}.{key}"),
        };
        let required = |fields: &BTreeMap<&str, &Schema>| {
            fields.values().filter(|schema| schema.required).count()
        };
        let arguments = Arguments { input, old: required(&old_fields), new: required(&new_fields) };
        for name in old_fields.keys().filter(|name| !new_fields.contains_key(*name)) {
            self.found.add(Level::Major, &inside(name), "field removed");
        }
        for (name, new) in &new_fields {
            let at = inside(name);
            match old_fields.get(name) {
                None if input && new.required => {
                    self.found.add(Level::Major, &at, "field added, required");
                }
                None => self.found.add(Level::Minor, &at, "field added"),
                Some(old) => {
                    arguments.compare(old.required, new.required, &at, &mut self.found);
                    self.found.deprecation(&at, old.deprecated, new.deprecated);
                    self.field(old, new, at, input);
                }
            }
        }
    }

    fn field(&mut self, old: &'a Schema, new: &'a Schema, at: String, input: bool) {
        // An object around nothing but a list is that list in Rust.
        let (unwrapped, wrapped) = (shape::wrapped_list(old), shape::wrapped_list(new));
        if let (Some(Shape::Struct(_)), Some(Shape::Struct(_))) = (shape::of(old), shape::of(new))
            && unwrapped.is_some() != wrapped.is_some()
        {
            let label = |wrapped: bool| if wrapped { "a wrapped list" } else { "object" };
            let what = format!(
                "retyped from {} to {}",
                label(unwrapped.is_some()),
                label(wrapped.is_some())
            );
            self.found.add(Level::Major, &at, what);
            return;
        }
        self.open.push(Pair { old, new, at, input });
    }
}

/// How many arguments `new` would have before and after.
pub(super) struct Arguments {
    pub(super) input: bool,
    pub(super) old: usize,
    pub(super) new: usize,
}

impl Arguments {
    /// Adds what it means that a value became required, or ceased to be.
    pub(super) fn compare(&self, old: bool, new: bool, at: &str, found: &mut Found) {
        match (old, new) {
            _ if !self.input => found.document(old, new),
            (false, true) => found.add(Level::Major, at, "newly required"),
            (true, false) => {
                // With too many of them none is an argument, and a setter stays what it is.
                let setters = self.old > MOST_ARGUMENTS && self.new > MOST_ARGUMENTS;
                let level = if setters { Level::Minor } else { Level::Major };
                found.add(level, at, "no longer required");
            }
            _ => {}
        }
    }
}

/// The fields by name; of two with one name the first counts.
fn fields(schema: &Schema) -> BTreeMap<&str, &Schema> {
    let mut fields = BTreeMap::new();
    for (name, schema) in &schema.properties {
        fields.entry(name.as_str()).or_insert(schema);
    }
    fields
}

fn documentation(schema: &Schema) -> impl PartialEq {
    (&schema.title, &schema.description, &schema.value_titles)
}
