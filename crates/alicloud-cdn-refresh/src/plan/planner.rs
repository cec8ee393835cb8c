//! From inputs to a plan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{CallOptions, Duplicate, Object, Plan, PlannedCall};
use crate::invalid_input::{InvalidInput, InvalidReason};
use crate::kind::TargetKind;
use crate::limits::Limits;
use crate::normalize::{self, Address};

/// Makes a [`Plan`] of inputs of any kind and number.
///
/// Each input is trimmed and checked; what is wrong with it is kept with it, and the others go on. URLs
/// are encoded only where they must be, because a cache tells two spellings apart.
///
/// A preload that is sent while a refresh of the same URL is under way can bring back what the refresh
/// shall throw away: make two jobs of them, one after the other.
///
/// ```
/// use alicloud_cdn_refresh::{TargetKind, Planner, PreloadOptions};
///
/// let plan = Planner::new()
///     .only_domains(["example.com"])
///     .refresh(["https://example.com/index.html", "https://example.com/static/"])
///     .refresh_as(TargetKind::Regex, [r"https://example.com/img/.*\.webp"])
///     .cache_tags("example.com", ["spring", "sale"])
///     .preload_with(
///         PreloadOptions::new().area("overseas").header("Accept-Encoding", "br"),
///         ["https://example.com/film.mp4"],
///     )
///     .plan();
/// assert_eq!(plan.to_string(),
///     "1 file, 1 directory, 1 regular expression, 2 cache tags, 1 preload in 5 calls");
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is planned until `plan` is called"]
pub struct Planner {
    limits: Limits,
    domains: Vec<String>,
    force: bool,
    inputs: Vec<Input>,
}

#[derive(Debug, Clone)]
struct Input {
    input: String,
    wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Wanted {
    Refresh(Option<TargetKind>),
    Tag { domain: String },
    Preload(PreloadOptions),
}

impl Planner {
    /// Nothing to do yet.
    pub fn new() -> Self {
        Planner::default()
    }

    /// How much goes into one call.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Refuses URLs of other domains than these: a guard against a wrong list. Without it, and with an
    /// empty list, every domain is fine.
    pub fn only_domains(mut self, domains: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.domains.extend(domains.into_iter().map(Into::into));
        self
    }

    /// Whether a refresh of directories, patterns and tags throws away what is the same at the origin,
    /// too. Without it the service only throws away what has changed.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Refreshes URLs: those that end with a slash are directories, the others files.
    pub fn refresh(self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.take(urls, || Wanted::Refresh(None))
    }

    /// Refreshes URLs of one kind. [`TargetKind::Preload`] preloads them; a [`TargetKind::CacheTag`] has no URL, see
    /// [`cache_tags`](Self::cache_tags), and is refused here for that.
    pub fn refresh_as(
        self,
        kind: TargetKind,
        urls: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        match kind {
            TargetKind::Preload => self.preload(urls),
            TargetKind::CacheTag => self.cache_tags("", urls),
            kind => self.take(urls, || Wanted::Refresh(Some(kind))),
        }
    }

    /// Refreshes everything of a domain that carries one of these tags.
    pub fn cache_tags(
        self,
        domain: impl Into<String>,
        tags: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let domain = domain.into();
        self.take(tags, || Wanted::Tag { domain: domain.clone() })
    }

    /// Preloads URLs.
    pub fn preload(self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.preload_with(PreloadOptions::new(), urls)
    }

    /// Preloads URLs in a way of their own.
    pub fn preload_with(
        self,
        options: PreloadOptions,
        urls: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.take(urls, || Wanted::Preload(options.clone()))
    }

    fn take(
        mut self,
        inputs: impl IntoIterator<Item = impl Into<String>>,
        wanted: impl Fn() -> Wanted,
    ) -> Self {
        let inputs =
            inputs.into_iter().map(|input| Input { input: input.into(), wanted: wanted() });
        self.inputs.extend(inputs);
        self
    }

