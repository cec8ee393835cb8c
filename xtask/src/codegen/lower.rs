//! Lowers a description and its overlay to the intermediate representation. Makes every decision.

pub(crate) mod constructors;
mod cycles;
mod equality;
pub(crate) mod examples;
mod field_names;
mod groups;
mod idempotency;
mod module_types;
mod nesting;
pub(crate) mod operation;
mod paging;
mod predicates;
mod secrets;
pub(crate) mod shape;
mod superseded;
mod types;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostics::{CommandError, Diagnostics};
use super::docs;
use super::ir::{ErrorCode, Operation, Product, Root, Style, Type};
use super::names::{self, Scope};
use super::overlay::Overlay;
use super::spec::Spec;
use types::Types;

/// Options of the caller.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    /// The name in the crate names; defaults to the product code.
    pub(crate) name: Option<String>,
    /// The operations to generate; empty means all.
    pub(crate) operations: Vec<String>,
}

/// Lowers a description.
///
/// # Errors
///
/// Returns a [`CommandError`] with every error in `diagnostics`, if there are any.
pub(crate) fn lower(
    spec: &Spec,
    overlay: &Overlay,
    choice: &Choice,
    diagnostics: &mut Diagnostics,
) -> Result<Product, CommandError> {
    let stem = crate_stem(spec, choice, diagnostics);
    let selected = select(spec, overlay, choice, diagnostics);
    let style = match spec.style.as_str() {
        "RPC" => Style::Rpc,
        "ROA" | "V3" => Style::Roa,
        other => {
            diagnostics.warning(
                "/info/style",
                format!("the style {other:?} has its own gateway or signature"),
                "only models are generated; the client has no methods",
            );
            Style::Other
        }
    };
    let modules = modules(spec, &selected, diagnostics);
    diagnostics.check()?;

    // Links go to the request: both crates have it, and rustdoc does not resolve raw identifiers.
    let in_model = |name: &str| {
        modules.contains_key(name).then(|| format!("crate::{}Request", names::operation(name)))
    };
    let in_client = |name: &str| {
        modules
            .contains_key(name)
            .then(|| format!("crate::model::{}Request", names::operation(name)))
    };
    let mut types =
        Types::new(spec, overlay, types::Links { in_model: &in_model, in_client: &in_client });
    let mut operations = Vec::new();
    for operation in
        spec.operations.iter().filter(|operation| selected.contains(operation.name.as_str()))
    {
        if let Some(module) = modules.get(operation.name.as_str()) {
            operations.push(operation::lower(operation, module, spec, &mut types, diagnostics));
        }
    }
    operations.sort_by(|a, b| a.file.cmp(&b.file));
    let shared = types.finish(diagnostics);
    let settings = overlay.product();
    let main = main_operation(settings.main, &operations, overlay, diagnostics);
    let mut product = Product {
        code: spec.product.clone(),
        version: spec.version.clone(),
        crate_version: settings.crate_version,
        title: settings.title.unwrap_or_else(|| spec.product.clone()),
        model_crate: format!("alicloud-{stem}-model"),
        client_crate: format!("alicloud-{stem}"),
        style,
        default_endpoint: settings.endpoint.or_else(|| only_endpoint(spec)),
        regions: regions(spec),
        error_codes: error_codes(spec, &selected, diagnostics),
        main,
        operations,
        types: shared,
        groups: Vec::new(),
    };
    nesting::limit(&mut product, diagnostics);
    mark_inputs(&mut product);
    groups::assign(&mut product, spec);
    examples::assign(&mut product);
    paging::recognize(&mut product, spec, overlay, diagnostics);
    constructors::assign(&mut product, overlay, diagnostics);
    equality::assign(&mut product);
    waiting::assign(&mut product, overlay, diagnostics);
    predicates::derive(&mut product, diagnostics);
    overlay.report_unused(diagnostics);
    diagnostics.check()?;
    Ok(product)
}

