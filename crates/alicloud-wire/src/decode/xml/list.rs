//! Lists in XML: repeated elements, with or without a wrapper element.

use std::borrow::Cow;

use quick_xml::events::BytesStart;
use serde_json::Value;

use super::super::context::Path;
use super::super::issues::Mark;
use super::super::record_fields::Fields;
use super::fields::{has_value, push_stray_text};
use super::source::{Content, Found, Next, Result, Source, is_json, name};
use crate::node::{Node, Scalar, Shape};

impl<'t> Source<'t, '_> {
    /// Decodes an element as an item of a list; ignores it if it has no value.
    ///
    /// An empty element has a value if it `can_be_empty` and the kind of the items has an empty value.
    fn item(
        &mut self,
        node: &mut dyn Node,
        content: Content,
        can_be_empty: bool,
        path: &Path<'_>,
    ) -> Result {
        let Some(list) = node.list() else {
            return self.skip_child(content);
        };
        let path = path.index(list.len());
        let item = self.context.push(list)?;
        let found = match content {
            Content::Open => self.element(item, &path)?,
            Content::Empty => self.context.enter(&path).map(|()| Found::Nothing)?,
        };
        if (found == Found::Nothing && !can_be_empty) || !has_value(item, found) {
            list.pop();
        }
        Ok(())
    }

    /// Decodes every child of an element as an item of a list, or its text as one.
    pub(super) fn items(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Found> {
        match self.children(node, path)? {
            Some(text) if text.trim().is_empty() => Ok(Found::Nothing),
            Some(text) => self.text_item(node, text, path),
            None => Ok(Found::Value),
        }
    }

    /// Decodes every child of an element as an item of a list; returns its text if it has none.
    fn children(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Option<Cow<'t, str>>> {
        let mut has_children = false;
        let (text, _) = self.text(|source, content| {
            has_children = true;
            source.item(node, content, true, path)
        })?;
        if !has_children {
            return Ok(Some(text));
        }
        self.check_between(&text).map(|()| None)
    }

    /// Decodes the document element around the items of a list.
    pub(super) fn root_list(&mut self, node: &mut dyn Node) -> Result {
        match self.item_shape(node)? {
            Shape::Record => self.wrapper(node, Items::AnyName, &Path::ROOT).map(drop),
            _ => self.items(node, &Path::ROOT).map(drop),
        }
    }

    /// Decodes an element of a list that has no wrapper in the description.
    ///
    /// Services write an empty list as one empty element. If there are others, an empty one is an item.
    /// `follows_empty` is whether there was one element, which was empty.
    pub(super) fn flat_element(
        &mut self,
        node: &mut dyn Node,
        content: Content,
        follows_empty: bool,
        path: &Path<'_>,
    ) -> Result<Found> {
        if follows_empty {
            self.item(node, Content::Empty, true, path)?;
        }
        let is_first = !follows_empty && node.view().is_absent();
        let found = match content {
            Content::Open => self.list(node, None, path)?,
            Content::Empty => Found::Nothing,
        };
        if found == Found::Nothing && !is_first {
            self.item(node, Content::Empty, true, path)?;
        }
        Ok(found)
    }

    /// Decodes an element of a list: the wrapper around its items, or one item.
    ///
    /// Responses can have either, independent of the description; the content of the element decides.
    pub(super) fn list(
        &mut self,
        node: &mut dyn Node,
        item: Option<&str>,
        path: &Path<'_>,
    ) -> Result<Found> {
        if let Some(item) = item {
            return self.wrapper(node, Items::Named(item), path);
        }
        match self.item_shape(node)? {
            Shape::Record => self.wrapper(node, Items::Unnamed, path),
            Shape::List | Shape::Map | Shape::Any | Shape::Unit => {
                let Some(list) = node.list() else { return self.skip().map(|()| Found::Mismatch) };
                let path = path.index(list.len());
                let item = self.context.push(list)?;
                let found = self.element(item, &path)?;
                if found != Found::Value {
                    list.pop();
                }
                Ok(found)
            }
            _ => match self.children(node, path)? {
                Some(text) if text.is_empty() => Ok(Found::Nothing),
                Some(text) => self.text_item(node, text, path),
                None => Ok(Found::Value),
            },
        }
    }

    /// Decodes an element that contains items, the fields of one item, or an item as text.
    fn wrapper(&mut self, node: &mut dyn Node, items: Items<'_>, path: &Path<'_>) -> Result<Found> {
        let mut stray_text = String::new();
        let (mut found, mut has_items) = (Found::Nothing, false);
        // The state before the first child that can be an item or an unknown field of the only one.
        let mut undecided = None;
        loop {
            match self.next()? {
                Next::Text(text) => push_stray_text(&mut stray_text, &text),
                Next::Child(start, content) => {
                    self.check_between(&stray_text)?;
                    let can_be_item = items.can_have(name(&start));
                    // After an item, all children that can be items are.
                    let role = match has_items && can_be_item {
                        true => Role::Item,
                        false => self.role(node, &start, content, items)?,
                    };
                    match role {
                        Role::Field => {
                            self.discard(node, undecided);
                            return self.flat_item(node, &start, content, path);
                        }
                        Role::Item => undecided = None,
                        Role::Undecided if undecided.is_none() => {
                            let len = node.list().map_or(0, |list| list.len());
                            undecided = Some((len, self.context.mark_issues()));
                        }
                        Role::Undecided => {}
                    }
                    has_items |= role == Role::Item && can_be_item;
                    self.item(node, content, can_be_item, path)?;
                    found = Found::Value;
                    stray_text.clear();
                }
                Next::End => break,
            }
        }
        if undecided.is_some() {
            // No child has a known field, so they are the fields of one item.
            self.discard(node, undecided);
            self.item(node, Content::Empty, true, path)?;
        }
        match stray_text.is_empty() {
            true => Ok(found),
            false => self.text_item(node, Cow::Owned(stray_text), path),
        }
    }

    /// Removes the items and issues since a state.
    fn discard(&self, node: &mut dyn Node, since: Option<(usize, Mark)>) {
        let Some((len, issues)) = since else { return };
        self.context.discard_issues(issues, self.context.mark_issues());
        if let Some(list) = node.list() {
            while list.len() > len {
                list.pop();
            }
        }
    }

    /// Returns what a child of a wrapper is. If the names do not tell, its content does: an item contains fields.
    fn role(
        &mut self,
        node: &mut dyn Node,
        start: &BytesStart<'_>,
        content: Content,
        items: Items<'_>,
    ) -> Result<Role> {
        let Some(list) = node.list() else {
            return Ok(Role::Item);
        };
        let item = self.context.push(list)?;
        let role = match (is_field(item, start), items) {
            (true, Items::Named(_)) if items.can_have(name(start)) => {
                let is_empty = content == Content::Empty || self.is_at_end();
                match is_empty || self.contains_field(item)? {
                    true => Role::Item,
                    false => Role::Field,
                }
            }
            (true, _) => Role::Field,
            (false, Items::Unnamed) => {
                match content == Content::Open && self.contains_field(item)? {
                    true => Role::Item,
                    false => Role::Undecided,
                }
            }
            (false, _) => Role::Item,
        };
        list.pop();
        Ok(role)
    }

    /// Decodes the rest of an element as an item; its child `start` is a field of it.
    fn flat_item(
        &mut self,
        node: &mut dyn Node,
        start: &BytesStart<'_>,
        content: Content,
        path: &Path<'_>,
    ) -> Result<Found> {
        let Some(list) = node.list() else {
            return self.skip().map(|()| Found::Mismatch);
        };
        let path = path.index(list.len());
        let item = self.context.push(list)?;
        self.context.enter(&path)?;
        match item.record() {
            Some(record) => {
                self.context.charge_record(record)?;
                Fields::of(record, |fields| self.fields(fields, start, content, &path))
                    .unwrap_or(Ok(()))?;
            }
            None => self.skip()?,
        }
        Ok(Found::Value)
    }

    /// Decodes a text in place of the items of a list: one item, or all of them as JSON.
    fn text_item(
        &mut self,
        node: &mut dyn Node,
        text: Cow<'_, str>,
        path: &Path<'_>,
    ) -> Result<Found> {
        let Some(list) = node.list() else { return Ok(Found::Mismatch) };
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
            return Ok(Found::Value);
        }
        list.pop();
        match text.trim() {
            "" => Ok(Found::Nothing),
            _ => Ok(self.stray_text(node, text, path)),
        }
    }

    /// Decodes an element of a list that is JSON in one text. Items that are texts do not tell it from one of them.
    pub(super) fn json_list(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result {
        match self.children(node, path)? {
            Some(text) if is_json(&text) => _ = self.stray_text(node, text, path),
            Some(text) if !text.is_empty() => _ = self.text_item(node, text, path)?,
            _ => {}
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

/// What is known about the names of the items in a wrapper.
#[derive(Clone, Copy)]
enum Items<'a> {
    /// The description has this name.
    Named(&'a str),
    /// The description has no wrapper.
    Unnamed,
    /// The wrapper is the document element, whose children are items with any name.
    AnyName,
}

impl Items<'_> {
    fn can_have(self, name: &str) -> bool {
        match self {
            Items::Named(item) => name.eq_ignore_ascii_case(item),
            Items::Unnamed | Items::AnyName => true,
        }
    }
}

/// What a child of a wrapper is.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Item,
    /// A field of the only item, which has no element.
    Field,
    /// An item without known fields, or an unknown field.
    Undecided,
}

/// Returns whether an element is a field of a record.
pub(super) fn is_field(node: &mut dyn Node, start: &BytesStart<'_>) -> bool {
    let find = |fields: &mut Fields<'_, '_>| fields.find(name(start), true).is_some();
    node.record().and_then(|record| Fields::of(record, find)).unwrap_or(false)
}
