//! JSON documents that contain secrets: parsed leniently and wiped when dropped.

mod repair;

use std::collections::BTreeMap;

use alicloud_wire::Timestamp;
use bytes::Bytes;
use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

use super::Credentials;
use crate::variables::{SWITCH_VALUES, parse_switch};

/// A JSON object whose texts are wiped when it is dropped.
pub(super) struct Document(Value);

impl Document {
    /// Parses an object. Accepts `NaN`, half of a surrogate pair and deep nesting, as the official
    /// clients do.
    ///
    /// # Errors
    ///
    /// A message such as `is not JSON (line 1, column 7)` that quotes nothing of the document. The
    /// caller puts the name of the document before it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Document, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let parsed = serde_json::from_slice(bytes).or_else(|_| {
            let mut repaired = Zeroizing::new(bytes.to_vec());
            repair::repair(&mut repaired);
            serde_json::from_slice(&repaired)
        });
        let document = match parsed {
            Ok(value) => Document(value),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                return Err(format!("is not JSON (line {line}, column {column})"));
            }
        };
        match &document.0 {
            Value::Object(_) => Ok(document),
            _ => Err("is JSON, but not an object".to_owned()),
        }
    }

    /// Parses the body of a response and wipes it.
    pub(super) fn from_body(body: Bytes) -> Result<Document, String> {
        let document = Document::parse(&body);
        // Succeeds, because nothing else refers to these bytes.
        if let Ok(mut body) = body.try_into_mut() {
            body.as_mut().zeroize();
        }
        document
    }

    pub(super) fn fields(&self) -> Fields<'_> {
        Fields(&self.0)
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The fields of an object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Value);

impl<'a> Fields<'a> {
    /// Returns a text that is present and not empty.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Returns whether a value is present and neither null nor empty.
    pub(super) fn is_set(self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null() && value != "")
    }

    /// Returns a number, which can be written as text.
    pub(super) fn number(self, name: &str) -> Option<u64> {
        let value = self.0.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// Returns whether a switch is on, which can be written as text. Errors name the switch.
    pub(super) fn is_on(self, name: &str) -> Result<bool, String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Some(false),
            Some(Value::Bool(on)) => Some(*on),
            Some(Value::String(text)) => parse_switch(text),
            Some(Value::Number(number)) => parse_switch(&number.to_string()),
            Some(_) => None,
        }
        .ok_or_else(|| format!("`{name}` must be {SWITCH_VALUES}"))
    }

    pub(super) fn object(self, name: &str) -> Option<Fields<'a>> {
        self.0.get(name).filter(|value| value.is_object()).map(Fields)
    }

    /// Returns the texts among the values of an object, by their keys.
    pub(super) fn texts(self) -> BTreeMap<String, String> {
        let fields = self.0.as_object().into_iter().flatten();
        fields.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
    }

    pub(super) fn objects(self, name: &str) -> impl Iterator<Item = Fields<'a>> {
        let values = self.0.get(name).and_then(Value::as_array).map(Vec::as_slice);
        values.unwrap_or_default().iter().filter(|value| value.is_object()).map(Fields)
    }

    /// Returns a name as it is written here: for `AccessKeyId`, also `accessKeyId` or `access_key_id`.
    pub(super) fn written_name(self, name: &str) -> Option<&'a str> {
        let is_same = |written: &&'a String| {
            let letters = written.bytes().filter(|byte| *byte != b'_');
            letters.map(|byte| byte.to_ascii_lowercase()).eq(name.to_ascii_lowercase().bytes())
        };
        self.0.as_object()?.keys().find(is_same).map(String::as_str)
    }

    /// Returns temporary credentials with the field names of STS, the metadata service and
    /// credentials URIs.
    pub(super) fn temporary_credentials(self) -> Result<Credentials, String> {
        self.credentials_from(|name| self.text(name))
    }

    /// Like [`temporary_credentials`](Fields::temporary_credentials), with names written in any way.
    pub(super) fn temporary_credentials_in_any_case(self) -> Result<Credentials, String> {
        self.credentials_from(|name| self.text(self.written_name(name)?))
    }

    fn credentials_from(
        self,
        find: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Credentials, String> {
        let text = |name| find(name).ok_or_else(|| format!("has no `{name}`"));
        let expiration = Timestamp::from(text("Expiration")?)
            .value()
            .ok_or("has an `Expiration` that is not a time such as 2026-01-02T03:04:05Z")?;
        Ok(Credentials::new(text("AccessKeyId")?, text("AccessKeySecret")?)
            .with_security_token(text("SecurityToken")?)
            .with_expiration(expiration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wipes_all_texts() {
        let mut document =
            Document::parse(br#"{"a":"sesame","b":[{"c":"sesame"},1],"d":null}"#).unwrap();
        wipe(&mut document.0);
        assert_eq!(document.0.to_string(), r#"{"a":"","b":[{"c":""},1],"d":null}"#);
    }

    #[test]
    fn parses_the_body_of_a_response() {
        let body = Bytes::from(br#"{"a":"sesame"}"#.to_vec());
        let document = Document::from_body(body).unwrap();
        assert_eq!(document.fields().text("a"), Some("sesame"));
        assert!(Document::from_body(Bytes::from_static(b"sesame")).is_err());
    }

    #[test]
    fn parses_leniently_and_quotes_nothing() {
        let document =
            Document::parse(b"\xef\xbb\xbf{\"n\":\"12\",\"on\":\"True\",\"e\":\"\",\"x\":NaN}")
                .unwrap();
        let fields = document.fields();
        assert_eq!(
            (fields.number("n"), fields.is_on("on"), fields.text("e")),
            (Some(12), Ok(true), None)
        );
        let error = fields.temporary_credentials().unwrap_err();
        assert_eq!(error, "has no `Expiration`");
        for (text, error) in [
            ("{\"a\": sesame}", "is not JSON (line 1, column 7)"),
            ("\"sesame\"", "is JSON, but not an object"),
        ] {
            assert_eq!(Document::parse(text.as_bytes()).err().unwrap(), error);
        }
    }
}
