//! What changed from one operation to another, and which came and went.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Found, Level, code};
use super::schemas::{Arguments, Walk};
use crate::codegen::ir::{self, Idempotency, Product};
use crate::codegen::lower::operation::PROTOCOL;
use crate::codegen::lower::shape::{self, Shape};
use crate::codegen::spec::{Operation, Parameter, Schema, Spec};

/// One of the two documents.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) spec: &'a Spec,
    /// What the generator makes of it, where it can make something of it.
    pub(super) product: Option<&'a Product>,
}

impl<'a> Side<'a> {
    pub(super) fn operations(&self) -> BTreeMap<&'a str, &'a Operation> {
        let mut all = BTreeMap::new();
        for operation in &self.spec.operations {
            all.entry(operation.name.as_str()).or_insert(operation);
        }
        all
    }

    fn lowered(&self, name: &str) -> Option<&'a ir::Operation> {
        self.product?.operations.iter().find(|operation| operation.name == name)
    }

    /// The error codes that are constants of the client.
    fn constants(&self) -> BTreeSet<&'a str> {
        match self.product {
            Some(product) => product.error_codes.iter().map(|error| error.code.as_str()).collect(),
            None => {
                let all = self.spec.operations.iter().flat_map(|operation| &operation.error_codes);
                all.map(|error| error.code.as_str()).collect()
            }
        }
    }

    /// The parameters by name, as the generator takes them; the number tells apart those that have
    /// one name and two places.
    fn parameters(&self, operation: &'a Operation) -> BTreeMap<(&'a str, usize), Taken<'a>> {
        let by_name = match self.spec.style.as_str() {
            "RPC" => true,
            "V3" => operation.path.is_none(),
            _ => false,
        };
        let mut all: BTreeMap<(&str, usize), Taken<'a>> = BTreeMap::new();
        for parameter in &operation.parameters {
            let name = parameter.name.as_str();
            if by_name && PROTOCOL.contains(&name) {
                continue;
            }
            let same_name = all.range((name, 0)..=(name, usize::MAX)).count();
            let required = is_required(parameter);
            let same = all
                .range_mut((name, 0)..=(name, usize::MAX))
                .find(|(_, taken)| taken.parameter.place == parameter.place);
            match same {
                Some((_, taken)) => taken.required |= required,
                None => _ = all.insert((name, same_name), Taken { parameter, required }),
            }
        }
        all
    }
}

/// A parameter, and whether it is required after all.
struct Taken<'a> {
    parameter: &'a Parameter,
    required: bool,
}

fn is_required(parameter: &Parameter) -> bool {
    let place = parameter.place.as_str();
    // The runtime fills the token in.
    let token = parameter.name.eq_ignore_ascii_case("ClientToken")
        && matches!(place, "query" | "formData")
        && matches!(shape::of(&parameter.schema), Some(Shape::Text));
    (parameter.schema.required || matches!(place, "path" | "host")) && !token
}

/// Compares all operations and, after them, the components that they reach.
pub(super) fn compare<'a>(old: Side<'a>, new: Side<'a>, walk: &mut Walk<'a>) {
    let (old_all, new_all) = (old.operations(), new.operations());
    for name in old_all.keys().filter(|name| !new_all.contains_key(*name)) {
        walk.found.add(Level::Major, name, "operation removed");
    }
    for (name, operation) in &new_all {
        match old_all.get(name) {
            None => walk.found.add(Level::Minor, name, "operation added"),
            Some(before) => one(old, new, before, operation, walk),
        }
    }
    error_codes(old, new, &mut walk.found);
    components(&old_all, &new_all, walk);
}

