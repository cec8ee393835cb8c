//! One operation: where it is called, what it takes and what comes back.

use std::collections::BTreeMap;

use super::module_types::Unit;
use super::shape::{self, Shape};
use super::types::{Place, Types, name_of_one};
use crate::codegen::diagnostics::Diagnostics;
use crate::codegen::ir::{Field, Idempotency, Operation, Response, Root, Struct, Style, Ty};
use crate::codegen::names::{self, Scope};
use crate::codegen::overlay::{ListStyle, LocationFix};
use crate::codegen::spec::{self, Parameter, Spec};

/// Parameters of the RPC protocol itself, which some descriptions list by mistake.
pub(crate) const PROTOCOL: &[&str] = &[
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

/// More arguments than this no reader tells apart.
pub(crate) const MOST_ARGUMENTS: usize = 7;

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
    let mut unit = Unit::default();
    let mut request = request(operation, &name, style, types, &mut unit, diagnostics);
    let path = path(operation, style, &request, diagnostics);
    let mut response = response(operation, types, &mut unit, diagnostics);
    let mut scope = Scope::with(&[&format!("{name}Request"), &format!("{name}Response")]);
    let own_types = unit.finish("", &mut scope, &mut [&mut request.fields, &mut response.fields]);
    limit_arguments(&mut request);

    let not_callable = not_callable(operation, style, path.is_some());
    if let Some(reason) = &not_callable {
        diagnostics.warning(
            operation.pointer.clone(),
            format!("{} cannot be called: {reason}", operation.name),
            "its models are generated; the client has no method for it",
        );
    }
    let at = operation.name.as_str();
    let rate_limit = types.overlay.rate_limit(at);
    let days = types.overlay.retention_days(at);
    let notes = [
        rate_limit.map(|rate| format!("Rate limit: {rate} calls per second per account.")),
        days.map(|days| format!("Covers the last {days} days.")),
    ];
    Operation {
        name: operation.name.clone(),
        file: module.trim_start_matches("r#").to_owned(),
        constant: names::shouty(&operation.name),
        module: module.to_owned(),
        method: method_name(module),
        docs: documentation(operation, types),
        notes: notes.into_iter().flatten().collect(),
        deprecated: operation.deprecated,
        style,
        http_method: http_method(operation, style),
        path: path.unwrap_or_else(|| "/".to_owned()),
        anonymous: is_anonymous(operation),
        idempotency: match (types.overlay.idempotent(at), reads(operation)) {
            (None | Some(true), true) => Idempotency::ReadOnly,
            (Some(true), false) => Idempotency::Idempotent,
            (None, false) | (Some(false), _) => Idempotency::Mutating,
        },
        rate_limit,
        // These need what is only known once all operations are there.
        pager: None,
        waiter: None,
        group: None,
        not_callable,
        request,
        response: response.into_response(format!("{name}Response")),
        types: own_types,
    }
}

/// A method that does not hide one that every client has.
fn method_name(module: &str) -> String {
    const TAKEN: &[&str] =
        &["builder", "from_env", "call", "generic_call", "clone", "core", "into", "from", "types_"];
    if TAKEN.contains(&module) {
        format!("{}_", module.trim_end_matches('_'))
    } else {
        module.to_owned()
    }
}

fn documentation(operation: &spec::Operation, types: &Types<'_>) -> Vec<String> {
    let mut docs: Vec<String> = Vec::new();
    let summary = operation.summary.as_ref().or(operation.title.as_ref());
    for text in [summary, operation.description.as_ref()].into_iter().flatten() {
        let lines = types.client_docs(text);
        if lines.is_empty() || lines == docs {
            continue;
        }
        if !docs.is_empty() {
            docs.push(String::new());
        }
        docs.extend(lines);
    }
    if docs.is_empty() {
        docs.push(format!("Calls `{}`.", operation.name.replace('`', "")));
    }
    docs
}

/// Whether the description says that an operation only reads.
fn reads(operation: &spec::Operation) -> bool {
    match (operation.operation_type.as_deref(), operation.system_operation_type.as_deref()) {
        (Some("read"), _) => true,
        (Some(_), _) => false,
        (None, Some("get" | "list")) => true,
        (None, _) => false,
    }
}

fn is_anonymous(operation: &spec::Operation) -> bool {
    let has = |name: &str| operation.security.iter().any(|one| one == name);
    (has("Anonymous") || has("ARS_OIDC")) && !has("AK")
}

fn not_callable(operation: &spec::Operation, style: Style, has_path: bool) -> Option<String> {
    let signed = operation.security.is_empty() || operation.security.iter().any(|one| one == "AK");
    if style == Style::Other {
        Some("the product has a gateway or a signature of its own".to_owned())
    } else if !signed && !is_anonymous(operation) {
        Some(format!("it wants {} in place of an access key", operation.security.join(" or ")))
    } else if !has_path {
        Some("its path cannot be filled".to_owned())
    } else {
        None
    }
}

