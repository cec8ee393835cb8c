//! The types that one operation or one shared type brings with it, and their names.
//!
//! While a unit is lowered its types are known by number. At the end each gets the shortest name
//! that says where it stands: its own, with its parent's in front where that is not enough.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::ir::{Field, Ty, Type};
use crate::codegen::names::{self, Scope};

/// A type that has no name yet.
struct Nameless {
    /// The way to it, from the root of the unit: `["Response", "Task"]`.
    way: Vec<String>,
    ty: Type,
}

/// The types of one unit.
#[derive(Default)]
pub(super) struct Unit {
    types: Vec<Nameless>,
    /// Shared types that the unit names, which its own must not hide.
    shared: BTreeSet<String>,
}

const NUMBERED: char = '#';

impl Unit {
    /// Adds a type and gives its stand-in.
    pub(super) fn add(&mut self, way: Vec<String>, ty: Type) -> Ty {
        self.types.push(Nameless { way, ty });
        Ty::Named(format!("{NUMBERED}{}", self.types.len() - 1))
    }

    pub(super) fn mentions(&mut self, shared: &str) {
        self.shared.insert(shared.to_owned());
    }

    /// Names the types. `prefix` stands before every name; `roots` are the unit's own structs, whose
    /// fields get the final names as well.
    pub(super) fn finish(
        self,
        prefix: &str,
        scope: &mut Scope,
        roots: &mut [&mut Vec<Field>],
    ) -> Vec<Type> {
        let Unit { types, shared } = self;
        let signatures: Vec<String> =
            (0..types.len()).map(|index| signature(index, &types)).collect();
        let chosen = choose(&types, &signatures, prefix, &shared);

        let mut finals: Vec<String> = Vec::with_capacity(types.len());
        let mut owners: BTreeMap<(&str, &str), String> = BTreeMap::new();
        for (name, signature) in chosen.iter().zip(&signatures) {
            let owner = owners.entry((name, signature)).or_insert_with(|| {
                let mut claimed = scope.claim(name);
                while shared.contains(&claimed) || names::is_taken(&claimed) {
                    claimed = scope.claim(name);
                }
                claimed
            });
            finals.push(owner.clone());
        }

        let rename = |ty: &mut Ty| rename(ty, &finals);
        for fields in roots {
            fields.iter_mut().for_each(|field| rename(&mut field.ty));
        }
        let mut named: BTreeMap<String, Type> = BTreeMap::new();
        for (nameless, name) in types.into_iter().zip(&finals) {
            let mut ty = nameless.ty;
            match &mut ty {
                Type::Struct(one) => {
                    one.name.clone_from(name);
                    one.fields.iter_mut().for_each(|field| rename(&mut field.ty));
                }
                Type::Enum(one) => one.name.clone_from(name),
            }
            named.entry(name.clone()).or_insert(ty);
        }
        named.into_values().collect()
    }
}

/// The same for two types exactly when they are the same on the wire.
fn signature(index: usize, types: &[Nameless]) -> String {
    let Some(nameless) = types.get(index) else { return String::new() };
    match &nameless.ty {
        Type::Enum(one) => {
            let values: Vec<&str> =
                one.variants.iter().map(|variant| variant.text.as_str()).collect();
            format!("{values:?}")
        }
        Type::Struct(one) => {
            let fields: Vec<_> = one
                .fields
                .iter()
                .map(|field| {
                    (
                        &field.wire,
                        &field.item,
                        field.required,
                        field.reading.is_some(),
                        of(&field.ty, types),
                    )
                })
                .collect();
            format!("{fields:?}")
        }
    }
}

fn of(ty: &Ty, types: &[Nameless]) -> String {
    match (ty.named().and_then(number), ty) {
        (Some(index), _) => format!("{}:{}", brackets(ty), signature(index, types)),
        (None, ty) => ty.rust(),
    }
}

fn brackets(ty: &Ty) -> String {
    match ty {
        Ty::List(inner) => format!("[{}]", brackets(inner)),
        Ty::Map(inner) => format!("{{{}}}", brackets(inner)),
        _ => String::new(),
    }
}

fn number(name: &str) -> Option<usize> {
    name.strip_prefix(NUMBERED)?.parse().ok()
}

/// For each type the shortest name that no different type of the unit has.
fn choose(
    types: &[Nameless],
    signatures: &[String],
    prefix: &str,
    shared: &BTreeSet<String>,
) -> Vec<String> {
    let mut levels = vec![1_usize; types.len()];
    let name = |nameless: &Nameless, level: usize| {
        let from = nameless.way.len().saturating_sub(level);
        let words = nameless.way.get(from..).unwrap_or_default();
        names::camel(&format!("{prefix}_{}", words.join("_")))
    };
    loop {
        let names: Vec<String> =
            types.iter().zip(&levels).map(|(one, level)| name(one, *level)).collect();
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, name) in names.iter().enumerate() {
            groups.entry(name).or_default().push(index);
        }
        let mut moved = false;
        for (name, members) in groups {
            let kinds: BTreeSet<&str> = members
                .iter()
                .filter_map(|index| signatures.get(*index))
                .map(String::as_str)
                .collect();
            if kinds.len() < 2 && !names::is_taken(name) && !shared.contains(name) {
                continue;
            }
            for index in members {
                if let (Some(level), Some(one)) = (levels.get_mut(index), types.get(index))
                    && *level < one.way.len()
                {
                    *level += 1;
                    moved = true;
                }
            }
        }
        if !moved {
            return names;
        }
    }
}

fn rename(ty: &mut Ty, finals: &[String]) {
    match ty {
        Ty::List(inner) | Ty::Map(inner) => rename(inner, finals),
        Ty::Named(name) | Ty::Boxed(name) => {
            if let Some(target) = number(name).and_then(|index| finals.get(index)) {
                name.clone_from(target);
            }
        }
        _ => {}
    }
}
