//! Structs, enums and their fields.

use std::collections::BTreeSet;

use super::{WIDTH, doc_lines, inline_code, literal, use_list};
use crate::docs;
use crate::ir::{Enum, Field, Location, ParameterStyle, Predicate, Struct, Ty, Type, Variant};

impl Struct {
    pub(crate) fn doc_lines(&self) -> String {
        doc_lines(&self.docs, "    ")
    }

    /// Returns the mark of a struct that does not implement `Eq`.
    pub(crate) fn partial(&self) -> &'static str {
        if self.eq { "" } else { ": PartialEq" }
    }

    /// Returns the arguments of `new` in parentheses, if there are any.
    pub(crate) fn argument_list(&self) -> String {
        let arguments: Vec<String> = self
            .argument_fields()
            .map(|field| format!("{}: {}", field.name, field.rust_type()))
            .collect();
        match arguments.is_empty() {
            true => String::new(),
            false => format!("({})", arguments.join(", ")),
        }
    }

    /// Returns the fields that are arguments of `new`.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("../doctest/gadget.txt")]
    #[doc = include_str!("../doctest/product.txt")]
    /// let request = &product.operations[1].request;
    /// let arguments = request.argument_fields().map(|field| field.wire.as_str());
    /// assert_eq!(arguments.collect::<Vec<_>>(), ["GadgetIds"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn argument_fields(&self) -> impl Iterator<Item = &Field> {
        self.arguments
            .iter()
            .filter_map(|name| self.fields.iter().find(|field| field.name == *name))
    }
}

impl Field {
    pub(crate) fn doc_lines(&self) -> String {
        let mut lines = self.docs.clone();
        if self.deprecated && self.superseded_by.is_none() {
            docs::append_sentence(&mut lines, "**Deprecated** by the service.");
        }
        if self.required && self.is_client_region() {
            docs::append_sentence(&mut lines, "Required; defaults to the region of the client.");
        } else if self.required {
            docs::append_sentence(&mut lines, "Required.");
        }
        if let Some(example) = &self.shown_example {
            docs::append_sentence(&mut lines, &format!("Example: `{example}`."));
        }
        if let Some(path) = self.wire_path.as_ref().filter(|path| !path.is_empty()) {
            let sentence = format!("On the wire: `{}`.", inline_code(path));
            docs::append_sentence(&mut lines, &sentence);
        }
        doc_lines(&lines, "        ")
    }

    /// Returns the attribute of a superseded field, with a line break.
    pub(crate) fn attribute(&self) -> String {
        match &self.superseded_by {
            Some(current) => {
                let current = current.trim_start_matches("r#");
                format!("        #[deprecated = \"use `{current}`\"]\n")
            }
            None => String::new(),
        }
    }

    /// Returns the type in Rust syntax, with the `Option` of an optional field.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("../doctest/gadget.txt")]
    #[doc = include_str!("../doctest/product.txt")]
    /// let types = product.operations[1].request.fields.iter().map(|field| field.rust_type());
    /// assert_eq!(types.collect::<Vec<_>>(), ["Vec<String>", "Option<Value>"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rust_type(&self) -> String {
        let ty = self.ty.rust();
        if self.ty.is_collection() { ty } else { format!("Option<{ty}>") }
    }

    /// Returns the part of the request that has the parameter.
    pub(crate) fn location(&self) -> Option<Location> {
        self.parameter.as_ref().map(|parameter| parameter.location)
    }

    /// Returns the style of the parameter, if it is not the default of its location.
    pub(crate) fn style(&self) -> Option<ParameterStyle> {
        self.parameter.as_ref().and_then(|parameter| parameter.style)
    }

    /// Returns what the macros have after the type of the field: names on the wire, location, style and limits.
    pub(crate) fn wire_text(&self) -> String {
        let wire = literal(&self.wire);
        let Some(parameter) = &self.parameter else {
            let item = self.item.as_ref().map(|item| format!(" / {}", literal(item)));
            let required = if self.required { ".required()" } else { "" };
            let comma_list = if self.comma_list { ".comma_list()" } else { "" };
            let text = if self.text { ".text()" } else { "" };
            let json_text = if self.json_text { ".json_text()" } else { "" };
            return format!(
                "{wire}{}{comma_list}{text}{json_text}{required}",
                item.unwrap_or_default()
            );
        };
        let location = match parameter.location {
            Location::Query => "query",
            Location::Form => "form",
            Location::Body => "body",
            Location::Header => "header",
            Location::Path => "path",
            Location::Host => "host",
        };
        let mut text = format!("{location}({wire})");
        text.push_str(match parameter.style {
            Some(ParameterStyle::CommaList) => ".comma_list()",
            Some(ParameterStyle::Lines) => ".lines()",
            Some(ParameterStyle::Json) => ".json()",
            None => "",
        });
        if let Some((min, max)) = parameter.items {
            text.push_str(&format!(".items({min}, {max})"));
        }
        if parameter.token {
            text.push_str(".token()");
        }
        let has_minimum = parameter.items.is_some_and(|(min, _)| min > 0);
        if self.required && !has_minimum && !parameter.location.is_always_required() {
            text.push_str(".required()");
        }
        text
    }

    /// Returns the declaration of the field in its macro.
    pub(crate) fn declaration(&self) -> String {
        let head = format!("        pub {}: {} =", self.name, self.rust_type());
        let wire = self.wire_text();
        match format!("{head} {wire},").chars().count() <= WIDTH {
            true => format!("{head} {wire},"),
            false => format!("{head}\n            {wire},"),
        }
    }
}

impl Enum {
    pub(crate) fn doc_lines(&self) -> String {
        doc_lines(&self.docs, "    ")
    }
}

impl Predicate {
    pub(crate) fn pattern(&self) -> String {
        self.variants.join(" | ")
    }
}

impl Variant {
    pub(crate) fn doc_lines(&self) -> String {
        doc_lines(&self.docs, "        ")
    }

    pub(crate) fn literal(&self) -> String {
        literal(&self.text)
    }
}

/// The imports of a file.
#[derive(Default)]
pub(crate) struct Imports {
    map: bool,
    wire: BTreeSet<&'static str>,
    pub(super) paging: bool,
    shared: BTreeSet<String>,
}

impl Imports {
    /// Adds what a type needs. `own` are the types of the same file.
    pub(crate) fn ty(&mut self, ty: &Ty, own: &BTreeSet<&str>) {
        match ty {
            Ty::Bytes => _ = self.wire.insert("Bytes"),
            Ty::Any => _ = self.wire.insert("Value"),
            Ty::Secret => _ = self.wire.insert("Secret"),
            Ty::Timestamp => _ = self.wire.insert("Timestamp"),
            Ty::Percent => _ = self.wire.insert("Percent"),
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
        }
    }

    /// Returns the imports in blocks: std, other crates, this crate.
    pub(crate) fn lines(&self, shared: &str) -> Vec<String> {
        let mut blocks: Vec<Vec<String>> = Vec::new();
        let mut std = Vec::new();
        if self.map {
            std.push("use std::collections::BTreeMap;".to_owned());
        }
        let mut wire: BTreeSet<String> = self.wire.iter().map(|name| (*name).to_owned()).collect();
        if self.paging {
            wire.extend(["Paged".to_owned(), "paging".to_owned()]);
        }
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
