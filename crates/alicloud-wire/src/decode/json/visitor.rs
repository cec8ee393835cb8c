//! Decodes each kind of JSON value, according to the shape of the node.

use std::fmt;

use serde::de::{self, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::super::context::Spelling;
use super::super::record_fields::Fields;
use super::any::AnySeed;
use super::{Seed, Wrapper, next_key, skip};
use crate::node::{Record, Scalar, Shape, Slot};

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        Ok(self.text(text))
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
                let node = context.push(list).map_err(E::custom)?;
                let item = Seed { node, wrapper: Wrapper::Removed, context, path };
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
        if self.node.shape() == Shape::Text && self.context.spelling == Spelling::Later {
            self.context.needs_source_text.set(true);
            return Ok(true);
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
                    let node = context.push(list).map_err(A::Error::custom)?;
                    let seed = Seed { node, wrapper: Wrapper::Possible, context, path: &path };
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
                let value = AnySeed { context, path }.visit_seq(sequence)?;
                Ok(node.any().map(|any| *any = value).is_some())
            }
            Shape::Text if context.spelling == Spelling::Later => {
                context.needs_source_text.set(true);
                while sequence.next_element::<IgnoredAny>()?.is_some() {}
                Ok(true)
            }
            Shape::Text => {
                let value = AnySeed { context, path }.visit_seq(sequence)?;
                let only = match value.as_array().map(Vec::as_slice) {
                    Some([] | [Value::Null]) => return Ok(false),
                    Some([Value::String(text)]) => {
                        return Ok(node.set_scalar(Scalar::Text(text)));
                    }
                    Some([only @ (Value::Bool(_) | Value::Number(_))]) => only,
                    _ => &value,
                };
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
                context.charge_record(record).map_err(A::Error::custom)?;
                Fields::of(record, |fields| Seed::record(fields, &mut map, context, path))
                    .unwrap_or(Ok(()))?;
                Ok(true)
            }
            Shape::Map => {
                let Some(entries) = node.map() else {
                    return Ok(false);
                };
                while let Some(key) = next_key(&mut map, context, path)? {
                    let path = path.key(&key);
                    let is_first = entries.is_empty();
                    let node = entries.entry(&key);
                    context
                        .charge_entry(is_first, &key, size_of_val(node))
                        .map_err(A::Error::custom)?;
                    let seed = Seed { node, wrapper: Wrapper::Possible, context, path: &path };
                    if !map.next_value_seed(seed)? {
                        entries.remove(&key);
                    }
                }
                Ok(true)
            }
            Shape::Any => {
                let value = AnySeed { context, path }.visit_map(map)?;
                Ok(node.any().map(|any| *any = value).is_some())
            }
            Shape::Text if context.spelling == Spelling::Later => {
                context.needs_source_text.set(true);
                skip(map).map(|()| true)
            }
            Shape::Text => {
                let value = AnySeed { context, path }.visit_map(map)?;
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

/// Returns whether the only field of a record is a list.
fn is_list_field(record: &dyn Record) -> bool {
    matches!(record.nodes().as_slice(), [node] if node.shape() == Shape::List)
}
