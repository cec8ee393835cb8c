//! Path templates.

use crate::params;
use crate::request::{ParsedRequest, lossy_text};

#[derive(Debug, Clone)]
pub(crate) struct Route {
    segments: Vec<Segment>,
    /// Parameters of the template, such as `acl` in `/things?acl`.
    query: Vec<params::Param>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// `{Id}` with the text around it.
    Placeholder {
        prefix: String,
        suffix: String,
    },
    /// `*`, which matches any number of segments.
    Wildcard,
}

impl Segment {
    fn new(text: &str) -> Self {
        if text == "*" {
            return Self::Wildcard;
        }
        // A few documents use brackets instead of braces.
        for (open, close) in [('{', '}'), ('[', ']')] {
            if let Some((prefix, rest)) = text.split_once(open)
                && let Some((_, suffix)) = rest.split_once(close)
            {
                return Self::Placeholder { prefix: prefix.to_owned(), suffix: suffix.to_owned() };
            }
        }
        Self::Literal(text.to_owned())
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == text,
            Self::Placeholder { prefix, suffix } => text
                .strip_prefix(prefix.as_str())
                .and_then(|rest| rest.strip_suffix(suffix.as_str()))
                .is_some_and(|value| !value.is_empty()),
            Self::Wildcard => true,
        }
    }

    fn literal_length(&self) -> usize {
        match self {
            Self::Literal(literal) => literal.len() + 1,
            Self::Placeholder { prefix, suffix } => prefix.len() + suffix.len(),
            Self::Wildcard => 0,
        }
    }
}

impl Route {
    pub(super) fn new(template: &str) -> Self {
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        Self {
            segments: segments(path).map(Segment::new).collect(),
            query: params::parse(query.as_bytes()),
        }
    }

    pub(super) fn matches(&self, request: &ParsedRequest) -> bool {
        let path: Vec<String> = segments(&request.path)
            .map(|segment| lossy_text(&params::decode_path_segment(segment.as_bytes())))
            .collect();
        segments_match(&self.segments, &path)
            && self.query.iter().all(|param| request.query_params.contains(param))
    }

    /// Returns a number that is larger for a template with more literal text.
    pub(super) fn specificity(&self) -> usize {
        self.segments.iter().map(Segment::literal_length).sum::<usize>() + self.query.len()
    }
}

/// Splits a path; a trailing slash is ignored.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Returns whether a path matches a template.
///
/// Backtracks to the last `*` only: it can match everything that an earlier one could. There is no
/// recursion, because a client can send a path of any length.
fn segments_match(mut template: &[Segment], mut path: &[String]) -> bool {
    let mut last_wildcard: Option<(&[Segment], &[String])> = None;
    loop {
        match (template, path) {
            ([], []) => return true,
            ([Segment::Wildcard, rest @ ..], _) => {
                last_wildcard = Some((rest, path));
                template = rest;
            }
            ([first, rest @ ..], [segment, others @ ..]) if first.matches(segment) => {
                (template, path) = (rest, others);
            }
            _ => {
                let Some((rest, [_, shorter @ ..])) = last_wildcard else { return false };
                last_wildcard = Some((rest, shorter));
                (template, path) = (rest, shorter);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(template: &str, path: &str) -> bool {
        let path: Vec<String> = segments(path).map(str::to_owned).collect();
        segments_match(&Route::new(template).segments, &path)
    }

    #[test]
    fn paths_match_templates() {
        for (template, path, expected) in [
            ("/", "/", true),
            ("/things/{Id}", "/things/7", true),
            ("/things/[Id]/", "/things/7", true),
            ("/things/{Id}", "/things/", false),
            ("/things/{Id}", "/things/7/8", false),
            ("/things/{Id}:stop", "/things/7:stop", true),
            ("/things/{Id}:stop", "/things/:stop", false),
            ("/things/{Id}:stop", "/things/7", false),
            ("/api/*/{Id}", "/api/a/b/c", true),
            ("/api/*/{Id}", "/api/a", true),
            ("/api/*/{Id}", "/api", false),
            ("/things?acl", "/things", true),
            ("/*/a/*/b", "/x/a/b/a/y/b", true),
            ("/*/a/*/b", "/x/a/b/a/y/c", false),
            ("/*/a/b", "/a/a/b", true),
            ("/*", "/", true),
            ("/*/*", "/a/b/c", true),
        ] {
            assert_eq!(matches(template, path), expected, "{template} {path}");
        }
    }

    #[test]
    fn the_more_specific_template_is_preferred() {
        let literal = Route::new("/things/all").specificity();
        assert!(literal > Route::new("/things/{Id}").specificity());
        assert!(Route::new("/?acl").specificity() > Route::new("/").specificity());
        assert!(Route::new("/a/{Id}").specificity() > Route::new("/*/{Id}").specificity());
    }
}
