//! Description and overlay to what is to be printed. Every decision is made here.

mod cycles;
mod groups;
mod module_types;
pub(crate) mod operation;
mod paging;
pub(crate) mod shape;
mod types;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostics::{Diagnostics, Failure};
use super::docs;
use super::ir::{ErrorCode, Product, Root, Style, Type};
use super::names::{self, Scope};
use super::overlay::Overlay;
use super::spec::Spec;
use types::Types;

/// What a caller chooses besides the description.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    /// The name in the crates' names, instead of the product's.
    pub(crate) name: Option<String>,
    /// The operations to generate; all when empty.
    pub(crate) operations: Vec<String>,
}

/// Lowers a description. Problems are in `diagnostics`; only a hopeless one is a [`Failure`].
pub(crate) fn lower(
    spec: &Spec,
    overlay: &Overlay,
    choice: &Choice,
    diagnostics: &mut Diagnostics,
) -> Result<Product, Failure> {
    let short = crate_stem(spec, choice, diagnostics);
    let selected = select(spec, overlay, choice, diagnostics);
    let style = match spec.style.as_str() {
        "RPC" => Style::Rpc,
        "ROA" | "V3" => Style::Roa,
        other => {
            diagnostics.warning(
                "/info/style",
                format!("the style {other:?} needs a gateway or a signature of its own"),
                "models only; the client has no methods",
            );
            Style::Other
        }
    };
    let modules = modules(spec, &selected, diagnostics);
    diagnostics.check()?;

    // An operation is its request, which both crates know, and never a raw name, which rustdoc does
    // not follow.
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
    let fix = overlay.product();
    let mut product = Product {
        code: spec.product.clone(),
        version: spec.version.clone(),
        title: fix.title.unwrap_or_else(|| spec.product.clone()),
        model_crate: format!("alicloud-{short}-model"),
        client_crate: format!("alicloud-{short}"),
        style,
        default_endpoint: fix.endpoint.or_else(|| one_endpoint(spec)),
        regions: regions(spec),
        error_codes: error_codes(spec, &selected, diagnostics),
        operations,
        types: shared,
        groups: Vec::new(),
    };
    mark_inputs(&mut product);
    groups::assign(&mut product, spec);
    paging::recognize(&mut product, overlay);
    waiting::assign(&mut product, overlay, diagnostics);
    overlay.report_unused(diagnostics);
    diagnostics.check()?;
    Ok(product)
}

/// The part of the crates' names that stands for the product.
fn crate_stem(spec: &Spec, choice: &Choice, diagnostics: &mut Diagnostics) -> String {
    let (name, place) = match &choice.name {
        Some(name) => (name.as_str(), "--name"),
        None => (spec.product.as_str(), "/info/product"),
    };
    if !names::is_plain(name) {
        diagnostics.error(
            place,
            format!("{name:?} cannot be a part of a crate's name"),
            "use letters, digits, `-`, `_` and `.`, or pass `--name`",
        );
    }
    if !names::is_plain(&spec.version) {
        diagnostics.error(
            "/info/version",
            format!("{:?} is no version", spec.version),
            "use letters, digits, `-` and `.`",
        );
    }
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

fn select<'a>(
    spec: &'a Spec,
    overlay: &'a Overlay,
    choice: &'a Choice,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<&'a str> {
    let all: BTreeSet<&str> =
        spec.operations.iter().map(|operation| operation.name.as_str()).collect();
    let (wanted, by) = match (choice.operations.as_slice(), overlay.only()) {
        ([], None) => return all,
        ([], Some(only)) => (only, "the overlay"),
        (wanted, _) => (wanted, "--operations"),
    };
    for name in wanted.iter().filter(|name| !all.contains(name.as_str())) {
        let close = closest(name, &all)
            .map(|close| format!(": did you mean {close:?}?"))
            .unwrap_or_default();
        diagnostics.error(
            "/apis",
            format!("{by} asks for {name:?}, which is not there"),
            format!("correct the name{close}"),
        );
    }
    wanted.iter().map(String::as_str).filter(|name| all.contains(name)).collect()
}

/// The name that differs least, where one is close at all.
fn closest<'a>(name: &str, all: &BTreeSet<&'a str>) -> Option<&'a str> {
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

