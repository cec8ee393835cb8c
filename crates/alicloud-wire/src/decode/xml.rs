//! The service's XML into a node.
//!
//! The name of the document element carries no information. A list is an element repeated under the
//! name of its field, inside a wrapper only where the description has one.

mod list;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

use super::context::{Context, Path, find_slot, quoted};
use super::{DecodeError, DecodeIssue, DecodeLimits, Decoded, finish, json};
use crate::node::{Node, Record, Scalar, Shape, View};

/// Reads XML.
///
/// As lenient as [`from_json`](crate::from_json), and the same types come out. Attributes, comments
/// and processing instructions carry nothing. A document type declaration is not followed, so no
/// entity can grow a response.
///
/// # Errors
///
/// When the text is not well-formed XML in UTF-8, is cut off, goes past the default [`DecodeLimits`], or
/// has another kind of value at its root.
pub fn from_xml<T: Node + Default>(text: &[u8]) -> Result<Decoded<T>, DecodeError> {
    from_xml_with(text, DecodeLimits::default())
}

/// [`from_xml`] with other limits.
///
/// # Errors
///
/// As [`from_xml`].
pub fn from_xml_with<T: Node + Default>(
    text: &[u8],
    limits: DecodeLimits,
) -> Result<Decoded<T>, DecodeError> {
    let mut value = T::default();
    let whole = read(&mut value, text, limits);
    if may_be_inside(&value, &whole) {
        let mut inside = T::default();
        if let Some(issues) = read_inside(&mut inside, text, limits) {
            return finish(inside, issues, "XML");
        }
    }
    finish(value, whole?.issues()?, "XML")
}

/// What a reading found beside the value.
struct Read {
    issues: Vec<DecodeIssue>,
    /// Where a second document element begins, if one does.
    second: Option<u64>,
}

impl Read {
    fn issues(self) -> std::result::Result<Vec<DecodeIssue>, DecodeError> {
        match self.second {
            None => Ok(self.issues),
            Some(position) => {
                let reason = format!("a second document element, at byte {position}");
                Err(DecodeError::new("XML", reason))
            }
        }
    }
}

fn read(
    node: &mut dyn Node,
    text: &[u8],
    limits: DecodeLimits,
) -> std::result::Result<Read, DecodeError> {
    if text.len() > limits.bytes {
        return Err(DecodeError::new("XML", format!("more than {} bytes", limits.bytes)));
    }
    let text = std::str::from_utf8(text).map_err(|error| DecodeError::new("XML", error))?;
    let context = Context::new(limits, true);
    let mut reader = Reader::from_str(text);
    // Some gateways write a bare `&` in a URL. Nothing else that is not well-formed passes.
    reader.config_mut().allow_dangling_amp = true;
    let mut source = Source { reader, text, context: &context };
    let second = source.document(node).map_err(|reason| {
        let position = source.reader.error_position().max(source.reader.buffer_position());
        DecodeError::new("XML", format!("{reason}, at byte {position}"))
    })?;
    Ok(Read { issues: context.into_issues(), second })
}

/// Whether a response may be what belongs inside a document element, and that element is missing: it
/// has several elements at its top, or one in which there was nothing to be found.
fn may_be_inside(node: &dyn Node, read: &std::result::Result<Read, DecodeError>) -> bool {
    let Ok(read) = read else { return false };
    match node.shape() {
        Shape::Record | Shape::List => read.second.is_some() || !is_present(node),
        Shape::Map => read.second.is_some(),
        _ => false,
    }
}

/// Reads a response as what stands inside a document element, where that gives anything.
fn read_inside(node: &mut dyn Node, text: &[u8], limits: DecodeLimits) -> Option<Vec<DecodeIssue>> {
    let text = [b"<response>", text, b"</response>"].concat();
    let limits = DecodeLimits { bytes: text.len(), ..limits };
    let issues = read(node, &text, limits).ok()?.issues().ok()?;
    is_present(node).then_some(issues)
}

fn is_present(node: &dyn Node) -> bool {
    match node.view() {
        View::Record(record) => {
            let mut present = false;
            record.visit(&mut |_, node| present |= !node.view().is_absent());
            present
        }
        view => !view.is_absent(),
    }
}

