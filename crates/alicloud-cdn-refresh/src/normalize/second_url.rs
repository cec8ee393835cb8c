//! Detection of a second URL in one input, such as `https://a.example/x,https://a.example/y`.

/// Returns whether a text certainly contains two URLs that belong on separate lines.
///
/// A URL can contain another one: in a path such as `/web/2020/https://…`, in a query such as
/// `?to=https://…`, or as an argument in parentheses. Only what precedes the second URL tells the
/// difference, and sometimes its host.
pub(super) fn has_second_url(text: &str, is_pattern: bool) -> bool {
    let Some(start) = text.find("://").map(|position| position + "://".len()) else { return false };
    let after_scheme = text.get(start..).unwrap_or_default();
    let host = host_of(after_scheme);
    let authority_length = after_scheme.find(['/', '?', '#']).unwrap_or(after_scheme.len());
    nested_urls(after_scheme).any(|nested| {
        let before = after_scheme.get(..nested.start).unwrap_or_default();
        let boundary = Boundary::of(before);
        let is_same_host = host.eq_ignore_ascii_case(host_of(nested.after_scheme));
        let target = before.get(authority_length..).unwrap_or_default();
        if nested.start < authority_length {
            // `https://https://example.com/` has one URL with a scheme too many.
            !before.is_empty()
        } else if is_pattern {
            // `|` and `\n` mean something in a pattern, but no pattern needs its own host.
            is_same_host && boundary != Boundary::Opening
        } else if let Some((_, query)) = target.split_once('?') {
            !nested.is_encoded && boundary.is_glued_in_query(query, is_same_host)
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
    /// Any of these, percent-encoded.
    EncodedSeparator,
    /// `%20`, which also occurs before a URL in a text.
    EncodedSpace,
    /// The end of a name: nothing separates the URLs.
    Name,
    /// `-`, `_`, `.` or `~`, which end a name or separate a key from its value.
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
                b'\n' | b'\r' | b'\t' | b',' | b';' | b'|' => Boundary::EncodedSeparator,
                b' ' => Boundary::EncodedSpace,
                _ if byte.is_ascii_alphanumeric() || !byte.is_ascii() => Boundary::Name,
                _ => Boundary::Opening,
            };
        }
        match before.chars().next_back() {
            Some(')' | ']' | '}' | '>') => Boundary::Name,
            Some('-' | '_' | '.' | '~') => Boundary::Mark,
            Some('&' | '!' | '"' | '\'' | '`' | '<') => Boundary::Delimiter,
            Some(last) if last.is_alphanumeric() => Boundary::Name,
            Some(last) if !last.is_ascii() => Boundary::ForeignSeparator,
            _ => Boundary::Opening,
        }
    }

    fn is_glued_in_path(self, path: &str, is_same_host: bool) -> bool {
        match self {
            // In parentheses, a comma separates arguments: `/fit(80,https://…)/`.
            Boundary::Separator | Boundary::ForeignSeparator | Boundary::EncodedSeparator => {
                path.matches('(').count() <= path.matches(')').count()
            }
            Boundary::Name => true,
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
    after_scheme: &'a str,
    /// Whether the `://` is percent-encoded, at least in part.
    is_encoded: bool,
}

/// Returns the URLs inside a text, in order.
fn nested_urls(text: &str) -> impl Iterator<Item = NestedUrl<'_>> {
    let bytes = text.as_bytes();
    let starts =
        bytes.windows(4).enumerate().filter(|(_, four)| four.eq_ignore_ascii_case(b"http"));
    starts.filter_map(|(start, _)| {
        let mut rest = text.get(start + 4..)?;
        rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest);
        let mut is_encoded = false;
        for (character, escape) in [(':', "%3A"), ('/', "%2F"), ('/', "%2F")] {
            rest = match rest.strip_prefix(character) {
                Some(rest) => rest,
                None => {
                    is_encoded = true;
                    let (head, rest) = rest.split_at_checked(escape.len())?;
                    head.eq_ignore_ascii_case(escape).then_some(rest)?
                }
            };
        }
        Some(NestedUrl { start, after_scheme: rest, is_encoded })
    })
}

/// Returns the host at the beginning of a text.
fn host_of(after_scheme: &str) -> &str {
    let is_end = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !"-._".contains(c);
    after_scheme.split(is_end).next().unwrap_or_default()
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
