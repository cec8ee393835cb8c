//! Normalization of inputs into the form that the service accepts.

mod host;
mod invisible;
mod pattern;
mod second_url;

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

pub(crate) use self::host::domain_and_port;
use self::invisible::is_invisible;
use self::pattern::check_pattern;
pub(crate) use self::second_url::find_authority;
use self::second_url::has_second_url;
use crate::invalid_reason::InvalidReason;
use crate::kind::TargetKind;

/// Characters that a URL cannot contain unencoded. Everything else stays as written: caches treat two
/// spellings of a URL as two objects.
const MUST_BE_ENCODED: AsciiSet = CONTROLS
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A URL or cache tag that can be sent.
#[derive(Debug)]
pub(crate) struct NormalizedInput {
    pub(crate) kind: TargetKind,
    pub(crate) domain: String,
    pub(crate) url: String,
}

/// Validates and encodes a URL. Without a kind, a URL that ends with a slash is a directory and any
/// other a file.
pub(crate) fn normalize_url(
    input: &str,
    kind: Option<TargetKind>,
) -> Result<NormalizedInput, InvalidReason> {
    let text = input.trim();
    reject_blanks_and_controls(text)?;
    if has_second_url(text, kind == Some(TargetKind::Regex)) {
        return Err(InvalidReason::SecondUrl);
    }
    let (scheme, after_scheme) = text.split_once("://").ok_or(InvalidReason::NoScheme)?;
    let scheme = match scheme {
        _ if scheme.eq_ignore_ascii_case("http") => "http",
        _ if scheme.eq_ignore_ascii_case("https") => "https",
        // The `://` is part of the path or query, as in `example.com/?to=http://b.example/`.
        _ if scheme.contains(['/', '.', ':', '?']) => return Err(InvalidReason::NoScheme),
        _ => return Err(InvalidReason::UnsupportedScheme { scheme: scheme.to_owned() }),
    };
    let authority_length = after_scheme.find(['/', '?', '#']).unwrap_or(after_scheme.len());
    let (authority, target) = after_scheme.split_at(authority_length);
    let (domain, port) = domain_and_port(authority)?;
    let port = if is_default_port(scheme, port) { "" } else { port };
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let default_kind = if path.ends_with('/') && path.len() == target.len() {
        TargetKind::Directory
    } else {
        TargetKind::File
    };
    let kind = kind.unwrap_or(default_kind);
    let target = match kind {
        TargetKind::Regex => valid_pattern(target)?.into(),
        _ => normalize_path(target, kind)?,
    };
    let url = format!("{scheme}://{domain}{port}{target}");
    Ok(NormalizedInput { kind, domain, url })
}

/// Validates a domain name without a port and returns it in lower case and Punycode.
pub(crate) fn normalize_domain(input: &str) -> Result<String, InvalidReason> {
    match domain_and_port(input.trim())? {
        (domain, "") => Ok(domain),
        _ => Err(InvalidReason::InvalidHost { host: input.to_owned() }),
    }
}

/// Validates a cache tag and returns it without surrounding whitespace.
pub(crate) fn normalize_tag(input: &str) -> Result<&str, InvalidReason> {
    let tag = input.trim();
    // Nothing in a tag can be percent-encoded: it is sent and compared as written.
    reject_blanks_and_controls(tag).map_err(|reason| match reason {
        InvalidReason::Whitespace | InvalidReason::LineBreak => InvalidReason::WhitespaceInTag,
        InvalidReason::ControlCharacter | InvalidReason::InvisibleCharacter { .. } => {
            InvalidReason::InvisibleCharacterInTag
        }
        reason => reason,
    })?;
    match tag {
        _ if tag.contains("://") => Err(InvalidReason::UrlInTag),
        _ if tag.contains(',') => Err(InvalidReason::CommaInTag),
        _ if tag.contains('*') => Err(InvalidReason::WildcardInTag),
        tag => Ok(tag),
    }
}

