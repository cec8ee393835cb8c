//! `Debug` of records: with the names in Rust, and without absent fields.

use std::fmt;

use crate::Secret;
use crate::node::{Node, Record, View};
use crate::sensitive::{is_masked_name, mask_text, mask_value};

/// Implements `fmt::Debug` for the macros.
pub fn debug(record: &dyn Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_struct(record.record_type().name);
    let mut is_complete = true;
    for (field, node) in record.entries() {
        match node.view().is_absent() {
            true => is_complete = false,
            false => _ = out.field(field.rust_name.trim_start_matches("r#"), &DebugNode(node)),
        }
    }
    if is_complete { out.finish() } else { out.finish_non_exhaustive() }
}

/// A value whose `Debug` shows no secret: in free-form values, names decide.
pub struct DebugNode<'a>(pub &'a dyn Node);

impl fmt::Debug for DebugNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.view() {
            View::Absent => f.write_str("None"),
            View::Text(text) => match mask_text(text, &mut Vec::new()) {
                Some(masked) => masked.fmt(f),
                None => text.fmt(f),
            },
            View::Secret(_) => Secret::default().fmt(f),
            View::Integer(number) => number.fmt(f),
            View::Number(number) => number.fmt(f),
            View::Boolean(boolean) => boolean.fmt(f),
            View::Bytes(bytes) => write!(f, "<{} bytes>", bytes.len()),
            View::Any(value) => mask_value(value, &mut Vec::new()).fmt(f),
            View::Record(record) => debug(record, f),
            View::List(list) => {
                let items = (0..list.len()).filter_map(|index| list.item(index));
                f.debug_list().entries(items.map(DebugNode)).finish()
            }
            View::Map(map) => {
                let mut out = f.debug_map();
                map.visit(&mut |key, node| {
                    _ = match node.view() {
                        View::Text(_) if is_masked_name(key) => out.entry(&key, &Secret::default()),
                        _ => out.entry(&key, &DebugNode(node)),
                    }
                });
                out.finish()
            }
        }
    }
}
