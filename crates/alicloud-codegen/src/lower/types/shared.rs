//! Types that the overlay names, which several operations can share.

use super::texts::variants;
use super::{SchemaContext, Types};
use crate::diagnostics::Diagnostics;
use crate::ir::{Enum, Struct, Ty, Type};
use crate::lower::module_types::ModuleTypes;
use crate::lower::predicates;
use crate::names::{self, Scope};
use crate::overlay::EnumSettings;
use crate::spec::Schema;

impl<'a> Types<'a> {
    pub(super) fn shared_enum(
        &mut self,
        settings: EnumSettings,
        schema: &Schema,
        context: &SchemaContext<'_>,
        module: &mut ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        if settings.values.is_empty() {
            diagnostics.error(
                context.selector.clone(),
                format!("the overlay has no values for the enum {}", settings.name),
                "add `enum.values` to one of its entries",
            );
            return Ty::Text;
        }
        let mut enumeration = Enum {
            name: settings.name.clone(),
            docs: match settings.doc {
                Some(doc) => vec![doc],
                None => self.enum_docs(schema, context.name),
            },
            variants: variants(settings.values.into_iter().map(|value| (value.value, value.doc))),
            predicates: Vec::new(),
        };
        for (name, texts) in &settings.predicates {
            if let Err(reason) = predicates::add(&mut enumeration, name, texts) {
                diagnostics.error(
                    context.selector.clone(),
                    format!(
                        "the overlay's predicate {name:?} of {} is invalid: {reason}",
                        settings.name
                    ),
                    "correct `enum.predicates`: names such as `is_final`, and values of the enum",
                );
            }
        }
        self.share(settings.name, Type::Enum(enumeration), context, diagnostics)
            .inspect(|name| module.add_shared(name))
            .map_or(Ty::Text, Ty::Named)
    }

    pub(super) fn shared_struct(
        &mut self,
        name: String,
        schema: &'a Schema,
        context: &SchemaContext<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let mut module = ModuleTypes::default();
        let root = SchemaContext {
            selector: context.selector.clone(),
            name_path: Vec::new(),
            name: context.name,
            nesting: context.nesting,
            wire_path: None,
        };
        let mut structure = self.structure(schema, &root, &mut module, diagnostics);
        structure.name.clone_from(&name);
        // If the type exists already, its inner types do, too; an empty scope keeps their names.
        let mut scope = match self.shared.contains_key(&name) {
            true => Scope::default(),
            false => self.scope.clone(),
        };
        let inner = module.finish(&name, &mut scope, &mut [&mut structure.fields]);
        if !self.shared.contains_key(&name) {
            self.scope = scope;
            for ty in inner {
                self.shared.insert(ty.name().to_owned(), ty);
            }
        }
        self.share(name, Type::Struct(structure), context, diagnostics)
    }

    /// Adds a type that the overlay named to the shared types, unless an equal one exists.
    fn share(
        &mut self,
        name: String,
        ty: Type,
        context: &SchemaContext<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let valid = names::type_name(&name) == name && !names::is_reserved(&name);
        let same = match (self.shared.get(&name), &ty) {
            (None, _) => None,
            (Some(Type::Struct(old)), Type::Struct(new)) => {
                let wire_fields = |structure: &Struct| -> Vec<_> {
                    structure
                        .fields
                        .iter()
                        .map(|field| (field.wire.clone(), field.item.clone(), field.ty.clone()))
                        .collect()
                };
                Some(wire_fields(old) == wire_fields(new))
            }
            (Some(Type::Enum(old)), Type::Enum(new)) => Some(old.variants == new.variants),
            _ => Some(false),
        };
        match same {
            None if valid && self.scope.claim(&name) == name => {
                self.shared.insert(name.clone(), ty);
                Some(name)
            }
            Some(true) => Some(name),
            Some(false) => {
                diagnostics.error(
                    context.selector.clone(),
                    format!("the overlay gives two different types the name {name}"),
                    "rename one of them, or make them equal",
                );
                None
            }
            None => {
                diagnostics.error(
                    context.selector.clone(),
                    format!("the overlay's type name {name:?} is invalid or already in use"),
                    "use a unique name in upper camel case",
                );
                None
            }
        }
    }
}
