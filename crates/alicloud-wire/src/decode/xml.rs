//! Decodes the service's XML into a node.
//!
//! The name of the document element is ignored. A list is a repeated element with the name of its
//! field, in a wrapper element if the description has one.

mod list;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

use super::context::{Context, Fields, Path, describe_text};
use super::{DecodeError, DecodeIssue, DecodeLimits, Decoded, finish, json};
use crate::node::{Node, Scalar, Shape, View};

/// Decodes XML.
///
/// Works like [`from_json`](crate::from_json), with the same types. Attributes, comments and processing
/// instructions are ignored. Document type declarations are ignored, too, so entities cannot expand.
///
/// # Errors
///
/// Returns an error if the text is not well-formed XML in UTF-8, is truncated, exceeds the default [`DecodeLimits`], or has
/// another kind of value at its root.
///
/// # Examples
///
/// ```
/// alicloud_wire::record! { struct Response { names: Vec<String> = "Names" / "Name" } }
///
/// let text = b"<Response><Names><Name>a</Name><Name>b</Name></Names></Response>";
/// assert_eq!(alicloud_wire::from_xml::<Response>(text)?.value.names, ["a", "b"]);
/// # Ok::<(), alicloud_wire::DecodeError>(())
/// ```
pub fn from_xml<T: Node + Default>(text: &[u8]) -> Result<Decoded<T>, DecodeError> {
    from_xml_with(text, DecodeLimits::default())
}

/// Decodes XML with other limits than [`from_xml`].
///
/// # Errors
///
/// Same as [`from_xml`], with these limits.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{DecodeLimits, from_xml_with};
///
/// let mut limits = DecodeLimits::default();
/// limits.max_bytes = 20;
/// assert!(from_xml_with::<Vec<String>>(b"<R><A>1</A></R>", limits).is_ok());
/// assert!(from_xml_with::<Vec<String>>(b"<R><A>1</A><A>2</A></R>", limits).is_err());
/// ```
pub fn from_xml_with<T: Node + Default>(
    text: &[u8],
    limits: DecodeLimits,
) -> Result<Decoded<T>, DecodeError> {
    let mut value = T::default();
    let outcome = read(&mut value, text, limits);
    if may_lack_document_element(&value, &outcome) {
        let mut content = T::default();
        if let Some(issues) = read_as_content(&mut content, text, limits) {
            return finish(content, issues, "XML");
        }
    }
    finish(value, outcome?.issues()?, "XML")
}

/// The result of a pass over a text, next to the value.
struct Outcome {
    issues: Vec<DecodeIssue>,
    /// The position of a second document element, if there is one.
    second_element: Option<u64>,
}

impl Outcome {
    fn issues(self) -> std::result::Result<Vec<DecodeIssue>, DecodeError> {
        match self.second_element {
            None => Ok(self.issues),
            Some(position) => {
                let reason = format!("second document element at byte {position}");
                Err(DecodeError::new("XML", reason))
            }
        }
    }
}

fn read(
    node: &mut dyn Node,
    text: &[u8],
    limits: DecodeLimits,
) -> std::result::Result<Outcome, DecodeError> {
    if text.len() > limits.max_bytes {
        return Err(DecodeError::new("XML", format!("more than {} bytes", limits.max_bytes)));
    }
    let text = std::str::from_utf8(text).map_err(|error| DecodeError::new("XML", error))?;
    let context = Context::new(limits, true);
    let mut reader = Reader::from_str(text);
    // Some gateways send a bare `&` in URLs. Other malformed XML is an error.
    reader.config_mut().allow_dangling_amp = true;
    let mut source = Source { reader, text, context: &context };
    let second_element = source.document(node).map_err(|reason| {
        let position = source.reader.error_position().max(source.reader.buffer_position());
        DecodeError::new("XML", format!("{reason} at byte {position}"))
    })?;
    Ok(Outcome { issues: context.into_issues(), second_element })
}

/// Returns whether the document element may be missing: the text has several elements at its root, or
/// one without any known content.
fn may_lack_document_element(
    node: &dyn Node,
    outcome: &std::result::Result<Outcome, DecodeError>,
) -> bool {
    let Ok(outcome) = outcome else { return false };
    match node.shape() {
        Shape::Record | Shape::List => outcome.second_element.is_some() || !is_present(node),
        Shape::Map => outcome.second_element.is_some(),
        _ => false,
    }
}

/// Decodes a text as the content of a document element; returns `None` if it has no known content.
fn read_as_content(
    node: &mut dyn Node,
    text: &[u8],
    limits: DecodeLimits,
) -> Option<Vec<DecodeIssue>> {
    let text = [b"<response>", text, b"</response>"].concat();
    let limits = DecodeLimits { max_bytes: text.len(), ..limits };
    let issues = read(node, &text, limits).ok()?.issues().ok()?;
    is_present(node).then_some(issues)
}

