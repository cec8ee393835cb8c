//! Free-form values.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::super::context::{Context, Path};
use super::super::marks;
use super::next_key;
use super::scalar::describe_number;

/// A decoder of one free-form value. Unlike that of serde_json, it counts nodes and memory.
pub(super) struct AnySeed<'a> {
    pub(super) context: &'a Context,
    pub(super) path: &'a Path<'a>,
}

impl<'de> DeserializeSeed<'de> for AnySeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.context.enter(self.path).map_err(D::Error::custom)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnySeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        let AnySeed { context, path } = self;
        if context.has_marks.get()
            && let Some(number) = text.strip_prefix(marks::NUMBER)
        {
            context.report(path, || describe_number(number));
            return Ok(Value::Null);
        }
        Ok(Value::from(context.unmark(Cow::Borrowed(text), path)))
    }

    fn visit_bool<E: de::Error>(self, boolean: bool) -> Result<Value, E> {
        Ok(Value::from(boolean))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let AnySeed { context, path } = self;
        let mut items: Vec<Value> = Vec::new();
        loop {
            let path = path.index(items.len());
            let Some(item) = sequence.next_element_seed(AnySeed { context, path: &path })? else {
                return Ok(Value::Array(items));
            };
            context.charge_growth(&items).map_err(A::Error::custom)?;
            items.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let AnySeed { context, path } = self;
        let mut entries = Map::new();
        while let Some(key) = next_key(&mut map, context, path)? {
            context
                .charge_entry(entries.is_empty(), &key, size_of::<Value>())
                .map_err(A::Error::custom)?;
            let value = map.next_value_seed(AnySeed { context, path: &path.key(&key) })?;
            entries.insert(key, value);
        }
        Ok(Value::Object(entries))
    }
}
