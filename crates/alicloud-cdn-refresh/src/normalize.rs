//! From what somebody wrote to what the service takes.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Host;

use crate::invalid_input::InvalidReason;
use crate::kind::TargetKind;

/// What cannot stand in a URL as it is. Everything else stays as it was written, for a cache tells two
/// spellings of one URL apart.
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

/// A URL that can be sent.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) kind: TargetKind,
    pub(crate) domain: String,
    pub(crate) url: String,
}

/// Reads a URL of a kind; without one, a directory is what ends with a slash.
pub(crate) fn read(input: &str, kind: Option<TargetKind>) -> Result<Address, InvalidReason> {
    let text = input.trim();
    if text.is_empty() {
        return Err(InvalidReason::Empty);
    }
    if text.contains(['\r', '\n']) {
        return Err(InvalidReason::LineBreak);
    }
    if text.contains(char::is_control) {
        return Err(InvalidReason::Control);
    }
    if text.contains(char::is_whitespace) {
        return Err(InvalidReason::Blank);
    }
    let (scheme, behind) = text.split_once("://").ok_or(InvalidReason::NoScheme)?;
    let scheme = match scheme {
        _ if scheme.eq_ignore_ascii_case("http") => "http",
        _ if scheme.eq_ignore_ascii_case("https") => "https",
        _ if scheme.contains(['/', '.', ':', '?']) => return Err(InvalidReason::NoScheme),
        _ => return Err(InvalidReason::Scheme { scheme: scheme.to_owned() }),
    };
    let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
    let (authority, rest) = behind.split_at(end);
    let (domain, port) = domain_and_port(authority)?;
    let path_alone = rest.split(['?', '#']).next().unwrap_or_default();
    let looks_like = if path_alone.ends_with('/') && path_alone.len() == rest.len() {
        TargetKind::Directory
    } else {
        TargetKind::File
    };
    let kind = kind.unwrap_or(looks_like);
    let rest = match kind {
        TargetKind::Regex => pattern(rest)?.into(),
        _ => path(rest, kind)?,
    };
    let url = format!("{scheme}://{domain}{port}{rest}");
    Ok(Address { kind, domain, url })
}

/// Reads the name of a domain that stands alone.
pub(crate) fn read_domain(input: &str) -> Result<String, InvalidReason> {
    match domain_and_port(input.trim())? {
        (domain, "") => Ok(domain),
        _ => Err(InvalidReason::Host { host: input.to_owned() }),
    }
}

/// Reads a cache tag.
pub(crate) fn read_tag(input: &str) -> Result<&str, InvalidReason> {
    let tag = input.trim();
    match tag {
        "" => Err(InvalidReason::Empty),
        _ if tag.contains(['\r', '\n']) => Err(InvalidReason::LineBreak),
        _ if tag.contains(char::is_control) => Err(InvalidReason::Control),
        _ if tag.contains(char::is_whitespace) => Err(InvalidReason::Blank),
        _ if tag.contains(',') => Err(InvalidReason::CommaInTag),
        _ => Ok(tag),
    }
}

/// The name as the service writes it (lower case, punycode), and the port with its colon.
fn domain_and_port(authority: &str) -> Result<(String, &str), InvalidReason> {
    if authority.is_empty() {
        return Err(InvalidReason::NoHost);
    }
    if authority.contains('@') {
        return Err(InvalidReason::UserInfo);
    }
    let bad = || InvalidReason::Host { host: authority.to_owned() };
    let (name, port) = match authority.find(':') {
        Some(colon) => authority.split_at(colon),
        None => (authority, ""),
    };
    let digits = port.strip_prefix(':');
    if digits.is_some_and(|digits| !is_port(digits)) {
        return Err(bad());
    }
    match Host::parse(name) {
        // A wildcard domain is purged by its members; a name without a dot is nobody's domain.
        Ok(Host::Domain(name)) if name.contains('.') && !name.contains('*') => Ok((name, port)),
        _ => Err(bad()),
    }
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

/// What a pattern matches is for the service to say: it stays as it is.
fn pattern(rest: &str) -> Result<&str, InvalidReason> {
    match rest {
        "" | "/" => Err(InvalidReason::NoPattern),
        pattern => Ok(pattern),
    }
}

fn path(rest: &str, kind: TargetKind) -> Result<Cow<'_, str>, InvalidReason> {
    if rest.contains('#') {
        return Err(InvalidReason::Fragment);
    }
    let mut path = encoded(rest);
    if !path.starts_with('/') {
        path = Cow::Owned(format!("/{path}"));
    }
    if kind == TargetKind::Directory {
        if path.contains('?') {
            return Err(InvalidReason::QueryOfDirectory);
        }
        if !path.ends_with('/') {
            path.to_mut().push('/');
        }
    }
    Ok(path)
}

