//! Types that would contain themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::ir::{Ty, Type};

/// Boxes each field by which a struct would contain itself. Only shared types can be recursive: the
/// types of an operation form a tree.
pub(super) fn box_cycles(shared: &mut BTreeMap<String, Type>) {
    let edges: BTreeMap<String, Vec<String>> = shared
        .iter()
        .map(|(name, ty)| {
            let contained = match ty {
                Type::Struct(structure) => {
                    structure.fields.iter().filter_map(|field| contained_type(&field.ty)).collect()
                }
                Type::Enum(_) => Vec::new(),
            };
            (name.clone(), contained)
        })
        .collect();
    for (name, ty) in shared {
        let Type::Struct(structure) = ty else { continue };
        for field in &mut structure.fields {
            if let Some(target) = contained_type(&field.ty)
                && reaches(&target, name, &edges)
            {
                field.ty = Ty::Boxed(target);
            }
        }
    }
}

/// Returns the type that a field contains directly, not through a list or a map.
fn contained_type(ty: &Ty) -> Option<String> {
    match ty {
        Ty::Named(name) => Some(name.clone()),
        _ => None,
    }
}

/// Returns whether `from` contains `to`, directly or through other types.
fn reaches(from: &str, to: &str, edges: &BTreeMap<String, Vec<String>>) -> bool {
    let mut visited = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(name) = pending.pop() {
        if name == to {
            return true;
        }
        if visited.insert(name) {
            pending.extend(edges.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
