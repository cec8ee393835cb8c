//! Lists in XML: repeated elements, with or without a wrapper element.

use std::borrow::Cow;

use quick_xml::events::BytesStart;
use serde_json::Value;

use super::super::context::{Fields, Path, describe_text};
use super::super::json;
use super::source::{Content, Next, Result, Source, is_json, name, push_stray_text};
use crate::node::{Node, Scalar, Shape};

impl Source<'_, '_> {
    /// Decodes an element as an item of a list; ignores it if it has no value.
    fn item(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result {
        let Some(list) = node.list() else {
            return self.skip();
        };
        let path = path.index(list.len());
        if !self.element(self.context.push(list)?, &path)? {
            list.pop();
        }
        Ok(())
    }

    /// Decodes every child of an element as an item of a list.
    pub(super) fn items(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result {
        loop {
            match self.next()? {
                Next::Child(_, Content::Open) => self.item(node, path)?,
                Next::Child(_, Content::Empty) | Next::Text(_) => {}
                Next::End => return Ok(()),
            }
        }
    }

    /// Decodes an element of a list: the wrapper around its items, or one item.
    ///
    /// Responses can have either, independent of the description; the content of the element decides.
    pub(super) fn list(
        &mut self,
        node: &mut dyn Node,
        item: Option<&str>,
        path: &Path<'_>,
    ) -> Result {
        match (item, self.item_shape(node)?) {
            (Some(_), _) | (None, Shape::Record) => self.wrapper(node, item, path),
            (None, Shape::List | Shape::Map | Shape::Any | Shape::Unit) => self.item(node, path),
            (None, _) => {
                let mut is_wrapper = false;
                let (text, _) = self.text(|source, content| {
                    is_wrapper = true;
                    match content {
                        Content::Open => source.item(node, path),
                        Content::Empty => Ok(()),
                    }
                })?;
                match is_wrapper {
                    true => Ok(()),
                    false => self.text_item(node, text, path),
                }
            }
        }
    }

    /// Decodes an element that contains items, the fields of one item, or an item as text.
    fn wrapper(&mut self, node: &mut dyn Node, item: Option<&str>, path: &Path<'_>) -> Result {
        let mut stray_text = String::new();
        // After an item with the described name, all children are items.
        let mut has_items = false;
        loop {
            match self.next()? {
                Next::Text(text) => push_stray_text(&mut stray_text, &text),
                Next::Child(start, content) => {
                    let named = item.map(|item| name(&start).eq_ignore_ascii_case(item));
                    let is_item = has_items && named == Some(true);
                    if !is_item && self.flat_item(node, &start, content, named, path)? {
                        return Ok(());
                    }
                    has_items |= named == Some(true);
                    if content == Content::Open {
                        self.item(node, path)?;
                    }
                    stray_text.clear();
                }
                Next::End => break,
            }
        }
        self.text_item(node, Cow::Owned(stray_text), path)
    }

    /// Decodes the rest of an element as an item, if its child `start` is a field of such an item.
    ///
    /// `named` is whether the child has the name of the items, if the description has one. If the names
    /// are ambiguous, the content of the child decides: an item contains fields.
    fn flat_item(
        &mut self,
        node: &mut dyn Node,
        start: &BytesStart<'_>,
        content: Content,
        named: Option<bool>,
        path: &Path<'_>,
    ) -> Result<bool> {
        let Some(list) = node.list() else {
            return Ok(false);
        };
        let path = path.index(list.len());
        let item = self.context.push(list)?;
        let is_flat = match (is_field(item, start), named) {
            (true, None | Some(false)) => true,
            (true, Some(true)) => content == Content::Open && !self.contains_field(item)?,
            (false, None) => content == Content::Empty || !self.contains_field(item)?,
            (false, Some(_)) => false,
        };
        if !is_flat {
            list.pop();
            return Ok(false);
        }
        self.context.enter(&path)?;
        match item.record() {
            Some(record) => {
                self.context.charge_record(record)?;
                Fields::of(record, |fields| self.fields(fields, start, content, &path))
                    .unwrap_or(Ok(()))?;
            }
            None => self.skip()?,
        }
        Ok(true)
    }

    /// Decodes a text in place of the items of a list: one item, or all of them as JSON.
    fn text_item(&mut self, node: &mut dyn Node, text: Cow<'_, str>, path: &Path<'_>) -> Result {
        let Some(list) = node.list() else { return Ok(()) };
        if text.is_empty() {
            return Ok(());
        }
        let text = self.context.unmark(text, path);
        let item = self.context.push(list)?;
        self.context.enter(path)?;
        let is_set = match item.any() {
            Some(any) => {
                *any = Value::from(&*text);
                true
            }
            None => item.set_scalar(Scalar::Text(&text)),
        };
        if is_set {
            return Ok(());
        }
        list.pop();
        if is_json(&text) {
            json::read_embedded(node, &text, self.context, path);
        } else if !text.trim().is_empty() {
            self.context.report_mismatch(path, Shape::List, &describe_text(text.trim()));
        }
        Ok(())
    }

    /// Returns the shape of the items of a list.
    fn item_shape(&self, node: &mut dyn Node) -> Result<Shape> {
        let Some(list) = node.list() else { return Ok(Shape::Unit) };
        let shape = self.context.push(list)?.shape();
        list.pop();
        Ok(shape)
    }
}

/// Returns whether an element is a field of a record.
pub(super) fn is_field(node: &mut dyn Node, start: &BytesStart<'_>) -> bool {
    let find = |fields: &mut Fields<'_, '_>| fields.find(name(start), true).is_some();
    node.record().and_then(|record| Fields::of(record, find)).unwrap_or(false)
}