/// Returns the part of the crate names that identifies the product.
fn crate_stem(spec: &Spec, choice: &Choice, diagnostics: &mut Diagnostics) -> String {
    let (name, pointer) = match &choice.name {
        Some(name) => (name.as_str(), "--name"),
        None => (spec.product.as_str(), "/info/product"),
    };
    if !names::is_plain(name) {
        diagnostics.error(
            pointer,
            format!("{name:?} cannot be part of a crate name"),
            "use letters, digits, `-`, `_` and `.`, or pass `--name`",
        );
    }
    if !names::is_plain(&spec.version) {
        diagnostics.error(
            "/info/version",
            format!("{:?} is not a valid version", spec.version),
            "use letters, digits, `-` and `.`",
        );
    }
    names::crate_stem(name)
}

/// Returns the names of the operations to generate.
fn select<'a>(
    spec: &'a Spec,
    overlay: &'a Overlay,
    choice: &'a Choice,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<&'a str> {
    let all: BTreeSet<&str> =
        spec.operations.iter().map(|operation| operation.name.as_str()).collect();
    let (requested, requested_by) = match (choice.operations.as_slice(), overlay.only()) {
        ([], None) => return all,
        ([], Some(only)) => (only, "the overlay"),
        (requested, _) => (requested, "--operations"),
    };
    for name in requested.iter().filter(|name| !all.contains(name.as_str())) {
        diagnostics.error(
            "/apis",
            format!("the operation {name:?}, requested by {requested_by}, does not exist"),
            correct_name(name, &all),
        );
    }
    requested.iter().map(String::as_str).filter(|name| all.contains(name)).collect()
}

/// Returns the advice to correct the name of an operation, with a similar name if there is one.
fn correct_name(name: &str, all: &BTreeSet<&str>) -> String {
    match most_similar(name, all) {
        Some(similar) => format!("correct the name: did you mean {similar:?}?"),
        None => "correct the name".to_owned(),
    }
}

/// Returns the most similar name, if any is similar.
fn most_similar<'a>(name: &str, all: &BTreeSet<&'a str>) -> Option<&'a str> {
    let lower = name.to_ascii_lowercase();
    all.iter()
        .copied()
        .map(|other| {
            let candidate = other.to_ascii_lowercase();
            let shared = lower.bytes().zip(candidate.bytes()).take_while(|(a, b)| a == b).count();
            (shared * 2 + usize::from(candidate.len() == lower.len()), other)
        })
        .filter(|(score, _)| *score >= lower.len())
        .max()
        .map(|(_, other)| other)
}

/// Returns the module of each operation.
///
/// Two operations with the same module are an error: a number appended to one of them would change
/// with the description.
fn modules<'a>(
    spec: &'a Spec,
    selected: &BTreeSet<&str>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, String> {
    let mut modules = BTreeMap::new();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for operation in
        spec.operations.iter().filter(|operation| selected.contains(operation.name.as_str()))
    {
        let module = names::module(&operation.name);
        // The names of the constant and of the request and response types must be unique as well, and
        // some file systems do not distinguish upper and lower case.
        let constant = names::operation_constant(&operation.name);
        let mut other = None;
        for key in [module.clone(), constant, names::operation(&operation.name)] {
            let owner = owners.insert(key.to_ascii_lowercase(), &operation.name);
            other = other.or(owner.filter(|owner| *owner != operation.name));
        }
        if let Some(other) = other {
            diagnostics.error(
                operation.pointer.clone(),
                format!("{:?} and {other:?} have the same name in Rust", operation.name),
                "select one of them with `[operations] only` in the overlay or with `--operations`",
            );
        }
        modules.insert(operation.name.as_str(), module);
    }
    modules
}

/// Returns the operation of the main task that the overlay names.
fn main_operation(
    name: Option<String>,
    operations: &[Operation],
    overlay: &Overlay,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let name = name?;
    match operations.iter().find(|operation| operation.name == name) {
        Some(operation) if operation.not_callable.is_none() => {}
        Some(_) => diagnostics.error_in(
            overlay.file(),
            "[product] main",
            format!("the operation {name:?} cannot be called"),
            "choose another operation",
        ),
        None => {
            let all = operations.iter().map(|operation| operation.name.as_str()).collect();
            diagnostics.error_in(
                overlay.file(),
                "[product] main",
                format!("the operation {name:?} does not exist"),
                correct_name(&name, &all),
            );
        }
    }
    Some(name)
}

