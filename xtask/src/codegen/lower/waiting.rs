//! Which operations say how things are that a program waits for. Only an overlay knows.

use crate::codegen::diagnostics::Diagnostics;
use crate::codegen::ir::{Field, Operation, Product, Root, Struct, Ty, Type, Waiter};
use crate::codegen::names;
use crate::codegen::overlay::{Overlay, WaiterFix};

/// Gives each operation the waiter that the overlay describes.
pub(super) fn assign(product: &mut Product, overlay: &Overlay, diagnostics: &mut Diagnostics) {
    let Product { operations, types, .. } = product;
    for operation in operations {
        let Some(fix) = overlay.waiter(&operation.name) else { continue };
        match waiter(operation, types, &fix) {
            Ok(waiter) => operation.waiter = Some(waiter),
            Err(problem) => diagnostics.error(
                operation.name.clone(),
                format!("the overlay's waiter does not fit: {problem}"),
                "name the fields as they are on the wire",
            ),
        }
    }
}

fn waiter(operation: &Operation, shared: &[Type], fix: &WaiterFix) -> Result<Waiter, String> {
    if names::snake(&fix.method) != fix.method {
        return Err(format!("{:?} is no name for a method", fix.method));
    }
    let ids = find(&operation.request, &fix.ids)?;
    let others =
        operation.request.fields.iter().any(|field| field.required && field.wire != ids.wire);
    if ids.ty != Ty::List(Box::new(Ty::Text)) || !ids.required || others {
        return Err(format!(
            "{} is not the one thing that a request needs, a list of texts",
            fix.ids
        ));
    }
    let Root::Struct(root) = &operation.response.root else {
        return Err("the response is no object".to_owned());
    };
    let items = find(root, &fix.items)?;
    let item = match &items.ty {
        Ty::List(item) => item.named().unwrap_or_default(),
        _ => return Err(format!("{} is no list", fix.items)),
    };
    let known = operation.types.iter().chain(shared).find(|one| one.name() == item);
    let Some(Type::Struct(one)) = known else {
        return Err(format!("an item of {} is no object", fix.items));
    };
    let text = |wire: &str| match find(one, wire)? {
        field if field.ty == Ty::Text => Ok(field.name.clone()),
        field => Err(format!("{} is no text", field.wire)),
    };
    let state = find(one, &fix.state)?;
    let state_enum = match &state.ty {
        Ty::Text => None,
        Ty::Named(name) => Some(name.clone()),
        _ => return Err(format!("{} is no text", fix.state)),
    };
    Ok(Waiter {
        method: fix.method.clone(),
        parameter: ids.wire.clone(),
        items: items.name.clone(),
        item: item.to_owned(),
        id: text(&fix.id)?,
        state: state.name.clone(),
        state_enum,
        detail: fix.detail.as_deref().map(text).transpose()?,
        success: fix.success.clone(),
        failure: fix.failure.clone(),
    })
}

fn find<'s>(one: &'s Struct, wire: &str) -> Result<&'s Field, String> {
    one.fields.iter().find(|field| field.wire == wire).ok_or_else(|| format!("there is no {wire}"))
}