fn reject_blanks_and_controls(text: &str) -> Result<(), InvalidReason> {
    match text {
        "" => Err(InvalidReason::Empty),
        _ if text.contains(['\r', '\n']) => Err(InvalidReason::LineBreak),
        _ if text.contains('\t') => Err(InvalidReason::Whitespace),
        _ if text.contains(char::is_control) => Err(InvalidReason::ControlCharacter),
        _ => match text.chars().find(|character| is_invisible(*character)) {
            Some(character) => {
                let code_point = format!("U+{:04X}", u32::from(character));
                Err(InvalidReason::InvisibleCharacter { code_point })
            }
            None if text.contains(char::is_whitespace) => Err(InvalidReason::Whitespace),
            None => Ok(()),
        },
    }
}

/// Returns whether a port with its colon is the one that the scheme implies. Clients never send it, so
/// no cache sees it.
pub(crate) fn is_default_port(scheme: &str, port: &str) -> bool {
    let number = port.strip_prefix(':').and_then(|digits| digits.parse::<u16>().ok());
    matches!((scheme, number), ("http", Some(80)) | ("https", Some(443)))
}

/// Returns the pattern unchanged: only the service knows its syntax.
fn valid_pattern(target: &str) -> Result<&str, InvalidReason> {
    match target {
        "" | "/" => Err(InvalidReason::NoPattern),
        pattern => check_pattern(pattern).map(|()| pattern),
    }
}

fn normalize_path(target: &str, kind: TargetKind) -> Result<Cow<'_, str>, InvalidReason> {
    if target.contains('#') {
        return Err(InvalidReason::Fragment);
    }
    if target.contains('*') {
        return Err(InvalidReason::Wildcard);
    }
    let mut path = percent_encode(target);
    if !path.starts_with('/') {
        path = Cow::Owned(format!("/{path}"));
    }
    if kind == TargetKind::Preload && path.ends_with('/') && !path.contains('?') {
        return Err(InvalidReason::PreloadOfDirectory);
    }
    if kind == TargetKind::Directory {
        if path.contains('?') {
            return Err(InvalidReason::DirectoryWithQuery);
        }
        if !path.ends_with('/') {
            path.to_mut().push('/');
        }
    }
    Ok(path)
}

