//! Types inside of types inside of types: as deep as rustc can follow.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::ir::{Field, Product, Root, Ty, Type};

/// Maximum nesting of types. For each response, rustc proves in at most 128 nested steps that it is
/// `Send`, and the future that holds it needs some of them.
pub(super) const MAX_NESTING: usize = 96;

/// The steps of that proof for a field, which is an `Option`, and for what is around the items of a list
/// and the values of a map.
pub(super) const FIELD_STEPS: usize = 2;
pub(super) const LIST_STEPS: usize = 3;
pub(super) const MAP_STEPS: usize = 5;

/// Maximum steps inside of a type: the innermost of [`MAX_NESTING`] has fields of its own.
const MAX_HEIGHT: usize = MAX_NESTING + FIELD_STEPS + MAP_STEPS;

/// The steps inside of each type.
type Heights = BTreeMap<String, usize>;

/// Makes fields that are nested too deeply by references from type to type free-form values.
pub(super) fn limit(product: &mut Product, diagnostics: &mut Diagnostics) {
    let mut heights = Heights::new();
    limit_types(&mut product.types, &mut heights, diagnostics);
    for operation in &mut product.operations {
        let mut heights = heights.clone();
        limit_types(&mut operation.types, &mut heights, diagnostics);
        let root = match &mut operation.response.root {
            Root::Struct(root) => Some(root),
            Root::Alias { .. } => None,
        };
        for structure in root.into_iter().chain([&mut operation.request]) {
            limit_fields(&structure.name, &mut structure.fields, &heights, diagnostics);
        }
    }
}

fn limit_types(types: &mut [Type], heights: &mut Heights, diagnostics: &mut Diagnostics) {
    let positions: BTreeMap<String, usize> =
        types.iter().enumerate().map(|(index, ty)| (ty.name().to_owned(), index)).collect();
    let mut is_open = vec![false; types.len()];
    // A type comes after the types of its fields. The stack is explicit, because a chain can be long.
    let mut stack: Vec<usize> = (0..types.len()).rev().collect();
    while let Some(index) = stack.last().copied() {
        let Some(ty) = types.get_mut(index) else { break };
        let name = ty.name().to_owned();
        let Type::Struct(structure) = ty else {
            heights.insert(name, 0);
            stack.pop();
            continue;
        };
        let is_first = is_open.get_mut(index).is_some_and(|open| !std::mem::replace(open, true));
        if is_first {
            let targets = structure.fields.iter().filter_map(|field| field.ty.named());
            let targets = targets.filter_map(|target| positions.get(target).copied());
            stack.extend(targets.filter(|target| is_open.get(*target) == Some(&false)));
            continue;
        }
        stack.pop();
        if !heights.contains_key(&name) {
            let height = limit_fields(&name, &mut structure.fields, heights, diagnostics);
            heights.insert(name, height);
        }
    }
}

/// Returns the steps inside of a struct with these fields. A type without a height is one that contains
/// this struct: rustc does not follow a type into itself.
fn limit_fields(
    name: &str,
    fields: &mut [Field],
    heights: &Heights,
    diagnostics: &mut Diagnostics,
) -> usize {
    let mut highest = 0;
    for field in fields {
        let inner = field.ty.named().and_then(|target| heights.get(target)).copied().unwrap_or(0);
        let outer = FIELD_STEPS + steps(&field.ty);
        if outer + inner > MAX_HEIGHT {
            diagnostics.warning(
                format!("{name}.{}", field.wire),
                "inside of too many objects, lists and maps for rustc",
                "treated as any JSON value",
            );
            field.ty = free_form(&field.ty);
            highest = highest.max(outer);
        } else {
            highest = highest.max(outer + inner);
        }
    }
    highest
}

/// Returns the steps for the lists and maps around a type.
fn steps(ty: &Ty) -> usize {
    match ty {
        Ty::List(item) => LIST_STEPS + steps(item),
        Ty::Map(value) => MAP_STEPS + steps(value),
        _ => 0,
    }
}

/// Returns a type with free-form values instead of a type of the crate.
fn free_form(ty: &Ty) -> Ty {
    match ty {
        Ty::List(item) => Ty::List(Box::new(free_form(item))),
        Ty::Map(value) => Ty::Map(Box::new(free_form(value))),
        _ => Ty::Any,
    }
}
