//! Plans: the calls to send, and the inputs that are not sent.

mod planner;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::planner::{Planner, PreloadOptions};
use crate::invalid_input::InvalidInput;
use crate::kind::TargetKind;
use crate::quota::{Quota, QuotaShortage};

/// The calls to send, each of one domain and one kind and within all limits, and the inputs that are
/// not sent, with the reason. Every input is in exactly one place of the plan.
///
/// A plan is a value: print, store or compare it before anything is sent.
///
/// ```
/// use alicloud_cdn_refresh::{TargetKind, Plan};
///
/// let plan = Plan::refresh([
///     "https://example.com/a.jpg",
///     " https://example.com/a.jpg",      // duplicate
///     "https://example.com/static/",     // directory, because of the slash
///     "https://example.org/图.png",      // encoded as required
///     "example.com/b.jpg",               // invalid: no scheme
/// ]);
/// assert_eq!(plan.calls().len(), 3);
/// assert_eq!(plan.calls()[1].kind, TargetKind::Directory);
/// assert_eq!(plan.calls()[2].objects[0].url, "https://example.org/%E5%9B%BE.png");
/// assert_eq!((plan.duplicates().len(), plan.invalid_inputs().len()), (1, 1));
/// assert!(plan.invalid_inputs()[0].to_string().contains("has no scheme"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[must_use = "a plan sends nothing until it is run, or submitted as a job"]
pub struct Plan {
    pub(crate) calls: Vec<PlannedCall>,
    pub(crate) invalid_inputs: Vec<InvalidInput>,
    pub(crate) duplicates: Vec<Duplicate>,
    pub(crate) over_quota: Vec<PlannedCall>,
}

/// A call of a [`Plan`].
///
/// ```
/// use alicloud_cdn_refresh::{Plan, TargetKind};
///
/// let plan = Plan::refresh(["https://example.com/a.jpg", "https://example.com/b.jpg"]);
/// let call = &plan.calls()[0];
/// assert_eq!((call.domain.as_str(), call.kind), ("example.com", TargetKind::File));
/// assert_eq!(call.objects.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlannedCall {
    /// Domain of all objects.
    pub domain: String,
    /// Kind of all objects.
    pub kind: TargetKind,
    /// Options of the call.
    #[serde(default, skip_serializing_if = "CallOptions::is_default")]
    pub options: CallOptions,
    /// Objects, in input order.
    pub objects: Vec<Object>,
}

/// Identity of an object: domain, kind, options and URL.
pub(crate) type ObjectIdentity<'a> = (&'a str, Option<TargetKind>, &'a CallOptions, &'a str);

/// Options of a call. Options that do not apply to the call's kind are not sent.
///
/// ```
/// use alicloud_cdn_refresh::Planner;
///
/// let plan = Planner::new().force(true).refresh(["https://example.com/static/"]).plan();
/// assert!(plan.calls()[0].options.force);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallOptions {
    /// Whether a refresh purges objects even if they are unchanged at the origin.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
    /// Options of a preload.
    #[serde(default, skip_serializing_if = "PreloadOptions::is_default")]
    pub preload: PreloadOptions,
}

impl CallOptions {
    pub(crate) fn is_default(&self) -> bool {
        *self == CallOptions::default()
    }
}

/// An object of a [`PlannedCall`].
///
/// ```
/// use alicloud_cdn_refresh::Plan;
///
/// let plan = Plan::refresh(["https://例子.中国/a.jpg"]);
/// let object = &plan.calls()[0].objects[0];
/// assert_eq!(object.url, "https://xn--fsqu00a.xn--fiqs8s/a.jpg");
/// assert_eq!(object.input.as_deref(), Some("https://例子.中国/a.jpg"));
/// assert_eq!(object.index, 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Object {
    /// URL or cache tag, as sent.
    pub url: String,
    /// The input, if it differs from `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Zero-based index of the input.
    pub index: usize,
}

/// An input that is not sent because an earlier one selects the same object.
///
/// ```
/// use alicloud_cdn_refresh::Plan;
///
/// let plan = Plan::refresh(["https://example.com/a.jpg", "HTTPS://EXAMPLE.COM/a.jpg"]);
/// let duplicate = &plan.duplicates()[0];
/// assert_eq!((duplicate.index, duplicate.duplicate_of), (1, 0));
/// assert_eq!(duplicate.input, "HTTPS://EXAMPLE.COM/a.jpg");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Duplicate {
    /// Zero-based index of the input.
    pub index: usize,
    /// The input.
    pub input: String,
    /// Index of the input that is sent instead.
    pub duplicate_of: usize,
}

impl Plan {
    /// Plans a refresh of URLs. URLs that end with a slash are directories, all others files.
    ///
    /// Use a [`Planner`] for other kinds, limits and allowed domains.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Plan;
    ///
    /// let plan = Plan::refresh(["https://example.com/a.jpg", "https://example.com/static/"]);
    /// assert_eq!(plan.to_string(), "1 file, 1 directory in 2 calls");
    /// ```
    pub fn refresh(urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Planner::new().refresh(urls).plan()
    }

    /// Plans a preload of URLs, to all regions in which their domains are accelerated.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Plan;
    ///
    /// let plan = Plan::preload(["https://example.com/film.mp4"]);
    /// assert_eq!(plan.to_string(), "1 preload in 1 call");
    /// ```
    pub fn preload(urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Planner::new().preload(urls).plan()
    }

    /// Returns the calls, ordered by domain and kind.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Plan;
    ///
    /// let plan = Plan::refresh(["https://b.example/x", "https://a.example/y"]);
    /// assert_eq!(plan.calls()[0].domain, "a.example");
    /// ```
    pub fn calls(&self) -> &[PlannedCall] {
        &self.calls
    }

