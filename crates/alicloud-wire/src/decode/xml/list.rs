//! Lists in XML: repeated elements, with or without an element around them.

use quick_xml::events::BytesStart;
use serde_json::Value;

use super::super::context::{Path, find_slot, quoted};
use super::{Content, Next, Result, Source, is_json, json, keep_stray, name};
use crate::node::{Node, Scalar, Shape};

impl Source<'_, '_> {
    /// Reads one element as one item of a list; without content it is none.
    fn item(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result {
        let Some(list) = node.list() else {
            return self.skip();
        };
        let path = path.index(list.len());
        if !self.element(list.push(), &path)? {
            list.pop();
        }
        Ok(())
    }

    /// Reads every child of an element as an item of a list.
    pub(super) fn items(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result {
        loop {
            match self.next()? {
                Next::Child(_, Content::Open) => self.item(node, path)?,
                Next::Child(_, Content::Empty) | Next::Text(_) => {}
                Next::End => return Ok(()),
            }
        }
    }

    /// Reads one element of a list: the wrapper around its items, or one item.
    ///
    /// Either may come where the other is described, and what is in the element shows which it is.
    pub(super) fn list(
        &mut self,
        node: &mut dyn Node,
        item: Option<&str>,
        path: &Path<'_>,
    ) -> Result {
        match (item, item_shape(node)) {
            (Some(_), _) | (None, Shape::Record) => self.wrapper(node, item, path),
            (None, Shape::List | Shape::Map | Shape::Any | Shape::Unit) => self.item(node, path),
            (None, _) => {
                let mut wrapped = false;
                let (text, _) = self.text(|source, content| {
                    wrapped = true;
                    match content {
                        Content::Open => source.item(node, path),
                        Content::Empty => Ok(()),
                    }
                })?;
                if !wrapped {
                    self.text_item(node, &text, path);
                }
                Ok(())
            }
        }
    }

    /// Reads an element that holds items, or the fields of one item, or an item as text.
    fn wrapper(&mut self, node: &mut dyn Node, item: Option<&str>, path: &Path<'_>) -> Result {
        let mut stray = String::new();
        // After one item under the described name there are only items.
        let mut settled = false;
        loop {
            match self.next()? {
                Next::Text(text) => keep_stray(&mut stray, &text),
                Next::Child(start, content) => {
                    let named = item.map(|item| name(&start).eq_ignore_ascii_case(item));
                    let is_item = settled && named == Some(true);
                    if !is_item && self.flat_item(node, &start, content, named, path)? {
                        return Ok(());
                    }
                    settled |= named == Some(true);
                    if content == Content::Open {
                        self.item(node, path)?;
                    }
                    stray.clear();
                }
                Next::End => break,
            }
        }
        self.text_item(node, &stray, path);
        Ok(())
    }

    /// Reads the rest of an element as an item, when its child `start` is a field of such an item.
    ///
    /// `named` says whether the child has the name of the items, where the description gives one.
    /// Where names leave it open, what stands in the child decides: an item has fields in it.
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
        let single = list.push();
        let flat = match (is_field(single, start), named) {
            (true, None | Some(false)) => true,
            (true, Some(true)) => content == Content::Open && !self.holds_field(single)?,
            (false, None) => content == Content::Empty || !self.holds_field(single)?,
            (false, Some(_)) => false,
        };
        if !flat {
            list.pop();
            return Ok(false);
        }
        self.context.enter(&path)?;
        if let Some(record) = single.record() {
            self.field(record, start, content, &path)?;
        }
        self.record(single, &path)?;
        Ok(true)
    }

    /// Whether the element that was just opened has a field of a record in it; reads nothing.
    fn holds_field(&self, node: &mut dyn Node) -> Result<bool> {
        let mut ahead =
            Source { reader: self.reader.clone(), text: self.text, context: self.context };
        loop {
            match ahead.next()? {
                Next::Child(start, _) if is_field(node, &start) => return Ok(true),
                Next::Child(_, content) => ahead.skip_child(content)?,
                Next::Text(_) => {}
                Next::End => return Ok(false),
            }
        }
    }

    /// Takes a text where items of a list belong: one item, or all of them as JSON.
    fn text_item(&mut self, node: &mut dyn Node, text: &str, path: &Path<'_>) {
        let Some(list) = node.list() else { return };
        if text.is_empty() {
            return;
        }
        let item = list.push();
        let taken = match item.any() {
            Some(any) => {
                *any = Value::from(text);
                true
            }
            None => item.put(Scalar::Text(text)),
        };
        if taken {
            return;
        }
        list.pop();
        if is_json(text) {
            json::read_text(node, text, self.context, path);
        } else if !text.trim().is_empty() {
            self.context.mismatch(path, Shape::List, &quoted(text.trim()));
        }
    }
}

fn item_shape(node: &mut dyn Node) -> Shape {
    let Some(list) = node.list() else { return Shape::Unit };
    let shape = list.push().shape();
    list.pop();
    shape
}

fn is_field(node: &mut dyn Node, start: &BytesStart<'_>) -> bool {
    node.record().is_some_and(|record| find_slot(record, name(start), true).is_some())
}
