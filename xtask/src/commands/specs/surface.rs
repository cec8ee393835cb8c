//! Compares the public items of the generated crates.
//!
//! The name of a nested type depends on the other types of its module, so a new field can rename
//! another type. That is a breaking change of the crate without a change of the operation, so it
//! counts for the version bump.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_codegen::ir::{Operation, Product, Root, Struct, Type};

use super::change::{Change, Level};

/// The types of public items, by owner and name.
type Surface = BTreeMap<(String, String), String>;

/// The differences between the public items of two products.
pub(super) struct SurfaceDifferences {
    pub(super) level: Level,
    /// Items that were removed or changed, although their owner has no breaking change.
    pub(super) side_effects: Vec<String>,
}

/// Compares the public items of two products.
pub(super) fn compare(old: &Product, new: &Product, changes: &[Change]) -> SurfaceDifferences {
    // Added and removed codes are changes of operations; this compares the names of the others.
    let codes = |product: &Product| -> BTreeSet<String> {
        product.error_codes.iter().map(|error| error.code.clone()).collect()
    };
    let common_codes: BTreeSet<String> = codes(old).intersection(&codes(new)).cloned().collect();
    let (old, new) = (surface(old, &common_codes), surface(new, &common_codes));
    let changed_owners: BTreeSet<&str> =
        changes.iter().filter(|change| change.level == Level::Major).map(Change::owner).collect();
    let mut differences = SurfaceDifferences { level: Level::Patch, side_effects: Vec::new() };
    for (key, old_type) in &old {
        let (owner, item) = key;
        let text = match new.get(key) {
            None => format!("`{item}` is removed"),
            Some(new_type) if new_type != old_type => {
                format!("`{item}` changes from `{old_type}` to `{new_type}`")
            }
            Some(_) => continue,
        };
        differences.level = Level::Major;
        // The line of a removed type stands for its fields and variants too.
        let is_removed = |parent: &str| {
            let parent = (owner.clone(), parent.to_owned());
            old.contains_key(&parent) && !new.contains_key(&parent)
        };
        let has_removed_parent =
            item.rsplit_once("::").is_some_and(|(parent, _)| is_removed(parent))
                || item.rsplit_once('.').is_some_and(|(parent, _)| is_removed(parent));
        if !has_removed_parent && !changed_owners.contains(owner.as_str()) {
            differences.side_effects.push(text);
        }
    }
    if new.keys().any(|key| !old.contains_key(key)) {
        differences.level = differences.level.max(Level::Minor);
    }
    differences
}

fn surface(product: &Product, codes: &BTreeSet<String>) -> Surface {
    let mut surface = Surface::new();
    for operation in &product.operations {
        add_operation(operation, &mut surface);
    }
    for ty in &product.types {
        add_type("#", "types", ty, &mut surface);
    }
    for group in &product.groups {
        let key = (String::new(), format!("feature {}", group.feature));
        surface.insert(key, String::new());
    }
    for error in product.error_codes.iter().filter(|error| codes.contains(&error.code)) {
        let key = (String::new(), format!("error_code::{}", error.name));
        surface.insert(key, error.code.clone());
    }
    surface
}

fn add_operation(operation: &Operation, surface: &mut Surface) {
    let (owner, module) = (&operation.name, &operation.module);
    let mut add = |item: String, ty: String| surface.insert((owner.clone(), item), ty);
    if operation.not_callable.is_none() {
        add(format!("Client::{}", operation.method), String::new());
    }
    if let Some(group) = &operation.group {
        add(format!("the feature of {module}"), group.clone());
    }
    if let Some(pager) = &operation.pager {
        let items = format!("{}: {}", pager.items.names().join("."), pager.item.rust());
        add(format!("the pages of {module}"), items);
    }
    add_struct(owner, module, &operation.request, surface);
    match &operation.response.root {
        Root::Struct(root) => add_struct(owner, module, root, surface),
        Root::Alias { target, .. } => {
            let item = format!("{module}::{}", operation.response.name);
            surface.insert((owner.clone(), item), target.rust());
        }
    }
    for ty in &operation.types {
        add_type(owner, module, ty, surface);
    }
}

fn add_type(owner: &str, module: &str, ty: &Type, surface: &mut Surface) {
    match ty {
        Type::Struct(definition) => add_struct(owner, module, definition, surface),
        Type::Enum(definition) => {
            let name = format!("{module}::{}", definition.name);
            for variant in &definition.variants {
                let item = format!("{name}::{}", variant.name);
                surface.insert((owner.to_owned(), item), variant.text.clone());
            }
            surface.insert((owner.to_owned(), name), "enum".to_owned());
        }
    }
}

fn add_struct(owner: &str, module: &str, definition: &Struct, surface: &mut Surface) {
    let name = format!("{module}::{}", definition.name);
    for field in &definition.fields {
        surface.insert((owner.to_owned(), format!("{name}.{}", field.name)), field.rust_type());
    }
    if definition.input {
        let arguments: Vec<_> = definition
            .argument_fields()
            .map(|field| format!("{}: {}", field.name, field.ty.rust()))
            .collect();
        surface.insert((owner.to_owned(), format!("{name}::new")), arguments.join(", "));
    }
    surface.insert((owner.to_owned(), name), "struct".to_owned());
}
