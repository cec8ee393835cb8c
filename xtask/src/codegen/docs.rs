//! Converts the Markdown of a description to rustdoc that causes no warnings and no doctests.
//!
//! The text is parsed and written again, so unbalanced markup is repaired. Code blocks become `text`,
//! HTML is escaped, and links without a target become text.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use pulldown_cmark_to_cmark::{Options as WriteOptions, cmark_with_options};

/// Maximum width of a line in characters, without its indentation and `/// `.
const WIDTH: usize = 92;

/// Maximum length of the documentation of an item in characters; the service's own pages have the rest.
const MAX_LENGTH: usize = 6_000;

/// Converts a text of a description to lines of rustdoc. `link` returns the intra-doc path of an
/// operation by its name.
pub(crate) fn rustdoc(text: &str, link: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let text = remove_region_tags(&remove_control_characters(text));
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES);
    let mut image_depth = 0_usize;
    // For each open link, whether it is dropped.
    let mut dropped_links = Vec::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(&text, options) {
        let event = match event {
            // Viewing the page would load the image from an arbitrary server.
            Event::Start(Tag::Image { .. }) => {
                image_depth += 1;
                continue;
            }
            Event::End(TagEnd::Image) => {
                image_depth = image_depth.saturating_sub(1);
                continue;
            }
            _ if image_depth > 0 => continue,
            Event::Html(html) | Event::InlineHtml(html) => match html_as_text(&html) {
                Event::Text(text) => {
                    push_text_with_urls(&text, &mut events);
                    continue;
                }
                event => event,
            },
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::Start(Tag::CodeBlock(_)) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("text".into())))
            }
            // The heading would appear between the headings of the rustdoc page.
            Event::Start(Tag::Heading { .. }) => {
                events.push(Event::Start(Tag::Paragraph));
                Event::Start(Tag::Strong)
            }
            Event::End(TagEnd::Heading(_)) => {
                events.push(Event::End(TagEnd::Strong));
                Event::End(TagEnd::Paragraph)
            }
            Event::Start(Tag::Link { dest_url, .. }) => match link_target(&dest_url, link) {
                Some(dest_url) => {
                    dropped_links.push(false);
                    Event::Start(Tag::Link {
                        link_type: LinkType::Inline,
                        dest_url: dest_url.into(),
                        title: CowStr::Borrowed(""),
                        id: CowStr::Borrowed(""),
                    })
                }
                None => {
                    dropped_links.push(true);
                    continue;
                }
            },
            Event::End(TagEnd::Link) => {
                if dropped_links.pop().unwrap_or(true) {
                    continue;
                }
                event
            }
            Event::FootnoteReference(name) => Event::Text(name),
            Event::Text(text) if dropped_links.is_empty() => {
                push_text_with_urls(&text, &mut events);
                continue;
            }
            event => event,
        };
        events.push(event);
    }
    let write_options =
        WriteOptions { code_block_token_count: 3, list_token: '-', ..WriteOptions::default() };
    let mut written = String::new();
    if cmark_with_options(merge_texts(events).iter(), &mut written, options, write_options).is_err()
    {
        // Some event sequences cannot be written as Markdown.
        written = escape_all(&text);
    }
    without_needless_blank_lines(wrap(&written))
}

/// Merges adjacent texts, trims spaces around line breaks, and ends code blocks with a line break.
fn merge_texts(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out: Vec<Event<'_>> = Vec::with_capacity(events.len());
    for event in events {
        match (out.last_mut(), event) {
            (Some(Event::Text(before)), Event::Text(text)) => {
                *before = format!("{before}{text}").into()
            }
            (
                Some(Event::SoftBreak | Event::HardBreak | Event::Start(Tag::Paragraph)),
                Event::Text(text),
            ) => {
                out.push(Event::Text(text.trim_start().to_owned().into()));
            }
            (Some(Event::SoftBreak), Event::SoftBreak) => {}
            (Some(Event::Text(before)), event @ (Event::SoftBreak | Event::HardBreak)) => {
                *before = before.trim_end().to_owned().into();
                out.push(event);
            }
            (Some(Event::Text(code)), event @ Event::End(TagEnd::CodeBlock)) => {
                if !code.ends_with('\n') {
                    *code = format!("{code}\n").into();
                }
                out.push(event);
            }
            (_, event) => out.push(event),
        }
    }
    out
}

