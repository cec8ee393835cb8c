//! The keys of an error in JSON that may be cut off or invalid.

use std::collections::BTreeMap;
use std::fmt;

use alicloud_wire::Value;
use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::{Fields, INNER};

/// The keys of an error in the outermost object of a JSON text that may be cut off.
#[derive(Default)]
pub(super) struct ErrorKeys {
    found: serde_json::Map<String, Value>,
    /// Whether there are other keys.
    pub(super) has_others: bool,
    /// Whether the text is a complete object.
    pub(super) is_complete: bool,
    /// Whether the object is inside of another one.
    is_inner: bool,
}

impl ErrorKeys {
    /// Reads a text. If its strings are not valid, they are repaired, so that the code is found.
    pub(super) fn read(text: &[u8]) -> ErrorKeys {
        let mut best = match ErrorKeys::read_strictly(text) {
            (keys, Ok(())) => return keys,
            // Nothing is wrong but the end, which is missing.
            (keys, Err(error)) if error.is_eof() => return keys,
            (keys, Err(_)) => keys,
        };
        for readable in alicloud_wire::readable_json(text) {
            let (keys, _) = ErrorKeys::read_strictly(readable.as_bytes());
            if keys.is_complete || keys.found.len() > best.found.len() {
                best = keys;
            }
            if best.is_complete {
                break;
            }
        }
        best
    }

    fn read_strictly(text: &[u8]) -> (ErrorKeys, serde_json::Result<()>) {
        let mut keys = ErrorKeys::default();
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        let result = deserializer.deserialize_map(&mut keys).and_then(|()| deserializer.end());
        keys.is_complete = result.is_ok();
        (keys, result)
    }

    /// Parses the value of a key. One that is too deep does not hide the keys after it; of an object around
    /// the fields of the error, its own keys are read.
    fn value(&self, key: &str, source: &str) -> Value {
        let repaired = || {
            let mut texts = alicloud_wire::readable_json(source.as_bytes());
            texts.find_map(|text| serde_json::from_str(&text).ok())
        };
        if let Some(value) = serde_json::from_str(source).ok().or_else(repaired) {
            return value;
        }
        if self.is_inner || !INNER.contains(&key) {
            return Value::Null;
        }
        let mut inner = ErrorKeys { is_inner: true, ..ErrorKeys::default() };
        // What is not an object has no keys.
        _ = serde_json::Deserializer::from_str(source).deserialize_map(&mut inner);
        inner.into_fields().0
    }

    pub(super) fn into_fields(self) -> Fields {
        Fields(Value::Object(self.found))
    }
}

impl<'de> Visitor<'de> for &mut ErrorKeys {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if Fields::is_of_error(&key) {
                let source: &RawValue = map.next_value()?;
                let value = self.value(&key, source.get());
                self.found.insert(key, value);
            } else {
                self.has_others = true;
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Returns the members of an object with values of any depth. Of one that is too deep, only the presence is known.
pub(super) fn members(text: &[u8]) -> Option<Value> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(text).ok()?;
    let read = |source: &RawValue| serde_json::from_str(source.get()).unwrap_or(Value::Bool(true));
    Some(members.into_iter().map(|(key, source)| (key, read(source))).collect())
}
