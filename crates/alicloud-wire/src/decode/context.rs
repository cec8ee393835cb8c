//! State that the decoders of all formats share: the path of the current field, limits and issues.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::ops::Range;

use super::{DecodeIssue, DecodeLimits};
use crate::node::{Field, Node, Record, Scalar, Shape, Slot};
use crate::sensitive::is_masked_name;

/// Maximum number of issues, which bounds the memory for a response of wrong values.
const MAX_ISSUES: usize = 1_000;

/// The state of one decoding.
pub(crate) struct Context {
    limits: DecodeLimits,
    nodes: Cell<usize>,
    issues: RefCell<Vec<DecodeIssue>>,
    /// Whether text fields keep the spelling of the source.
    pub(crate) source_text: bool,
    /// Whether a text field had a value whose spelling is only in the source.
    pub(crate) needs_source_text: Cell<bool>,
    /// Whether JSON inside a text is being decoded. Services only embed one level.
    pub(crate) in_embedded_json: Cell<bool>,
}

impl Context {
    pub(crate) fn new(limits: DecodeLimits, source_text: bool) -> Self {
        Context {
            limits,
            nodes: Cell::new(0),
            issues: RefCell::default(),
            source_text,
            needs_source_text: Cell::new(false),
            in_embedded_json: Cell::new(false),
        }
    }

    /// Counts a node and checks the limits; the error describes the exceeded limit.
    pub(crate) fn enter(&self, path: &Path<'_>) -> Result<(), String> {
        self.nodes.set(self.nodes.get() + 1);
        if self.nodes.get() > self.limits.max_nodes {
            return Err(format!("more than {} values", self.limits.max_nodes));
        }
        if path.depth > self.limits.max_depth {
            return Err(format!("nested more than {} levels deep", self.limits.max_depth));
        }
        Ok(())
    }

    pub(crate) fn report(&self, path: &Path<'_>, reason: String) {
        let mut issues = self.issues.borrow_mut();
        if issues.len() < MAX_ISSUES {
            issues.push(DecodeIssue { path: path.to_text(), reason });
        }
    }

    /// Returns the number of issues.
    pub(crate) fn issue_count(&self) -> usize {
        self.issues.borrow().len()
    }

    /// Removes the issues of an attempt that a better one replaced.
    pub(crate) fn discard_issues(&self, range: Range<usize>) {
        self.issues.borrow_mut().drain(range);
    }

    /// Reports a value of another kind than expected.
    pub(crate) fn report_mismatch(&self, path: &Path<'_>, expected: Shape, found: &str) {
        let found = if path.is_secret() { "another value" } else { found };
        self.report(path, format!("expected {}, found {found}", expected.describe()));
    }

    /// Adds the items of texts that join them with commas to a list.
    pub(crate) fn split_items(&self, node: &mut dyn Node, texts: &[String], path: &Path<'_>) {
        let Some(list) = node.list() else { return };
        let items = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
        for item in items.filter(|item| !item.is_empty()) {
            let node = list.push();
            let shape = node.shape();
            if !node.set_scalar(Scalar::Text(item)) {
                list.pop();
                self.report_mismatch(path, shape, &describe_text(item));
            }
        }
    }

    pub(crate) fn into_issues(self) -> Vec<DecodeIssue> {
        self.issues.into_inner()
    }
}

/// The path from the root to a value. Kept on the stack, and only formatted for an issue.
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

    /// Returns a path without segments, for the depth limit only.
    pub(crate) fn at_depth(depth: usize) -> Path<'static> {
        Path { depth, ..Path::ROOT }
    }

    pub(crate) fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Key(key), depth: self.depth + 1 }
    }

    pub(crate) fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Index(index), depth: self.depth + 1 }
    }

    /// Returns whether the value belongs to a name that suggests a secret.
    fn is_secret(&self) -> bool {
        matches!(self.segment, Segment::Key(key) if is_masked_name(key))
            || self.parent.is_some_and(Path::is_secret)
    }

    fn to_text(&self) -> String {
        let mut text = self.parent.map(Path::to_text).unwrap_or_default();
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

/// Describes a text for an issue, quoted and shortened to 40 characters.
pub(crate) fn describe_text(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("the text {short:?}")
}

/// The fields of a record that is being decoded.
pub(crate) struct Fields<'a, 'n> {
    fields: &'static [Field],
    nodes: &'a mut [&'n mut dyn Node],
    /// The position after the last field that was found. Most responses have their fields in the order of
    /// the description.
    next: usize,
}

impl Fields<'_, '_> {
    /// Returns what `decode` returns, which it calls with the fields of a record.
    pub(crate) fn of<T>(
        record: &mut dyn Record,
        decode: impl FnOnce(&mut Fields<'_, '_>) -> T,
    ) -> Option<T> {
        let fields = record.fields();
        let mut decode = Some(decode);
        let mut result = None;
        record.edit(&mut |nodes| {
            result = decode.take().map(|decode| decode(&mut Fields { fields, nodes, next: 0 }));
        });
        result
    }

    /// Returns the field for a key: by its exact name, or else by the only name that matches
    /// case-insensitively.
    ///
    /// A key with another case never replaces a value, but it adds an item to a list whose elements are
    /// `repeated`.
    pub(crate) fn find(&mut self, key: &str, repeated: bool) -> Option<Slot<'_>> {
        let index = match self.fields.get(self.next) {
            Some(field) if field.name == key => self.next,
            _ => match self.fields.iter().position(|field| field.name == key) {
                Some(index) => index,
                None => self.find_ignoring_case(key, repeated)?,
            },
        };
        self.next = index + 1;
        Some(Slot { field: self.fields.get(index)?, node: &mut **self.nodes.get_mut(index)? })
    }

    #[cold]
    fn find_ignoring_case(&self, key: &str, repeated: bool) -> Option<usize> {
        let is_match = |(_, field): &(usize, &Field)| field.name.eq_ignore_ascii_case(key);
        let mut candidates = self.fields.iter().enumerate().filter(is_match);
        let (index, _) = candidates.next().filter(|_| candidates.next().is_none())?;
        let node = self.nodes.get(index)?;
        let is_free = node.view().is_absent() || (repeated && node.shape() == Shape::List);
        is_free.then_some(index)
    }
}
