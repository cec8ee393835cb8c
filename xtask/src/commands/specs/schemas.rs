//! Compares two schemas.
//!
//! Schemas are compared as the generator sees them. A component that is an object becomes a type, and
//! is compared once, at `#Component`. A reference to any other component is replaced by its schema.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_codegen::lower::MAX_ARGUMENTS;
use alicloud_codegen::spec::shape::{self, Shape};
use alicloud_codegen::spec::{Schema, Spec};

use super::change::{Changes, Level, code};
use super::components::{Components, Kind, Target};

/// Two schemas to compare.
struct Pair<'a> {
    old: &'a Schema,
    new: &'a Schema,
    location: String,
    /// Whether programs create the value, so that required fields are arguments of `new`.
    input: bool,
}

/// The comparison of the schemas of two descriptions.
pub(super) struct SchemaComparison<'a> {
    pub(super) old: Components<'a>,
    pub(super) new: Components<'a>,
    pub(super) changes: Changes,
    /// An explicit stack: recursion into deeply nested schemas could overflow the thread's stack.
    pending: Vec<Pair<'a>>,
    /// The inlined components that were compared. They can contain themselves.
    compared: BTreeSet<(Option<&'a str>, Option<&'a str>, bool)>,
}

impl<'a> SchemaComparison<'a> {
    pub(super) fn new(old: &'a Spec, new: &'a Spec) -> Self {
        SchemaComparison {
            old: Components::new(old),
            new: Components::new(new),
            changes: Changes::default(),
            pending: Vec::new(),
            compared: BTreeSet::new(),
        }
    }

    /// Compares two schemas at one location, and everything that they contain.
    pub(super) fn compare(
        &mut self,
        old: &'a Schema,
        new: &'a Schema,
        location: String,
        input: bool,
    ) {
        self.pending.push(Pair { old, new, location, input });
        while let Some(pair) = self.pending.pop() {
            self.compare_pair(pair);
        }
    }

    fn compare_pair(&mut self, pair: Pair<'a>) {
        let Pair { old, new, mut location, input } = pair;
        self.changes.compare_documentation(documentation(old), documentation(new));
        let (old_target, old_component) = self.old.resolve(old);
        let (new_target, new_component) = self.new.resolve(new);
        if old_component.is_some() || new_component.is_some() {
            if !self.compared.insert((old_component, new_component, input)) {
                return;
            }
            if let (Some(name), true) = (old_component, old_component == new_component) {
                location = format!("#{name}");
            }
        }
        if self.old.kind(old_target) != self.new.kind(new_target) {
            let (old, new) = (self.old.label(old), self.new.label(new));
            self.changes.add(Level::Major, &location, type_changed(&old, &new));
            return;
        }
        let (Target::Inline(old), Target::Inline(new)) = (old_target, new_target) else { return };
        self.compare_values(old, new, &location);
        self.compare_limits(old, new, &location);
        match (shape::classify(old), shape::classify(new)) {
            (Some(Shape::List(old)), Some(Shape::List(new))) => match (old, new) {
                (Some(old), Some(new)) => {
                    self.pending.push(Pair { old, new, location: format!("{location}[]"), input });
                }
                (None, None) => {}
                (old, new) => {
                    let label = |components: &Components<'a>, items: Option<&'a Schema>| {
                        items.map_or_else(|| Kind::Any.label(), |items| components.label(items))
                    };
                    let (old, new) = (label(&self.old, old), label(&self.new, new));
                    if old != new {
                        let location = format!("{location}[]");
                        self.changes.add(Level::Major, &location, type_changed(&old, &new));
                    }
                }
            },
            (Some(Shape::Map(old)), Some(Shape::Map(new))) => {
                self.pending.push(Pair { old, new, location: format!("{location}[]"), input });
            }
            (Some(Shape::Struct(_)), Some(Shape::Struct(_))) => {
                self.compare_fields(old, new, &location, input);
            }
            _ => {}
        }
    }

    /// Compares the documented values of two schemas.
    fn compare_values(&mut self, old: &Schema, new: &Schema, location: &str) {
        let values = |schema: &Schema| -> (bool, BTreeSet<String>) {
            let text = matches!(shape::classify(schema), Some(Shape::Text));
            let values = if text { shape::enum_values(schema) } else { Vec::new() };
            if values.is_empty() {
                (false, schema.values.iter().cloned().collect())
            } else {
                (true, values.into_iter().map(|(value, _)| value).collect())
            }
        };
        let ((are_variants, old), (_, new)) = (values(old), values(new));
        // Values that do not become variants are documentation only.
        let level = |level| if are_variants { level } else { Level::Patch };
        for value in old.difference(&new) {
            let text = format!("value {} removed", code(value));
            self.changes.add(level(Level::Major), location, text);
        }
        for value in new.difference(&old) {
            let text = format!("value {} added", code(value));
            self.changes.add(level(Level::Minor), location, text);
        }
    }

