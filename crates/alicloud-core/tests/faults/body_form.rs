//! The same body of a response in other forms.

use serde_json::Value;

use crate::MAX_RESPONSE_BYTES;
use crate::server::Behavior;

/// A form of the same body, with which the same call must have the same result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyForm {
    Xml,
    /// JSON with a text that is neither UTF-8 nor free of control characters and lone surrogates.
    InvalidJson,
    /// XML with such a text.
    InvalidXml,
    /// As large as a response can be.
    Largest,
}

impl BodyForm {
    /// Returns a body in this form, if it is a JSON object.
    fn convert(self, body: &str) -> Option<Vec<u8>> {
        const INVALID: &[u8] = b"\xc4\xe3\xba\xc3\xff\x01\x1f";
        let value: Value = serde_json::from_str(body).ok().filter(Value::is_object)?;
        let xml = alicloud_core::wire::to_xml("Response", "item", &value);
        let with_text = |body: &str, end: &str, [before, after]: [&[u8]; 2]| {
            let body = body.strip_suffix(end).unwrap().as_bytes();
            [body, before, INVALID, after, end.as_bytes()].concat()
        };
        Some(match self {
            BodyForm::Xml => xml.into_bytes(),
            BodyForm::InvalidJson if body == "{}" => with_text(body, "}", [b"\"Note\":\"", b"\""]),
            BodyForm::InvalidJson => with_text(body, "}", [b",\"Note\":\"\\ud800", b"\""]),
            BodyForm::InvalidXml => with_text(&xml, "</Response>", [b"<Note>", b"&#0;</Note>"]),
            BodyForm::Largest => format!("{body:MAX_RESPONSE_BYTES$}").into_bytes(),
        })
    }

    /// Converts the body of a response.
    pub(crate) fn convert_behavior(self, behavior: &Behavior) -> Option<Behavior> {
        let Behavior::Respond(response) = behavior else { return None };
        let (head, body) = std::str::from_utf8(response).ok()?.split_once("\r\n\r\n")?;
        let is_kept = |line: &&str| !line.starts_with("content-length");
        let mut head: Vec<&str> = head.split("\r\n").filter(is_kept).collect();
        if matches!(self, BodyForm::Xml | BodyForm::InvalidXml) {
            head.push("content-type: text/xml");
        }
        let body = self.convert(body)?;
        let head = format!("{}\r\ncontent-length: {}\r\n\r\n", head.join("\r\n"), body.len());
        Some(Behavior::Respond([head.into_bytes(), body].concat()))
    }
}
