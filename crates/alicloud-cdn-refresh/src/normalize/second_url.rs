//! Detection of a second URL in one input, such as `https://a.example/x,https://a.example/y`.

use alicloud_core::wire::percent_decode;

use super::host::domain_and_port;

/// Returns whether a text certainly contains two URLs that belong on separate lines.
///
/// A URL can contain another one: in a path such as `/web/2020/https://…`, in a query such as
/// `?to=https://…`, or as an argument in parentheses. Only what precedes the second URL tells the
/// difference, and sometimes its host.
pub(super) fn has_second_url(text: &str, is_pattern: bool) -> bool {
    let Some(start) = text.find("://").map(|position| position + "://".len()) else { return false };
    let after_scheme = text.get(start..).unwrap_or_default();
    let domain = domain_of(after_scheme);
    let authority_length = after_scheme.find(['/', '?', '#']).unwrap_or(after_scheme.len());
    nested_urls(after_scheme).any(|nested| {
        let before = after_scheme.get(..nested.start).unwrap_or_default();
        let boundary = Boundary::of(before);
        // All spellings of a host are the same.
        let is_same_host = domain_of(nested.after_scheme)
            .is_some_and(|nested_domain| domain.as_ref() == Some(&nested_domain));
        let target = before.get(authority_length..).unwrap_or_default();
        if nested.slashes == 1 && (boundary == Boundary::Opening || !nested.has_domain()) {
            // Servers merge slashes, so that `/fetch/https:/a.example/` is a proxy path, too.
            false
        } else if nested.start < authority_length {
            // `https://https://example.com/` has one URL with a scheme too many.
            !before.is_empty()
        } else if is_pattern {
            // `|` and `\n` mean something in a pattern, but no pattern needs its own host.
            is_same_host && boundary != Boundary::Opening
        } else if let Some((_, query)) = target.split_once('?') {
            let can_be_glued = !nested.is_encoded || boundary == Boundary::Separator;
            can_be_glued && boundary.is_glued_in_query(query, is_same_host)
        } else {
            boundary.is_glued_in_path(target, is_same_host)
        }
    })
}

/// What directly precedes the second URL.
#[derive(Clone, Copy, PartialEq)]
enum Boundary {
    /// A character that separates list items and can be part of a URL: a comma or a semicolon.
    Separator,
    /// A separator that no URL contains: `|`, full-width punctuation, or a line break or tab in the
    /// notation of a programming language, such as `\n`.
    ForeignSeparator,
    /// A percent-encoded line break.
    EncodedLineBreak,
    /// Any other of these separators, percent-encoded.
    EncodedSeparator,
    /// `%20` or `+`, which also occur before a URL in a text.
    EncodedSpace,
    /// The end of a name: nothing separates the URLs.
    Name,
    /// A character such as `-`, `.` or `@`, which ends a name or separates a key from its value.
    Mark,
    /// `&`, `!` or a quotation mark, which introduce a URL only in a query.
    Delimiter,
    /// A character that can introduce a URL, such as `/`, `=` or `(`.
    Opening,
}

impl Boundary {
    fn of(before: &str) -> Boundary {
        let unquoted = before.trim_end_matches(['"', '\'', '`', '<']);
        if unquoted.ends_with([',', ';']) {
            return Boundary::Separator;
        }
        if unquoted.ends_with('|') || ends_with_escaped_blank(unquoted) {
            return Boundary::ForeignSeparator;
        }
        if let Some(byte) = last_escape(before) {
            return match byte {
                b'\n' | b'\r' => Boundary::EncodedLineBreak,
                b'\t' | b',' | b';' | b'|' => Boundary::EncodedSeparator,
                b' ' => Boundary::EncodedSpace,
                _ if byte.is_ascii_alphanumeric() => Boundary::Name,
                // Part of a character, which means the same as if it were not encoded.
                _ if !byte.is_ascii() => match percent_decode(before).chars().next_back() {
                    Some(last) if last.is_alphanumeric() => Boundary::Name,
                    _ => Boundary::ForeignSeparator,
                },
                _ => Boundary::Opening,
            };
        }
        match before.chars().next_back() {
            Some(')' | ']' | '}' | '>') => Boundary::Name,
            Some('-' | '_' | '.' | '~' | '@' | '$' | '%') => Boundary::Mark,
            Some('+') => Boundary::EncodedSpace,
            Some('&' | '!' | '"' | '\'' | '`' | '<') => Boundary::Delimiter,
            Some(last) if last.is_alphanumeric() => Boundary::Name,
            Some(last) if !last.is_ascii() => Boundary::ForeignSeparator,
            _ => Boundary::Opening,
        }
    }

