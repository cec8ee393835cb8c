//! Waiters: which operations return the states of resources to wait for. Only an overlay knows.

use std::collections::BTreeSet;

use heck::ToSnakeCase as _;

use crate::diagnostics::Diagnostics;
use crate::ir::{
    Field, FieldPath, Idempotency, Operation, Product, Root, Struct, Ty, Type, Variant, Waiter,
    WaiterValue,
};
use crate::names;
use crate::overlay::{Constant, Overlay, WaiterSettings};

/// Assigns the waiters of the overlay to their operations.
pub(super) fn assign(product: &mut Product, overlay: &Overlay, diagnostics: &mut Diagnostics) {
    let mut methods: BTreeSet<String> = BTreeSet::new();
    for operation in &product.operations {
        methods.insert(operation.method.clone());
        if operation.pager.is_some() {
            methods.extend(["items", "pages"].map(|suffix| operation.paged_method(suffix)));
        }
    }
    let Product { operations, types, .. } = product;
    for operation in operations {
        for settings in overlay.waiters(&operation.name).unwrap_or_default() {
            let lowering = Lowering { operation, shared: types };
            let waiter = lowering.waiter(&settings).and_then(|waiter| {
                match methods.insert(waiter.method.clone()) {
                    true => Ok(waiter),
                    false => Err("the client has another method of this name".to_owned()),
                }
            });
            match waiter {
                Ok(waiter) => operation.waiters.push(waiter),
                Err(reason) => diagnostics.error(
                    operation.name.clone(),
                    format!("the overlay's waiter {:?} is invalid: {reason}", settings.method),
                    "correct it; fields and parameters have their names on the wire",
                ),
            }
        }
    }
}

/// The arguments of a request's `new`, and the other fields to set.
type Values = (Vec<WaiterValue>, Vec<(String, WaiterValue)>);

/// The types that a waiter can refer to.
struct Lowering<'a> {
    operation: &'a Operation,
    shared: &'a [Type],
}

