//! Why an input is not planned.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An input that is not sent, because the service would refuse the whole call for it or would take it
/// for something else than was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InvalidInput {
    /// How many inputs came before it.
    pub index: usize,
    /// The input as it was given, but for a user and a password before the host.
    pub input: String,
    /// What is wrong with it.
    #[serde(flatten)]
    pub reason: InvalidReason,
}

impl InvalidInput {
    /// With what stands before an `@` of the authority hidden: it may be a password.
    pub(crate) fn new(index: usize, input: &str, reason: InvalidReason) -> Self {
        let from = input.find("://").map_or(0, |scheme| scheme + 3);
        let behind = input.get(from..).unwrap_or_default();
        let authority = behind.get(..behind.find(['/', '?', '#']).unwrap_or(behind.len()));
        let input = match authority.and_then(|authority| authority.rfind('@')) {
            Some(at) => {
                let (scheme, rest) = (input.get(..from), behind.get(at..));
                format!("{}***{}", scheme.unwrap_or_default(), rest.unwrap_or_default())
            }
            None => input.to_owned(),
        };
        InvalidInput { index, input, reason }
    }
}

/// What is wrong with an input. Its `Display` says that and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InvalidReason {
    /// Nothing but blanks.
    Empty,
    /// No `http://` or `https://` in front.
    NoScheme,
    /// A scheme that no cache serves.
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// Nothing between the scheme and the path.
    NoHost,
    /// Not the name of a domain.
    Host {
        /// What stands in its place.
        host: String,
    },
    /// Not one of the domains that the plan is for.
    OtherDomain {
        /// The domain.
        domain: String,
    },
    /// A name and perhaps a password before the host.
    UserInfo,
    /// A blank inside.
    Blank,
    /// A line break inside. It would make two URLs of one.
    LineBreak,
    /// A control character inside.
    Control,
    /// A part behind `#`, which no server ever sees.
    Fragment,
    /// Something behind a `?`, which a directory does not have.
    QueryOfDirectory,
    /// Nothing to match behind the host.
    NoPattern,
    /// A comma, with which the service separates tags.
    CommaInTag,
    /// More characters than the service takes.
    TooLong {
        /// How many there are.
        characters: usize,
        /// How many there may be.
        limit: usize,
    },
    /// One more than a plan may have.
    TooMany {
        /// How many there may be.
        limit: usize,
    },
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidReason::Empty => f.write_str("is empty: leave it out"),
            InvalidReason::NoScheme => {
                f.write_str("has no scheme: write http:// or https:// in front of the host")
            }
            InvalidReason::Scheme { scheme } => {
                write!(f, "begins with {scheme:?}, which no cache serves: use http or https")
            }
            InvalidReason::NoHost => f.write_str("has no host: write https://host/path"),
            InvalidReason::Host { host } => {
                write!(f, "has the host {host:?}, which is not the name of a domain: correct it")
            }
            InvalidReason::OtherDomain { domain } => write!(
                f,
                "belongs to {domain}, which is not among the domains that were input: correct the \
                 URL or name that domain, too"
            ),
            InvalidReason::UserInfo => f.write_str("has a user before the host: take it out"),
            InvalidReason::Blank => f.write_str(
                "has a blank inside: write %20 where it belongs to the URL, and each URL on a line \
                 of its own",
            ),
            InvalidReason::LineBreak => {
                f.write_str("has a line break inside: give each URL on its own")
            }
            InvalidReason::Control => {
                f.write_str("has a control character inside: take it out or write it as %XX")
            }
            InvalidReason::Fragment => f.write_str(
                "has a part behind #, which no server sees: take it out, or write %23 where it \
                 belongs to the path",
            ),
            InvalidReason::QueryOfDirectory => {
                f.write_str("is a directory with something behind ?: take that out")
            }
            InvalidReason::NoPattern => {
                f.write_str("has nothing to match behind the host: add a regular expression")
            }
            InvalidReason::CommaInTag => {
                f.write_str("has a comma, which separates tags: give each tag on its own")
            }
            InvalidReason::TooLong { characters, limit } => write!(
                f,
                "is {characters} characters long and at most {limit} are taken: shorten it, \
                 or refresh its directory"
            ),
            InvalidReason::TooMany { limit } => write!(
                f,
                "is one of more than {limit} inputs: refresh directories instead of files, or make \
                 several runs"
            ),
        }
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 120;
        // `{:?}` shows what a terminal must not get: control characters.
        match self.input.char_indices().nth(SHOWN) {
            Some((end, _)) => {
                write!(f, "{:?}… {}", self.input.get(..end).unwrap_or_default(), self.reason)
            }
            None => write!(f, "{:?} {}", self.input, self.reason),
        }
    }
}
