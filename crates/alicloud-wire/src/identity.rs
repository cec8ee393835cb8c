//! Equality and hashes of records, which the macros implement without a derive.

use std::hash::Hasher;

use serde_json::Value;

use crate::node::{Identity, Node, Record, View};

/// Implements `PartialEq` for the macros. Both records have the same type.
pub fn equal(first: &dyn Record, second: &dyn Record) -> bool {
    first.entries().zip(second.entries()).all(|((_, first), (_, second))| is_equal(first, second))
}

fn is_equal(first: &dyn Node, second: &dyn Node) -> bool {
    let (first, second) = match (first.identity(), second.identity()) {
        (Identity::View(first), Identity::View(second)) => (first, second),
        (Identity::Meaning(first, part), Identity::Meaning(second, other)) => {
            return (first, part) == (second, other);
        }
        _ => return false,
    };
    match (first, second) {
        (View::Absent, View::Absent) => true,
        (View::Text(first), View::Text(second)) | (View::Secret(first), View::Secret(second)) => {
            first == second
        }
        (View::Integer(first), View::Integer(second)) => first == second,
        (View::Number(first), View::Number(second)) => first == second,
        (View::Boolean(first), View::Boolean(second)) => first == second,
        (View::Bytes(first), View::Bytes(second)) => first == second,
        (View::Any(first), View::Any(second)) => first == second,
        (View::Record(first), View::Record(second)) => equal(first, second),
        (View::List(first), View::List(second)) => {
            first.len() == second.len()
                && (0..first.len()).all(|index| match (first.item(index), second.item(index)) {
                    (Some(first), Some(second)) => is_equal(first, second),
                    _ => false,
                })
        }
        (View::Map(first), View::Map(second)) => {
            let mut equal = first.len() == second.len();
            first.visit(&mut |key, value| {
                equal = equal && second.get(key).is_some_and(|other| is_equal(value, other));
            });
            equal
        }
        _ => false,
    }
}

/// Implements `Hash` for the macros.
pub fn hash(record: &dyn Record, state: &mut dyn Hasher) {
    for (_, node) in record.entries() {
        hash_node(node, state);
    }
}

fn hash_node(node: &dyn Node, state: &mut dyn Hasher) {
    let view = match node.identity() {
        Identity::View(view) => view,
        Identity::Meaning(first, second) => {
            state.write_u64(first);
            return state.write_u32(second);
        }
    };
    match view {
        View::Absent => state.write_u8(0),
        View::Text(text) | View::Secret(text) => hash_text(text, state),
        View::Integer(number) => state.write_i64(number),
        // Types with these are not `Eq`; the hash only has to be the same for equal values.
        View::Number(_) => {}
        View::Boolean(boolean) => state.write_u8(u8::from(boolean)),
        View::Bytes(bytes) => {
            state.write_usize(bytes.len());
            state.write(bytes);
        }
        View::Any(value) => hash_value(value, state),
        View::Record(record) => hash(record, state),
        View::List(list) => {
            state.write_usize(list.len());
            for item in (0..list.len()).filter_map(|index| list.item(index)) {
                hash_node(item, state);
            }
        }
        View::Map(map) => {
            state.write_usize(map.len());
            map.visit(&mut |key, node| {
                hash_text(key, state);
                hash_node(node, state);
            });
        }
    }
}

fn hash_text(text: &str, state: &mut dyn Hasher) {
    state.write(text.as_bytes());
    state.write_u8(0xff);
}

fn hash_value(value: &Value, mut state: &mut dyn Hasher) {
    std::hash::Hash::hash(value, &mut state);
}
