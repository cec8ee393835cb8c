//! Reads a description from its text.

mod schema;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::{Demo, Directory, ErrorCode, Operation, Parameter, Schema, Spec};
use crate::diagnostics::{CommandError, Diagnostics};
use crate::files::io_error;
use crate::json::{self, JsonRef};
use schema::{prose, schema};

/// Maximum size of a description in bytes. The largest published one has 5 MB.
const MAX_BYTES: u64 = 64 << 20;

/// Reads the bytes of a description, at most 64 MiB.
///
/// # Errors
///
/// Returns an error if the file cannot be read or is larger than any published description.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// use alicloud_codegen::spec;
///
/// let error = spec::read_bytes(Path::new("no/such/api.json")).unwrap_err();
/// assert!(error.to_string().starts_with("error: no/such/api.json: cannot be read: "));
/// ```
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| io_error(path, "cannot be read", &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CommandError::new(format!(
            "error: {}: larger than {MAX_BYTES} bytes: no published description is that large, check the file name",
            path.display()
        )));
    }
    Ok(bytes)
}

/// Reads a description from its text. `path` is its name in messages.
///
/// # Errors
///
/// Returns an error if the text is not JSON, or not an OpenMeta document. What is wrong inside of operations is in
/// `diagnostics`.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
/// use alicloud_codegen::diagnostics::Diagnostics;
/// use alicloud_codegen::spec;
///
/// let file = Path::new("gadget.json");
/// let spec = spec::parse(DESCRIPTION, file, &mut Diagnostics::new(file))?;
/// assert_eq!((spec.product.as_str(), spec.style.as_str()), ("Gadget", "RPC"));
/// assert!(spec::parse(b"<html>", file, &mut Diagnostics::new(file)).is_err());
/// # Ok(())
/// # }
/// ```
pub fn parse(
    bytes: &[u8],
    path: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<Spec, CommandError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // UTF-16 has zero bytes.
    if std::str::from_utf8(bytes).is_err() || bytes.contains(&0) {
        return Err(CommandError::new(format!(
            "error: {}: invalid JSON: not UTF-8: convert the file to UTF-8",
            path.display()
        )));
    }
    let json = json::parse(bytes).map_err(|error| {
        CommandError::new(match error.is_data() {
            true => format!(
                "error: {} at {error}: move the inner schemas to `components` and refer to them with `$ref`",
                path.display()
            ),
            false => format!(
                "error: {}: invalid JSON: {error}: download the description again",
                path.display()
            ),
        })
    })?;
    let root = JsonRef::root(&json);
    let missing = |pointer: &str, what: &str| {
        CommandError::new(format!(
            "error: {} at {pointer}: {what}: an OpenMeta document needs `info` with `product`, `version` and `style`, and `apis`",
            path.display()
        ))
    };
    let info = root
        .get("info")
        .filter(JsonRef::is_object)
        .ok_or_else(|| missing("/info", "missing or not an object"))?;
    let info_text = |key: &str| {
        info.get(key)
            .and_then(|at| at.text())
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| missing(&format!("/info/{key}"), "missing, empty or not text"))
    };
    let (product, version, style) =
        (info_text("product")?, info_text("version")?, info_text("style")?);
    let apis = root
        .get("apis")
        .filter(JsonRef::is_object)
        .ok_or_else(|| missing("/apis", "missing or not an object"))?;

    let mut operations = Vec::new();
    for (name, at) in apis.entries() {
        if at.is_object() {
            operations.push(operation(name, &at, diagnostics));
        } else {
            diagnostics.error(
                at.pointer(),
                format!("the operation is {}, not an object", at.json.kind()),
                "correct or remove it",
            );
        }
    }
    let mut components = Vec::new();
    if let Some(all) = root.get("components")
        && let Some(all) = all.get("schemas")
    {
        for (name, at) in all.entries() {
            components.push((name.to_owned(), schema(&at, diagnostics)));
        }
    }
    let mut directories = Vec::new();
    if let Some(all) = root.get("directories") {
        for at in all.items() {
            directory(&at, &mut directories);
        }
    }
    let mut endpoints: Vec<(String, String)> = Vec::new();
    if let Some(all) = root.get("endpoints") {
        for at in all.items() {
            let (Some(region), Some(host)) = (at.get_text("regionId"), at.get_text("endpoint"))
            else {
                diagnostics.warning(
                    at.pointer(),
                    "the endpoint has no `regionId` or no `endpoint`",
                    "ignored",
                );
                continue;
            };
            let (region, host) = (region.trim(), host.trim());
            if is_host(region) && is_host(host) {
                endpoints.push((region.to_owned(), host.to_owned()));
            } else {
                diagnostics.warning(
                    at.pointer(),
                    format!("{host:?} in region {region:?} is not a host name"),
                    "ignored",
                );
            }
        }
    }
    Ok(Spec { product, version, style, directories, components, operations, endpoints })
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

