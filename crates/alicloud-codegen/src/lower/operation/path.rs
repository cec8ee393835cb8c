//! The path of an operation and the parameters in it.

use crate::diagnostics::Diagnostics;
use crate::ir::{Location, Struct, Style};
use crate::lower::types::Types;
use crate::overlay::LocationSetting;
use crate::spec::{self, Parameter};

/// Returns whether a parameter can be sent: one of the path needs a placeholder, or else it is the whole path.
pub(super) fn has_effect(
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
pub(super) fn template(
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
    if let Some(defect) = defect(&path) {
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
fn defect(path: &str) -> Option<String> {
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

/// Returns where a parameter is sent; `None` if its location is unknown.
pub(super) fn location(
    types: &Types<'_>,
    selector: &str,
    parameter: &Parameter,
) -> Option<Location> {
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
