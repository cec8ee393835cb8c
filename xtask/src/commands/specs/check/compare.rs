//! Compares a description with a package, element by element.

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;

use alicloud_codegen::lower::PROTOCOL_PARAMETERS;
use alicloud_codegen::spec::shape::{self, Shape};
use alicloud_codegen::spec::{Operation, Parameter, Schema, Spec};

use super::super::components::{Components, Kind, Target};
use super::client::Bodies;
use super::known::Known;
use super::package::Package;
use super::report::{Difference, Drift};

/// How a list or an object can be written as one text.
const TEXT_STYLES: [&str; 4] = ["json", "simple", "spaceDelimited", "pipeDelimited"];

/// Compares a description with the package of its product.
pub(super) fn compare(spec: &Spec, package: &Package, known: &Known) -> Drift {
    let (ours, theirs) = (operations(spec), operations(&package.spec));
    let mut comparison = Comparison {
        ours: Components::new(spec),
        theirs: Components::new(&package.spec),
        parameters: 0,
        fields: 0,
        differences: Vec::new(),
    };
    let (mut common, mut not_selected) = (0, Vec::new());
    for (name, operation) in &theirs {
        match ours.get(name) {
            Some(our_operation) => {
                common += 1;
                let bodies = package.bodies.get(*name);
                comparison.compare_transport(our_operation, operation, bodies);
                comparison.compare_operation(our_operation, operation);
            }
            None if known.complete => comparison.add(name, Difference::Missing, "operation"),
            None => not_selected.push((*name).to_owned()),
        }
    }
    for name in ours.keys().filter(|name| !theirs.contains_key(*name)) {
        comparison.add(name, Difference::OnlyHere, "operation");
    }
    let mut lines = comparison.differences;
    let (count, mut used) = (lines.len(), BTreeSet::new());
    lines.retain(|(_, location, _)| match known.entry(location) {
        Some(entry) => {
            used.insert(entry);
            false
        }
        None => true,
    });
    lines.sort();
    Drift {
        title: format!("{} {}", spec.product, spec.version),
        package: match &package.version {
            Some(version) => format!("{} {version}", package.name),
            None => package.name.clone(),
        },
        common,
        total: theirs.len(),
        not_selected,
        parameters: comparison.parameters,
        fields: comparison.fields,
        known: count - lines.len(),
        differences: lines,
        without_effect: known
            .elements
            .iter()
            .filter(|entry| !used.contains(entry.as_str()))
            .cloned()
            .collect(),
    }
}

fn operations(spec: &Spec) -> BTreeMap<&str, &Operation> {
    spec.operations.iter().map(|operation| (operation.name.as_str(), operation)).collect()
}

struct Comparison<'a> {
    ours: Components<'a>,
    theirs: Components<'a>,
    /// The numbers of compared parameters and of compared fields.
    parameters: usize,
    fields: usize,
    differences: Vec<(Difference, String, String)>,
}

impl<'a> Comparison<'a> {
    fn add(&mut self, location: &str, difference: Difference, text: impl Into<String>) {
        self.differences.push((difference, location.to_owned(), text.into()));
    }

    /// Compares the HTTP method, the path and the formats of the bodies, where the package sets them.
    fn compare_transport(&mut self, ours: &Operation, theirs: &Operation, bodies: Option<&Bodies>) {
        let upper: Vec<String> =
            ours.methods.iter().map(|method| method.to_ascii_uppercase()).collect();
        let methods = match upper.as_slice() {
            [] => vec!["POST"],
            methods => methods.iter().map(String::as_str).collect(),
        };
        let request = match ours.parameters.iter().any(|parameter| parameter.location == "body") {
            true => "json",
            false => "formData",
        };
        // A response without a body can have any format.
        let response = if ours.success.is_some() { vec!["json"] } else { vec!["json", "none"] };
        let bodies = bodies.map(|bodies| (bodies.request.as_deref(), bodies.response.as_deref()));
        let (their_request, their_response) = bodies.unwrap_or_default();
        for (what, ours_of, their) in [
            ("HTTP method", methods, theirs.methods.first().map(String::as_str)),
            ("path", vec![ours.path.as_deref().unwrap_or("/")], theirs.path.as_deref()),
            ("body of the request", vec![request], their_request),
            ("body of the response", response, their_response),
        ] {
            if let Some(their) = their.filter(|their| !ours_of.contains(their)) {
                let text = format!("{what} {} here, {their} there", ours_of.join(" or "));
                self.add(&ours.name, Difference::Different, text);
            }
        }
    }