    /// Checks all inputs and sorts them into calls.
    pub fn plan(self) -> Plan {
        let Planner { limits, domains, force, inputs } = self;
        // A domain that cannot be read is compared as it is: nothing belongs to it.
        let domains = domains.into_iter().map(|name| normalize::read_domain(&name).unwrap_or(name));
        let check = Check { limits: &limits, domains: domains.collect(), force };
        let mut plan = Plan::default();
        let mut groups: BTreeMap<(String, TargetKind, CallOptions), Group> = BTreeMap::new();
        for (index, Input { input, wanted }) in inputs.into_iter().enumerate() {
            let (Address { kind, domain, url }, options) = match check.input(index, &input, wanted)
            {
                Ok(checked) => checked,
                Err(reason) => {
                    plan.invalid_inputs.push(InvalidInput::new(index, &input, reason));
                    continue;
                }
            };
            let group = groups.entry((domain, kind, options)).or_default();
            // What differs in its parameters only is the same thing when they are ignored.
            let one = match kind {
                TargetKind::IgnoreParams => url.split('?').next().unwrap_or_default(),
                _ => &url,
            };
            if let Some(&duplicate_of) = group.indexes.get(one) {
                plan.duplicates.push(Duplicate { index, input, duplicate_of });
                continue;
            }
            group.indexes.insert(one.to_owned(), index);
            let input = (input != url).then_some(input);
            group.objects.push(Object { url, input, index });
        }
        for ((domain, kind, options), group) in groups {
            let mut left = group.objects.into_iter();
            while left.len() > 0 {
                let objects = left.by_ref().take(limits.batch_size_of(kind)).collect();
                let (domain, options) = (domain.clone(), options.clone());
                plan.calls.push(PlannedCall { domain, kind, options, objects });
            }
        }
        plan
    }
}

/// What goes into calls together.
#[derive(Default)]
struct Group {
    objects: Vec<Object>,
    /// Where each came for the first time.
    indexes: HashMap<String, usize>,
}

struct Check<'a> {
    limits: &'a Limits,
    domains: BTreeSet<String>,
    force: bool,
}

impl Check<'_> {
    fn input(
        &self,
        index: usize,
        input: &str,
        wanted: Wanted,
    ) -> Result<(Address, CallOptions), InvalidReason> {
        if index >= self.limits.most_inputs() {
            return Err(InvalidReason::TooMany { limit: self.limits.most_inputs() });
        }
        let mut options = CallOptions::default();
        let limit = match &wanted {
            Wanted::Preload(_) => self.limits.longest_of(TargetKind::Preload),
            Wanted::Refresh(_) | Wanted::Tag { .. } => self.limits.longest_of(TargetKind::File),
        };
        let is_too_long = |text: &str| match text.chars().count() {
            characters if characters > limit => Err(InvalidReason::TooLong { characters, limit }),
            _ => Ok(()),
        };
        // Before it is read, for what is read of something huge is not small.
        is_too_long(input.trim())?;
        let address = match wanted {
            Wanted::Refresh(kind) => normalize::read(input, kind)?,
            Wanted::Tag { domain } => {
                let url = normalize::read_tag(input)?.to_owned();
                Address {
                    kind: TargetKind::CacheTag,
                    domain: normalize::read_domain(&domain)?,
                    url,
                }
            }
            Wanted::Preload(preload) => {
                options.preload = preload;
                normalize::read(input, Some(TargetKind::Preload))?
            }
        };
        options.force =
            self.force && !matches!(address.kind, TargetKind::File | TargetKind::Preload);
        if !self.domains.is_empty() && !self.domains.contains(&address.domain) {
            return Err(InvalidReason::OtherDomain { domain: address.domain });
        }
        is_too_long(&address.url)?;
        Ok((address, options))
    }
}

/// How objects are preloaded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PreloadOptions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) area: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) l2: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, Vec<String>>,
}

impl PreloadOptions {
    /// The service's own defaults.
    pub fn new() -> Self {
        PreloadOptions::default()
    }

    /// Where to: `domestic` or `overseas`. Without it, wherever the domain is accelerated.
    #[must_use]
    pub fn area(mut self, area: impl Into<String>) -> Self {
        self.area = Some(area.into());
        self
    }

    /// Fills the second level of caches in any case, not only the level next to the origin.
    #[must_use]
    pub fn l2(mut self, l2: bool) -> Self {
        self.l2 = l2;
        self
    }

    /// Adds a header to the requests that the service sends to the origin. A name can be given several
    /// times. Without any, `Accept-Encoding: gzip` is sent.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.entry(name.into()).or_default().push(value.into());
        self
    }

    pub(crate) fn is_default(&self) -> bool {
        *self == PreloadOptions::default()
    }
}
