//! State that the decoders of all formats share: the path of the current field, limits and issues.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;

use super::cancel::is_canceled;
use super::decoded::DecodeIssue;
use super::issues::{Issues, MAX_TEXT, Mark};
use super::limits::DecodeLimits;
use super::marks;
use crate::node::{List, Node, Record, Scalar, Shape};
use crate::sensitive::is_masked_name;

/// The memory that every response may use, in bytes. The relation to its size counts above that.
const FREE_MEMORY: usize = 8 << 20;

/// The size of a key above which its path is hidden like that of a secret. No real key is that long,
/// and searching each key for every issue would take time.
const MAX_SEARCHED_KEY: usize = 256;

/// The smallest allocation of a text, in bytes. Counted for every value.
const SMALLEST_TEXT: usize = 8;

/// Maximum number of characters of a key in the path of an issue.
const MAX_KEY: usize = 64;

/// How many values are decoded before the next check whether somebody waits for them.
const NODES_BETWEEN_CHECKS: usize = 1_024;

/// How text fields get numbers and objects in the spelling of the source.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Spelling {
    /// They do not, because there is no source.
    Lost,
    /// In a second pass, if there are any.
    Later,
    /// In this pass.
    Kept,
}

/// The state of one decoding.
pub(crate) struct Context {
    limits: DecodeLimits,
    max_memory: usize,
    memory: Cell<usize>,
    nodes: Cell<usize>,
    /// The number of nodes at which their limit is checked, and whether somebody waits for them.
    next_check: Cell<usize>,
    issues: RefCell<Issues>,
    pub(crate) spelling: Spelling,
    /// Whether a text field had a value whose spelling is only in the source.
    pub(crate) needs_source_text: Cell<bool>,
    /// Whether JSON inside a text is being decoded. Services only embed one level.
    pub(crate) in_embedded_json: Cell<bool>,
    /// Whether the text has [`marks`](super::marks).
    pub(crate) has_marks: Cell<bool>,
}

impl Context {
    /// Creates the state for a text of this size.
    pub(crate) fn new(limits: DecodeLimits, text_size: usize, spelling: Spelling) -> Self {
        let max_memory = text_size.saturating_mul(limits.max_memory_per_byte);
        Context {
            limits,
            max_memory: max_memory.max(FREE_MEMORY),
            // All texts together are no larger than the response.
            memory: Cell::new(text_size),
            nodes: Cell::new(0),
            next_check: Cell::new(NODES_BETWEEN_CHECKS.min(limits.max_nodes.saturating_add(1))),
            issues: RefCell::default(),
            spelling,
            needs_source_text: Cell::new(false),
            in_embedded_json: Cell::new(false),
            has_marks: Cell::new(false),
        }
    }

    /// Counts a node and checks the limits; the error describes the exceeded limit.
    pub(crate) fn enter(&self, path: &Path<'_>) -> Result<(), String> {
        let nodes = self.nodes.get() + 1;
        self.nodes.set(nodes);
        if nodes >= self.next_check.get() {
            self.check_nodes(nodes)?;
        }
        if path.depth > self.limits.max_depth {
            return Err(format!("nested more than {} levels deep", self.limits.max_depth));
        }
        self.charge(SMALLEST_TEXT)
    }

    #[cold]
    fn check_nodes(&self, nodes: usize) -> Result<(), String> {
        if nodes > self.limits.max_nodes {
            return Err(format!("more than {} values", self.limits.max_nodes));
        }
        if is_canceled() {
            return Err("it was canceled".to_owned());
        }
        self.next_check
            .set((nodes + NODES_BETWEEN_CHECKS).min(self.limits.max_nodes.saturating_add(1)));
        Ok(())
    }

    /// Counts memory that the value is about to use; the error describes the exceeded limit. It is
    /// repeated by the next [`enter`](Context::enter), so it may be ignored for a single scalar.
    #[inline]
    pub(crate) fn charge(&self, bytes: usize) -> Result<(), String> {
        self.memory.set(self.memory.get().saturating_add(bytes));
        self.check_memory()
    }

    #[inline]
    fn check_memory(&self) -> Result<(), String> {
        match self.memory.get() > self.max_memory {
            true => Err(self.describe_memory_limit()),
            false => Ok(()),
        }
    }

    #[cold]
    fn describe_memory_limit(&self) -> String {
        format!("its values need more than {} bytes of memory", self.max_memory)
    }

    /// Counts the memory of a record in a `Box`.
    #[inline]
    pub(crate) fn charge_record(&self, record: &dyn Record) -> Result<(), String> {
        let size = record.record_type().size;
        match size > size_of_val(record) {
            true => self.charge(size),
            false => Ok(()),
        }
    }

