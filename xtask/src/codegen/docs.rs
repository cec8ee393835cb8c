//! The documentation of a description as rustdoc: Markdown that warns nowhere and runs nothing.
//!
//! The text goes through a Markdown parser and comes out written anew, so what was unbalanced is
//! balanced; code becomes `text`, HTML becomes its characters, and links lead somewhere or are none.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use pulldown_cmark_to_cmark::{Options as WriteOptions, cmark_with_options};

/// How wide a line of documentation may be, without its indentation and `/// `.
const WIDTH: usize = 92;

/// The longest documentation of one item, in characters; the service's pages hold the rest.
const LONGEST: usize = 6_000;

/// Turns a text of a description into lines of rustdoc. `link` knows the operations: it turns the
/// name of one into an intra-doc path.
pub(crate) fn rustdoc(text: &str, link: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let text = clean(text);
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES);
    let mut skipping = 0_usize;
    let mut dropped_links = Vec::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(&text, options) {
        let event = match event {
            // An image would be fetched from wherever the text says.
            Event::Start(Tag::Image { .. }) => {
                skipping += 1;
                continue;
            }
            Event::End(TagEnd::Image) => {
                skipping = skipping.saturating_sub(1);
                continue;
            }
            _ if skipping > 0 => continue,
            Event::Html(html) | Event::InlineHtml(html) => match markup(&html) {
                Event::Text(text) => {
                    bare_links(&text, &mut events);
                    continue;
                }
                event => event,
            },
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::Start(Tag::CodeBlock(_)) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("text".into())))
            }
            // A heading of an item would stand among the headings of the page.
            Event::Start(Tag::Heading { .. }) => {
                events.push(Event::Start(Tag::Paragraph));
                Event::Start(Tag::Strong)
            }
            Event::End(TagEnd::Heading(_)) => {
                events.push(Event::End(TagEnd::Strong));
                Event::End(TagEnd::Paragraph)
            }
            Event::Start(Tag::Link { dest_url, .. }) => match target(&dest_url, link) {
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
                bare_links(&text, &mut events);
                continue;
            }
            event => event,
        };
        events.push(event);
    }
    let written_as =
        WriteOptions { code_block_token_count: 3, list_token: '-', ..WriteOptions::default() };
    let mut written = String::new();
    if cmark_with_options(joined(events).iter(), &mut written, options, written_as).is_err() {
        // Not every tree of Markdown can be written as Markdown. Then the characters have to do.
        written = plain(&text);
    }
    wrap(&written)
}

/// Joins texts that stand side by side, without the blanks around a line break, and ends code with one.
fn joined(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
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

/// The text as one paragraph a line, with every sign that Markdown could mistake escaped.
fn plain(text: &str) -> String {
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

/// One line for a place that holds only one, such as the value of an enum.
pub(crate) fn line(text: &str) -> Option<String> {
    let lines = rustdoc(text, &|_| None);
    let joined = lines.join(" ");
    let line = joined.trim();
    (!line.is_empty() && !line.contains("```")).then(|| line.to_owned())
}

/// Text without what rustc refuses in a comment or a reader cannot see.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    for character in text.chars().take(LONGEST) {
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
    if text.chars().nth(LONGEST).is_some() {
        out.push_str(" …");
    }
    out
}

/// HTML as its characters, but for line breaks, which have a meaning of their own.
fn markup(html: &str) -> Event<'static> {
    let tag =
        html.trim().trim_start_matches('<').trim_end_matches('>').trim_end_matches('/').trim();
    match tag.eq_ignore_ascii_case("br") {
        true => Event::SoftBreak,
        false => Event::Text(html.trim_end_matches('\n').to_owned().into()),
    }
}

/// Where a link leads: a page of the documentation, an operation, the web, or nowhere.
fn target(destination: &str, link: &dyn Fn(&str) -> Option<String>) -> Option<String> {
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

/// Puts URLs in running text into code, which keeps them readable without making links of examples.
fn bare_links<'a>(text: &CowStr<'_>, events: &mut Vec<Event<'a>>) {
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
        let kept = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        events.push(Event::Text(before.to_owned().into()));
        events.push(Event::Code(kept.to_owned().into()));
        events.push(Event::Text(url.get(kept.len()..).unwrap_or_default().to_owned().into()));
        rest = after;
    }
    events.push(Event::Text(rest.to_owned().into()));
}

/// Breaks long lines of prose at spaces where the next line cannot be taken for something else.
fn wrap(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in text.trim_matches('\n').lines() {
        let line = line.trim_end();
        // The writer begins a quotation with a blank and an empty line of it.
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
        lines.extend(broken(line, line.len() - content.len()));
    }
    lines
}

