//! JSON values that keep the order of their keys and know their JSON pointer.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value. Objects keep the order of the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::Text(_) => "text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        serde_json::Number::from_f64(value)
            .map(Json::Number)
            .ok_or_else(|| E::custom("the number is not finite"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Json::Object(object))
    }
}

/// A reference to a value of a document that knows its JSON pointer.
#[derive(Clone, Copy)]
pub(crate) struct JsonRef<'a> {
    pub(crate) json: &'a Json,
    location: Location<'a>,
}

/// The position of a value in its parent, up to the root; formatted as a JSON pointer on demand.
#[derive(Clone, Copy)]
enum Location<'a> {
    Root,
    Key(&'a JsonRef<'a>, &'a str),
    Index(&'a JsonRef<'a>, usize),
}

impl<'a> JsonRef<'a> {
    pub(crate) fn root(json: &'a Json) -> Self {
        JsonRef { json, location: Location::Root }
    }

    /// Returns the JSON pointer (RFC 6901) of this value.
    pub(crate) fn pointer(&self) -> String {
        match self.location {
            Location::Root => String::new(),
            Location::Key(parent, key) => {
                format!("{}/{}", parent.pointer(), key.replace('~', "~0").replace('/', "~1"))
            }
            Location::Index(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }

    /// Returns a member of an object; `None` if it is absent or null.
    pub(crate) fn get(&'a self, key: &'a str) -> Option<JsonRef<'a>> {
        self.entries()
            .find(|(name, _)| *name == key)
            .map(|(_, at)| at)
            .filter(|at| *at.json != Json::Null)
    }

    /// Returns the members of an object, or none for other values.
    pub(crate) fn entries(&'a self) -> impl Iterator<Item = (&'a str, JsonRef<'a>)> {
        let entries = match self.json {
            Json::Object(entries) => entries.as_slice(),
            _ => &[],
        };
        entries
            .iter()
            .map(|(key, json)| (key.as_str(), JsonRef { json, location: Location::Key(self, key) }))
    }

    /// Returns the items of a list, or none for other values.
    pub(crate) fn items(&'a self) -> impl Iterator<Item = JsonRef<'a>> {
        let items = match self.json {
            Json::List(items) => items.as_slice(),
            _ => &[],
        };
        items
            .iter()
            .enumerate()
            .map(|(index, json)| JsonRef { json, location: Location::Index(self, index) })
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self.json, Json::Object(_))
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        match self.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a member of an object if it is text.
    pub(crate) fn get_text(&'a self, key: &'a str) -> Option<&'a str> {
        match self.get(key)?.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns whether a member is the boolean `true`.
    pub(crate) fn is_true(&'a self, key: &'a str) -> bool {
        self.get(key).is_some_and(|at| *at.json == Json::Bool(true))
    }
}