/// By name everything goes as POST where that is allowed; by path the first method counts.
fn http_method(operation: &spec::Operation, style: Style) -> String {
    const KNOWN: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    let methods: Vec<String> = operation
        .methods
        .iter()
        .map(|method| method.trim().to_ascii_uppercase())
        .filter(|method| KNOWN.contains(&method.as_str()))
        .collect();
    let post = methods.iter().any(|method| method == "POST");
    match methods.first() {
        Some(first) if style != Style::Rpc || !post => first.clone(),
        _ => "POST".to_owned(),
    }
}

/// The template of the path, with every placeholder filled by a parameter; `None` where one is not.
fn path(
    operation: &spec::Operation,
    style: Style,
    request: &Struct,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    if style == Style::Rpc {
        return Some("/".to_owned());
    }
    let parameters: Vec<&str> = request
        .fields
        .iter()
        .filter(|field| field.travels.as_deref().is_some_and(|travels| travels.starts_with("path")))
        .map(|field| field.wire.as_str())
        .collect();
    let mut path = operation.path.clone().unwrap_or_else(|| "/".to_owned());
    // One parameter may stand for the whole path; then the template is only an illustration.
    if path.contains('*')
        && let [whole] = parameters.as_slice()
    {
        return Some(format!("{{+{whole}}}"));
    }
    for name in &parameters {
        path = path.replace(&format!("[{name}]"), &format!("{{{name}}}"));
    }
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    let pointer = format!("{}/path", operation.pointer);
    let mut filled = true;
    for placeholder in placeholders(&path) {
        if !parameters.contains(&placeholder) {
            diagnostics.warning(
                pointer.clone(),
                format!("no parameter for {{{placeholder}}}"),
                "the operation cannot be called",
            );
            filled = false;
        }
    }
    for name in parameters {
        if !path.contains(&format!("{{{name}}}")) {
            diagnostics.warning(
                pointer.clone(),
                format!("the path has no place for {name:?}"),
                "the parameter has no effect",
            );
        }
    }
    filled.then_some(path)
}

fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A response before its types are named.
struct UnnamedResponse {
    docs: Vec<String>,
    /// The fields of an object, or one field that stands for the whole.
    fields: Vec<Field>,
    is_object: bool,
}

