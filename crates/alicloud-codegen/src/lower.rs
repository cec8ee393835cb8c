//! Lowers a description and its overlay to the intermediate representation. Makes every decision.

mod choice;
mod constructors;
mod cycles;
mod endpoints;
mod equality;
mod error_codes;
pub(crate) mod examples;
mod field_names;
mod groups;
mod idempotency;
mod inputs;
mod module_types;
mod nesting;
mod operation;
mod paging;
mod predicates;
mod secrets;
mod selection;
pub(crate) mod superseded;
mod type_docs;
mod types;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostics::{CommandError, Diagnostics};
use super::ir::{Layout, Operation, Product, Style};
use super::names;
use super::overlay::Overlay;
use super::spec::Spec;
use error_codes::error_codes;
use selection::{correct_name, select};
use types::Types;

pub use choice::Choice;
pub use constructors::MAX_ARGUMENTS;
pub(crate) use groups::MIN_OPERATIONS as MIN_GROUPED_OPERATIONS;
pub use operation::PROTOCOL_PARAMETERS;

/// Lowers a description.
///
/// # Errors
///
/// Returns a [`CommandError`] with every error in `diagnostics`, if there are any.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// use alicloud_codegen::diagnostics::Diagnostics;
/// use alicloud_codegen::lower::{Choice, lower};
/// use alicloud_codegen::spec;
///
/// let file = Path::new("gadget.json");
/// let mut diagnostics = Diagnostics::new(file);
/// let spec = spec::parse(DESCRIPTION, file, &mut diagnostics)?;
/// let product = lower(&spec, &Overlay::default(), &Choice::default(), &mut diagnostics)?;
/// println!("{}", product.dump());
/// assert_eq!(product.operations[0].method, "list_gadgets");
/// # Ok(())
/// # }
/// ```
pub fn lower(
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
    let (model_root, client_root) = (choice.layout.model_root(), choice.layout.client_root());
    let link = |root: &str, name: &str| {
        modules.contains_key(name).then(|| format!("{root}::{}Request", names::operation(name)))
    };
    let in_model = |name: &str| link(&model_root, name);
    let in_client = |name: &str| link(&format!("{client_root}::model"), name);
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
    let endpoints = endpoints::endpoints(spec, &settings);
    let main = main_operation(settings.main, &operations, overlay, diagnostics);
    let mut product = Product {
        layout: choice.layout.clone(),
        code: spec.product.clone(),
        version: spec.version.clone(),
        crate_version: settings.crate_version,
        title: settings.title.unwrap_or_else(|| spec.product.clone()),
        model_crate: format!("alicloud-{stem}-model"),
        client_crate: format!("alicloud-{stem}"),
        style,
        default_endpoint: endpoints.central,
        regional_endpoint: endpoints.regional,
        regions: endpoints.regions,
        error_codes: error_codes(spec, &selected, diagnostics),
        main,
        operations,
        types: shared,
        groups: Vec::new(),
        modules: overlay.modules().to_vec(),
    };
    nesting::limit(&mut product, diagnostics);
    type_docs::complete(&mut product);
    inputs::mark(&mut product);
    // The features of an existing crate are not ours.
    if !matches!(choice.layout, Layout::Module { .. }) {
        groups::assign(&mut product, spec, overlay, diagnostics);
    }
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
        // The names of the static item and of the request and response types must be unique as well, and
        // some file systems do not distinguish upper and lower case.
        let static_name = names::operation_static(&operation.name);
        let mut other = None;
        for key in [module.clone(), static_name, names::operation(&operation.name)] {
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
