//! What a URL stands for.

use std::fmt;

use alicloud_cdn::model::RefreshKind;
use serde::{Deserialize, Serialize};

/// What is refreshed or preloaded: how the service reads a URL.
///
/// ```
/// use alicloud_cdn_refresh::Kind;
///
/// assert_eq!("ignore-params".parse(), Ok(Kind::IgnoreParams));
/// assert_eq!(Kind::IgnoreParams.to_string(), "ignore-params");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// One object is refreshed.
    File,
    /// Everything under a URL that ends with a slash is refreshed.
    Directory,
    /// Everything that matches a regular expression behind a host is refreshed.
    Regex,
    /// Everything that differs from a URL only behind the question mark is refreshed.
    IgnoreParams,
    /// Everything that carries a cache tag is refreshed, in one domain.
    CacheTag,
    /// One object is brought to the caches before a visitor asks for it.
    Preload,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 6] = [
        Kind::File,
        Kind::Directory,
        Kind::Regex,
        Kind::IgnoreParams,
        Kind::CacheTag,
        Kind::Preload,
    ];

    /// Its name, as in `--kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Directory => "directory",
            Kind::Regex => "regex",
            Kind::IgnoreParams => "ignore-params",
            Kind::CacheTag => "cache-tag",
            Kind::Preload => "preload",
        }
    }

    /// What the list of tasks calls it. It has no name for what a cache tag stands for.
    pub(crate) fn listed_as(self) -> Option<&'static str> {
        match self {
            Kind::File => Some("file"),
            Kind::Directory => Some("directory"),
            Kind::Regex => Some("regex"),
            Kind::IgnoreParams => Some("IgnoreParams"),
            Kind::Preload => Some("preload"),
            Kind::CacheTag => None,
        }
    }

    /// What the list of tasks calls so, if it is known.
    pub(crate) fn listed(name: &str) -> Option<Kind> {
        // The English pages have a name of their own for it.
        if name.eq_ignore_ascii_case("ExQuery") {
            return Some(Kind::IgnoreParams);
        }
        let is_called =
            |kind: &Kind| kind.listed_as().is_some_and(|own| own.eq_ignore_ascii_case(name));
        Kind::ALL.into_iter().find(is_called)
    }

    /// How messages call one or several of it.
    pub(crate) fn noun(self, count: usize) -> &'static str {
        match (self, count) {
            (Kind::File, 1) => "file",
            (Kind::File, _) => "files",
            (Kind::Directory, 1) => "directory",
            (Kind::Directory, _) => "directories",
            (Kind::Regex, 1) => "regular expression",
            (Kind::Regex, _) => "regular expressions",
            (Kind::IgnoreParams, 1) => "parameterless URL",
            (Kind::IgnoreParams, _) => "parameterless URLs",
            (Kind::CacheTag, 1) => "cache tag",
            (Kind::CacheTag, _) => "cache tags",
            (Kind::Preload, 1) => "preload",
            (Kind::Preload, _) => "preloads",
        }
    }

    /// What `RefreshObjectCaches` calls it; nothing for what goes through another operation.
    pub(crate) fn refresh_kind(self) -> Option<RefreshKind> {
        match self {
            Kind::File => Some(RefreshKind::File),
            Kind::Directory => Some(RefreshKind::Directory),
            Kind::Regex => Some(RefreshKind::Regex),
            Kind::IgnoreParams => Some(RefreshKind::IgnoreParams),
            Kind::CacheTag | Kind::Preload => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let known = Kind::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text));
        known.ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// A text that is no [`Kind`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKind(String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Kind::ALL.map(Kind::as_str).join(", ");
        write!(f, "{:?} is no kind of object: it is one of {known}", self.0)
    }
}

impl std::error::Error for UnknownKind {}
