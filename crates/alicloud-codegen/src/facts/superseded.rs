//! Parameters and properties that a text says to be superseded, which decides their names in Rust.

use std::collections::{BTreeMap, BTreeSet};

use crate::lower::superseded::{Evidence, superseded};
use crate::names;
use crate::spec::{Schema, Spec};

/// Returns the JSON pointers of superseded parameters and properties: of the same Rust name as others beside them, as
/// their texts say. Facts have no texts, so they are marked as deprecated instead.
pub(super) fn pointers(spec: &Spec) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for operation in &spec.operations {
        let parameters = operation.parameters.iter();
        add(
            parameters.map(|one| (one.pointer.as_str(), one.name.as_str(), &one.schema)),
            &mut found,
        );
    }
    let operations = spec.operations.iter();
    let schemas = operations.flat_map(|operation| {
        operation.parameters.iter().map(|one| &one.schema).chain(&operation.success)
    });
    let mut pending: Vec<&Schema> =
        schemas.chain(spec.components.iter().map(|(_, schema)| schema)).collect();
    while let Some(schema) = pending.pop() {
        let properties = schema.properties.iter();
        add(properties.map(|(name, one)| (one.pointer.as_str(), name.as_str(), one)), &mut found);
        pending.extend(schema.properties.iter().map(|(_, property)| property));
        pending.extend(schema.items.as_deref());
        pending.extend(schema.additional.as_deref());
    }
    found
}

fn add<'a>(
    members: impl Iterator<Item = (&'a str, &'a str, &'a Schema)>,
    found: &mut BTreeSet<String>,
) {
    let mut groups: BTreeMap<String, Vec<(&str, Evidence<'a>)>> = BTreeMap::new();
    for (pointer, wire, schema) in members {
        let texts = [&schema.title, &schema.description].into_iter().flatten();
        let evidence =
            Evidence { wire, flag: schema.deprecated, texts: texts.map(String::as_str).collect() };
        groups.entry(names::snake(wire)).or_default().push((pointer, evidence));
    }
    for (_, group) in groups.into_iter().filter(|(_, group)| group.len() > 1) {
        let (pointers, evidence): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        let marks = pointers.into_iter().zip(superseded(&evidence));
        found.extend(marks.filter(|(_, mark)| *mark).map(|(pointer, _)| pointer.to_owned()));
    }
}
