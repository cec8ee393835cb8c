//! The elements of a text, each decoded according to the shape of its node.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::Value;

use super::super::context::{Context, Path, describe_text};
use super::super::marks;
use super::skipped::Skipped;
use crate::node::{Node, Scalar, Shape};

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
                Event::Start(start) => {
                    self.check_name(&start)?;
                    self.root(node)?;
                    break;
                }
                Event::Empty(start) => {
                    self.check_name(&start)?;
                    break;
                }
                Event::Eof => return Err("no document element".to_owned()),
                other => check_outside(&other)?,
            }
        }
        loop {
            let position = self.reader.buffer_position();
            match self.event()? {
                Event::Eof => return Ok(None),
                Event::Start(_) | Event::Empty(_) => return Ok(Some(position)),
                other => check_outside(&other)?,
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
                Event::Start(start) => {
                    self.check_name(&start)?;
                    Next::Child(start, Content::Open)
                }
                Event::Empty(start) => {
                    self.check_name(&start)?;
                    Next::Child(start, Content::Empty)
                }
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

    /// Checks that the name of an element is text: in UTF-16, it has NUL characters.
    #[inline]
    fn check_name(&self, start: &BytesStart<'_>) -> Result {
        match self.context.has_marks.get() && start.contains(marks::control(0)) {
            true => Err("NUL character in a tag".to_owned()),
            false => Ok(()),
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

/// Checks that there is only whitespace outside of the document element.
fn check_outside(event: &Event<'_>) -> Result {
    let is_text = match event {
        Event::Text(text) => !text.trim().is_empty(),
        Event::CData(_) | Event::GeneralRef(_) => true,
        _ => false,
    };
    match is_text {
        true => Err("text outside the document element".to_owned()),
        false => Ok(()),
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
