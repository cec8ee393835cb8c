//! Lowers schemas to types: types of one operation and shared types.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_wire::sensitive::is_secret_field;
use alicloud_wire::{Percent, Timestamp};

use super::cycles::box_cycles;
use super::field_names::{self, FieldName, Unnamed};
use super::module_types::ModuleTypes;
use super::nesting::{FIELD_STEPS, LIST_STEPS, MAP_STEPS, MAX_NESTING};
use super::predicates;
use super::secrets;
use super::shape::{self, Shape};
use crate::codegen::diagnostics::Diagnostics;
use crate::codegen::docs;
use crate::codegen::ir::{Enum, Field, Struct, Ty, Type, Variant};
use crate::codegen::names::{self, Scope};
use crate::codegen::overlay::{EnumSettings, Overlay, TypeSetting};
use crate::codegen::spec::{Schema, Spec};

/// Maximum length of a chain of components that only refer to the next one.
const MAX_REFERENCES: usize = 32;

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

/// Returns the intra-doc path of an operation in each crate.
#[derive(Clone, Copy)]
pub(super) struct Links<'a> {
    pub(super) in_model: &'a dyn Fn(&str) -> Option<String>,
    pub(super) in_client: &'a dyn Fn(&str) -> Option<String>,
}

/// The position of a schema in the description.
pub(super) struct SchemaContext<'p> {
    /// The selector of the overlay.
    pub(super) selector: String,
    /// The names from the root of the module to the schema.
    pub(super) name_path: Vec<String>,
    /// The name of the value, for a type without documentation.
    pub(super) name: &'p str,
    /// The steps of rustc from the root of the module to the schema.
    pub(super) nesting: usize,
    /// The name on the wire of a flat parameter or a part of one, `Tag.N`; `None` elsewhere.
    pub(super) wire_path: Option<String>,
}

/// Returns the name for one value of a schema: the singular for a list.
pub(super) fn item_name(name: &str, schema: &Schema) -> String {
    match shape::classify(schema) {
        Some(Shape::List(_)) => names::singular(name),
        _ => name.to_owned(),
    }
}

/// Returns the selector of a field: of a property of an object, or of a parameter after `Operation?`.
fn field_selector(owner: &str, name: &str) -> String {
    let separator = if owner.ends_with(['!', '?']) { "" } else { "." };
    format!("{owner}{separator}{name}")
}

