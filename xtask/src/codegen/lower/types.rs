//! Schemas to types: what is shared, what belongs to one operation, and where a box is needed.

use std::collections::{BTreeMap, BTreeSet};

use super::cycles::box_cycles;
use super::module_types::Unit;
use super::shape::{self, Shape};
use crate::codegen::diagnostics::Diagnostics;
use crate::codegen::docs;
use crate::codegen::ir::{Enum, Field, Reading, Struct, Ty, Type, Variant};
use crate::codegen::names::{self, Scope};
use crate::codegen::overlay::{self, EnumFix, Overlay};
use crate::codegen::spec::{Schema, Spec};

/// How many components that are no objects may stand for one another.
const LONGEST_CHAIN: usize = 32;

/// The types of a product while they are being made.
pub(super) struct Types<'a> {
    components: BTreeMap<&'a str, &'a Schema>,
    pub(super) overlay: &'a Overlay,
    links: Links<'a>,
    /// Names of shared types.
    scope: Scope,
    /// The type that a component became.
    named: BTreeMap<&'a str, String>,
    /// Components that have a name but no fields yet.
    open: Vec<&'a str>,
    /// Components that are being looked through, to see one that holds only itself.
    looking: BTreeSet<&'a str>,
    shared: BTreeMap<String, Type>,
}

/// Where a link to an operation leads, in each of the crates.
#[derive(Clone, Copy)]
pub(super) struct Links<'a> {
    pub(super) in_model: &'a dyn Fn(&str) -> Option<String>,
    pub(super) in_client: &'a dyn Fn(&str) -> Option<String>,
}

/// Where a schema stands.
pub(super) struct Place<'p> {
    /// The place as the overlay writes it.
    pub(super) at: String,
    /// The way from the root of the unit, in words for a name.
    pub(super) way: Vec<String>,
    /// What to say of a type that says nothing of itself.
    pub(super) of: &'p str,
}

/// The word for one value of a schema: of a list, one item.
pub(super) fn name_of_one(name: &str, schema: &Schema) -> String {
    match shape::of(schema) {
        Some(Shape::List(_)) => names::singular(name),
        _ => name.to_owned(),
    }
}

impl Place<'_> {
    fn inside<'k>(&self, key: &'k str, schema: &Schema) -> Place<'k> {
        let separator = if self.at.ends_with('!') { "" } else { "." };
        let mut way = self.way.clone();
        way.push(name_of_one(key, schema));
        Place { at: format!("{}{separator}{key}", self.at), way, of: key }
    }

    fn items(&self) -> Place<'_> {
        Place { at: format!("{}[]", self.at), way: self.way.clone(), of: self.of }
    }
}

impl<'a> Types<'a> {
    pub(super) fn new(spec: &'a Spec, overlay: &'a Overlay, links: Links<'a>) -> Self {
        // A shared type must not have the name of a request or a response.
        let own: Vec<String> = spec
            .operations
            .iter()
            .flat_map(|operation| {
                let name = names::operation(&operation.name);
                [format!("{name}Request"), format!("{name}Response")]
            })
            .collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        Types {
            components: spec
                .components
                .iter()
                .map(|(name, schema)| (name.as_str(), schema))
                .collect(),
            overlay,
            links,
            scope: Scope::with(&own),
            named: BTreeMap::new(),
            open: Vec::new(),
            looking: BTreeSet::new(),
            shared: BTreeMap::new(),
        }
    }

    /// The documentation of a schema, or a sentence in its place.
    pub(super) fn docs(&self, schema: &Schema, instead: impl FnOnce() -> String) -> Vec<String> {
        const EMPTY: &[&str] =
            &["Schema of Response", "Id of the request", "A short description of struct"];
        let text = [&schema.description, &schema.title]
            .into_iter()
            .flatten()
            .find(|text| !EMPTY.contains(&text.as_str()));
        let lines = text.map(|text| docs::rustdoc(text, self.links.in_model)).unwrap_or_default();
        if lines.is_empty() { vec![instead()] } else { lines }
    }

    /// Documentation that stands in the client.
    pub(super) fn client_docs(&self, text: &str) -> Vec<String> {
        docs::rustdoc(text, self.links.in_client)
    }

    /// The type of a schema.
    pub(super) fn ty(
        &mut self,
        schema: &'a Schema,
        place: &Place<'_>,
        unit: &mut Unit,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        let Some(shape) = shape::of(schema) else {
            diagnostics.error(
                format!("{}/type", schema.pointer),
                format!("the unknown type {:?}", schema.kind),
                "known are string, integer, number, boolean, array, object and any: correct the description",
            );
            return Ty::Any;
        };
        match shape {
            Shape::Reference(reference) => {
                self.reference(reference, schema, place, unit, diagnostics)
            }
            Shape::Text => self.text(schema, place, unit, diagnostics),
            Shape::Integer => Ty::Integer,
            Shape::Number => Ty::Number,
            Shape::Boolean => Ty::Boolean,
            Shape::Bytes => Ty::Bytes,
            Shape::Any => Ty::Any,
            Shape::List(None) => {
                diagnostics.note(
                    schema.pointer.clone(),
                    "a list without `items`",
                    "its items are JSON values",
                );
                Ty::List(Box::new(Ty::Any))
            }
            Shape::List(Some(items)) => {
                Ty::List(Box::new(self.ty(items, &place.items(), unit, diagnostics)))
            }
            Shape::Map(value) => {
                Ty::Map(Box::new(self.ty(value, &place.items(), unit, diagnostics)))
            }
            Shape::Struct(_) => match self.overlay.name(&place.at) {
                Some(name) => self
                    .shared_struct(name, schema, place, diagnostics)
                    .inspect(|name| unit.mentions(name))
                    .map_or(Ty::Any, Ty::Named),
                None => {
                    let one = self.structure(schema, place, unit, diagnostics);
                    unit.add(place.way.clone(), Type::Struct(one))
                }
            },
        }
    }