    /// Counts the memory of a new entry of a map. The first one allocates a node of the tree with
    /// eleven entries; later, nodes are at least half full.
    pub(crate) fn charge_entry(
        &self,
        is_first: bool,
        key: &str,
        value: usize,
    ) -> Result<(), String> {
        let entry = size_of::<String>() + value;
        let entries = if is_first { 11 } else { 2 };
        self.charge(key.len() + entries * entry + 16)
    }

    /// Counts the memory of a list to which an item is added, if its items have to move to a larger place.
    pub(crate) fn charge_growth(&self, list: &dyn List) -> Result<(), String> {
        let (capacity, item_size) = list.capacity();
        if list.len() == capacity {
            // The standard library doubles the capacity, and starts with four items of these sizes.
            let smallest = if item_size <= 1_024 { 4 } else { 1 };
            let larger = capacity.saturating_mul(2).max(smallest);
            // While the items move, both places exist.
            self.charge(larger.saturating_mul(item_size))?;
            let old = capacity.saturating_mul(item_size);
            self.memory.set(self.memory.get().saturating_sub(old));
        }
        Ok(())
    }

    /// Appends an empty item to a list.
    pub(crate) fn push<'n>(&self, list: &'n mut dyn List) -> Result<&'n mut dyn Node, String> {
        self.charge_growth(list)?;
        Ok(list.push())
    }

    pub(crate) fn report(&self, path: &Path<'_>, reason: impl FnOnce() -> String) {
        self.issues.borrow_mut().add(false, || DecodeIssue::new(path.to_text(), reason()));
    }

    /// Returns the position of the next issue.
    pub(crate) fn mark_issues(&self) -> Mark {
        self.issues.borrow().mark()
    }

    /// Removes the issues of an attempt that a better one replaced.
    pub(crate) fn discard_issues(&self, from: Mark, to: Mark) {
        self.issues.borrow_mut().discard(from, to);
    }

    /// Reports a value of another kind than expected. At the root, it is an error.
    pub(crate) fn report_mismatch(&self, path: &Path<'_>, expected: Shape, found: &str) {
        self.issues.borrow_mut().add(path.parent.is_none(), || {
            let found = if path.is_secret() { "another value" } else { found };
            let reason = format!("expected {}, found {found}", expected.describe());
            DecodeIssue::new(path.to_text(), reason)
        });
    }

    /// Returns a text without marks, and reports what they stand for.
    #[inline(always)]
    pub(crate) fn unmark<'t>(&self, text: Cow<'t, str>, path: &Path<'_>) -> Cow<'t, str> {
        match self.has_marks.get() {
            true => self.remove_marks(text, path),
            false => text,
        }
    }

    #[cold]
    fn remove_marks<'t>(&self, text: Cow<'t, str>, path: &Path<'_>) -> Cow<'t, str> {
        let (clean, reason) = marks::remove(&text);
        if let Some(reason) = reason {
            self.report(path, || reason.to_owned());
        }
        match clean {
            Some(clean) => Cow::Owned(clean),
            None => text,
        }
    }

    /// Adds the items of texts that join them with commas to a list.
    pub(crate) fn split_items(
        &self,
        node: &mut dyn Node,
        texts: &[String],
        path: &Path<'_>,
    ) -> Result<(), String> {
        let Some(list) = node.list() else { return Ok(()) };
        let items = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
        for item in items.filter(|item| !item.is_empty()) {
            let node = self.push(list)?;
            let shape = node.shape();
            self.charge(item.len().max(SMALLEST_TEXT))?;
            if !node.set_scalar(Scalar::Text(item)) {
                list.pop();
                self.report_mismatch(path, shape, &describe_text(item));
            }
        }
        Ok(())
    }

    /// Returns the issues; the error is an exceeded limit, or the kind of the root.
    pub(crate) fn finish(self) -> Result<Vec<DecodeIssue>, String> {
        self.check_memory()?;
        self.issues.into_inner().finish()
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

    pub(crate) fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Key(key), depth: self.depth + 1 }
    }

    pub(crate) fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Index(index), depth: self.depth + 1 }
    }

    /// Returns whether the value belongs to a name that suggests a secret.
    fn is_secret(&self) -> bool {
        matches!(self.segment, Segment::Key(key) if key.len() > MAX_SEARCHED_KEY || is_masked_name(key))
            || self.parent.is_some_and(Path::is_secret)
    }

    /// Returns the path as text, at most a little longer than an issue keeps.
    fn to_text(&self) -> String {
        let mut text = self.parent.map(Path::to_text).unwrap_or_default();
        if text.len() > MAX_TEXT {
            return text;
        }
        match self.segment {
            Segment::Root => {}
            Segment::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                let mut characters = key.chars();
                text.extend(characters.by_ref().take(MAX_KEY));
                if characters.next().is_some() {
                    text.push('…');
                }
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
