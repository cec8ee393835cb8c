//! The request of an operation: its parameters as fields.

use std::collections::BTreeMap;

use super::path::{has_effect, location};
use crate::diagnostics::Diagnostics;
use crate::ir::{self, Field, Location, ParameterStyle, Struct, Style, Ty};
use crate::lower::field_names::{self, FieldName, Unnamed};
use crate::lower::module_types::ModuleTypes;
use crate::lower::types::{SchemaContext, Types, item_name, schema_example};
use crate::names::Scope;
use crate::overlay::ListStyle;
use crate::spec::shape::{self, Shape};
use crate::spec::{self, Parameter};

/// Parameters of the RPC protocol, which some descriptions list by mistake.
pub const PROTOCOL_PARAMETERS: &[&str] = &[
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

pub(super) fn lower<'a>(
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
        let described = parameter.schema.required;
        let selector = format!("{}?{}", operation.name, parameter.name);
        let required = types.overlay.required(&selector, described).unwrap_or(described);
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
    let ty = if list.is_some()
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
        json_text: false,
        example: schema_example(schema),
        in_example: types.overlay.in_example(&selector),
        shown_example: None,
    })
}