    /// The fields of an object, without a name for it.
    pub(super) fn structure(
        &mut self,
        schema: &'a Schema,
        place: &Place<'_>,
        unit: &mut Unit,
        diagnostics: &mut Diagnostics,
    ) -> Struct {
        let of = place.of;
        let docs = self.docs(schema, || format!("One value of `{of}`."));
        let mut scope = Scope::with(&["new"]);
        let mut seen = BTreeSet::new();
        let mut fields = Vec::new();
        for (wire, property) in &schema.properties {
            if !seen.insert(wire.as_str()) {
                diagnostics.warning(
                    property.pointer.clone(),
                    format!("a second property {wire:?}"),
                    "left out",
                );
                continue;
            }
            fields.push(self.field(wire, property, place, &mut scope, unit, diagnostics));
        }
        Struct { name: String::new(), docs, fields, input: false }
    }

    fn field(
        &mut self,
        wire: &str,
        schema: &'a Schema,
        parent: &Place<'_>,
        scope: &mut Scope,
        unit: &mut Unit,
        diagnostics: &mut Diagnostics,
    ) -> Field {
        let mut place = parent.inside(wire, schema);
        let name = self.overlay.rename(&place.at).unwrap_or_else(|| wire.to_owned());
        let name = scope.claim(&names::snake(&name));
        let docs = self.docs(schema, || format!("The field `{}`.", wire.replace('`', "")));
        let (item, ty) = match shape::wrapped_list(schema) {
            Some((key, list)) => {
                // The wrapper's key is the documentation's own name for an item.
                place.way.pop();
                place.way.push(if names::singular(key).len() > 1 {
                    names::singular(key)
                } else {
                    key.to_owned()
                });
                let inner =
                    Place { at: format!("{}.{key}", place.at), way: place.way.clone(), of: key };
                (Some(key.to_owned()), self.ty(list, &inner, unit, diagnostics))
            }
            None => (None, self.ty(schema, &place, unit, diagnostics)),
        };
        let reading = self.reading(&name, &place.at, &ty, scope);
        // An object that is required could only be defaulted into existence.
        let required = schema.required && !matches!(ty, Ty::Boxed(_));
        Field {
            name,
            wire: wire.to_owned(),
            item,
            docs,
            deprecated: schema.deprecated,
            ty,
            required,
            travels: None,
            reading,
        }
    }

