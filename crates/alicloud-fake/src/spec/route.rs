//! Path templates.

use crate::params;
use crate::request::{Incoming, lossy};

#[derive(Debug)]
pub(crate) struct Route {
    segments: Vec<Segment>,
    /// Parameters that are part of the template, as `acl` in `/things?acl`.
    query: Vec<params::Pair>,
}

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// `{Id}`, with what stands around it.
    Any {
        before: String,
        after: String,
    },
    /// `*`, which stands for any number of segments.
    Many,
}

impl Segment {
    fn new(text: &str) -> Self {
        if text == "*" {
            return Self::Many;
        }
        // A few documents have brackets where braces are meant.
        for (open, close) in [('{', '}'), ('[', ']')] {
            if let Some((before, rest)) = text.split_once(open)
                && let Some((_, after)) = rest.split_once(close)
            {
                return Self::Any { before: before.to_owned(), after: after.to_owned() };
            }
        }
        Self::Literal(text.to_owned())
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == text,
            Self::Any { before, after } => text
                .strip_prefix(before.as_str())
                .and_then(|rest| rest.strip_suffix(after.as_str()))
                .is_some_and(|value| !value.is_empty()),
            Self::Many => true,
        }
    }

    fn literal_length(&self) -> usize {
        match self {
            Self::Literal(literal) => literal.len() + 1,
            Self::Any { before, after } => before.len() + after.len(),
            Self::Many => 0,
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

    pub(super) fn leads(&self, request: &Incoming) -> bool {
        let path: Vec<String> = segments(&request.path)
            .map(|segment| lossy(&params::decode_segment(segment.as_bytes())))
            .collect();
        fit(&self.segments, &path)
            && self.query.iter().all(|wanted| request.query_pairs.contains(wanted))
    }

    /// More of it for a template that leaves less open.
    pub(super) fn precision(&self) -> usize {
        self.segments.iter().map(Segment::literal_length).sum::<usize>() + self.query.len()
    }
}

/// A slash at the end makes no difference.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Goes back to the last `*` alone: what an earlier one could take more, that one can take too. No
/// recursion, since anybody can send a path of any length.
fn fit(mut template: &[Segment], mut path: &[String]) -> bool {
    let mut last: Option<(&[Segment], &[String])> = None;
    loop {
        match (template, path) {
            ([], []) => return true,
            ([Segment::Many, rest @ ..], _) => {
                last = Some((rest, path));
                template = rest;
            }
            ([first, rest @ ..], [segment, others @ ..]) if first.fits(segment) => {
                (template, path) = (rest, others);
            }
            _ => {
                let Some((after, [_, shorter @ ..])) = last else { return false };
                last = Some((after, shorter));
                (template, path) = (after, shorter);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(template: &str, path: &str) -> bool {
        let path: Vec<String> = segments(path).map(str::to_owned).collect();
        fit(&Route::new(template).segments, &path)
    }

    #[test]
    fn templates_of_all_documents_are_understood() {
        for (template, path, leads_there) in [
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
            assert_eq!(leads(template, path), leads_there, "{template} {path}");
        }
    }

    #[test]
    fn the_more_exact_template_is_preferred() {
        let exact = Route::new("/things/all").precision();
        assert!(exact > Route::new("/things/{Id}").precision());
        assert!(Route::new("/?acl").precision() > Route::new("/").precision());
        assert!(Route::new("/a/{Id}").precision() > Route::new("/*/{Id}").precision());
    }
}
