//! Lines of documentation: where they break, and which blank lines Markdown needs.

/// Maximum width of a line in characters, without its indentation and `/// `.
pub(super) const WIDTH: usize = 92;

/// Wraps long lines of prose, at spaces where the next line does not start with a Markdown marker.
pub(crate) fn wrap(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in text.trim_matches('\n').lines() {
        let line = line.trim_end();
        // The writer starts a quotation with a space and an empty quoted line.
        let line = line.strip_prefix(" >").map_or(line, |_| line.trim_start());
        if line == ">" && !lines.last().is_some_and(|last| last.starts_with('>')) {
            continue;
        }
        let content = line.trim_start_matches([' ', '>']);
        if content.starts_with("```") {
            fenced = !fenced;
        }
        if line.is_empty() && lines.last().is_none_or(String::is_empty) {
            continue;
        }
        if fenced || content.starts_with('|') || line.chars().count() <= WIDTH {
            lines.push(line.to_owned());
            continue;
        }
        lines.extend(wrap_line(line, line.len() - content.len()));
    }
    lines
}

/// Removes the blank lines before the items of lists and before quotations, which Markdown does not need.
pub(super) fn without_needless_blank_lines(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut fenced = false;
    for line in lines {
        let content = line.trim_start();
        let before = out.len().checked_sub(2).and_then(|index| out.get(index));
        let is_removable = !fenced
            && out.last().is_some_and(String::is_empty)
            && before.is_some_and(|before| starts_block_after(before, content));
        if is_removable {
            out.pop();
        }
        if content.starts_with("```") {
            fenced = !fenced;
        }
        out.push(line);
    }
    out
}

/// Returns whether a line is an item of a list or a quotation although no blank line is before it.
fn starts_block_after(before: &str, line: &str) -> bool {
    let before = before.trim_start();
    if line.starts_with("> ") {
        return !before.starts_with(['>', '|', '`']);
    }
    let Some((marker, item)) = line.split_once(' ') else { return false };
    // Only these markers can follow a line of prose. A bare marker would underline it as a heading.
    let is_marker = matches!(marker, "-" | "*" | "+" | "1." | "1)");
    is_marker && !item.trim().is_empty() && !before.starts_with(['>', '|', '`'])
}

/// Wraps one line. `prefix` is the length of its indentation and quotation markers.
fn wrap_line(line: &str, prefix: usize) -> Vec<String> {
    let (indent, content) = line.split_at(prefix);
    let marker = match content.split_once(' ') {
        Some((marker, _)) if is_list_marker(marker) => marker.chars().count() + 1,
        _ => 0,
    };
    let following = format!("{indent}{}", " ".repeat(marker));
    let mut lines = Vec::new();
    let mut current = indent.to_owned();
    let mut in_code = false;
    for (index, word) in content.split(' ').enumerate() {
        let fits = current.chars().count() + 1 + word.chars().count() <= WIDTH;
        let safe = word
            .chars()
            .next()
            .is_some_and(|first| first.is_alphanumeric() && !first.is_ascii_digit());
        if index == 0 {
            current.push_str(word);
        } else if fits || !safe || in_code || (index == 1 && marker > 0) {
            current.push(' ');
            current.push_str(word);
        } else {
            lines.push(std::mem::replace(&mut current, format!("{following}{word}")));
        }
        if word.matches('`').count() % 2 == 1 {
            in_code = !in_code;
        }
    }
    lines.push(current);
    lines
}

pub(super) fn is_list_marker(word: &str) -> bool {
    matches!(word, "-" | "*" | "+")
        || word.strip_suffix(['.', ')']).is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
}
