//! The rate limiter of many processes.

mod acquire;
mod call;
mod client;
mod own_starts;
mod queue;
mod server_time;
#[cfg(feature = "testing")]
mod virtual_time;

use std::collections::HashMap;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alicloud_core::{
    AttemptResult, BoxFuture, NonceSource as _, Operation, RandomNonce, RateLimitRequest,
    RateLimiter, RateLimits,
};

use self::acquire::Acquire;
use self::client::{Fallbacks, LimitClient, OnChange};
use self::queue::Queue;
use crate::config::RedisConfig;
use crate::connection::RedisConnection;
use crate::error::RedisError;

/// The part of a key before product, operation and account. The number is the version of the state.
const KEY_PREFIX: &str = "alicloud:limit:1:";

/// The size limit of responses, in bytes. Those of the script have one number for each waiting call, at most the rate.
const MAX_RESPONSE: usize = 1 << 20;

/// A rate limiter that all processes of an account share through Redis.
///
/// No second contains more call starts of all processes than the documented rate of an operation. The processes
/// take turns, whatever the number of their waiting calls. A process reserves a few starts at once, so the server
/// runs about one script per start or less. The clock of the server decides, so the clocks of the processes need not agree.
///
/// When the service throttles a call although the rate is kept, because other programs use the account, all
/// processes slow down by the share of throttled calls, and recover within 10 s. A time that the service asks to
/// wait, at most 60 s, applies to all starts that are not reserved yet.
///
/// # Without the server
///
/// If the server does not respond in [time](Self::timeout), or rejects the script, each process limits itself to its share of
/// the rate: the documented rate divided by the number of processes that used it last, or by
/// [`processes`](Self::processes). This is logged once, with the cause and the remedy. The processes return when the
/// server is back. Together, they never start more than twice the documented rate per second, provided that the number of
/// processes is right.
///
/// # Examples
///
/// ```
/// use alicloud_core::Client;
/// use alicloud_limit_redis::{RedisConfig, RedisRateLimits};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let limits = RedisRateLimits::new(RedisConfig::from_url("redis://cache.example")?).processes(10);
/// let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").rate_limiter(limits);
/// # assert!(builder.transport(alicloud_core::testing::FakeTransport::new()).build().is_ok());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RedisRateLimits {
    rates: RateLimits,
    processes: Option<u32>,
    timeout: Duration,
    uses_virtual_time: bool,
    on_change: Option<OnChange>,
    connection: RedisConnection,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    client: Option<Arc<LimitClient>>,
    queues: HashMap<String, Arc<Queue>>,
}

impl RedisRateLimits {
    /// Creates a limiter that connects with the first call.
    ///
    /// Connect first if a wrong setting has to be an error; see [`with_connection`](Self::with_connection).
    pub fn new(config: RedisConfig) -> Self {
        RedisRateLimits::with_connection(config.max_response(MAX_RESPONSE).connect_lazily())
    }

    /// Creates a limiter that uses a connection.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use alicloud_limit_redis::{RedisConfig, RedisRateLimits};
    ///
    /// # async fn example() -> Result<(), alicloud_limit_redis::RedisError> {
    /// let connection = RedisConfig::from_url("redis://cache.example")?.connect().await?;
    /// let limits = RedisRateLimits::with_connection(connection);
    /// # Ok(()) }
    /// ```
    pub fn with_connection(connection: RedisConnection) -> Self {
        RedisRateLimits {
            rates: RateLimits::new(),
            processes: None,
            timeout: Duration::from_millis(250),
            uses_virtual_time: false,
            on_change: None,
            connection,
            shared: Arc::default(),
        }
    }

    /// Replaces the rate of an operation, in calls per second; 0 counts as 1. All processes need the same.
    #[must_use]
    pub fn operation(mut self, operation: &Operation, per_second: u32) -> Self {
        self.rates = self.rates.operation(operation, per_second);
        self
    }

    /// Removes the limit of an operation.
    #[must_use]
    pub fn unlimited(mut self, operation: &Operation) -> Self {
        self.rates = self.rates.unlimited(operation);
        self
    }