/// The module of each operation. Two that cannot be told apart are an error: a number behind one of
/// them would move when the description changes.
fn modules<'a>(
    spec: &'a Spec,
    selected: &BTreeSet<&str>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, String> {
    let mut modules = BTreeMap::new();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    // `types` is the module of the shared types; the types of operations must differ as well.
    let reserved = "types";
    for operation in
        spec.operations.iter().filter(|operation| selected.contains(operation.name.as_str()))
    {
        let mut module = names::snake(&operation.name);
        if module == reserved {
            module.push('_');
        }
        for key in [module.clone(), names::operation(&operation.name)] {
            if let Some(other) = owners.insert(key.to_ascii_lowercase(), &operation.name)
                && other != operation.name
            {
                diagnostics.error(
                    operation.pointer.clone(),
                    format!("{:?} and {other:?} would have the same name in Rust", operation.name),
                    "choose one of them with `[operations] only` in the overlay or with `--operations`",
                );
            }
        }
        modules.insert(operation.name.as_str(), module);
    }
    modules
}

/// The endpoint of every region, when there is only one.
fn one_endpoint(spec: &Spec) -> Option<String> {
    let hosts: BTreeSet<&str> = spec.endpoints.iter().map(|(_, host)| host.as_str()).collect();
    match hosts.len() {
        1 => hosts.first().map(|host| (*host).to_owned()),
        _ => None,
    }
}

fn regions(spec: &Spec) -> Vec<(String, String)> {
    let regions: BTreeMap<_, _> = spec.endpoints.iter().cloned().collect();
    regions.into_iter().collect()
}

/// The error codes that a program can compare with: literal ones, once each.
fn error_codes(
    spec: &Spec,
    selected: &BTreeSet<&str>,
    diagnostics: &mut Diagnostics,
) -> Vec<ErrorCode> {
    let mut codes: BTreeMap<&str, (BTreeSet<&str>, &str)> = BTreeMap::new();
    let mut left_out = 0_usize;
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
                left_out += 1;
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
    if left_out > 0 {
        diagnostics.note(
            "/apis",
            format!("{left_out} error codes with placeholders, spaces or other characters"),
            "no constants: nothing can be compared with them",
        );
    }
    let mut scope = Scope::default();
    codes
        .into_iter()
        .map(|(code, (statuses, message))| {
            let mut docs = docs::rustdoc(message, &|_| None);
            if docs.is_empty() {
                docs.push(format!("The error `{code}`."));
            }
            if !statuses.is_empty() {
                docs.push(String::new());
                docs.push(format!("HTTP {}.", statuses.into_iter().collect::<Vec<_>>().join(", ")));
            }
            ErrorCode { name: scope.claim(&names::shouty(code)), code: code.to_owned(), docs }
        })
        .collect()
}

/// Finds the structs that a user builds, which are those that a request reaches, and makes every
/// field of the others optional: a response may miss anything.
fn mark_inputs(product: &mut Product) {
    let mut shared: BTreeSet<String> = BTreeSet::new();
    for operation in &mut product.operations {
        let mut local: BTreeMap<String, bool> =
            operation.types.iter().map(|one| (one.name().to_owned(), false)).collect();
        let mut open: Vec<String> = operation
            .request
            .fields
            .iter()
            .filter_map(|field| field.ty.named().map(str::to_owned))
            .collect();
        while let Some(name) = open.pop() {
            match local.get_mut(&name) {
                None => _ = shared.insert(name),
                Some(true) => {}
                Some(seen) => {
                    *seen = true;
                    open.extend(fields_of(&operation.types, &name));
                }
            }
        }
        for one in &mut operation.types {
            let input = local.get(one.name()).copied().unwrap_or_default();
            settle(one, input);
        }
        if let Root::Struct(root) = &mut operation.response.root {
            root.fields.iter_mut().for_each(|field| field.required = false);
        }
    }
    let mut open: Vec<String> = shared.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for next in fields_of(&product.types, &name) {
            if shared.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    for one in &mut product.types {
        let input = shared.contains(one.name());
        settle(one, input);
    }
}

fn fields_of(types: &[Type], name: &str) -> Vec<String> {
    let found = types.iter().find(|one| one.name() == name);
    match found {
        Some(Type::Struct(one)) => {
            one.fields.iter().filter_map(|field| field.ty.named().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn settle(one: &mut Type, input: bool) {
    if let Type::Struct(one) = one {
        one.input = input;
        let arguments = one.fields.iter().filter(|field| field.required).count();
        if !input || arguments > operation::MOST_ARGUMENTS {
            one.fields.iter_mut().for_each(|field| field.required = false);
        }
    }
}