/// Encodes what a URL cannot contain, including percent signs that do not start a `%XX` escape.
fn percent_encode(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed("");
    let mut parts = text.split('%');
    out += Cow::from(utf8_percent_encode(parts.next().unwrap_or_default(), &MUST_BE_ENCODED));
    for part in parts {
        let digits = part.as_bytes().get(..2);
        let is_escape = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        out += if is_escape { "%" } else { "%25" };
        out += Cow::from(utf8_percent_encode(part, &MUST_BE_ENCODED));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(input: &str) -> String {
        normalize_url(input, None).unwrap().url
    }

    #[test]
    fn only_characters_that_must_be_encoded_are_encoded() {
        assert_eq!(
            url(" HTTPS://Example.COM/A b.jpg".replace(' ', "").as_str()),
            "https://example.com/Ab.jpg"
        );
        assert_eq!(
            url("https://example.com/图/a.png?x=é&y=%E9"),
            "https://example.com/%E5%9B%BE/a.png?x=%C3%A9&y=%E9"
        );
        assert_eq!(url("https://例子.中国/a"), "https://xn--fsqu00a.xn--fiqs8s/a");
        assert_eq!(url("http://a.example/100%.jpg?%zz%4"), "http://a.example/100%25.jpg?%25zz%254");
        let untouched = "https://example.com:8443/a/../b;c=1/~x(!)'[1]@:$&+,=?q=1?/&[]";
        assert_eq!(url(untouched), untouched);
        assert_eq!(
            url(r#"http://a.example/{a}|"b"<c>^`\"#),
            "http://a.example/%7Ba%7D%7C%22b%22%3Cc%3E%5E%60%5C"
        );
        assert_eq!(url("http://a.example?x"), "http://a.example/?x");
        assert_eq!(url("http://a.example.:80/x"), "http://a.example/x");
        assert_eq!(url("https://a.example:80/x"), "https://a.example:80/x");
    }

    #[test]
    fn directories_get_a_trailing_slash_and_patterns_stay_unchanged() {
        let url_of_kind =
            |input, kind| normalize_url(input, Some(kind)).map(|normalized| normalized.url);
        assert_eq!(
            url_of_kind("http://a.example/x", TargetKind::Directory).unwrap(),
            "http://a.example/x/"
        );
        assert_eq!(
            url_of_kind("http://a.example", TargetKind::Directory).unwrap(),
            "http://a.example/"
        );
        assert_eq!(
            url_of_kind("http://a.example/x?y", TargetKind::Directory),
            Err(InvalidReason::DirectoryWithQuery)
        );
        assert_eq!(
            url_of_kind(r"http://a.example/.*\d{2}#|x", TargetKind::Regex).unwrap(),
            r"http://a.example/.*\d{2}#|x"
        );
        assert_eq!(
            url_of_kind("http://a.example/", TargetKind::Regex),
            Err(InvalidReason::NoPattern)
        );
        assert_eq!(normalize_url("http://a.example/x/", None).unwrap().kind, TargetKind::Directory);
        for file in ["http://a.example/x", "http://a.example/x?to=/y/", "http://a.example/x/?y"] {
            assert_eq!(normalize_url(file, None).unwrap().kind, TargetKind::File, "{file}");
        }
    }

    #[test]
    fn inputs_that_the_service_would_reject_or_misinterpret_are_invalid() {
        let reason = |input: &str| normalize_url(input, None).unwrap_err();
        assert_eq!(reason(" \t"), InvalidReason::Empty);
        assert_eq!(reason("example.com/a"), InvalidReason::NoScheme);
        assert_eq!(reason("example.com/?to=http://b.example/"), InvalidReason::NoScheme);
        assert_eq!(
            reason("ftp://example.com/a"),
            InvalidReason::UnsupportedScheme { scheme: "ftp".to_owned() }
        );
        assert_eq!(reason("https:///a"), InvalidReason::NoHost);
        assert_eq!(reason("https://user:pass@example.com/"), InvalidReason::UserInfo);
        for host in [
            "localhost",
            "127.0.0.1",
            "[::1]",
            "a b".replace(' ', "%20").as_str(),
            "a.b:99999",
            "a.b:+80",
            "*.example.com",
            "..",
            ".a.b",
            "a..b",
            "a.b..",
        ] {
            assert_eq!(
                reason(&format!("https://{host}/a")),
                InvalidReason::InvalidHost { host: host.to_owned() },
                "{host}"
            );
        }
        assert_eq!(reason("https://example.com/a b"), InvalidReason::Whitespace);
        assert_eq!(
            reason("https://example.com/a\r\nhttps://example.com/b"),
            InvalidReason::LineBreak
        );
        assert_eq!(reason("https://example.com/a\u{7}"), InvalidReason::ControlCharacter);
        assert_eq!(reason("https://example.com/a\thttps://b.example/"), InvalidReason::Whitespace);
        for input in ["https://example.com/*", "https://example.com/a?v=*", "http://a.example/*/x/"]
        {
            assert_eq!(reason(input), InvalidReason::Wildcard, "{input}");
        }
        assert_eq!(url("https://example.com/%2A"), "https://example.com/%2A");
        for character in
            ['\u{ad}', '\u{a0}', '\u{200b}', '\u{200f}', '\u{202e}', '\u{2066}', '\u{feff}']
        {
            let code_point = format!("U+{:04X}", u32::from(character));
            let expected = InvalidReason::InvisibleCharacter { code_point };
            for position in [0, 3, 10, 20] {
                let mut input = "https://example.com/a.jpg".to_owned();
                input.insert(position, character);
                if input.trim().len() == input.len() {
                    assert_eq!(reason(&input), expected, "{input:?}");
                }
            }
        }
        for directory in ["https://example.com/static/", "https://example.com"] {
            let reason = normalize_url(directory, Some(TargetKind::Preload)).unwrap_err();
            assert_eq!(reason, InvalidReason::PreloadOfDirectory, "{directory}");
        }
        assert_eq!(reason("https://example.com/a#b"), InvalidReason::Fragment);
        assert_eq!(normalize_tag("a,b"), Err(InvalidReason::CommaInTag));
        assert_eq!(normalize_tag(" a "), Ok("a"));
        assert_eq!(
            normalize_domain("A.example:80"),
            Err(InvalidReason::InvalidHost { host: "A.example:80".to_owned() })
        );
        assert_eq!(normalize_domain(" A.example").unwrap(), "a.example");
    }
}
