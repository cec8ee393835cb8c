//! Converts the Markdown of a description to rustdoc that causes no warnings and no doctests.
//!
//! The text is parsed and written again, so unbalanced markup is repaired. Code blocks become `text`,
//! HTML is escaped, and links without a target become text.

mod sentences;
mod wrapping;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use pulldown_cmark_to_cmark::{Options as WriteOptions, cmark_with_options};

pub(crate) use sentences::{
    append_sentence, first_sentence, merge_short_paragraphs, without_joining,
};
use wrapping::without_needless_blank_lines;
pub(crate) use wrapping::wrap;

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
        assert!(
            lines.len() > 2 && lines.iter().all(|line| line.len() <= wrapping::WIDTH),
            "{lines:?}"
        );
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
