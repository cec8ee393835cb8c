//! Compares the operations of two descriptions.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_codegen::ir::{self, Idempotency, Product};
use alicloud_codegen::lower::PROTOCOL_PARAMETERS;
use alicloud_codegen::spec::shape::{self, Shape};
use alicloud_codegen::spec::{Operation, Parameter, Schema, Spec};

use super::change::{Changes, Level, code};
use super::schemas::{Arguments, SchemaComparison, type_changed};

/// One of the two descriptions.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) spec: &'a Spec,
    /// The intermediate representation, if both descriptions can be generated.
    pub(super) product: Option<&'a Product>,
}

impl<'a> Side<'a> {
    pub(super) fn operations(&self) -> BTreeMap<&'a str, &'a Operation> {
        let mut by_name = BTreeMap::new();
        for operation in &self.spec.operations {
            by_name.entry(operation.name.as_str()).or_insert(operation);
        }
        by_name
    }

    fn lowered(&self, name: &str) -> Option<&'a ir::Operation> {
        self.product?.operations.iter().find(|operation| operation.name == name)
    }

    /// Returns the error codes that are constants of the client.
    fn code_constants(&self) -> BTreeSet<&'a str> {
        match self.product {
            Some(product) => product.error_codes.iter().map(|error| error.code.as_str()).collect(),
            None => {
                let errors =
                    self.spec.operations.iter().flat_map(|operation| &operation.error_codes);
                errors.map(|error| error.code.as_str()).collect()
            }
        }
    }

    /// Returns the parameters that the generator uses. Several parameters with the same name and
    /// different locations are numbered.
    fn parameters(&self, operation: &'a Operation) -> Parameters<'a> {
        let is_rpc = match self.spec.style.as_str() {
            "RPC" => true,
            "V3" => operation.path.is_none(),
            _ => false,
        };
        let mut parameters: Parameters<'a> = BTreeMap::new();
        for parameter in &operation.parameters {
            let name = parameter.name.as_str();
            if is_rpc && PROTOCOL_PARAMETERS.contains(&name) {
                continue;
            }
            let same_name_count = parameters.range((name, 0)..=(name, usize::MAX)).count();
            let required = is_required(parameter);
            let duplicate = parameters
                .range_mut((name, 0)..=(name, usize::MAX))
                .find(|(_, known)| known.parameter.location == parameter.location);
            match duplicate {
                Some((_, known)) => known.required |= required,
                None => {
                    let entry = ParameterEntry { parameter, required };
                    parameters.insert((name, same_name_count), entry);
                }
            }
        }
        parameters
    }
}

/// Parameters by name and number.
type Parameters<'a> = BTreeMap<(&'a str, usize), ParameterEntry<'a>>;

/// A parameter, and whether it is an argument of `new`.
struct ParameterEntry<'a> {
    parameter: &'a Parameter,
    required: bool,
}

fn is_required(parameter: &Parameter) -> bool {
    let location = parameter.location.as_str();
    // The runtime generates the token if the program sets none.
    let is_token = parameter.name.eq_ignore_ascii_case("ClientToken")
        && matches!(location, "query" | "formData")
        && matches!(shape::classify(&parameter.schema), Some(Shape::Text));
    (parameter.schema.required || matches!(location, "path" | "host")) && !is_token
}

/// Compares all operations, and then the components that they refer to.
pub(super) fn compare<'a>(old: Side<'a>, new: Side<'a>, comparison: &mut SchemaComparison<'a>) {
    let (old_operations, new_operations) = (old.operations(), new.operations());
    for name in old_operations.keys().filter(|name| !new_operations.contains_key(*name)) {
        comparison.changes.add(Level::Major, name, "operation removed");
    }
    for (name, operation) in &new_operations {
        match old_operations.get(name) {
            None => comparison.changes.add(Level::Minor, name, "operation added"),
            Some(old_operation) => {
                compare_operation(old, new, old_operation, operation, comparison);
            }
        }
    }
    compare_error_codes(old, new, &mut comparison.changes);
    compare_components(&old_operations, &new_operations, comparison);
}

