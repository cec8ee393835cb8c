//! Client-side rate limiting.
//!
//! # Why not the governor crate
//!
//! Governor is not fair: under many waiting tasks some can wait forever. It allows a burst on top of
//! the rate, so that one second can contain twice as many calls as the service accepts. And it waits
//! on its own clock, which a test with virtual time cannot control. What is needed here is smaller:
//! the start times of the last N calls, and a queue of tasks.

mod adaptive_rate;
mod permit;
mod rate_limits;
mod rate_queue;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::permit::RateLimitPermit;
pub use self::rate_limits::RateLimits;
use crate::future::BoxFuture;
use crate::product::Operation;
use crate::time::Clock;

/// A limiter that decides when a call may start.
///
/// A service counts the calls of an account per operation, whichever program makes them, and rejects
/// calls above a rate. The default limiter, [`RateLimits`], keeps one client and its clones below it.
/// Implement this trait to share a limit between processes, for example through a common store.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// # use alicloud_core::testing::FakeTransport;
/// use alicloud_core::{BoxFuture, Client, Credentials, RateLimitRequest, RateLimiter};
///
/// /// Counts the calls in a store that all processes share.
/// #[derive(Debug, Default)]
/// struct SharedLimiter {
///     calls: AtomicU32,
/// }
///
/// impl RateLimiter for SharedLimiter {
///     fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
///         Box::pin(async move {
///             // Ask the store for `request.key()` and sleep on `request.clock()` until it permits.
///             assert_eq!(request.key(), "Alidns/DescribeDomains/id");
///             self.calls.fetch_add(1, Ordering::Relaxed);
///         })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// let limiter = Arc::new(SharedLimiter::default());
/// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
///     .credentials(Credentials::new("id", "secret"))
///     .rate_limiter(limiter.clone())
/// #   .transport(FakeTransport::new().respond_json("DescribeDomains", "{}"))
///     .build()?;
/// client.generic_call("DescribeDomains").await?;
/// assert_eq!(limiter.calls.load(Ordering::Relaxed), 1);
/// # Ok(()) }
/// ```
pub trait RateLimiter: Send + Sync + fmt::Debug {
    /// Waits until a call may start. Called before each attempt, including retries, because the
    /// service counts every attempt.
    ///
    /// The wait counts towards the call's timeout. The future may be dropped at any time; that must
    /// give up its place in the queue. Acquiring cannot fail: a limiter that cannot reach its store
    /// decides itself whether the call may start.
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> BoxFuture<'a, ()>;

    /// Observes the result of an attempt that was started, so that the limiter can slow down when the
    /// service throttles calls although they are below the documented rate: other programs use the
    /// account, too.
    ///
    /// Called after each attempt, before the delay of a retry, also with `Failed` for an attempt that did not
    /// reach the service, such as a refused connection; not for an attempt that is dropped. `retry_after` is
    /// how long the service asks to wait; any result but a success can have it. It runs within the call and
    /// must not block. Does nothing by default.
    fn observe(
        &self,
        request: &RateLimitRequest<'_>,
        result: AttemptResult,
        retry_after: Option<Duration>,
    ) {
        let _ = (request, result, retry_after);
    }
}

impl<L: RateLimiter + ?Sized> RateLimiter for Arc<L> {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        (**self).acquire(request)
    }

    fn observe(
        &self,
        request: &RateLimitRequest<'_>,
        result: AttemptResult,
        retry_after: Option<Duration>,
    ) {
        (**self).observe(request, result, retry_after);
    }
}

/// What the result of an attempt says about the rate of an account. See [`RateLimiter::observe`].
///
/// # Examples
///
/// ```
/// use alicloud_core::AttemptResult;
///
/// assert_ne!(AttemptResult::Throttled, AttemptResult::Failed);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptResult {
    /// The service executed the call.
    Succeeded,
    /// The service rejected the call because of its rate.
    Throttled,
    /// The attempt failed for another reason, which says nothing about the rate.
    Failed,
}

/// A call that wants to start, as passed to a [`RateLimiter`].
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alicloud_core::testing::ManualClock;
/// use alicloud_core::{Clock, Operation, Product, RateLimitRequest};
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10");
/// static LIST: Operation = Operation::rpc(&CDN, "DescribeRefreshTasks").with_rate_limit(10);
///
/// let clock: Arc<dyn Clock> = Arc::new(ManualClock::from_unix_seconds(0));
/// let request = RateLimitRequest::new("id", &LIST, &clock);
/// assert_eq!((request.product(), request.operation()), ("Cdn", "DescribeRefreshTasks"));
/// assert_eq!((request.account(), request.rate_per_second()), ("id", Some(10)));
/// assert_eq!(request.key(), "Cdn/DescribeRefreshTasks/id");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct RateLimitRequest<'a> {
    account: &'a str,
    product: &'a str,
    operation: &'a str,
    rate_per_second: Option<u32>,
    clock: &'a Arc<dyn Clock>,
}

impl<'a> RateLimitRequest<'a> {
    /// Creates a request for a call of `operation` by `account`.
    pub fn new(account: &'a str, operation: &'a Operation, clock: &'a Arc<dyn Clock>) -> Self {
        RateLimitRequest {
            account,
            product: operation.product().code(),
            operation: operation.name(),
            rate_per_second: operation.rate_per_second(),
            clock,
        }
    }

    /// Returns what identifies the account: [`limit_scope`](crate::ClientBuilder::limit_scope) if it is
    /// set, else the [account id](crate::Credentials::account_id) if it is known, else the name of an
    /// ECS role as `role/NAME`, else the access key id; an empty string for an unsigned call.
    pub fn account(&self) -> &'a str {
        self.account
    }

    /// Returns the product code, such as `Cdn`.
    pub fn product(&self) -> &'a str {
        self.product
    }

    /// Returns the name of the operation.
    pub fn operation(&self) -> &'a str {
        self.operation
    }

    /// Returns the documented rate limit in calls per second per account, or `None` without one.
    pub fn rate_per_second(&self) -> Option<u32> {
        self.rate_per_second
    }

    /// Returns the clock of the client.
    pub fn clock(&self) -> &'a Arc<dyn Clock> {
        self.clock
    }

    /// Returns a key for the calls that the service counts together: product, operation and
    /// [account](Self::account).
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.product, self.operation, self.account)
    }
}
