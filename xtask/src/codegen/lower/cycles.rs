//! Types that would hold themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::ir::{Ty, Type};

/// Boxes each field by which a struct would hold itself. Only shared types can: the types of an
/// operation form a tree.
pub(super) fn box_cycles(shared: &mut BTreeMap<String, Type>) {
    let edges: BTreeMap<String, Vec<String>> = shared
        .iter()
        .map(|(name, ty)| {
            let held = match ty {
                Type::Struct(one) => {
                    one.fields.iter().filter_map(|field| held(&field.ty)).collect()
                }
                Type::Enum(_) => Vec::new(),
            };
            (name.clone(), held)
        })
        .collect();
    for (name, ty) in shared {
        let Type::Struct(one) = ty else { continue };
        for field in &mut one.fields {
            if let Some(target) = held(&field.ty)
                && reaches(&target, name, &edges)
            {
                field.ty = Ty::Boxed(target);
                field.required = false;
            }
        }
    }
}

/// The struct that a field holds in itself, not behind a list or a map.
fn held(ty: &Ty) -> Option<String> {
    match ty {
        Ty::Named(name) => Some(name.clone()),
        _ => None,
    }
}

fn reaches(from: &str, to: &str, edges: &BTreeMap<String, Vec<String>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(edges.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
