//! The fields of a record and the entries of a map.

use std::borrow::Cow;

use quick_xml::events::BytesStart;
use serde_json::Value;

use super::super::context::{Path, describe_text};
use super::super::record_fields::Fields;
use super::super::{json, marks};
use super::source::{Content, Found, Next, Result, Source, is_json, name};
use crate::node::{Node, Scalar, Shape};
use crate::xml_name;

impl Source<'_, '_> {
    pub(super) fn record(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Found> {
        let mut stray_text = String::new();
        loop {
            match self.next()? {
                Next::Text(text) => push_stray_text(&mut stray_text, &text),
                Next::Child(start, content) => match node.record() {
                    // A field whose element has no children is absent, so the record is created here.
                    Some(record) => {
                        self.check_between(&stray_text)?;
                        self.context.charge_record(record)?;
                        Fields::of(record, |fields| self.fields(fields, &start, content, path))
                            .unwrap_or(Ok(()))?;
                        return Ok(Found::Value);
                    }
                    None => self.skip_child(content)?,
                },
                Next::End => break,
            }
        }
        let stray_text = self.context.unmark(Cow::Owned(stray_text), path);
        Ok(self.stray_text(node, stray_text, path))
    }

    /// Checks that there are no NUL characters next to the children of an element.
    #[inline]
    pub(super) fn check_between(&self, text: &str) -> Result {
        match self.context.has_marks.get() && text.contains(marks::control(0)) {
            true => Err("NUL character between elements".to_owned()),
            false => Ok(()),
        }
    }

    /// Decodes the text of an element that is expected to have children. It can be JSON.
    pub(super) fn stray_text(
        &self,
        node: &mut dyn Node,
        text: Cow<'_, str>,
        path: &Path<'_>,
    ) -> Found {
        if text.is_empty() {
            return Found::Nothing;
        }
        if !is_json(&text) {
            self.context.report_mismatch(path, node.shape(), &describe_text(text.trim()));
            return Found::Mismatch;
        }
        match json::read_embedded(node, &text, self.context, path) {
            true => Found::Value,
            false => Found::Mismatch,
        }
    }

    /// Decodes the children of a record, starting with the first one.
    pub(super) fn fields(
        &mut self,
        fields: &mut Fields<'_, '_>,
        first: &BytesStart<'_>,
        content: Content,
        path: &Path<'_>,
    ) -> Result {
        let mut empty_lists = Vec::new();
        self.field(fields, &mut empty_lists, first, content, path)?;
        loop {
            match self.next()? {
                Next::Text(text) => self.check_between(&text)?,
                Next::Child(start, content) => {
                    self.field(fields, &mut empty_lists, &start, content, path)?;
                }
                Next::End => return Ok(()),
            }
        }
    }

    /// Decodes a child of a record. `empty_lists` are the lists without a wrapper that have had one element,
    /// which was empty.
    fn field(
        &mut self,
        fields: &mut Fields<'_, '_>,
        empty_lists: &mut Vec<&'static str>,
        start: &BytesStart<'_>,
        content: Content,
        path: &Path<'_>,
    ) -> Result {
        // Almost no text has marks, and every field passes here.
        let slot = match self.context.has_marks.get() {
            false => fields.find(name(start), true),
            true => fields.find(&self.context.unmark(Cow::Borrowed(name(start)), path), true),
        };
        let Some(slot) = slot else {
            return self.skip_child(content);
        };
        let path = path.key(slot.field.name);
        let node = slot.node;
        if node.shape() == Shape::List {
            return match content {
                Content::Open if slot.field.is_comma_list => {
                    let mut texts: Vec<String> = Vec::new();
                    self.list(&mut texts, slot.field.item, &path)?;
                    self.context.split_items(node, &texts, &path)
                }
                Content::Open if slot.field.is_json_text => self.json_list(node, &path),
                _ if slot.field.item.is_none() && !slot.field.is_comma_list => {
                    let empty = empty_lists.iter().position(|list| *list == slot.field.name);
                    let follows_empty = empty.map(|index| empty_lists.swap_remove(index)).is_some();
                    let found = self.flat_element(node, content, follows_empty, &path)?;
                    if found == Found::Nothing && !follows_empty && node.view().is_absent() {
                        empty_lists.push(slot.field.name);
                    }
                    Ok(())
                }
                Content::Empty => Ok(()),
                Content::Open => self.list(node, slot.field.item, &path).map(drop),
            };
        }
        if content == Content::Empty {
            if node.shape() == Shape::Text {
                node.set_scalar(Scalar::Text(""));
            }
            return Ok(());
        }
        self.element(node, &path).map(drop)
    }

    pub(super) fn entries(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Found> {
        let mut found = Found::Nothing;
        let mut stray_text = String::new();
        loop {
            match self.next()? {
                Next::Child(start, content) => {
                    let name = self.context.unmark(Cow::Borrowed(name(&start)), path);
                    let key = &*xml_name::unescape(&name);
                    let Some(entries) = node.map() else {
                        self.skip_child(content)?;
                        continue;
                    };
                    let (is_first, is_new) = (entries.is_empty(), entries.get(key).is_none());
                    let entry = entries.entry(key);
                    self.context.charge_entry(is_first, key, size_of_val(entry))?;
                    let path = path.key(key);
                    let is_present = match (entry.shape(), content) {
                        (Shape::List, _) => {
                            // An empty element left an entry without items.
                            let follows_empty = !is_new && entry.view().is_absent();
                            let found = self.flat_element(entry, content, follows_empty, &path)?;
                            found != Found::Mismatch || !entry.view().is_absent()
                        }
                        (_, Content::Open) => {
                            let found = self.element(entry, &path)?;
                            has_value(entry, found)
                        }
                        (_, Content::Empty) => has_value(entry, Found::Nothing),
                    };
                    if is_present {
                        found = Found::Value;
                    } else {
                        entries.remove(key);
                    }
                }
                Next::Text(text) => push_stray_text(&mut stray_text, &text),
                Next::End if found == Found::Value => {
                    return self.check_between(&stray_text).map(|()| found);
                }
                Next::End => break,
            }
        }
        let stray_text = self.context.unmark(Cow::Owned(stray_text), path);
        Ok(self.stray_text(node, stray_text, path))
    }
}

/// Returns whether an item or an entry has a value. An empty element is one if its kind has an empty value.
pub(super) fn has_value(node: &mut dyn Node, found: Found) -> bool {
    match (found, node.shape()) {
        (Found::Value, _) | (Found::Nothing, Shape::Record | Shape::List | Shape::Map) => true,
        (Found::Nothing, Shape::Text) => node.set_scalar(Scalar::Text("")),
        (Found::Nothing, Shape::Any) => node.any().map(|any| *any = Value::from("")).is_some(),
        (Found::Nothing | Found::Mismatch, _) => false,
    }
}

/// Collects text of an element that is expected to have children.
pub(super) fn push_stray_text(stray_text: &mut String, text: &str) {
    if !stray_text.is_empty() || !text.trim().is_empty() {
        stray_text.push_str(text);
    }
}
