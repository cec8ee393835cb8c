//! Serializes values: with serde, and as the service's XML.

use std::borrow::Cow;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Error as _, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use crate::node::{Node, View};
use crate::sensitive::{REDACTED, is_masked_name, mask_text, mask_value};

/// Implements `serde::Serialize` for the macros.
pub fn serialize<S: Serializer>(node: &dyn Node, serializer: S) -> Result<S::Ok, S::Error> {
    SerializeNode(node, Secrets::Exposed).serialize(serializer)
}

/// Whether secrets are written, or a placeholder for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrets {
    Exposed,
    Masked,
}

impl Secrets {
    /// Returns a secret as it is written.
    pub(crate) fn text(self, secret: &str) -> &str {
        match self {
            Secrets::Exposed => secret,
            Secrets::Masked => REDACTED,
        }
    }

    /// Returns a text as it is written: it can be JSON that contains secrets.
    pub(crate) fn inside(self, text: &str) -> Cow<'_, str> {
        let masked = match self {
            Secrets::Exposed => None,
            Secrets::Masked => mask_text(text, &mut Vec::new()),
        };
        masked.map_or(Cow::Borrowed(text), Cow::Owned)
    }
}

/// A node that serializes with its names on the wire, and without absent fields.
pub(crate) struct SerializeNode<'a>(pub(crate) &'a dyn Node, pub(crate) Secrets);

impl Serialize for SerializeNode<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let secrets = self.1;
        match self.0.view() {
            View::Absent => serializer.serialize_unit(),
            View::Text(text) => serializer.serialize_str(&secrets.inside(text)),
            View::Secret(text) => serializer.serialize_str(secrets.text(text)),
            View::Integer(number) => serializer.serialize_i64(number),
            View::Number(number) => serializer.serialize_f64(number),
            View::Boolean(boolean) => serializer.serialize_bool(boolean),
            View::Bytes(bytes) => serializer.serialize_str(&STANDARD.encode(bytes)),
            View::Any(value) => match secrets {
                Secrets::Exposed => value.serialize(serializer),
                Secrets::Masked => mask_value(value, &mut Vec::new()).serialize(serializer),
            },
            View::Record(record) => {
                let mut map = serializer.serialize_map(None)?;
                for (field, node) in record.entries() {
                    if node.view().is_absent() {
                        continue;
                    }
                    if field.is_comma_list {
                        map.serialize_entry(field.name, &joined(node, secrets))?;
                    } else if let Some(text) = scalar_text(node, secrets).filter(|_| field.is_text)
                    {
                        map.serialize_entry(field.name, &text)?;
                    } else if let Some(item) = field.item {
                        map.serialize_entry(field.name, &SerializeWrapped { item, node, secrets })?;
                    } else {
                        map.serialize_entry(field.name, &SerializeNode(node, secrets))?;
                    }
                }
                map.end()
            }
            View::List(list) => {
                let mut sequence = serializer.serialize_seq(Some(list.len()))?;
                for index in 0..list.len() {
                    let item = list
                        .item(index)
                        .ok_or_else(|| S::Error::custom("the list changed during serialization"))?;
                    sequence.serialize_element(&SerializeNode(item, secrets))?;
                }
                sequence.end()
            }
            View::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                let mut result = Ok(());
                entries.visit(&mut |key, node| {
                    if result.is_ok() {
                        let is_text = matches!(node.view(), View::Text(_));
                        let is_hidden =
                            secrets == Secrets::Masked && is_text && is_masked_name(key);
                        result = match is_hidden {
                            true => map.serialize_entry(key, REDACTED),
                            false => map.serialize_entry(key, &SerializeNode(node, secrets)),
                        };
                    }
                });
                result?;
                map.end()
            }
        }
    }
}

/// Returns the items of a list, joined with commas.
fn joined(node: &dyn Node, secrets: Secrets) -> String {
    let View::List(list) = node.view() else { return String::new() };
    let items = (0..list.len()).filter_map(|index| list.item(index));
    let texts: Vec<String> =
        items.map(|item| scalar_text(item, secrets).unwrap_or_default()).collect();
    texts.join(",")
}

