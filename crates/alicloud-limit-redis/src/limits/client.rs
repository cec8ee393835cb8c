//! Runs the script, and reports when the server is lost and when it is back.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alicloud_core::Clock;
use tokio::time::timeout;

use super::call::{Call, CallOfProcess, Response, SCRIPT};
use super::queue::{Change, Queue};
use crate::connection::{RedisConnection, io_thread};
use crate::error::{RedisError, RedisErrorKind};

/// The client of one process.
#[derive(Debug)]
pub(super) struct LimitClient {
    pub(super) connection: RedisConnection,
    pub(super) process: String,
    pub(super) timeout: Duration,
    /// Whether calls use the time of the client's clock and block: for simulations in virtual time.
    pub(super) uses_virtual_time: bool,
    pub(super) fallbacks: Fallbacks,
}

/// A function that is called with the cause when the limits are not shared any longer, and with `None` when they are.
pub(super) type OnChange = Arc<dyn Fn(Option<&RedisError>) + Send + Sync>;

/// The queues that are limited without the server.
#[derive(Default)]
pub(super) struct Fallbacks {
    count: AtomicUsize,
    on_change: Option<OnChange>,
    /// The last failure that was logged.
    logged: Mutex<Option<RedisErrorKind>>,
}

impl LimitClient {
    /// Runs the script on the I/O thread.
    pub(super) fn start(self: &Arc<Self>, queue: &Arc<Queue>, call: Call, clock: &Arc<dyn Clock>) {
        let (client, queue, started) = (self.clone(), queue.clone(), clock.elapsed());
        let guard = Run { client, queue, started, is_finished: false };
        let clock = clock.clone();
        let run = async move {
            // All of it, not its fields.
            let mut guard = guard;
            guard.client.run(&guard.queue, call, clock).await;
            guard.is_finished = true;
        };
        #[cfg(feature = "testing")]
        if self.uses_virtual_time {
            return super::virtual_time::block_on(run);
        }
        // Without the thread, the run is dropped.
        if let Err(error) = io_thread::spawn(run) {
            tracing::debug!(%error, "the thread of the connections does not start");
        }
    }

    async fn run(&self, queue: &Queue, first: Call, clock: Arc<dyn Clock>) {
        let mut next = Some(first);
        while let Some(call) = next.take() {
            let mut response = pin!(self.call(&queue.key, &call, &*clock));
            let in_time = timeout(self.timeout, &mut response).await;
            let result = match in_time {
                Ok(result) => result,
                Err(_) => {
                    let server = self.connection.config().to_string();
                    let error = RedisError::timeout(&server, "a rate limit request", self.timeout);
                    self.fail(queue, &error, clock.elapsed(), true);
                    response.await
                }
            };
            match result {
                Ok((response, sent, received)) => {
                    let (change, call) = queue.record_response(&response, sent, received);
                    if change == Change::ToServer {
                        self.fallbacks.end(&self.connection);
                    }
                    next = call;
                }
                Err(error) => self.fail(queue, &error, clock.elapsed(), false),
            }
        }
    }

    /// Returns the response, and when the command was sent and the response received.
    async fn call(
        &self,
        key: &str,
        call: &Call,
        clock: &dyn Clock,
    ) -> Result<(Response, Duration, Duration), RedisError> {
        self.connection.open(key).await?;
        let sent = clock.elapsed();
        let now = self.uses_virtual_time.then_some(sent);
        let arguments = CallOfProcess { call, process: &self.process, now };
        let numbers: Vec<i64> = self.connection.script(&SCRIPT, &[key], arguments).await?;
        let response = Response::from_numbers(&numbers).ok_or_else(|| {
            let server = self.connection.config().to_string();
            let cause = "a response of another program";
            RedisError::new(RedisErrorKind::Other, server, cause, "check the URL")
        })?;
        Ok((response, sent, clock.elapsed()))
    }

    fn fail(&self, queue: &Queue, error: &RedisError, now: Duration, is_late: bool) {
        queue.record_failure(now, is_late, || self.fallbacks.begin(error));
    }
}

/// A run of the script. If it panics, for example in the clock of the program, its queue goes on without the server.
struct Run {
    client: Arc<LimitClient>,
    queue: Arc<Queue>,
    started: Duration,
    is_finished: bool,
}

impl Drop for Run {
    fn drop(&mut self) {
        if !self.is_finished {
            let server = self.client.connection.config().to_string();
            let cause = "a rate limit request ended without a result";
            let error = RedisError::new(RedisErrorKind::Other, server, cause, "see the panic");
            self.client.fail(&self.queue, &error, self.started, false);
        }
    }
}

impl Fallbacks {
    pub(super) fn new(on_change: Option<OnChange>) -> Self {
        Fallbacks { on_change, ..Fallbacks::default() }
    }

    fn begin(&self, error: &RedisError) {
        self.count.fetch_add(1, Ordering::AcqRel);
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.replace(error.kind()) != Some(error.kind()) {
            tracing::warn!(
                %error,
                "shared rate limits are not available; this process uses its share of the rates",
            );
            if let Some(on_change) = &self.on_change {
                on_change(Some(error));
            }
        }
    }

    fn end(&self, connection: &RedisConnection) {
        if self.forget() {
            let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
            *logged = None;
            tracing::info!(server = %connection.config(), "shared rate limits are available again");
            if let Some(on_change) = &self.on_change {
                on_change(None);
            }
        }
    }

    /// Forgets a queue. Returns whether it was the last one.
    pub(super) fn forget(&self) -> bool {
        self.count.fetch_sub(1, Ordering::AcqRel) == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }
}

impl fmt::Debug for Fallbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fallbacks").field("count", &self.count).finish_non_exhaustive()
    }
}