type Result<T = (), E = String> = std::result::Result<T, E>;

struct Source<'t, 'c> {
    reader: Reader<&'t [u8]>,
    text: &'t str,
    context: &'c Context,
}

/// What stands next inside an element, once comments and the like are left out.
enum Next<'t> {
    Text(Cow<'t, str>),
    Child(BytesStart<'t>, Content),
    End,
}

/// Whether an element has anything between its tags that must be read.
#[derive(Clone, Copy, PartialEq)]
enum Content {
    Open,
    Empty,
}

impl<'t> Source<'t, '_> {
    /// Reads the document element; says where another one begins, if one does.
    fn document(&mut self, node: &mut dyn Node) -> Result<Option<u64>> {
        loop {
            match self.event()? {
                Event::Start(_) => {
                    self.root(node)?;
                    break;
                }
                Event::Empty(_) => break,
                Event::Text(text) if !text.trim_ascii().is_empty() => {
                    return Err("text outside of the document element".to_owned());
                }
                Event::Eof => return Err("no element in it".to_owned()),
                _ => {}
            }
        }
        loop {
            let position = self.reader.buffer_position();
            match self.event()? {
                Event::Eof => return Ok(None),
                Event::Start(_) | Event::Empty(_) => return Ok(Some(position)),
                _ => {}
            }
        }
    }

    fn root(&mut self, node: &mut dyn Node) -> Result {
        if node.shape() == Shape::List {
            return self.list(node, None, &Path::ROOT);
        }
        self.element(node, &Path::ROOT).map(drop)
    }

    // Inlined, as `next` and `text` are: an event is large, and moving it through every call is half of
    // what reading a small element costs.
    #[inline(always)]
    fn event(&mut self) -> Result<Event<'t>> {
        self.reader.read_event().map_err(|error| error.to_string())
    }

    #[inline(always)]
    fn next(&mut self) -> Result<Next<'t>> {
        loop {
            return Ok(match self.event()? {
                Event::Text(text) => Next::Text(text.xml10_content()),
                Event::CData(data) => Next::Text(data.xml10_content()),
                Event::GeneralRef(reference) => Next::Text(resolve(&reference)?),
                Event::Start(start) => Next::Child(start, Content::Open),
                Event::Empty(start) => Next::Child(start, Content::Empty),
                Event::End(_) => Next::End,
                Event::Eof => return Err("cut off inside an element".to_owned()),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => continue,
            });
        }
    }

    /// Reads what stands between the tags of an element; says whether there was anything.
    fn element(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<bool> {
        self.context.enter(path)?;
        match node.shape() {
            Shape::Record => self.record(node, path),
            Shape::List => self.items(node, path).map(|()| true),
            Shape::Map => self.entries(node, path),
            Shape::Any => {
                let value = self.value(path.depth)?;
                let present = !value.is_null();
                if let Some(any) = node.any() {
                    *any = value;
                }
                Ok(present)
            }
            Shape::Unit => self.skip().map(|()| false),
            _ => self.scalar(node, path),
        }
    }

    fn scalar(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<bool> {
        let (begin, mut children) = (self.position(), false);
        let (text, end) = self.text(|source, content| {
            children = true;
            source.skip_child(content)
        })?;
        let shape = node.shape();
        if children {
            // Elements inside a text are kept as they are written, as an object is in JSON.
            let written = self.text.get(begin..end).unwrap_or_default();
            if shape == Shape::Text {
                return Ok(node.put(Scalar::Text(written.trim())));
            }
            self.context.mismatch(path, shape, "elements");
            return Ok(false);
        }
        if shape == Shape::Text {
            node.put(Scalar::Text(&text));
            return Ok(!text.is_empty());
        }
        let blank = text.trim().is_empty();
        let taken = !blank && node.put(Scalar::Text(&text));
        if !taken && !blank {
            self.context.mismatch(path, shape, &quoted(&text));
        }
        Ok(taken)
    }

    /// Reads the text of an element, and hands its children to `child`; says where it ends.
    #[inline(always)]
    fn text(
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

    /// How many bytes are read.
    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn record(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<bool> {
        let mut stray = String::new();
        let mut found = false;
        loop {
            match self.next()? {
                Next::Text(text) => keep_stray(&mut stray, &text),
                Next::Child(start, content) => {
                    let Some(record) = node.record() else {
                        self.skip_child(content)?;
                        continue;
                    };
                    found = true;
                    self.field(record, &start, content, path)?;
                }
                Next::End => break,
            }
        }
        if !found && !stray.is_empty() {
            if is_json(&stray) {
                return Ok(json::read_text(node, &stray, self.context, path));
            }
            self.context.mismatch(path, Shape::Record, &quoted(stray.trim()));
        }
        Ok(found)
    }

    /// Reads one child of a record.
    fn field(
        &mut self,
        record: &mut dyn Record,
        start: &BytesStart<'_>,
        content: Content,
        path: &Path<'_>,
    ) -> Result {
        let name = name(start);
        let Some(slot) = find_slot(record, name, true) else {
            return self.skip_child(content);
        };
        let path = path.key(slot.field.name);
        let node = slot.node;
        if node.shape() == Shape::List {
            return match content {
                Content::Empty => Ok(()),
                Content::Open => self.list(node, slot.field.item, &path),
            };
        }
        if content == Content::Empty {
            if node.shape() == Shape::Text {
                node.put(Scalar::Text(""));
            }
            return Ok(());
        }
        self.element(node, &path).map(drop)
    }

    fn entries(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<bool> {
        let mut found = false;
        loop {
            match self.next()? {
                Next::Child(start, content) => {
                    let key = name(&start);
                    let Some(entries) = node.map() else {
                        self.skip_child(content)?;
                        continue;
                    };
                    let entry = entries.entry(key);
                    let present = match (entry.shape(), content) {
                        (Shape::List, Content::Open) => {
                            self.list(entry, None, &path.key(key)).map(|()| true)?
                        }
                        (_, Content::Open) => {
                            self.element(entry, &path.key(key))? || entry.shape() == Shape::Text
                        }
                        (shape, Content::Empty) => shape == Shape::Text,
                    };
                    if !present {
                        entries.remove(key);
                    }
                    found |= present;
                }
                Next::Text(_) => {}
                Next::End => return Ok(found),
            }
        }
    }

    /// Reads an element of no known kind: children make an object, repeated ones a list in it.
    fn value(&mut self, depth: usize) -> Result<Value> {
        let mut text = String::new();
        let mut entries = Map::new();
        let path = Path::at_depth(depth + 1);
        loop {
            match self.next()? {
                Next::Text(more) => text.push_str(&more),
                Next::Child(start, content) => {
                    self.context.enter(&path)?;
                    let name = name(&start).to_owned();
                    let value = match content {
                        Content::Open => self.value(depth + 1)?,
                        Content::Empty => Value::from(""),
                    };
                    match entries.get_mut(&name) {
                        None => _ = entries.insert(name, value),
                        Some(Value::Array(items)) => items.push(value),
                        Some(first) => *first = Value::Array(vec![first.take(), value]),
                    }
                }
                Next::End => break,
            }
        }
        Ok(match (entries.is_empty(), text.is_empty()) {
            (false, _) => Value::Object(entries),
            (true, false) => Value::String(text),
            (true, true) => Value::Null,
        })
    }

    fn skip_child(&mut self, content: Content) -> Result {
        match content {
            Content::Open => self.skip(),
            Content::Empty => Ok(()),
        }
    }

    /// Reads past the rest of an element, however deep it is, without recursion.
    fn skip(&mut self) -> Result {
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

/// Keeps a text for the case that no elements follow it.
fn keep_stray(stray: &mut String, text: &str) {
    if !stray.is_empty() || !text.trim().is_empty() {
        stray.push_str(text);
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

#[inline(always)]
fn name<'s>(start: &'s BytesStart<'_>) -> &'s str {
    start.local_name().into_inner()
}

fn resolve<'t>(reference: &BytesRef<'_>) -> Result<Cow<'t, str>> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(Cow::Owned(character.to_string()));
    }
    Ok(match resolve_predefined_entity(reference) {
        Some(text) => Cow::Borrowed(text),
        // Without a document type there is no such entity: keep what was written.
        None => Cow::Owned(format!("&{};", &**reference)),
    })
}
