//! Lowers one operation: how it is called, its request and its response.

use std::collections::BTreeMap;

use super::field_names::{self, FieldName, Unnamed};
use super::idempotency;
use super::module_types::ModuleTypes;
use super::secrets;
use super::shape::{self, Shape};
use super::types::{SchemaContext, Types, item_name, schema_example};
use crate::codegen::diagnostics::Diagnostics;
use crate::codegen::docs;
use crate::codegen::ir::{
    self, Field, Location, Operation, ParameterStyle, Response, Root, Struct, Style, Ty,
};
use crate::codegen::names::{self, Scope};
use crate::codegen::overlay::{ListStyle, LocationSetting};
use crate::codegen::spec::{self, Parameter, Spec};

/// Parameters of the RPC protocol, which some descriptions list by mistake.
pub(crate) const PROTOCOL_PARAMETERS: &[&str] = &[
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
    "Format",
    "Action",
    "AccessKeyId",
];

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
    let mut request = request(operation, &name, style, types, &mut module_types, diagnostics);
    let path = path(operation, style, &request, diagnostics);
    let mut response = response(operation, types, &mut module_types, diagnostics);
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
    let notes = [
        rate_limit.map(|rate| format!("Rate limit: {rate} calls per second per account.")),
        retention_days.map(|days| format!("Covers the last {days} days.")),
    ];
    Operation {
        name: operation.name.clone(),
        file: module.trim_start_matches("r#").to_owned(),
        constant: names::operation_constant(&operation.name),
        module: module.to_owned(),
        method: module.to_owned(),
        docs: documentation(operation, types),
        notes: notes.into_iter().flatten().collect(),
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

/// Returns whether a parameter can be sent: one of the path needs a placeholder, or else it is the whole path.
fn has_effect(
    operation: &spec::Operation,
    parameter: &Parameter,
    style: Style,
    types: &Types<'_>,
) -> bool {
    let is_in_path = |parameter: &Parameter| {
        let selector = format!("{}?{}", operation.name, parameter.name);
        location(types, &selector, parameter) == Some(Location::Path)
    };
    if !is_in_path(parameter) {
        return true;
    }
    let path = operation.path.as_deref().unwrap_or_default();
    let name = &parameter.name;
    let has_placeholder =
        [format!("[{name}]"), format!("{{{name}}}")].iter().any(|part| path.contains(part));
    let is_whole = || {
        let mut others = operation.parameters.iter().filter(|other| other.name != *name);
        path.contains('*') && !others.any(is_in_path)
    };
    style != Style::Rpc && (has_placeholder || is_whole())
}

/// Returns the path template; the error says why the operation cannot be called.
fn path(
    operation: &spec::Operation,
    style: Style,
    request: &Struct,
    diagnostics: &mut Diagnostics,
) -> Result<String, String> {
    if style == Style::Rpc {
        return Ok("/".to_owned());
    }
    let parameters: Vec<&str> = request
        .fields
        .iter()
        .filter(|field| field.location() == Some(Location::Path))
        .map(|field| field.wire.as_str())
        .collect();
    let mut path = operation.path.clone().unwrap_or_else(|| "/".to_owned());
    let pointer = format!("{}/path", operation.pointer);
    // A single parameter can contain the whole path; the template is only an example then.
    if path.contains('*')
        && let [whole] = parameters.as_slice()
    {
        diagnostics.note(
            pointer,
            format!("the path {path:?} has a wildcard"),
            format!("the parameter {whole:?} is the whole path"),
        );
        return Ok(format!("{{+{whole}}}"));
    }
    for name in &parameters {
        path = path.replace(&format!("[{name}]"), &format!("{{{name}}}"));
    }
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    let mut result = Ok(());
    if let Some(defect) = path_defect(&path) {
        diagnostics.warning(
            pointer.clone(),
            format!("the path {path:?} {defect}"),
            "the operation cannot be called; correct the path",
        );
        result = Err(format!("its path {defect}"));
    }
    for placeholder in placeholders(&path) {
        if !parameters.contains(&placeholder) {
            diagnostics.warning(
                pointer.clone(),
                format!("the placeholder {{{placeholder}}} has no parameter"),
                "the operation cannot be called",
            );
            result = Err("its path has a placeholder without a parameter".to_owned());
        }
    }
    result.map(|()| path)
}

/// Returns what is odd about a path, except its placeholders and its fixed query.
fn path_defect(path: &str) -> Option<String> {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let mut literal = path.to_owned();
    for name in placeholders(path) {
        literal = literal.replace(&format!("{{{name}}}"), "x");
    }
    let is_usual = |character: char| {
        character.is_ascii_alphanumeric() || "/-._~!$&'()+,;=:@".contains(character)
    };
    if let Some(odd) = literal.chars().find(|character| !is_usual(*character)) {
        return Some(format!("contains {odd:?}"));
    }
    let has_empty = literal.contains("//");
    if has_empty || literal.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Some("has a segment that is empty, `.` or `..`".to_owned());
    }
    None
}

fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A response whose types have no names yet.
struct UnnamedResponse {
    docs: Vec<String>,
    /// The fields of an object, or one field for a response of another type.
    fields: Vec<Field>,
    is_object: bool,
}

impl UnnamedResponse {
    fn into_response(self, name: String) -> Response {
        let UnnamedResponse { docs, mut fields, is_object } = self;
        let root = if is_object {
            Root::Struct(Struct { name: name.clone(), docs, fields, ..Struct::default() })
        } else {
            let target = fields.pop().map_or(Ty::Unit, |field| field.ty);
            Root::Alias { docs, target }
        };
        Response { name, root }
    }
}

fn response<'a>(
    operation: &'a spec::Operation,
    types: &mut Types<'a>,
    module_types: &mut ModuleTypes,
    diagnostics: &mut Diagnostics,
) -> UnnamedResponse {
    let docs = vec![format!("Response of `{}`.", operation.name.replace('`', ""))];
    let mut context = SchemaContext {
        selector: format!("{}!", operation.name),
        name_path: vec!["Response".to_owned()],
        name: &operation.name,
        nesting: 0,
        wire_path: None,
    };
    let Some(schema) = &operation.success else {
        return UnnamedResponse { docs, fields: Vec::new(), is_object: false };
    };
    if let Some(Shape::Struct(_)) = shape::classify(schema) {
        let root = types.structure(schema, &context, module_types, diagnostics);
        return UnnamedResponse { docs, fields: root.fields, is_object: true };
    }
    if let Some(Shape::List(_) | Shape::Map(_)) = shape::classify(schema) {
        context.name_path.push("Item".to_owned());
    }
    let ty = match types.ty(schema, &context, module_types, diagnostics) {
        Ty::Text
            if secrets::returns_secret(&operation.name)
                && types.overlay.r#type(&context.selector).is_none() =>
        {
            Ty::Secret
        }
        ty => ty,
    };
    let root = Field {
        name: "root".to_owned(),
        wire: String::new(),
        item: None,
        docs: Vec::new(),
        wire_path: None,
        deprecated: false,
        superseded_by: None,
        ty,
        required: false,
        parameter: None,
        comma_list: false,
        text: false,
        example: None,
        shown_example: None,
    };
    UnnamedResponse { docs, fields: vec![root], is_object: false }
}

fn request<'a>(
    operation: &'a spec::Operation,
    name: &str,
    style: Style,
    types: &mut Types<'a>,
    module_types: &mut ModuleTypes,
    diagnostics: &mut Diagnostics,
) -> Struct {
    // For each parameter, whether it or a duplicate of it is required.
    let mut parameters: Vec<(&'a Parameter, bool)> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for parameter in &operation.parameters {
        if style == Style::Rpc && PROTOCOL_PARAMETERS.contains(&parameter.name.as_str()) {
            diagnostics.note(
                parameter.pointer.clone(),
                format!("{:?} is a parameter of the protocol", parameter.name),
                "ignored: the runtime sends it",
            );
            continue;
        }
        if !has_effect(operation, parameter, style, types) {
            diagnostics.warning(
                parameter.pointer.clone(),
                format!("the path has no placeholder for {:?}", parameter.name),
                "ignored; if it is sent elsewhere, set `location` in the overlay",
            );
            continue;
        }
        let required = parameter.schema.required;
        let key = (parameter.name.as_str(), parameter.location.as_str());
        if let Some(index) = known.get(&key) {
            diagnostics.note(
                parameter.pointer.clone(),
                format!("duplicate parameter {:?}", parameter.name),
                "merged with the first one",
            );
            if let Some((_, is_required)) = parameters.get_mut(*index) {
                *is_required |= required;
            }
            continue;
        }
        known.insert(key, parameters.len());
        parameters.push((parameter, required));
    }
    let unnamed: Vec<Unnamed<'_>> = parameters
        .iter()
        .map(|(parameter, _)| Unnamed {
            wire: &parameter.name,
            rename: types.overlay.rename(&format!("{}?{}", operation.name, parameter.name)),
            location: &parameter.location,
            deprecated: parameter.deprecated,
            pointer: &parameter.pointer,
            schema: &parameter.schema,
        })
        .collect();
    let mut scope = Scope::with_names(&["new"]);
    let assigned = field_names::assign(&unnamed, &mut scope, diagnostics);
    let mut fields: Vec<Field> = parameters
        .into_iter()
        .zip(assigned)
        .filter_map(|((parameter, required), name)| {
            field(operation, parameter, required, name, types, module_types, diagnostics)
        })
        .collect();
    types.mark_secrets(&format!("{}?", operation.name), &mut fields);
    let docs = vec![format!("Request of `{}`.", operation.name.replace('`', ""))];
    Struct { name: format!("{name}Request"), docs, fields, input: true, ..Struct::default() }
}