    /// Returns the inputs that are not sent because they are invalid.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{InvalidReason, Plan};
    ///
    /// let plan = Plan::refresh(["https://example.com/a b.jpg"]);
    /// assert_eq!(plan.invalid_inputs()[0].reason, InvalidReason::Whitespace);
    /// ```
    pub fn invalid_inputs(&self) -> &[InvalidInput] {
        &self.invalid_inputs
    }

    /// Returns the inputs that are not sent because they are duplicates.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Returns the calls that [`truncate_to`](Self::truncate_to) removed from the plan.
    pub fn over_quota(&self) -> &[PlannedCall] {
        &self.over_quota
    }

    /// Returns the number of objects in all calls.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Plan;
    ///
    /// let plan = Plan::refresh((0..1_500).map(|n| format!("https://example.com/{n}.js")));
    /// assert_eq!((plan.object_count(), plan.calls().len()), (1_500, 2));
    /// ```
    pub fn object_count(&self) -> usize {
        self.calls.iter().map(|call| call.objects.len()).sum()
    }

    /// Returns whether there is nothing to send.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Plan;
    ///
    /// assert!(Plan::refresh(["oops"]).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Returns the number of objects of a kind.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Plan, TargetKind};
    ///
    /// let plan = Plan::refresh(["https://example.com/a.jpg", "https://example.com/static/"]);
    /// assert_eq!(plan.object_count_of(TargetKind::Directory), 1);
    /// ```
    pub fn object_count_of(&self, kind: TargetKind) -> usize {
        self.calls.iter().filter(|call| call.kind == kind).map(|call| call.objects.len()).sum()
    }

    /// Returns, for each kind, by how much the plan exceeds the remaining quota. Kinds whose quota is
    /// sufficient or not known are left out.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Plan, Quota};
    ///
    /// let mut quota = Quota::default();
    /// quota.files.remaining = Some(1);
    /// let plan = Plan::refresh(["https://example.com/a.jpg", "https://example.com/b.jpg"]);
    /// assert_eq!(plan.shortages(&quota)[0].requested, 2);
    /// ```
    pub fn shortages(&self, quota: &Quota) -> Vec<QuotaShortage> {
        let shortage_of = |kind| {
            let usage = quota.usage(kind);
            let requested = self.object_count_of(kind) as u64;
            let (remaining, limit) = (usage.remaining?, usage.limit);
            (requested > remaining).then_some(QuotaShortage { kind, requested, remaining, limit })
        };
        TargetKind::ALL.into_iter().filter_map(shortage_of).collect()
    }

    /// Removes what exceeds the remaining quota. The last inputs of each kind become
    /// [`over_quota`](Self::over_quota).
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Plan, Quota};
    ///
    /// let mut quota = Quota::default();
    /// quota.files.remaining = Some(1);
    /// let mut plan = Plan::refresh(["https://example.com/a.jpg", "https://example.com/b.jpg"]);
    /// plan.truncate_to(&quota);
    /// assert_eq!(plan.calls()[0].objects[0].url, "https://example.com/a.jpg");
    /// assert_eq!(plan.over_quota()[0].objects[0].url, "https://example.com/b.jpg");
    /// ```
    pub fn truncate_to(&mut self, quota: &Quota) {
        for shortage in self.shortages(quota) {
            let remaining = usize::try_from(shortage.remaining).unwrap_or(usize::MAX);
            let mut calls: Vec<_> =
                self.calls.iter_mut().filter(|call| call.kind == shortage.kind).collect();
            let mut indexes: Vec<usize> = calls
                .iter()
                .flat_map(|call| call.objects.iter().map(|object| object.index))
                .collect();
            indexes.sort_unstable();
            let Some(first_removed) = indexes.get(remaining).copied() else { continue };
            for call in &mut calls {
                // Works because the objects of a call are in input order.
                let kept = call.objects.partition_point(|object| object.index < first_removed);
                let objects = call.objects.split_off(kept);
                if !objects.is_empty() {
                    self.over_quota.push(PlannedCall { objects, ..call.clone_without_objects() });
                }
            }
        }
        self.calls.retain(|call| !call.objects.is_empty());
    }
}

impl PlannedCall {
    pub(crate) fn identities(&self) -> impl Iterator<Item = ObjectIdentity<'_>> {
        let identity = |url| (self.domain.as_str(), Some(self.kind), &self.options, url);
        self.objects.iter().map(move |object| identity(object.url.as_str()))
    }

    fn clone_without_objects(&self) -> Self {
        PlannedCall {
            domain: self.domain.clone(),
            kind: self.kind,
            options: self.options.clone(),
            objects: Vec::new(),
        }
    }
}

/// One line: the number of objects of each kind, of calls, and of inputs that are not sent.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = self.calls.len();
        if calls == 0 {
            f.write_str("nothing to send")?;
        }
        let kinds = TargetKind::ALL.into_iter().map(|kind| (kind, self.object_count_of(kind)));
        for (position, (kind, count)) in kinds.filter(|(_, count)| *count > 0).enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{count} {}", kind.noun(count))?;
        }
        if calls > 0 {
            write!(f, " in {calls} {}", if calls == 1 { "call" } else { "calls" })?;
        }
        let over_quota: usize = self.over_quota.iter().map(|call| call.objects.len()).sum();
        let not_sent = [
            (self.duplicates.len(), "duplicate"),
            (self.invalid_inputs.len(), "invalid"),
            (over_quota, "over quota"),
        ];
        for (count, reason) in not_sent.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "; {count} {reason}")?;
        }
        Ok(())
    }
}
