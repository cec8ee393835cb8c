//! Waiters: which operations return the states of resources to wait for. Only an overlay knows.

use heck::ToSnakeCase as _;

use crate::codegen::diagnostics::Diagnostics;
use crate::codegen::ir::{Field, Operation, Product, Root, Struct, Ty, Type, Waiter};
use crate::codegen::names;
use crate::codegen::overlay::{Overlay, WaiterSettings};

/// Assigns the waiters of the overlay to their operations.
pub(super) fn assign(product: &mut Product, overlay: &Overlay, diagnostics: &mut Diagnostics) {
    let Product { operations, types, .. } = product;
    for operation in operations {
        let Some(settings) = overlay.waiter(&operation.name) else { continue };
        match waiter(operation, types, &settings, overlay) {
            Ok(waiter) => operation.waiter = Some(waiter),
            Err(reason) => diagnostics.error(
                operation.name.clone(),
                format!("the overlay's waiter is invalid: {reason}"),
                "correct it; fields and parameters have their names on the wire",
            ),
        }
    }
}

fn waiter(
    operation: &Operation,
    shared: &[Type],
    settings: &WaiterSettings,
    overlay: &Overlay,
) -> Result<Waiter, String> {
    if names::snake(&settings.method) != settings.method {
        return Err(format!("{:?} is not a method name", settings.method));
    }
    let ids = find_field(&operation.request, &settings.ids)?;
    let has_other_required =
        operation.request.fields.iter().any(|field| field.required && field.wire != ids.wire);
    if ids.ty != Ty::List(Box::new(Ty::Text)) || has_other_required {
        return Err(format!(
            "{} must be a list of texts and the only required parameter",
            settings.ids
        ));
    }
    let Root::Struct(root) = &operation.response.root else {
        return Err("the response is not an object".to_owned());
    };
    let items = find_field(root, &settings.items)?;
    let item = match &items.ty {
        Ty::List(item) => item.named().unwrap_or_default(),
        _ => return Err(format!("{} is not a list", settings.items)),
    };
    let item_type = operation.types.iter().chain(shared).find(|ty| ty.name() == item);
    let Some(Type::Struct(structure)) = item_type else {
        return Err(format!("the items of {} are not objects", settings.items));
    };
    let text = |wire: &str| match find_field(structure, wire)? {
        field if field.ty == Ty::Text => Ok(field.name.clone()),
        field => Err(format!("{} is not text", field.wire)),
    };
    let state = find_field(structure, &settings.state)?;
    let state_enum = match &state.ty {
        Ty::Text => None,
        Ty::Named(name) => Some(name.clone()),
        _ => return Err(format!("{} is not text", settings.state)),
    };
    let selector = format!("{}?{}", operation.name, ids.wire);
    Ok(Waiter {
        method: settings.method.clone(),
        parameter: ids.wire.clone(),
        max_ids: overlay.items(&selector).map(|(_, max)| max),
        noun: names::singular(&items.wire).to_snake_case().replace('_', " "),
        items: items.name.clone(),
        item: item.to_owned(),
        id: text(&settings.id)?,
        state: state.name.clone(),
        state_enum,
        detail: settings.detail.as_deref().map(text).transpose()?,
        success: settings.success.clone(),
        failure: settings.failure.clone(),
    })
}

fn find_field<'s>(structure: &'s Struct, wire: &str) -> Result<&'s Field, String> {
    structure
        .fields
        .iter()
        .find(|field| field.wire == wire && field.superseded_by.is_none())
        .ok_or_else(|| format!("there is no {wire}, or it is superseded"))
}