/// Encodes what must be, a percent sign too that begins no `%XX`.
fn encoded(text: &str) -> Cow<'_, str> {
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
        read(input, None).unwrap().url
    }

    #[test]
    fn only_what_must_be_is_encoded() {
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
        let untouched = "https://example.com:8443/a/../b;c=1/~x*(!)'[1]@:$&+,=?q=1?/&[]";
        assert_eq!(url(untouched), untouched);
        assert_eq!(
            url(r#"http://a.example/{a}|"b"<c>^`\"#),
            "http://a.example/%7Ba%7D%7C%22b%22%3Cc%3E%5E%60%5C"
        );
        assert_eq!(url("http://a.example?x"), "http://a.example/?x");
    }

    #[test]
    fn a_directory_ends_with_a_slash_and_a_pattern_stays() {
        let of = |input, kind| read(input, Some(kind)).map(|address| address.url);
        assert_eq!(of("http://a.example/x", TargetKind::Directory).unwrap(), "http://a.example/x/");
        assert_eq!(of("http://a.example", TargetKind::Directory).unwrap(), "http://a.example/");
        assert_eq!(
            of("http://a.example/x?y", TargetKind::Directory),
            Err(InvalidReason::QueryOfDirectory)
        );
        assert_eq!(
            of(r"http://a.example/.*\d{2}#|x", TargetKind::Regex).unwrap(),
            r"http://a.example/.*\d{2}#|x"
        );
        assert_eq!(of("http://a.example/", TargetKind::Regex), Err(InvalidReason::NoPattern));
        assert_eq!(read("http://a.example/x/", None).unwrap().kind, TargetKind::Directory);
        for file in ["http://a.example/x", "http://a.example/x?to=/y/", "http://a.example/x/?y"] {
            assert_eq!(read(file, None).unwrap().kind, TargetKind::File, "{file}");
        }
    }

    #[test]
    fn what_the_service_would_refuse_or_mistake_is_refused() {
        let of = |input: &str| read(input, None).unwrap_err();
        assert_eq!(of(" \t"), InvalidReason::Empty);
        assert_eq!(of("example.com/a"), InvalidReason::NoScheme);
        assert_eq!(of("example.com/?to=http://b.example/"), InvalidReason::NoScheme);
        assert_eq!(of("ftp://example.com/a"), InvalidReason::Scheme { scheme: "ftp".to_owned() });
        assert_eq!(of("https:///a"), InvalidReason::NoHost);
        assert_eq!(of("https://user:pass@example.com/"), InvalidReason::UserInfo);
        for host in [
            "localhost",
            "127.0.0.1",
            "[::1]",
            "a b".replace(' ', "%20").as_str(),
            "a.b:99999",
            "a.b:+80",
            "*.example.com",
        ] {
            assert_eq!(
                of(&format!("https://{host}/a")),
                InvalidReason::Host { host: host.to_owned() },
                "{host}"
            );
        }
        assert_eq!(of("https://example.com/a b"), InvalidReason::Blank);
        assert_eq!(of("https://example.com/a\r\nhttps://example.com/b"), InvalidReason::LineBreak);
        assert_eq!(of("https://example.com/a\u{7}"), InvalidReason::Control);
        assert_eq!(of("https://example.com/a#b"), InvalidReason::Fragment);
        assert_eq!(read_tag("a,b"), Err(InvalidReason::CommaInTag));
        assert_eq!(read_tag(" a "), Ok("a"));
        assert_eq!(
            read_domain("A.example:80"),
            Err(InvalidReason::Host { host: "A.example:80".to_owned() })
        );
        assert_eq!(read_domain(" A.example").unwrap(), "a.example");
    }
}
