//! The builder of plans.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{CallOptions, Duplicate, Object, Plan, PlannedCall};
use crate::invalid_input::InvalidInput;
use crate::invalid_reason::InvalidReason;
use crate::kind::TargetKind;
use crate::limits::Limits;
use crate::normalize::{NormalizedInput, normalize_domain, normalize_tag, normalize_url};

/// A builder of a [`Plan`] from any number of inputs of all kinds.
///
/// Each input is trimmed and validated. Invalid inputs are kept with the reason and do not affect
/// others. URLs are encoded only where required, because caches treat two spellings of a URL as two
/// objects.
///
/// A preload that runs while the same URL is being refreshed can cache the outdated object again. To
/// refresh and then preload, use two jobs, one after the other.
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
#[must_use = "a planner does nothing until `plan` is called"]
pub struct Planner {
    limits: Limits,
    allowed_domains: Vec<String>,
    force: bool,
    inputs: Vec<Input>,
}

#[derive(Debug, Clone)]
struct Input {
    text: String,
    action: Action,
}

#[derive(Debug, Clone)]
enum Action {
    /// Refreshes a URL; without a kind, the URL decides.
    Refresh(Option<TargetKind>),
    RefreshTag {
        domain: String,
    },
    Preload(PreloadOptions),
}

impl Planner {
    /// Creates a planner without inputs.
    pub fn new() -> Self {
        Planner::default()
    }

    /// Sets the limits of calls and inputs. Defaults to [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Adds allowed domains; inputs of other domains are invalid. A guard against a wrong list of URLs.
    ///
    /// Defaults to all domains. An empty list changes nothing.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Planner;
    ///
    /// let urls = ["https://example.com/a.jpg", "https://example.org/a.jpg"];
    /// let plan = Planner::new().only_domains(["example.com"]).refresh(urls).plan();
    /// assert_eq!((plan.object_count(), plan.invalid_inputs().len()), (1, 1));
    /// ```
    pub fn only_domains(mut self, domains: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed_domains.extend(domains.into_iter().map(Into::into));
        self
    }

    /// Sets whether refreshes of directories, regular expressions, parameterless URLs and cache tags
    /// purge objects even if they are unchanged at the origin. Defaults to `false`.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Adds URLs to refresh. URLs that end with a slash are directories, all others files.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Planner;
    ///
    /// let plan = Planner::new().refresh(["https://example.com/static/"]).plan();
    /// assert_eq!(plan.to_string(), "1 directory in 1 call");
    /// ```
    pub fn refresh(self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.add_inputs(urls, || Action::Refresh(None))
    }

    /// Adds URLs of one kind.
    ///
    /// [`TargetKind::Preload`] preloads them. [`TargetKind::CacheTag`] makes them invalid, because tags
    /// need a domain; use [`cache_tags`](Self::cache_tags).
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Planner, TargetKind};
    ///
    /// let urls = ["https://example.com/a?v=1", "https://example.com/a?v=2"];
    /// let plan = Planner::new().refresh_as(TargetKind::IgnoreParams, urls).plan();
    /// assert_eq!(plan.to_string(), "1 parameterless URL in 1 call; 1 duplicate");
    /// ```
    pub fn refresh_as(
        self,
        kind: TargetKind,
        urls: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        match kind {
            TargetKind::Preload => self.preload(urls),
            TargetKind::CacheTag => self.cache_tags("", urls),
            kind => self.add_inputs(urls, || Action::Refresh(Some(kind))),
        }
    }

    /// Adds cache tags of a domain to refresh.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Planner;
    ///
    /// let plan = Planner::new().cache_tags("example.com", ["spring", "sale"]).plan();
    /// assert_eq!(plan.to_string(), "2 cache tags in 1 call");
    /// ```
    pub fn cache_tags(
        self,
        domain: impl Into<String>,
        tags: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let domain = domain.into();
        self.add_inputs(tags, || Action::RefreshTag { domain: domain.clone() })
    }

    /// Adds URLs to preload.
    pub fn preload(self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.preload_with(PreloadOptions::new(), urls)
    }

    /// Adds URLs to preload with these options.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Planner, PreloadOptions};
    ///
    /// let urls = ["https://example.com/film.mp4"];
    /// let plan = Planner::new()
    ///     .preload_with(PreloadOptions::new().area("domestic"), urls)
    ///     .preload_with(PreloadOptions::new().area("overseas"), urls)
    ///     .plan();
    /// assert_eq!(plan.to_string(), "2 preloads in 2 calls");
    /// ```
    pub fn preload_with(
        self,
        options: PreloadOptions,
        urls: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.add_inputs(urls, || Action::Preload(options.clone()))
    }

    fn add_inputs(
        mut self,
        texts: impl IntoIterator<Item = impl Into<String>>,
        action: impl Fn() -> Action,
    ) -> Self {
        let inputs = texts.into_iter().map(|text| Input { text: text.into(), action: action() });
        self.inputs.extend(inputs);
        self
    }

    /// Validates all inputs and groups them into calls.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Planner;
    ///
    /// let plan = Planner::new().refresh(["https://example.com/a.jpg", "oops"]).plan();
    /// assert_eq!(plan.to_string(), "1 file in 1 call; 1 invalid");
    /// ```
    pub fn plan(self) -> Plan {
        let Planner { limits, allowed_domains, force, inputs } = self;
        // An invalid domain is kept as it is: no input matches it.
        let domains =
            allowed_domains.into_iter().map(|name| normalize_domain(&name).unwrap_or(name));
        let validator = Validator { limits: &limits, allowed_domains: domains.collect(), force };
        let mut plan = Plan::default();
        let mut groups: BTreeMap<(String, TargetKind, CallOptions), Group> = BTreeMap::new();
        for (index, Input { text, action }) in inputs.into_iter().enumerate() {
            let (NormalizedInput { kind, domain, url }, options) =
                match validator.validate(index, &text, action) {
                    Ok(valid) => valid,
                    Err(reason) => {
                        plan.invalid_inputs.push(InvalidInput::new(index, &text, reason));
                        continue;
                    }
                };
            let group = groups.entry((domain, kind, options)).or_default();
            let identity = match kind {
                TargetKind::IgnoreParams => url.split('?').next().unwrap_or_default(),
                _ => &url,
            };
            if let Some(&duplicate_of) = group.index_by_identity.get(identity) {
                plan.duplicates.push(Duplicate { index, input: text, duplicate_of });
                continue;
            }
            group.index_by_identity.insert(identity.to_owned(), index);
            let input = (text != url).then_some(text);
            group.objects.push(Object { url, input, index });
        }
        for ((domain, kind, options), group) in groups {
            let mut remaining = group.objects.into_iter();
            while remaining.len() > 0 {
                let objects = remaining.by_ref().take(limits.batch_size_of(kind)).collect();
                let (domain, options) = (domain.clone(), options.clone());
                plan.calls.push(PlannedCall { domain, kind, options, objects });
            }
        }
        plan
    }
}

