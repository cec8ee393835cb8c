//! Free-form values.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::context::Path;
use super::source::{Content, Next, Result, Source, name};
use crate::xml_name;

impl Source<'_, '_> {
    /// Decodes an element of an unknown kind: children become an object, repeated children a list in it.
    pub(super) fn value(&mut self, path: &Path<'_>) -> Result<Value> {
        let context = self.context;
        let mut text = String::new();
        let mut entries = Map::new();
        loop {
            match self.next()? {
                Next::Text(more) => text.push_str(&more),
                Next::Child(start, content) => {
                    let name = context.unmark(Cow::Borrowed(name(&start)), path);
                    let name = &*xml_name::unescape(&name);
                    let path = path.key(name);
                    context.enter(&path)?;
                    let value = match content {
                        Content::Open => self.value(&path)?,
                        Content::Empty => Value::Null,
                    };
                    // An empty text is as likely as any other value without content, and keeps the key.
                    let value = if value.is_null() { Value::from("") } else { value };
                    match entries.get_mut(name) {
                        None => {
                            context.charge_entry(entries.is_empty(), name, size_of::<Value>())?;
                            entries.insert(name.to_owned(), value);
                        }
                        Some(Value::Array(items)) => {
                            context.charge_growth(items)?;
                            items.push(value);
                        }
                        Some(first) => {
                            context.charge(2 * size_of::<Value>())?;
                            *first = Value::Array(vec![first.take(), value]);
                        }
                    }
                }
                Next::End => break,
            }
        }
        Ok(match (entries.is_empty(), text.is_empty()) {
            (false, _) => Value::Object(entries),
            (true, false) => Value::String(context.unmark(Cow::Owned(text), path).into_owned()),
            (true, true) => Value::Null,
        })
    }
}
