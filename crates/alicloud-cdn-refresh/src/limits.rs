//! Limits on the size of a call and of a plan.

use serde::{Deserialize, Serialize};

use crate::kind::TargetKind;

/// Limits that a plan keeps: the size of a call, the length of a URL, the number of inputs.
///
/// The defaults are the documented limits of an ordinary account. The service's documentation is not
/// consistent and accounts get other limits on request, so every limit can be set, also from a
/// configuration file: fields that the file omits keep their defaults.
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
    max_refresh_url_length: usize,
    max_preload_url_length: usize,
    max_inputs: usize,
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
            max_refresh_url_length: 4_096,
            max_preload_url_length: 1_024,
            max_inputs: 100_000,
        }
    }
}

impl Limits {
    /// Sets the maximum number of objects of a kind per call.
    ///
    /// Defaults to 1,000 files, 100 directories, 1 regular expression, 100 parameterless URLs, 1,000
    /// cache tags and 100 preloads. 0 counts as 1. The service never accepts more than 100 preloads or
    /// 1,000 objects of another kind in a call, so higher numbers count as these.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Limits, TargetKind};
    ///
    /// let limits = Limits::default().batch_size(TargetKind::Preload, 5_000);
    /// assert_eq!(limits.batch_size_of(TargetKind::Preload), 100);
    /// ```
    #[must_use]
    pub fn batch_size(mut self, kind: TargetKind, objects: usize) -> Self {
        *self.batch_size_mut(kind) = objects;
        self
    }

    /// Sets the maximum length of a URL or cache tag, in characters.
    ///
    /// Defaults to 1,024 for preloads, the documented limit, and to 4,096 for refreshes. No limit is
    /// documented for refreshes; a longer URL is probably a mistake. All refresh kinds share one limit.
    #[must_use]
    pub fn max_url_length(mut self, kind: TargetKind, characters: usize) -> Self {
        match kind {
            TargetKind::Preload => self.max_preload_url_length = characters,
            _ => self.max_refresh_url_length = characters,
        }
        self
    }

    /// Sets the maximum number of inputs of a plan.
    ///
    /// Defaults to 100,000, the length of the service's preload queue.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Limits, Planner};
    ///
    /// let urls = ["https://example.com/1", "https://example.com/2"];
    /// let plan = Planner::new().limits(Limits::default().max_inputs(1)).refresh(urls).plan();
    /// assert_eq!((plan.object_count(), plan.invalid_inputs().len()), (1, 1));
    /// ```
    #[must_use]
    pub fn max_inputs(mut self, inputs: usize) -> Self {
        self.max_inputs = inputs;
        self
    }

    pub(crate) fn input_limit(&self) -> usize {
        self.max_inputs
    }

    /// Returns the maximum number of objects of a kind per call.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Limits, TargetKind};
    ///
    /// assert_eq!(Limits::default().batch_size_of(TargetKind::Directory), 100);
    /// ```
    pub fn batch_size_of(&self, kind: TargetKind) -> usize {
        // Clamped here and not in the setter because the number can come from a file.
        (*self.clone().batch_size_mut(kind))
            .clamp(1, if kind == TargetKind::Preload { 100 } else { 1_000 })
    }

    pub(crate) fn max_url_length_of(&self, kind: TargetKind) -> usize {
        match kind {
            TargetKind::Preload => self.max_preload_url_length,
            _ => self.max_refresh_url_length,
        }
    }

    fn batch_size_mut(&mut self, kind: TargetKind) -> &mut usize {
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