impl UnnamedResponse {
    fn into_response(self, name: String) -> Response {
        let UnnamedResponse { docs, mut fields, is_object } = self;
        let root = if is_object {
            Root::Struct(Struct { name: name.clone(), docs, fields, input: false })
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
    unit: &mut Unit,
    diagnostics: &mut Diagnostics,
) -> UnnamedResponse {
    let what = format!("Response of `{}`.", operation.name.replace('`', ""));
    let mut place = Place {
        at: format!("{}!", operation.name),
        way: vec!["Response".to_owned()],
        of: &operation.name,
    };
    let Some(schema) = &operation.success else {
        return UnnamedResponse { docs: vec![what], fields: Vec::new(), is_object: false };
    };
    if let Some(Shape::Struct(_)) = shape::of(schema) {
        let root = types.structure(schema, &place, unit, diagnostics);
        return UnnamedResponse { docs: vec![what], fields: root.fields, is_object: true };
    }
    if let Some(Shape::List(_) | Shape::Map(_)) = shape::of(schema) {
        place.way.push("Item".to_owned());
    }
    let ty = types.ty(schema, &place, unit, diagnostics);
    let whole = Field {
        name: "whole".to_owned(),
        wire: String::new(),
        item: None,
        docs: Vec::new(),
        deprecated: false,
        ty,
        required: false,
        travels: None,
        reading: None,
    };
    UnnamedResponse { docs: vec![what], fields: vec![whole], is_object: false }
}

fn request<'a>(
    operation: &'a spec::Operation,
    name: &str,
    style: Style,
    types: &mut Types<'a>,
    unit: &mut Unit,
    diagnostics: &mut Diagnostics,
) -> Struct {
    let mut scope = Scope::with(&["new"]);
    let mut fields: Vec<Field> = Vec::new();
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for parameter in &operation.parameters {
        if style == Style::Rpc && PROTOCOL.contains(&parameter.name.as_str()) {
            diagnostics.note(
                parameter.pointer.clone(),
                format!("{:?} belongs to the protocol", parameter.name),
                "left out: the runtime sends it",
            );
            continue;
        }
        if let Some(index) = seen.get(&(parameter.name.as_str(), parameter.place.as_str())) {
            diagnostics.note(
                parameter.pointer.clone(),
                format!("a second parameter {:?}", parameter.name),
                "merged with the first",
            );
            if let Some(first) = fields.get_mut(*index) {
                first.required |= parameter.schema.required;
            }
            continue;
        }
        if let Some(field) = field(operation, parameter, &mut scope, types, unit, diagnostics) {
            seen.insert((&parameter.name, &parameter.place), fields.len());
            fields.push(field);
        }
    }
    let docs = vec![format!("Request of `{}`.", operation.name.replace('`', ""))];
    Struct { name: format!("{name}Request"), docs, fields, input: true }
}

fn field<'a>(
    operation: &'a spec::Operation,
    parameter: &'a Parameter,
    scope: &mut Scope,
    types: &mut Types<'a>,
    unit: &mut Unit,
    diagnostics: &mut Diagnostics,
) -> Option<Field> {
    let at = format!("{}?{}", operation.name, parameter.name);
    let wire = &parameter.name;
    let renamed = types.overlay.rename(&at).unwrap_or_else(|| wire.clone());
    let name = scope.claim(&names::snake(&renamed));
    let schema = &parameter.schema;
    let docs = types.docs(schema, || format!("The parameter `{}`.", wire.replace('`', "")));
    let list = types.overlay.list(&at);
    let json = types.overlay.json(&at);
    let ty = if let Some(text) = &json {
        named_type(text).unwrap_or_else(|| {
            diagnostics.error(
                at.clone(),
                format!("the overlay's type {text:?} is none"),
                "known are text, integer, number, boolean, any, list<…> and map<…>",
            );
            Ty::Any
        })
    } else if list.is_some() && shape::of(schema).is_some_and(|shape| matches!(shape, Shape::Text))
    {
        Ty::List(Box::new(Ty::Text))
    } else {
        let way = vec!["Request".to_owned(), name_of_one(wire, schema)];
        let place = Place { at: at.clone(), way, of: wire };
        types.ty(schema, &place, unit, diagnostics)
    };
    let place = match (types.overlay.location(&at), parameter.place.as_str()) {
        (Some(LocationFix::Query), _) | (None, "query") => "query",
        (Some(LocationFix::Form), _) | (None, "formData") => "form",
        (None, "body") => "body",
        (None, "header") => "header",
        (None, "path") => "path",
        (None, "host") => "host",
        (None, other) => {
            diagnostics.error(
                format!("{}/in", parameter.pointer),
                format!("the unknown place {other:?}"),
                "known are query, formData, body, header, path and host: correct the description",
            );
            return None;
        }
    };
    let mut travels = place.to_owned();
    let nested = !matches!(ty, Ty::Text | Ty::Integer | Ty::Number | Ty::Boolean | Ty::Bytes);
    match (list, parameter.style.as_deref()) {
        (Some(ListStyle::Comma), _) => travels.push_str(".comma_list()"),
        (Some(ListStyle::Lines), _) => travels.push_str(".lines()"),
        (Some(ListStyle::Json), _) => travels.push_str(".json()"),
        (None, _) if json.is_some() => travels.push_str(".json()"),
        (None, Some("json")) if nested && matches!(place, "query" | "form") => {
            travels.push_str(".json()")
        }
        (None, Some("simple")) if nested => travels.push_str(".comma_list()"),
        (None, None | Some("json" | "simple" | "repeatList" | "flat" | "xml")) => {}
        (None, Some(other)) => diagnostics.warning(
            format!("{}/style", parameter.pointer),
            format!("the unknown style {other:?}"),
            "taken for flat",
        ),
    }
    if let Some((least, most)) = types.overlay.items(&at) {
        travels.push_str(&format!(".items({least}, {most})"));
    }
    let token = ty == Ty::Text
        && wire.eq_ignore_ascii_case("ClientToken")
        && matches!(place, "query" | "form");
    if token {
        travels.push_str(".token()");
    }
    let always = matches!(place, "path" | "host");
    Some(Field {
        name,
        wire: wire.clone(),
        item: None,
        docs,
        deprecated: parameter.deprecated,
        required: (schema.required || always) && !token,
        ty,
        travels: Some(travels),
        reading: None,
    })
}

/// A type as an overlay writes it: `map<list<text>>`.
fn named_type(text: &str) -> Option<Ty> {
    let inner = |head: &str| text.strip_prefix(head)?.strip_suffix('>').map(str::trim);
    if let Some(item) = inner("list<") {
        return Some(Ty::List(Box::new(named_type(item)?)));
    }
    if let Some(value) = inner("map<") {
        return Some(Ty::Map(Box::new(named_type(value)?)));
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

/// Makes setters of the arguments of a `new` that would have too many; they are checked on the call.
fn limit_arguments(request: &mut Struct) {
    if request.fields.iter().filter(|field| field.required).count() <= MOST_ARGUMENTS {
        return;
    }
    for field in request.fields.iter_mut().filter(|field| field.required) {
        field.required = false;
        if let Some(travels) = &mut field.travels
            && !travels.starts_with("path")
            && !travels.starts_with("host")
        {
            travels.push_str(".required()");
        }
    }
}
