//! Settings of the simulated CDN.

use std::collections::HashSet;
use std::time::Duration;

use super::final_status::FinalStatus;
use crate::cdn::QuotaKind;

/// The upper limit of durations, so that they can be added without overflow.
const CENTURY: Duration = Duration::from_secs(100 * 366 * 86_400);

/// A simulated CDN that accepts refreshes and preloads and completes them over time.
///
/// Set with [`simulation`](crate::FakeServiceBuilder::simulation), it adds these operations of Cdn
/// 2018-05-10, which work on the same tasks and quotas: `RefreshObjectCaches`,
/// `RefreshObjectCacheByCacheTag`, `PushObjectCache`, `DescribeRefreshTasks`,
/// `DescribeRefreshTaskById`, `DescribePreloadDetailById`, `DescribeRefreshQuota` and
/// `DescribeCdnUserQuota`. [Tasks](crate::Task) added by the test are listed together with the
/// simulated ones, whatever their age, and never change on their own.
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_fake::{FakeService, Simulation};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let simulation = Simulation::new()
///     .speed(60.0)
///     .refresh_duration(Duration::from_secs(300))
///     .fail_matching("/broken/", "Origin Timeout")
///     .daily_directories(10);
/// let service = FakeService::builder().simulation(simulation).start().await?;
/// assert!(service.submissions().is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Time
///
/// A submitted task is [not listed](Self::listing_delay) at first. Then its objects are
/// [`Pending`](Self::pending_duration), then `Refreshing` with a rising percentage for as long as a
/// [refresh](Self::refresh_duration) or a [preload](Self::preload_duration) takes, then final.
/// The pending and the refreshing time vary by up to 10 % per object. The variation depends only on
/// task id and URL, so the objects of one task finish one after another.
///
/// There is no background work: every response is computed from the service's
/// [clock](crate::FakeServiceBuilder::clock), so a test moves the simulation by moving the clock.
/// [`speed`](Self::speed) shortens the times above and nothing else. `CreationTime`, `EndTime`, the
/// days and minutes of quotas, the seconds of rate limits and the [retention](Self::retention)
/// follow the clock of the `date` header. A client that lists the tasks since a time of its own
/// clock therefore finds them at any speed.
///
/// # Quotas
///
/// All access keys belong to one account: they share tasks, quotas and rate limits. Every line of a
/// call counts against the quota. A call that exceeds a quota is rejected as a whole and consumes
/// nothing. A cache tag counts as a file.
///
/// # Undocumented behavior
///
/// Where the behavior of the service is not documented, the simulation makes these choices:
///
/// * Checks run in this order: number of objects, each object, domains, daily quota, files per
///   minute.
/// * A URL needs `http://` or `https://` and a domain, and must not contain control characters. A
///   line break after the last URL is allowed.
/// * The task of a cache tag has the type `CacheTag` and the path `https://DOMAIN/?CacheTag=TAG`.
/// * An object that fails keeps the percentage that it has reached.
/// * `DescribePreloadDetailById` returns one item for all objects of a task. Its `Process` is their
///   mean, its `EndTime` is empty until the last object is final, and its `RetCode` is `1` if one
///   has failed.
/// * `Force`, `Area`, `L2Preload` and `ResourceGroupId` have no effect.
/// * Page parameters out of range are `InvalidPageNumber` and `InvalidPageSize`. A `StartTime`
///   before the retention period is `InvalidTime`.
/// * Throttled responses have no `x-acs-retry-after` header.
/// * The quotas of blocks, edge preloads and domains are constants.
#[derive(Debug, Clone)]
pub struct Simulation {
    pub(super) speed: f64,
    pub(super) listing_delay: Duration,
    pub(super) pending_duration: Duration,
    pub(super) refresh_duration: Duration,
    pub(super) preload_duration: Duration,
    pub(super) retention: Duration,
    /// By a part of the URL; the first match applies.
    final_statuses: Vec<(String, FinalStatus)>,
    pub(super) daily_files: u64,
    pub(super) daily_directories: u64,
    pub(super) daily_regexes: u64,
    pub(super) daily_ignore_params: u64,
    pub(super) daily_preloads: u64,
    pub(super) files_per_minute: u64,
    domains: Option<HashSet<String>>,
    pub(super) rate_limits: bool,
    pub(super) stale_reads: bool,
}

