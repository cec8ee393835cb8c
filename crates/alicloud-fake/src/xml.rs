//! XML as the service writes it: no attributes, no indentation, a list as a repeated element.

use serde_json::{Map, Value};

const DECLARATION: &str = "<?xml version='1.0' encoding='UTF-8'?>";

/// A response. The names of fields become names of elements, so they must be XML names.
pub(crate) fn document(root: &str, fields: &Map<String, Value>) -> String {
    let mut out = DECLARATION.to_owned();
    within(root, &mut out, |out| children(fields, out));
    out
}

/// An error; the order of its elements is the service's, and so is the CDATA around the last.
pub(crate) fn error(fields: &[(&str, &str)], (name, link): (&str, &str)) -> String {
    let mut out = DECLARATION.to_owned();
    within("Error", &mut out, |out| {
        for (name, text) in fields {
            within(name, out, |out| escape(text, out));
        }
        within(name, out, |out| {
            out.push_str("<![CDATA[");
            // Our links are percent-encoded: they hold neither `]` nor a character XML forbids.
            out.push_str(link);
            out.push_str("]]>");
        });
    });
    out
}

fn children(fields: &Map<String, Value>, out: &mut String) {
    for (name, value) in fields {
        field(name, value, out);
    }
}

fn field(name: &str, value: &Value, out: &mut String) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                field(name, item, out);
            }
        }
        Value::Object(fields) => within(name, out, |out| children(fields, out)),
        Value::String(text) => within(name, out, |out| escape(text, out)),
        Value::Bool(_) | Value::Number(_) => {
            within(name, out, |out| out.push_str(&value.to_string()));
        }
    }
}

fn within(name: &str, out: &mut String, write: impl FnOnce(&mut String)) {
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
            // A bare one would be read as a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            // XML 1.0 cannot carry these in any spelling.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: Value) -> String {
        let Value::Object(fields) = value else { panic!("a document is an object") };
        document("R", &fields).strip_prefix(DECLARATION).unwrap().to_owned()
    }

    #[test]
    fn lists_repeat_and_nothing_is_nothing() {
        assert_eq!(
            written(json!({"A": [{"B": 1}, {"B": true}], "C": [], "D": null, "E": ""})),
            "<R><A><B>1</B></A><A><B>true</B></A><E></E></R>"
        );
    }

    #[test]
    fn text_is_escaped_and_what_xml_cannot_carry_is_replaced() {
        assert_eq!(
            written(json!({"A": "a<b>&\"c\"]]>\r\n\t\0\u{1b}\u{fffe}é"})),
            "<R><A>a&lt;b&gt;&amp;\"c\"]]&gt;&#13;\n\t\u{fffd}\u{fffd}\u{fffd}é</A></R>"
        );
    }
}
