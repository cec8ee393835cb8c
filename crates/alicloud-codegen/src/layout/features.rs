//! Features of groups of operations.

use std::collections::{BTreeMap, BTreeSet};

use super::{WIDTH, literal, text_in_docs, use_list};
use crate::ir::{Field, Operation, Product, Root, Type};

impl Operation {
    /// Returns the `cfg` attribute of the operation, in a product with groups.
    pub(crate) fn cfg_attribute(&self) -> String {
        cfg_attribute(&self.group.iter().map(String::as_str).collect())
    }
}

impl Product {
    /// Returns the features of the groups, as lines of the manifest of the model or client crate.
    pub(crate) fn group_features(&self, is_model: bool) -> String {
        let mut lines = Vec::new();
        if self.groups.is_empty() {
            return String::new();
        }
        let all: Vec<String> =
            self.groups.iter().map(|group| format!("    {},", literal(&group.feature))).collect();
        lines.push("# Every operation. Select single groups instead to compile fewer.".to_owned());
        lines.push(format!("all-operations = [\n{}\n]", all.join("\n")));
        for group in &self.groups {
            let model = literal(&format!("{}/{}", self.model_crate, group.feature));
            lines.push(format!("# {}", group.title.replace(char::is_control, " ")));
            lines.push(format!(
                "{} = [{}]",
                group.feature,
                if is_model || !self.layout.is_crate_pair() { "" } else { &model }
            ));
        }
        lines.join("\n")
    }

    /// Returns a list of the groups for the front page of a crate, with their numbers of operations.
    pub(crate) fn group_list(&self) -> String {
        let lines = self.groups.iter().map(|group| {
            let is_member =
                |operation: &&Operation| operation.group.as_ref() == Some(&group.feature);
            let operations = self.operations.iter().filter(is_member).count();
            let title = text_in_docs(&group.title);
            format!("//! - `{}` ({operations}): {title}", group.feature)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Returns the methods of the client for its README, by group if there are groups.
    pub(crate) fn method_list(&self) -> String {
        let methods = |feature: Option<&str>| {
            let is_member = |operation: &&Operation| {
                operation.not_callable.is_none()
                    && (feature.is_none() || operation.group.as_deref() == feature)
            };
            let members = self.operations.iter().filter(is_member);
            members
                .map(|operation| format!("`{}`", operation.method))
                .collect::<Vec<_>>()
                .join(", ")
        };
        if self.groups.is_empty() {
            return methods(None);
        }
        let lines = self.groups.iter().map(|group| {
            let (title, feature) = (text_in_docs(&group.title), group.feature.as_str());
            format!("- {title} (feature `{feature}`): {}", methods(Some(feature)))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Returns the re-exports of the shared types, each with the features that need them.
    pub(super) fn type_exports(&self) -> Vec<String> {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for ty in &self.types {
            names.entry(self.type_attribute(ty)).or_default().insert(ty.name().to_owned());
        }
        let mut exports: Vec<_> = names.into_iter().collect();
        // As rustfmt sorts them: a single name precedes lists in braces.
        exports
            .sort_by(|(_, left), (_, right)| (left.len() > 1, left).cmp(&(right.len() > 1, right)));
        let line =
            |(attribute, names)| format!("{attribute}{}", use_list("pub use ", "types", &names));
        exports.into_iter().map(line).collect()
    }

    /// Returns the `cfg` attribute of a shared type: any group that needs it is enough.
    pub(crate) fn type_attribute(&self, ty: &Type) -> String {
        let mut groups = BTreeSet::new();
        for operation in &self.operations {
            if self.uses(operation, ty.name()) {
                groups.extend(operation.group.as_deref());
            }
        }
        match groups.len() == self.groups.len() {
            true => String::new(),
            false => cfg_attribute(&groups),
        }
    }

    /// Returns whether an operation needs a shared type, for itself or for another shared type.
    fn uses(&self, operation: &Operation, name: &str) -> bool {
        let mut fields: Vec<&Field> = operation.request.fields.iter().collect();
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        match &operation.response.root {
            Root::Struct(root) => fields.extend(&root.fields),
            Root::Alias { target, .. } => needed.extend(target.named()),
        }
        for ty in &operation.types {
            fields.extend(fields_of(ty));
        }
        needed.extend(fields.into_iter().filter_map(|field| field.ty.named()));
        let mut pending: Vec<&str> = needed.iter().copied().collect();
        while let Some(next) = pending.pop() {
            let shared = self.types.iter().filter(|ty| ty.name() == next);
            for inner in shared.flat_map(fields_of).filter_map(|field| field.ty.named()) {
                if needed.insert(inner) {
                    pending.push(inner);
                }
            }
        }
        needed.contains(name)
    }
}

fn fields_of(ty: &Type) -> &[Field] {
    match ty {
        Type::Struct(structure) => &structure.fields,
        Type::Enum(_) => &[],
    }
}

/// Returns the attribute of an item that needs one of some features, as rustfmt lays it out, with a line break. An item
/// that every product has needs none.
fn cfg_attribute(features: &BTreeSet<&str>) -> String {
    let conditions: Vec<String> =
        features.iter().map(|feature| format!("feature = {}", literal(feature))).collect();
    match conditions.as_slice() {
        [] => String::new(),
        [only] => format!("#[cfg({only})]\n"),
        all => {
            let single_line = format!("#[cfg(any({}))]", all.join(", "));
            match single_line.len() <= WIDTH {
                true => single_line + "\n",
                false => format!("#[cfg(any(\n    {},\n))]\n", all.join(",\n    ")),
            }
        }
    }
}
