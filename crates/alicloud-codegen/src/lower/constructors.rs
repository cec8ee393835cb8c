//! The arguments of `new`.
//!
//! The rule: the required fields are arguments if there are at most two of them and nobody can swap them
//! unnoticed. Otherwise `new` has no arguments, and the required fields have setters like the others. A
//! `RegionId` is never an argument. The overlay can choose the arguments of a request.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostics;
use crate::ir::{Field, Operation, Product, Struct, Ty, Type};
use crate::overlay::Overlay;

/// Maximum required fields of a request that are arguments of its `new`.
pub const MAX_ARGUMENTS: usize = 2;

/// Assigns the arguments of all requests and their parts.
pub(super) fn assign(product: &mut Product, overlay: &Overlay, diagnostics: &mut Diagnostics) {
    let shared_enums = enums(&product.types);
    for operation in &mut product.operations {
        let enums = &enums(&operation.types) | &shared_enums;
        match overlay.arguments(&operation.name) {
            Some(names) => choose(operation, &names, &enums, diagnostics),
            None => assign_struct(&mut operation.request, &enums),
        }
        assign_types(&mut operation.types, &enums);
    }
    assign_types(&mut product.types, &shared_enums);
}

/// Returns the names of the enums.
fn enums(types: &[Type]) -> BTreeSet<String> {
    let enums = types.iter().filter(|ty| matches!(ty, Type::Enum(_)));
    enums.map(|ty| ty.name().to_owned()).collect()
}

fn assign_types(types: &mut [Type], enums: &BTreeSet<String>) {
    for ty in types {
        if let Type::Struct(structure) = ty
            && structure.input
        {
            assign_struct(structure, enums);
        }
    }
}

fn assign_struct(structure: &mut Struct, enums: &BTreeSet<String>) {
    let required: Vec<&Field> =
        structure.fields.iter().filter(|field| field.required && !is_region(field)).collect();
    structure.arguments = match are_distinct(&required, enums) {
        true => names(&required),
        false => Vec::new(),
    };
}

/// Assigns the arguments that the overlay names.
fn choose(
    operation: &mut Operation,
    chosen: &[String],
    enums: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) {
    let request = &mut operation.request;
    let find =
        |wire: &String| request.fields.iter().find(|field| field.wire == *wire && field.required);
    let fields: Option<Vec<&Field>> = chosen.iter().map(find).collect();
    match fields.filter(|fields| are_distinct(fields, enums)) {
        Some(fields) => request.arguments = names(&fields),
        None => diagnostics.error(
            operation.name.clone(),
            format!("the overlay's arguments {chosen:?} are invalid"),
            "name at most two required parameters whose types differ",
        ),
    }
}

fn names(fields: &[&Field]) -> Vec<String> {
    fields.iter().map(|field| field.name.clone()).collect()
}

fn is_region(field: &Field) -> bool {
    field.wire.eq_ignore_ascii_case("RegionId")
}

/// Returns whether fields can be arguments that nobody swaps unnoticed.
fn are_distinct(fields: &[&Field], enums: &BTreeSet<String>) -> bool {
    match fields {
        [first, second] => is_distinct(&first.ty, &second.ty, enums),
        fields => fields.len() <= MAX_ARGUMENTS,
    }
}

/// Returns whether no argument fits both types.
fn is_distinct(first: &Ty, second: &Ty, enums: &BTreeSet<String>) -> bool {
    match (first, second) {
        (Ty::List(first), Ty::List(second)) | (Ty::Map(first), Ty::Map(second)) => {
            is_distinct(first, second, enums)
        }
        // A free-form value can be created from every other value.
        (Ty::Any, _) | (_, Ty::Any) => false,
        _ => class(first, enums) != class(second, enums),
    }
}

/// What the arguments of a type are written as in a program.
#[derive(PartialEq)]
enum Class<'a> {
    Text,
    Number,
    Boolean,
    Bytes,
    Struct(&'a str),
    List,
    Map,
}

fn class<'a>(ty: &'a Ty, enums: &BTreeSet<String>) -> Class<'a> {
    match ty {
        Ty::Integer | Ty::Number => Class::Number,
        Ty::Boolean => Class::Boolean,
        Ty::Bytes => Class::Bytes,
        Ty::List(_) => Class::List,
        Ty::Map(_) => Class::Map,
        Ty::Named(name) | Ty::Boxed(name) if !enums.contains(name) => Class::Struct(name),
        _ => Class::Text,
    }
}
