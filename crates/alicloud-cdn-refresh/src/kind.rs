//! What a URL stands for.

use std::fmt;

use alicloud_cdn::model::RefreshTarget;
use serde::{Deserialize, Serialize};

/// What is refreshed or preloaded: how the service reads a URL.
///
/// ```
/// use alicloud_cdn_refresh::TargetKind;
///
/// assert_eq!("ignore-params".parse(), Ok(TargetKind::IgnoreParams));
/// assert_eq!(TargetKind::IgnoreParams.to_string(), "ignore-params");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TargetKind {
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

impl TargetKind {
    /// All of them.
    pub const ALL: [TargetKind; 6] = [
        TargetKind::File,
        TargetKind::Directory,
        TargetKind::Regex,
        TargetKind::IgnoreParams,
        TargetKind::CacheTag,
        TargetKind::Preload,
    ];

    /// Its name, as in `--kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetKind::File => "file",
            TargetKind::Directory => "directory",
            TargetKind::Regex => "regex",
            TargetKind::IgnoreParams => "ignore-params",
            TargetKind::CacheTag => "cache-tag",
            TargetKind::Preload => "preload",
        }
    }

    /// What the list of tasks calls it. It has no name for what a cache tag stands for.
    pub(crate) fn listed_as(self) -> Option<&'static str> {
        match self {
            TargetKind::File => Some("file"),
            TargetKind::Directory => Some("directory"),
            TargetKind::Regex => Some("regex"),
            TargetKind::IgnoreParams => Some("IgnoreParams"),
            TargetKind::Preload => Some("preload"),
            TargetKind::CacheTag => None,
        }
    }

    /// What the list of tasks calls so, if it is known.
    pub(crate) fn listed(name: &str) -> Option<TargetKind> {
        // The English pages have a name of their own for it.
        if name.eq_ignore_ascii_case("ExQuery") {
            return Some(TargetKind::IgnoreParams);
        }
        let is_called =
            |kind: &TargetKind| kind.listed_as().is_some_and(|own| own.eq_ignore_ascii_case(name));
        TargetKind::ALL.into_iter().find(is_called)
    }

    /// How messages call one or several of it.
    pub(crate) fn noun(self, count: usize) -> &'static str {
        match (self, count) {
            (TargetKind::File, 1) => "file",
            (TargetKind::File, _) => "files",
            (TargetKind::Directory, 1) => "directory",
            (TargetKind::Directory, _) => "directories",
            (TargetKind::Regex, 1) => "regular expression",
            (TargetKind::Regex, _) => "regular expressions",
            (TargetKind::IgnoreParams, 1) => "parameterless URL",
            (TargetKind::IgnoreParams, _) => "parameterless URLs",
            (TargetKind::CacheTag, 1) => "cache tag",
            (TargetKind::CacheTag, _) => "cache tags",
            (TargetKind::Preload, 1) => "preload",
            (TargetKind::Preload, _) => "preloads",
        }
    }

    /// What `RefreshObjectCaches` calls it; nothing for what goes through another operation.
    pub(crate) fn refresh_kind(self) -> Option<RefreshTarget> {
        match self {
            TargetKind::File => Some(RefreshTarget::File),
            TargetKind::Directory => Some(RefreshTarget::Directory),
            TargetKind::Regex => Some(RefreshTarget::Regex),
            TargetKind::IgnoreParams => Some(RefreshTarget::IgnoreParams),
            TargetKind::CacheTag | TargetKind::Preload => None,
        }
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for TargetKind {
    type Err = UnknownTargetKind;

    fn from_str(text: &str) -> Result<Self, UnknownTargetKind> {
        let known =
            TargetKind::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text));
        known.ok_or_else(|| UnknownTargetKind(text.to_owned()))
    }
}

/// A text that is no [`TargetKind`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTargetKind(String);

impl fmt::Display for UnknownTargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = TargetKind::ALL.map(TargetKind::as_str).join(", ");
        write!(f, "{:?} is no kind of object: it is one of {known}", self.0)
    }
}

impl std::error::Error for UnknownTargetKind {}