    fn reading(
        &self,
        name: &str,
        at: &str,
        ty: &Ty,
        scope: &mut Scope,
    ) -> Option<(String, Reading)> {
        if *ty != Ty::Text {
            return None;
        }
        let stem = name.strip_prefix("r#").unwrap_or(name);
        let (suffix, reading) = match self.overlay.r#type(at)? {
            overlay::TypeFix::Timestamp => ("as_time", Reading::Time),
            overlay::TypeFix::Percent => ("as_percent", Reading::Percentage),
            overlay::TypeFix::Integer => ("as_integer", Reading::Integer),
            overlay::TypeFix::List => ("as_list", Reading::List),
        };
        Some((scope.claim(&format!("{stem}_{suffix}")), reading))
    }

    fn text(
        &mut self,
        schema: &'a Schema,
        place: &Place<'_>,
        unit: &mut Unit,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        if let Some(fix) = self.overlay.values(&place.at) {
            return self.shared_enum(fix, schema, place, unit, diagnostics);
        }
        let values = shape::values(schema);
        if values.is_empty() {
            return Ty::Text;
        }
        let of = place.of;
        let one = Enum {
            name: String::new(),
            docs: vec![format!("The values of `{}`.", of.replace('`', ""))],
            variants: variants(values.into_iter()),
        };
        unit.add(place.way.clone(), Type::Enum(one))
    }

    fn shared_enum(
        &mut self,
        fix: EnumFix,
        schema: &Schema,
        place: &Place<'_>,
        unit: &mut Unit,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        let of = place.of;
        if fix.values.is_empty() {
            diagnostics.error(
                place.at.clone(),
                format!("the overlay has no values for the enum {}", fix.name),
                "give `enum.values` in one of its entries",
            );
            return Ty::Text;
        }
        let one = Type::Enum(Enum {
            name: fix.name.clone(),
            docs: self.docs(schema, || format!("The values of `{of}`.")),
            variants: variants(fix.values.into_iter().map(|value| (value.value, value.doc))),
        });
        self.share(fix.name, one, place, diagnostics)
            .inspect(|name| unit.mentions(name))
            .map_or(Ty::Text, Ty::Named)
    }

    fn shared_struct(
        &mut self,
        name: String,
        schema: &'a Schema,
        place: &Place<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let mut unit = Unit::default();
        let root = Place { at: place.at.clone(), way: Vec::new(), of: place.of };
        let mut one = self.structure(schema, &root, &mut unit, diagnostics);
        one.name.clone_from(&name);
        // Named twice, the inner types are there already; a scope of its own keeps their names.
        let mut scope = match self.shared.contains_key(&name) {
            true => Scope::default(),
            false => self.scope.clone(),
        };
        let inner = unit.finish(&name, &mut scope, &mut [&mut one.fields]);
        if !self.shared.contains_key(&name) {
            self.scope = scope;
            for ty in inner {
                self.shared.insert(ty.name().to_owned(), ty);
            }
        }
        self.share(name, Type::Struct(one), place, diagnostics)
    }

    /// Takes a type that the overlay named into the shared ones, once.
    fn share(
        &mut self,
        name: String,
        ty: Type,
        place: &Place<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let valid = names::camel(&name) == name && !names::is_taken(&name);
        let same = match (self.shared.get(&name), &ty) {
            (None, _) => None,
            (Some(Type::Struct(old)), Type::Struct(new)) => {
                let on_wire = |one: &Struct| -> Vec<_> {
                    one.fields
                        .iter()
                        .map(|field| (field.wire.clone(), field.item.clone(), field.ty.clone()))
                        .collect()
                };
                Some(on_wire(old) == on_wire(new))
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
                    place.at.clone(),
                    format!("the overlay names two different types {name}"),
                    "give one of them another name, or the same values",
                );
                None
            }
            None => {
                diagnostics.error(
                    place.at.clone(),
                    format!("the overlay's name {name:?} is no name for a type, or taken"),
                    "use upper camel case, and a name that nothing else has",
                );
                None
            }
        }
    }

    fn reference(
        &mut self,
        reference: &str,
        schema: &Schema,
        place: &Place<'_>,
        unit: &mut Unit,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        let found = reference
            .strip_prefix("#/components/schemas/")
            .and_then(|name| self.components.get_key_value(name))
            .map(|(name, component)| (*name, *component));
        let Some((name, component)) = found else {
            diagnostics.warning(
                schema.pointer.clone(),
                format!("a reference to {reference:?}, which is not there"),
                "a JSON value in its place",
            );
            return Ty::Any;
        };
        if let Some(shared) = self.named.get(name) {
            unit.mentions(shared);
            return Ty::Named(shared.clone());
        }
        if let Some(Shape::Struct(_)) = shape::of(component) {
            let mut shared = self.scope.claim(&names::camel(name));
            while names::is_taken(&shared) {
                shared = self.scope.claim(&format!("{}Type", names::camel(name)));
            }
            unit.mentions(&shared);
            self.named.insert(name, shared.clone());
            self.open.push(name);
            return Ty::Named(shared);
        }
        // A component that is no object is what it stands for, unless it stands for itself.
        let problem = if self.looking.contains(name) {
            Some("is defined by itself")
        } else if self.looking.len() >= LONGEST_CHAIN {
            Some("stands behind too many others")
        } else {
            None
        };
        if let Some(problem) = problem {
            diagnostics.warning(
                schema.pointer.clone(),
                format!("the component {name:?} {problem}"),
                "a JSON value in its place",
            );
            return Ty::Any;
        }
        self.looking.insert(name);
        let ty = self.ty(component, place, unit, diagnostics);
        self.looking.remove(name);
        ty
    }

    /// Lowers the components that were reached, and gives all shared types in the order of their
    /// names.
    pub(super) fn finish(mut self, diagnostics: &mut Diagnostics) -> Vec<Type> {
        while let Some(component) = self.open.pop() {
            let (Some(schema), Some(name)) =
                (self.components.get(component).copied(), self.named.get(component).cloned())
            else {
                continue;
            };
            let mut unit = Unit::default();
            let place = Place { at: format!("#{component}"), way: Vec::new(), of: component };
            let mut one = self.structure(schema, &place, &mut unit, diagnostics);
            one.name.clone_from(&name);
            for ty in unit.finish(&name, &mut self.scope, &mut [&mut one.fields]) {
                self.shared.insert(ty.name().to_owned(), ty);
            }
            self.shared.insert(name, Type::Struct(one));
        }
        box_cycles(&mut self.shared);
        self.shared.into_values().collect()
    }
}

fn variants(values: impl Iterator<Item = (String, String)>) -> Vec<Variant> {
    let mut scope = Scope::with(&["Unknown"]);
    values
        .map(|(text, doc)| Variant {
            name: scope.claim(&names::camel(&text)),
            docs: docs::line(&doc).map_or_else(|| vec![format!("`{text}`.")], |line| vec![line]),
            text,
        })
        .collect()
}