/// Returns the endpoint of all regions, if they have the same.
fn only_endpoint(spec: &Spec) -> Option<String> {
    let hosts: BTreeSet<&str> = spec.endpoints.iter().map(|(_, host)| host.as_str()).collect();
    match hosts.len() {
        1 => hosts.first().map(|host| (*host).to_owned()),
        _ => None,
    }
}

/// Returns region ids and hosts, sorted by region id.
fn regions(spec: &Spec) -> Vec<(String, String)> {
    let regions: BTreeMap<_, _> = spec.endpoints.iter().cloned().collect();
    regions.into_iter().collect()
}

/// Returns the error codes that a program can compare with: literal ones, without duplicates.
fn error_codes(
    spec: &Spec,
    selected: &BTreeSet<&str>,
    diagnostics: &mut Diagnostics,
) -> Vec<ErrorCode> {
    let mut codes: BTreeMap<&str, (BTreeSet<&str>, &str)> = BTreeMap::new();
    let mut ignored = 0_usize;
    for operation in
        spec.operations.iter().filter(|operation| selected.contains(operation.name.as_str()))
    {
        for error in &operation.error_codes {
            let literal = !error.code.is_empty()
                && error.code.len() <= 120
                && error
                    .code
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
            if !literal {
                ignored += 1;
                continue;
            }
            let (statuses, message) = codes.entry(error.code.as_str()).or_default();
            if error.status.len() == 3 && error.status.bytes().all(|byte| byte.is_ascii_digit()) {
                statuses.insert(error.status.as_str());
            }
            if message.is_empty() {
                *message = &error.message;
            }
        }
    }
    if ignored > 0 {
        diagnostics.note(
            "/apis",
            format!("{ignored} error codes contain placeholders, spaces or special characters"),
            "no constants are generated for them",
        );
    }
    let mut scope = Scope::default();
    codes
        .into_iter()
        .map(|(code, (statuses, message))| {
            let mut docs = docs::rustdoc(message, &|_| None);
            if !statuses.is_empty() {
                if !docs.is_empty() {
                    docs.push(String::new());
                }
                docs.push(format!(
                    "HTTP status: {}.",
                    statuses.into_iter().collect::<Vec<_>>().join(", ")
                ));
            }
            ErrorCode { name: scope.claim(&names::shouty(code)), code: code.to_owned(), docs }
        })
        .collect()
}

/// Marks the structs that are part of a request, and makes every field of the others optional: a
/// response may omit any field.
fn mark_inputs(product: &mut Product) {
    let mut shared: BTreeSet<String> = BTreeSet::new();
    for operation in &mut product.operations {
        let mut local: BTreeMap<String, bool> =
            operation.types.iter().map(|ty| (ty.name().to_owned(), false)).collect();
        let mut pending: Vec<String> = operation
            .request
            .fields
            .iter()
            .filter_map(|field| field.ty.named().map(str::to_owned))
            .collect();
        while let Some(name) = pending.pop() {
            match local.get_mut(&name) {
                None => _ = shared.insert(name),
                Some(true) => {}
                Some(is_input) => {
                    *is_input = true;
                    pending.extend(field_types(&operation.types, &name));
                }
            }
        }
        for ty in &mut operation.types {
            let input = local.get(ty.name()).copied().unwrap_or_default();
            set_input(ty, input);
        }
        if let Root::Struct(root) = &mut operation.response.root {
            root.fields.iter_mut().for_each(|field| field.required = false);
        }
    }
    let mut pending: Vec<String> = shared.iter().cloned().collect();
    while let Some(name) = pending.pop() {
        for next in field_types(&product.types, &name) {
            if shared.insert(next.clone()) {
                pending.push(next);
            }
        }
    }
    for ty in &mut product.types {
        let input = shared.contains(ty.name());
        set_input(ty, input);
    }
}

/// Returns the types of the crate that the fields of a struct refer to.
fn field_types(types: &[Type], name: &str) -> Vec<String> {
    match types.iter().find(|ty| ty.name() == name) {
        Some(Type::Struct(structure)) => structure
            .fields
            .iter()
            .filter_map(|field| field.ty.named().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

fn set_input(ty: &mut Type, input: bool) {
    if let Type::Struct(structure) = ty {
        structure.input = input;
        if !input {
            structure.fields.iter_mut().for_each(|field| field.required = false);
        }
    }
}