fn is_present(node: &dyn Node) -> bool {
    match node.view() {
        View::Record(record) => record.entries().any(|(_, node)| !node.view().is_absent()),
        view => !view.is_absent(),
    }
}

type Result<T = (), E = String> = std::result::Result<T, E>;

struct Source<'t, 'c> {
    reader: Reader<&'t [u8]>,
    text: &'t str,
    context: &'c Context,
}

/// The next part of an element, without comments and the like.
enum Next<'t> {
    Text(Cow<'t, str>),
    Child(BytesStart<'t>, Content),
    End,
}

/// Whether an element has content that must be read.
#[derive(Clone, Copy, PartialEq)]
enum Content {
    Open,
    Empty,
}

impl<'t> Source<'t, '_> {
    /// Decodes the document element; returns the position of a second one, if there is one.
    fn document(&mut self, node: &mut dyn Node) -> Result<Option<u64>> {
        loop {
            match self.event()? {
                Event::Start(_) => {
                    self.root(node)?;
                    break;
                }
                Event::Empty(_) => break,
                Event::Text(text) if !text.trim_ascii().is_empty() => {
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

    // Inlined, like `next` and `text`: an event is large, and moving it through every call is half of the
    // cost of a small element.
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
                Event::Eof => return Err("truncated inside an element".to_owned()),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => continue,
            });
        }
    }

    /// Decodes the content of an element; returns whether it had a value.
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
            // A text keeps child elements as markup, like an object in JSON.
            let markup = self.text.get(begin..end).unwrap_or_default();
            if shape == Shape::Text {
                return Ok(node.set_scalar(Scalar::Text(markup.trim())));
            }
            self.context.report_mismatch(path, shape, "elements");
            return Ok(false);
        }
        if shape == Shape::Text {
            node.set_scalar(Scalar::Text(&text));
            return Ok(!text.is_empty());
        }
        let blank = text.trim().is_empty();
        let is_set = !blank && node.set_scalar(Scalar::Text(&text));
        if !is_set && !blank {
            self.context.report_mismatch(path, shape, &describe_text(&text));
        }
        Ok(is_set)
    }

    /// Returns the text of an element and its end position. Calls `child` for each child.
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

    /// Returns the number of bytes read.
    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn record(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<bool> {
        let mut stray_text = String::new();
        loop {
            match self.next()? {
                Next::Text(text) => push_stray_text(&mut stray_text, &text),
                Next::Child(start, content) => match node.record() {
                    // An element without children is not a value, so the record is created here.
                    Some(record) => {
                        return Fields::of(record, |fields| {
                            self.fields(fields, &start, content, path).map(|()| true)
                        })
                        .unwrap_or(Ok(true));
                    }
                    None => self.skip_child(content)?,
                },
                Next::End => break,
            }
        }
        if stray_text.is_empty() {
            return Ok(false);
        }
        if is_json(&stray_text) {
            return Ok(json::read_embedded(node, &stray_text, self.context, path));
        }
        self.context.report_mismatch(path, Shape::Record, &describe_text(stray_text.trim()));
        Ok(false)
    }

    /// Decodes the children of a record, starting with the first one.
    fn fields(
        &mut self,
        fields: &mut Fields<'_, '_>,
        first: &BytesStart<'_>,
        content: Content,
        path: &Path<'_>,
    ) -> Result {
        self.field(fields, first, content, path)?;
        loop {
            match self.next()? {
                Next::Text(_) => {}
                Next::Child(start, content) => self.field(fields, &start, content, path)?,
                Next::End => return Ok(()),
            }
        }
    }

    /// Decodes a child of a record.
    fn field(
        &mut self,
        fields: &mut Fields<'_, '_>,
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
                Content::Empty => Ok(()),
                Content::Open if slot.field.is_comma_list => {
                    let mut texts: Vec<String> = Vec::new();
                    self.list(&mut texts, slot.field.item, &path)?;
                    self.context.split_items(node, &texts, &path);
                    Ok(())
                }
                Content::Open => self.list(node, slot.field.item, &path),
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

    fn entries(&mut self, node: &mut dyn Node, path: &Path<'_>) -> Result<bool> {
        let mut has_entries = false;
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
                    has_entries |= present;
                }
                Next::Text(_) => {}
                Next::End => return Ok(has_entries),
            }
        }
    }

    /// Decodes an element of an unknown kind: children become an object, repeated children a list in it.
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

    /// Skips the rest of an element of any depth, without recursion.
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

/// Collects text of an element that is expected to have children.
fn push_stray_text(stray_text: &mut String, text: &str) {
    if !stray_text.is_empty() || !text.trim().is_empty() {
        stray_text.push_str(text);
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
        // There are no other entities without a document type; keep the source text.
        None => Cow::Owned(format!("&{};", &**reference)),
    })
}
