//! Decodes any self-describing serde format into a node, in particular JSON.
//!
//! The visitor accepts every value and converts it according to the shape of the node. Only invalid
//! syntax is an error; values of another kind are reported as issues.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::{Context, Fields, Path, describe_text};
use super::{DecodeError, DecodeIssue, DecodeLimits};
use crate::node::{Node, Record, Scalar, Shape, Slot};

/// The result of a pass over a text, next to the value.
pub(super) struct Outcome {
    pub(super) issues: Vec<DecodeIssue>,
    /// Whether a second pass has to read texts from the source.
    pub(super) needs_source_text: bool,
}

/// Decodes JSON into a node. With `source_text`, text fields keep the spelling of the source.
pub(super) fn read(
    node: &mut dyn Node,
    text: &[u8],
    limits: DecodeLimits,
    source_text: bool,
) -> Result<Outcome, DecodeError> {
    if text.len() > limits.max_bytes {
        return Err(DecodeError::new("JSON", format!("more than {} bytes", limits.max_bytes)));
    }
    // Some gateways send a byte order mark.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let context = Context::new(limits, source_text);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    Seed { node, wrapper: Wrapper::Possible, context: &context, path: &Path::ROOT }
        .deserialize(&mut deserializer)
        .and_then(|_| deserializer.end())
        .map_err(|error| DecodeError::new("JSON", error))?;
    Ok(Outcome {
        needs_source_text: context.needs_source_text.get() && !source_text,
        issues: context.into_issues(),
    })
}

/// Decodes JSON in a text of another format; returns whether it had a value.
pub(super) fn read_embedded(
    node: &mut dyn Node,
    text: &str,
    context: &Context,
    path: &Path<'_>,
) -> bool {
    Seed { node, wrapper: Wrapper::Possible, context, path }.embedded_json(text)
}

/// Implements `serde::Deserialize` for the macros.
///
/// A value that cannot be decoded is an error here, as usual in serde, because there is nowhere to
/// report it.
pub fn deserialize<'de, T: Node + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value = T::default();
    deserialize_node(&mut value, deserializer)?;
    Ok(value)
}

/// Decodes into a node. Not generic in the type of the value.
fn deserialize_node<'de, D: Deserializer<'de>>(
    node: &mut dyn Node,
    deserializer: D,
) -> Result<(), D::Error> {
    let context = Context::new(DecodeLimits::default(), false);
    Seed { node, wrapper: Wrapper::Possible, context: &context, path: &Path::ROOT }
        .deserialize(deserializer)?;
    match context.into_issues().first() {
        Some(issue) => Err(D::Error::custom(issue)),
        None => Ok(()),
    }
}

/// A decoder of one value into one node; returns whether it had a value.
struct Seed<'a> {
    node: &'a mut dyn Node,
    wrapper: Wrapper,
    context: &'a Context,
    path: &'a Path<'a>,
}