fn one<'a>(
    old_side: Side<'a>,
    new_side: Side<'a>,
    old: &'a Operation,
    new: &'a Operation,
    walk: &mut Walk<'a>,
) {
    let at = new.name.as_str();
    let found = &mut walk.found;
    found.deprecation(at, old.deprecated, new.deprecated);
    found.document(
        (&old.title, &old.summary, &old.description),
        (&new.title, &new.summary, &new.description),
    );
    let list = |words: &[String]| match words {
        [] => "none".to_owned(),
        words => code(&words.join(", ")),
    };
    let path = |path: &Option<String>| path.as_deref().map_or_else(|| "none".to_owned(), code);
    for (what, old, new) in [
        ("methods", list(&old.methods), list(&new.methods)),
        ("security", list(&old.security), list(&new.security)),
        ("path", path(&old.path), path(&new.path)),
    ] {
        if old != new {
            found.add(Level::Patch, at, format!("{what} changed from {old} to {new}"));
        }
    }
    if let (Some(old), Some(new)) = (old_side.lowered(at), new_side.lowered(at)) {
        match (&old.not_callable, &new.not_callable) {
            (None, Some(why)) => {
                found.add(Level::Major, at, format!("can no longer be called: {why}"));
            }
            (Some(_), None) => found.add(Level::Minor, at, "can be called now"),
            _ => {}
        }
        let is_idempotent =
            |operation: &ir::Operation| operation.idempotency != Idempotency::Mutating;
        match (is_idempotent(old), is_idempotent(new)) {
            (true, false) => {
                found.add(
                    Level::Patch,
                    at,
                    "no longer counts as idempotent: not retried automatically",
                );
            }
            (false, true) => {
                found.add(Level::Patch, at, "counts as idempotent now: retried after a failure");
            }
            _ => {}
        }
    }
    parameters(at, &old_side.parameters(old), &new_side.parameters(new), walk);
    let response = format!("{at}!");
    match (&old.success, &new.success) {
        (Some(old), Some(new)) => walk.compare(old, new, response, false),
        (None, None) => {}
        (old, new) => {
            let old = old.as_ref().map_or("nothing".to_owned(), |schema| walk.old.label(schema));
            let new = new.as_ref().map_or("nothing".to_owned(), |schema| walk.new.label(schema));
            let what = format!("retyped from {old} to {new}");
            walk.found.add(Level::Major, &response, what);
        }
    }
}

fn parameters<'a>(
    operation: &str,
    old: &BTreeMap<(&'a str, usize), Taken<'a>>,
    new: &BTreeMap<(&'a str, usize), Taken<'a>>,
    walk: &mut Walk<'a>,
) {
    let required = |all: &BTreeMap<(&str, usize), Taken<'_>>| {
        all.values().filter(|taken| taken.required).count()
    };
    let arguments = Arguments { input: true, old: required(old), new: required(new) };
    let place = |name: &str| format!("{operation}?{name}");
    for (name, _) in old.keys().filter(|key| !new.contains_key(*key)) {
        walk.found.add(Level::Major, &place(name), "parameter removed");
    }
    for (key, new) in new {
        let at = place(key.0);
        let Some(old) = old.get(key) else {
            let (level, what) = match new.required {
                true => (Level::Major, "parameter added, required"),
                false => (Level::Minor, "parameter added"),
            };
            walk.found.add(level, &at, what);
            continue;
        };
        let found = &mut walk.found;
        arguments.compare(old.required, new.required, &at, found);
        found.deprecation(&at, old.parameter.deprecated, new.parameter.deprecated);
        let style = |parameter: &Parameter| parameter.style.clone().unwrap_or("none".to_owned());
        for (what, old, new) in [
            ("place", old.parameter.place.clone(), new.parameter.place.clone()),
            ("style", style(old.parameter), style(new.parameter)),
        ] {
            if old != new {
                let what = format!("{what} changed from {} to {}", code(&old), code(&new));
                found.add(Level::Patch, &at, what);
            }
        }
        walk.compare(&old.parameter.schema, &new.parameter.schema, at, true);
    }
}

