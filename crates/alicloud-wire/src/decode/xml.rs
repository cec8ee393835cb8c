//! Decodes the service's XML into a node.
//!
//! The name of the document element is ignored. A list is a repeated element with the name of its
//! field, in a wrapper element if the description has one.

mod any;
mod fields;
mod list;
mod look_ahead;
mod skipped;
mod source;

pub use look_ahead::steps;

use super::context::{Context, Path, Spelling};
use super::document::{NUL_AROUND, document};
use super::{DecodeError, DecodeIssue, DecodeLimits, Decoded, marks};
use crate::node::{Node, Shape, View};
use source::Source;

/// Decodes XML.
///
/// Works like [`from_json`](crate::from_json), with the same types. Attributes, comments and processing
/// instructions are ignored. Document type declarations are ignored, too, so entities cannot expand.
///
/// # Empty elements
///
/// What an element without content means depends on its place:
///
/// | Place | Meaning |
/// |---|---|
/// | an item in the wrapper of a list, or in a list at the root | an empty item |
/// | the only element of a list without a wrapper, or the wrapper itself | the empty list |
/// | one of several elements of a list without a wrapper | an empty item |
/// | an entry of a map | the key with an empty value |
/// | a field that is text | the empty text |
/// | any other field | absent, because services write an absent object so |
///
/// There is no empty number, boolean or base64 text: such items and entries are left out.
///
/// # Errors
///
/// Returns an error if the text is not well-formed XML, is truncated, has text around the document element, exceeds
/// the default [`DecodeLimits`], or has
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
    let issues = decode(&mut value, text, limits)?;
    Ok(Decoded { value, issues })
}

/// Decodes XML into a node; returns the issues.
fn decode(
    node: &mut dyn Node,
    text: &[u8],
    limits: DecodeLimits,
) -> Result<Vec<DecodeIssue>, DecodeError> {
    if text.len() > limits.max_bytes {
        return Err(DecodeError::new("XML", format!("more than {} bytes", limits.max_bytes)));
    }
    let (text, has_nul) = document(text);
    if let Some(valid) = std::str::from_utf8(text).ok().filter(|valid| !has_control(valid)) {
        let input = Input { text: valid, has_marks: false, has_nul, size: text.len(), limits };
        match input.decode(node) {
            Err(Failure { needs_marks: true, .. }) => node.clear(),
            result => return result.map_err(|failure| DecodeError::new("XML", failure.reason)),
        }
    }
    let marked = mark_text(text);
    let input = Input { text: &marked, has_marks: true, has_nul, size: text.len(), limits };
    input.decode(node).map_err(|failure| DecodeError::new("XML", failure.reason))
}

/// A text, its size before it got marks, and the limits.
#[derive(Clone, Copy)]
struct Input<'t> {
    text: &'t str,
    has_marks: bool,
    /// Whether there were NUL characters around the text.
    has_nul: bool,
    size: usize,
    limits: DecodeLimits,
}

/// Why a text cannot be decoded.
struct Failure {
    reason: String,
    /// Whether it can be with marks.
    needs_marks: bool,
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Failure { reason, needs_marks: false }
    }
}

/// The result of a pass over a text, next to the value.
struct Outcome {
    /// The issues, or why the root cannot be decoded.
    issues: Result<Vec<DecodeIssue>, String>,
    /// The position of a second document element, if there is one.
    second_element: Option<u64>,
}

impl Input<'_> {
    fn decode(self, node: &mut dyn Node) -> Result<Vec<DecodeIssue>, Failure> {
        let outcome = self.read(node)?;
        // The document element may be missing: the text has several elements at its root, or one
        // without any known content.
        let may_lack_document_element = match node.shape() {
            Shape::Record => outcome.second_element.is_some() || !is_present(node),
            Shape::List | Shape::Map => outcome.second_element.is_some(),
            _ => false,
        };
        if may_lack_document_element {
            // Nothing that is needed is lost: the value has no content, or is an error.
            node.clear();
            let text = ["<response>", self.text, "</response>"].concat();
            match (Input { text: &text, ..self }).read(node) {
                Ok(Outcome { issues: Ok(issues), second_element: None }) if is_present(node) => {
                    return Ok(issues);
                }
                _ => node.clear(),
            }
        }
        match outcome.second_element {
            None => Ok(outcome.issues?),
            Some(position) => Err(format!("second document element at byte {position}").into()),
        }
    }

    fn read(self, node: &mut dyn Node) -> Result<Outcome, Failure> {
        let context = Context::new(self.limits, self.size, Spelling::Kept);
        context.has_marks.set(self.has_marks);
        if self.has_nul {
            context.report(&Path::ROOT, || NUL_AROUND.to_owned());
        }
        let mut source = Source::new(self.text, &context);
        let second_element = source.document(node).map_err(|reason| {
            let position = source.reader.error_position().max(source.reader.buffer_position());
            let reason = format!("{reason} at byte {position}");
            Failure { reason, needs_marks: source.needs_marks }
        });
        steps::add(source.position());
        Ok(Outcome { second_element: second_element?, issues: context.finish() })
    }
}

/// Returns whether a text has control characters that XML forbids.
fn has_control(text: &str) -> bool {
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Without an early end inside, this is several times faster.
    let mut chunks = text.as_bytes().chunks(1_024);
    chunks.any(|chunk| chunk.iter().fold(false, |found, byte| found | is_control(byte)))
}

/// Returns a text with marks instead of everything that is not text in XML.
fn mark_text(text: &[u8]) -> String {
    let mut marked = String::with_capacity(text.len() + 16);
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\t' | '\n' | '\r' => marked.push(character),
                '\0'..' ' => marked.push(marks::control(character as u8)),
                _ => marked.extend(marks::escape(character)),
            }
        }
        // As in JSON, each byte is one character.
        marked.extend(chunk.invalid().iter().map(|_| marks::INVALID));
    }
    marked
}

fn is_present(node: &dyn Node) -> bool {
    match node.view() {
        View::Record(record) => record.entries().any(|(_, node)| !node.view().is_absent()),
        view => !view.is_absent(),
    }
}
