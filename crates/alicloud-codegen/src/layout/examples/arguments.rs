//! Made-up arguments of requests.

use std::collections::BTreeSet;

use super::texts::{text, text_list};
use crate::ir::{Field, Operation, Product, Struct, Ty, Type};
use crate::layout::literal;

/// Maximum depth of structs in an argument.
const MAX_DEPTH: usize = 2;

/// Makes up arguments for a request.
pub(super) struct Arguments<'a> {
    pub(super) product: &'a Product,
    pub(super) operation: &'a Operation,
    pub(super) imports: BTreeSet<String>,
}

impl Arguments<'_> {
    /// Returns a call of `new` and the setters of the other required fields and of those that the overlay
    /// shows; `None` if a value cannot be made up.
    pub(super) fn calls(&mut self, structure: &Struct, depth: usize) -> Option<Vec<String>> {
        let mut values = Vec::new();
        for field in structure.argument_fields() {
            values.push(self.expression(field, &field.ty, depth)?);
        }
        let mut calls = vec![format!("{}::new({})", structure.name, values.join(", "))];
        let is_set =
            |field: &Field| structure.arguments.contains(&field.name) || field.is_client_region();
        let is_shown = |field: &&Field| (field.required || field.in_example) && !is_set(field);
        for field in structure.fields.iter().filter(is_shown) {
            let value = self.expression(field, &field.ty, depth)?;
            calls.push(format!(".{}({value})", field.name));
        }
        // An object without a required field says more with one of its fields.
        let is_empty = depth > 0 && values.is_empty() && calls.len() == 1;
        if let Some(field) = structure.fields.first().filter(|_| is_empty)
            && let Some(value) = self.expression(field, &field.ty, depth)
        {
            calls.push(format!(".{}({value})", field.name));
        }
        Some(calls)
    }

    /// Returns an argument of a type; `None` if it cannot be made up.
    pub(super) fn expression(&mut self, field: &Field, ty: &Ty, depth: usize) -> Option<String> {
        let example = field.example.as_deref().map(str::trim).unwrap_or_default();
        Some(match ty {
            Ty::Text => text(field, example),
            Ty::Timestamp if example.is_empty() => "\"2026-01-01T00:00:00Z\"".to_owned(),
            Ty::Percent if example.is_empty() => "\"50%\"".to_owned(),
            Ty::Timestamp | Ty::Percent => text(field, example),
            Ty::Secret => "\"secret\"".to_owned(),
            Ty::Integer => match example.parse::<i64>() {
                // An argument of type `impl Into<i64>` would infer `i32`.
                Ok(number) if i32::try_from(number).is_err() => format!("{number}_i64"),
                Ok(number) => number.to_string(),
                Err(_) => "1".to_owned(),
            },
            Ty::Number => match example.parse::<f64>() {
                Ok(number) if number.is_finite() => format!("{number:?}"),
                _ => "1.0".to_owned(),
            },
            Ty::Boolean => match example {
                "true" | "false" => example.to_owned(),
                _ => "true".to_owned(),
            },
            Ty::Bytes | Ty::Any => "\"value\"".to_owned(),
            Ty::Unit => return None,
            Ty::Named(name) | Ty::Boxed(name) => return self.named(field, name, depth),
            Ty::List(item) if **item == Ty::Text => text_list(field),
            Ty::List(item) => match **item {
                Ty::List(_) | Ty::Map(_) => return None,
                _ => format!("[{}]", self.expression(field, item, depth)?),
            },
            Ty::Map(value) => match **value {
                Ty::List(_) | Ty::Map(_) => return None,
                _ => format!("[(\"key\", {})]", self.expression(field, value, depth)?),
            },
        })
    }

    /// Returns an argument of a type of the crate.
    fn named(&mut self, field: &Field, name: &str, depth: usize) -> Option<String> {
        let own = self.operation.types.iter().find(|ty| ty.name() == name);
        let ty = own.or_else(|| self.product.types.iter().find(|ty| ty.name() == name))?;
        match ty {
            Type::Enum(enumeration) => {
                let known = |example: &&str| {
                    enumeration.variants.iter().any(|variant| variant.text == *example)
                };
                let example = field.example.as_deref().map(str::trim).filter(known);
                let first = enumeration.variants.first().map(|variant| variant.text.as_str());
                example.or(first).map(literal)
            }
            Type::Struct(structure) => {
                if depth >= MAX_DEPTH {
                    return None;
                }
                let path = match own {
                    Some(_) => format!("model::{}::{name}", self.operation.module),
                    None => format!("model::{name}"),
                };
                self.imports.insert(path);
                Some(self.calls(structure, depth + 1)?.concat())
            }
        }
    }
}
