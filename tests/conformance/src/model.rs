//! The fields and types of the generated responses, as far as the comparison needs them.

use std::collections::BTreeMap;

use alicloud_codegen::ir::{Product, Root, Struct, Ty, Type};

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
    /// The name in responses.
    pub(super) wire: String,
    /// For a list in a wrapper object: the key of the list in the wrapper.
    pub(super) item: Option<String>,
    pub(super) ty: Ty,
}

impl Model {
    pub(super) fn from_product(product: &Product) -> Self {
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

    /// Returns the fields of a type, or `None` for an enum, which is encoded as text.
    pub(super) fn fields<'m>(&'m self, response: &'m Response, name: &str) -> Option<&'m [Field]> {
        response.own.get(name).or_else(|| self.shared.get(name)).map(Vec::as_slice)
    }
}

fn structs(types: &[Type]) -> BTreeMap<String, Vec<Field>> {
    types
        .iter()
        .filter_map(|ty| match ty {
            Type::Struct(definition) => Some((definition.name.clone(), fields(definition))),
            Type::Enum(_) => None,
        })
        .collect()
}

fn fields(definition: &Struct) -> Vec<Field> {
    definition
        .fields
        .iter()
        .map(|field| Field {
            wire: field.wire.clone(),
            item: field.item.clone(),
            ty: field.ty.clone(),
        })
        .collect()
}

/// A type for tests: its name, and the name, wrapper key and type of each field.
#[cfg(test)]
pub(super) type TestType<'a> = (&'a str, &'a [(&'a str, Option<&'a str>, Ty)]);

#[cfg(test)]
impl Model {
    /// Returns a model with one operation `Op`, whose response has the first of these types.
    pub(super) fn for_test(types: &[TestType<'_>]) -> Self {
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