fn compare_operation<'a>(
    old_side: Side<'a>,
    new_side: Side<'a>,
    old: &'a Operation,
    new: &'a Operation,
    comparison: &mut SchemaComparison<'a>,
) {
    let name = new.name.as_str();
    let changes = &mut comparison.changes;
    changes.compare_deprecation(name, old.deprecated, new.deprecated);
    changes.compare_documentation(
        (&old.title, &old.summary, &old.description),
        (&new.title, &new.summary, &new.description),
    );
    let list = |words: &[String]| match words {
        [] => "none".to_owned(),
        words => code(&words.join(", ")),
    };
    let path = |path: &Option<String>| path.as_deref().map_or_else(|| "none".to_owned(), code);
    for (property, old, new) in [
        ("methods", list(&old.methods), list(&new.methods)),
        ("security", list(&old.security), list(&new.security)),
        ("path", path(&old.path), path(&new.path)),
    ] {
        if old != new {
            changes.add(Level::Patch, name, format!("{property} changed from {old} to {new}"));
        }
    }
    if let (Some(old), Some(new)) = (old_side.lowered(name), new_side.lowered(name)) {
        match (&old.not_callable, &new.not_callable) {
            (None, Some(why)) => {
                changes.add(Level::Major, name, format!("can no longer be called: {why}"));
            }
            (Some(_), None) => changes.add(Level::Minor, name, "can now be called"),
            _ => {}
        }
        let is_idempotent =
            |operation: &ir::Operation| operation.idempotency != Idempotency::Mutating;
        match (is_idempotent(old), is_idempotent(new)) {
            (true, false) => {
                changes.add(
                    Level::Patch,
                    name,
                    "no longer idempotent: calls are no longer retried after a lost response",
                );
            }
            (false, true) => {
                changes.add(
                    Level::Patch,
                    name,
                    "now idempotent: calls are retried after a lost response",
                );
            }
            _ => {}
        }
    }
    compare_parameters(name, &old_side.parameters(old), &new_side.parameters(new), comparison);
    let response = format!("{name}!");
    match (&old.success, &new.success) {
        (Some(old), Some(new)) => comparison.compare(old, new, response, false),
        (None, None) => {}
        (old, new) => {
            let old =
                old.as_ref().map_or("nothing".to_owned(), |schema| comparison.old.label(schema));
            let new =
                new.as_ref().map_or("nothing".to_owned(), |schema| comparison.new.label(schema));
            comparison.changes.add(Level::Major, &response, type_changed(&old, &new));
        }
    }
}

fn compare_parameters<'a>(
    operation: &str,
    old: &Parameters<'a>,
    new: &Parameters<'a>,
    comparison: &mut SchemaComparison<'a>,
) {
    let count_required =
        |parameters: &Parameters<'_>| parameters.values().filter(|entry| entry.required).count();
    let arguments =
        Arguments { input: true, old_count: count_required(old), new_count: count_required(new) };
    let location = |name: &str| format!("{operation}?{name}");
    for (name, _) in old.keys().filter(|key| !new.contains_key(*key)) {
        comparison.changes.add(Level::Major, &location(name), "parameter removed");
    }
    for (key, new) in new {
        let location = location(key.0);
        let Some(old) = old.get(key) else {
            let (level, text) = match new.required {
                true => (Level::Major, "required parameter added"),
                false => (Level::Minor, "parameter added"),
            };
            comparison.changes.add(level, &location, text);
            continue;
        };
        let changes = &mut comparison.changes;
        arguments.compare(old.required, new.required, &location, changes);
        changes.compare_deprecation(&location, old.parameter.deprecated, new.parameter.deprecated);
        let style = |parameter: &Parameter| parameter.style.clone().unwrap_or("none".to_owned());
        for (property, old, new) in [
            ("location", old.parameter.location.clone(), new.parameter.location.clone()),
            ("style", style(old.parameter), style(new.parameter)),
        ] {
            if old != new {
                let text = format!("{property} changed from {} to {}", code(&old), code(&new));
                changes.add(Level::Patch, &location, text);
            }
        }
        comparison.compare(&old.parameter.schema, &new.parameter.schema, location, true);
    }
}

