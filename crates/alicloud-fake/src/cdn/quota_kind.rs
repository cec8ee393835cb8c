//! The daily quotas.

/// A daily quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum QuotaKind {
    /// Also counts cache tags.
    Files,
    Directories,
    Regexes,
    IgnoreParams,
    Preloads,
}
