//! Sentences of documentation: added, merged, selected and left out.

use super::wrapping::WIDTH;
use super::wrapping::{is_list_marker, wrap};

/// Merges short paragraphs that follow each other, such as `Minimum: 1.` and `Maximum: 100.`
pub(crate) fn merge_short_paragraphs(lines: Vec<String>) -> Vec<String> {
    // Maximum length of a merged paragraph in characters.
    const MAX_MERGED: usize = 2 * WIDTH;
    if lines.iter().any(|line| line.trim_start_matches([' ', '>']).starts_with("```")) {
        return lines;
    }
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut open: Option<String> = None;
    for paragraph in lines.split(String::is_empty) {
        let single = match paragraph {
            [line] if is_prose(line) => Some(line),
            _ => None,
        };
        let merged = match (&open, single) {
            (Some(open), Some(line)) if ends_sentence(open) => {
                Some(join_sentences(open, line)).filter(|text| text.chars().count() <= MAX_MERGED)
            }
            _ => None,
        };
        if merged.is_some() {
            open = merged;
            continue;
        }
        if let Some(text) = open.take() {
            out.extend(wrap(&text).into_iter().chain([String::new()]));
        }
        match single {
            Some(line) => open = Some(line.clone()),
            None => out.extend(paragraph.iter().cloned().chain([String::new()])),
        }
    }
    out.extend(open.iter().flat_map(|text| wrap(text)));
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// Appends a sentence to the last paragraph, or as a paragraph of its own after a list or code.
pub(crate) fn append_sentence(lines: &mut Vec<String>, sentence: &str) {
    let is_prose_end = lines.iter().rev().take_while(|line| !line.is_empty()).all(|l| is_prose(l));
    match lines.pop() {
        None => lines.push(sentence.to_owned()),
        Some(last) if is_prose_end && !last.ends_with([':', '：']) => {
            let last = match last.chars().next_back() {
                Some(end) if !end.is_ascii() && end.is_alphanumeric() => format!("{last}。"),
                Some(_) if !ends_sentence(&last) => format!("{last}."),
                _ => last,
            };
            let joined = format!("{last} {sentence}");
            // A line that is longer has no place for a line break.
            let fits = joined.chars().count() <= WIDTH || last.chars().count() > WIDTH;
            match fits {
                true => lines.push(joined),
                false => lines.extend([last, sentence.to_owned()]),
            }
        }
        Some(last) => lines.extend([last, String::new(), sentence.to_owned()]),
    }
}

/// Returns whether a line is part of a paragraph, and not of a list, quotation, table or code block.
fn is_prose(line: &str) -> bool {
    let marker = line.split(' ').next().unwrap_or_default();
    !line.starts_with([' ', '>', '|', '#']) && !line.starts_with("```") && !is_list_marker(marker)
}

fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['*', '`', ')', '）', '"', '”']);
    text.ends_with(['.', '!', '?', '。', '！', '？', '；', ';'])
}

fn join_sentences(first: &str, second: &str) -> String {
    match first.ends_with(['。', '！', '？', '；']) {
        true => format!("{first}{second}"),
        false => format!("{first} {second}"),
    }
}

/// Returns the first sentence of a documentation for a type whose values have it; `None` if it only
/// introduces a list of the values.
pub(crate) fn first_sentence(lines: &[String]) -> Option<String> {
    let paragraph: Vec<&str> = lines
        .iter()
        .map(String::as_str)
        .take_while(|line| !line.is_empty() && is_prose(line))
        .collect();
    let paragraph = paragraph.join(" ");
    let mut sentences = sentences(&paragraph);
    let first = match sentences.is_empty() {
        true => return None,
        false => sentences.swap_remove(0).trim(),
    };
    let sentence = match first.strip_suffix([':', '：']) {
        None => first.to_owned(),
        // What precedes the introduction of the values: "Billing method, valid values:".
        Some(introduction) => {
            let (head, _) = introduction.rsplit_once(['，', ',']).unwrap_or((introduction, ""));
            if is_introduction(head) {
                return None;
            }
            let end = if head.is_ascii() { "." } else { "。" };
            format!("{}{end}", head.trim_end())
        }
    };
    let is_balanced = sentence.matches('`').count() % 2 == 0
        && sentence.matches("**").count() % 2 == 0
        && sentence.matches('[').count() == sentence.matches(']').count();
    is_balanced.then_some(sentence)
}

