//! Reads the methods of a client: the operations, their classes, and where parameters are sent.

use std::collections::BTreeMap;

use alicloud_codegen::diagnostics::CommandError;

use super::models::class_name;
use super::source::{Source, between};

/// How the bodies of an operation are written, where the method sets it.
#[derive(Default)]
pub(super) struct Bodies {
    pub(super) request: Option<String>,
    pub(super) response: Option<String>,
}

/// The method of an operation.
#[derive(Default)]
pub(super) struct Method {
    /// The line of its `def`.
    pub(super) line: usize,
    pub(super) operation: String,
    /// The class of the request, if it has parameters.
    pub(super) request: Option<String>,
    pub(super) response: String,
    /// The locations of parameters by name.
    pub(super) locations: BTreeMap<String, &'static str>,
    /// Whether the parameters without a location are sent in the query.
    pub(super) others_in_query: bool,
    /// How lists and objects are written as text, by name.
    pub(super) styles: BTreeMap<String, String>,
    /// `GET` or `POST`, if it is set.
    pub(super) http_method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) bodies: Bodies,
    version: String,
    /// Whether its arguments and the type of its result were read.
    is_body: bool,
}

/// Returns the methods of a client for this version of an API.
pub(super) fn read(source: &Source, version: &str) -> Result<Vec<Method>, CommandError> {
    let mut methods = Vec::new();
    let mut method: Option<Method> = None;
    // Methods that call another one later, or after uploading a file.
    let mut is_variant = false;
    for (number, line) in (1..).zip(source.text.lines()) {
        let definition = line.strip_prefix("    async ").or(line.strip_prefix("    "));
        if let Some(name) = definition.and_then(|text| between(text, "def ", "(")) {
            finish(source, method.take(), version, &mut methods)?;
            if name.ends_with("with_options") {
                method = Some(Method { line: number, ..Method::default() });
            }
            is_variant = name.ends_with("_async") || name.ends_with("_advance");
        } else if let Some(method) = &mut method {
            read_line(source, number, line.trim(), method)?;
        } else if line.trim_start().starts_with("action =") && !is_variant {
            return Err(source.unexpected(number, line));
        }
    }
    finish(source, method, version, &mut methods)?;
    match methods.is_empty() {
        true => Err(source.fail(1, "no method whose name ends with `with_options`")),
        false => Ok(methods),
    }
}

fn read_line(
    source: &Source,
    number: usize,
    text: &str,
    method: &mut Method,
) -> Result<(), CommandError> {
    let unexpected = || source.unexpected(number, text);
    if !method.is_body {
        let request = ["request: ", "tmp_req: "].iter().find_map(|name| between(text, name, ","));
        if let Some(ty) = request {
            method.request = Some(class_name(ty).ok_or_else(unexpected)?.to_owned());
        } else if let Some(ty) = between(text, ") -> ", ":") {
            class_name(ty).ok_or_else(unexpected)?.clone_into(&mut method.response);
            method.is_body = true;
        } else if text != "self," && !text.starts_with("runtime: ") {
            return Err(unexpected());
        }
    } else if let Some((_, call)) = text.split_once("array_to_string_with_specified_style(") {
        let mut texts = call.split('\'').skip(1).step_by(2);
        let (Some(name), Some(style)) = (texts.next(), texts.next()) else {
            return Err(unexpected());
        };
        method.styles.insert(name.to_owned(), style.to_owned());
    } else if text.starts_with("query") && text.contains("to_map(") {
        method.others_in_query = true;
    } else if let Some((place, rest)) = text.split_once("['")
        && let Some((name, _)) = rest.split_once("'] = request.")
    {
        let location = match place {
            "query" => "query",
            "body" | "body_flat" => "formData",
            "host_map" => "host",
            _ => return Err(unexpected()),
        };
        method.locations.insert(name.to_owned(), location);
    } else if let Some((key, value)) = text.split_once('=')
        && let Some(value) = between(value.trim_start(), "'", "'")
    {
        match key.trim_end() {
            "action" => value.clone_into(&mut method.operation),
            "version" => value.clone_into(&mut method.version),
            "method" => method.http_method = Some(value.to_owned()),
            "pathname" => method.path = Some(value.to_owned()),
            "req_body_type" => method.bodies.request = Some(value.to_owned()),
            "body_type" => method.bodies.response = Some(value.to_owned()),
            "style" if value != "RPC" => {
                return Err(source.fail(number, format!("an operation of the style {value:?}")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Adds a method that was read to its end.
fn finish(
    source: &Source,
    method: Option<Method>,
    version: &str,
    methods: &mut Vec<Method>,
) -> Result<(), CommandError> {
    let Some(method) = method else { return Ok(()) };
    if method.operation.is_empty() || method.response.is_empty() {
        return Err(source.fail(method.line, "a method without its operation or its response"));
    }
    if method.version != version {
        return Err(
            source.fail(method.line, format!("version {:?} instead of {version}", method.version))
        );
    }
    methods.push(method);
    Ok(())
}
