//! Documented responses, with a place for a fresh request id.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::xml;

/// How the products spell it.
const REQUEST_ID: [&str; 4] = ["RequestId", "requestId", "request_id", "RequestID"];

/// A response, around the request id if it has one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Example {
    before: String,
    after: Option<String>,
}

/// What is answered in either format, or why nothing is.
#[derive(Debug)]
pub(super) struct Examples {
    pub(super) json: Result<Arc<Example>, &'static str>,
    pub(super) xml: Result<Arc<Example>, &'static str>,
}

impl Example {
    pub(crate) fn with(&self, request_id: &str) -> String {
        match &self.after {
            Some(after) => format!("{}{request_id}{after}", self.before),
            None => self.before.clone(),
        }
    }
}

impl Examples {
    /// Reads what the document has under `responseDemo`, a list as text.
    pub(super) fn read(operation: &str, demo: &str, says_something: bool) -> Self {
        // Some are empty or cut off, which makes the rest of the document no worse.
        let demos: Vec<Value> = serde_json::from_str(demo).unwrap_or_default();
        let text = |kind: &str| {
            let of_kind = |demo: &&Value| demo.get("type").and_then(Value::as_str) == Some(kind);
            let text = demos.iter().find(of_kind)?.get("example")?.as_str()?.trim();
            (!text.is_empty()).then_some(text)
        };
        let of_nothing = (!says_something).then_some("{}");
        let json_text = text("json").or(of_nothing);
        let json = match json_text {
            Some(text) => from_json(text).ok_or("The JSON example of its description is not JSON."),
            None if text("xml").is_some() => {
                Err("Its description has an XML example alone, of which no JSON can be made.")
            }
            None => Err("Its description has no example."),
        };
        let root = format!("{operation}Response");
        let xml = match (text("xml").and_then(from_xml), json_text) {
            (Some(example), _) => Ok(example),
            (None, Some(text)) => xml_of_json(&root, text),
            (None, None) => Err("Its description has no example."),
        };
        Self { json: json.map(Arc::new), xml: xml.map(Arc::new) }
    }
}

/// Everything but the request id stays as it was written, so that numbers keep their digits.
fn from_json(text: &str) -> Option<Example> {
    let Ok(mut fields) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) else {
        let other: &RawValue = serde_json::from_str(text).ok()?;
        return Some(Example { before: other.get().to_owned(), after: None });
    };
    let name = REQUEST_ID.into_iter().find(|name| fields.remove(*name).is_some());
    let name = name.or_else(|| fields.is_empty().then_some("RequestId"));
    let rest = serde_json::to_string(&fields).ok()?;
    let Some(name) = name else {
        return Some(Example { before: rest, after: None });
    };
    let rest = rest.strip_prefix('{')?;
    let comma = if rest == "}" { "" } else { "," };
    Some(Example { before: format!("{{\"{name}\":\""), after: Some(format!("\"{comma}{rest}")) })
}

fn from_xml(text: &str) -> Option<Example> {
    if !is_well_formed(text) {
        return None;
    }
    let id = REQUEST_ID.into_iter().find_map(|name| {
        let (before, rest) = text.split_once(&format!("<{name}>"))?;
        let (_, after) = rest.split_once(&format!("</{name}>"))?;
        Some((format!("{before}<{name}>"), format!("</{name}>{after}")))
    });
    Some(match id {
        Some((before, after)) => Example { before, after: Some(after) },
        None => Example { before: text.to_owned(), after: None },
    })
}

fn xml_of_json(root: &str, text: &str) -> Result<Example, &'static str> {
    const UNFIT: &str = "Of the JSON example of its description no XML can be made.";
    let mut fields: Map<String, Value> = serde_json::from_str(text).map_err(|_| UNFIT)?;
    if !can_be_xml(&fields) {
        return Err(UNFIT);
    }
    let name = REQUEST_ID.into_iter().find(|name| fields.remove(*name).is_some());
    let name = name.or_else(|| fields.is_empty().then_some("RequestId"));
    let document = xml::document(root, &fields);
    let begin = format!("<{root}>");
    Ok(match (name, document.split_once(&begin)) {
        (Some(name), Some((declaration, rest))) => Example {
            before: format!("{declaration}{begin}<{name}>"),
            after: Some(format!("</{name}>{rest}")),
        },
        _ => Example { before: document, after: None },
    })
}

/// A list in a list would lose its shape, and not every key is a name in XML.
fn can_be_xml(fields: &Map<String, Value>) -> bool {
    fields.iter().all(|(name, value)| {
        is_name(name)
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

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// One element with everything in it.
fn is_well_formed(text: &str) -> bool {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if is_name(start.name().as_ref()) => {
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Ok(Event::Empty(empty)) if is_name(empty.name().as_ref()) => {
                roots += usize::from(depth == 0);
            }
            // The reader has seen to it that it ends what has begun.
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(text)) if depth > 0 || text.trim().is_empty() => {}
            Ok(Event::CData(_)) if depth > 0 => {}
            Ok(Event::GeneralRef(entity)) if depth > 0 && is_known(&entity) => {}
            Ok(Event::Decl(_)) if depth == 0 && roots == 0 => {}
            Ok(Event::Comment(_)) => {}
            Ok(Event::Eof) => return depth == 0 && roots == 1,
            _ => return false,
        }
    }
}

fn is_known(entity: &quick_xml::events::BytesRef<'_>) -> bool {
    matches!(entity.resolve_char_ref(), Ok(Some(_)))
        || quick_xml::escape::resolve_xml_entity(entity).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_documents_are_well_formed() {
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
    fn the_id_is_replaced_wherever_it_stands() {
        for (text, expected) in [
            (r#"{"RequestId":"old"}"#, r#"{"RequestId":"new"}"#),
            (r#"{"B":1.50,"requestId":7,"A":[]}"#, r#"{"requestId":"new","A":[],"B":1.50}"#),
            (r#"{"Data":{"RequestId":"old"}}"#, r#"{"Data":{"RequestId":"old"}}"#),
            ("{}", r#"{"RequestId":"new"}"#),
            ("[1.0]", "[1.0]"),
        ] {
            assert_eq!(from_json(text).unwrap().with("new"), expected);
        }
        let xml = from_xml("<R><A>1</A><RequestId>old</RequestId></R>").unwrap();
        assert_eq!(xml.with("new"), "<R><A>1</A><RequestId>new</RequestId></R>");
        assert_eq!(from_json("{"), None);
    }
}
