//! Starting calls no faster than the service takes them.
//!
//! # Why this is not the governor crate
//!
//! Governor lets whoever wakes first go first, so that under many waiting tasks some wait for ever; it
//! allows a burst on top of the rate, so that a second can hold twice as many starts as the service
//! takes; and it waits on a clock of its own, which a test on virtual time cannot move. What is needed
//! is smaller: remember when the last N calls started, and let the tasks queue.

mod rate_queue;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use self::rate_queue::{Lane, Turn};
use crate::BoxFuture;
use crate::clock::Clock;
use crate::operation::{Called, Operation};

/// Says when a call may start.
///
/// A service counts the calls of an account by operation, whichever program makes them, and refuses
/// those above a rate. The default, [`RateLimits`], keeps one client and its clones below it. A fleet
/// that shares an account can put a limiter of its own here, which asks a store that all of them see.
///
/// ```
/// use alicloud_core::{BoxFuture, RateLimiter, RateLimitRequest};
///
/// /// Starts that are paid for somewhere else.
/// #[derive(Debug)]
/// struct Shared;
///
/// impl RateLimiter for Shared {
///     fn acquire<'a>(&'a self, start: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
///         Box::pin(async move {
///             let (key, rate) = (start.key(), start.rate_per_second());
///             // Ask the store under the key until it grants a start; wait on `start.clock()`.
/// #           let _ = (key, rate);
///         })
///     }
/// }
/// ```
pub trait RateLimiter: Send + Sync + fmt::Debug {
    /// Waits until a call may start. It is asked before each attempt, repeated ones too, because the
    /// service counts them all.
    ///
    /// The time spent here counts towards the call's timeout, and the future may be dropped at any
    /// time, which gives up the place in the queue. A limiter that cannot reach its store decides by
    /// itself whether to let the call go: there is no way to fail.
    fn acquire<'a>(&'a self, start: RateLimitRequest<'a>) -> BoxFuture<'a, ()>;
}

impl<L: RateLimiter + ?Sized> RateLimiter for Arc<L> {
    fn acquire<'a>(&'a self, start: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        (**self).acquire(start)
    }
}

/// A call that wants to start, as a [`RateLimiter`] sees it.
#[derive(Debug, Clone, Copy)]
pub struct RateLimitRequest<'a> {
    account: &'a str,
    product: &'a str,
    operation: &'a str,
    rate: Option<u32>,
    clock: &'a Arc<dyn Clock>,
}

impl<'a> RateLimitRequest<'a> {
    /// A start of an operation with an access key.
    pub fn new(account: &'a str, operation: &'a Operation, clock: &'a Arc<dyn Clock>) -> Self {
        RateLimitRequest {
            account,
            product: operation.product().code(),
            operation: operation.name(),
            rate: operation.rate_per_second(),
            clock,
        }
    }

    /// A start of what is called.
    pub(crate) fn for_call(
        account: &'a str,
        operation: &'a Called,
        clock: &'a Arc<dyn Clock>,
    ) -> Self {
        RateLimitRequest {
            account,
            product: operation.product_code(),
            operation: operation.name(),
            rate: operation.rate_per_second(),
            clock,
        }
    }

    /// Whose call it is: an access key id, or nothing for a call that is not signed.
    pub fn account(&self) -> &'a str {
        self.account
    }

    /// The product's code, such as `Cdn`.
    pub fn product(&self) -> &'a str {
        self.product
    }

    /// The operation's name.
    pub fn operation(&self) -> &'a str {
        self.operation
    }

    /// How many calls a second the service takes from one account, where that is documented.
    pub fn rate_per_second(&self) -> Option<u32> {
        self.rate
    }

    /// What the client measures time with.
    pub fn clock(&self) -> &'a Arc<dyn Clock> {
        self.clock
    }

    /// One text for what is counted together: product, operation and access key id.
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.product, self.operation, self.account)
    }
}

/// The default limiter: the documented rate of each operation, for each access key.
///
/// In no second do more calls start than the service takes; the others wait, in the order in which
/// they came. Up to the rate they start at once. It counts a second as 1.01 s, so that calls that take
/// different times on their way still arrive one second apart; that costs 1 % of the rate. Operations
/// without a documented rate are not limited.
///
/// Clones share what they count, so one can be given to several clients of the same account. Calls of
/// other processes are not seen: see [`shared_by`](RateLimits::shared_by).
///
/// ```
/// use alicloud_core::{Operation, Product, RateLimits};
///
/// const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// const LIST: Operation = Operation::rpc(&CDN, "DescribeRefreshTasks").read_only().with_rate_limit(10);
///
/// let limits = RateLimits::new().operation(&LIST, 5);
/// # let _ = limits;
/// ```
#[derive(Clone, Default)]
pub struct RateLimits {
    off: bool,
    /// Who else calls with the same account; 0 counts as 1.
    processes: u32,
    /// Rates that go before the documented ones, by product and operation.
    own: BTreeMap<(&'static str, String), Option<u32>>,
    lanes: Arc<Mutex<HashMap<String, Arc<Lane>>>>,
}

impl RateLimits {
    /// The documented rates.
    pub fn new() -> Self {
        RateLimits::default()
    }

    /// No limits: the service refuses what is too much, and the calls are repeated.
    pub fn off() -> Self {
        RateLimits { off: true, ..RateLimits::default() }
    }

    /// Another rate for an operation, in calls a second; 0 counts as 1.
    #[must_use]
    pub fn operation(mut self, operation: &Operation, per_second: u32) -> Self {
        self.set(operation, Some(per_second));
        self
    }

    /// No limit for an operation.
    #[must_use]
    pub fn unlimited(mut self, operation: &Operation) -> Self {
        self.set(operation, None);
        self
    }

    fn set(&mut self, operation: &Operation, rate: Option<u32>) {
        let key = (operation.product().code(), operation.name().to_owned());
        self.own.insert(key, rate);
    }

    /// The part of every rate that one of so many equal processes may use. They need not know of each
    /// other, at the price of leaving unused what others do not use.
    #[must_use]
    pub fn shared_by(mut self, processes: u32) -> Self {
        self.processes = processes;
        self
    }

    fn lane(&self, start: &RateLimitRequest<'_>) -> Option<Arc<Lane>> {
        let own = self.own.iter().find(|((product, operation), _)| {
            *product == start.product && operation == start.operation
        });
        let rate = own.map_or(start.rate, |(_, rate)| *rate).filter(|_| !self.off)?;
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let key = start.key();
        if let Some(lane) = lanes.get(&key) {
            return Some(lane.clone());
        }
        // Access keys of roles are new every hour, and nobody comes back to an old one.
        let now = start.clock.elapsed();
        lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || lane.is_in_use(now));
        let lane = Arc::new(Lane::new(rate, self.processes));
        lanes.insert(key, lane.clone());
        Some(lane)
    }
}

impl RateLimiter for RateLimits {
    fn acquire<'a>(&'a self, start: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        match self.lane(&start) {
            Some(lane) => Box::pin(Turn::new(lane, start.clock.clone())),
            None => Box::pin(ready(())),
        }
    }
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits")
            .field("off", &self.off)
            .field("processes", &self.processes.max(1))
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}
