//! The rate limiter of a process.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::rate_queue::{Acquire, RateQueue};
use super::{AttemptResult, RateLimitRequest, RateLimiter};
use crate::future::BoxFuture;
use crate::product::Operation;
use crate::time::Clock;

/// The default rate limiter: the documented rate of each operation, per account.
///
/// No window of one second contains more call starts than the service accepts. Calls up to the rate
/// start immediately; the others wait in first-come, first-served order. A second is counted as
/// 1.01 s, so that calls still arrive one second apart if their network latency differs; this costs
/// 1 % of the rate. Operations without a documented rate are not limited.
///
/// Clones share their counters, so one value can be passed to several clients of the same account.
/// Calls of other processes are not counted. If the service throttles a call nevertheless, nothing
/// starts for as long as it asks for (at most 30 s), else for a second; then calls start at half the rate,
/// evenly spaced, and after about 20 s at the whole rate again. Processes that use an account together
/// converge to equal shares in this way, but some of their calls are throttled and retried.
/// [`shared_by`](RateLimits::shared_by) avoids that for a known number of processes, and the crate
/// `alicloud-limit-redis` for any number.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use alicloud_core::testing::ManualClock;
/// use alicloud_core::{Clock, Operation, Product, RateLimitRequest, RateLimiter, RateLimits};
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// static LIST: Operation = Operation::rpc(&CDN, "DescribeRefreshTasks").with_rate_limit(10);
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let limits = RateLimits::new();
/// let clock: Arc<dyn Clock> = Arc::new(ManualClock::from_unix_seconds(0));
/// for _ in 0..11 {
///     limits.acquire(RateLimitRequest::new("id", &LIST, &clock)).await;
/// }
/// // The eleventh call waited for the next second.
/// assert_eq!(clock.elapsed(), Duration::from_millis(1_010));
/// # }
/// ```
#[derive(Clone, Default)]
pub struct RateLimits {
    off: bool,
    /// Number of processes that share the rates; 0 counts as 1.
    processes: u32,
    /// Rates that replace the documented ones, by product and operation; `None` is unlimited.
    overrides: BTreeMap<(String, String), Option<u32>>,
    queues: Arc<Mutex<HashMap<String, Arc<RateQueue>>>>,
}

impl RateLimits {
    /// Creates a limiter with the documented rates.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, RateLimits};
    ///
    /// // Two clients of one account share their counters.
    /// let limits = RateLimits::new();
    /// for host in ["cdn.aliyuncs.com", "cdn.ap-southeast-1.aliyuncs.com"] {
    ///     let builder = Client::generic("Cdn", "2018-05-10", host).rate_limiter(limits.clone());
    /// #   let client = builder.transport(alicloud_core::testing::FakeTransport::new()).build()?;
    /// #   assert!(client.endpoint().ends_with(host));
    /// }
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn new() -> Self {
        RateLimits::default()
    }

    /// Creates a limiter that limits nothing. The service rejects calls above its rates, and those
    /// calls are retried.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, RateLimits};
    ///
    /// let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .rate_limiter(RateLimits::off());
    /// # assert!(builder.transport(alicloud_core::testing::FakeTransport::new()).build().is_ok());
    /// ```
    pub fn off() -> Self {
        RateLimits { off: true, ..RateLimits::default() }
    }

    /// Replaces the rate of an operation, in calls per second; 0 counts as 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// use alicloud_core::testing::ManualClock;
    /// use alicloud_core::{Clock, Operation, Product, RateLimitRequest, RateLimiter, RateLimits};
    ///
    /// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// static LIST: Operation = Operation::rpc(&CDN, "DescribeRefreshTasks").with_rate_limit(10);
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let limits = RateLimits::new().operation(&LIST, 1);
    /// let clock: Arc<dyn Clock> = Arc::new(ManualClock::from_unix_seconds(0));
    /// for _ in 0..2 {
    ///     limits.acquire(RateLimitRequest::new("id", &LIST, &clock)).await;
    /// }
    /// assert_eq!(clock.elapsed(), Duration::from_millis(1_010));
    /// # }
    /// ```
    #[must_use]
    pub fn operation(mut self, operation: &Operation, per_second: u32) -> Self {
        self.override_rate(operation, Some(per_second));
        self
    }

