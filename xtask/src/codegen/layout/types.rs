//! Structs, enums and their fields.

use std::collections::BTreeSet;

use super::{WIDTH, doc_block, inline_code, literal, nested_field, signature, use_list};
use crate::codegen::ir::{Enum, Field, Pager, Predicate, Reading, Step, Struct, Ty, Type, Variant};

impl Struct {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "")
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.required)
    }

    pub(crate) fn optional_fields(&self) -> Vec<&Field> {
        self.fields.iter().filter(|field| !field.required).collect()
    }

    /// Returns the methods that parse fields.
    pub(crate) fn readings(&self) -> Vec<ReadingMethod<'_>> {
        self.fields
            .iter()
            .filter_map(|field| {
                let (method, reading) = field.reading.as_ref()?;
                Some(ReadingMethod { method, field: &field.name, reading: *reading })
            })
            .collect()
    }

    /// Returns the documentation of `new`.
    pub(crate) fn new_doc(&self) -> String {
        let kind = if self.is_request() { "request" } else { "value" };
        let names: Vec<String> = self
            .required()
            .map(|field| format!("`{}`", field.name.trim_start_matches("r#")))
            .collect();
        let arguments = match names.as_slice() {
            [] if self.fields.is_empty() => return format!("Creates a {kind}."),
            [] => return format!("Creates an empty {kind}."),
            [name] => name.clone(),
            [names @ .., last] => format!("{} and {last}", names.join(", ")),
        };
        format!("Creates a {kind} with {arguments}.")
    }

    /// Returns whether it is the request of an operation and not a value inside of one.
    fn is_request(&self) -> bool {
        self.fields.iter().all(|field| field.travels.is_some()) && self.name.ends_with("Request")
    }

    pub(crate) fn new_signature(&self) -> String {
        let arguments: Vec<String> =
            self.required().map(|field| format!("{}: {}", field.name, field.argument())).collect();
        signature("    ", "pub fn new", &arguments, "Self")
    }

    pub(crate) fn new_body(&self) -> String {
        let mut parts: Vec<String> = self.required().map(Field::initializer).collect();
        if parts.is_empty() {
            return "        Default::default()".to_owned();
        }
        if parts.len() < self.fields.len() {
            parts.push("..Default::default()".to_owned());
        }
        let single_line = format!("        Self {{ {} }}", parts.join(", "));
        if single_line.chars().count() <= WIDTH {
            return single_line;
        }
        let mut lines = vec!["        Self {".to_owned()];
        lines.extend(parts.iter().map(|part| match part.starts_with("..") {
            true => format!("            {part}"),
            false => format!("            {part},"),
        }));
        lines.push("        }".to_owned());
        lines.join("\n")
    }
}

/// A method that parses a text field.
pub(crate) struct ReadingMethod<'a> {
    pub(crate) method: &'a str,
    pub(crate) field: &'a str,
    reading: Reading,
}

impl ReadingMethod<'_> {
    pub(crate) fn doc(&self) -> String {
        let field = self.field;
        match self.reading {
            Reading::Time => format!("Parses [`{field}`](Self::{field}) as a UTC time."),
            Reading::Percentage => {
                format!("Parses [`{field}`](Self::{field}) as a percentage: 99.5 for `99.5%`.")
            }
            Reading::Integer => format!("Parses [`{field}`](Self::{field}) as an integer."),
            Reading::List => {
                format!("Splits [`{field}`](Self::{field}) at the commas.")
            }
        }
    }

    pub(crate) fn rust_type(&self) -> &'static str {
        match self.reading {
            Reading::Time => "Option<SystemTime>",
            Reading::Percentage => "Option<f64>",
            Reading::Integer => "Option<i64>",
            Reading::List => "Vec<&str>",
        }
    }

    /// Returns the expression that parses an `Option<&str>`.
    pub(crate) fn call(&self) -> &'static str {
        match self.reading {
            Reading::Time => "and_then(reading::time)",
            Reading::Percentage => "and_then(reading::percentage)",
            Reading::Integer => "and_then(reading::integer)",
            Reading::List => "map(reading::comma_list).unwrap_or_default()",
        }
    }
}

impl Field {
    pub(crate) fn doc_block(&self) -> String {
        let mut lines = self.docs.clone();
        if self.deprecated && self.superseded_by.is_none() {
            lines.extend([String::new(), "**Deprecated** by the service.".to_owned()]);
        }
        if let Some(path) = self.wire_path.as_ref().filter(|path| !path.is_empty()) {
            lines.extend([String::new(), format!("On the wire: `{}`.", inline_code(path))]);
        }
        doc_block(&lines, "    ")
    }

    /// Returns the attribute of a superseded field and its setter, on a line of its own.
    pub(crate) fn attribute(&self, indent: &str) -> String {
        match &self.superseded_by {
            Some(current) => {
                let current = current.trim_start_matches("r#");
                format!("\n{indent}#[deprecated = \"use `{current}`\"]")
            }
            None => String::new(),
        }
    }

    pub(crate) fn rust_type(&self) -> String {
        let ty = self.ty.rust();
        if self.required || self.ty.is_collection() { ty } else { format!("Option<{ty}>") }
    }

    /// Returns the names on the wire, in the syntax of `record!`.
    pub(crate) fn wire_text(&self) -> String {
        match &self.item {
            Some(item) => format!("{} / {}", literal(&self.wire), literal(item)),
            None => literal(&self.wire),
        }
    }

    pub(crate) fn travels_text(&self) -> &str {
        self.travels.as_deref().unwrap_or("query")
    }