fn directory(at: &JsonRef<'_>, out: &mut Vec<Directory>) {
    fn leaves(at: &JsonRef<'_>, out: &mut Vec<String>) {
        if let Some(name) = at.text() {
            out.push(name.to_owned());
        } else if let Some(children) = at.get("children") {
            children.items().for_each(|child| leaves(&child, out));
        }
    }
    let mut operations = Vec::new();
    leaves(at, &mut operations);
    let title = if at.is_object() { at.get_text("title").unwrap_or_default() } else { "Other" };
    out.push(Directory { title: title.to_owned(), operations });
}

fn texts(at: Option<JsonRef<'_>>) -> Vec<String> {
    at.map(|at| at.items().filter_map(|item| item.text().map(str::to_owned)).collect())
        .unwrap_or_default()
}

fn operation(name: &str, at: &JsonRef<'_>, diagnostics: &mut Diagnostics) -> Operation {
    let mut parameters = Vec::new();
    if let Some(all) = at.get("parameters") {
        for parameter in all.items() {
            let (Some(name), Some(location)) =
                (parameter.get_text("name"), parameter.get_text("in"))
            else {
                diagnostics.error(
                    parameter.pointer(),
                    "the parameter has no `name` or no `in`",
                    "add what is missing",
                );
                continue;
            };
            let schema = match parameter.get("schema") {
                Some(at) => schema(&at, diagnostics),
                None => {
                    diagnostics.warning(
                        parameter.pointer(),
                        "the parameter has no `schema`",
                        "treated as text",
                    );
                    Schema { kind: "string".to_owned(), ..Schema::default() }
                }
            };
            parameters.push(Parameter {
                name: name.to_owned(),
                pointer: parameter.pointer(),
                location: location.to_owned(),
                style: parameter.get_text("style").map(str::to_owned),
                deprecated: parameter.is_true("deprecated") || schema.deprecated,
                schema,
            });
        }
    }
    Operation {
        name: name.to_owned(),
        pointer: at.pointer(),
        methods: texts(at.get("methods")),
        security: at.get("security").map(|all| security(&all)).unwrap_or_default(),
        path: at.get_text("path").map(str::to_owned),
        operation_type: at.get_text("operationType").map(str::to_owned),
        system_operation_type: at
            .get("systemTags")
            .and_then(|tags| tags.get("operationType").and_then(|at| at.text()).map(str::to_owned)),
        deprecated: at.is_true("deprecated"),
        title: prose(at, "title"),
        summary: prose(at, "summary"),
        description: prose(at, "description"),
        limits: Vec::new(),
        page: None,
        parameters,
        success: success(at, diagnostics),
        error_codes: error_codes(at),
        demos: demos(at, diagnostics),
    }
}

fn security(all: &JsonRef<'_>) -> Vec<String> {
    all.items().filter_map(|at| at.entries().next().map(|(name, _)| name.to_owned())).collect()
}

/// Returns the schema of the response 200, or else of the lowest other status below 400 that has one.
fn success(at: &JsonRef<'_>, diagnostics: &mut Diagnostics) -> Option<Schema> {
    let responses = at.get("responses")?;
    let mut successful: Vec<_> = responses
        .entries()
        .filter(|(status, _)| status.starts_with(['2', '3']) && status.len() == 3)
        .collect();
    successful.sort_by_key(|(status, _)| (*status != "200", *status));
    for (_, response) in &successful {
        if let Some(at) = response.get("schema") {
            return Some(schema(&at, diagnostics));
        }
    }
    None
}

fn error_codes(at: &JsonRef<'_>) -> Vec<ErrorCode> {
    let Some(all) = at.get("errorCodes") else { return Vec::new() };
    let mut codes = Vec::new();
    for (status, list) in all.entries() {
        for entry in list.items() {
            if let Some(code) = entry.get_text("errorCode") {
                codes.push(ErrorCode {
                    status: status.to_owned(),
                    code: code.trim().to_owned(),
                    message: prose(&entry, "errorMessage").unwrap_or_default(),
                });
            }
        }
    }
    codes
}

fn demos(at: &JsonRef<'_>, diagnostics: &mut Diagnostics) -> Vec<Demo> {
    let Some(demo) = at.get("responseDemo") else { return Vec::new() };
    let Some(text) = demo.text().map(str::trim).filter(|text| !text.is_empty()) else {
        return Vec::new();
    };
    match json::parse(text.as_bytes()) {
        Ok(json) => JsonRef::root(&json)
            .items()
            .filter_map(|entry| {
                let text = entry.get_text("example")?;
                let format = entry.get_text("type")?.to_ascii_lowercase();
                (!text.trim().is_empty()).then(|| Demo { format, text: text.to_owned() })
            })
            .collect(),
        Err(error) => {
            diagnostics.warning(
                demo.pointer(),
                format!("the documented responses are invalid JSON: {error}"),
                "ignored",
            );
            Vec::new()
        }
    }
}