impl Lowering<'_> {
    fn waiter(&self, settings: &WaiterSettings) -> Result<Waiter, String> {
        let operation = self.operation;
        // Reserved names and keywords are changed.
        if names::module(&settings.method) != settings.method {
            return Err("its name cannot be that of a method".to_owned());
        }
        if operation.not_callable.is_some() {
            return Err("a client cannot call the operation".to_owned());
        }
        if operation.idempotency == Idempotency::Mutating {
            return Err("the operation does not only read, so it cannot be polled; \
                 set `idempotent = true` if that is wrong"
                .to_owned());
        }
        if settings.success.is_empty() && !settings.absence_is_success {
            return Err("it has no `success`".to_owned());
        }
        let ids = find_field(&operation.request, &settings.ids)?;
        if ids.ty != Ty::List(Box::new(Ty::Text)) {
            return Err(format!(
                "{} is not a list of texts; set `list` if it is sent as text",
                settings.ids
            ));
        }
        let (arguments, setters) = self.values(ids, settings)?;
        let is_set = |field: &Field| {
            field.wire == ids.wire
                || field.is_client_region()
                || settings.parameters.contains_key(&field.wire)
        };
        let unset =
            operation.request.fields.iter().filter(|field| field.required && !is_set(field));

        let root = match &operation.response.root {
            Root::Struct(root) => Some(root),
            Root::Alias { target, .. } => target.named().and_then(|name| self.find_struct(name)),
        };
        let root = root.ok_or("the response is not an object")?;
        let (items, list) = self.find_path(root, &settings.items)?;
        let Ty::List(item_type) = &list.ty else {
            return Err(format!("{} is not a list", settings.items));
        };
        let item = match &**item_type {
            Ty::Named(name) => self.find_struct(name),
            _ => None,
        };
        let item =
            item.ok_or_else(|| format!("the items of {} are not objects", settings.items))?;
        let paged = match &operation.pager {
            Some(pager) if pager.items != items => {
                return Err(format!(
                    "{} is not the list of the pages; set `pages` to this list, or to false",
                    settings.items
                ));
            }
            pager => pager.is_some(),
        };
        let text = |path: &str| match self.find_path(item, path)? {
            (fields, field) if field.ty == Ty::Text => Ok(fields),
            _ => Err(format!("{path} is not text")),
        };
        let (state, state_field) = self.find_path(item, &settings.state)?;
        let state_enum = match &state_field.ty {
            Ty::Text => None,
            Ty::Named(name) if self.find_enum(name).is_some() => Some(name.clone()),
            _ => return Err(format!("{} is not text", settings.state)),
        };
        Ok(Waiter {
            method: settings.method.clone(),
            parameter: ids.wire.clone(),
            max_ids: ids
                .parameter
                .as_ref()
                .and_then(|parameter| parameter.items)
                .map(|(_, max)| max),
            arguments,
            setters,
            unset: unset.map(|field| field.name.clone()).collect(),
            noun: names::singular(&list.wire).to_snake_case().replace('_', " "),
            items,
            item: item.name.clone(),
            paged,
            id: text(&settings.id)?,
            state,
            state_enum,
            detail: settings.detail.as_deref().map(text).transpose()?,
            success: settings.success.clone(),
            failure: settings.failure.clone(),
            absence_is_success: settings.absence_is_success,
        })
    }

    /// Returns the arguments of `new` and the setters for the ids and the fixed parameters.
    fn values(&self, ids: &Field, settings: &WaiterSettings) -> Result<Values, String> {
        let request = &self.operation.request;
        let mut values = vec![(ids, WaiterValue::Ids)];
        for (wire, constant) in &settings.parameters {
            let field = find_field(request, wire)?;
            if field.wire == ids.wire {
                return Err(format!("{wire} has the ids and cannot be fixed"));
            }
            if !self.accepts(field, constant) {
                return Err(format!("the value of {wire} does not have the type of the parameter"));
            }
            values.push((field, WaiterValue::Constant(constant.clone())));
        }
        let mut arguments = Vec::new();
        for argument in request.argument_fields() {
            let index = values.iter().position(|(field, _)| field.name == argument.name);
            let Some(index) = index else {
                return Err(format!(
                    "nothing sets {}, an argument of {}::new: set it in `parameters`, or exclude it \
                     from `arguments` of the operation so that callers can set it",
                    argument.wire, request.name
                ));
            };
            arguments.push(values.remove(index).1);
        }
        let setters = values.into_iter().map(|(field, value)| (field.name.clone(), value));
        Ok((arguments, setters.collect()))
    }

    /// Returns whether a parameter can have a value of the overlay.
    fn accepts(&self, field: &Field, constant: &Constant) -> bool {
        match (&field.ty, constant) {
            (Ty::Text | Ty::Timestamp | Ty::Percent, Constant::Text(_))
            | (Ty::Integer, Constant::Integer(_))
            | (Ty::Number, Constant::Integer(_) | Constant::Number(_))
            | (Ty::Boolean, Constant::Boolean(_)) => true,
            (Ty::Named(name), Constant::Text(text)) => self
                .find_enum(name)
                .is_some_and(|variants| variants.iter().any(|variant| variant.text == *text)),
            (Ty::List(item), Constant::Texts(_)) => **item == Ty::Text,
            _ => false,
        }
    }

    fn find_type(&self, name: &str) -> Option<&Type> {
        self.operation.types.iter().chain(self.shared).find(|ty| ty.name() == name)
    }

    fn find_struct(&self, name: &str) -> Option<&Struct> {
        self.find_type(name)?.as_struct(name)
    }

    fn find_enum(&self, name: &str) -> Option<&[Variant]> {
        match self.find_type(name)? {
            Type::Enum(enumeration) => Some(&enumeration.variants),
            Type::Struct(_) => None,
        }
    }

    /// Returns the field at a path of names on the wire, `Data.Instances`. The name of the items in a
    /// wrapper may follow that of the list, `Instances.Instance`.
    fn find_path<'s>(
        &'s self,
        root: &'s Struct,
        path: &str,
    ) -> Result<(FieldPath, &'s Field), String> {
        let mut structure = root;
        let mut fields = Vec::new();
        let mut segments = path.split('.').peekable();
        loop {
            let field = find_field(structure, segments.next().unwrap_or_default())?;
            fields.push(field.name.clone());
            if let Some(item) = &field.item {
                segments.next_if_eq(&item.as_str());
            }
            if segments.peek().is_none() {
                return Ok((FieldPath(fields), field));
            }
            let object = match &field.ty {
                Ty::Named(name) | Ty::Boxed(name) => self.find_struct(name),
                _ => None,
            };
            structure = object.ok_or_else(|| format!("{} is not an object", field.wire))?;
        }
    }
}

fn find_field<'s>(structure: &'s Struct, wire: &str) -> Result<&'s Field, String> {
    structure
        .fields
        .iter()
        .find(|field| field.wire == wire && field.superseded_by.is_none())
        .ok_or_else(|| format!("{} has no {wire}, or it is superseded", structure.name))
}