    fn is_glued_in_path(self, path: &str, is_same_host: bool) -> bool {
        match self {
            // In parentheses, a comma separates arguments: `/fit(80,https://…)/`.
            Boundary::Separator | Boundary::EncodedSeparator => {
                path.matches('(').count() <= path.matches(')').count()
            }
            Boundary::Name | Boundary::ForeignSeparator | Boundary::EncodedLineBreak => true,
            Boundary::EncodedSpace | Boundary::Mark | Boundary::Delimiter => is_same_host,
            // A proxy that fetches from itself, which it would only do in a directory of its own.
            Boundary::Opening => is_same_host && path == "/",
        }
    }

    fn is_glued_in_query(self, query: &str, is_same_host: bool) -> bool {
        match self {
            // A list of URLs is a value like any other.
            Boundary::Separator => is_same_host && !has_list_of_urls(query),
            Boundary::ForeignSeparator => !has_list_of_urls(query),
            Boundary::EncodedLineBreak => is_same_host || !has_list_of_urls(query),
            Boundary::Name => true,
            Boundary::Mark => is_same_host,
            Boundary::EncodedSeparator
            | Boundary::EncodedSpace
            | Boundary::Delimiter
            | Boundary::Opening => false,
        }
    }
}

/// Returns whether the value of the last parameter of a query begins with a URL.
fn has_list_of_urls(query: &str) -> bool {
    let parameter = query.rsplit('&').next().unwrap_or_default();
    let value = parameter.split_once('=').map_or(parameter, |(_, value)| value);
    nested_urls(value).any(|nested| nested.start == 0)
}

/// Returns whether a text ends with a blank in the notation of a programming language, such as `\n`.
fn ends_with_escaped_blank(text: &str) -> bool {
    ["\\n", "\\r", "\\t"].iter().any(|blank| text.ends_with(blank))
}

/// Returns the byte of the percent-encoding at the end of a text.
fn last_escape(text: &str) -> Option<u8> {
    let start = text.len().checked_sub(3)?;
    let digits = text.get(start..)?.strip_prefix('%')?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u8::from_str_radix(digits, 16).ok()
}

/// A URL inside a text.
struct NestedUrl<'a> {
    /// Position of its scheme in the text.
    start: usize,
    /// Number of slashes after the scheme.
    slashes: usize,
    after_scheme: &'a str,
    /// Whether the `://` is percent-encoded, at least in part.
    is_encoded: bool,
}

impl<'a> NestedUrl<'a> {
    /// Returns the URL at the start of a text, also with full-width characters, with backslashes instead
    /// of slashes, or with another number of them.
    fn at_start_of(text: &'a str, start: usize) -> Option<Self> {
        let mut rest = text;
        for letter in ['h', 't', 't', 'p'] {
            rest = rest.strip_prefix(|character| fold(character) == letter)?;
        }
        rest = rest.strip_prefix(|character| fold(character) == 's').unwrap_or(rest);
        let (mut rest, mut is_encoded) = strip_mark(rest, ":")?;
        let mut slashes = 0;
        while let Some((after_slash, is_slash_encoded)) = strip_mark(rest, "/\\") {
            rest = after_slash;
            is_encoded |= is_slash_encoded;
            slashes += 1;
        }
        (slashes > 0).then_some(NestedUrl { start, slashes, after_scheme: rest, is_encoded })
    }

    /// Returns whether a name with a dot follows the scheme, perhaps after a user name.
    fn has_domain(&self) -> bool {
        let authority = self.after_scheme.split(|c| "/\\?#%".contains(fold(c))).next();
        authority.is_some_and(|authority| authority.contains('.'))
    }
}

/// Returns the URLs inside a text, in order.
fn nested_urls(text: &str) -> impl Iterator<Item = NestedUrl<'_>> {
    text.char_indices().filter_map(|(start, _)| NestedUrl::at_start_of(text.get(start..)?, start))
}

/// Removes one of these characters from the start of a text. Returns the rest, and whether the character
/// was percent-encoded.
fn strip_mark<'a>(text: &'a str, marks: &str) -> Option<(&'a str, bool)> {
    if let Some(rest) = text.strip_prefix(|character| marks.contains(fold(character))) {
        return Some((rest, false));
    }
    let (escape, rest) = text.split_at_checked("%XX".len())?;
    marks.contains(char::from(last_escape(escape)?)).then_some((rest, true))
}