/// Compares the error codes of each operation. What matters to programs are the constants, of which
/// the whole product has one a code.
fn error_codes(old: Side<'_>, new: Side<'_>, found: &mut Found) {
    type Codes<'a> = BTreeMap<&'a str, (BTreeSet<&'a str>, BTreeSet<&'a str>)>;
    fn codes(operation: Option<&Operation>) -> Codes<'_> {
        let mut all = Codes::new();
        for error in operation.iter().flat_map(|operation| &operation.error_codes) {
            let (statuses, messages) = all.entry(error.code.as_str()).or_default();
            statuses.insert(&error.status);
            messages.insert(&error.message);
        }
        all
    }
    let joined = |all: &BTreeSet<&str>| code(&all.iter().copied().collect::<Vec<_>>().join(", "));
    let (old_constants, new_constants) = (old.constants(), new.constants());
    let (old_all, new_all) = (old.operations(), new.operations());
    let gone = |one: &str| old_constants.contains(one) && !new_constants.contains(one);
    let names: BTreeSet<&str> = old_all.keys().chain(new_all.keys()).copied().collect();
    for at in names {
        let (old, new) = (codes(old_all.get(at).copied()), codes(new_all.get(at).copied()));
        if !new_all.contains_key(at) {
            // With an operation its codes go; their constants may be in use elsewhere.
            let gone: Vec<_> = old.keys().filter(|one| gone(one)).map(|one| code(one)).collect();
            if !gone.is_empty() {
                let what = format!("error codes {} removed with it", gone.join(", "));
                found.add(Level::Major, at, what);
            }
            continue;
        }
        for (one, (statuses, _)) in old.iter().filter(|(one, _)| !new.contains_key(*one)) {
            let level = if gone(one) { Level::Major } else { Level::Patch };
            let what = format!("error code {} ({}) removed", code(one), joined(statuses));
            found.add(level, at, what);
        }
        for (one, (statuses, messages)) in &new {
            match old.get(one) {
                Some((old_statuses, old_messages)) => {
                    found.document((old_statuses, old_messages), (statuses, messages));
                }
                None if old_all.contains_key(at) => {
                    let fresh = new_constants.contains(one) && !old_constants.contains(one);
                    let level = if fresh { Level::Minor } else { Level::Patch };
                    let what = format!("error code {} ({}) added", code(one), joined(statuses));
                    found.add(level, at, what);
                }
                None => {}
            }
        }
    }
}

fn components<'a>(
    old_all: &BTreeMap<&'a str, &'a Operation>,
    new_all: &BTreeMap<&'a str, &'a Operation>,
    walk: &mut Walk<'a>,
) {
    fn taken<'a>(
        all: &BTreeMap<&'a str, &'a Operation>,
    ) -> impl Iterator<Item = &'a Schema> + use<'a> {
        let all: Vec<&'a Operation> = all.values().copied().collect();
        all.into_iter()
            .flat_map(|operation| operation.parameters.iter().map(|parameter| &parameter.schema))
    }
    fn given<'a>(
        all: &BTreeMap<&'a str, &'a Operation>,
    ) -> impl Iterator<Item = &'a Schema> + use<'a> {
        let all: Vec<&'a Operation> = all.values().copied().collect();
        all.into_iter().filter_map(|operation| operation.success.as_ref())
    }
    let (old_inputs, new_inputs) =
        (walk.old.reached(taken(old_all)), walk.new.reached(taken(new_all)));
    let old = walk.old.reached(taken(old_all).chain(given(old_all)));
    let new = walk.new.reached(taken(new_all).chain(given(new_all)));
    for name in old.difference(&new) {
        walk.found.add(Level::Major, &format!("#{name}"), "type removed");
    }
    for name in new.difference(&old) {
        walk.found.add(Level::Minor, &format!("#{name}"), "type added");
    }
    for name in old.intersection(&new) {
        let (Some(old), Some(new)) = (walk.old.get(name), walk.new.get(name)) else { continue };
        let input = old_inputs.contains(name) && new_inputs.contains(name);
        walk.compare(old, new, format!("#{name}"), input);
    }
}
