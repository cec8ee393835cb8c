//! The elements of a text, each decoded according to the shape of its node.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::Value;

use super::super::context::{Context, Fields, Path, describe_text};
use super::super::{json, marks};
use super::skipped::Skipped;
use crate::node::{Node, Scalar, Shape};
use crate::xml_name;

pub(super) type Result<T = (), E = String> = std::result::Result<T, E>;

/// A text that is being read.
pub(super) struct Source<'t, 'c> {
    pub(super) reader: Reader<&'t [u8]>,
    pub(super) text: &'t str,
    pub(super) context: &'c Context,
    /// Whether a reference needs a mark, but the text has no marks.
    pub(super) needs_marks: bool,
    /// The ends of elements that were skipped before.
    pub(super) skipped: Skipped,
}

/// The next part of an element, without comments and the like.
pub(super) enum Next<'t> {
    Text(Cow<'t, str>),
    Child(BytesStart<'t>, Content),
    End,
}

/// Whether an element has content that must be read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Content {
    Open,
    Empty,
}

/// What an element has for a node.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Found {
    Value,
    /// It has no content. Where it stands for an item or an entry, that is a value of most kinds.
    Nothing,
    /// Something else than the node expects.
    Mismatch,
}

impl<'t, 'c> Source<'t, 'c> {
    pub(super) fn new(text: &'t str, context: &'c Context) -> Self {
        let skipped = Skipped::default();
        Source { reader: new_reader(text), text, context, needs_marks: false, skipped }
    }

    /// Decodes the document element; returns the position of a second one, if there is one.
    pub(super) fn document(&mut self, node: &mut dyn Node) -> Result<Option<u64>> {
        loop {
            match self.event()? {
                Event::Start(_) => {
                    self.root(node)?;
                    break;
                }
                Event::Empty(_) => break,
                Event::Text(text) if !text.trim().trim_matches(marks::is_mark).is_empty() => {
                    return Err("text outside the document element".to_owned());
                }
                Event::Eof => return Err("no document element".to_owned()),
                _ => {}
            }
        }
        loop {
            let position = self.reader.buffer_position();
            match self.event()? {
                Event::Eof => return Ok(None),
                Event::Start(_) | Event::Empty(_) => return Ok(Some(position)),
                Event::Text(text) => _ = self.context.unmark(Cow::Borrowed(&text), &Path::ROOT),
                _ => {}
            }
        }
    }

    fn root(&mut self, node: &mut dyn Node) -> Result {
        match node.shape() {
            Shape::List => self.root_list(node),
            _ => self.element(node, &Path::ROOT).map(drop),
        }
    }