    /// Sets the number of processes, of which each uses its share of the rates while the server is not available.
    ///
    /// Defaults to the number that the server saw last, or to 20 if it never responded.
    #[must_use]
    pub fn processes(mut self, processes: u32) -> Self {
        self.processes = Some(processes);
        self
    }

    /// Sets how long a call waits for the server before this process uses its share of the rates. Defaults to 250 ms.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Sets a function that is called when the limits are not shared any longer, with the cause and the remedy, and with
    /// `None` when they are shared again: for programs that tell their users without `tracing`.
    ///
    /// It is called once for an outage, and again if its cause changes. It runs on the thread of the connections, so it
    /// must neither block nor call this limiter.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::{RedisConfig, RedisRateLimits};
    ///
    /// let config = RedisConfig::from_url("redis://cache.example")?;
    /// let limits = RedisRateLimits::new(config).on_change(|error| match error {
    ///     Some(error) => eprintln!("the rate limits are not shared: {error}"),
    ///     None => eprintln!("the rate limits are shared again"),
    /// });
    /// assert!(limits.is_shared());
    /// # Ok::<(), alicloud_limit_redis::RedisError>(())
    /// ```
    #[must_use]
    pub fn on_change(
        mut self,
        function: impl Fn(Option<&RedisError>) + Send + Sync + 'static,
    ) -> Self {
        self.on_change = Some(Arc::new(function));
        self
    }

    /// Uses the clock of the client instead of that of the server, and blocks during commands.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    #[must_use]
    pub fn virtual_time(mut self) -> Self {
        self.uses_virtual_time = true;
        self
    }

    /// Returns whether the limits are shared: false from a failure of the server until it is back.
    pub fn is_shared(&self) -> bool {
        self.client().fallbacks.is_empty()
    }

    fn client(&self) -> Arc<LimitClient> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        self.client_of(&mut shared)
    }

    fn client_of(&self, shared: &mut Shared) -> Arc<LimitClient> {
        let create = || {
            // Without random numbers, the processes of a machine still differ.
            let mut process =
                RandomNonce.nonce().unwrap_or_else(|_| std::process::id().to_string());
            process.truncate(12);
            Arc::new(LimitClient {
                connection: self.connection.clone(),
                process,
                timeout: self.timeout,
                uses_virtual_time: self.uses_virtual_time,
                fallbacks: Fallbacks::new(self.on_change.clone()),
            })
        };
        shared.client.get_or_insert_with(create).clone()
    }

    fn queue_for(&self, request: &RateLimitRequest<'_>) -> Option<(Arc<LimitClient>, Arc<Queue>)> {
        let rate = self.rates.rate_of(request)?;
        let key = format!("{KEY_PREFIX}{{{}}}", request.key());
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let client = self.client_of(&mut shared);
        if let Some(queue) = shared.queues.get(&key) {
            return Some((client, queue.clone()));
        }
        // Credentials of roles change, and an account that is not used any longer is forgotten.
        let now = request.clock().elapsed();
        shared.queues.retain(|_, queue| {
            let is_kept = Arc::strong_count(queue) > 1 || queue.is_in_use(now);
            if !is_kept && queue.is_in_fallback() {
                client.fallbacks.forget();
            }
            is_kept
        });
        let queue = Arc::new(Queue::new(key.clone(), rate, self.processes));
        shared.queues.insert(key, queue.clone());
        Some((client, queue))
    }
}

impl RateLimiter for RedisRateLimits {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        match self.queue_for(&request) {
            Some((client, queue)) => Box::pin(Acquire::new(client, queue, request.clock().clone())),
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
        if let Some((client, queue)) = self.queue_for(request) {
            let clock = request.clock();
            if let Some(call) = queue.record_throttled(retry_after, clock.elapsed()) {
                client.start(&queue, call, clock);
            }
        }
    }
}

impl fmt::Debug for RedisRateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisRateLimits")
            .field("connection", &self.connection)
            .field("rates", &self.rates)
            .field("processes", &self.processes)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
