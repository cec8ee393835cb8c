//! What the decoders of all formats share: the way to the current field, the limits, the reports.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::ops::Range;

use super::{DecodeIssue, DecodeLimits};
use crate::node::{Record, Shape, Slot};

/// The state of one decoding.
pub(crate) struct Context {
    limits: DecodeLimits,
    nodes: Cell<usize>,
    issues: RefCell<Vec<DecodeIssue>>,
    /// Whether text is taken from the source as it is spelled there.
    pub(crate) source_text: bool,
    pub(crate) wants_source_text: Cell<bool>,
    /// Whether JSON inside a JSON text is being read: one level is enough for any service.
    pub(crate) inside_text: Cell<bool>,
}

impl Context {
    pub(crate) fn new(limits: DecodeLimits, source_text: bool) -> Self {
        Context {
            limits,
            nodes: Cell::new(0),
            issues: RefCell::default(),
            source_text,
            wants_source_text: Cell::new(false),
            inside_text: Cell::new(false),
        }
    }

    /// Counts a node and a level; the error is the limit that was passed.
    pub(crate) fn enter(&self, path: &Path<'_>) -> Result<(), String> {
        self.nodes.set(self.nodes.get() + 1);
        if self.nodes.get() > self.limits.nodes {
            return Err(format!("more than {} values", self.limits.nodes));
        }
        if path.depth > self.limits.depth {
            return Err(format!("nested more than {} levels deep", self.limits.depth));
        }
        Ok(())
    }

    pub(crate) fn report(&self, path: &Path<'_>, reason: String) {
        // A response of a million wrong values needs no million reports.
        let mut issues = self.issues.borrow_mut();
        if issues.len() < 1_000 {
            issues.push(DecodeIssue { path: path.text(), reason });
        }
    }

    /// How many reports there are.
    pub(crate) fn reported(&self) -> usize {
        self.issues.borrow().len()
    }

    /// Takes back the reports of a guess that a better one has made void.
    pub(crate) fn forget(&self, reports: Range<usize>) {
        self.issues.borrow_mut().drain(reports);
    }

    pub(crate) fn mismatch(&self, path: &Path<'_>, expected: Shape, found: &str) {
        self.report(path, format!("expected {}, found {found}", expected.describe()));
    }

    pub(crate) fn into_issues(self) -> Vec<DecodeIssue> {
        self.issues.into_inner()
    }
}

/// The way from the root to a value, kept on the stack and spelled out only for a report.
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
    pub(crate) depth: usize,
}

enum Segment<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    pub(crate) const ROOT: Path<'static> = Path { parent: None, segment: Segment::Root, depth: 0 };

    /// A place that no report will name, for the sake of its depth.
    pub(crate) fn at_depth(depth: usize) -> Path<'static> {
        Path { depth, ..Path::ROOT }
    }

    pub(crate) fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Key(key), depth: self.depth + 1 }
    }

    pub(crate) fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Index(index), depth: self.depth + 1 }
    }

    fn text(&self) -> String {
        let mut text = self.parent.map(Path::text).unwrap_or_default();
        match self.segment {
            Segment::Root => {}
            Segment::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Segment::Index(index) => _ = write!(text, "[{index}]"),
        }
        text
    }
}

/// A shortened, quoted piece of what was found.
pub(crate) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("the text {short:?}")
}

/// The field for a key: by its exact name, else by the only name that differs in case alone.
///
/// The exact name always wins: another spelling never takes the place of what is there, unless it is
/// one more item of a list whose items `repeat` its name.
#[inline]
pub(crate) fn find_slot<'a>(
    record: &'a mut dyn Record,
    key: &str,
    repeat: bool,
) -> Option<Slot<'a>> {
    if record.names().contains(&key) {
        return record.slot(key);
    }
    close_slot(record, key, repeat)
}

#[cold]
fn close_slot<'a>(record: &'a mut dyn Record, key: &str, repeat: bool) -> Option<Slot<'a>> {
    let mut close = record.names().iter().filter(|name| name.eq_ignore_ascii_case(key));
    let only = close.next().filter(|_| close.next().is_none())?;
    let slot = record.slot(only)?;
    let free = slot.node.view().is_absent() || (repeat && slot.node.shape() == Shape::List);
    free.then_some(slot)
}