    // Inlined, like `next` and `text`: an event is large, and moving it through every call is half of the
    // cost of a small element.
    #[inline(always)]
    fn event(&mut self) -> Result<Event<'t>> {
        self.reader.read_event().map_err(|error| error.to_string())
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Result<Next<'t>> {
        loop {
            return Ok(match self.event()? {
                Event::Text(text) => Next::Text(text.xml10_content()),
                Event::CData(data) => Next::Text(data.xml10_content()),
                Event::GeneralRef(reference) => Next::Text(self.resolve(&reference)?),
                Event::Start(start) => Next::Child(start, Content::Open),
                Event::Empty(start) => Next::Child(start, Content::Empty),
                Event::End(_) => Next::End,
                Event::Eof => return Err("truncated inside an element".to_owned()),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => continue,
            });
        }
    }

    /// Decodes the content of an element.
    pub(super) fn element(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Found> {
        self.context.enter(path)?;
        match node.shape() {
            Shape::Record => self.record(node, path),
            Shape::List => self.items(node, path),
            Shape::Map => self.entries(node, path),
            Shape::Any => match self.value(path)? {
                Value::Null => Ok(Found::Nothing),
                value => {
                    if let Some(any) = node.any() {
                        *any = value;
                    }
                    Ok(Found::Value)
                }
            },
            Shape::Unit => self.skip().map(|()| Found::Mismatch),
            _ => self.scalar(node, path),
        }
    }

    fn scalar(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Found> {
        let (begin, mut children) = (self.position(), false);
        let (text, end) = self.text(|source, content| {
            children = true;
            source.skip_child(content)
        })?;
        let shape = node.shape();
        if children {
            // A text keeps child elements as markup, like an object in JSON.
            let markup = self.text.get(begin..end).unwrap_or_default();
            if shape == Shape::Text {
                let markup = self.context.unmark(Cow::Borrowed(markup.trim()), path);
                node.set_scalar(Scalar::Text(&markup));
                return Ok(Found::Value);
            }
            self.context.report_mismatch(path, shape, "elements");
            return Ok(Found::Mismatch);
        }
        let text = self.context.unmark(text, path);
        if shape != Shape::Text && text.trim().is_empty() {
            return Ok(Found::Nothing);
        }
        match node.set_scalar(Scalar::Text(&text)) {
            true if text.is_empty() => Ok(Found::Nothing),
            true => Ok(Found::Value),
            false => {
                self.context.report_mismatch(path, shape, &describe_text(&text));
                Ok(Found::Mismatch)
            }
        }
    }

    /// Returns the text of an element and its end position. Calls `child` for each child.
    #[inline(always)]
    pub(super) fn text(
        &mut self,
        mut child: impl FnMut(&mut Self, Content) -> Result,
    ) -> Result<(Cow<'t, str>, usize)> {
        let mut text = Cow::Borrowed("");
        loop {
            let end = self.position();
            match self.next()? {
                Next::Text(more) if text.is_empty() => text = more,
                Next::Text(more) => text.to_mut().push_str(&more),
                Next::Child(_, content) => child(self, content)?,
                Next::End => return Ok((text, end)),
            }
        }
    }

    /// Returns the number of bytes read.
    pub(super) fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// Returns whether the element that was just opened has no content.
    pub(super) fn is_at_end(&self) -> bool {
        self.text.get(self.position()..).is_some_and(|rest| rest.starts_with("</"))
    }

    fn record(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Found> {
        let mut stray_text = String::new();
        loop {
            match self.next()? {
                Next::Text(text) => push_stray_text(&mut stray_text, &text),
                Next::Child(start, content) => match node.record() {
                    // A field whose element has no children is absent, so the record is created here.
                    Some(record) => {
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
                Next::Text(_) => {}
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
        let name = name(start);
        let Some(slot) = fields.find(name, true) else {
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

    fn entries(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<Found> {
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
                Next::End if found == Found::Value => return Ok(found),
                Next::End => break,
            }
        }
        let stray_text = self.context.unmark(Cow::Owned(stray_text), path);
        Ok(self.stray_text(node, stray_text, path))
    }

    /// Returns the text of a reference.
    fn resolve(&mut self, reference: &BytesRef<'_>) -> Result<Cow<'t, str>> {
        if let Some(text) = resolve_predefined_entity(reference) {
            return Ok(Cow::Borrowed(text));
        }
        let has_marks = self.context.has_marks.get();
        let mark = match reference.resolve_char_ref() {
            Ok(Some(character)) if has_marks => marks::escape(character).collect(),
            Ok(Some(character)) => return Ok(Cow::Owned(character.to_string())),
            // There are no other entities without a document type; keep the source text.
            Ok(None) => format!("{}&{};", marks::ENTITY, &**reference),
            _ => marks::INVALID.to_string(),
        };
        match has_marks {
            true => Ok(Cow::Owned(mark)),
            false => {
                self.needs_marks = true;
                Err(format!("invalid reference &{};", &**reference))
            }
        }
    }

    pub(super) fn skip_child(&mut self, content: Content) -> Result {
        match content {
            Content::Open => self.skip(),
            Content::Empty => Ok(()),
        }
    }

    /// Skips the rest of an element of any depth, without recursion.
    pub(super) fn skip(&mut self) -> Result {
        let mut open = 1_usize;
        while open > 0 {
            match self.next()? {
                Next::Child(_, Content::Open) => open += 1,
                Next::End => open -= 1,
                Next::Child(_, Content::Empty) | Next::Text(_) => {}
            }
        }
        Ok(())
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

pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

#[inline(always)]
pub(super) fn name<'s>(start: &'s BytesStart<'_>) -> &'s str {
    start.local_name().into_inner()
}

fn new_reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    // Some gateways send a bare `&` in URLs. Other malformed XML is an error.
    reader.config_mut().allow_dangling_amp = true;
    reader
}
