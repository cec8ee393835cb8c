//! Decodes any self-describing serde format into a node, in particular JSON.
//!
//! The visitor accepts every value and converts it according to the shape of the node. Only invalid
//! syntax is an error; values of another kind are reported as issues.

mod any;
mod scalar;
mod visitor;

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::value::RawValue;

use super::context::{Context, Path, Spelling};
use super::document::{NUL_AROUND, document};
use super::record_fields::Fields;
use super::repair::{Encoding, repair};
use super::{DecodeError, DecodeIssue, DecodeLimits};
use crate::node::{Node, Shape, Slot};

/// Decodes JSON into a node; returns the issues.
pub(super) fn decode(
    node: &mut dyn Node,
    text: &[u8],
    limits: DecodeLimits,
) -> Result<Vec<DecodeIssue>, DecodeError> {
    if text.len() > limits.max_bytes {
        return Err(DecodeError::new("JSON", format!("more than {} bytes", limits.max_bytes)));
    }
    let (text, has_nul) = document(text);
    let new_context = |spelling| {
        let context = Context::new(limits, text.len(), spelling);
        if has_nul {
            context.report(&Path::ROOT, || NUL_AROUND.to_owned());
        }
        context
    };
    let error = match decode_strictly(node, text, &new_context) {
        Ok(issues) => return Ok(issues),
        Err(error) => error,
    };
    for encoding in [Encoding::SingleByte, Encoding::DoubleByte] {
        // An exceeded limit does not depend on the text inside.
        let Some(repaired) = (!error.is_data()).then(|| repair(text, encoding)).flatten() else {
            break;
        };
        node.clear();
        let new_context = |spelling| {
            let context = new_context(spelling);
            context.has_marks.set(true);
            context
        };
        match decode_strictly(node, &repaired, &new_context) {
            Ok(issues) => return Ok(issues),
            Err(error) if error.is_data() => return Err(DecodeError::new("JSON", error)),
            // The structure is broken; the first error describes it without the marks.
            Err(_) => {}
        }
    }
    Err(DecodeError::new("JSON", error))
}

/// Decodes JSON that a strict parser accepts.
fn decode_strictly(
    node: &mut dyn Node,
    text: &[u8],
    new_context: &dyn Fn(Spelling) -> Context,
) -> serde_json::Result<Vec<DecodeIssue>> {
    let context = new_context(Spelling::Later);
    read(node, Wrapper::Possible, text, &context, &Path::ROOT)?;
    if !context.needs_source_text.get() {
        return context.finish().map_err(serde_json::Error::custom);
    }
    // A text field with a number or an object keeps the spelling of the service. That needs a
    // second, slower pass, which only such responses pay for.
    node.clear();
    let context = new_context(Spelling::Kept);
    read(node, Wrapper::Possible, text, &context, &Path::ROOT)?;
    context.finish().map_err(serde_json::Error::custom)
}

/// Reads a complete text; returns whether it had a value.
fn read(
    node: &mut dyn Node,
    wrapper: Wrapper,
    text: &[u8],
    context: &Context,
    path: &Path<'_>,
) -> serde_json::Result<bool> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let present = Seed { node, wrapper, context, path }.deserialize(&mut deserializer)?;
    deserializer.end().map(|()| present)
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
    let limits = DecodeLimits::default();
    // The size is unknown, so the memory is that of the largest response.
    let context = Context::new(limits, limits.max_bytes, Spelling::Lost);
    Seed { node, wrapper: Wrapper::Possible, context: &context, path: &Path::ROOT }
        .deserialize(deserializer)?;
    match context.finish().map_err(D::Error::custom)?.first() {
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
        if self.context.spelling == Spelling::Kept && self.node.shape() == Shape::Text {
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
            return Ok(self.text(&text));
        }
        let present = raw != "null" && !is_empty_container(raw);
        Ok(present && self.text(raw))
    }

    /// Decodes the only item of a list into a scalar. Of several items none is the value.
    fn only_item<'de, A: SeqAccess<'de>>(self, mut sequence: A) -> Result<bool, A::Error> {
        let Seed { node, context, path, .. } = self;
        node.clear();
        let first_issue = context.mark_issues();
        let item_path = path.index(0);
        let item = Seed { node: &mut *node, wrapper: Wrapper::Removed, context, path: &item_path };
        let present = sequence.next_element_seed(item)?.unwrap_or(false);
        if sequence.next_element::<IgnoredAny>()?.is_none() {
            return Ok(present);
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        node.clear();
        context.discard_issues(first_issue, context.mark_issues());
        context.report_mismatch(path, node.shape(), "a list of several items");
        Ok(false)
    }

    fn record<'de, A: MapAccess<'de>>(
        fields: &mut Fields<'_, '_>,
        map: &mut A,
        context: &Context,
        path: &Path<'_>,
    ) -> Result<(), A::Error> {
        loop {
            // Almost no text has marks, so keys are not copied to remove them.
            let slot = match context.has_marks.get() {
                false => map.next_key_seed(Key(fields))?,
                true => next_key(map, context, path)?.map(|key| fields.find(&key, false)),
            };
            match slot {
                Some(slot) => Self::field(slot, map, context, path)?,
                None => return Ok(()),
            }
        }
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
            return context.split_items(node, &texts, &path).map_err(A::Error::custom);
        }
        map.next_value_seed(Seed { node, wrapper, context, path: &path }).map(drop)
    }

    /// Decodes an object into a list: a wrapper around the items, or one item without brackets.
    fn unwrap<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let Seed { node, wrapper, context, path } = self;
        let Some(first) = next_key(&mut map, context, path)? else {
            return Ok(false);
        };
        let is_named =
            |key: &str| matches!(wrapper, Wrapper::Named(name) if name.eq_ignore_ascii_case(key));
        if !is_named(&first)
            && let Some(list) = node.list()
        {
            match context.push(list).map_err(A::Error::custom)?.record() {
                Some(record) => {
                    context.charge_record(record).map_err(A::Error::custom)?;
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
        let first_attempt = context.mark_issues();
        let mut present = false;
        let mut next = Some(first);
        while let Some(key) = next {
            if present && !is_named(&key) {
                map.next_value::<IgnoredAny>()?;
            } else {
                node.clear();
                let attempt = context.mark_issues();
                let seed = Seed { node: &mut *node, wrapper: Wrapper::Removed, context, path };
                present = map.next_value_seed(seed)?;
                if present {
                    context.discard_issues(first_attempt, attempt);
                }
            }
            next = next_key(&mut map, context, path)?;
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

/// Skips the rest of an object.
fn skip<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Reads a key and reports its invalid characters.
fn next_key<'de, A: MapAccess<'de>>(
    map: &mut A,
    context: &Context,
    path: &Path<'_>,
) -> Result<Option<String>, A::Error> {
    let key = map.next_key::<String>()?;
    Ok(key.map(|key| context.unmark(Cow::Owned(key), path).into_owned()))
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
