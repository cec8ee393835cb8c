//! What the generated types hold, as far as a comparison needs it.

use std::collections::BTreeMap;

use crate::codegen::ir::{Product, Root, Struct, Ty, Type};

/// The types of a document's responses.
#[derive(Debug, Default)]
pub(super) struct Model {
    shared: BTreeMap<String, Vec<Field>>,
    operations: BTreeMap<String, Response>,
}

/// The response of one operation, with the types that only it uses.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) root: Ty,
    own: BTreeMap<String, Vec<Field>>,
}

/// A field of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) wire: String,
    pub(super) item: Option<String>,
    pub(super) ty: Ty,
}

impl Model {
    pub(super) fn of(product: &Product) -> Self {
        let operations = product
            .operations
            .iter()
            .map(|operation| {
                let mut own = structs(&operation.types);
                let root = match &operation.response.root {
                    Root::Struct(root) => {
                        own.insert(root.name.clone(), fields(root));
                        Ty::Named(root.name.clone())
                    }
                    Root::Alias { target, .. } => target.clone(),
                };
                (operation.name.clone(), Response { root, own })
            })
            .collect();
        Model { shared: structs(&product.types), operations }
    }

    pub(super) fn response(&self, operation: &str) -> Option<&Response> {
        self.operations.get(operation)
    }

    /// The fields of a type; none for an enum, which travels as text.
    pub(super) fn fields<'m>(&'m self, response: &'m Response, name: &str) -> Option<&'m [Field]> {
        response.own.get(name).or_else(|| self.shared.get(name)).map(Vec::as_slice)
    }
}

fn structs(types: &[Type]) -> BTreeMap<String, Vec<Field>> {
    types
        .iter()
        .filter_map(|one| match one {
            Type::Struct(one) => Some((one.name.clone(), fields(one))),
            Type::Enum(_) => None,
        })
        .collect()
}

fn fields(one: &Struct) -> Vec<Field> {
    one.fields
        .iter()
        .map(|field| Field {
            wire: field.wire.clone(),
            item: field.item.clone(),
            ty: field.ty.clone(),
        })
        .collect()
}

/// A type for tests: its name, and the name, wrapper and type of each field.
#[cfg(test)]
pub(super) type Sketch<'a> = (&'a str, &'a [(&'a str, Option<&'a str>, Ty)]);

#[cfg(test)]
impl Model {
    /// A model of one operation `Op` for tests: types by name, the first of which is the root.
    pub(super) fn example(types: &[Sketch<'_>]) -> Self {
        let own = types
            .iter()
            .map(|(name, fields)| {
                let fields = fields
                    .iter()
                    .map(|(wire, item, ty)| Field {
                        wire: (*wire).to_owned(),
                        item: item.map(str::to_owned),
                        ty: ty.clone(),
                    })
                    .collect();
                ((*name).to_owned(), fields)
            })
            .collect();
        let root = Ty::Named(types[0].0.to_owned());
        let operations = BTreeMap::from([("Op".to_owned(), Response { root, own })]);
        Model { shared: BTreeMap::new(), operations }
    }
}