    /// Compares what the documentation states, and no program depends on to compile.
    fn compare_limits(&mut self, old: &Schema, new: &Schema, location: &str) {
        fn limits(schema: &Schema) -> BTreeMap<&'static str, &str> {
            let optional = [
                ("default", &schema.default),
                ("format", &schema.format),
                ("minimum", &schema.minimum),
            ];
            let optional =
                optional.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
            optional
                .chain(schema.limits.iter().map(|(key, value)| (*key, value.as_str())))
                .collect()
        }
        let (old, new) = (limits(old), limits(new));
        let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for key in keys {
            let text = match (old.get(key), new.get(key)) {
                (Some(old), None) => format!("{key} removed, was {}", code(old)),
                (None, Some(new)) => format!("{key} added, {}", code(new)),
                (Some(old), Some(new)) if old != new => {
                    format!("{key} changed from {} to {}", code(old), code(new))
                }
                _ => continue,
            };
            self.changes.add(Level::Patch, location, text);
        }
    }

    /// Compares the fields of two objects.
    fn compare_fields(&mut self, old: &'a Schema, new: &'a Schema, location: &str, input: bool) {
        let (old_fields, new_fields) = (fields(old), fields(new));
        let field_location = |key: &str| match location.ends_with('!') {
            true => format!("{location}{key}"),
            false => format!("{location}.{key}"),
        };
        let count_required = |fields: &BTreeMap<&str, &Schema>| {
            fields.values().filter(|schema| schema.required).count()
        };
        let arguments = Arguments {
            input,
            old_count: count_required(&old_fields),
            new_count: count_required(&new_fields),
        };
        for name in old_fields.keys().filter(|name| !new_fields.contains_key(*name)) {
            self.changes.add(Level::Major, &field_location(name), "field removed");
        }
        for (name, new) in &new_fields {
            let location = field_location(name);
            match old_fields.get(name) {
                None if input && new.required => {
                    self.changes.add(Level::Major, &location, "required field added");
                }
                None => self.changes.add(Level::Minor, &location, "field added"),
                Some(old) => {
                    let changes = &mut self.changes;
                    arguments.compare(old.required, new.required, &location, changes);
                    changes.compare_deprecation(&location, old.deprecated, new.deprecated);
                    self.compare_field(old, new, location, input);
                }
            }
        }
    }

    fn compare_field(&mut self, old: &'a Schema, new: &'a Schema, location: String, input: bool) {
        // An object whose only field is a list becomes that list in Rust.
        let (old_list, new_list) = (shape::wrapped_list(old), shape::wrapped_list(new));
        if let (Some(Shape::Struct(_)), Some(Shape::Struct(_))) =
            (shape::classify(old), shape::classify(new))
            && old_list.is_some() != new_list.is_some()
        {
            let label = |is_list: bool| if is_list { "wrapped list" } else { "object" };
            let (old, new) = (label(old_list.is_some()), label(new_list.is_some()));
            self.changes.add(Level::Major, &location, type_changed(old, new));
            return;
        }
        self.pending.push(Pair { old, new, location, input });
    }
}

/// The numbers of arguments of `new` in the old and the new crate.
pub(super) struct Arguments {
    /// Whether there is a `new`: programs create only requests and their parts.
    pub(super) input: bool,
    pub(super) old_count: usize,
    pub(super) new_count: usize,
}

impl Arguments {
    /// Adds the change if a value is required in one of the two only.
    pub(super) fn compare(&self, old: bool, new: bool, location: &str, changes: &mut Changes) {
        match (old, new) {
            _ if !self.input => changes.compare_documentation(old, new),
            (false, true) => changes.add(Level::Major, location, "now required"),
            (true, false) => {
                // With too many required values, `new` takes none of them and they have setters.
                let only_setters = self.old_count > MAX_ARGUMENTS && self.new_count > MAX_ARGUMENTS;
                let level = if only_setters { Level::Minor } else { Level::Major };
                changes.add(level, location, "no longer required");
            }
            _ => {}
        }
    }
}

/// Returns the fields by name. The first of several fields with the same name counts.
fn fields(schema: &Schema) -> BTreeMap<&str, &Schema> {
    let mut fields = BTreeMap::new();
    for (name, schema) in &schema.properties {
        fields.entry(name.as_str()).or_insert(schema);
    }
    fields
}

pub(super) fn type_changed(old: &str, new: &str) -> String {
    format!("type changed from {old} to {new}")
}

fn documentation(schema: &Schema) -> impl PartialEq {
    (&schema.title, &schema.description, &schema.value_titles)
}
