//! Parsing of the URLs and cache tags of a call.

use super::{CdnError, ObjectKind};
use crate::error_code::ServiceError;

/// The maximum length of a URL to preload, in characters.
const MAX_PRELOAD_URL_CHARS: usize = 1_024;

/// One object of a call.
pub(crate) struct Target {
    /// The `ObjectPath` of its task.
    pub(crate) path: String,
    /// In lower case, without a port.
    pub(crate) domain: String,
}

/// Parses the lines of `ObjectPath`. The line break after the last line is optional.
pub(crate) fn parse_urls(text: &str, kind: ObjectKind) -> Result<Vec<Target>, ServiceError> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines: Vec<&str> =
        text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    if lines.len() > kind.max_per_call() {
        return Err(CdnError::too_many_objects(kind.max_per_call()));
    }
    lines.into_iter().map(|line| parse_url(line, kind)).collect()
}

fn parse_url(line: &str, kind: ObjectKind) -> Result<Target, ServiceError> {
    let domain = parse_domain(line)?;
    if kind == ObjectKind::Directory && !line.ends_with('/') {
        return Err(CdnError::invalid_object_path("contains a directory that does not end with /"));
    }
    if kind == ObjectKind::Preload && line.chars().count() > MAX_PRELOAD_URL_CHARS {
        return Err(CdnError::preload_url_too_long(MAX_PRELOAD_URL_CHARS));
    }
    if domain.contains('*') {
        return Err(CdnError::wildcard_domain());
    }
    Ok(Target { path: line.to_owned(), domain })
}

fn parse_domain(line: &str) -> Result<String, ServiceError> {
    if line.is_empty() {
        return Err(CdnError::invalid_object_path("contains an empty line"));
    }
    if line.chars().any(char::is_control) {
        return Err(CdnError::invalid_object_path("contains control characters"));
    }
    domain_of(line).ok_or_else(|| {
        CdnError::invalid_object_path("must contain URLs with http:// or https:// and a domain")
    })
}

/// Returns the domain of a URL in lower case, without a port.
pub(crate) fn domain_of(url: &str) -> Option<String> {
    let rest = strip_scheme(url)?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.split(':').next()?;
    let is_valid = !host.is_empty() && !host.contains(['@', ' ']);
    is_valid.then(|| host.to_ascii_lowercase())
}

/// Returns the part of a URL after the domain.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = strip_scheme(url).unwrap_or(url);
    rest.find(['/', '?', '#']).and_then(|start| rest.get(start..)).unwrap_or("/")
}

fn strip_scheme(url: &str) -> Option<&str> {
    ["http://", "https://"].into_iter().find_map(|scheme| {
        let head = url.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| url.get(scheme.len()..))?
    })
}

/// Parses the tags of `CacheTag`.
///
/// The path of a tag's task is not documented. A URL of the domain is a value that every program
/// which reads tasks can parse.
pub(crate) fn parse_tags(domain: &str, text: &str) -> Result<Vec<Target>, ServiceError> {
    let domain = domain.to_ascii_lowercase();
    if domain.contains('*') {
        return Err(CdnError::wildcard_domain());
    }
    let tags: Vec<&str> = text.split(',').collect();
    let max = ObjectKind::CacheTag.max_per_call();
    if tags.len() > max {
        return Err(CdnError::too_many_tags(max));
    }
    if tags.iter().any(|tag| tag.trim().is_empty() || tag.chars().any(char::is_control)) {
        return Err(CdnError::invalid_object_path(
            "contains a tag that is empty or has control characters",
        ));
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
    fn the_domain_of_a_url_is_parsed() {
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
    fn a_path_starts_after_the_domain() {
        assert_eq!(path_of("https://example.com/a/b?c"), "/a/b?c");
        assert_eq!(path_of("https://example.com"), "/");
        assert_eq!(path_of("nonsense"), "/");
    }
}