    /// Removes the limit of an operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// use alicloud_core::testing::ManualClock;
    /// use alicloud_core::{Clock, Operation, Product, RateLimitRequest, RateLimiter, RateLimits};
    ///
    /// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// static LIST: Operation = Operation::rpc(&CDN, "DescribeRefreshTasks").with_rate_limit(1);
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let limits = RateLimits::new().unlimited(&LIST);
    /// let clock: Arc<dyn Clock> = Arc::new(ManualClock::from_unix_seconds(0));
    /// for _ in 0..100 {
    ///     limits.acquire(RateLimitRequest::new("id", &LIST, &clock)).await;
    /// }
    /// assert_eq!(clock.elapsed(), Duration::ZERO);
    /// # }
    /// ```
    #[must_use]
    pub fn unlimited(mut self, operation: &Operation) -> Self {
        self.override_rate(operation, None);
        self
    }

    fn override_rate(&mut self, operation: &Operation, rate_per_second: Option<u32>) {
        let key = (operation.product().code().to_owned(), operation.name().to_owned());
        self.overrides.insert(key, rate_per_second);
    }

    /// Limits this process to an equal share of every rate, for an account that several processes use.
    ///
    /// The processes do not communicate, so a share that one of them does not use stays unused.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Client, RateLimits};
    ///
    /// // One of three workers: an operation with 30 calls per second is limited to 10.
    /// let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    ///     .rate_limiter(RateLimits::new().shared_by(3));
    /// # assert!(builder.transport(alicloud_core::testing::FakeTransport::new()).build().is_ok());
    /// ```
    #[must_use]
    pub fn shared_by(mut self, processes: u32) -> Self {
        self.processes = processes;
        self
    }

    /// Returns the rate of the account in calls per second, for limiters that use the same settings; `None`
    /// without a limit. The number of [processes](Self::shared_by) does not change it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use alicloud_core::{Clock, Operation, Product, RateLimitRequest, RateLimits, SystemClock};
    ///
    /// static CDN: Product = Product::new("Cdn", "2018-05-10");
    /// static LIST: Operation = Operation::rpc(&CDN, "DescribeRefreshTasks").with_rate_limit(10);
    ///
    /// let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    /// let request = RateLimitRequest::new("id", &LIST, &clock);
    /// assert_eq!(RateLimits::new().rate_of(&request), Some(10));
    /// assert_eq!(RateLimits::new().operation(&LIST, 5).rate_of(&request), Some(5));
    /// assert_eq!(RateLimits::off().rate_of(&request), None);
    /// ```
    pub fn rate_of(&self, request: &RateLimitRequest<'_>) -> Option<u32> {
        let rate_override = self.overrides.iter().find(|((product, operation), _)| {
            product == request.product && operation == request.operation
        });
        rate_override.map_or(request.rate_per_second, |(_, rate)| *rate).filter(|_| !self.off)
    }

    fn queue_for(&self, request: &RateLimitRequest<'_>) -> Option<Arc<RateQueue>> {
        let rate = self.rate_of(request)?;
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let key = request.key();
        if let Some(queue) = queues.get(&key) {
            return Some(queue.clone());
        }
        // RAM role credentials change every hour, and their old access keys are never used again. A
        // task that waits has a reference to its queue.
        let now = request.clock.elapsed();
        queues.retain(|_, queue| Arc::strong_count(queue) > 1 || queue.is_in_use(now));
        let queue = Arc::new(RateQueue::new(rate, self.processes));
        queues.insert(key, queue.clone());
        Some(queue)
    }
}

impl RateLimiter for RateLimits {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        match self.queue_for(&request) {
            Some(queue) => Box::pin(Acquire::new(queue, request.clock.clone())),
            None => Box::pin(ready(())),
        }
    }

    fn observe(
        &self,
        request: &RateLimitRequest<'_>,
        result: AttemptResult,
        retry_after: Option<Duration>,
    ) {
        if result != AttemptResult::Throttled {
            return;
        }
        let queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&request.key()) {
            queue.throttled(retry_after, request.clock.elapsed());
        }
    }
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits")
            .field("off", &self.off)
            .field("processes", &self.processes.max(1))
            .field("overrides", &self.overrides)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::product::Product;
    use crate::testing::ManualClock;

    #[tokio::test]
    async fn access_keys_that_are_no_longer_used_are_forgotten() {
        static CDN: Product = Product::new("Cdn", "2018-05-10");
        static LIST: Operation = Operation::rpc(&CDN, "List").with_rate_limit(1);
        let manual = ManualClock::from_unix_seconds(0);
        let clock: Arc<dyn Clock> = Arc::new(manual.clone());
        let limits = RateLimits::new();
        let known = || limits.queues.lock().unwrap().len();
        for number in 0..10 {
            limits.acquire(RateLimitRequest::new(&number.to_string(), &LIST, &clock)).await;
            assert_eq!(known(), 1 + number % 2);
            // The window of a call has ended after exactly 1.01 s.
            manual.advance(Duration::from_millis(if number % 2 == 0 { 1_009 } else { 1_010 }));
        }
    }
}
