//! What a call wants refreshed or preloaded: lines of URLs, and tags.

use super::{CdnRefusal, Kind};
use crate::error_code::Refusal;

/// The longest URL that is preloaded, in characters.
const LONGEST_PRELOAD: usize = 1_024;

/// One object of a call.
pub(crate) struct Target {
    /// What a task calls it.
    pub(crate) path: String,
    /// In lower case, without a port.
    pub(crate) domain: String,
}

/// Reads the lines of `ObjectPath`. The line end after the last one may be there or not.
pub(super) fn targets(text: &str, kind: Kind) -> Result<Vec<Target>, Refusal> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines: Vec<&str> =
        text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    if lines.len() > kind.most_of_a_call() {
        return Err(CdnRefusal::too_many_objects(kind.most_of_a_call()));
    }
    lines.into_iter().map(|line| target(line, kind)).collect()
}

fn target(line: &str, kind: Kind) -> Result<Target, Refusal> {
    let domain = checked_domain(line)?;
    if kind == Kind::Directory && !line.ends_with('/') {
        return Err(CdnRefusal::object_path("names a directory, which has to end with a slash"));
    }
    if kind == Kind::Preload && line.chars().count() > LONGEST_PRELOAD {
        return Err(CdnRefusal::path_too_long(LONGEST_PRELOAD));
    }
    if domain.contains('*') {
        return Err(CdnRefusal::wildcard_domain());
    }
    Ok(Target { path: line.to_owned(), domain })
}

fn checked_domain(line: &str) -> Result<String, Refusal> {
    if line.is_empty() {
        return Err(CdnRefusal::object_path("holds a line without a URL"));
    }
    if line.chars().any(char::is_control) {
        return Err(CdnRefusal::object_path("holds control characters"));
    }
    domain_of(line).ok_or_else(|| {
        CdnRefusal::object_path("is a URL with http:// or https:// and a domain behind it")
    })
}

/// The domain of a URL, in lower case and without a port.
pub(super) fn domain_of(url: &str) -> Option<String> {
    let rest = after_scheme(url)?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.split(':').next()?;
    let plain = !host.is_empty() && !host.contains(['@', ' ']);
    plain.then(|| host.to_ascii_lowercase())
}

/// The path of a URL and what follows it.
pub(super) fn path_of(url: &str) -> &str {
    let rest = after_scheme(url).unwrap_or(url);
    rest.find(['/', '?', '#']).and_then(|start| rest.get(start..)).unwrap_or("/")
}

fn after_scheme(url: &str) -> Option<&str> {
    ["http://", "https://"].into_iter().find_map(|scheme| {
        let head = url.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| url.get(scheme.len()..))?
    })
}

/// Reads the tags of `CacheTag`.
///
/// No document tells what a task calls a tag. A URL of the domain is something that a program which
/// reads tasks can always make sense of.
pub(super) fn tags(domain: &str, text: &str) -> Result<Vec<Target>, Refusal> {
    let domain = domain.to_ascii_lowercase();
    if domain.contains('*') {
        return Err(CdnRefusal::wildcard_domain());
    }
    let tags: Vec<&str> = text.split(',').collect();
    let most = Kind::CacheTag.most_of_a_call();
    if tags.len() > most {
        return Err(CdnRefusal::too_many_tags(most));
    }
    if tags.iter().any(|tag| tag.trim().is_empty() || tag.chars().any(char::is_control)) {
        return Err(CdnRefusal::object_path("holds a tag that is empty or has control characters"));
    }
    let target = |tag: &str| Target {
        path: format!("https://{domain}/?CacheTag={tag}"),
        domain: domain.clone(),
    };
    Ok(tags.into_iter().map(target).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_read_from_any_spelling_of_a_url() {
        for (url, domain) in [
            ("http://example.com", Some("example.com")),
            ("HTTPS://Example.COM:8443/a?b#c", Some("example.com")),
            ("http://example.com?x", Some("example.com")),
            ("https://*.example.com/", Some("*.example.com")),
            ("example.com/a", None),
            ("http:///a", None),
            ("ftp://example.com/", None),
            ("http://me@example.com/", None),
            ("é", None),
        ] {
            assert_eq!(domain_of(url).as_deref(), domain, "{url}");
        }
    }

    #[test]
    fn paths_begin_behind_the_domain() {
        assert_eq!(path_of("https://example.com/a/b?c"), "/a/b?c");
        assert_eq!(path_of("https://example.com"), "/");
        assert_eq!(path_of("nonsense"), "/");
    }
}
