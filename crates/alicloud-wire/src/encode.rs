//! Serializes values: with serde, and as the service's XML.

mod xml;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Error as _, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

pub use self::xml::to_xml;
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
