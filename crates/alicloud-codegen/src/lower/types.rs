//! Lowers schemas to types: types of one operation and shared types.

mod context;
mod documentation;
mod references;
mod shared;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use context::field_selector;
pub(super) use context::{Links, SchemaContext, item_name};

use super::cycles::box_cycles;
use super::field_names::{self, FieldName, Unnamed};
use super::module_types::ModuleTypes;
use super::nesting::{MAP_STEPS, MAX_NESTING};
use super::secrets;
use crate::diagnostics::Diagnostics;
use crate::ir::{Field, Struct, Ty, Type};
use crate::names::{self, Scope};
use crate::overlay::Overlay;
use crate::spec::shape::{self, Shape};
use crate::spec::{Schema, Spec};

/// Maximum types that an operation, or a component, has for the objects inside of it, so that a small
/// description cannot become a large crate: a list is generated once for each reference to it.
const MAX_TYPES: usize = 2_000;

/// Maximum types of a product for objects inside of operations and components.
const MAX_TYPES_OF_PRODUCT: usize = 50_000;

/// The types of a product during lowering.
pub(super) struct Types<'a> {
    components: BTreeMap<&'a str, &'a Schema>,
    pub(super) overlay: &'a Overlay,
    links: Links<'a>,
    /// The names of shared types.
    scope: Scope,
    /// The type of each component that was referenced.
    named: BTreeMap<&'a str, String>,
    /// Components that have a name and are not lowered yet.
    pending: Vec<&'a str>,
    /// Components whose reference is being resolved, to detect cycles.
    resolving: BTreeSet<&'a str>,
    shared: BTreeMap<String, Type>,
    /// The types for objects inside of operations and components.
    inner_types: usize,
    /// The operations and components, or the product, with too many types, to report each once.
    full: BTreeSet<String>,
}

impl<'a> Types<'a> {
    pub(super) fn new(spec: &'a Spec, overlay: &'a Overlay, links: Links<'a>) -> Self {
        // Shared types must not have the names of requests and responses.
        let reserved: Vec<String> = spec
            .operations
            .iter()
            .flat_map(|operation| {
                let name = names::operation(&operation.name);
                [format!("{name}Request"), format!("{name}Response")]
            })
            .collect();
        let reserved: Vec<&str> = reserved.iter().map(String::as_str).collect();
        Types {
            components: spec
                .components
                .iter()
                .map(|(name, schema)| (name.as_str(), schema))
                .collect(),
            overlay,
            links,
            scope: Scope::with_names(&reserved),
            named: BTreeMap::new(),
            pending: Vec::new(),
            resolving: BTreeSet::new(),
            shared: BTreeMap::new(),
            inner_types: 0,
            full: BTreeSet::new(),
        }
    }

    /// Lowers a schema to a type.
    pub(super) fn ty(
        &mut self,
        schema: &'a Schema,
        context: &SchemaContext<'_>,
        module: &mut ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        let Some(shape) = shape::classify(schema) else {
            diagnostics.error(
                format!("{}/type", schema.pointer),
                format!("unknown type {:?}", schema.kind),
                "use string, integer, number, boolean, array, object or any",
            );
            return Ty::Any;
        };
        let is_nested = matches!(shape, Shape::Struct(_) | Shape::List(_) | Shape::Map(_));
        if is_nested && context.nesting >= MAX_NESTING {
            diagnostics.warning(
                schema.pointer.clone(),
                "inside of too many objects, lists and maps for rustc",
                "treated as any JSON value",
            );
            return Ty::Any;
        }
        match shape {
            Shape::Reference(reference) => {
                self.reference(reference, schema, context, module, diagnostics)
            }
            Shape::Text => self.text(schema, context, module, diagnostics),
            Shape::Integer => Ty::Integer,
            Shape::Number => Ty::Number,
            Shape::Boolean => Ty::Boolean,
            Shape::Bytes => Ty::Bytes,
            Shape::Any => Ty::Any,
            Shape::List(None) => {
                diagnostics.note(
                    schema.pointer.clone(),
                    "the list has no `items`",
                    "its items are generated as JSON values",
                );
                Ty::List(Box::new(Ty::Any))
            }
            Shape::List(Some(items)) => {
                Ty::List(Box::new(self.ty(items, &context.items(), module, diagnostics)))
            }
            Shape::Map(value) => {
                Ty::Map(Box::new(self.ty(value, &context.values(MAP_STEPS), module, diagnostics)))
            }
            Shape::Struct(_) => match self.overlay.name(&context.selector) {
                Some(name) => self
                    .shared_struct(name, schema, context, diagnostics)
                    .inspect(|name| module.add_shared(name))
                    .map_or(Ty::Any, Ty::Named),
                None if self.is_full(schema, context, module, diagnostics) => Ty::Any,
                None => {
                    self.inner_types += 1;
                    let structure = self.structure(schema, context, module, diagnostics);
                    module.add(context.name_path.clone(), Type::Struct(structure))
                }
            },
        }
    }

    /// Returns whether there are too many types for one more object, and reports that once.
    fn is_full(
        &mut self,
        schema: &Schema,
        context: &SchemaContext<'_>,
        module: &ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let (owner, maximum) = if module.count() >= MAX_TYPES {
            let owner = context.selector.split(['!', '?', '.', '[']).next().unwrap_or_default();
            (owner, MAX_TYPES)
        } else if self.inner_types >= MAX_TYPES_OF_PRODUCT {
            ("the product", MAX_TYPES_OF_PRODUCT)
        } else {
            return false;
        };
        if self.full.insert(owner.to_owned()) {
            diagnostics.warning(
                schema.pointer.clone(),
                format!("{owner} has more than {maximum} types for objects inside of each other"),
                "this object and the next ones are treated as any JSON value; move equal objects to `components`",
            );
        }
        true
    }