/// Returns the text with every Markdown character escaped, and one paragraph per line.
fn escape_all(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        for character in line.chars() {
            if character.is_ascii_punctuation()
                && !matches!(character, '.' | ',' | ':' | ';' | '?' | '/' | '%' | '\'' | '"')
            {
                out.push('\\');
            }
            out.push(character);
        }
        out.push_str("\n\n");
    }
    out
}

/// Returns the text as a single line, for example for an enum value; `None` if it is empty or code.
pub(crate) fn single_line(text: &str) -> Option<String> {
    let lines = rustdoc(text, &|_| None);
    let joined = lines.join(" ");
    let line = joined.trim();
    (!line.is_empty() && !line.contains("```")).then(|| line.to_owned())
}

/// Removes characters that rustc rejects in comments, and invisible ones.
fn remove_control_characters(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    for character in text.chars().take(MAX_LENGTH) {
        match character {
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\t' => out.push_str("    "),
            '\u{A0}' | '\u{3000}' => out.push(' '),
            '\n' => out.push('\n'),
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' => {}
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
    if text.chars().nth(MAX_LENGTH).is_some() {
        out.push_str(" …");
    }
    out
}

/// Removes the tags around the texts of one region of the documentation, `<props="china">`.
fn remove_region_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = ["<props", "</props"].iter().filter_map(|tag| rest.find(tag)).min() {
        let (before, tag) = rest.split_at(start);
        let Some((_, after)) = tag.split_once('>') else { break };
        out.push_str(before);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Converts HTML to text. A `<br>` becomes a line break.
fn html_as_text(html: &str) -> Event<'static> {
    let tag =
        html.trim().trim_start_matches('<').trim_end_matches('>').trim_end_matches('/').trim();
    match tag.eq_ignore_ascii_case("br") {
        true => Event::SoftBreak,
        false => Event::Text(html.trim_end_matches('\n').to_owned().into()),
    }
}

/// Returns the target of a link: a documentation page, an operation or a URL; `None` if there is none.
fn link_target(destination: &str, link: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let inner = destination.trim_matches('~').trim();
    if destination.starts_with("~~") {
        let (page, anchor) = inner.split_once('#').unwrap_or((inner, ""));
        if !page.is_empty() && page.bytes().all(|byte| byte.is_ascii_digit()) {
            let mut url = format!("https://help.aliyun.com/document_detail/{page}.html");
            if !anchor.is_empty()
                && anchor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            {
                url.push('#');
                url.push_str(anchor);
            }
            return Some(url);
        }
        return link(page);
    }
    is_url(destination).then(|| destination.to_owned())
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{|}()[]*".contains(&byte))
    })
}

