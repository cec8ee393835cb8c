//! The types of one module, which is an operation or a shared type, and their names.
//!
//! While a module is lowered, its types have numbered placeholders. At the end each type gets the
//! shortest unique name: its own, prefixed with those of its parents if necessary.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use crate::ir::{Field, Ty, Type};
use crate::names::{self, Scope};

/// A type that has no name yet.
struct UnnamedType {
    /// The names from the root of the module to the type: `["Response", "Task"]`.
    name_path: Vec<String>,
    ty: Type,
}

/// The types of one module.
#[derive(Default)]
pub(super) struct ModuleTypes {
    types: Vec<UnnamedType>,
    /// Shared types that the module imports; its own types need other names.
    shared: BTreeSet<String>,
}

/// The first character of a placeholder.
const PLACEHOLDER: char = '#';

impl ModuleTypes {
    /// Returns the number of types so far.
    pub(super) fn count(&self) -> usize {
        self.types.len()
    }

    /// Adds a type and returns its placeholder.
    pub(super) fn add(&mut self, name_path: Vec<String>, ty: Type) -> Ty {
        self.types.push(UnnamedType { name_path, ty });
        Ty::Named(format!("{PLACEHOLDER}{}", self.types.len() - 1))
    }

    pub(super) fn add_shared(&mut self, shared: &str) {
        self.shared.insert(shared.to_owned());
    }

    /// Names the types, with `prefix` before every name, and replaces the placeholders in `roots`, the
    /// fields of the request, the response or the shared type.
    pub(super) fn finish(
        self,
        prefix: &str,
        scope: &mut Scope,
        roots: &mut [&mut Vec<Field>],
    ) -> Vec<Type> {
        let ModuleTypes { types, shared } = self;
        let signatures = signatures(&types);
        let candidates = shortest_names(&types, &signatures, prefix, &shared);

        let mut final_names: Vec<String> = Vec::with_capacity(types.len());
        let mut owners: BTreeMap<(&str, usize), String> = BTreeMap::new();
        for (name, signature) in candidates.iter().zip(signatures) {
            let owner = owners.entry((name, signature)).or_insert_with(|| {
                let mut claimed = scope.claim(name);
                while shared.contains(&claimed) || names::is_reserved(&claimed) {
                    claimed = scope.claim(name);
                }
                claimed
            });
            final_names.push(owner.clone());
        }

        let rename = |ty: &mut Ty| rename(ty, &final_names);
        for fields in roots {
            fields.iter_mut().for_each(|field| rename(&mut field.ty));
        }
        let mut named: BTreeMap<String, Type> = BTreeMap::new();
        for (unnamed, name) in types.into_iter().zip(&final_names) {
            let mut ty = unnamed.ty;
            match &mut ty {
                Type::Struct(structure) => {
                    structure.name.clone_from(name);
                    structure.fields.iter_mut().for_each(|field| rename(&mut field.ty));
                }
                Type::Enum(enumeration) => enumeration.name.clone_from(name),
            }
            match named.entry(name.clone()) {
                Entry::Vacant(entry) => _ = entry.insert(ty),
                Entry::Occupied(mut entry) => generalize(entry.get_mut(), &ty),
            }
        }
        named.into_values().collect()
    }
}

/// Removes from the documented names on the wire what differs between two places of the same type.
fn generalize(ty: &mut Type, other: &Type) {
    let (Type::Struct(structure), Type::Struct(other)) = (ty, other) else { return };
    for (field, other) in structure.fields.iter_mut().zip(&other.fields) {
        if field.wire_path.is_some() && field.wire_path != other.wire_path {
            field.wire_path = Some(field.wire.clone());
        }
    }
}

/// Returns a number for each type that is equal for two types if and only if they are equal on the
/// wire.
///
/// A type is added after the types of its fields, so that each signature is made once, from the numbers
/// of the fields and not from all that is inside them.
fn signatures(types: &[UnnamedType]) -> Vec<usize> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut signatures = Vec::with_capacity(types.len());
    for unnamed in types {
        let next = numbers.len();
        let signature = signature(&unnamed.ty, &signatures);
        signatures.push(*numbers.entry(signature).or_insert(next));
    }
    signatures
}

/// Returns the signature of a type whose fields have types with these numbers.
fn signature(ty: &Type, numbers: &[usize]) -> String {
    match ty {
        Type::Enum(enumeration) => {
            let values: Vec<&str> =
                enumeration.variants.iter().map(|variant| variant.text.as_str()).collect();
            format!("{values:?}")
        }
        Type::Struct(structure) => {
            let fields: Vec<_> = structure
                .fields
                .iter()
                .map(|field| {
                    (
                        &field.wire,
                        &field.item,
                        field.required,
                        (field.comma_list, field.text, field.json_text),
                        type_signature(&field.ty, numbers),
                    )
                })
                .collect();
            format!("{fields:?}")
        }
    }
}

fn type_signature(ty: &Ty, numbers: &[usize]) -> String {
    match ty.named().and_then(placeholder_index).and_then(|index| numbers.get(index)) {
        Some(number) => format!("{}:{number}", brackets(ty)),
        None => ty.rust(),
    }
}

fn brackets(ty: &Ty) -> String {
    match ty {
        Ty::List(inner) => format!("[{}]", brackets(inner)),
        Ty::Map(inner) => format!("{{{}}}", brackets(inner)),
        _ => String::new(),
    }
}

/// Returns the index of the type that a placeholder stands for.
fn placeholder_index(name: &str) -> Option<usize> {
    name.strip_prefix(PLACEHOLDER)?.parse().ok()
}

/// Returns the shortest name for each type that no different type of the module has.
fn shortest_names(
    types: &[UnnamedType],
    signatures: &[usize],
    prefix: &str,
    shared: &BTreeSet<String>,
) -> Vec<String> {
    let mut levels = vec![1_usize; types.len()];
    let name = |unnamed: &UnnamedType, level: usize| {
        let from = unnamed.name_path.len().saturating_sub(level);
        let words = unnamed.name_path.get(from..).unwrap_or_default();
        names::type_name(&format!("{prefix}_{}", words.join("_")))
    };
    loop {
        let names: Vec<String> =
            types.iter().zip(&levels).map(|(ty, level)| name(ty, *level)).collect();
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, name) in names.iter().enumerate() {
            groups.entry(name).or_default().push(index);
        }
        let mut changed = false;
        for (name, members) in groups {
            let distinct: BTreeSet<usize> =
                members.iter().filter_map(|index| signatures.get(*index)).copied().collect();
            if distinct.len() < 2 && !names::is_reserved(name) && !shared.contains(name) {
                continue;
            }
            for index in members {
                if let (Some(level), Some(ty)) = (levels.get_mut(index), types.get(index))
                    && *level < ty.name_path.len()
                {
                    *level += 1;
                    changed = true;
                }
            }
        }
        if !changed {
            return names;
        }
    }
}

fn rename(ty: &mut Ty, final_names: &[String]) {
    match ty {
        Ty::List(inner) | Ty::Map(inner) => rename(inner, final_names),
        Ty::Named(name) | Ty::Boxed(name) => {
            if let Some(target) = placeholder_index(name).and_then(|index| final_names.get(index)) {
                name.clone_from(target);
            }
        }
        _ => {}
    }
}
