//! An OpenMeta document as it stands, read into types. Nothing is decided here.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::diagnostics::{Diagnostics, Failure};
use super::json::{At, Json};

/// The largest description that is read, in bytes. The largest published one has 5 MB.
const MAX_BYTES: u64 = 64 << 20;

/// What a service offers.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) product: String,
    pub(crate) version: String,
    pub(crate) style: String,
    pub(crate) directories: Vec<Directory>,
    pub(crate) components: Vec<(String, Schema)>,
    pub(crate) operations: Vec<Operation>,
    /// Region and host name.
    pub(crate) endpoints: Vec<(String, String)>,
}

/// A group of operations, as the documentation shows them.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) title: String,
    pub(crate) operations: Vec<String>,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) pointer: String,
    pub(crate) methods: Vec<String>,
    pub(crate) security: Vec<String>,
    pub(crate) path: Option<String>,
    pub(crate) operation_type: Option<String>,
    pub(crate) system_operation_type: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) title: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
    /// The schema of what comes back when all went well, if there is one.
    pub(crate) success: Option<Schema>,
    pub(crate) error_codes: Vec<ErrorCode>,
    pub(crate) demos: Vec<Demo>,
}

/// One parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) pointer: String,
    pub(crate) place: String,
    pub(crate) style: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) schema: Schema,
}

/// A documented error.
#[derive(Debug)]
pub(crate) struct ErrorCode {
    pub(crate) status: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// A documented response.
#[derive(Debug, Clone)]
pub(crate) struct Demo {
    /// `json` or `xml`.
    pub(crate) format: String,
    pub(crate) text: String,
}

/// The description of a value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    pub(crate) pointer: String,
    pub(crate) reference: Option<String>,
    pub(crate) kind: String,
    pub(crate) format: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) values: Vec<String>,
    pub(crate) value_titles: Vec<(String, String)>,
    pub(crate) items: Option<Box<Schema>>,
    pub(crate) properties: Vec<(String, Schema)>,
    pub(crate) additional: Option<Box<Schema>>,
}

/// Reads a description from a file.
pub(crate) fn read(path: &Path, diagnostics: &mut Diagnostics) -> Result<(Spec, Vec<u8>), Failure> {
    let fail = |reason: &dyn std::fmt::Display| {
        Failure::new(format!("error: {}: {reason}", path.display()))
    };
    let file = File::open(path).map_err(|error| fail(&format!("cannot be read: {error}")))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| fail(&format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(fail(&format!(
            "is larger than {MAX_BYTES} bytes: no published description is, so pick the file again"
        )));
    }
    let spec = parse(&bytes, path, diagnostics)?;
    Ok((spec, bytes))
}