impl Simulation {
    /// Creates a simulation with the documented quotas and rate limits, that accepts every domain
    /// and completes a refresh after about 27 seconds.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let service = FakeService::builder().simulation(Simulation::new()).start().await?;
    /// assert!(service.tasks().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> Self {
        Self {
            speed: 1.0,
            listing_delay: Duration::from_secs(2),
            pending_duration: Duration::from_secs(5),
            refresh_duration: Duration::from_secs(20),
            preload_duration: Duration::from_secs(60),
            retention: Duration::from_secs(3 * 86_400),
            final_statuses: Vec::new(),
            daily_files: 10_000,
            daily_directories: 100,
            daily_regexes: 20,
            daily_ignore_params: 100,
            daily_preloads: 1_000,
            files_per_minute: 10_000,
            domains: None,
            rate_limits: true,
            stale_reads: false,
        }
    }

    /// Sets how many times faster than the clock tasks progress. Defaults to 1.
    ///
    /// It divides [`listing_delay`](Self::listing_delay),
    /// [`pending_duration`](Self::pending_duration), [`refresh_duration`](Self::refresh_duration)
    /// and [`preload_duration`](Self::preload_duration). Timestamps, quotas, rate limits and
    /// retention follow the service's clock. A value that is not a finite number above 0 counts as
    /// 1.
    ///
    /// ```
    /// use alicloud_fake::Simulation;
    ///
    /// let simulation = Simulation::new().speed(-1.0);
    /// assert!(format!("{simulation:?}").contains("speed: 1.0"));
    /// ```
    #[must_use]
    pub fn speed(mut self, speed: f64) -> Self {
        self.speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        self
    }

    /// Sets how long after its submission a task is listed. Defaults to 2 s.
    #[must_use]
    pub fn listing_delay(mut self, time: Duration) -> Self {
        self.listing_delay = time.min(CENTURY);
        self
    }

    /// Sets how long an object is `Pending` once it is listed, give or take 10 %. Defaults to 5 s.
    #[must_use]
    pub fn pending_duration(mut self, time: Duration) -> Self {
        self.pending_duration = time.min(CENTURY);
        self
    }

    /// Sets how long an object other than a preload is `Refreshing`, give or take 10 %. Defaults to
    /// 20 s.
    #[must_use]
    pub fn refresh_duration(mut self, time: Duration) -> Self {
        self.refresh_duration = time.min(CENTURY);
        self
    }

    /// Sets how long a preload is `Refreshing`, give or take 10 %. Defaults to 60 s.
    #[must_use]
    pub fn preload_duration(mut self, time: Duration) -> Self {
        self.preload_duration = time.min(CENTURY);
        self
    }

    /// Makes objects whose URL contains this text finish as `Failed` with this description.
    ///
    /// The documented descriptions are `Internal Error`, `Origin Timeout` and
    /// `Origin Return StatusCode 5XX`. If several texts match, the first one that was set applies,
    /// whether by this method or by [`task_status`](Self::task_status).
    ///
    /// ```
    /// use alicloud_fake::Simulation;
    ///
    /// let simulation = Simulation::new().fail_matching("/broken/", "Origin Timeout");
    /// assert!(format!("{simulation:?}").contains("Origin Timeout"));
    /// ```
    #[must_use]
    pub fn fail_matching(
        mut self,
        part_of_url: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        let status = FinalStatus { description: description.into(), ..FinalStatus::new("Failed") };
        self.final_statuses.push((part_of_url.into(), status));
        self
    }

    /// Makes objects whose URL contains this text finish with this status, such as `Timeout`,
    /// `Canceled` or one that is not documented.
    ///
    /// ```
    /// use alicloud_fake::Simulation;
    ///
    /// let simulation = Simulation::new().task_status(".iso", "Canceled");
    /// assert!(format!("{simulation:?}").contains("Canceled"));
    /// ```
    #[must_use]
    pub fn task_status(mut self, part_of_url: impl Into<String>, status: impl AsRef<str>) -> Self {
        self.final_statuses.push((part_of_url.into(), FinalStatus::new(status.as_ref())));
        self
    }

    /// Sets the domains of the account. Defaults to every domain. A call with a URL of another
    /// domain is rejected as a whole with `InvalidDomain.NotFound`.
    ///
    /// ```
    /// use alicloud_fake::Simulation;
    ///
    /// let simulation = Simulation::new().domains(["Example.com"]);
    /// assert!(format!("{simulation:?}").contains("example.com"));
    /// ```
    #[must_use]
    pub fn domains(mut self, domains: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.domains =
            Some(domains.into_iter().map(|domain| domain.as_ref().to_ascii_lowercase()).collect());
        self
    }

    /// Sets whether calls above the documented rate limit of an operation are rejected with
    /// `TooManyRequests`. Defaults to `true`.
    ///
    /// A limit applies to all access keys together, in any second of the service's clock. That
    /// second is 10 % shorter than the client's, so that a client that sends at exactly the limit
    /// is not throttled because of network jitter. Disable rate limits if the clock stands still.
    /// `RefreshObjectCacheByCacheTag` has no documented limit.
    ///
    /// ```
    /// use alicloud_fake::Simulation;
    ///
    /// let simulation = Simulation::new().rate_limits(false);
    /// assert!(format!("{simulation:?}").contains("rate_limits: false"));
    /// ```
    #[must_use]
    pub fn rate_limits(mut self, enabled: bool) -> Self {
        self.rate_limits = enabled;
        self
    }

    /// Sets whether a response contains the state of a task at its previous read, by id or in a
    /// list, instead of the current state. Defaults to `false`.
    ///
    /// The real service updates a task when it is read, and responds before the update has
    /// finished. Here the first read returns `Pending` with `0%`, whatever happened since. Listing
    /// tasks reads all tasks that match the filter, on every page and in every state.
    /// [`FakeService::tasks`](crate::FakeService::tasks) always returns the current state.
    ///
    /// ```
    /// use alicloud_fake::Simulation;
    ///
    /// let simulation = Simulation::new().stale_reads(true);
    /// assert!(format!("{simulation:?}").contains("stale_reads: true"));
    /// ```
    #[must_use]
    pub fn stale_reads(mut self, enabled: bool) -> Self {
        self.stale_reads = enabled;
        self
    }

    /// Sets how long tasks are listed. Defaults to 3 days of the service's clock.
    /// [`speed`](Self::speed) does not shorten it, so that a client can list the tasks of the whole
    /// documented period.
    #[must_use]
    pub fn retention(mut self, time: Duration) -> Self {
        self.retention = time.min(CENTURY);
        self
    }

    pub(super) fn final_status(&self, path: &str) -> FinalStatus {
        self.final_statuses
            .iter()
            .find(|(part, _)| path.contains(part.as_str()))
            .map_or_else(|| FinalStatus::new("Complete"), |(_, status)| status.clone())
    }

    pub(super) fn has_domain(&self, domain: &str) -> bool {
        self.domains.as_ref().is_none_or(|domains| domains.contains(domain))
    }

    pub(super) fn daily_quota(&self, kind: QuotaKind) -> u64 {
        match kind {
            QuotaKind::Files => self.daily_files,
            QuotaKind::Directories => self.daily_directories,
            QuotaKind::Regexes => self.daily_regexes,
            QuotaKind::IgnoreParams => self.daily_ignore_params,
            QuotaKind::Preloads => self.daily_preloads,
        }
    }
}

impl Default for Simulation {
    fn default() -> Self {
        Self::new()
    }
}