/// Compares the error codes of each operation. The generated client has one constant per code of the
/// product, so a code that moves between operations changes no constant.
fn compare_error_codes(old: Side<'_>, new: Side<'_>, changes: &mut Changes) {
    type Codes<'a> = BTreeMap<&'a str, (BTreeSet<&'a str>, BTreeSet<&'a str>)>;
    fn codes(operation: Option<&Operation>) -> Codes<'_> {
        let mut codes = Codes::new();
        for error in operation.iter().flat_map(|operation| &operation.error_codes) {
            let (statuses, messages) = codes.entry(error.code.as_str()).or_default();
            statuses.insert(&error.status);
            messages.insert(&error.message);
        }
        codes
    }
    let join = |texts: &BTreeSet<&str>| code(&texts.iter().copied().collect::<Vec<_>>().join(", "));
    let (old_constants, new_constants) = (old.code_constants(), new.code_constants());
    let (old_operations, new_operations) = (old.operations(), new.operations());
    let is_removed =
        |constant: &str| old_constants.contains(constant) && !new_constants.contains(constant);
    let is_added =
        |constant: &str| new_constants.contains(constant) && !old_constants.contains(constant);
    let names: BTreeSet<&str> =
        old_operations.keys().chain(new_operations.keys()).copied().collect();
    for name in names {
        let old = codes(old_operations.get(name).copied());
        let new = codes(new_operations.get(name).copied());
        if !new_operations.contains_key(name) {
            let removed: Vec<_> = old
                .keys()
                .filter(|error_code| is_removed(error_code))
                .map(|error_code| code(error_code))
                .collect();
            if !removed.is_empty() {
                let text = format!("error codes {} removed with the operation", removed.join(", "));
                changes.add(Level::Major, name, text);
            }
            continue;
        }
        for (error_code, (statuses, _)) in old.iter().filter(|(code, _)| !new.contains_key(*code)) {
            let level = if is_removed(error_code) { Level::Major } else { Level::Patch };
            let text = format!("error code {} ({}) removed", code(error_code), join(statuses));
            changes.add(level, name, text);
        }
        for (error_code, (statuses, messages)) in &new {
            match old.get(error_code) {
                Some((old_statuses, old_messages)) => {
                    changes
                        .compare_documentation((old_statuses, old_messages), (statuses, messages));
                }
                None if old_operations.contains_key(name) => {
                    let level = if is_added(error_code) { Level::Minor } else { Level::Patch };
                    let text =
                        format!("error code {} ({}) added", code(error_code), join(statuses));
                    changes.add(level, name, text);
                }
                None => {}
            }
        }
    }
}

fn compare_components<'a>(
    old_operations: &BTreeMap<&'a str, &'a Operation>,
    new_operations: &BTreeMap<&'a str, &'a Operation>,
    comparison: &mut SchemaComparison<'a>,
) {
    fn parameter_schemas<'a>(
        operations: &BTreeMap<&'a str, &'a Operation>,
    ) -> impl Iterator<Item = &'a Schema> + use<'a> {
        let operations: Vec<&'a Operation> = operations.values().copied().collect();
        operations
            .into_iter()
            .flat_map(|operation| operation.parameters.iter().map(|parameter| &parameter.schema))
    }
    fn response_schemas<'a>(
        operations: &BTreeMap<&'a str, &'a Operation>,
    ) -> impl Iterator<Item = &'a Schema> + use<'a> {
        let operations: Vec<&'a Operation> = operations.values().copied().collect();
        operations.into_iter().filter_map(|operation| operation.success.as_ref())
    }
    let old_inputs = comparison.old.reachable(parameter_schemas(old_operations));
    let new_inputs = comparison.new.reachable(parameter_schemas(new_operations));
    let old = comparison
        .old
        .reachable(parameter_schemas(old_operations).chain(response_schemas(old_operations)));
    let new = comparison
        .new
        .reachable(parameter_schemas(new_operations).chain(response_schemas(new_operations)));
    for name in old.difference(&new) {
        comparison.changes.add(Level::Major, &format!("#{name}"), "type removed");
    }
    for name in new.difference(&old) {
        comparison.changes.add(Level::Minor, &format!("#{name}"), "type added");
    }
    for name in old.intersection(&new) {
        let (Some(old), Some(new)) = (comparison.old.get(name), comparison.new.get(name)) else {
            continue;
        };
        let input = old_inputs.contains(name) && new_inputs.contains(name);
        comparison.compare(old, new, format!("#{name}"), input);
    }
}