    fn compare_operation(&mut self, ours: &'a Operation, theirs: &'a Operation) {
        let location = |parameter: &Parameter| format!("{}?{}", ours.name, parameter.name);
        let parameters = |operation: &'a Operation| -> BTreeMap<&str, &'a Parameter> {
            let parameters = operation.parameters.iter();
            let parameters = parameters.map(|parameter| (parameter.name.as_str(), parameter));
            parameters.filter(|(name, _)| !PROTOCOL_PARAMETERS.contains(name)).collect()
        };
        let (our_parameters, their_parameters) = (parameters(ours), parameters(theirs));
        self.parameters += their_parameters.len();
        for (name, parameter) in &their_parameters {
            match our_parameters.get(name) {
                Some(own) => self.compare_parameter(own, parameter, &location(parameter)),
                None => {
                    let kind = label(&self.theirs, &parameter.schema);
                    let text = format!("{kind}, in {}", parameter.location);
                    self.add(&location(parameter), Difference::Missing, text);
                }
            }
        }
        for (name, parameter) in our_parameters {
            if !their_parameters.contains_key(name) {
                self.add(&location(parameter), Difference::OnlyHere, "parameter");
            }
        }
        let location = format!("{}!", ours.name);
        match (&ours.success, &theirs.success) {
            (Some(ours), Some(theirs)) => self.compare_schemas(ours, theirs, location),
            (None, Some(theirs)) => {
                let text = label(&self.theirs, theirs);
                self.add(&location, Difference::Missing, text);
            }
            (Some(_), None) => self.add(&location, Difference::OnlyHere, "response"),
            (None, None) => {}
        }
    }

    fn compare_parameter(&mut self, ours: &'a Parameter, theirs: &'a Parameter, location: &str) {
        if ours.location != theirs.location {
            let text = format!("in {} here, in {} there", ours.location, theirs.location);
            self.add(location, Difference::Different, text);
        }
        let our_style = ours.style.as_deref().filter(|style| TEXT_STYLES.contains(style));
        let is_text = matches!(shape::classify(&ours.schema), Some(Shape::Text));
        match &theirs.style {
            // The package writes a list or an object as text; the type of that text is a decision of the overlay.
            Some(_) if is_text => {}
            their_style if our_style != their_style.as_deref() && !is_text => {
                let style = |style: Option<&str>| style.unwrap_or("no text").to_owned();
                let (our_style, their_style) = (style(our_style), style(their_style.as_deref()));
                let text = format!("written as {our_style} here, as {their_style} there");
                self.add(location, Difference::Different, text);
            }
            _ => self.compare_schemas(&ours.schema, &theirs.schema, location.to_owned()),
        }
    }

    /// Compares two schemas and everything that they contain. Below a difference, nothing is compared.
    fn compare_schemas(&mut self, ours: &'a Schema, theirs: &'a Schema, location: String) {
        let mut pending = vec![(ours, theirs, location)];
        // Classes and components can contain themselves.
        let mut compared = BTreeSet::new();
        while let Some((ours, theirs, location)) = pending.pop() {
            let (ours, theirs) = (resolve(&self.ours, ours), resolve(&self.theirs, theirs));
            if !compared.insert((ptr::from_ref(ours), ptr::from_ref(theirs))) {
                continue;
            }
            match (shape::classify(ours), shape::classify(theirs)) {
                (Some(Shape::Struct(ours)), Some(Shape::Struct(theirs))) => {
                    let separator = if location.ends_with('!') { "" } else { "." };
                    let place = |name: &str| format!("{location}{separator}{name}");
                    let find = |fields: &'a [(String, Schema)], name: &str| {
                        fields.iter().find(|(key, _)| key == name).map(|(_, schema)| schema)
                    };
                    match location.contains('!') {
                        true => self.fields += theirs.len(),
                        false => self.parameters += theirs.len(),
                    }
                    for (name, theirs) in theirs {
                        match find(ours, name) {
                            Some(ours) => pending.push((ours, theirs, place(name))),
                            None => {
                                let text = label(&self.theirs, theirs);
                                self.add(&place(name), Difference::Missing, text);
                            }
                        }
                    }
                    for (name, _) in ours.iter().filter(|(name, _)| find(theirs, name).is_none()) {
                        self.add(&place(name), Difference::OnlyHere, "field");
                    }
                }
                (Some(Shape::List(Some(ours))), Some(Shape::List(Some(theirs))))
                | (Some(Shape::Map(ours)), Some(Shape::Map(theirs))) => {
                    pending.push((ours, theirs, location + "[]"));
                }
                _ => {
                    let (ours, theirs) = (label(&self.ours, ours), label(&self.theirs, theirs));
                    if ours != theirs {
                        let text = format!("{ours} here, {theirs} there");
                        self.add(&location, Difference::Different, text);
                    }
                }
            }
        }
    }
}

/// Follows references, also to components that become types.
fn resolve<'a>(components: &Components<'a>, schema: &'a Schema) -> &'a Schema {
    match components.resolve(schema).0 {
        Target::Component(name) => components.get(name).unwrap_or(schema),
        Target::Inline(schema) => schema,
        Target::Unresolved => schema,
    }
}

/// Returns the type on the wire in words.
fn label(components: &Components<'_>, schema: &Schema) -> String {
    let kind = |schema| components.kind(Target::Inline(resolve(components, schema)));
    let is_any = |schema| kind(schema) == Kind::Any;
    match shape::classify(resolve(components, schema)) {
        // The package has no type for enums, and a map of anything for objects without fields.
        Some(Shape::Text) => Kind::Text.label(),
        Some(Shape::Map(value)) if is_any(value) => Kind::Any.label(),
        Some(Shape::List(Some(items))) if !is_any(items) => {
            format!("list of {}", kind(items).label())
        }
        _ => kind(schema).label(),
    }
}
