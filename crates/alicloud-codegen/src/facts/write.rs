//! JSON with one member per line.

use crate::json::Json;

/// Returns a document with a line break at its end.
pub(super) fn document(json: &Json) -> String {
    let mut text = String::new();
    write(json, 0, &mut text);
    text.push('\n');
    text
}

fn write(json: &Json, depth: usize, text: &mut String) {
    match json {
        Json::Null => text.push_str("null"),
        Json::Bool(boolean) => text.push_str(if *boolean { "true" } else { "false" }),
        Json::Number(number) => text.push_str(&number.to_string()),
        Json::Text(string) => write_string(string, text),
        Json::List(items) => {
            write_members('[', ']', items, depth, text, |item, text| write(item, depth + 1, text));
        }
        Json::Object(entries) => {
            write_members('{', '}', entries, depth, text, |(key, value), text| {
                write_string(key, text);
                text.push_str(": ");
                write(value, depth + 1, text);
            });
        }
    }
}

fn write_members<T>(
    start: char,
    end: char,
    members: &[T],
    depth: usize,
    text: &mut String,
    write_member: impl Fn(&T, &mut String),
) {
    let new_line = |depth: usize, text: &mut String| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    };
    text.push(start);
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        new_line(depth + 1, text);
        write_member(member, text);
    }
    if !members.is_empty() {
        new_line(depth, text);
    }
    text.push(end);
}

fn write_string(string: &str, text: &mut String) {
    // A string always has a JSON form.
    text.push_str(&serde_json::to_string(string).unwrap_or_default());
}
