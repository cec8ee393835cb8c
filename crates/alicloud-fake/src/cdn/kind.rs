//! What kinds of objects there are, and how many of each go together.

use crate::simulation::Allowance;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    File,
    Directory,
    Regex,
    IgnoreParams,
    Preload,
    CacheTag,
}

impl Kind {
    /// As it stands in a task.
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

    /// What `RefreshObjectCaches` takes. The Chinese and the English documentation have different
    /// words for the last one.
    pub(super) fn of_refresh(text: &str) -> Option<Self> {
        let is = |name: &str| text.eq_ignore_ascii_case(name);
        [
            (Self::File, is("File")),
            (Self::Directory, is("Directory")),
            (Self::Regex, is("Regex")),
            (Self::IgnoreParams, is("IgnoreParams") || is("ExQuery")),
        ]
        .into_iter()
        .find_map(|(kind, named)| named.then_some(kind))
    }

    /// What a list can be narrowed to. `block` and `unblock` are kinds that nothing here creates.
    pub(super) fn is_known(text: &str) -> bool {
        ["file", "directory", "regex", "IgnoreParams", "ExQuery", "preload", "CacheTag"]
            .into_iter()
            .chain(["block", "unblock"])
            .any(|name| text.eq_ignore_ascii_case(name))
    }

    /// The most objects of one call.
    pub(super) fn most_of_a_call(self) -> usize {
        match self {
            Self::File | Self::CacheTag => 1_000,
            Self::Directory | Self::IgnoreParams | Self::Preload => 100,
            Self::Regex => 1,
        }
    }

    /// The most objects that share one task id.
    pub(crate) fn most_of_an_id(self) -> usize {
        match self {
            Self::Preload => 500,
            _ => 2_000,
        }
    }

    /// What the object is counted against each day.
    pub(crate) fn allowance(self) -> Allowance {
        match self {
            Self::File | Self::CacheTag => Allowance::Files,
            Self::Directory => Allowance::Directories,
            Self::Regex => Allowance::Regexes,
            Self::IgnoreParams => Allowance::IgnoreParams,
            Self::Preload => Allowance::Preloads,
        }
    }
}
