//! The service's XML.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Secrets, joined};
use crate::node::{Node, View};
use crate::xml_name;

/// Serializes a value as XML in the format of the service: without attributes, and with one element per
/// item of a list.
///
/// `root` is the name of the document element, `<Operation>Response` for a response. `item` is the name
/// of the items if the value is a list. Characters that XML does not allow are replaced with U+FFFD. A
/// character that the name of an element cannot have, which keys of maps can contain, is written as `_xHHHH_`
/// with its code point in hexadecimal; [`from_xml`](crate::from_xml) reads it back.
///
/// [`from_xml`](crate::from_xml) reads an equal value, except for what the format cannot express:
///
/// - A list without a wrapper whose only item is empty reads as the empty list.
/// - A struct without any value in a field reads as absent.
/// - In a [`Value`], numbers and booleans read as texts, a list of one item as this item, and what is empty as `""`;
///   empty lists in objects are left out. A field with an empty `Value` reads as absent.
/// - A list of structs at the root is ambiguous if `item` is also the name of one of their fields.
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
        View::Map(map) => map.visit(&mut |key, node| match node.view() {
            // One empty element keeps the key.
            View::List(list) if list.is_empty() => element(key, node, out),
            _ => write_field(key, node, out),
        }),
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
    xml_name::escape(name, out);
    out.push('>');
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    xml_name::escape(name, out);
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