/// The object around the items of a list.
#[derive(Clone, Copy)]
enum Wrapper {
    /// The description has an object with this key.
    Named(&'static str),
    /// The description has none, but a response can have one.
    Possible,
    /// It was already removed. For a scalar: the list around it was.
    Removed,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.context.enter(self.path).map_err(D::Error::custom)?;
        if self.context.source_text && self.node.shape() == Shape::Text {
            let raw = <&RawValue>::deserialize(deserializer)?;
            return self.source_text(raw.get()).map_err(D::Error::custom);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'a> Seed<'a> {
    /// Sets a text to the spelling of the source, without the quotes of a string.
    fn source_text(self, raw: &str) -> Result<bool, serde_json::Error> {
        let raw = only_scalar(raw).unwrap_or(raw);
        if raw.starts_with('"') {
            let text: String = serde_json::from_str(raw)?;
            return Ok(self.node.set_scalar(Scalar::Text(&text)));
        }
        let present = raw != "null" && !is_empty_container(raw);
        Ok(present && self.node.set_scalar(Scalar::Text(raw)))
    }

    fn scalar(self, scalar: Scalar<'_>, found: impl FnOnce() -> String) -> bool {
        let shape = self.node.shape();
        match shape {
            Shape::Any => {
                let value = match scalar {
                    Scalar::Text(text) => Value::from(text),
                    Scalar::Integer(number) => Value::from(number),
                    Scalar::Number(number) => Value::from(number),
                    Scalar::Boolean(boolean) => Value::from(boolean),
                };
                self.node.any().map(|any| *any = value).is_some()
            }
            // A list of one item can come without its brackets.
            Shape::List => {
                let Some(list) = self.node.list() else {
                    return false;
                };
                let item = list.push();
                let is_set = match item.any() {
                    Some(_) => {
                        let (context, path) = (self.context, self.path);
                        Seed { node: item, wrapper: Wrapper::Removed, context, path }
                            .scalar(scalar, String::new)
                    }
                    None => item.set_scalar(scalar),
                };
                if !is_set {
                    list.pop();
                    self.context.report_mismatch(self.path, shape, &found());
                }
                is_set
            }
            Shape::Unit => false,
            shape => {
                let is_set = self.node.set_scalar(scalar);
                if !is_set {
                    self.context.report_mismatch(self.path, shape, &found());
                }
                is_set
            }
        }
    }

    /// Decodes JSON inside a text, for a node that is an object or a list.
    fn embedded_json(self, text: &str) -> bool {
        let Seed { context, path, .. } = self;
        let shape = self.node.shape();
        context.in_embedded_json.set(true);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let result = self
            .deserialize(&mut deserializer)
            .and_then(|present| deserializer.end().map(|()| present));
        context.in_embedded_json.set(false);
        result.unwrap_or_else(|error| {
            let found = format!("text with invalid JSON ({error})");
            context.report_mismatch(path, shape, &found);
            false
        })
    }

    /// Decodes the only item of a list into a scalar. Of several items none is the value.
    fn only_item<'de, A: SeqAccess<'de>>(self, mut sequence: A) -> Result<bool, A::Error> {
        let Seed { node, context, path, .. } = self;
        node.clear();
        let first_issue = context.issue_count();
        let item_path = path.index(0);
        let item = Seed { node: &mut *node, wrapper: Wrapper::Removed, context, path: &item_path };
        let present = sequence.next_element_seed(item)?.unwrap_or(false);
        if sequence.next_element::<IgnoredAny>()?.is_none() {
            return Ok(present);
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        node.clear();
        context.discard_issues(first_issue..context.issue_count());
        context.report_mismatch(path, node.shape(), "a list of several items");
        Ok(false)
    }

    fn record<'de, A: MapAccess<'de>>(
        fields: &mut Fields<'_, '_>,
        map: &mut A,
        context: &Context,
        path: &Path<'_>,
    ) -> Result<(), A::Error> {
        while let Some(slot) = map.next_key_seed(Key(fields))? {
            Self::field(slot, map, context, path)?;
        }
        Ok(())
    }

    /// Decodes the value of the key that was just read.
    fn field<'de, A: MapAccess<'de>>(
        slot: Option<Slot<'_>>,
        map: &mut A,
        context: &Context,
        path: &Path<'_>,
    ) -> Result<(), A::Error> {
        let Some(Slot { field, node }) = slot else {
            return map.next_value::<IgnoredAny>().map(drop);
        };
        // The last of two equal keys wins; without this, a list would keep both values.
        if node.shape() == Shape::List {
            node.clear();
        }
        let wrapper = field.item.map_or(Wrapper::Possible, Wrapper::Named);
        let path = path.key(field.name);
        if field.is_comma_list {
            let mut texts: Vec<String> = Vec::new();
            map.next_value_seed(Seed { node: &mut texts, wrapper, context, path: &path })?;
            context.split_items(node, &texts, &path);
            return Ok(());
        }
        map.next_value_seed(Seed { node, wrapper, context, path: &path }).map(drop)
    }

    /// Decodes an object into a list: a wrapper around the items, or one item without brackets.
    fn unwrap<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let Seed { node, wrapper, context, path } = self;
        let Some(first) = map.next_key::<String>()? else {
            return Ok(false);
        };
        let is_named =
            |key: &str| matches!(wrapper, Wrapper::Named(name) if name.eq_ignore_ascii_case(key));
        if !is_named(&first)
            && let Some(list) = node.list()
        {
            match list.push().record() {
                Some(record) => {
                    let path = path.index(0);
                    let is_item = Fields::of(record, |fields| {
                        let Some(slot) = fields.find(&first, false) else { return Ok(false) };
                        Self::field(Some(slot), &mut map, context, &path)?;
                        Self::record(fields, &mut map, context, &path)?;
                        Ok(true)
                    });
                    if is_item.transpose()?.unwrap_or(false) {
                        return Ok(true);
                    }
                    list.pop();
                }
                None => list.pop(),
            }
        }
        if matches!(wrapper, Wrapper::Removed) {
            map.next_value::<IgnoredAny>()?;
            skip(map)?;
            context.report_mismatch(path, Shape::List, "an object");
            return Ok(false);
        }
        // Other keys of a wrapper, such as a request id, are not items.
        let first_attempt = context.issue_count();
        let mut present = false;
        let mut next = Some(first);
        while let Some(key) = next {
            if present && !is_named(&key) {
                map.next_value::<IgnoredAny>()?;
            } else {
                node.clear();
                let attempt = context.issue_count();
                let seed = Seed { node: &mut *node, wrapper: Wrapper::Removed, context, path };
                present = map.next_value_seed(seed)?;
                if present {
                    context.discard_issues(first_attempt..attempt);
                }
            }
            next = map.next_key()?;
        }
        Ok(present)
    }
}

/// Returns the source of the only item of a list, if it is a scalar.
fn only_scalar(list: &str) -> Option<&str> {
    let items = list.strip_prefix('[')?.strip_suffix(']')?;
    let only = serde_json::from_str::<&RawValue>(items).ok()?.get();
    (!only.starts_with(['[', '{'])).then_some(only)
}

/// Returns whether the source of a value is an object or a list without content.
fn is_empty_container(raw: &str) -> bool {
    let content = raw.strip_prefix(['[', '{']).and_then(|raw| raw.strip_suffix([']', '}']));
    content.is_some_and(|content| content.trim().is_empty())
}

/// Returns whether the only field of a record is a list.
fn is_list_field(record: &dyn Record) -> bool {
    matches!(record.nodes().as_slice(), [node] if node.shape() == Shape::List)
}

/// Skips the rest of an object.
fn skip<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        let shape = self.node.shape();
        Ok(match shape {
            Shape::Text => self.node.set_scalar(Scalar::Text(text)),
            Shape::Any => self.scalar(Scalar::Text(text), String::new),
            _ if text.trim().is_empty() => false,
            Shape::Record | Shape::Map | Shape::List
                if text.trim_start().starts_with(['{', '['])
                    && !self.context.in_embedded_json.get() =>
            {
                self.embedded_json(text)
            }
            _ => self.scalar(Scalar::Text(text), || describe_text(text)),
        })
    }

    fn visit_bool<E: de::Error>(self, boolean: bool) -> Result<bool, E> {
        Ok(self.scalar(Scalar::Boolean(boolean), || boolean.to_string()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<bool, E> {
        Ok(self.scalar(Scalar::Integer(number), || format!("the number {number}")))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<bool, E> {
        if let Ok(number) = i64::try_from(number) {
            return self.visit_i64(number);
        }
        // Numbers above `i64::MAX` fit text, floats and free-form values; they are never rounded.
        Ok(match self.node.shape() {
            Shape::Text => self.node.set_scalar(Scalar::Text(&number.to_string())),
            Shape::Any => self.node.any().map(|any| *any = Value::from(number)).is_some(),
            Shape::Number => self.node.set_scalar(Scalar::Number(number as f64)),
            Shape::List => {
                let Seed { node, context, path, .. } = self;
                let Some(list) = node.list() else {
                    return Ok(false);
                };
                let item = Seed { node: list.push(), wrapper: Wrapper::Removed, context, path };
                let is_set = item.visit_u64(number)?;
                if !is_set {
                    list.pop();
                }
                is_set
            }
            shape => {
                let found = format!("the number {number}, which is too large");
                self.context.report_mismatch(self.path, shape, &found);
                false
            }
        })
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<bool, E> {
        if self.node.shape() == Shape::Text {
            self.context.needs_source_text.set(true);
        }
        Ok(self.scalar(Scalar::Number(number), || format!("the number {number}")))
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_none<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<bool, E> {
        self.visit_str(&String::from_utf8_lossy(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<bool, A::Error> {
        let Seed { node, wrapper, context, path } = self;
        let shape = node.shape();
        match shape {
            Shape::List => {
                let Some(list) = node.list() else {
                    return Ok(false);
                };
                for position in 0.. {
                    let path = path.index(position);
                    let seed = Seed {
                        node: list.push(),
                        wrapper: Wrapper::Possible,
                        context,
                        path: &path,
                    };
                    let present = sequence.next_element_seed(seed)?;
                    if present != Some(true) {
                        list.pop();
                    }
                    if present.is_none() {
                        break;
                    }
                }
                Ok(true)
            }
            Shape::Any => {
                let value = Value::deserialize(SeqAccessDeserializer::new(sequence))?;
                Ok(node.any().map(|any| *any = value).is_some())
            }
            Shape::Text => {
                let value = Value::deserialize(SeqAccessDeserializer::new(sequence))?;
                let only = match value.as_array().map(Vec::as_slice) {
                    Some([] | [Value::Null]) => return Ok(false),
                    Some([Value::String(text)]) => {
                        return Ok(node.set_scalar(Scalar::Text(text)));
                    }
                    Some([only @ (Value::Bool(_) | Value::Number(_))]) => only,
                    _ => &value,
                };
                context.needs_source_text.set(true);
                Ok(node.set_scalar(Scalar::Text(&only.to_string())))
            }
            Shape::Integer | Shape::Number | Shape::Boolean | Shape::Bytes
                if !matches!(wrapper, Wrapper::Removed) =>
            {
                Seed { node, wrapper, context, path }.only_item(sequence)
            }
            _ => {
                // A struct whose only field is a list can come as that list.
                if shape == Shape::Record
                    && let Some(record) = node.record()
                    && let [only] = record.fields()
                    && is_list_field(record)
                {
                    let path = path.key(only.name);
                    return Fields::of(record, |fields| match fields.find(only.name, false) {
                        Some(Slot { node, .. }) => {
                            let wrapper = Wrapper::Removed;
                            Seed { node, wrapper, context, path: &path }.visit_seq(sequence)
                        }
                        None => Ok(false),
                    })
                    .unwrap_or(Ok(false));
                }
                let mut empty = true;
                while sequence.next_element::<IgnoredAny>()?.is_some() {
                    empty = false;
                }
                node.clear();
                if !empty && shape != Shape::Unit {
                    context.report_mismatch(path, shape, "a list");
                }
                Ok(false)
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let shape = self.node.shape();
        if shape == Shape::List {
            return self.unwrap(map);
        }
        let Seed { node, context, path, .. } = self;
        match shape {
            Shape::Record => {
                let Some(record) = node.record() else {
                    return Ok(false);
                };
                Fields::of(record, |fields| Seed::record(fields, &mut map, context, path))
                    .unwrap_or(Ok(()))?;
                Ok(true)
            }
            Shape::Map => {
                let Some(entries) = node.map() else {
                    return Ok(false);
                };
                while let Some(key) = map.next_key::<String>()? {
                    let path = path.key(&key);
                    let node = entries.entry(&key);
                    let seed = Seed { node, wrapper: Wrapper::Possible, context, path: &path };
                    if !map.next_value_seed(seed)? {
                        entries.remove(&key);
                    }
                }
                Ok(true)
            }
            Shape::Any => {
                let value = Value::deserialize(MapAccessDeserializer::new(map))?;
                Ok(node.any().map(|any| *any = value).is_some())
            }
            Shape::Text => {
                context.needs_source_text.set(true);
                let value = Value::deserialize(MapAccessDeserializer::new(map))?;
                let present = value.as_object().is_some_and(|entries| !entries.is_empty());
                Ok(present && node.set_scalar(Scalar::Text(&value.to_string())))
            }
            _ => {
                if map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    skip(map)?;
                    if shape != Shape::Unit {
                        context.report_mismatch(path, shape, "an object");
                    }
                }
                Ok(false)
            }
        }
    }
}

/// Reads a key and finds its field, without copying the key.
struct Key<'a, 's, 'n>(&'a mut Fields<'s, 'n>);

impl<'de, 'a> DeserializeSeed<'de> for Key<'a, '_, '_> {
    type Value = Option<Slot<'a>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, 'a> Visitor<'de> for Key<'a, '_, '_> {
    type Value = Option<Slot<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.find(key, false))
    }
}
