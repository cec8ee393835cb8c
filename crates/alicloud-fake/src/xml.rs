//! XML in the form of the service: no attributes, no indentation, a list as a repeated element.

use serde_json::{Map, Value};

const DECLARATION: &str = "<?xml version='1.0' encoding='UTF-8'?>";

/// Formats a response. The names of fields become element names, so they must be XML names.
pub(crate) fn document(root: &str, fields: &Map<String, Value>) -> String {
    let mut out = DECLARATION.to_owned();
    element(root, &mut out, |out| elements(fields, out));
    out
}

/// Formats an error. Like in the service's document, the last element is CDATA.
pub(crate) fn error_document(fields: &[(&str, &str)], (name, link): (&str, &str)) -> String {
    let mut out = DECLARATION.to_owned();
    element("Error", &mut out, |out| {
        for (name, text) in fields {
            element(name, out, |out| escape(text, out));
        }
        element(name, out, |out| {
            out.push_str("<![CDATA[");
            // The link is percent-encoded, so it contains no `]` and no character that XML forbids.
            out.push_str(link);
            out.push_str("]]>");
        });
    });
    out
}

fn elements(fields: &Map<String, Value>, out: &mut String) {
    for (name, value) in fields {
        field_elements(name, value, out);
    }
}

fn field_elements(name: &str, value: &Value, out: &mut String) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                field_elements(name, item, out);
            }
        }
        Value::Object(fields) => element(name, out, |out| elements(fields, out)),
        Value::String(text) => element(name, out, |out| escape(text, out)),
        Value::Bool(_) | Value::Number(_) => {
            element(name, out, |out| out.push_str(&value.to_string()));
        }
    }
}

fn element(name: &str, out: &mut String, write: impl FnOnce(&mut String)) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    write(out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML parsers convert a literal carriage return to a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            // XML 1.0 cannot represent these characters, not even escaped.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn xml_of(value: Value) -> String {
        let Value::Object(fields) = value else { panic!("a document is an object") };
        document("R", &fields).strip_prefix(DECLARATION).unwrap().to_owned()
    }

    #[test]
    fn lists_are_repeated_elements_and_null_is_omitted() {
        assert_eq!(
            xml_of(json!({"A": [{"B": 1}, {"B": true}], "C": [], "D": null, "E": ""})),
            "<R><A><B>1</B></A><A><B>true</B></A><E></E></R>"
        );
    }

    #[test]
    fn text_is_escaped_and_forbidden_characters_are_replaced() {
        assert_eq!(
            xml_of(json!({"A": "a<b>&\"c\"]]>\r\n\t\0\u{1b}\u{fffe}é"})),
            "<R><A>a&lt;b&gt;&amp;\"c\"]]&gt;&#13;\n\t\u{fffd}\u{fffd}\u{fffd}é</A></R>"
        );
    }
}
