//! Adapts the fields that a pager sets.

use crate::ir::{Field, Operation, Pager, Root, Struct, Ty, Type};

/// Adapts the fields that a pager sets: a token of a page is not secret, and a page size in an object that
/// the pager creates cannot be required.
pub(super) fn adapt_fields(operation: &mut Operation, shared: &mut [Type], pager: &Pager) {
    let Operation { request, response, types: own, .. } = operation;
    for size in [&pager.size, &pager.token_size].into_iter().flatten() {
        if !size.owners().is_empty()
            && let Some(field) = field_mut(request, own, shared, &size.0)
        {
            field.required = false;
        }
    }
    let Some(token) = &pager.token else { return };
    if let Some(field) = field_mut(request, own, shared, &token.parameter.0)
        && field.ty.is_text()
    {
        field.ty = Ty::Text;
    }
    if let Root::Struct(root) = &mut response.root
        && let Some(field) = field_mut(root, own, shared, &token.next.0)
        && field.ty.is_text()
    {
        field.ty = Ty::Text;
    }
}

/// Returns the field at a path of names in Rust.
fn field_mut<'a>(
    root: &'a mut Struct,
    own: &'a mut [Type],
    shared: &'a mut [Type],
    path: &[String],
) -> Option<&'a mut Field> {
    let (name, objects) = path.split_last()?;
    let mut owner: Option<String> = None;
    for object in objects {
        let structure = match &owner {
            None => &*root,
            Some(owner) => own.iter().chain(&*shared).find_map(|ty| ty.as_struct(owner))?,
        };
        let field = structure.fields.iter().find(|field| field.name == *object)?;
        owner = Some(field.ty.named()?.to_owned());
    }
    let structure = match &owner {
        None => root,
        Some(owner) => own.iter_mut().chain(shared).find_map(|ty| match ty {
            Type::Struct(structure) if structure.name == *owner => Some(structure),
            _ => None,
        })?,
    };
    structure.fields.iter_mut().find(|field| field.name == *name)
}
