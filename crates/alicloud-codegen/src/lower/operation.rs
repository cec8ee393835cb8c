//! Lowers one operation: how it is called, its request and its response.

mod path;
mod request;
mod response;

use super::idempotency;
use super::module_types::ModuleTypes;
use super::types::Types;
use crate::diagnostics::Diagnostics;
use crate::docs;
use crate::ir::{Operation, Style};
use crate::names::{self, Scope};
use crate::spec::{self, Spec};

pub use request::PROTOCOL_PARAMETERS;

/// Lowers an operation.
pub(super) fn lower<'a>(
    operation: &'a spec::Operation,
    module: &str,
    spec: &Spec,
    types: &mut Types<'a>,
    diagnostics: &mut Diagnostics,
) -> Operation {
    let name = names::operation(&operation.name);
    let style = match (spec.style.as_str(), &operation.path) {
        ("RPC", _) | ("V3", None) => Style::Rpc,
        ("ROA" | "V3", _) => Style::Roa,
        _ => Style::Other,
    };
    let mut module_types = ModuleTypes::default();
    let mut request =
        request::lower(operation, &name, style, types, &mut module_types, diagnostics);
    let path = path::template(operation, style, &request, diagnostics);
    let mut response = response::lower(operation, types, &mut module_types, diagnostics);
    let mut scope = Scope::with_names(&[&format!("{name}Request"), &format!("{name}Response")]);
    let own_types =
        module_types.finish("", &mut scope, &mut [&mut request.fields, &mut response.fields]);

    let not_callable = not_callable(operation, style, path.as_ref().err());
    if let Some(reason) = &not_callable {
        diagnostics.warning(
            operation.pointer.clone(),
            format!("{} cannot be called: {reason}", operation.name),
            "only its models are generated; the client has no method for it",
        );
    }
    let selector = operation.name.as_str();
    let rate_limit = types.overlay.rate_limit(selector);
    let retention_days = types.overlay.retention_days(selector);
    let mut notes: Vec<String> =
        operation.limits.iter().map(|limit| types.client_docs(limit).join(" ")).collect();
    notes
        .extend(rate_limit.map(|rate| format!("Rate limit: {rate} calls per second per account.")));
    notes.extend(retention_days.map(|days| format!("Covers the last {days} days.")));
    Operation {
        name: operation.name.clone(),
        file: module.trim_start_matches("r#").to_owned(),
        static_name: names::operation_static(&operation.name),
        module: module.to_owned(),
        method: module.to_owned(),
        docs: documentation(operation, types),
        notes,
        page: operation.page.clone(),
        deprecated: operation.deprecated,
        style,
        http_method: http_method(operation, style),
        path: path.unwrap_or_else(|_| "/".to_owned()),
        anonymous: is_anonymous(operation),
        idempotency: idempotency::decide(
            operation,
            types.overlay.idempotent(selector),
            diagnostics,
        ),
        rate_limit,
        // Assigned after all operations are lowered.
        pager: None,
        waiters: Vec::new(),
        group: None,
        not_callable,
        request,
        response: response.into_response(format!("{name}Response")),
        types: own_types,
    }
}

/// Returns the summary and the description, or a default sentence.
fn documentation(operation: &spec::Operation, types: &Types<'_>) -> Vec<String> {
    let mut docs: Vec<String> = Vec::new();
    let summary = operation.summary.as_ref().or(operation.title.as_ref());
    for text in [summary, operation.description.as_ref()].into_iter().flatten() {
        let lines = types.client_docs(text);
        if lines.is_empty() || lines == docs {
            continue;
        }
        if docs.is_empty() {
            docs.extend(lines);
        } else {
            docs.push(String::new());
            docs.extend(docs::merge_short_paragraphs(lines));
        }
    }
    if docs.is_empty() {
        let name = operation.name.replace('`', "");
        docs.push(format!("Calls `{name}`, which the API description does not document."));
    }
    docs
}

fn is_anonymous(operation: &spec::Operation) -> bool {
    let accepts = |name: &str| operation.security.iter().any(|scheme| scheme == name);
    (accepts("Anonymous") || accepts("ARS_OIDC")) && !accepts("AK")
}

/// Returns why a client cannot call an operation, if so.
fn not_callable(
    operation: &spec::Operation,
    style: Style,
    path_defect: Option<&String>,
) -> Option<String> {
    let signed =
        operation.security.is_empty() || operation.security.iter().any(|scheme| scheme == "AK");
    if style == Style::Other {
        Some("the product has its own gateway or signature".to_owned())
    } else if !signed && !is_anonymous(operation) {
        Some(format!("it requires {} instead of an access key", operation.security.join(" or ")))
    } else {
        path_defect.cloned()
    }
}

/// Returns the HTTP method: POST if an RPC operation allows it, or else the first method.
fn http_method(operation: &spec::Operation, style: Style) -> String {
    const KNOWN: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    let methods: Vec<String> = operation
        .methods
        .iter()
        .map(|method| method.trim().to_ascii_uppercase())
        .filter(|method| KNOWN.contains(&method.as_str()))
        .collect();
    let allows_post = methods.iter().any(|method| method == "POST");
    match methods.first() {
        Some(first) if style != Style::Rpc || !allows_post => first.clone(),
        _ => "POST".to_owned(),
    }
}
