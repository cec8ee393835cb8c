//! Look-ahead: what an element contains, before it is decoded.

use super::list::is_field;
use super::source::{Content, Next, Result, Source};
use crate::node::Node;

impl Source<'_, '_> {
    /// Returns whether the element that was just opened contains a field of a record. Does not consume it.
    ///
    /// Returns `false` for malformed content, which is an error as soon as it is decoded.
    pub(super) fn contains_field(&mut self, node: &mut dyn Node) -> Result<bool> {
        let mut begin = self.position();
        let mut ahead = self.source_at(begin);
        loop {
            match ahead.next() {
                Ok(Next::Child(start, _)) if is_field(node, &start) => break,
                Ok(Next::Child(_, Content::Open)) => {
                    let content = begin + ahead.position();
                    let end = match self.skipped.end(content) {
                        Some(end) => end,
                        None => match self.skip_ahead(&mut ahead, begin)? {
                            Some(end) => end,
                            None => return Ok(false),
                        },
                    };
                    steps::add(ahead.position());
                    begin = end;
                    ahead = self.source_at(begin);
                }
                Ok(Next::Child(_, Content::Empty) | Next::Text(_)) => {}
                Ok(Next::End) | Err(_) => {
                    steps::add(ahead.position());
                    return Ok(false);
                }
            }
        }
        steps::add(ahead.position());
        Ok(true)
    }

    /// Returns a source that reads the text from a position, inside of an element.
    fn source_at(&self, begin: usize) -> Self {
        let mut source = Source::new(self.text.get(begin..).unwrap_or_default(), self.context);
        source.reader.config_mut().allow_unmatched_ends = true;
        source
    }

    /// Skips the rest of an element that `ahead` has opened, and notes the ends of all elements in it.
    /// Returns its end, or `None` if the text is malformed.
    fn skip_ahead(&mut self, ahead: &mut Self, begin: usize) -> Result<Option<usize>> {
        let elements = &mut self.skipped.0;
        let mut open = vec![elements.len()];
        elements.push((begin + ahead.position(), 0));
        while let Some(innermost) = open.last().copied() {
            match ahead.next() {
                Ok(Next::Child(_, Content::Open)) => {
                    self.context.charge(2 * size_of::<(usize, usize)>())?;
                    open.push(elements.len());
                    elements.push((begin + ahead.position(), 0));
                }
                Ok(Next::End) => {
                    if let Some(element) = elements.get_mut(innermost) {
                        element.1 = begin + ahead.position();
                    }
                    open.pop();
                }
                Ok(Next::Child(_, Content::Empty) | Next::Text(_)) => {}
                Err(_) => return Ok(None),
            }
        }
        Ok(Some(begin + ahead.position()))
    }
}

/// The number of bytes that this thread read to decode XML, for tests of its growth.
pub mod steps {
    use std::cell::Cell;

    thread_local! {
        static BYTES: Cell<usize> = const { Cell::new(0) };
    }

    /// Returns the number of bytes since the last call.
    pub fn take() -> usize {
        BYTES.take()
    }

    pub(in super::super) fn add(bytes: usize) {
        BYTES.set(BYTES.get() + bytes);
    }
}