fn broken(line: &str, prefix: usize) -> Vec<String> {
    let (indent, content) = line.split_at(prefix);
    let marker = match content.split_once(' ') {
        Some((marker, _)) if is_list_marker(marker) => marker.chars().count() + 1,
        _ => 0,
    };
    let following = format!("{indent}{}", " ".repeat(marker));
    let mut lines = Vec::new();
    let mut current = indent.to_owned();
    let mut code = false;
    for (index, word) in content.split(' ').enumerate() {
        let fits = current.chars().count() + 1 + word.chars().count() <= WIDTH;
        let safe = word
            .chars()
            .next()
            .is_some_and(|first| first.is_alphanumeric() && !first.is_ascii_digit());
        if index == 0 {
            current.push_str(word);
        } else if fits || !safe || code || (index == 1 && marker > 0) {
            current.push(' ');
            current.push_str(word);
        } else {
            lines.push(std::mem::replace(&mut current, format!("{following}{word}")));
        }
        if word.matches('`').count() % 2 == 1 {
            code = !code;
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

    fn tame(text: &str) -> String {
        let link =
            |name: &str| (name == "RefreshObjectCaches").then(|| "crate::refresh".to_owned());
        rustdoc(text, &link).join("\n")
    }

    #[test]
    fn help_links_lead_to_the_page_and_operations_into_the_crate() {
        assert_eq!(
            tame(
                "See [quota](~~91164~~), [top](~~91164#a-b~~) and [RefreshObjectCaches](~~RefreshObjectCaches~~)."
            ),
            "See [quota](https://help.aliyun.com/document_detail/91164.html), [top](https://help.aliyun.com/document_detail/91164.html#a-b)\nand [RefreshObjectCaches](crate::refresh)."
        );
        assert_eq!(tame("[x](~~Nowhere~~) and [y](javascript:alert(1))"), "x and y");
    }

    #[test]
    fn what_cannot_be_written_as_markdown_keeps_its_characters() {
        let tamed = tame("a（`b`）**http://**c**https://**d。");
        assert!(tamed.contains("http://") && tamed.contains("https://"), "{tamed}");
    }

    #[test]
    fn nothing_becomes_a_doctest() {
        assert_eq!(tame("a\n\n    fn main() {}\n\nb"), "a\n\n```text\nfn main() {}\n```\n\nb");
        assert_eq!(tame("```rust\npanic!()"), "```text\npanic!()\n```");
        assert_eq!(tame("```\nx\n```\n```\ny"), "```text\nx\n```\n\n```text\ny\n```");
    }

    #[test]
    fn markup_and_brackets_are_only_characters() {
        let tamed = tame("<script>alert(1)</script> [Foo] <T> a<b `<i>` Vec<String>");
        assert!(!tamed.contains("<script>") || tamed.contains("\\<script"), "{tamed}");
        assert!(tamed.contains("\\[Foo\\]"), "{tamed}");
    }

    #[test]
    fn characters_that_rustc_refuses_are_gone() {
        let tamed = tame("a\rb\u{2028}c\u{FEFF}d\u{202E}e\u{7}f */ /* #![x]");
        assert!(tamed.chars().all(|c| c == '\n' || !c.is_control()), "{tamed:?}");
        assert!(!tamed.contains('\u{202E}'));
    }

    #[test]
    fn long_prose_is_wrapped_where_it_stays_prose() {
        let lines = rustdoc(&"word ".repeat(60), &|_| None);
        assert!(lines.len() > 2 && lines.iter().all(|line| line.len() <= WIDTH), "{lines:?}");
        let lines = rustdoc(&format!("- {}", "1. ".repeat(60)), &|_| None);
        assert_eq!(lines.len(), 1, "a number at the start of a line would begin a list: {lines:?}");
    }

    #[test]
    fn a_url_in_markup_is_code_as_well() {
        let tamed = tame("a <img src=\"https://example.com/x_y.png\"> b");
        assert!(tamed.contains("`https://example.com/x_y.png`"), "{tamed}");
    }

    #[test]
    fn a_quotation_begins_with_its_text() {
        assert_eq!(tame("a\n\n> b\n> c"), "a\n\n> b\n> c");
    }

    #[test]
    fn a_list_item_never_loses_its_marker() {
        let lines = rustdoc(&format!("- {} tail", "词".repeat(120)), &|_| None);
        assert!(lines[0].starts_with("- 词"), "{lines:?}");
        assert!(lines[1..].iter().all(|line| line.starts_with("  ")), "{lines:?}");
    }

    #[test]
    fn examples_of_urls_are_code() {
        assert_eq!(
            tame("For example http://example.com/a.jpg, or so."),
            "For example `http://example.com/a.jpg`, or so."
        );
    }
}
