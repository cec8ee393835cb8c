//! Scalars, and JSON inside of texts.

use std::borrow::Cow;

use serde_json::Value;

use super::super::context::describe_text;
use super::super::document::document;
use super::super::marks;
use super::super::repair::{Encoding, repair};
use super::{Seed, Wrapper, read};
use crate::node::{Node, Scalar, Shape};

impl Seed<'_> {
    /// Decodes a string.
    #[inline(always)]
    pub(super) fn text(self, text: &str) -> bool {
        match self.context.has_marks.get() {
            true => self.marked_text(text),
            false => self.valid_text(text),
        }
    }

    #[cold]
    fn marked_text(self, text: &str) -> bool {
        if let Some(number) = text.strip_prefix(marks::NUMBER) {
            return self.number_out_of_range(number);
        }
        let text = self.context.unmark(Cow::Borrowed(text), self.path);
        self.valid_text(&text)
    }

    #[inline]
    fn valid_text(self, text: &str) -> bool {
        let shape = self.node.shape();
        match shape {
            Shape::Text => self.node.set_scalar(Scalar::Text(text)),
            Shape::Any => self.scalar(Scalar::Text(text), String::new),
            _ if text.trim().is_empty() => false,
            Shape::Record | Shape::Map | Shape::List
                if text.trim_start().starts_with(['{', '['])
                    && !self.context.in_embedded_json.get() =>
            {
                self.embedded_json(text)
            }
            _ => self.scalar(Scalar::Text(text), || describe_text(text)),
        }
    }

    /// Decodes a number that no type of numbers has. A text keeps it.
    fn number_out_of_range(self, number: &str) -> bool {
        let Seed { node, context, path, .. } = self;
        match node.shape() {
            Shape::Text => node.set_scalar(Scalar::Text(number)),
            Shape::Any => {
                context.report(path, || describe_number(number));
                false
            }
            Shape::List => {
                let Some(list) = node.list() else { return false };
                let Ok(node) = context.push(list) else { return false };
                let item = Seed { node, wrapper: Wrapper::Removed, context, path };
                let is_set = item.number_out_of_range(number);
                if !is_set {
                    list.pop();
                }
                is_set
            }
            Shape::Unit => false,
            shape => {
                context.report_mismatch(path, shape, &describe_number(number));
                false
            }
        }
    }

    pub(super) fn scalar(self, scalar: Scalar<'_>, found: impl FnOnce() -> String) -> bool {
        let Seed { node, context, path, .. } = self;
        match node.shape() {
            Shape::Any => {
                let value = match scalar {
                    Scalar::Text(text) => Value::from(text),
                    Scalar::Integer(number) => Value::from(number),
                    Scalar::Number(number) => Value::from(number),
                    Scalar::Boolean(boolean) => Value::from(boolean),
                };
                node.any().map(|any| *any = value).is_some()
            }
            // A list of one item can come without its brackets.
            Shape::List => {
                let Some(list) = node.list() else { return false };
                let Ok(item) = context.push(list) else { return false };
                let is_set = match item.any() {
                    Some(_) => Seed { node: item, wrapper: Wrapper::Removed, context, path }
                        .scalar(scalar, String::new),
                    None => item.set_scalar(scalar),
                };
                if !is_set {
                    list.pop();
                    context.report_mismatch(path, Shape::List, &found());
                }
                is_set
            }
            Shape::Unit => false,
            shape => {
                let is_set = node.set_scalar(scalar);
                if !is_set {
                    context.report_mismatch(path, shape, &found());
                }
                is_set
            }
        }
    }

    /// Decodes JSON inside a text, for a node that is an object or a list.
    pub(super) fn embedded_json(self, text: &str) -> bool {
        let Seed { node, wrapper, context, path } = self;
        let (issues, items) = (context.mark_issues(), item_count(node));
        context.in_embedded_json.set(true);
        let has_marks = context.has_marks.replace(false);
        let (text, _) = document(text.as_bytes());
        let mut result = read(node, wrapper, text, context, path);
        if result.as_ref().is_err_and(|error| !error.is_data())
            && let Some(repaired) = repair(text, Encoding::SingleByte)
        {
            remove_attempt(node, items);
            context.discard_issues(issues, context.mark_issues());
            context.has_marks.set(true);
            result = read(node, wrapper, &repaired, context, path);
        }
        context.has_marks.set(has_marks);
        context.in_embedded_json.set(false);
        result.unwrap_or_else(|error| {
            let found = format!("text with invalid JSON ({error})");
            context.report_mismatch(path, node.shape(), &found);
            false
        })
    }
}

pub(super) fn describe_number(number: &str) -> String {
    let end = number.len().min(40);
    let more = if end < number.len() { "…" } else { "" };
    format!("the number {}{more}, which is out of range", number.get(..end).unwrap_or_default())
}

fn item_count(node: &mut dyn Node) -> usize {
    match node.shape() {
        Shape::List => node.list().map_or(0, |list| list.len()),
        _ => 0,
    }
}

/// Removes what an attempt added. In XML, a list can have items of earlier elements.
fn remove_attempt(node: &mut dyn Node, items: usize) {
    if node.shape() != Shape::List {
        return node.clear();
    }
    if let Some(list) = node.list() {
        while list.len() > items {
            list.pop();
        }
    }
}
