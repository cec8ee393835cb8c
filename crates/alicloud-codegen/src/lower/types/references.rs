//! References to components.

use super::{SchemaContext, Types};
use crate::diagnostics::Diagnostics;
use crate::ir::Ty;
use crate::lower::module_types::ModuleTypes;
use crate::names;
use crate::spec::Schema;
use crate::spec::shape::{self, Shape};

/// Maximum length of a chain of components that only refer to the next one.
const MAX_REFERENCES: usize = 32;

impl<'a> Types<'a> {
    pub(super) fn reference(
        &mut self,
        reference: &str,
        schema: &Schema,
        context: &SchemaContext<'_>,
        module: &mut ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        let target = reference
            .strip_prefix("#/components/schemas/")
            .and_then(|name| self.components.get_key_value(name))
            .map(|(name, component)| (*name, *component));
        let Some((name, component)) = target else {
            diagnostics.warning(
                schema.pointer.clone(),
                format!("the reference {reference:?} does not exist"),
                "treated as any JSON value",
            );
            return Ty::Any;
        };
        if let Some(shared) = self.named.get(name) {
            module.add_shared(shared);
            return Ty::Named(shared.clone());
        }
        if let Some(Shape::Struct(_)) = shape::classify(component) {
            let type_name = names::type_name(name);
            let mut shared = self.scope.claim(&type_name);
            while names::is_reserved(&shared) {
                shared = self.scope.claim(&format!("{type_name}Type"));
            }
            module.add_shared(&shared);
            self.named.insert(name, shared.clone());
            self.pending.push(name);
            return Ty::Named(shared);
        }
        // A component that is not an object is replaced with its type, unless it refers to itself.
        let defect = if self.resolving.contains(name) {
            Some("refers to itself")
        } else if self.resolving.len() >= MAX_REFERENCES {
            Some("is at the end of too many references")
        } else {
            None
        };
        if let Some(defect) = defect {
            diagnostics.warning(
                schema.pointer.clone(),
                format!("the component {name:?} {defect}"),
                "treated as any JSON value",
            );
            return Ty::Any;
        }
        self.resolving.insert(name);
        let ty = self.ty(component, context, module, diagnostics);
        self.resolving.remove(name);
        ty
    }
}
