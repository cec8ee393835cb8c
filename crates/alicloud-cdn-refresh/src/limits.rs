//! How much goes into one call.

use serde::{Deserialize, Serialize};

use crate::kind::TargetKind;

/// How much the service takes in one call, as a plan keeps it.
///
/// The default is what the documentation says of an ordinary account. Its pages disagree with each
/// other and accounts get other limits on request, so everything can be set, in a configuration file too:
/// what it leaves out is the default.
///
/// ```
/// use alicloud_cdn_refresh::{TargetKind, Limits, Planner};
///
/// let limits = Limits::default().batch_size(TargetKind::File, 500);
/// let urls = (0..1200).map(|n| format!("https://example.com/{n}.js"));
/// let plan = Planner::new().limits(limits).refresh(urls).plan();
/// assert_eq!(plan.calls().len(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    files: usize,
    directories: usize,
    regexes: usize,
    ignore_params: usize,
    cache_tags: usize,
    preloads: usize,
    longest_refresh: usize,
    longest_preload: usize,
    inputs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            files: 1_000,
            directories: 100,
            regexes: 1,
            ignore_params: 100,
            cache_tags: 1_000,
            preloads: 100,
            longest_refresh: 4_096,
            longest_preload: 1_024,
            inputs: 100_000,
        }
    }
}

impl Limits {
    /// How many objects of a kind go into one call; 0 counts as 1. By default 1,000 files, 100
    /// directories, 1 regular expression, 100 parameterless URLs, 1,000 cache tags, 100 preloads. No
    /// refresh takes more than 1,000 and no preload more than 100, so a greater number counts as that.
    #[must_use]
    pub fn batch_size(mut self, kind: TargetKind, objects: usize) -> Self {
        *self.of_kind(kind) = objects;
        self
    }

    /// How many characters a URL may have: 1,024 for a preload, as documented; 4,096 for a refresh, for
    /// which nothing is documented and above which a URL is more likely a mistake.
    #[must_use]
    pub fn max_url_length(mut self, kind: TargetKind, characters: usize) -> Self {
        match kind {
            TargetKind::Preload => self.longest_preload = characters,
            _ => self.longest_refresh = characters,
        }
        self
    }

    /// How many inputs a plan takes: 100,000, the length of the service's queue of preloads.
    #[must_use]
    pub fn max_inputs(mut self, inputs: usize) -> Self {
        self.inputs = inputs;
        self
    }

    pub(crate) fn most_inputs(&self) -> usize {
        self.inputs
    }

    /// How many objects of a kind go into one call.
    pub fn batch_size_of(&self, kind: TargetKind) -> usize {
        // Here and not where it is set, for it can come out of a file.
        (*self.clone().of_kind(kind))
            .clamp(1, if kind == TargetKind::Preload { 100 } else { 1_000 })
    }

    pub(crate) fn longest_of(&self, kind: TargetKind) -> usize {
        match kind {
            TargetKind::Preload => self.longest_preload,
            _ => self.longest_refresh,
        }
    }

    fn of_kind(&mut self, kind: TargetKind) -> &mut usize {
        match kind {
            TargetKind::File => &mut self.files,
            TargetKind::Directory => &mut self.directories,
            TargetKind::Regex => &mut self.regexes,
            TargetKind::IgnoreParams => &mut self.ignore_params,
            TargetKind::CacheTag => &mut self.cache_tags,
            TargetKind::Preload => &mut self.preloads,
        }
    }
}