/// Objects that can share calls: same domain, kind and options.
#[derive(Default)]
struct Group {
    objects: Vec<Object>,
    /// Index of the first input of each object.
    index_by_identity: HashMap<String, usize>,
}

struct Validator<'a> {
    limits: &'a Limits,
    allowed_domains: BTreeSet<String>,
    force: bool,
}

impl Validator<'_> {
    fn validate(
        &self,
        index: usize,
        input: &str,
        action: Action,
    ) -> Result<(NormalizedInput, CallOptions), InvalidReason> {
        if index >= self.limits.input_limit() {
            return Err(InvalidReason::TooManyInputs { limit: self.limits.input_limit() });
        }
        let mut options = CallOptions::default();
        let limit = match &action {
            Action::Preload(_) => self.limits.max_url_length_of(TargetKind::Preload),
            Action::Refresh(_) | Action::RefreshTag { .. } => {
                self.limits.max_url_length_of(TargetKind::File)
            }
        };
        let check_length = |text: &str| match text.chars().count() {
            characters if characters > limit => Err(InvalidReason::TooLong { characters, limit }),
            _ => Ok(()),
        };
        // Checked before normalization, too, so that a huge input is not copied.
        check_length(input.trim())?;
        let normalized = match action {
            Action::Refresh(kind) => normalize_url(input, kind)?,
            Action::RefreshTag { domain } => {
                let url = normalize_tag(input)?.to_owned();
                let domain = normalize_domain(&domain)?;
                NormalizedInput { kind: TargetKind::CacheTag, domain, url }
            }
            Action::Preload(preload) => {
                options.preload = preload;
                normalize_url(input, Some(TargetKind::Preload))?
            }
        };
        options.force =
            self.force && !matches!(normalized.kind, TargetKind::File | TargetKind::Preload);
        if !self.allowed_domains.is_empty() && !self.allowed_domains.contains(&normalized.domain) {
            return Err(InvalidReason::DomainNotAllowed { domain: normalized.domain });
        }
        check_length(&normalized.url)?;
        Ok((normalized, options))
    }
}

/// Options of a preload.
///
/// ```
/// use alicloud_cdn_refresh::{Planner, PreloadOptions};
///
/// let options = PreloadOptions::new().area("domestic").l2(true).header("Accept-Encoding", "br");
/// let plan = Planner::new().preload_with(options.clone(), ["https://example.com/film.mp4"]).plan();
/// assert_eq!(plan.calls()[0].options.preload, options);
/// ```
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
    /// Creates options with the service's defaults.
    pub fn new() -> Self {
        PreloadOptions::default()
    }

    /// Sets the area to preload: `domestic` or `overseas`. Defaults to every area in which the domain is
    /// accelerated.
    #[must_use]
    pub fn area(mut self, area: impl Into<String>) -> Self {
        self.area = Some(area.into());
        self
    }

    /// Sets whether the second cache level (L2) is always preloaded. Otherwise the service preloads
    /// only the level closest to the origin. Defaults to `false`.
    #[must_use]
    pub fn l2(mut self, l2: bool) -> Self {
        self.l2 = l2;
        self
    }

    /// Adds a header to the service's requests to the origin. A name can be added several times.
    ///
    /// Without any header, the service sends `Accept-Encoding: gzip`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.entry(name.into()).or_default().push(value.into());
        self
    }

    pub(crate) fn is_default(&self) -> bool {
        *self == PreloadOptions::default()
    }
}