/// Returns the position where the first authority begins: after `://`, or after the other notations of
/// `http://` and `https://` with backslashes, one slash or full-width characters.
pub(crate) fn find_authority(text: &str) -> Option<usize> {
    text.char_indices().find_map(|(position, _)| {
        let (before, rest) = text.split_at_checked(position)?;
        let after_colon = rest.strip_prefix([':', '：'])?;
        let authority = after_colon.trim_start_matches(['/', '\\', '／', '＼']);
        let scheme: String = before.chars().rev().take("https".len()).map(fold).collect();
        let has_scheme = ["ptth", "sptth"].iter().any(|reversed| scheme.starts_with(reversed));
        let has_slashes = authority.len() < after_colon.len();
        (after_colon.starts_with("//") || has_scheme && has_slashes)
            .then_some(text.len() - authority.len())
    })
}

/// Returns the ASCII form of a full-width character, and a letter in lower case: input methods and
/// browsers treat them alike.
fn fold(character: char) -> char {
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        _ => None,
    };
    narrow.unwrap_or(character).to_ascii_lowercase()
}

/// Returns the domain at the beginning of a text, as the service writes it.
fn domain_of(after_scheme: &str) -> Option<String> {
    let is_end = |c: char| {
        let c = fold(c);
        c.is_ascii() && !c.is_ascii_alphanumeric() && !"-._".contains(c)
    };
    // Decoded, so that a character means the same whether it is encoded or not.
    let encoded = after_scheme.split(|c| c != '%' && is_end(c)).next().unwrap_or_default();
    let decoded = percent_decode(encoded);
    let host = decoded.split(is_end).next().unwrap_or_default();
    domain_and_port(host).ok().map(|(domain, _)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glued_urls_have_a_second_url() {
        for text in [
            "https://a.example/x,https://b.example/y",
            "https://a.example/x;HTTPS://a.example/y",
            "https://a.example/x|http://a.example/y",
            r"https://a.example/x\nhttps://a.example/y",
            r"https://a.example/x\r\nhttps://a.example/y",
            r#"https://a.example/x","https://a.example/y"#,
            "https://a.example/x，https://a.example/y",
            "https://a.example/图https://a.example/y",
            "https://a.example/x%0D%0Ahttps://b.example/y",
            "https://a.example/x%2chttps%3a%2f%2fb.example/y",
            "https://a.example/x%20https://a.example/y",
            "https://a.example/xhttps://b.example/y",
            "https://a.example/x_(1)https://b.example/y",
            "https://a.example/x-https://a.example/y",
            "https://a.example/xHttp://b.example/y",
            "https://a.examplehttps://b.example/y",
            "https://a.example,https://b.example",
            "https://a.example/https://a.example/y",
            "https://a.example/x?v=1https://b.example/y?v=1",
            "https://a.example/x?v=1,https://a.example/y?v=1",
            r"https://a.example/x?v=1\nhttps://b.example/y?v=1",
            "https://a.example/x&https://a.example/y",
            r#"https://a.example/x""https://a.example/y"#,
            "https://a.example/web/https://b.example/x,https://a.example/y",
        ] {
            assert!(has_second_url(text, false), "{text}");
        }
    }

    #[test]
    fn a_url_can_contain_another_one() {
        for text in [
            "https://a.example/x",
            "https://a.example/web/2020/https://b.example/y",
            "https://a.example/image/width=80,quality=75/https://a.example/y.jpg",
            "https://a.example/https://b.example/y",
            "https://a.example/fetch/https%3A%2F%2Fb.example%2Fy",
            "https://a.example/u=https://a.example/y",
            "https://a.example/fit(80,https://b.example/y)/z",
            "https://a.example/w_80,u_https://b.example/y",
            "https://a.example/git+https://b.example/y",
            "https://a.example/see%20https://b.example/y",
            "https://a.example/x?u=https://b.example/y",
            "https://a.example/x?u=https://a.example/y,https://a.example/z",
            "https://a.example/x?https://a.example/y",
            "https://a.example/x?v=1&https://a.example/y",
            "https://a.example/x?q='https://a.example/y'",
            "https://a.example/x?text=see%20https://a.example/y",
            "https://a.example/x?state=1%7Chttps%3A%2F%2Fa.example",
            "https://a.example/x?text=see,https://b.example/y",
            "https://a.example/a,b;c|d/https.txt",
            "https://https://a.example/x",
        ] {
            assert!(!has_second_url(text, false), "{text}");
        }
    }

    #[test]
    fn a_pattern_has_a_second_url_only_of_the_same_host() {
        assert!(has_second_url("https://a.example/x|https://a.example/y", true));
        assert!(has_second_url(r"https://a.example/x\.jshttps://a.example/y", true));
        assert!(!has_second_url("https://a.example/x|https://b.example/y", true));
        assert!(!has_second_url("https://a.example/(http|https)://", true));
    }
}
