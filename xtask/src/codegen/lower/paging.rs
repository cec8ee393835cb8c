//! Detects paged responses: page parameters, a total or a next token, and exactly one list.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::ir::{
    Field, Idempotency, Operation, Pager, Product, Root, Step, Struct, Ty, Type,
};
use crate::codegen::overlay::Overlay;

const NUMBERS: &[&str] = &["pagenumber", "currentpage", "pagenum", "pageno", "pageindex", "page"];
const SIZES: &[&str] = &["pagesize", "size", "maxresults", "limit", "pagecount"];
const TOTALS: &[&str] = &[
    "totalcount",
    "total",
    "totalrecordcount",
    "totalitems",
    "totalnum",
    "totalitemnum",
    "totalsize",
    "count",
];
const TOKENS: &[&str] = &["nexttoken", "nextpagetoken", "pagetoken", "marker"];
const NEXT_TOKENS: &[&str] = &["nexttoken", "nextpagetoken", "nextmarker", "pagetoken", "marker"];

/// Maximum depth of the list in a response.
const MAX_DEPTH: usize = 3;

/// Detects the pager of each operation. An overlay overrides the detection with `pages`.
pub(super) fn recognize(product: &mut Product, overlay: &Overlay) {
    let shared: BTreeMap<String, Type> =
        product.types.iter().map(|ty| (ty.name().to_owned(), ty.clone())).collect();
    let methods: BTreeSet<String> =
        product.operations.iter().map(|operation| operation.method.clone()).collect();
    for operation in &mut product.operations {
        // The method of an operation takes precedence over the methods of a pager.
        if ["items", "pages"].iter().any(|suffix| methods.contains(&operation.paged_method(suffix)))
        {
            continue;
        }
        let paged = overlay.pages(&operation.name);
        if paged == Some(false)
            || (paged.is_none() && operation.idempotency != Idempotency::ReadOnly)
        {
            continue;
        }
        operation.pager = pager(operation, &shared);
    }
}

fn pager(operation: &Operation, shared: &BTreeMap<String, Type>) -> Option<Pager> {
    let Root::Struct(root) = &operation.response.root else { return None };
    let types = TypeLookup { own: &operation.types, shared };
    let mut fields = ResponseFields::default();
    types.collect(root, &mut Vec::new(), &mut fields);
    let [(items, item)] = fields.lists.as_slice() else { return None };
    let parameter = |names: &[&str], ty: Ty| {
        operation.request.fields.iter().find(|field| {
            field.superseded_by.is_none()
                && field.ty == ty
                && names.contains(&field.wire.to_ascii_lowercase().replace('_', "").as_str())
        })
    };
    let step = token_step(&parameter, &fields).or_else(|| {
        let number = parameter(NUMBERS, Ty::Integer)?;
        parameter(SIZES, Ty::Integer)?;
        let total = fields.scalar(TOTALS, &Ty::Integer)?;
        Some(Step::Number { parameter: number.name.clone(), total })
    })?;
    Some(Pager { items: items.clone(), item: item.clone(), step })
}

fn token_step<'f>(
    parameter: &dyn Fn(&[&str], Ty) -> Option<&'f Field>,
    fields: &ResponseFields,
) -> Option<Step> {
    let token = parameter(TOKENS, Ty::Text)?;
    let next = fields.scalar(NEXT_TOKENS, &Ty::Text)?;
    Some(Step::Token { parameter: token.name.clone(), next })
}

/// The fields of a response, without those of list items.
#[derive(Default)]
struct ResponseFields {
    /// Lists: path and type of the items.
    lists: Vec<(Vec<String>, Ty)>,
    /// Scalars: path, name on the wire and type.
    scalars: Vec<(Vec<String>, String, Ty)>,
}

impl ResponseFields {
    /// Returns the path of the scalar with the first matching name, closest to the root.
    fn scalar(&self, names: &[&str], ty: &Ty) -> Option<Vec<String>> {
        names.iter().find_map(|name| {
            self.scalars
                .iter()
                .filter(|(_, wire, scalar_type)| {
                    scalar_type == ty && wire.to_ascii_lowercase().replace('_', "") == *name
                })
                .min_by_key(|(path, _, _)| path.len())
                .map(|(path, _, _)| path.clone())
        })
    }
}

/// The types that a response can refer to.
struct TypeLookup<'a> {
    own: &'a [Type],
    shared: &'a BTreeMap<String, Type>,
}

impl TypeLookup<'_> {
    fn find_struct(&self, name: &str) -> Option<&Struct> {
        let ty = self.own.iter().find(|ty| ty.name() == name).or_else(|| self.shared.get(name))?;
        match ty {
            Type::Struct(structure) => Some(structure),
            Type::Enum(_) => None,
        }
    }

    /// Collects the fields of a struct, which is at `path` in the response.
    fn collect(&self, structure: &Struct, path: &mut Vec<String>, fields: &mut ResponseFields) {
        for field in structure.fields.iter().filter(|field| field.superseded_by.is_none()) {
            path.push(field.name.clone());
            match &field.ty {
                Ty::List(item) => fields.lists.push((path.clone(), (**item).clone())),
                Ty::Named(name) if path.len() < MAX_DEPTH => {
                    if let Some(inner) = self.find_struct(name) {
                        self.collect(inner, path, fields);
                    }
                }
                ty => fields.scalars.push((path.clone(), field.wire.clone(), ty.clone())),
            }
            path.pop();
        }
    }
}
