//! The names of the fields of one object: the parameters of a request or the properties of a schema.

use std::collections::BTreeMap;

use super::superseded::{Evidence, superseded};
use crate::diagnostics::Diagnostics;
use crate::names::{self, Scope};
use crate::spec::Schema;

/// A parameter or property that needs a name.
pub(super) struct Unnamed<'a> {
    pub(super) wire: &'a str,
    /// The name that the overlay gives it.
    pub(super) rename: Option<String>,
    /// The location of a parameter; empty for a property.
    pub(super) location: &'a str,
    pub(super) deprecated: bool,
    pub(super) pointer: &'a str,
    pub(super) schema: &'a Schema,
}

/// The name of a field.
#[derive(Debug, Default)]
pub(super) struct FieldName {
    pub(super) name: String,
    /// The name of the field that supersedes it.
    pub(super) superseded_by: Option<String>,
    /// Whether the name alone does not tell the name on the wire.
    pub(super) shows_wire: bool,
}

/// Names the fields of an object.
///
/// A field has the name of the wire in snake case. If several have the same, the current one keeps it:
/// the one that the overlay renamed to it, or the only one that is not superseded. The superseded ones
/// are called `legacy_…`. If several are current, the one that is spelled like the rest of the object
/// keeps the name, and the others say how they are spelled: `key_lowercase`.
pub(super) fn assign(
    fields: &[Unnamed<'_>],
    scope: &mut Scope,
    diagnostics: &mut Diagnostics,
) -> Vec<FieldName> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut assigned: Vec<FieldName> = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        let base = names::snake(field.rename.as_deref().unwrap_or(field.wire));
        groups.entry(base.clone()).or_default().push(index);
        assigned
            .push(FieldName { shows_wire: !is_obvious(field.wire, &base), ..FieldName::default() });
    }
    let mostly_capital = {
        let starts = |capital: bool| {
            let initials = fields.iter().filter_map(|field| field.wire.chars().next());
            initials
                .filter(|c| c.is_ascii_alphabetic() && c.is_ascii_uppercase() == capital)
                .count()
        };
        starts(true) >= starts(false)
    };

    // Every clean name is taken before the first name that is made up.
    let mut twins: Vec<Twins<'_>> = Vec::new();
    for (base, indices) in groups {
        let twin = Twins::new(&base, indices, fields, mostly_capital);
        let clean = if scope.contains(&base) { format!("{}_", twin.stem) } else { base };
        let clean = scope.claim(&clean);
        if let Some(field) = assigned.get_mut(twin.current) {
            field.name.clone_from(&clean);
            field.shows_wire |= !twin.others.is_empty();
        }
        if !twin.others.is_empty() {
            twins.push(Twins { clean, ..twin });
        }
    }
    twins.sort_by_key(|twin| twin.current);
    for twin in &twins {
        for (index, is_superseded) in &twin.others {
            let (Some(field), Some(current)) = (fields.get(*index), fields.get(twin.current))
            else {
                continue;
            };
            let name = scope.claim(&match is_superseded {
                true => twin.legacy_name(*index, scope),
                false => twin.spelled_name(*index),
            });
            match is_superseded {
                true => diagnostics.note(
                    field.pointer,
                    format!("{:?} is superseded by {:?}", field.wire, current.wire),
                    format!("named {name} and deprecated in favor of {}", twin.clean),
                ),
                false => diagnostics.warning(
                    field.pointer,
                    format!("{:?} and {:?} have the same name in Rust", field.wire, current.wire),
                    format!(
                        "named {name} and {}; to choose other names, add `rename` to the overlay",
                        twin.clean
                    ),
                ),
            }
            if let Some(assigned) = assigned.get_mut(*index) {
                *assigned = FieldName {
                    name,
                    superseded_by: is_superseded.then(|| twin.clean.clone()),
                    shows_wire: true,
                };
            }
        }
    }
    assigned
}

/// Returns whether a name on the wire is what one expects for a name in Rust.
fn is_obvious(wire: &str, name: &str) -> bool {
    let has_separators = !wire.bytes().all(|byte| byte.is_ascii_alphanumeric());
    wire == name.trim_start_matches("r#") || (!has_separators && names::snake(wire) == name)
}

/// Fields that have the same name in snake case.
struct Twins<'a> {
    fields: &'a [Unnamed<'a>],
    /// The name without `r#` and without an underscore at the end.
    stem: String,
    clean: String,
    /// The field that keeps the clean name.
    current: usize,
    /// The other fields, and whether each is superseded.
    others: Vec<(usize, bool)>,
}

