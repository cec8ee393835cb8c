//! The documentation of types without a text of their own: which documented field has their values.

use std::collections::BTreeMap;

use crate::ir::{Field, Product, Root, Ty, Type};

/// Documents each type without a text by the first documented field that has it.
pub(super) fn complete(product: &mut Product) {
    let mut of_shared = Sentences::default();
    let prefix = format!("{}::", product.layout.model_root());
    for operation in &product.operations {
        of_shared.add_fields(&operation.request.name, &operation.request.fields, &prefix);
        of_shared.add_response(&operation.response.name, &operation.response.root, &prefix);
        of_shared.add_types(&operation.types, &format!("{prefix}{}::", operation.module));
    }
    of_shared.add_types(&product.types, "super::");
    of_shared.assign(&mut product.types);
    for operation in &mut product.operations {
        let mut own = Sentences::default();
        own.add_fields(&operation.request.name, &operation.request.fields, "");
        own.add_response(&operation.response.name, &operation.response.root, "");
        own.add_types(&operation.types, "");
        own.assign(&mut operation.types);
    }
}

/// A sentence for each type, by its name.
#[derive(Default)]
struct Sentences(BTreeMap<String, String>);

impl Sentences {
    /// Adds the types of the fields of a struct. `prefix` is the path to the struct.
    fn add_fields(&mut self, owner: &str, fields: &[Field], prefix: &str) {
        for field in fields.iter().filter(|field| !field.docs.is_empty()) {
            self.add(&field.ty, &link(&format!("{owner}::{}", field.name), prefix));
        }
    }

    fn add_response(&mut self, name: &str, root: &Root, prefix: &str) {
        match root {
            Root::Struct(root) => self.add_fields(&root.name, &root.fields, prefix),
            Root::Alias { target, .. } => self.add(target, &link(name, prefix)),
        }
    }

    fn add_types(&mut self, types: &[Type], prefix: &str) {
        for ty in types {
            if let Type::Struct(structure) = ty {
                self.add_fields(&structure.name, &structure.fields, prefix);
            }
        }
    }

    fn add(&mut self, ty: &Ty, link: &str) {
        let Some(name) = ty.named() else { return };
        self.0.entry(name.to_owned()).or_insert_with(|| match ty {
            Ty::List(_) => format!("An item of {link}."),
            Ty::Map(_) => format!("An entry of {link}."),
            _ => format!("The value of {link}."),
        });
    }

    fn assign(&self, types: &mut [Type]) {
        for ty in types {
            let sentence = self.0.get(ty.name());
            let docs = match ty {
                Type::Struct(structure) => &mut structure.docs,
                Type::Enum(enumeration) => &mut enumeration.docs,
            };
            if docs.is_empty() {
                docs.extend(sentence.cloned());
            }
        }
    }
}

/// Returns a link to an item, whose module has the prefix.
fn link(path: &str, prefix: &str) -> String {
    // rustdoc does not resolve raw identifiers.
    if path.contains("r#") {
        return format!("`{}`", path.replace("r#", ""));
    }
    match prefix.is_empty() {
        true => format!("[`{path}`]"),
        false => format!("[`{path}`]({prefix}{path})"),
    }
}