impl SchemaContext<'_> {
    /// Returns the position of a property.
    fn property<'k>(&self, key: &'k str, schema: &Schema) -> SchemaContext<'k> {
        let mut name_path = self.name_path.clone();
        name_path.push(item_name(key, schema));
        let selector = field_selector(&self.selector, key);
        let wire_path = self.wire_path.as_ref().map(|path| format!("{path}.{key}"));
        let nesting = self.nesting + FIELD_STEPS;
        SchemaContext { selector, name_path, name: key, nesting, wire_path }
    }

    /// Returns the position of the items of a list.
    fn items(&self) -> SchemaContext<'_> {
        let wire_path = self.wire_path.as_ref().map(|path| format!("{path}.N"));
        SchemaContext { wire_path, ..self.values(LIST_STEPS) }
    }

    /// Returns the position of the values of a map.
    fn values(&self, steps: usize) -> SchemaContext<'_> {
        SchemaContext {
            selector: format!("{}[]", self.selector),
            name_path: self.name_path.clone(),
            name: self.name,
            nesting: self.nesting + steps,
            wire_path: None,
        }
    }
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

    /// Returns the documentation of a schema, which can be empty. A text that only repeats the name is none.
    pub(super) fn docs(&self, schema: &Schema, name: &str) -> Vec<String> {
        documentation(schema, name)
            .map(|text| docs::rustdoc(text, self.links.in_model))
            .unwrap_or_default()
    }

    /// Returns the documentation of a field of this type, which can be empty.
    pub(super) fn field_docs(&self, schema: &Schema, name: &str, ty: &Ty) -> Vec<String> {
        let Some(text) = documentation(schema, name) else { return Vec::new() };
        let lines = match ty {
            Ty::List(_) => docs::rustdoc(&docs::without_joining(text), self.links.in_model),
            _ => docs::rustdoc(text, self.links.in_model),
        };
        docs::merge_short_paragraphs(lines)
    }

    /// Converts documentation for the client crate.
    pub(super) fn client_docs(&self, text: &str) -> Vec<String> {
        docs::rustdoc(text, self.links.in_client)
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
        let text = ty == Ty::Integer && matches!(shape::classify(schema), Some(Shape::Text));
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
            example: schema_example(schema),
            shown_example: None,
        }
    }

    fn text(
        &mut self,
        schema: &'a Schema,
        context: &SchemaContext<'_>,
        module: &mut ModuleTypes,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        if let Some(settings) = self.overlay.values(&context.selector) {
            return self.shared_enum(settings, schema, context, module, diagnostics);
        }
        match self.overlay.r#type(&context.selector) {
            Some(TypeSetting::Timestamp) => return Ty::Timestamp,
            Some(TypeSetting::Percent) => return Ty::Percent,
            Some(TypeSetting::Integer) => return Ty::Integer,
            Some(TypeSetting::Secret) => return Ty::Secret,
            Some(TypeSetting::Text) => return Ty::Text,
            Some(TypeSetting::List) | None => {}
        }
        let values = shape::enum_values(schema);
        if values.is_empty() {
            return text_type(schema, context.name);
        }
        let enumeration = Enum {
            name: String::new(),
            docs: self.enum_docs(schema, context.name),
            variants: variants(values.into_iter()),
            predicates: Vec::new(),
        };
        module.add(context.name_path.clone(), Type::Enum(enumeration))
    }

    /// Returns the documentation of an enum: what the field says about its values, without what it says
    /// about itself, such as its default.
    fn enum_docs(&self, schema: &Schema, name: &str) -> Vec<String> {
        docs::first_sentence(&self.docs(schema, name)).into_iter().collect()
    }

    fn shared_enum(
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
            docs: self.enum_docs(schema, context.name),
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

    fn shared_struct(
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

    fn reference(
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

/// Returns the text of a schema. Texts that tools make up and the name itself are none.
fn documentation<'s>(schema: &'s Schema, name: &str) -> Option<&'s String> {
    const MEANINGLESS: &[&str] =
        &["Schema of Response", "Id of the request", "A short description of struct"];
    [&schema.description, &schema.title].into_iter().flatten().find(|text| {
        let words = text.trim().trim_end_matches(['.', '。']);
        !MEANINGLESS.contains(&text.as_str()) && !words.eq_ignore_ascii_case(name)
    })
}

/// Returns the type of a text, from its name, its format and its example.
///
/// Each of these types keeps a text that it cannot read, so a wrong guess loses nothing.
fn text_type(schema: &Schema, name: &str) -> Ty {
    if is_secret_field(name) {
        return Ty::Secret;
    }
    if matches!(schema.format.as_deref(), Some("iso8601" | "date-time")) {
        return Ty::Timestamp;
    }
    let example = schema.example.as_deref().map(str::trim).unwrap_or_default();
    if Timestamp::from(example).value().is_some() {
        Ty::Timestamp
    } else if example.ends_with('%') && Percent::from(example).value().is_some() {
        Ty::Percent
    } else {
        Ty::Text
    }
}

/// Returns the example value of a schema: its own, or for a list that of an item.
pub(super) fn schema_example(schema: &Schema) -> Option<String> {
    let own = schema.example.clone();
    own.or_else(|| schema.items.as_deref().and_then(|items| items.example.clone()))
}

fn variants(values: impl Iterator<Item = (String, String)>) -> Vec<Variant> {
    let mut scope = Scope::with_names(&["Respelled", "Unknown"]);
    values
        .map(|(text, doc)| Variant {
            name: scope.claim(&names::camel(&text)),
            docs: docs::single_line(&doc)
                .filter(|line| line.trim_end_matches(['.', '。']) != text)
                .into_iter()
                .collect(),
            text,
        })
        .collect()
}