    pub(crate) fn setter_kind(&self) -> String {
        match &self.ty {
            Ty::List(item) => format!("[{}]", item.rust()),
            Ty::Map(value) => format!("{{{}}}", value.rust()),
            Ty::Boxed(name) => format!("({name})"),
            other => other.rust(),
        }
    }

    /// Returns the type of the argument of `new`.
    fn argument(&self) -> String {
        match &self.ty {
            Ty::Integer | Ty::Number | Ty::Boolean => self.ty.rust(),
            Ty::List(item) => format!("impl IntoIterator<Item = impl Into<{}>>", item.rust()),
            Ty::Map(value) => {
                format!(
                    "impl IntoIterator<Item = (impl Into<String>, impl Into<{}>)>",
                    value.rust()
                )
            }
            other => format!("impl Into<{}>", other.rust()),
        }
    }

    /// Returns the initializer of the field, from the argument of `new`.
    fn initializer(&self) -> String {
        let name = &self.name;
        match &self.ty {
            Ty::Integer | Ty::Number | Ty::Boolean => name.clone(),
            Ty::List(_) => format!("{name}: {name}.into_iter().map(Into::into).collect()"),
            Ty::Map(_) => {
                format!(
                    "{name}: {name}.into_iter().map(|(key, value)| (key.into(), value.into())).collect()"
                )
            }
            _ => format!("{name}: {name}.into()"),
        }
    }
}

impl Enum {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "    ")
    }
}

impl Predicate {
    pub(crate) fn pattern(&self) -> String {
        self.variants.join(" | ")
    }
}

impl Variant {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "        ")
    }

    pub(crate) fn literal(&self) -> String {
        literal(&self.text)
    }
}

/// The imports of a file.
#[derive(Default)]
pub(crate) struct Imports {
    bytes: bool,
    value: bool,
    map: bool,
    time: bool,
    reading: bool,
    pub(super) paging: bool,
    shared: BTreeSet<String>,
}

impl Imports {
    /// Adds what a type needs. `own` are the types of the same file.
    pub(crate) fn ty(&mut self, ty: &Ty, own: &BTreeSet<&str>) {
        match ty {
            Ty::Bytes => self.bytes = true,
            Ty::Any => self.value = true,
            Ty::List(inner) => self.ty(inner, own),
            Ty::Map(inner) => {
                self.map = true;
                self.ty(inner, own);
            }
            Ty::Named(name) | Ty::Boxed(name) if !own.contains(name.as_str()) => {
                self.shared.insert(name.clone());
            }
            _ => {}
        }
    }

    /// Adds what the fields of a struct need. `own` are the types of the same file.
    pub(crate) fn fields(&mut self, structure: &Struct, own: &BTreeSet<&str>) {
        for field in &structure.fields {
            self.ty(&field.ty, own);
            if let Some((_, reading)) = &field.reading {
                self.reading = true;
                self.time |= *reading == Reading::Time;
            }
        }
    }

    /// Returns the imports in blocks: std, other crates, this crate.
    pub(crate) fn lines(&self, shared: &str) -> Vec<String> {
        let mut blocks: Vec<Vec<String>> = Vec::new();
        let mut std = Vec::new();
        if self.map {
            std.push("use std::collections::BTreeMap;".to_owned());
        }
        if self.time {
            std.push("use std::time::SystemTime;".to_owned());
        }
        let wire: BTreeSet<String> = [
            ("Bytes", self.bytes),
            ("Paged", self.paging),
            ("Value", self.value),
            ("paging", self.paging),
            ("reading", self.reading),
        ]
        .into_iter()
        .filter(|(_, needed)| *needed)
        .map(|(name, _)| name.to_owned())
        .collect();
        blocks.push(std);
        blocks.push(if wire.is_empty() {
            Vec::new()
        } else {
            vec![use_list("use ", "alicloud_wire", &wire)]
        });
        blocks.push(if self.shared.is_empty() {
            Vec::new()
        } else {
            vec![use_list("use ", shared, &self.shared)]
        });
        blocks
            .into_iter()
            .filter(|block| !block.is_empty())
            .flat_map(|block| std::iter::once(String::new()).chain(block))
            .collect()
    }
}

impl Type {
    pub(crate) fn imports(&self) -> Vec<String> {
        let mut imports = Imports::default();
        if let Type::Struct(structure) = self {
            imports.fields(structure, &BTreeSet::from([structure.name.as_str()]));
        }
        imports.lines("super")
    }
}

impl Pager {
    pub(crate) fn take_items(&self) -> String {
        nested_field(
            &self.items,
            "as_mut",
            |owner, field| format!("std::mem::take(&mut {owner}.{field})"),
            "map",
            ".unwrap_or_default()",
        )
    }

    pub(crate) fn next_page(&self) -> String {
        match &self.step {
            Step::Number { parameter, total } => {
                let total = nested_field(
                    total,
                    "as_ref",
                    |owner, field| format!("{owner}.{field}"),
                    "and_then",
                    "",
                );
                let call = format!(
                    "paging::advance_page_number(&mut self.{parameter}, total, items, items_read)"
                );
                format!("        let total = {total};\n        {call}")
            }
            Step::Token { parameter, next } => {
                let next = nested_field(
                    next,
                    "as_ref",
                    |owner, field| format!("{owner}.{field}.as_deref()"),
                    "and_then",
                    "",
                );
                let call = format!("paging::advance_page_token(&mut self.{parameter}, next)");
                format!(
                    "        let _ = (items, items_read);\n        let next = {next};\n        {call}"
                )
            }
        }
    }
}
