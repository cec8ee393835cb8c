//! The parameters of a request and the fields of a response, including those in objects.

use std::collections::BTreeMap;

use super::names::plain;
use crate::ir::{FieldPath, Struct, Ty, Type};
use crate::spec::{Schema, Spec};

/// Maximum length of the path to a parameter or a response field: three objects.
const MAX_DEPTH: usize = 4;

/// A list of a response.
pub(super) struct List {
    pub(super) path: FieldPath,
    /// The names on the wire: of the objects it is in, and of the list.
    wire: Vec<String>,
    /// The names of the list and of its items in a wrapper, plain.
    pub(super) names: Vec<String>,
    pub(super) item: Ty,
}

impl List {
    /// Returns the objects that it is in.
    pub(super) fn owners(&self) -> &[String] {
        self.path.owners()
    }

    /// Returns the names on the wire from the root to the list, `Data.Items`.
    pub(super) fn wire_path(&self) -> String {
        self.wire.join(".")
    }
}

/// A parameter or a response field that is not an object or a list.
pub(super) struct Scalar {
    pub(super) path: FieldPath,
    /// The names on the wire from the root.
    pub(super) wire: Vec<String>,
    /// The name, plain.
    pub(super) name: String,
    pub(super) ty: Ty,
}

impl Scalar {
    /// Returns the objects that it is in.
    pub(super) fn owners(&self) -> &[String] {
        self.path.owners()
    }
}

/// The types that a request and a response can refer to.
pub(super) struct Schemas<'a> {
    pub(super) own: &'a [Type],
    pub(super) shared: &'a BTreeMap<String, Type>,
}

impl Schemas<'_> {
    /// Returns the parameters of a request.
    pub(super) fn parameters(&self, request: &Struct) -> Vec<Scalar> {
        let mut walk = Walk::default();
        self.walk(request, &mut walk);
        walk.scalars
    }

    /// Returns the lists and scalars of a response, without those of list items.
    pub(super) fn response(&self, root: &Struct) -> (Vec<List>, Vec<Scalar>) {
        let mut walk = Walk::default();
        self.walk(root, &mut walk);
        (walk.lists, walk.scalars)
    }

    pub(super) fn find_struct(&self, name: &str) -> Option<&Struct> {
        let ty = self.own.iter().find(|ty| ty.name() == name).or_else(|| self.shared.get(name))?;
        match ty {
            Type::Struct(structure) => Some(structure),
            Type::Enum(_) => None,
        }
    }

    fn walk(&self, structure: &Struct, walk: &mut Walk) {
        for field in structure.fields.iter().filter(|field| field.superseded_by.is_none()) {
            walk.path.push(field.name.clone());
            walk.wire.push(field.wire.clone());
            match &field.ty {
                Ty::List(item) => {
                    let wires = std::iter::once(&field.wire).chain(&field.item);
                    walk.lists.push(List {
                        path: FieldPath(walk.path.clone()),
                        wire: walk.wire.clone(),
                        names: wires.map(|name| plain(name)).collect(),
                        item: (**item).clone(),
                    });
                }
                Ty::Named(name) if walk.path.len() < MAX_DEPTH => {
                    if let Some(inner) = self.find_struct(name) {
                        self.walk(inner, walk);
                    }
                }
                ty => walk.scalars.push(Scalar {
                    path: FieldPath(walk.path.clone()),
                    wire: walk.wire.clone(),
                    name: scalar_name(&walk.wire),
                    ty: ty.clone(),
                }),
            }
            walk.path.pop();
            walk.wire.pop();
        }
    }
}

/// What was collected of a struct, and where the walk is.
#[derive(Default)]
struct Walk {
    path: Vec<String>,
    wire: Vec<String>,
    lists: Vec<List>,
    scalars: Vec<Scalar>,
}

/// Returns the name of the last field of a path, plain: `pagenumber` for `Number` in `Page` as well.
fn scalar_name(wire: &[String]) -> String {
    let mut names = wire.iter().rev().map(|name| plain(name));
    let name = names.next().unwrap_or_default();
    let is_in_page =
        names.next().is_some_and(|owner| owner.contains("page") || owner.contains("paging"));
    match name.as_str() {
        "number" | "no" | "num" | "index" if is_in_page => format!("page{name}"),
        _ => name,
    }
}

/// Returns the value of the first page, if the description of the parameter tells: its default, unless
/// that is below its minimum.
pub(super) fn first_value(spec: &Spec, operation: &str, wire: &[String]) -> Option<i64> {
    let operation = spec.operations.iter().find(|candidate| candidate.name == operation)?;
    let (first, rest) = wire.split_first()?;
    let parameter = operation.parameters.iter().find(|parameter| parameter.name == *first)?;
    let mut schema = resolve(spec, &parameter.schema)?;
    for name in rest {
        let (_, property) = schema.properties.iter().find(|(key, _)| key == name)?;
        schema = resolve(spec, property)?;
    }
    let number = |text: &Option<String>| text.as_ref()?.trim().parse::<i64>().ok();
    let default = number(&schema.default).filter(|default| matches!(default, 0 | 1))?;
    let is_possible = number(&schema.minimum).is_none_or(|minimum| minimum <= default);
    is_possible.then_some(default)
}

/// Returns the schema that a reference refers to.
fn resolve<'a>(spec: &'a Spec, schema: &'a Schema) -> Option<&'a Schema> {
    let Some(reference) = &schema.reference else { return Some(schema) };
    let name = reference.rsplit('/').next()?;
    spec.components.iter().find(|(key, _)| key == name).map(|(_, schema)| schema)
}

pub(super) fn is_number(ty: &Ty) -> bool {
    matches!(ty, Ty::Integer | Ty::Text | Ty::Number)
}

/// Returns the value with the first of these names, closest to the root.
pub(super) fn find<'s>(
    scalars: &'s [Scalar],
    names: &[&str],
    is_allowed: impl Fn(&Ty) -> bool,
) -> Option<&'s Scalar> {
    names.iter().find_map(|name| {
        scalars
            .iter()
            .filter(|scalar| scalar.name == *name && is_allowed(&scalar.ty))
            .min_by_key(|scalar| scalar.path.0.len())
    })
}
