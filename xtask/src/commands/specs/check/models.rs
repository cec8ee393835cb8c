//! Reads the classes of requests, responses and their parts.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::spec::Schema;

use super::source::{Source, between};

/// The deepest nesting of lists and maps in one type.
const MAX_NESTING: usize = 16;

/// A class: its fields in order, by their names on the wire.
#[derive(Default)]
pub(super) struct Class {
    pub(super) fields: Vec<(String, Schema)>,
}

/// The part of a class that a line belongs to.
#[derive(PartialEq)]
enum Part {
    /// The arguments of `__init__`, which have the types.
    Arguments,
    /// The method `to_map`, which has the names on the wire.
    ToMap,
    /// Everything else.
    Body,
}

/// A class that is being read.
struct Reading {
    name: String,
    line: usize,
    arguments: Vec<(String, Schema)>,
    /// The names on the wire by attribute.
    names: BTreeMap<String, String>,
}

/// The classes that types refer to, and the line of each reference.
pub(super) type References = BTreeMap<String, usize>;

/// Adds the classes of a file.
pub(super) fn read(
    source: &Source,
    classes: &mut BTreeMap<String, Class>,
) -> Result<References, CommandError> {
    let mut part = Part::Body;
    let mut class: Option<Reading> = None;
    let mut references = References::new();
    // The attribute and the key of the current block of `to_map`.
    let (mut attribute, mut pending_key) = ("", None);
    for (number, line) in (1..).zip(source.text.lines()) {
        let text = line.trim();
        let indentation = line.len() - line.trim_start().len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if let Some(name) = between(line, "class ", "(") {
            if !text.ends_with("Model):") {
                return Err(source.unexpected(number, line));
            }
            finish(source, class.take(), classes)?;
            class = Some(Reading {
                name: name.to_owned(),
                line: number,
                arguments: Vec::new(),
                names: BTreeMap::new(),
            });
            part = Part::Body;
            continue;
        }
        let Some(class) = &mut class else {
            if ["from ", "import "].iter().any(|start| line.starts_with(start)) {
                continue;
            }
            return Err(source.unexpected(number, line));
        };
        if let Some(method) = between(line, "    def ", "(") {
            part = match method {
                _ if part == Part::Arguments => return Err(source.unexpected(number, line)),
                "__init__" if text == "def __init__(" => Part::Arguments,
                "__init__" if text != "def __init__(self):" => {
                    return Err(source.unexpected(number, line));
                }
                "to_map" => Part::ToMap,
                _ => Part::Body,
            };
            (attribute, pending_key) = ("", None);
            continue;
        }
        match part {
            _ if indentation == 0 => return Err(source.unexpected(number, line)),
            Part::Arguments if text == "self," => {}
            Part::Arguments if text == "):" => part = Part::Body,
            Part::Arguments => {
                let argument = text.strip_suffix(" = None,").and_then(|text| text.split_once(": "));
                let (name, ty) = argument.ok_or_else(|| source.unexpected(number, line))?;
                let schema = schema(ty, number, &mut references, MAX_NESTING)
                    .ok_or_else(|| source.unexpected(number, line))?;
                class.arguments.push((name.to_owned(), schema));
            }
            Part::ToMap => {
                if let Some(name) = between(text, "if self.", " is not None:") {
                    attribute = name;
                    if let Some(key) = pending_key.take() {
                        class.names.insert(name.to_owned(), key);
                    }
                } else if let Some(key) = between(text, "result['", "'] = ") {
                    if indentation == 8 {
                        // An empty list or map; the block of its attribute follows.
                        pending_key = Some(key.to_owned());
                    } else if !class.names.contains_key(attribute) {
                        class.names.insert(attribute.to_owned(), key.to_owned());
                    }
                }
            }
            Part::Body => {}
        }
    }
    finish(source, class, classes)?;
    Ok(references)
}

/// Adds a class that was read to its end.
fn finish(
    source: &Source,
    class: Option<Reading>,
    classes: &mut BTreeMap<String, Class>,
) -> Result<(), CommandError> {
    let Some(Reading { name, line, arguments, mut names }) = class else { return Ok(()) };
    let mut fields = Vec::new();
    for (attribute, schema) in arguments {
        let key = names.remove(&attribute).ok_or_else(|| {
            source.fail(line, format!("`to_map` of `{name}` does not write `{attribute}`"))
        })?;
        fields.push((key, schema));
    }
    if let Some(attribute) = names.into_keys().next() {
        let what = format!("`to_map` of `{name}` writes `{attribute}`, which `__init__` lacks");
        return Err(source.fail(line, what));
    }
    let keys: BTreeSet<&str> = fields.iter().map(|(key, _)| key.as_str()).collect();
    if keys.len() != fields.len() {
        return Err(source.fail(line, format!("`to_map` of `{name}` writes a key twice")));
    }
    if classes.insert(name.clone(), Class { fields }).is_some() {
        return Err(source.fail(line, format!("a second class `{name}`")));
    }
    Ok(())
}

/// Returns the schema of a type; `None` if it is no type of a field.
fn schema(
    ty: &str,
    line: usize,
    references: &mut References,
    max_nesting: usize,
) -> Option<Schema> {
    let max_nesting = max_nesting.checked_sub(1)?;
    let of_kind = |kind: &str| Schema { kind: kind.to_owned(), ..Schema::default() };
    if let Some(items) = ty.strip_prefix("List[").and_then(|rest| rest.strip_suffix(']')) {
        let items = Some(Box::new(schema(items, line, references, max_nesting)?));
        return Some(Schema { items, ..of_kind("array") });
    }
    if let Some(value) = ty.strip_prefix("Dict[str, ").and_then(|rest| rest.strip_suffix(']')) {
        let additional = Some(Box::new(schema(value, line, references, max_nesting)?));
        return Some(Schema { additional, ..of_kind("object") });
    }
    Some(match ty {
        "str" => of_kind("string"),
        "int" => of_kind("integer"),
        "float" => of_kind("number"),
        "bool" => of_kind("boolean"),
        "Any" => of_kind("any"),
        "dict" => of_kind("object"),
        "bytes" | "BinaryIO" => Schema { format: Some("binary".to_owned()), ..of_kind("string") },
        _ => {
            let name = class_name(ty)?;
            references.insert(name.to_owned(), line);
            let reference = Some(format!("#/components/schemas/{name}"));
            Schema { reference, ..Schema::default() }
        }
    })
}

/// Returns the name of a class without its module.
pub(super) fn class_name(path: &str) -> Option<&str> {
    let name = path.rsplit('.').next()?;
    let is_name =
        path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    (is_name && name.starts_with(|first: char| first.is_ascii_uppercase())).then_some(name)
}
