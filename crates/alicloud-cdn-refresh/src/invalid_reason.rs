//! Why a plan does not send an input.

use std::fmt;

use serde::{Deserialize, Serialize};

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
    /// Two URLs that are not on separate lines, such as `https://host/a,https://host/b`. A URL in a
    /// path or query, such as `https://host/proxy/https://host/a`, is valid.
    SecondUrl,
    /// A control character inside.
    ControlCharacter,
    /// A character inside that no screen shows, such as a zero-width space or a byte order mark.
    InvisibleCharacter {
        /// The code point, such as `U+200B`.
        code_point: String,
    },
    /// An asterisk in a URL that is not a regular expression.
    Wildcard,
    /// A fragment (`#…`), which clients never send to a server.
    Fragment,
    /// A directory with a query string.
    DirectoryWithQuery,
    /// A preload of a path that ends with a slash. Only files can be preloaded.
    PreloadOfDirectory,
    /// No regular expression after the host.
    NoPattern,
    /// A regular expression with a bracket, parenthesis or brace that has no counterpart.
    UnbalancedPattern {
        /// The character without a counterpart.
        character: char,
    },
    /// A regular expression that ends with a backslash, which escapes nothing.
    TrailingBackslash,
    /// A comma, which separates cache tags.
    CommaInTag,
    /// Whitespace or a line break in a cache tag.
    WhitespaceInTag,
    /// A control character, or one that no screen shows, in a cache tag.
    InvisibleCharacterInTag,
    /// An asterisk in a cache tag, where it is no wildcard.
    WildcardInTag,
    /// A URL, or a cache tag that contains one.
    UrlInTag,
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
            InvalidReason::SecondUrl => f.write_str(
                "contains a second URL; pass each URL as its own argument or on its own line",
            ),
            InvalidReason::ControlCharacter => {
                f.write_str("contains a control character; remove it, or write it as %XX")
            }
            InvalidReason::InvisibleCharacter { code_point } => write!(
                f,
                "contains the invisible character {code_point}; remove it, or percent-encode it if it is \
                 part of the path"
            ),
            InvalidReason::Wildcard => f.write_str(
                "contains the wildcard *, which is only supported in regular expressions; refresh the \
                 directory (a URL that ends with /), use --kind regex, or write %2A for a literal \
                 asterisk",
            ),
            InvalidReason::Fragment => f.write_str(
                "has a fragment, which is never sent to a server; remove the part from #, or write %23 \
                 for a # in the path",
            ),
            InvalidReason::DirectoryWithQuery => {
                f.write_str("is a directory with a query string; remove the part from ?")
            }
            InvalidReason::PreloadOfDirectory => f.write_str(
                "is a directory, which cannot be preloaded; pass the URL of each file in it",
            ),
            InvalidReason::UnbalancedPattern { character } => write!(
                f,
                "has an unbalanced {character} in its pattern; add its counterpart, or write \\{character} \
                 for a literal one"
            ),
            InvalidReason::TrailingBackslash => f.write_str(
                "ends with a backslash that escapes nothing; remove it, or write \\\\ for a literal one",
            ),
            InvalidReason::NoPattern => {
                f.write_str("has no pattern after the host; add a regular expression")
            }
            InvalidReason::CommaInTag => {
                f.write_str("contains a comma, which separates tags; pass each tag separately")
            }
            InvalidReason::WhitespaceInTag => f.write_str(
                "contains whitespace; pass each tag as its own argument or on its own line",
            ),
            InvalidReason::InvisibleCharacterInTag => {
                f.write_str("contains an invisible character; remove it from the tag")
            }
            InvalidReason::WildcardInTag => f.write_str(
                "contains *, which is not a wildcard in cache tags; pass the full name of each tag",
            ),
            InvalidReason::UrlInTag => f.write_str(
                "contains a URL, which is not a cache tag; refresh it as another kind (--kind file)",
            ),
            InvalidReason::TooLong { characters, limit } => write!(
                f,
                "is {characters} characters long and the maximum is {limit}; correct it, or refresh the \
                 directory of a URL"
            ),
            InvalidReason::TooManyInputs { limit } => write!(
                f,
                "exceeds the maximum of {limit} inputs; refresh directories instead of files, or split \
                 the list"
            ),
        }
    }
}
