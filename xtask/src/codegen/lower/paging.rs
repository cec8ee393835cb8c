//! Which responses come in pages: a pair of parameters, a continuation, and one list of items.

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

/// How far below the root of a response the list may stand.
const DEEPEST: usize = 3;

/// Finds the pager of each operation that has one. An overlay may decline it with `pages = false`.
pub(super) fn recognize(product: &mut Product, overlay: &Overlay) {
    let shared: BTreeMap<String, Type> =
        product.types.iter().map(|one| (one.name().to_owned(), one.clone())).collect();
    let methods: BTreeSet<String> =
        product.operations.iter().map(|operation| operation.method.clone()).collect();
    for operation in &mut product.operations {
        // The methods for pages have names of their own; an operation's name comes first.
        if ["items", "pages"]
            .iter()
            .any(|what| methods.contains(&format!("{}_{what}", operation.file)))
        {
            continue;
        }
        let wanted = overlay.pages(&operation.name);
        if wanted == Some(false)
            || (wanted.is_none() && operation.idempotency != Idempotency::ReadOnly)
        {
            continue;
        }
        operation.pager = pager(operation, &shared);
    }
}

fn pager(operation: &Operation, shared: &BTreeMap<String, Type>) -> Option<Pager> {
    let Root::Struct(root) = &operation.response.root else { return None };
    let types = Known { own: &operation.types, shared };
    let mut found = Found::default();
    types.walk(root, &mut Vec::new(), &mut found);
    let [(items, item)] = found.lists.as_slice() else { return None };
    let parameter = |names: &[&str], ty: Ty| {
        operation.request.fields.iter().find(|field| {
            field.ty == ty
                && names.contains(&field.wire.to_ascii_lowercase().replace('_', "").as_str())
        })
    };
    let step = token(&parameter, &found).or_else(|| {
        let number = parameter(NUMBERS, Ty::Integer)?;
        parameter(SIZES, Ty::Integer)?;
        let total = found.best(TOTALS, &Ty::Integer)?;
        Some(Step::Number { parameter: number.name.clone(), total })
    })?;
    Some(Pager { items: items.clone(), item: item.clone(), step })
}

fn token<'f>(parameter: &dyn Fn(&[&str], Ty) -> Option<&'f Field>, found: &Found) -> Option<Step> {
    let token = parameter(TOKENS, Ty::Text)?;
    let next = found.best(NEXT_TOKENS, &Ty::Text)?;
    Some(Step::Token { parameter: token.name.clone(), next })
}

/// What a response holds outside of its lists.
#[derive(Default)]
struct Found {
    /// Lists, by the way to them and the type of their items.
    lists: Vec<(Vec<String>, Ty)>,
    /// Scalars, by the way to them, their wire name and their type.
    scalars: Vec<(Vec<String>, String, Ty)>,
}

impl Found {
    /// The scalar with the first of some names, the one nearest to the root.
    fn best(&self, names: &[&str], ty: &Ty) -> Option<Vec<String>> {
        names.iter().find_map(|name| {
            self.scalars
                .iter()
                .filter(|(_, wire, found)| {
                    found == ty && wire.to_ascii_lowercase().replace('_', "") == *name
                })
                .min_by_key(|(way, _, _)| way.len())
                .map(|(way, _, _)| way.clone())
        })
    }
}

struct Known<'a> {
    own: &'a [Type],
    shared: &'a BTreeMap<String, Type>,
}

impl Known<'_> {
    fn find(&self, name: &str) -> Option<&Struct> {
        let found =
            self.own.iter().find(|one| one.name() == name).or_else(|| self.shared.get(name))?;
        match found {
            Type::Struct(one) => Some(one),
            Type::Enum(_) => None,
        }
    }

    fn walk(&self, one: &Struct, way: &mut Vec<String>, found: &mut Found) {
        for field in &one.fields {
            way.push(field.name.clone());
            match &field.ty {
                Ty::List(item) => found.lists.push((way.clone(), (**item).clone())),
                Ty::Named(name) if way.len() < DEEPEST => {
                    if let Some(inner) = self.find(name) {
                        self.walk(inner, way, found);
                    }
                }
                ty => found.scalars.push((way.clone(), field.wire.clone(), ty.clone())),
            }
            way.pop();
        }
    }
}
