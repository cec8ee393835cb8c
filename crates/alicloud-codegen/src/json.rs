//! JSON values that keep the order of their keys and know their JSON pointer.

use std::fmt::{self, Write as _};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Maximum number of lists and objects inside each other: about 1,000 objects of a schema. The stack of
/// the program is large enough for it.
const MAX_DEPTH: usize = 2_048;

/// Maximum length in bytes of a JSON pointer in an error about the depth.
const MAX_POINTER: usize = 200;

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

/// Parses JSON. The parser has no depth limit of its own that would be large enough.
///
/// # Errors
///
/// If the text is invalid JSON, or nested more than [`MAX_DEPTH`] levels deep.
pub(crate) fn parse(bytes: &[u8]) -> serde_json::Result<Json> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    deserializer.disable_recursion_limit();
    let json = Level { parent: None, segment: Segment::Index(0), depth: 0 }
        .deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(json)
}

/// The position of a value that is being parsed.
struct Level<'a> {
    parent: Option<&'a Level<'a>>,
    segment: Segment<'a>,
    depth: usize,
}

/// A segment of a JSON pointer.
#[derive(Clone, Copy)]
enum Segment<'a> {
    Key(&'a str),
    Index(usize),
}

impl fmt::Display for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Index(index) => write!(f, "/{index}"),
        }
    }
}

impl<'a> Level<'a> {
    /// Returns the position of a value in this one.
    fn child(&'a self, segment: Segment<'a>) -> Level<'a> {
        Level { parent: Some(self), segment, depth: self.depth + 1 }
    }

    /// Checks that a list or an object is not too deep.
    fn check_depth<E: de::Error>(&self) -> Result<(), E> {
        if self.depth < MAX_DEPTH {
            return Ok(());
        }
        Err(E::custom(format_args!(
            "{}: lists and objects nested more than {MAX_DEPTH} levels deep",
            self.start_of_pointer()
        )))
    }

    /// Returns the JSON pointer, without the end of a long one.
    fn start_of_pointer(&self) -> String {
        let mut segments = Vec::new();
        let mut level = self;
        while let Some(parent) = level.parent {
            segments.push(level.segment);
            level = parent;
        }
        let mut pointer = String::new();
        for segment in segments.into_iter().rev() {
            let segment = segment.to_string();
            if pointer.len() + segment.len() > MAX_POINTER {
                return pointer + "/…";
            }
            pointer.push_str(&segment);
        }
        pointer
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
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
        self.check_depth()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.child(Segment::Index(list.len())))? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        self.check_depth()?;
        let mut object = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self.child(Segment::Key(&key)))?;
            object.push((key, value));
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
    /// At a JSON pointer that is known.
    Pointer(&'a str),
    Child(&'a JsonRef<'a>, Segment<'a>),
}

impl<'a> JsonRef<'a> {
    pub(crate) fn root(json: &'a Json) -> Self {
        JsonRef { json, location: Location::Root }
    }

    /// Returns the JSON pointer (RFC 6901) of this value.
    pub(crate) fn pointer(&self) -> String {
        let mut segments = Vec::new();
        let mut at = self;
        while let Location::Child(parent, segment) = &at.location {
            segments.push(segment);
            at = parent;
        }
        let mut pointer = match at.location {
            Location::Pointer(known) => known.to_owned(),
            _ => String::new(),
        };
        for segment in segments.into_iter().rev() {
            _ = write!(pointer, "{segment}");
        }
        pointer
    }

    /// Returns the same value with its pointer, so that those of its members are built from it.
    pub(crate) fn with_pointer(self, pointer: &'a str) -> Self {
        JsonRef { json: self.json, location: Location::Pointer(pointer) }
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
        entries.iter().map(|(key, json)| {
            (key.as_str(), JsonRef { json, location: Location::Child(self, Segment::Key(key)) })
        })
    }

    /// Returns the items of a list, or none for other values.
    pub(crate) fn items(&'a self) -> impl Iterator<Item = JsonRef<'a>> {
        let items = match self.json {
            Json::List(items) => items.as_slice(),
            _ => &[],
        };
        items.iter().enumerate().map(|(index, json)| JsonRef {
            json,
            location: Location::Child(self, Segment::Index(index)),
        })
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
