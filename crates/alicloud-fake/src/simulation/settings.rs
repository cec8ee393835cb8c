//! How the simulated CDN behaves.

use std::collections::HashSet;
use std::time::Duration;

use super::usage::Allowance;

/// Longer times than this one are as good as never, and shorter ones can be added up safely.
const CENTURY: Duration = Duration::from_secs(100 * 366 * 86_400);

/// A CDN that takes refreshes and preloads and carries them out as time passes.
///
/// Given to [`simulation`](crate::FakeServiceBuilder::simulation), it makes these operations of Cdn
/// 2018-05-10 work together: `RefreshObjectCaches`, `RefreshObjectCacheByCacheTag`,
/// `PushObjectCache`, `DescribeRefreshTasks`, `DescribeRefreshTaskById`,
/// `DescribePreloadDetailById`, `DescribeRefreshQuota` and `DescribeCdnUserQuota`. [Tasks](crate::Task)
/// that a test puts there by hand are shown beside the simulated ones, whatever their age, and never
/// change by themselves.
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
///     .fail("/broken/", "Origin Timeout")
///     .daily_directories(10);
/// let service = FakeService::builder().simulation(simulation).start().await?;
/// # drop(service);
/// # Ok(())
/// # }
/// ```
///
/// # Time
///
/// A submitted id is [not listed](Self::listing_delay) at first. Then its objects are
/// [`Pending`](Self::pending_duration), then `Refreshing` with a percentage that rises for as long as a
/// [refresh](Self::refresh_duration) or a [preload](Self::preload_duration) takes, then they have ended.
/// Times of the last two are up to a tenth longer or shorter for each object, always the same for
/// one id and URL, so that the objects of one id end one by one.
///
/// Nothing ticks: what is answered follows from the service's [clock](crate::FakeServiceBuilder::clock),
/// so a clock that a test sets moves the simulation. [`speed`](Self::speed) makes these times shorter,
/// and nothing else: `CreationTime`, `EndTime`, the days and minutes of quotas, the seconds of rates
/// and [how long tasks are listed](Self::retention) go by the clock that the `date` header tells and
/// that timestamps are checked against. A client that asks for the tasks since a time of its own
/// clock finds them at any speed.
///
/// # What is counted
///
/// All access keys of a service are of one account: they see the same tasks and share quotas and
/// rates. A quota counts every line of a call. A call for which it does not suffice takes nothing
/// and begins nothing. A cache tag counts as a file.
///
/// # What no document tells
///
/// The order of checks is: number of objects, each object, domains, quota of the day, files of the
/// minute. A URL is `http://` or `https://`, a domain and no control characters; one line end after
/// the last URL is taken. The task of a cache tag has the kind `CacheTag` and the path
/// `https://DOMAIN/?CacheTag=TAG`. An object that fails stays at the percentage that it has
/// reached. In `DescribePreloadDetailById` all objects of an id are one item, whose `Process` is the
/// mean, whose `EndTime` is empty until the last has ended, and whose `RetCode` is `1` if one has
/// failed. `Force`, `Area`, `L2Preload` and `ResourceGroupId` change nothing. Pages outside of
/// their limits are `InvalidPageNumber` and `InvalidPageSize`; a `StartTime` from before the tasks
/// that are kept is `InvalidTime`. Throttled calls carry no `x-acs-retry-after`. The quotas of
/// blocks, of preloads to the edge and of domains are constants.
#[derive(Debug, Clone)]
pub struct Simulation {
    pub(super) speed: f64,
    pub(super) listing_delay: Duration,
    pub(super) pending_duration: Duration,
    pub(super) refresh_duration: Duration,
    pub(super) preload_duration: Duration,
    pub(super) retention: Duration,
    endings: Vec<(String, Ending)>,
    daily_files: u64,
    daily_directories: u64,
    daily_regexes: u64,
    daily_ignore_params: u64,
    daily_preloads: u64,
    pub(super) files_per_minute: u64,
    domains: Option<HashSet<String>>,
    pub(super) rates: bool,
    pub(super) stale_reads: bool,
}

/// How an object ends.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) status: String,
    pub(super) description: String,
}

impl Ending {
    fn new(status: &str) -> Self {
        Self { status: status.to_owned(), description: String::new() }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.status == "Complete"
    }
}

impl Simulation {
    /// The documented quotas and rates, every domain, and refreshes that take half a minute.
    pub fn new() -> Self {
        Self {
            speed: 1.0,
            listing_delay: Duration::from_secs(2),
            pending_duration: Duration::from_secs(5),
            refresh_duration: Duration::from_secs(20),
            preload_duration: Duration::from_secs(60),
            retention: Duration::from_secs(3 * 86_400),
            endings: Vec::new(),
            daily_files: 10_000,
            daily_directories: 100,
            daily_regexes: 20,
            daily_ignore_params: 100,
            daily_preloads: 1_000,
            files_per_minute: 10_000,
            domains: None,
            rates: true,
            stale_reads: false,
        }
    }

    /// How many times faster objects fare, 1 by default.
    ///
    /// It divides [`listing_delay`](Self::listing_delay), [`pending_duration`](Self::pending_duration),
    /// [`refresh_duration`](Self::refresh_duration) and [`preload_duration`](Self::preload_duration). Whatever has
    /// to do with a calendar stays with the service's clock. What is not a number above zero counts
    /// as 1.
    #[must_use]
    pub fn speed(mut self, speed: f64) -> Self {
        self.speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        self
    }

    /// How long it takes until an id is found by those who ask for it, 2 seconds by default.
    #[must_use]
    pub fn listing_delay(mut self, time: Duration) -> Self {
        self.listing_delay = time.min(CENTURY);
        self
    }

