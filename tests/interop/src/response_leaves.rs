//! The scalars of a response, which are what is compared.

use std::collections::BTreeMap;

use alicloud_core::Format;
use serde_json::Value;

/// Returns every scalar of a response by its path.
///
/// Null, an empty list and an empty object have no scalars, so they equal an absent value: typed
/// clients cannot distinguish them. XML has no scalar types, and it distinguishes neither a list of one
/// item from that item nor empty text from an absent value. So with XML every scalar is text, every
/// element has an index, and empty text is left out.
pub(crate) fn leaves(format: Format, value: &Value) -> BTreeMap<String, String> {
    let mut leaves = BTreeMap::new();
    collect_leaves(format, value, String::new(), &mut leaves);
    leaves
}

fn collect_leaves(
    format: Format,
    value: &Value,
    path: String,
    leaves: &mut BTreeMap<String, String>,
) {
    let is_xml = format == Format::Xml;
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                let index = if is_xml && !value.is_array() { "[0]" } else { "" };
                collect_leaves(format, value, format!("{path}.{name}{index}"), leaves);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_leaves(format, item, format!("{path}[{index}]"), leaves);
            }
        }
        Value::String(text) if is_xml => {
            if !text.is_empty() {
                leaves.insert(path, text.clone());
            }
        }
        scalar => {
            // As JSON, which distinguishes "1" from 1.
            leaves.insert(path, scalar.to_string());
        }
    }
}
