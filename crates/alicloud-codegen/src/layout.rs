//! Methods that the templates call: pieces of the IR as text, laid out like rustfmt.

mod crates;
mod examples;
mod features;
mod operations;
mod paging;
mod types;
mod waiting;

use std::collections::BTreeSet;

use alicloud_wire::printable::printable_char;

pub(crate) use types::Imports;

/// Maximum line width, as in rustfmt.toml.
const WIDTH: usize = 100;

/// Returns lines of documentation, indented and marked, without a line break at the end.
pub(crate) fn doc_block(lines: &[String], indent: &str) -> String {
    doc_lines(lines, indent).trim_end_matches('\n').to_owned()
}

/// Returns lines of documentation, indented and marked, each with a line break. There can be none.
pub(crate) fn doc_lines(lines: &[String], indent: &str) -> String {
    lines.iter().map(|line| format!("{indent}{}\n", doc_line("///", line))).collect()
}

/// Returns a line of documentation. A name in it can contain a line break, after which code would start.
fn doc_line(mark: &str, line: &str) -> String {
    match line.is_empty() {
        true => mark.to_owned(),
        false => format!("{mark} {}", line.replace(is_rejected_in_comments, "_")),
    }
}

/// Returns whether a character can end a comment, or reorders the text around it, which rustc rejects.
fn is_rejected_in_comments(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns a string literal of any text.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Replaces the characters of a text that inline code in documentation cannot contain.
fn inline_code(text: &str) -> String {
    text.chars()
        .map(|character| match printable_char(character) {
            Some(shown) if shown == character && character != '`' => character,
            _ => '_',
        })
        .collect()
}

/// Returns a text without the characters of links and HTML.
fn text_in_docs(text: &str) -> String {
    inline_code(text).replace(['[', ']', '<', '>', '\\'], "_")
}

/// Returns an import or re-export of the names of a module, on as many lines as necessary.
pub(crate) fn use_list(keyword: &str, module: &str, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let single_line = match names.as_slice() {
        [name] => format!("{keyword}{module}::{name};"),
        names => format!("{keyword}{module}::{{{}}};", names.join(", ")),
    };
    // rustfmt does not use the last two columns for a list in braces and its semicolon, and does not
    // break the line of a single name.
    if single_line.chars().count() + 1 < WIDTH || names.len() == 1 {
        return single_line;
    }
    let mut lines = vec![format!("{keyword}{module}::{{")];
    let mut line = String::from("   ");
    let last = names.len().saturating_sub(1);
    for (index, name) in names.into_iter().enumerate() {
        // Only the last line can use the last column.
        let width = if index == last { WIDTH } else { WIDTH - 1 };
        if line.len() + 1 + name.len() + 1 > width {
            lines.push(std::mem::replace(&mut line, String::from("   ")));
        }
        line.push(' ');
        line.push_str(name);
        line.push(',');
    }
    lines.push(line);
    lines.push("};".to_owned());
    lines.join("\n")
}

/// Returns a key by which module names are sorted as in rustfmt: `_` precedes digits.
pub(crate) fn sort_key(name: &str) -> String {
    name.replace('_', " ")
}

/// Returns the head of a function, up to the opening brace, on one line if it fits.
fn signature(indent: &str, head: &str, arguments: &[String], returns: &str) -> String {
    let single_line = format!("{indent}{head}({}) -> {returns} {{", arguments.join(", "));
    if single_line.chars().count() <= WIDTH {
        return single_line;
    }
    let mut lines = vec![format!("{indent}{head}(")];
    lines.extend(arguments.iter().map(|argument| format!("{indent}    {argument},")));
    lines.push(format!("{indent}) -> {returns} {{"));
    lines.join("\n")
}

/// Returns a constant or static item whose value is a call of a function followed by a chain of method calls. Without arguments, the
/// function is the whole first expression.
fn constant(head: &str, function: &str, arguments: &[String], chain: &[String]) -> String {
    let first = match arguments.is_empty() {
        true => function.to_owned(),
        false => format!("{function}({})", arguments.join(", ")),
    };
    let value = format!("{first}{}", chain.concat());
    let single_line = format!("{head} = {value};");
    if single_line.chars().count() <= WIDTH {
        return single_line;
    }
    if value.chars().count() + 5 <= WIDTH {
        return format!("{head} =\n    {value};");
    }
    // The first expression alone is too long for a line: its arguments get lines of their own.
    // A chain needs one more column.
    let reserved = if chain.is_empty() { 4 } else { 5 };
    if first.chars().count() + reserved > WIDTH && !arguments.is_empty() {
        let calls: Vec<String> = chain.iter().map(|call| format!("\n{call}")).collect();
        return format!(
            "{head} = {function}(\n    {},\n){};",
            arguments.join(",\n    "),
            calls.concat()
        );
    }
    // The last column of the line before a chain stays free.
    let (mut lines, indent) = match format!("{head} = {first}").chars().count() < WIDTH {
        true => (vec![format!("{head} = {first}")], "    "),
        false => (vec![format!("{head} ="), format!("    {first}")], "        "),
    };
    lines.extend(chain.iter().map(|call| format!("{indent}{call}")));
    lines.join("\n") + ";"
}

/// Returns lines of documentation of the enclosing item.
fn inner_doc_block(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| doc_line("//!", line)).collect();
    lines.join("\n")
}
