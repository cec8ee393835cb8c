//! Documented example responses, in which the request id is replaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::xml;

/// The names of the request id in different products.
const REQUEST_ID_NAMES: [&str; 4] = ["RequestId", "requestId", "request_id", "RequestID"];

/// A response without its request id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// The text before the request id.
    prefix: String,
    /// The text after the request id; `None` if the response has none.
    suffix: Option<String>,
}

/// The example in each format, or the reason why there is none.
#[derive(Debug, Clone)]
pub(super) struct Examples {
    pub(super) json: Result<Arc<Example>, &'static str>,
    pub(super) xml: Result<Arc<Example>, &'static str>,
}

impl Example {
    pub(crate) fn render(&self, request_id: &str) -> String {
        match &self.suffix {
            Some(suffix) => format!("{}{request_id}{suffix}", self.prefix),
            None => self.prefix.clone(),
        }
    }
}

impl Examples {
    /// Parses the `responseDemo` of an operation, a JSON array in a string.
    pub(super) fn parse(operation: &str, demo: &str, has_body: bool) -> Self {
        // Some are empty or truncated; the rest of the document is still usable.
        let demos: Vec<Value> = serde_json::from_str(demo).unwrap_or_default();
        let text = |kind: &str| {
            let is_kind = |demo: &&Value| demo.get("type").and_then(Value::as_str) == Some(kind);
            let text = demos.iter().find(is_kind)?.get("example")?.as_str()?.trim();
            (!text.is_empty()).then_some(text)
        };
        let empty = (!has_body).then_some("{}");
        let json_text = text("json").or(empty);
        let json = match json_text {
            Some(text) => {
                parse_json(text).ok_or("The JSON example of its description is not JSON.")
            }
            None if text("xml").is_some() => {
                Err("Its description has only an XML example, which cannot be converted to JSON.")
            }
            None => Err("Its description has no example."),
        };
        let root = format!("{operation}Response");
        let xml = match (text("xml").and_then(parse_xml), json_text) {
            (Some(example), _) => Ok(example),
            (None, Some(text)) => json_to_xml(&root, text),
            (None, None) => Err("Its description has no example."),
        };
        Self { json: json.map(Arc::new), xml: xml.map(Arc::new) }
    }
}

/// Keeps the text of all values except the request id, so that numbers keep their digits.
fn parse_json(text: &str) -> Option<Example> {
    let Ok(mut fields) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) else {
        let other: &RawValue = serde_json::from_str(text).ok()?;
        return Some(Example { prefix: other.get().to_owned(), suffix: None });
    };
    let name = REQUEST_ID_NAMES.into_iter().find(|name| fields.remove(*name).is_some());
    let name = name.or_else(|| fields.is_empty().then_some("RequestId"));
    let rest = serde_json::to_string(&fields).ok()?;
    let Some(name) = name else {
        return Some(Example { prefix: rest, suffix: None });
    };
    let rest = rest.strip_prefix('{')?;
    let comma = if rest == "}" { "" } else { "," };
    Some(Example { prefix: format!("{{\"{name}\":\""), suffix: Some(format!("\"{comma}{rest}")) })
}

fn parse_xml(text: &str) -> Option<Example> {
    if !is_well_formed(text) {
        return None;
    }
    let split = REQUEST_ID_NAMES.into_iter().find_map(|name| {
        let (before, rest) = text.split_once(&format!("<{name}>"))?;
        let (_, after) = rest.split_once(&format!("</{name}>"))?;
        let (prefix, suffix) = (format!("{before}<{name}>"), format!("</{name}>{after}"));
        Some(Example { prefix, suffix: Some(suffix) })
    });
    Some(split.unwrap_or_else(|| Example { prefix: text.to_owned(), suffix: None }))
}

