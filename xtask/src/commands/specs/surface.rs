//! The names and types that the generated crates offer.
//!
//! Names of nested types depend on their neighbours: a field here can rename a type there. That is
//! no change of the API, and yet one that breaks programs, so the verdict looks at both.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Level};
use crate::codegen::ir::{Operation, Product, Root, Struct, Type};

/// What a program can name: its owner and name, with its type.
type Surface = BTreeMap<(String, String), String>;

/// What moves in Rust, and how much it matters.
pub(super) struct Moves {
    pub(super) level: Level,
    /// Items that went or changed, of owners of which no change says so.
    pub(super) unexplained: Vec<String>,
}

/// Compares what two products offer.
pub(super) fn compare(old: &Product, new: &Product, changes: &[Change]) -> Moves {
    // A code that goes or comes is a change of its operation; here it is about the names alone.
    let codes = |product: &Product| -> BTreeSet<String> {
        product.error_codes.iter().map(|error| error.code.clone()).collect()
    };
    let stay: BTreeSet<String> = codes(old).intersection(&codes(new)).cloned().collect();
    let (old, new) = (surface(old, &stay), surface(new, &stay));
    let explained: BTreeSet<&str> =
        changes.iter().filter(|change| change.level == Level::Major).map(Change::owner).collect();
    let mut moves = Moves { level: Level::Patch, unexplained: Vec::new() };
    for (key, before) in &old {
        let (owner, item) = key;
        let what = match new.get(key) {
            None => format!("`{item}` goes"),
            Some(after) if after != before => {
                format!("`{item}` changes from `{before}` to `{after}`")
            }
            Some(_) => continue,
        };
        moves.level = Level::Major;
        // With a type its fields go, without a line for each.
        let goes = |whole: &str| {
            let whole = (owner.clone(), whole.to_owned());
            old.contains_key(&whole) && !new.contains_key(&whole)
        };
        let part = item.rsplit_once("::").is_some_and(|(whole, _)| goes(whole))
            || item.rsplit_once('.').is_some_and(|(whole, _)| goes(whole));
        if !part && !explained.contains(owner.as_str()) {
            moves.unexplained.push(what);
        }
    }
    if new.keys().any(|key| !old.contains_key(key)) {
        moves.level = moves.level.max(Level::Minor);
    }
    moves
}

fn surface(product: &Product, stay: &BTreeSet<String>) -> Surface {
    let mut surface = Surface::new();
    for operation in &product.operations {
        of_operation(operation, &mut surface);
    }
    for one in &product.types {
        of_type("#", "types", one, &mut surface);
    }
    for group in &product.groups {
        let key = (String::new(), format!("feature {}", group.feature));
        surface.insert(key, String::new());
    }
    for error in product.error_codes.iter().filter(|error| stay.contains(&error.code)) {
        let key = (String::new(), format!("error_code::{}", error.name));
        surface.insert(key, error.code.clone());
    }
    surface
}

fn of_operation(operation: &Operation, surface: &mut Surface) {
    let (owner, module) = (&operation.name, &operation.module);
    let mut add = |item: String, ty: String| surface.insert((owner.clone(), item), ty);
    if operation.not_callable.is_none() {
        add(format!("Client::{}", operation.method), String::new());
    }
    if let Some(group) = &operation.group {
        add(format!("the feature of {module}"), group.clone());
    }
    if let Some(pager) = &operation.pager {
        let way = format!("{}: {}", pager.items.join("."), pager.item.rust());
        add(format!("the pages of {module}"), way);
    }
    of_struct(owner, module, &operation.request, surface);
    match &operation.response.root {
        Root::Struct(root) => of_struct(owner, module, root, surface),
        Root::Alias { target, .. } => {
            let item = format!("{module}::{}", operation.response.name);
            surface.insert((owner.clone(), item), target.rust());
        }
    }
    for one in &operation.types {
        of_type(owner, module, one, surface);
    }
}

fn of_type(owner: &str, module: &str, one: &Type, surface: &mut Surface) {
    match one {
        Type::Struct(one) => of_struct(owner, module, one, surface),
        Type::Enum(one) => {
            let name = format!("{module}::{}", one.name);
            for variant in &one.variants {
                let item = format!("{name}::{}", variant.name);
                surface.insert((owner.to_owned(), item), variant.text.clone());
            }
            surface.insert((owner.to_owned(), name), "enum".to_owned());
        }
    }
}

fn of_struct(owner: &str, module: &str, one: &Struct, surface: &mut Surface) {
    let name = format!("{module}::{}", one.name);
    for field in &one.fields {
        surface.insert((owner.to_owned(), format!("{name}.{}", field.name)), field.rust_type());
    }
    if one.input {
        let arguments: Vec<_> = one
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| format!("{}: {}", field.name, field.ty.rust()))
            .collect();
        surface.insert((owner.to_owned(), format!("{name}::new")), arguments.join(", "));
    }
    surface.insert((owner.to_owned(), name), "struct".to_owned());
}
