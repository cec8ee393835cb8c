//! Which structs implement `Eq` and `Hash`: those that contain no floating-point number.

use std::collections::BTreeSet;

use crate::ir::{Product, Root, Struct, Ty, Type};

/// Decides for each struct.
pub(super) fn assign(product: &mut Product) {
    let mut shared = BTreeSet::new();
    assign_types(&mut product.types, &mut shared);
    for operation in &mut product.operations {
        let mut inexact = shared.clone();
        assign_types(&mut operation.types, &mut inexact);
        operation.request.eq = is_exact(&operation.request, &inexact);
        if let Root::Struct(root) = &mut operation.response.root {
            root.eq = is_exact(root, &inexact);
        }
    }
}

/// Decides for types that can refer to each other. `inexact` are the names of those that do not
/// implement `Eq`.
fn assign_types(types: &mut [Type], inexact: &mut BTreeSet<String>) {
    let mut known = usize::MAX;
    while known != inexact.len() {
        known = inexact.len();
        for ty in &mut *types {
            if let Type::Struct(structure) = ty {
                structure.eq = is_exact(structure, inexact);
                if !structure.eq {
                    inexact.insert(structure.name.clone());
                }
            }
        }
    }
}

fn is_exact(structure: &Struct, inexact: &BTreeSet<String>) -> bool {
    structure.fields.iter().all(|field| match field.ty.innermost() {
        Ty::Number => false,
        Ty::Named(name) | Ty::Boxed(name) => !inexact.contains(name),
        _ => true,
    })
}