/// Pushes a text with its URLs as inline code, because many of them are examples and not links.
fn push_text_with_urls<'a>(text: &CowStr<'_>, events: &mut Vec<Event<'a>>) {
    let mut rest: &str = text;
    loop {
        let start = ["http://", "https://"].iter().filter_map(|scheme| rest.find(scheme)).min();
        let Some(start) = start else { break };
        let (before, url) = rest.split_at(start);
        let end = url
            .find(|character: char| {
                !character.is_ascii_graphic() || "<>\"`(){}[]*|".contains(character)
            })
            .unwrap_or(url.len());
        let (url, after) = url.split_at(end);
        let trimmed = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        events.push(Event::Text(before.to_owned().into()));
        events.push(Event::Code(trimmed.to_owned().into()));
        events.push(Event::Text(url.get(trimmed.len()..).unwrap_or_default().to_owned().into()));
        rest = after;
    }
    events.push(Event::Text(rest.to_owned().into()));
}

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
fn without_needless_blank_lines(lines: Vec<String>) -> Vec<String> {
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

fn is_list_marker(word: &str) -> bool {
    matches!(word, "-" | "*" | "+")
        || word.strip_suffix(['.', ')']).is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(text: &str) -> String {
        let link =
            |name: &str| (name == "RefreshObjectCaches").then(|| "crate::refresh".to_owned());
        rustdoc(text, &link).join("\n")
    }

    #[test]
    fn help_links_become_urls_and_operation_links_become_paths() {
        assert_eq!(
            convert(
                "See [quota](~~91164~~), [top](~~91164#a-b~~) and [RefreshObjectCaches](~~RefreshObjectCaches~~)."
            ),
            "See [quota](https://help.aliyun.com/document_detail/91164.html), [top](https://help.aliyun.com/document_detail/91164.html#a-b)\nand [RefreshObjectCaches](crate::refresh)."
        );
        assert_eq!(convert("[x](~~Nowhere~~) and [y](javascript:alert(1))"), "x and y");
    }

    #[test]
    fn text_that_cannot_be_written_as_markdown_is_escaped() {
        let converted = convert("a（`b`）**http://**c**https://**d。");
        assert!(converted.contains("http://") && converted.contains("https://"), "{converted}");
    }

    #[test]
    fn code_blocks_do_not_become_doctests() {
        assert_eq!(convert("a\n\n    fn main() {}\n\nb"), "a\n\n```text\nfn main() {}\n```\n\nb");
        assert_eq!(convert("```rust\npanic!()"), "```text\npanic!()\n```");
        assert_eq!(convert("```\nx\n```\n```\ny"), "```text\nx\n```\n\n```text\ny\n```");
    }

    #[test]
    fn html_and_brackets_are_escaped() {
        let converted = convert("<script>alert(1)</script> [Foo] <T> a<b `<i>` Vec<String>");
        assert!(!converted.contains("<script>") || converted.contains("\\<script"), "{converted}");
        assert!(converted.contains("\\[Foo\\]"), "{converted}");
    }

    #[test]
    fn characters_that_rustc_rejects_are_removed() {
        let converted = convert("a\rb\u{2028}c\u{FEFF}d\u{202E}e\u{7}f */ /* #![x]");
        assert!(converted.chars().all(|c| c == '\n' || !c.is_control()), "{converted:?}");
        assert!(!converted.contains('\u{202E}'));
    }

    #[test]
    fn long_prose_is_wrapped_without_creating_markers() {
        let lines = rustdoc(&"word ".repeat(60), &|_| None);
        assert!(lines.len() > 2 && lines.iter().all(|line| line.len() <= WIDTH), "{lines:?}");
        let lines = rustdoc(&format!("- {}", "1. ".repeat(60)), &|_| None);
        assert_eq!(lines.len(), 1, "a number at the start of a line would start a list: {lines:?}");
    }

    #[test]
    fn urls_in_html_become_code() {
        let converted = convert("a <img src=\"https://example.com/x_y.png\"> b");
        assert!(converted.contains("`https://example.com/x_y.png`"), "{converted}");
    }

    #[test]
    fn a_quotation_starts_with_its_text() {
        assert_eq!(convert("a\n\n> b\n> c"), "a\n> b\n> c");
    }

    #[test]
    fn a_wrapped_list_item_keeps_its_marker() {
        let lines = rustdoc(&format!("- {} tail", "词".repeat(120)), &|_| None);
        assert!(lines[0].starts_with("- 词"), "{lines:?}");
        assert!(lines[1..].iter().all(|line| line.starts_with("  ")), "{lines:?}");
    }

    #[test]
    fn urls_in_text_become_code() {
        assert_eq!(
            convert("For example http://example.com/a.jpg, or so."),
            "For example `http://example.com/a.jpg`, or so."
        );
    }
}
