//! How much goes into one call.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// How much the service takes in one call, as a plan keeps it.
///
/// The default is what the documentation says of an ordinary account. Its pages disagree with each
/// other and accounts get other limits on request, so everything can be set, in a configuration file too:
/// what it leaves out is the default.
///
/// ```
/// use alicloud_cdn_refresh::{Kind, Limits, Planner};
///
/// let limits = Limits::default().in_a_call(Kind::File, 500);
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
    pub fn in_a_call(mut self, kind: Kind, objects: usize) -> Self {
        *self.of_kind(kind) = objects;
        self
    }

    /// How many characters a URL may have: 1,024 for a preload, as documented; 4,096 for a refresh, for
    /// which nothing is documented and above which a URL is more likely a mistake.
    #[must_use]
    pub fn longest(mut self, kind: Kind, characters: usize) -> Self {
        match kind {
            Kind::Preload => self.longest_preload = characters,
            _ => self.longest_refresh = characters,
        }
        self
    }

    /// How many inputs a plan takes: 100,000, the length of the service's queue of preloads.
    #[must_use]
    pub fn inputs(mut self, inputs: usize) -> Self {
        self.inputs = inputs;
        self
    }

    pub(crate) fn most_inputs(&self) -> usize {
        self.inputs
    }

    /// How many objects of a kind go into one call.
    pub fn most_in_a_call(&self, kind: Kind) -> usize {
        // Here and not where it is set, for it can come out of a file.
        (*self.clone().of_kind(kind)).clamp(1, if kind == Kind::Preload { 100 } else { 1_000 })
    }

    pub(crate) fn longest_of(&self, kind: Kind) -> usize {
        match kind {
            Kind::Preload => self.longest_preload,
            _ => self.longest_refresh,
        }
    }

    fn of_kind(&mut self, kind: Kind) -> &mut usize {
        match kind {
            Kind::File => &mut self.files,
            Kind::Directory => &mut self.directories,
            Kind::Regex => &mut self.regexes,
            Kind::IgnoreParams => &mut self.ignore_params,
            Kind::CacheTag => &mut self.cache_tags,
            Kind::Preload => &mut self.preloads,
        }
    }
}