/// Returns a scalar as text.
fn scalar_text(node: &dyn Node, secrets: Secrets) -> Option<String> {
    match node.view() {
        View::Text(text) => Some(secrets.inside(text).into_owned()),
        View::Secret(text) => Some(secrets.text(text).to_owned()),
        View::Integer(number) => Some(number.to_string()),
        View::Number(number) => Some(number.to_string()),
        View::Boolean(boolean) => Some(boolean.to_string()),
        _ => None,
    }
}

/// A list that serializes inside its wrapper object.
struct SerializeWrapped<'a> {
    item: &'static str,
    node: &'a dyn Node,
    secrets: Secrets,
}

impl Serialize for SerializeWrapped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.item, &SerializeNode(self.node, self.secrets))?;
        map.end()
    }
}

/// Serializes a value as XML in the format of the service: without attributes, and with one element per
/// item of a list.
///
/// `root` is the name of the document element, `<Operation>Response` for a response. `item` is the name
/// of the items if the value is a list. Characters that XML does not allow are replaced with U+FFFD.
///
/// # Examples
///
/// ```
/// let names = vec!["a".to_owned(), "<b>".to_owned()];
/// assert_eq!(alicloud_wire::to_xml("Names", "Name", &names), "<Names><Name>a</Name><Name>&lt;b&gt;</Name></Names>");
/// ```
pub fn to_xml(root: &str, item: &str, value: &dyn Node) -> String {
    let mut out = String::new();
    match value.view() {
        View::List(_) => {
            open(root, &mut out);
            write_field(item, value, &mut out);
            close(root, &mut out);
        }
        _ => element(root, value, &mut out),
    }
    out
}

/// Writes one element for a value, or one per item for a list.
fn write_field(name: &str, node: &dyn Node, out: &mut String) {
    match node.view() {
        View::Absent => {}
        View::List(list) => {
            for item in (0..list.len()).filter_map(|index| list.item(index)) {
                element(name, item, out);
            }
        }
        _ => element(name, node, out),
    }
}

fn element(name: &str, node: &dyn Node, out: &mut String) {
    open(name, out);
    match node.view() {
        View::Absent => {}
        View::Text(text) | View::Secret(text) => escape(text, out),
        View::Integer(number) => _ = write!(out, "{number}"),
        View::Number(number) => _ = write!(out, "{number}"),
        View::Boolean(boolean) => _ = write!(out, "{boolean}"),
        View::Bytes(bytes) => STANDARD.encode_string(bytes, out),
        View::Any(value) => write_any(value, out),
        View::Record(record) => {
            for (field, node) in record.entries().filter(|(_, node)| !node.view().is_absent()) {
                match field.item {
                    _ if field.is_comma_list => {
                        open(field.name, out);
                        escape(&joined(node, Secrets::Exposed), out);
                        close(field.name, out);
                    }
                    Some(item) => {
                        open(field.name, out);
                        write_field(item, node, out);
                        close(field.name, out);
                    }
                    None => write_field(field.name, node, out),
                }
            }
        }
        View::List(_) => write_field("item", node, out),
        View::Map(map) => map.visit(&mut |key, node| write_field(key, node, out)),
    }
    close(name, out);
}

fn write_any(value: &Value, out: &mut String) {
    match value {
        Value::Null => {}
        Value::String(text) => escape(text, out),
        Value::Bool(_) | Value::Number(_) => _ = write!(out, "{value}"),
        Value::Array(items) => {
            for item in items {
                any_element("item", item, out);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::Array(items) => {
                        items.iter().for_each(|item| any_element(key, item, out))
                    }
                    value => any_element(key, value, out),
                }
            }
        }
    }
}

fn any_element(name: &str, value: &Value, out: &mut String) {
    open(name, out);
    write_any(value, out);
    close(name, out);
}

fn open(name: &str, out: &mut String) {
    out.push('<');
    escape(name, out);
    out.push('>');
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    escape(name, out);
    out.push('>');
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A parser turns a bare carriage return into a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'.. => {
                out.push(character);
            }
            _ => out.push('\u{FFFD}'),
        }
    }
}
