//! Inputs that a plan does not send, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::normalize::normalize_url;

/// An input that is not sent because the service would reject the whole call for it, or would
/// misinterpret it.
///
/// `Display` shows the input, what is wrong with it and what to write instead.
///
/// ```
/// use alicloud_cdn_refresh::Plan;
///
/// let plan = Plan::refresh(["example.com/a.jpg"]);
/// assert_eq!(
///     plan.invalid_inputs()[0].to_string(),
///     r#""example.com/a.jpg" has no scheme; write https://example.com/a.jpg"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InvalidInput {
    /// Zero-based index of the input.
    pub index: usize,
    /// The input as passed, except that a user name and password before the host are masked.
    pub input: String,
    /// What is wrong with it.
    #[serde(flatten)]
    pub reason: InvalidReason,
}

impl InvalidInput {
    /// Masks everything before an `@` in the authority: it may be a password.
    pub(crate) fn new(index: usize, input: &str, reason: InvalidReason) -> Self {
        let scheme_length = input.find("://").map_or(0, |position| position + 3);
        let after_scheme = input.get(scheme_length..).unwrap_or_default();
        let authority_length = after_scheme.find(['/', '?', '#']).unwrap_or(after_scheme.len());
        let authority = after_scheme.get(..authority_length);
        let input = match authority.and_then(|authority| authority.rfind('@')) {
            Some(position) => {
                let (scheme, host) = (input.get(..scheme_length), after_scheme.get(position..));
                format!("{}***{}", scheme.unwrap_or_default(), host.unwrap_or_default())
            }
            None => input.to_owned(),
        };
        InvalidInput { index, input, reason }
    }

    /// Returns the input with `https://` in front, if that makes it valid.
    fn with_scheme(&self) -> Option<String> {
        if self.reason != InvalidReason::NoScheme {
            return None;
        }
        let url = format!("https://{}", self.input.trim());
        normalize_url(&url, None).is_ok().then_some(url)
    }
}

/// What is wrong with an input.
///
/// `Display` is a predicate for the input, such as `has no host; write https://host/path`.
///
/// ```
/// use alicloud_cdn_refresh::{InvalidReason, Plan};
///
/// let plan = Plan::refresh(["https:///a.jpg"]);
/// assert_eq!(plan.invalid_inputs()[0].reason, InvalidReason::NoHost);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InvalidReason {
    /// Empty, or only whitespace.
    Empty,
    /// Does not start with `http://` or `https://`.
    NoScheme,
    /// A scheme other than `http` and `https`.
    UnsupportedScheme {
        /// The scheme.
        scheme: String,
    },
    /// No host between the scheme and the path.
    NoHost,
    /// The host is not a domain name with an optional port.
    InvalidHost {
        /// The host, with its port.
        host: String,
    },
    /// The domain is not in the list of [`Planner::only_domains`](crate::Planner::only_domains).
    DomainNotAllowed {
        /// The domain.
        domain: String,
    },
    /// A user name, and perhaps a password, before the host.
    UserInfo,
    /// Whitespace inside.
    Whitespace,
    /// A line break inside. The service would read two URLs.
    LineBreak,
    /// A control character inside.
    ControlCharacter,
    /// A fragment (`#…`), which clients never send to a server.
    Fragment,
    /// A directory with a query string.
    DirectoryWithQuery,
    /// No regular expression after the host.
    NoPattern,
    /// A comma, which separates cache tags.
    CommaInTag,
    /// Longer than the [limit](crate::Limits::max_url_length).
    TooLong {
        /// Length in characters.
        characters: usize,
        /// Maximum length in characters.
        limit: usize,
    },
    /// Beyond the maximum number of [inputs](crate::Limits::max_inputs).
    TooManyInputs {
        /// Maximum number of inputs.
        limit: usize,
    },
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidReason::Empty => f.write_str("is empty; remove it"),
            InvalidReason::NoScheme => {
                f.write_str("has no scheme; write https:// or http:// before the host")
            }
            InvalidReason::UnsupportedScheme { scheme } => {
                write!(f, "has the scheme {scheme:?}; use https or http")
            }
            InvalidReason::NoHost => f.write_str("has no host; write https://host/path"),
            InvalidReason::InvalidHost { host } => {
                write!(f, "has the host {host:?}, which is not a domain name; correct it")
            }
            InvalidReason::DomainNotAllowed { domain } => write!(
                f,
                "belongs to {domain}, which is not an allowed domain; correct the URL, or allow the \
                 domain (only_domains, --domain {domain})"
            ),
            InvalidReason::UserInfo => f.write_str("has a user name before the host; remove it"),
            InvalidReason::Whitespace => f.write_str(
                "contains whitespace; write %20 for a space, and each URL on its own line",
            ),
            InvalidReason::LineBreak => {
                f.write_str("contains a line break; pass each URL separately")
            }
            InvalidReason::ControlCharacter => {
                f.write_str("contains a control character; remove it, or write it as %XX")
            }
            InvalidReason::Fragment => f.write_str(
                "has a fragment, which is never sent to a server; remove the part from #, or write %23 \
                 for a # in the path",
            ),
            InvalidReason::DirectoryWithQuery => {
                f.write_str("is a directory with a query string; remove the part from ?")
            }
            InvalidReason::NoPattern => {
                f.write_str("has no pattern after the host; add a regular expression")
            }
            InvalidReason::CommaInTag => {
                f.write_str("contains a comma, which separates tags; pass each tag separately")
            }
            InvalidReason::TooLong { characters, limit } => write!(
                f,
                "is {characters} characters long and the maximum is {limit}; shorten it, or refresh its \
                 directory"
            ),
            InvalidReason::TooManyInputs { limit } => write!(
                f,
                "exceeds the maximum of {limit} inputs; refresh directories instead of files, or split \
                 the list"
            ),
        }
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_CHARACTERS_SHOWN: usize = 120;
        // `{:?}` escapes control characters, which must not reach a terminal.
        if let Some((end, _)) = self.input.char_indices().nth(MAX_CHARACTERS_SHOWN) {
            let start = self.input.get(..end).unwrap_or_default();
            return write!(f, "{start:?}… {}", self.reason);
        }
        match self.with_scheme() {
            Some(url) => write!(f, "{:?} has no scheme; write {url}", self.input),
            None => write!(f, "{:?} {}", self.input, self.reason),
        }
    }
}