/// Reads a description from its text.
pub(crate) fn parse(
    bytes: &[u8],
    path: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<Spec, Failure> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let json: Json = serde_json::from_slice(bytes).map_err(|error| {
        Failure::new(format!(
            "error: {}: not readable as JSON: {error}: download the description again",
            path.display()
        ))
    })?;
    let root = At::root(&json);
    let missing = |pointer: &str, what: &str| {
        Failure::new(format!(
            "error: {} at {pointer}: {what}: an OpenMeta document has `info` with `product`, `version` and `style`, and `apis`",
            path.display()
        ))
    };
    let info = root
        .get("info")
        .filter(At::is_object)
        .ok_or_else(|| missing("/info", "missing or not an object"))?;
    let of_info = |key: &str| {
        info.get(key)
            .and_then(|at| at.text())
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| missing(&format!("/info/{key}"), "missing or not text"))
    };
    let (product, version, style) = (of_info("product")?, of_info("version")?, of_info("style")?);
    let apis = root
        .get("apis")
        .filter(At::is_object)
        .ok_or_else(|| missing("/apis", "missing or not an object"))?;

    let mut operations = Vec::new();
    for (name, at) in apis.entries() {
        if at.is_object() {
            operations.push(operation(name, &at, diagnostics));
        } else {
            diagnostics.error(
                at.pointer(),
                format!("an operation that is {}", at.json.kind()),
                "make it an object or remove it",
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
            let (Some(region), Some(host)) = (at.text_of("regionId"), at.text_of("endpoint"))
            else {
                diagnostics.warning(
                    at.pointer(),
                    "an endpoint without `regionId` or `endpoint`",
                    "left out",
                );
                continue;
            };
            let (region, host) = (region.trim(), host.trim());
            if is_host(region) && is_host(host) {
                endpoints.push((region.to_owned(), host.to_owned()));
            } else {
                diagnostics.warning(
                    at.pointer(),
                    format!("an endpoint that is no host name: {host:?} of {region:?}"),
                    "left out",
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

fn directory(at: &At<'_>, out: &mut Vec<Directory>) {
    fn leaves(at: &At<'_>, out: &mut Vec<String>) {
        if let Some(name) = at.text() {
            out.push(name.to_owned());
        } else if let Some(children) = at.get("children") {
            children.items().for_each(|child| leaves(&child, out));
        }
    }
    let mut operations = Vec::new();
    leaves(at, &mut operations);
    let title = at.text_of("title").unwrap_or("Other").to_owned();
    out.push(Directory { title, operations });
}

fn words(at: Option<At<'_>>) -> Vec<String> {
    at.map(|at| at.items().filter_map(|item| item.text().map(str::to_owned)).collect())
        .unwrap_or_default()
}

fn prose(at: &At<'_>, key: &str) -> Option<String> {
    let text = at.get(key)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn operation(name: &str, at: &At<'_>, diagnostics: &mut Diagnostics) -> Operation {
    let mut parameters = Vec::new();
    if let Some(all) = at.get("parameters") {
        for parameter in all.items() {
            let (Some(name), Some(place)) = (parameter.text_of("name"), parameter.text_of("in"))
            else {
                diagnostics.error(
                    parameter.pointer(),
                    "a parameter without `name` or `in`",
                    "add them",
                );
                continue;
            };
            let schema = match parameter.get("schema") {
                Some(at) => schema(&at, diagnostics),
                None => {
                    diagnostics.warning(
                        parameter.pointer(),
                        "a parameter without `schema`",
                        "taken for text",
                    );
                    Schema { kind: "string".to_owned(), ..Schema::default() }
                }
            };
            parameters.push(Parameter {
                name: name.to_owned(),
                pointer: parameter.pointer(),
                place: place.to_owned(),
                style: parameter.text_of("style").map(str::to_owned),
                deprecated: parameter.is("deprecated") || schema.deprecated,
                schema,
            });
        }
    }
    Operation {
        name: name.to_owned(),
        pointer: at.pointer(),
        methods: words(at.get("methods")),
        security: at.get("security").map(|all| security(&all)).unwrap_or_default(),
        path: at.text_of("path").map(str::to_owned),
        operation_type: at.text_of("operationType").map(str::to_owned),
        system_operation_type: at
            .get("systemTags")
            .and_then(|tags| tags.get("operationType").and_then(|at| at.text()).map(str::to_owned)),
        deprecated: at.is("deprecated"),
        title: prose(at, "title"),
        summary: prose(at, "summary"),
        description: prose(at, "description"),
        parameters,
        success: success(at, diagnostics),
        error_codes: error_codes(at),
        demos: demos(at, diagnostics),
    }
}

fn security(all: &At<'_>) -> Vec<String> {
    all.items().filter_map(|at| at.entries().next().map(|(name, _)| name.to_owned())).collect()
}

/// The schema of 200, else of the first other status below 400 that has one.
fn success(at: &At<'_>, diagnostics: &mut Diagnostics) -> Option<Schema> {
    let responses = at.get("responses")?;
    let mut good: Vec<_> = responses
        .entries()
        .filter(|(status, _)| status.starts_with(['2', '3']) && status.len() == 3)
        .collect();
    good.sort_by_key(|(status, _)| *status != "200");
    for (_, response) in &good {
        if let Some(at) = response.get("schema") {
            return Some(schema(&at, diagnostics));
        }
    }
    None
}

fn error_codes(at: &At<'_>) -> Vec<ErrorCode> {
    let Some(all) = at.get("errorCodes") else { return Vec::new() };
    let mut codes = Vec::new();
    for (status, list) in all.entries() {
        for entry in list.items() {
            if let Some(code) = entry.text_of("errorCode") {
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

fn demos(at: &At<'_>, diagnostics: &mut Diagnostics) -> Vec<Demo> {
    let Some(demo) = at.get("responseDemo") else { return Vec::new() };
    let Some(text) = demo.text().map(str::trim).filter(|text| !text.is_empty()) else {
        return Vec::new();
    };
    match serde_json::from_str::<Json>(text) {
        Ok(json) => At::root(&json)
            .items()
            .filter_map(|entry| {
                let text = entry.text_of("example")?;
                let format = entry.text_of("type")?.to_ascii_lowercase();
                (!text.trim().is_empty()).then(|| Demo { format, text: text.to_owned() })
            })
            .collect(),
        Err(error) => {
            diagnostics.warning(
                demo.pointer(),
                format!("documented responses that are not JSON: {error}"),
                "left out",
            );
            Vec::new()
        }
    }
}

/// Reads a schema. Its nesting is bounded by what the JSON parser lets through.
fn schema(at: &At<'_>, diagnostics: &mut Diagnostics) -> Schema {
    if !at.is_object() {
        diagnostics.error(
            at.pointer(),
            format!("a schema that is {}", at.json.kind()),
            "make it an object",
        );
        return Schema::default();
    }
    let number_or_text = |at: At<'_>| match at.json {
        Json::Text(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    };
    let reference = at.text_of("$ref").map(str::to_owned);
    let kind = match (at.text_of("type"), &reference) {
        (Some(kind), _) => kind.to_owned(),
        (None, Some(_)) => String::new(),
        (None, None) => {
            diagnostics.warning(
                at.pointer(),
                "a schema without `type` or `$ref`",
                "taken for any value",
            );
            "any".to_owned()
        }
    };
    Schema {
        pointer: at.pointer(),
        reference,
        kind,
        format: at.text_of("format").map(str::to_owned),
        title: prose(at, "title"),
        description: prose(at, "description"),
        required: at.is("required"),
        deprecated: at.is("deprecated"),
        values: at
            .get("enum")
            .map(|all| all.items().filter_map(number_or_text).collect())
            .unwrap_or_default(),
        value_titles: at
            .get("enumValueTitles")
            .map(|all| {
                all.entries()
                    .map(|(value, title)| {
                        (value.to_owned(), title.text().unwrap_or_default().to_owned())
                    })
                    .collect()
            })
            .unwrap_or_default(),
        items: at.get("items").map(|at| Box::new(schema(&at, diagnostics))),
        properties: at
            .get("properties")
            .map(|all| {
                all.entries()
                    .map(|(name, at)| (name.to_owned(), schema(&at, diagnostics)))
                    .collect()
            })
            .unwrap_or_default(),
        additional: at
            .get("additionalProperties")
            .filter(At::is_object)
            .map(|at| Box::new(schema(&at, diagnostics))),
    }
}