/// Returns whether a text only announces values.
fn is_introduction(text: &str) -> bool {
    const WORDS: &[&str] = &["value", "options", "取值", "可选值", "枚举值", "包括", "including"];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Removes what a text says about joining the items of a list, because a field that is a list joins
/// them itself: "Separate multiple ids with commas (,)."
pub(crate) fn without_joining(text: &str) -> String {
    if !mentions_joining(text) {
        return text.to_owned();
    }
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        if !mentions_joining(line) {
            out.push(line.to_owned());
            continue;
        }
        let kept: String =
            sentences(line).into_iter().filter_map(sentence_without_joining).collect();
        let content = kept.trim().trim_start_matches(['-', '*', '>', ' ']);
        if !content.is_empty() {
            out.push(kept.trim_end().to_owned());
        }
    }
    out.join("\n")
}

/// Returns whether a text says that items are joined, and with what.
fn mentions_joining(text: &str) -> bool {
    const JOINS: &[&str] =
        &["separat", "delimit", "joined", "join ", "split", "分隔", "隔开", "分割", "间隔", "分开"];
    const SEPARATORS: &[&str] = &[
        "comma",
        "(,)",
        "`,`",
        "semicolon",
        "line break",
        "line feed",
        "newline",
        "new line",
        "\\n",
        "\\r",
        "vertical bar",
        "逗号",
        "，",
        "（,）",
        "分号",
        "换行",
        "回车",
        "竖线",
        "空格",
        "space",
    ];
    const WHOLE: &[&str] = &["one per line", "per line", "comma-separated", "每行一个", "一行一个"];
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(WHOLE) || (has(JOINS) && has(SEPARATORS))
}

/// Returns the clauses of a sentence that do not mention joining; `None` if that leaves nothing.
fn sentence_without_joining(sentence: &str) -> Option<String> {
    const CONDITIONS: &[&str] =
        &["if ", "when ", "to ", "for ", "multiple ", "and ", "如果", "当", "如需", "多个", "若"];
    if !mentions_joining(sentence) {
        return Some(sentence.to_owned());
    }
    // "A comma-separated list of ids" is a list of ids.
    for adjective in ["comma-separated ", "Comma-separated "] {
        if let Some((before, after)) = sentence.split_once(adjective) {
            let is_start = before.trim_start_matches(['-', '*', ' ']).is_empty();
            let after = if is_start { capitalize(after) } else { after.to_owned() };
            let before = before
                .strip_suffix(" A ")
                .or(before.strip_suffix(" a "))
                .map_or_else(|| before.to_owned(), |start| format!("{start} a "));
            return Some(format!("{before}{after}")).filter(|rest| !mentions_joining(rest));
        }
    }
    let end: String = sentence.chars().rev().take_while(|c| c.is_whitespace()).collect();
    let body = sentence.trim_end();
    let stop: String =
        body.chars().rev().take_while(|c| ".!?。！？；;".contains(*c)).take(1).collect();
    let body = body.strip_suffix(stop.as_str()).unwrap_or(body);
    let mut kept: Vec<&str> = Vec::new();
    for clause in body.split_inclusive(['，', '；']).flat_map(|part| part.split_inclusive(", ")) {
        if mentions_joining(clause) || clause.trim_matches(['（', '(', '，', ' ']).is_empty() {
            // The condition of the clause goes with it.
            let is_condition = |clause: &&str| {
                let clause = clause.trim_start().to_lowercase();
                CONDITIONS.iter().any(|word| clause.starts_with(word))
            };
            if kept.last().is_some_and(is_condition) {
                kept.pop();
            }
            continue;
        }
        kept.push(clause);
    }
    let kept = kept.concat();
    let kept = kept.trim_end().trim_end_matches(['，', ',', '；', ';']);
    let is_balanced =
        |open: char, close: char| kept.matches(open).count() == kept.matches(close).count();
    let is_balanced = is_balanced('(', ')') && is_balanced('（', '）') && is_balanced('[', ']');
    let content = kept.trim_start_matches(['-', '*', '>', ' ']);
    if content.is_empty() || !is_balanced || mentions_joining(&format!("{kept}{stop}")) {
        return None;
    }
    let start = kept.len() - content.len();
    let marker = kept.get(..start).unwrap_or_default();
    Some(format!("{marker}{}{stop}{end}", capitalize(content)))
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Splits a text into sentences, each with the space after it.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut in_code = false;
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        if character == '`' {
            in_code = !in_code;
        }
        let next = characters.peek().map(|(_, next)| *next);
        let is_end = match character {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => next.is_none_or(|next| next == ' '),
            _ => false,
        };
        let words = text.get(start..index).unwrap_or_default();
        let is_abbreviation =
            words.ends_with("e.g") || words.ends_with("i.e") || words.ends_with("etc");
        if is_end && !in_code && !is_abbreviation {
            let mut end = index + character.len_utf8();
            while let Some((at, ' ')) = characters.peek().copied() {
                characters.next();
                end = at + 1;
            }
            sentences.extend(text.get(start..end));
            start = end;
        }
    }
    sentences.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    sentences
}