impl<'a> Twins<'a> {
    fn new(base: &str, indices: Vec<usize>, fields: &'a [Unnamed<'a>], capital: bool) -> Self {
        let stem = base.trim_start_matches("r#").trim_end_matches('_').to_owned();
        let get = |index: &usize| fields.get(*index);
        let marks = match indices.as_slice() {
            [_] => vec![false],
            _ => superseded(
                &indices
                    .iter()
                    .filter_map(get)
                    .map(|field| Evidence {
                        wire: field.wire,
                        flag: field.deprecated,
                        texts: [&field.schema.title, &field.schema.description]
                            .into_iter()
                            .flatten()
                            .map(String::as_str)
                            .collect(),
                    })
                    .collect::<Vec<_>>(),
            ),
        };
        // The smallest key wins: `false` is smaller than `true`.
        let current = indices.iter().zip(&marks).min_by_key(|(index, is_superseded)| {
            let wire = get(index).map_or("", |field| field.wire);
            let has_separators = !wire.bytes().all(|byte| byte.is_ascii_alphanumeric());
            (
                get(index).is_none_or(|field| field.rename.is_none()),
                **is_superseded,
                wire.starts_with(|c: char| c.is_ascii_uppercase()) != capital,
                has_separators,
                !acronyms(wire).is_empty(),
                **index,
            )
        });
        let current = current.map_or(0, |(index, _)| *index);
        let others =
            indices.iter().copied().zip(marks).filter(|(index, _)| *index != current).collect();
        Twins { fields, stem, clean: String::new(), current, others }
    }

    fn wire(&self, index: usize) -> &'a str {
        self.fields.get(index).map_or("", |field| field.wire)
    }

    /// Returns all other members.
    fn rest(&self, index: usize) -> impl Iterator<Item = usize> {
        let all = self.others.iter().map(|(other, _)| *other).chain([self.current]);
        all.filter(move |other| *other != index)
    }

    /// Returns a name that says that the field is superseded; also how it is spelled, if necessary.
    fn legacy_name(&self, index: usize, scope: &Scope) -> String {
        let is_only = self.others.iter().filter(|(_, is_superseded)| *is_superseded).count() == 1;
        let name = format!("legacy_{}", self.stem);
        match spelling(self.wire(index)) {
            "" => name,
            _ if is_only && !scope.contains(&name) => name,
            spelling => format!("{name}_{spelling}"),
        }
    }

    /// Returns a name that says how the field is spelled, or where it is sent.
    fn spelled_name(&self, index: usize) -> String {
        let wire = self.wire(index);
        if self.rest(index).any(|other| self.wire(other) == wire) {
            let location = match self.fields.get(index).map(|field| field.location) {
                Some("formData") => "form",
                Some(location) => location,
                None => "",
            };
            return format!("{}_in_{location}", self.stem);
        }
        let own = spelling(wire);
        if !own.is_empty() && self.rest(index).all(|other| spelling(self.wire(other)) != own) {
            return format!("{}_{own}", self.stem);
        }
        let own_acronyms = acronyms(wire);
        let mut others = self.rest(index).map(|other| acronyms(self.wire(other)));
        if own_acronyms.is_empty() {
            return format!("{}_{own}", self.stem).trim_end_matches('_').to_owned();
        }
        match others.all(|other| other.is_empty()) {
            true => format!("{}_uppercase", self.stem),
            false => format!("{}_uppercase_{}", self.stem, own_acronyms.join("_")),
        }
    }
}

/// Returns how a name is spelled, as a part of a name; empty if there is no word for it.
fn spelling(wire: &str) -> &'static str {
    let has = |test: fn(&u8) -> bool| wire.as_bytes().iter().any(test);
    let starts_capital = wire.starts_with(|first: char| first.is_ascii_uppercase());
    match (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase)) {
        (false, false) => "",
        _ if wire.contains('.') => "dotted",
        _ if wire.contains('-') => "hyphenated",
        _ if wire.contains('_') => "underscored",
        (true, false) => "uppercase",
        (false, true) => "lowercase",
        (true, true) if starts_capital => "capitalized",
        (true, true) => "camel_case",
    }
}

/// Returns the words of a name that are in capitals, in lower case: `id` for `InstanceID`.
fn acronyms(wire: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut capitals = String::new();
    for character in wire.chars().chain(['-']) {
        if character.is_ascii_uppercase() {
            capitals.push(character.to_ascii_lowercase());
            continue;
        }
        // The last capital before a small letter belongs to the next word.
        if character.is_ascii_lowercase() {
            capitals.pop();
        }
        match capitals.len() {
            0 | 1 => capitals.clear(),
            _ => found.push(std::mem::take(&mut capitals)),
        }
    }
    found
}