fn field<'a>(
    operation: &'a spec::Operation,
    parameter: &'a Parameter,
    required: bool,
    name: FieldName,
    types: &mut Types<'a>,
    module_types: &mut ModuleTypes,
    diagnostics: &mut Diagnostics,
) -> Option<Field> {
    let selector = format!("{}?{}", operation.name, parameter.name);
    let wire = &parameter.name;
    let schema = &parameter.schema;
    let list = types.overlay.list(&selector);
    let json = types.overlay.json(&selector);
    let ty = if let Some(text) = &json {
        overlay_type(text).unwrap_or_else(|| {
            diagnostics.error(
                selector.clone(),
                format!("unknown type {text:?} in the overlay"),
                "use text, integer, number, boolean, any, list<…> or map<…>",
            );
            Ty::Any
        })
    } else if list.is_some()
        && shape::classify(schema).is_some_and(|shape| matches!(shape, Shape::Text))
    {
        Ty::List(Box::new(Ty::Text))
    } else {
        let name_path = vec!["Request".to_owned(), item_name(wire, schema)];
        let is_flat =
            matches!(location(types, &selector, parameter), Some(Location::Query | Location::Form))
                && list.is_none()
                && !matches!(parameter.style.as_deref(), Some("json" | "simple"));
        let wire_path = is_flat.then(|| wire.clone());
        let selector = selector.clone();
        let context = SchemaContext { selector, name_path, name: wire, nesting: 1, wire_path };
        types.ty(schema, &context, module_types, diagnostics)
    };
    let Some(location) = location(types, &selector, parameter) else {
        diagnostics.error(
            format!("{}/in", parameter.pointer),
            format!("unknown location {:?}", parameter.location),
            "use query, formData, body, header, path or host",
        );
        return None;
    };
    let docs = types.field_docs(schema, wire, &ty);
    let is_form = matches!(location, Location::Query | Location::Form);
    let is_nested = !ty.is_scalar();
    let style = match (list, parameter.style.as_deref()) {
        (Some(ListStyle::Comma), _) => Some(ParameterStyle::CommaList),
        (Some(ListStyle::Lines), _) => Some(ParameterStyle::Lines),
        (Some(ListStyle::Json), _) => Some(ParameterStyle::Json),
        (None, _) if json.is_some() => Some(ParameterStyle::Json),
        (None, Some("json")) if is_nested && is_form => Some(ParameterStyle::Json),
        (None, Some("simple")) if is_nested => Some(ParameterStyle::CommaList),
        (None, None | Some("json" | "simple" | "repeatList" | "flat" | "xml")) => None,
        (None, Some(other)) => {
            diagnostics.warning(
                format!("{}/style", parameter.pointer),
                format!("unknown style {other:?}"),
                "treated as flat",
            );
            None
        }
    };
    let token = ty.is_text() && wire.eq_ignore_ascii_case("ClientToken") && is_form;
    let FieldName { name, superseded_by, shows_wire } = name;
    // What has to be sent is not out of use.
    let superseded_by = superseded_by.filter(|_| !location.is_always_required());
    let required = required && superseded_by.is_none();
    Some(Field {
        name,
        wire: wire.clone(),
        item: None,
        docs,
        wire_path: shows_wire.then(|| wire.clone()),
        deprecated: parameter.deprecated,
        superseded_by,
        required: (required || location.is_always_required()) && !token,
        ty,
        parameter: Some(ir::Parameter {
            location,
            style,
            items: types.overlay.items(&selector),
            token,
        }),
        comma_list: false,
        text: false,
        example: schema_example(schema),
        shown_example: None,
    })
}

/// Returns where a parameter is sent; `None` if its location is unknown.
fn location(types: &Types<'_>, selector: &str, parameter: &Parameter) -> Option<Location> {
    Some(match (types.overlay.location(selector), parameter.location.as_str()) {
        (Some(LocationSetting::Query), _) | (None, "query") => Location::Query,
        (Some(LocationSetting::Form), _) | (None, "formData") => Location::Form,
        (None, "body") => Location::Body,
        (None, "header") => Location::Header,
        (None, "path") => Location::Path,
        (None, "host") => Location::Host,
        (None, _) => return None,
    })
}

/// Parses a type of an overlay, such as `map<list<text>>`.
fn overlay_type(text: &str) -> Option<Ty> {
    let inner = |head: &str| text.strip_prefix(head)?.strip_suffix('>').map(str::trim);
    if let Some(item) = inner("list<") {
        return Some(Ty::List(Box::new(overlay_type(item)?)));
    }
    if let Some(value) = inner("map<") {
        return Some(Ty::Map(Box::new(overlay_type(value)?)));
    }
    Some(match text {
        "text" => Ty::Text,
        "integer" => Ty::Integer,
        "number" => Ty::Number,
        "boolean" => Ty::Boolean,
        "any" => Ty::Any,
        _ => return None,
    })
}
