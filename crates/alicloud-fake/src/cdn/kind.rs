//! Kinds of objects and their limits.

use super::QuotaKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ObjectKind {
    File,
    Directory,
    Regex,
    IgnoreParams,
    Preload,
    CacheTag,
}

impl ObjectKind {
    /// Returns the `ObjectType` of a task.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Regex => "regex",
            Self::IgnoreParams => "IgnoreParams",
            Self::Preload => "preload",
            Self::CacheTag => "CacheTag",
        }
    }

    /// Parses the `ObjectType` of `RefreshObjectCaches`.
    ///
    /// The Chinese and the English documentation have different names for the last one.
    pub(crate) fn from_refresh_type(text: &str) -> Option<Self> {
        let is = |name: &str| text.eq_ignore_ascii_case(name);
        [
            (Self::File, is("File")),
            (Self::Directory, is("Directory")),
            (Self::Regex, is("Regex")),
            (Self::IgnoreParams, is("IgnoreParams") || is("ExQuery")),
        ]
        .into_iter()
        .find_map(|(kind, matches)| matches.then_some(kind))
    }

    /// Returns whether a list can be filtered by this `ObjectType`. The simulation never creates
    /// `block` and `unblock`.
    pub(crate) fn is_known(text: &str) -> bool {
        ["file", "directory", "regex", "IgnoreParams", "ExQuery", "preload", "CacheTag"]
            .into_iter()
            .chain(["block", "unblock"])
            .any(|name| text.eq_ignore_ascii_case(name))
    }

    /// Returns the maximum number of objects in one call.
    pub(crate) fn max_per_call(self) -> usize {
        match self {
            Self::File | Self::CacheTag => 1_000,
            Self::Directory | Self::IgnoreParams | Self::Preload => 100,
            Self::Regex => 1,
        }
    }

    /// Returns the maximum number of objects that share a task id.
    pub(crate) fn max_per_task_id(self) -> usize {
        match self {
            Self::Preload => 500,
            _ => 2_000,
        }
    }

    /// Returns the daily quota that the object counts against.
    pub(crate) fn quota_kind(self) -> QuotaKind {
        match self {
            Self::File | Self::CacheTag => QuotaKind::Files,
            Self::Directory => QuotaKind::Directories,
            Self::Regex => QuotaKind::Regexes,
            Self::IgnoreParams => QuotaKind::IgnoreParams,
            Self::Preload => QuotaKind::Preloads,
        }
    }
}