    /// Lowers an object to a struct without a name.
    pub(super) fn structure(
        &mut self,
        schema: &'a Schema,
        context: &SchemaContext<'_>,
        module: &mut ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> Struct {
        let docs = self.docs(schema, context.name);
        let mut scope = Scope::with_names(&["new"]);
        let mut known = BTreeSet::new();
        let mut properties = Vec::new();
        for (wire, property) in &schema.properties {
            if !known.insert(wire.as_str()) {
                diagnostics.warning(
                    property.pointer.clone(),
                    format!("duplicate property {wire:?}"),
                    "ignored",
                );
                continue;
            }
            properties.push((wire.as_str(), property));
        }
        let unnamed: Vec<Unnamed<'_>> = properties
            .iter()
            .map(|(wire, property)| Unnamed {
                wire,
                rename: self.overlay.rename(&context.property(wire, property).selector),
                location: "",
                deprecated: property.deprecated,
                pointer: &property.pointer,
                schema: property,
            })
            .collect();
        let assigned = field_names::assign(&unnamed, &mut scope, diagnostics);
        let mut fields: Vec<Field> = properties
            .into_iter()
            .zip(assigned)
            .map(|((wire, property), name)| {
                let property = (wire, property);
                self.field(property, name, context, module, diagnostics)
            })
            .collect();
        self.mark_secrets(&context.selector, &mut fields);
        Struct { name: String::new(), docs, fields, ..Struct::default() }
    }

    /// Makes the texts secrets that are some because of what is around them.
    pub(super) fn mark_secrets(&self, owner: &str, fields: &mut [Field]) {
        let wires: Vec<String> = fields.iter().map(|field| field.wire.clone()).collect();
        let siblings: Vec<&str> = wires.iter().map(String::as_str).collect();
        for field in fields.iter_mut().filter(|field| field.ty == Ty::Text) {
            let selector = field_selector(owner, &field.wire);
            if secrets::is_secret(owner, &field.wire, &siblings)
                && self.overlay.r#type(&selector).is_none()
            {
                field.ty = Ty::Secret;
            }
        }
    }

    fn field(
        &mut self,
        (wire, schema): (&str, &'a Schema),
        name: FieldName,
        parent: &SchemaContext<'_>,
        module: &mut ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> Field {
        let mut context = parent.property(wire, schema);
        let FieldName { name, superseded_by, shows_wire } = name;
        let wire_path = context.wire_path.clone().unwrap_or_else(|| wire.to_owned());
        let (item, ty) = match shape::wrapped_list(schema) {
            Some((key, list)) => {
                // The key of the wrapper is the documented name of an item.
                context.name_path.pop();
                context.name_path.push(if names::singular(key).len() > 1 {
                    names::singular(key)
                } else {
                    key.to_owned()
                });
                let inner = SchemaContext {
                    selector: format!("{}.{key}", context.selector),
                    name_path: context.name_path.clone(),
                    name: key,
                    nesting: context.nesting,
                    wire_path: None,
                };
                (Some(key.to_owned()), self.ty(list, &inner, module, diagnostics))
            }
            None => (None, self.ty(schema, &context, module, diagnostics)),
        };
        let comma_list = ty == Ty::Text && self.overlay.is_list(&context.selector);
        let ty = if comma_list { Ty::List(Box::new(Ty::Text)) } else { ty };
        let text = matches!(ty, Ty::Integer | Ty::Number | Ty::Boolean)
            && matches!(shape::classify(schema), Some(Shape::Text));
        let required = schema.required && superseded_by.is_none();
        Field {
            name,
            wire: wire.to_owned(),
            item,
            docs: self.field_docs(schema, wire, &ty),
            wire_path: shows_wire.then_some(wire_path),
            deprecated: schema.deprecated,
            superseded_by,
            ty,
            required,
            parameter: None,
            comma_list,
            text,
            json_text: schema.in_text,
            example: schema_example(schema),
            in_example: self.overlay.in_example(&context.selector),
            shown_example: None,
        }
    }

    /// Lowers the components that were referenced, and returns all shared types, sorted by name.
    pub(super) fn finish(mut self, diagnostics: &mut Diagnostics) -> Vec<Type> {
        while let Some(component) = self.pending.pop() {
            let (Some(schema), Some(name)) =
                (self.components.get(component).copied(), self.named.get(component).cloned())
            else {
                continue;
            };
            let mut module = ModuleTypes::default();
            let context = SchemaContext {
                selector: format!("#{component}"),
                name_path: Vec::new(),
                name: component,
                nesting: 0,
                wire_path: None,
            };
            let mut structure = self.structure(schema, &context, &mut module, diagnostics);
            structure.name.clone_from(&name);
            for ty in module.finish(&name, &mut self.scope, &mut [&mut structure.fields]) {
                self.shared.insert(ty.name().to_owned(), ty);
            }
            self.shared.insert(name, Type::Struct(structure));
        }
        box_cycles(&mut self.shared);
        self.shared.into_values().collect()
    }
}

/// Returns the example value of a schema: its own, or for a list that of an item.
pub(super) fn schema_example(schema: &Schema) -> Option<String> {
    let own = schema.example.clone();
    own.or_else(|| schema.items.as_deref().and_then(|items| items.example.clone()))
}