fn json_to_xml(root: &str, text: &str) -> Result<Example, &'static str> {
    const UNSUPPORTED: &str = "The JSON example of its description cannot be converted to XML.";
    let mut fields: Map<String, Value> = serde_json::from_str(text).map_err(|_| UNSUPPORTED)?;
    if !can_be_xml(&fields) {
        return Err(UNSUPPORTED);
    }
    let name = REQUEST_ID_NAMES.into_iter().find(|name| fields.remove(*name).is_some());
    let name = name.or_else(|| fields.is_empty().then_some("RequestId"));
    let document = xml::document(root, &fields);
    let root_tag = format!("<{root}>");
    Ok(match (name, document.split_once(&root_tag)) {
        (Some(name), Some((declaration, rest))) => Example {
            prefix: format!("{declaration}{root_tag}<{name}>"),
            suffix: Some(format!("</{name}>{rest}")),
        },
        _ => Example { prefix: document, suffix: None },
    })
}

/// Returns whether fields can be converted to XML: nested lists would be flattened, and some keys
/// are not XML names.
fn can_be_xml(fields: &Map<String, Value>) -> bool {
    fields.iter().all(|(name, value)| {
        is_xml_name(name)
            && match value {
                Value::Array(items) => items.iter().all(|item| match item {
                    Value::Array(_) => false,
                    Value::Object(fields) => can_be_xml(fields),
                    _ => true,
                }),
                Value::Object(fields) => can_be_xml(fields),
                _ => true,
            }
    })
}

fn is_xml_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// Returns whether the text is one element with all its content.
fn is_well_formed(text: &str) -> bool {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if is_xml_name(start.name().as_ref()) => {
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Ok(Event::Empty(empty)) if is_xml_name(empty.name().as_ref()) => {
                roots += usize::from(depth == 0);
            }
            // The reader has checked that it matches the start.
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(text)) if depth > 0 || text.trim().is_empty() => {}
            Ok(Event::CData(_)) if depth > 0 => {}
            Ok(Event::GeneralRef(entity)) if depth > 0 && is_known_entity(&entity) => {}
            Ok(Event::Decl(_)) if depth == 0 && roots == 0 => {}
            Ok(Event::Comment(_)) => {}
            Ok(Event::Eof) => return depth == 0 && roots == 1,
            _ => return false,
        }
    }
}

fn is_known_entity(entity: &quick_xml::events::BytesRef<'_>) -> bool {
    matches!(entity.resolve_char_ref(), Ok(Some(_)))
        || quick_xml::escape::resolve_xml_entity(entity).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_documents_are_well_formed() {
        for (text, expected) in [
            ("<A/>", true),
            (
                "<?xml version='1.0'?>\n<A><B>1 &amp; &#50;</B><!-- -->\n<C><![CDATA[<]]></C></A>\n",
                true,
            ),
            ("", false),
            ("text", false),
            ("<A></A><B></B>", false),
            ("<A></B>", false),
            ("<A>", false),
            ("</A><B></B>", false),
            ("<A></A>text", false),
            ("<A><1/></A>", false),
            ("<A>&nothing;</A>", false),
            ("<A>\n<?xml version='1.0'?></A>", false),
        ] {
            assert_eq!(is_well_formed(text), expected, "{text}");
        }
    }

    #[test]
    fn the_request_id_is_replaced_at_the_top_level() {
        for (text, expected) in [
            (r#"{"RequestId":"old"}"#, r#"{"RequestId":"new"}"#),
            (r#"{"B":1.50,"requestId":7,"A":[]}"#, r#"{"requestId":"new","A":[],"B":1.50}"#),
            (r#"{"Data":{"RequestId":"old"}}"#, r#"{"Data":{"RequestId":"old"}}"#),
            ("{}", r#"{"RequestId":"new"}"#),
            ("[1.0]", "[1.0]"),
        ] {
            assert_eq!(parse_json(text).unwrap().render("new"), expected);
        }
        let xml = parse_xml("<R><A>1</A><RequestId>old</RequestId></R>").unwrap();
        assert_eq!(xml.render("new"), "<R><A>1</A><RequestId>new</RequestId></R>");
        assert_eq!(parse_json("{"), None);
    }
}
