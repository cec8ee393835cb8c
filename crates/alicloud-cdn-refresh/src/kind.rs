//! What a URL or cache tag selects.

use std::fmt;

use alicloud_cdn::model::{RefreshTarget, TaskKind};
use serde::{Deserialize, Serialize};

/// What an input selects, and whether it is refreshed or preloaded.
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
    /// Refreshes one object.
    File,
    /// Refreshes everything under a URL that ends with a slash.
    Directory,
    /// Refreshes everything whose path matches the regular expression after the host.
    Regex,
    /// Refreshes all variants of a URL that differ only in the query string.
    IgnoreParams,
    /// Refreshes everything in one domain that has a cache tag.
    CacheTag,
    /// Preloads one object: fills the caches before the first request for it.
    Preload,
}

impl TargetKind {
    /// All kinds.
    ///
    /// ```
    /// use alicloud_cdn_refresh::TargetKind;
    ///
    /// assert!(TargetKind::ALL.iter().all(|kind| kind.as_str().parse() == Ok(*kind)));
    /// ```
    pub const ALL: [TargetKind; 6] = [
        TargetKind::File,
        TargetKind::Directory,
        TargetKind::Regex,
        TargetKind::IgnoreParams,
        TargetKind::CacheTag,
        TargetKind::Preload,
    ];

    /// Returns the name of the kind, as `--kind` accepts it.
    ///
    /// ```
    /// use alicloud_cdn_refresh::TargetKind;
    ///
    /// assert_eq!(TargetKind::CacheTag.as_str(), "cache-tag");
    /// ```
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

    /// Returns the kind in the task list, or `None` for cache tags: the list shows the objects that have
    /// the tag instead.
    pub(crate) fn task_kind(self) -> Option<TaskKind> {
        match self {
            TargetKind::File => Some(TaskKind::File),
            TargetKind::Directory => Some(TaskKind::Directory),
            TargetKind::Regex => Some(TaskKind::Regex),
            TargetKind::IgnoreParams => Some(TaskKind::IgnoreParams),
            TargetKind::Preload => Some(TaskKind::Preload),
            TargetKind::CacheTag => None,
        }
    }

    /// Returns the kind of a task in the list, or `None` for kinds without a counterpart.
    pub(crate) fn from_task_kind(kind: &TaskKind) -> Option<TargetKind> {
        match kind.normalize() {
            TaskKind::File => Some(TargetKind::File),
            TaskKind::Directory => Some(TargetKind::Directory),
            TaskKind::Regex => Some(TargetKind::Regex),
            TaskKind::IgnoreParams => Some(TargetKind::IgnoreParams),
            TaskKind::Preload => Some(TargetKind::Preload),
            // The English documentation of the service uses this name for `IgnoreParams`.
            TaskKind::Unknown(name) if name.as_str().eq_ignore_ascii_case("ExQuery") => {
                Some(TargetKind::IgnoreParams)
            }
            _ => None,
        }
    }

    /// Returns the noun for this many objects of the kind, for messages.
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

    /// Returns the kind as a parameter of `RefreshObjectCaches`, or `None` for kinds that have their
    /// own operation.
    pub(crate) fn refresh_target(self) -> Option<RefreshTarget> {
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

/// Error of parsing a [`TargetKind`]: the text is not the name of a kind.
///
/// ```
/// use alicloud_cdn_refresh::TargetKind;
///
/// let error = "planet".parse::<TargetKind>().unwrap_err();
/// assert!(error.to_string().starts_with(r#""planet" is not a kind; use file, directory, "#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTargetKind(String);

impl fmt::Display for UnknownTargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [others @ .., last] = TargetKind::ALL.map(TargetKind::as_str);
        write!(f, "{:?} is not a kind; use {} or {last}", self.0, others.join(", "))
    }
}

impl std::error::Error for UnknownTargetKind {}
