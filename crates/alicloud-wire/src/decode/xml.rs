//! The service's XML into a node.
//!
//! The name of the document element carries no information. A list is an element repeated under the
//! name of its field, inside a wrapper only where the description has one.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

use super::context::{Context, Path, find_slot, quoted};
use super::{DecodeError, Decoded, Limits, finish};
use crate::node::{Node, Record, Scalar, Shape};

/// Reads XML.
///
/// As lenient as [`from_json`](crate::from_json), and the same types come out. Attributes, comments
/// and processing instructions carry nothing. A document type declaration is not followed, so no
/// entity can grow a reply.
///
/// # Errors
///
/// When the text is not well-formed XML in UTF-8, is cut off, goes past the default [`Limits`], or
/// has another kind of value at its root.
pub fn from_xml<T: Node + Default>(text: &[u8]) -> Result<Decoded<T>, DecodeError> {
    from_xml_with(text, Limits::default())
}

/// [`from_xml`] with other limits.
///
/// # Errors
///
/// As [`from_xml`].
pub fn from_xml_with<T: Node + Default>(
    text: &[u8],
    limits: Limits,
) -> Result<Decoded<T>, DecodeError> {
    if text.len() > limits.bytes {
        return Err(DecodeError::new("XML", format!("more than {} bytes", limits.bytes)));
    }
    let text = std::str::from_utf8(text).map_err(|error| DecodeError::new("XML", error))?;
    let context = Context::new(limits, false);
    let mut value = T::default();
    let mut reader = Reader::from_str(text);
    // Some gateways write a bare `&` in a URL. Nothing else that is not well-formed passes.
    reader.config_mut().allow_dangling_amp = true;
    let mut source = Source { reader, context: &context };
    source.document(&mut value).map_err(|reason| {
        let position = source.reader.error_position().max(source.reader.buffer_position());
        DecodeError::new("XML", format!("{reason}, at byte {position}"))
    })?;
    finish(value, context.into_issues(), "XML")
}

type Result<T = (), E = String> = std::result::Result<T, E>;

struct Source<'t, 'c> {
    reader: Reader<&'t [u8]>,
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
    fn document(&mut self, node: &mut dyn Node) -> Result {
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
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Start(_) | Event::Empty(_) => {
                    return Err("a second document element".to_owned());
                }
                _ => {}
            }
        }
    }

    fn root(&mut self, node: &mut dyn Node) -> Result {
        if node.shape() == Shape::List {
            return self.items(node, &Path::ROOT);
        }
        self.element(node, &Path::ROOT).map(drop)
    }

    fn event(&mut self) -> Result<Event<'t>> {
        self.reader.read_event().map_err(|error| error.to_string())
    }

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
        let mut text = Cow::Borrowed("");
        let mut children = false;
        loop {
            match self.next()? {
                Next::Text(more) if text.is_empty() => text = more,
                Next::Text(more) => text.to_mut().push_str(&more),
                Next::Child(_, content) => {
                    children = true;
                    if content == Content::Open {
                        self.skip()?;
                    }
                }
                Next::End => break,
            }
        }
        let shape = node.shape();
        let blank = text.trim().is_empty();
        if children && blank {
            self.context.mismatch(path, shape, "elements");
            return Ok(false);
        }
        if shape == Shape::Text {
            node.put(Scalar::Text(&text));
            return Ok(!text.is_empty());
        }
        let taken = !blank && node.put(Scalar::Text(&text));
        if !taken && !blank {
            self.context.mismatch(path, shape, &quoted(&text));
        }
        Ok(taken)
    }

    fn record(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<bool> {
        let mut stray = String::new();
        let mut found = false;
        let mut taken = Vec::new();
        loop {
            match self.next()? {
                Next::Text(text) => keep_stray(&mut stray, &text),
                Next::Child(start, content) => {
                    let Some(record) = node.record() else {
                        self.skip_child(content)?;
                        continue;
                    };
                    found = true;
                    self.field(record, &start, content, &mut taken, path)?;
                }
                Next::End => break,
            }
        }
        if !found && !stray.is_empty() {
            self.context.mismatch(path, Shape::Record, &quoted(&stray));
        }
        Ok(found)
    }

    /// Reads one child of a record.
    fn field(
        &mut self,
        record: &mut dyn Record,
        start: &BytesStart<'_>,
        content: Content,
        taken: &mut Vec<&'static str>,
        path: &Path<'_>,
    ) -> Result {
        let name = name(start);
        let Some(slot) = find_slot(record, name, taken) else {
            return self.skip_child(content);
        };
        let path = path.key(slot.field.name);
        let node = slot.node;
        if node.shape() == Shape::List {
            return match (content, slot.field.item) {
                (Content::Empty, _) => Ok(()),
                (Content::Open, Some(item)) => self.wrapper(node, item, &path),
                (Content::Open, None) => self.item(node, &path),
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
    fn items(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result {
        loop {
            match self.next()? {
                Next::Child(_, Content::Open) => self.item(node, path)?,
                Next::Child(_, Content::Empty) | Next::Text(_) => {}
                Next::End => return Ok(()),
            }
        }
    }

    /// Reads the element around the items of a list.
    ///
    /// Where the wrapper is missing the element is an item itself, and its first child shows it.
    fn wrapper(&mut self, node: &mut dyn Node, item: &str, path: &Path<'_>) -> Result {
        let mut stray = String::new();
        loop {
            match self.next()? {
                Next::Text(text) => keep_stray(&mut stray, &text),
                Next::Child(start, content) => {
                    let named = name(&start).eq_ignore_ascii_case(item);
                    if !named && self.flat_item(node, &start, content, path)? {
                        return Ok(());
                    }
                    if content == Content::Open {
                        self.item(node, path)?;
                    }
                }
                Next::End => break,
            }
        }
        if !stray.is_empty() {
            self.context.mismatch(path, Shape::List, &quoted(&stray));
        }
        Ok(())
    }

    /// Reads the rest of an element as an item, when its child `start` is a field of such an item.
    fn flat_item(
        &mut self,
        node: &mut dyn Node,
        start: &BytesStart<'_>,
        content: Content,
        path: &Path<'_>,
    ) -> Result<bool> {
        let Some(list) = node.list() else {
            return Ok(false);
        };
        let path = path.index(list.len());
        let single = list.push();
        let name = name(start);
        let known = single
            .record()
            .is_some_and(|record| find_slot(record, name, &mut Vec::new()).is_some());
        if !known {
            list.pop();
            return Ok(false);
        }
        if let Some(record) = single.record() {
            self.field(record, start, content, &mut Vec::new(), &path)?;
        }
        self.record(single, &path)?;
        Ok(true)
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
                            self.item(entry, &path.key(key)).map(|()| true)?
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

/// Remembers enough of a text that should not be there to name it.
fn keep_stray(stray: &mut String, text: &str) {
    if stray.is_empty() {
        stray.push_str(text.trim());
    }
}

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