    /// How long an object is `Pending` once it is listed, about 5 seconds by default.
    #[must_use]
    pub fn pending_duration(mut self, time: Duration) -> Self {
        self.pending_duration = time.min(CENTURY);
        self
    }

    /// How long an object is `Refreshing` if it is not a preload, about 20 seconds by default.
    #[must_use]
    pub fn refresh_duration(mut self, time: Duration) -> Self {
        self.refresh_duration = time.min(CENTURY);
        self
    }

    /// How long a preload is `Refreshing`, about 60 seconds by default.
    #[must_use]
    pub fn preload_duration(mut self, time: Duration) -> Self {
        self.preload_duration = time.min(CENTURY);
        self
    }

    /// Objects whose URL contains this text end as `Failed`, with this description; the documented
    /// ones are `Internal Error`, `Origin Timeout` and `Origin Return StatusCode 5XX`.
    ///
    /// The first of several texts that fits decides, whether from here or from
    /// [`task_status`](Self::task_status).
    #[must_use]
    pub fn fail(mut self, part_of_url: impl Into<String>, description: impl Into<String>) -> Self {
        let ending = Ending { description: description.into(), ..Ending::new("Failed") };
        self.endings.push((part_of_url.into(), ending));
        self
    }

    /// Objects whose URL contains this text end with this status, such as `Timeout`, `Canceled` or
    /// one that no document knows.
    #[must_use]
    pub fn task_status(mut self, part_of_url: impl Into<String>, status: impl AsRef<str>) -> Self {
        self.endings.push((part_of_url.into(), Ending::new(status.as_ref())));
        self
    }

    /// How many files may be refreshed a day, 10,000 by default. Days begin at 00:00 in UTC+8.
    #[must_use]
    pub fn daily_files(mut self, most: u64) -> Self {
        self.daily_files = most;
        self
    }

    /// How many directories may be refreshed a day, 100 by default.
    #[must_use]
    pub fn daily_directories(mut self, most: u64) -> Self {
        self.daily_directories = most;
        self
    }

    /// How many regular expressions may be refreshed a day, 20 by default.
    #[must_use]
    pub fn daily_regexes(mut self, most: u64) -> Self {
        self.daily_regexes = most;
        self
    }

    /// How many URLs may be refreshed without their parameters a day, 100 by default.
    #[must_use]
    pub fn daily_ignore_params(mut self, most: u64) -> Self {
        self.daily_ignore_params = most;
        self
    }

    /// How many URLs may be preloaded a day, 1,000 by default.
    #[must_use]
    pub fn daily_preloads(mut self, most: u64) -> Self {
        self.daily_preloads = most;
        self
    }

    /// How many files of one domain may be refreshed in a minute, 10,000 by default. Minutes begin
    /// with their first second.
    #[must_use]
    pub fn files_per_minute(mut self, most: u64) -> Self {
        self.files_per_minute = most;
        self
    }

    /// The domains of the account; every domain by default. A call with a URL of another one is
    /// refused as a whole with `InvalidDomain.NotFound`.
    #[must_use]
    pub fn domains(mut self, domains: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let lower = |domain: &str| domain.to_ascii_lowercase();
        self.domains = Some(domains.into_iter().map(|domain| lower(domain.as_ref())).collect());
        self
    }

    /// Whether calls above an operation's documented rate are refused with `TooManyRequests`; they
    /// are by default.
    ///
    /// A rate is that of all access keys together, in any second of the service's clock. That second is
    /// a tenth shorter than the client's: one that keeps exactly to the rate is not refused because its
    /// requests were on their way for unequal times. Turn it off for a clock that stands still.
    /// `RefreshObjectCacheByCacheTag` has no documented rate.
    #[must_use]
    pub fn rates(mut self, on: bool) -> Self {
        self.rates = on;
        self
    }

    /// Whether an answer tells the state that the tasks of an id had when they were last asked about,
    /// by id or in a list; it tells the present one by default.
    ///
    /// The service refreshes what it knows of a task because somebody reads it, and answers before it
    /// has. Here the first answer is `Pending` with `0%`, whatever has happened since, and a client
    /// that asks once knows nothing. A list asks about all that fits its filter, on whatever page and
    /// in whatever state. [`FakeService::tasks`](crate::FakeService::tasks) is never stale.
    #[must_use]
    pub fn stale_reads(mut self, on: bool) -> Self {
        self.stale_reads = on;
        self
    }

    /// How long tasks are listed, 3 days of the service's clock by default. [`speed`](Self::speed) does
    /// not shorten it, so that a client may ask for all that is documented to be there.
    #[must_use]
    pub fn retention(mut self, time: Duration) -> Self {
        self.retention = time.min(CENTURY);
        self
    }

    pub(super) fn ending_of(&self, path: &str) -> Ending {
        self.endings
            .iter()
            .find(|(part, _)| path.contains(part.as_str()))
            .map_or_else(|| Ending::new("Complete"), |(_, ending)| ending.clone())
    }

    pub(super) fn has_domain(&self, domain: &str) -> bool {
        self.domains.as_ref().is_none_or(|domains| domains.contains(domain))
    }

    pub(super) fn quota(&self, allowance: Allowance) -> u64 {
        match allowance {
            Allowance::Files => self.daily_files,
            Allowance::Directories => self.daily_directories,
            Allowance::Regexes => self.daily_regexes,
            Allowance::IgnoreParams => self.daily_ignore_params,
            Allowance::Preloads => self.daily_preloads,
        }
    }
}

impl Default for Simulation {
    fn default() -> Self {
        Self::new()
    }
}
