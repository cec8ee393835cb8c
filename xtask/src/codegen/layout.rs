//! How a piece of the IR looks as text: what the templates ask for, laid out as rustfmt would.

mod crates;
mod operations;
mod types;

use std::collections::BTreeSet;

pub(crate) use types::Needs;

/// The width of a line, as in rustfmt.toml.
const WIDTH: usize = 100;

/// Lines of documentation, indented and marked, without a line break at the end.
pub(crate) fn doc_block(lines: &[String], indent: &str) -> String {
    let lines: Vec<String> =
        lines
            .iter()
            .map(|line| {
                if line.is_empty() { format!("{indent}///") } else { format!("{indent}/// {line}") }
            })
            .collect();
    lines.join("\n")
}

/// A string literal that can hold anything.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Text inside of backquotes in a line of documentation.
fn in_docs(text: &str) -> String {
    text.chars()
        .map(|character| if character == '`' || character.is_control() { '_' } else { character })
        .collect()
}

/// An import or re-export of one or several names of a module, sorted, over as many lines as needed.
pub(crate) fn use_list(keyword: &str, module: &str, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let one = match names.as_slice() {
        [name] => format!("{keyword}{module}::{name};"),
        names => format!("{keyword}{module}::{{{}}};", names.join(", ")),
    };
    // rustfmt keeps the last column free behind a list in braces.
    if one.chars().count() < WIDTH {
        return one;
    }
    let mut lines = vec![format!("{keyword}{module}::{{")];
    let mut line = String::from("   ");
    for name in names {
        if line.len() + 1 + name.len() + 1 > WIDTH {
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

/// A function's head up to the opening brace, on one line where that fits.
fn signature(indent: &str, head: &str, arguments: &[String], returns: &str) -> String {
    let one = format!("{indent}{head}({}) -> {returns} {{", arguments.join(", "));
    if one.chars().count() <= WIDTH {
        return one;
    }
    let mut lines = vec![format!("{indent}{head}(")];
    lines.extend(arguments.iter().map(|argument| format!("{indent}    {argument},")));
    lines.push(format!("{indent}) -> {returns} {{"));
    lines.join("\n")
}

/// A constant whose value is a call followed by a chain of calls.
fn constant(head: &str, first: &str, chain: &[String]) -> String {
    let value = format!("{first}{}", chain.concat());
    let one = format!("{head} = {value};");
    if one.chars().count() <= WIDTH {
        return one;
    }
    if value.chars().count() + 5 <= WIDTH {
        return format!("{head} =\n    {value};");
    }
    let (mut lines, indent) = match format!("{head} = {first}").chars().count() <= WIDTH {
        true => (vec![format!("{head} = {first}")], "    "),
        false => (vec![format!("{head} ="), format!("    {first}")], "        "),
    };
    lines.extend(chain.iter().map(|call| format!("{indent}{call}")));
    lines.join("\n") + ";"
}

/// An expression for a field of a response that stands behind optional structs.
fn through(
    way: &[String],
    borrow: &str,
    last: impl Fn(&str, &str) -> String,
    join: &str,
    or_else: &str,
) -> String {
    let Some((field, owners)) = way.split_last() else { return "None".to_owned() };
    let Some((first, rest)) = owners.split_first() else { return last("response", field) };
    let mut text = format!("response.{first}.{borrow}()");
    let mut owner = first.as_str();
    for next in rest {
        text.push_str(&format!(".and_then(|{owner}| {owner}.{next}.{borrow}())"));
        owner = next;
    }
    format!("{text}.{join}(|{owner}| {}){or_else}", last(owner, field))
}

fn inner_docs(lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| if line.is_empty() { "//!".to_owned() } else { format!("//! {line}") })
        .collect();
    lines.join("\n")
}
