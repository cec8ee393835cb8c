//! Marks the structs that are part of a request.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Product, Root, Type};

/// Marks the structs that are part of a request, and makes every field of the others optional: a
/// response may omit any field.
pub(super) fn mark(product: &mut Product) {
    let mut shared: BTreeSet<String> = BTreeSet::new();
    for operation in &mut product.operations {
        let mut local: BTreeMap<String, bool> =
            operation.types.iter().map(|ty| (ty.name().to_owned(), false)).collect();
        let mut pending: Vec<String> = operation
            .request
            .fields
            .iter()
            .filter_map(|field| field.ty.named().map(str::to_owned))
            .collect();
        while let Some(name) = pending.pop() {
            match local.get_mut(&name) {
                None => _ = shared.insert(name),
                Some(true) => {}
                Some(is_input) => {
                    *is_input = true;
                    pending.extend(field_types(&operation.types, &name));
                }
            }
        }
        for ty in &mut operation.types {
            let input = local.get(ty.name()).copied().unwrap_or_default();
            set_input(ty, input);
        }
        if let Root::Struct(root) = &mut operation.response.root {
            root.fields.iter_mut().for_each(|field| field.required = false);
        }
    }
    let mut pending: Vec<String> = shared.iter().cloned().collect();
    while let Some(name) = pending.pop() {
        for next in field_types(&product.types, &name) {
            if shared.insert(next.clone()) {
                pending.push(next);
            }
        }
    }
    for ty in &mut product.types {
        let input = shared.contains(ty.name());
        set_input(ty, input);
    }
}

/// Returns the types of the crate that the fields of a struct refer to.
fn field_types(types: &[Type], name: &str) -> Vec<String> {
    match types.iter().find(|ty| ty.name() == name) {
        Some(Type::Struct(structure)) => structure
            .fields
            .iter()
            .filter_map(|field| field.ty.named().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

fn set_input(ty: &mut Type, input: bool) {
    if let Type::Struct(structure) = ty {
        structure.input = input;
        if !input {
            structure.fields.iter_mut().for_each(|field| field.required = false);
        }
    }
}
