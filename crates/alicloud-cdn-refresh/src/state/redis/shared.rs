//! The lease of a job and the commands that need it.

use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use alicloud_core::{BoxFuture, Clock as _, SystemClock};
use alicloud_limit_redis::{RedisConnection, RedisError, RedisScript};

use super::keys::Keys;
use super::response::Response;
use super::scripts;
use super::waiting::Waiting;
use crate::job::{JournalError, Lease};
use crate::state::redis_problem::{Holder, RedisProblem};

/// Time limits of a job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) lease: Duration,
    pub(super) retention: Duration,
    pub(super) write_timeout: Duration,
}

/// A job that this program has opened, shared by its journal, its calls and the renewal.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) connection: RedisConnection,
    pub(super) keys: Keys,
    pub(super) owner: String,
    pub(super) holder: Holder,
    pub(super) limits: Limits,
    pub(super) waiting: Waiting,
    state: Mutex<LeaseState>,
}

#[derive(Debug, Default)]
struct LeaseState {
    /// When the last successful renewal was requested: since a fixed moment, and by the clock.
    renewed_at: Option<(Duration, SystemTime)>,
    /// Since when commands fail. Shared, so that calls do not wait longer than the event that failed.
    away_since: Option<Duration>,
    /// Why this program may no longer write.
    lost: Option<RedisProblem>,
}

/// When a command was requested.
type RequestedAt = (Duration, SystemTime);

impl Shared {
    pub(super) fn new(
        connection: RedisConnection,
        keys: Keys,
        owner: String,
        holder: Holder,
        limits: Limits,
        waiting: Waiting,
    ) -> Self {
        Shared { connection, keys, owner, holder, limits, waiting, state: Mutex::default() }
    }

    /// Runs a script that renews the lease if it succeeds.
    pub(super) async fn renew(
        &self,
        script: &RedisScript,
        arguments: &[&[u8]],
    ) -> Result<Result<Response, RedisProblem>, RedisError> {
        let requested_at = now();
        let response = self.run(script, arguments).await?;
        if let Ok(Response::Done(_)) = &response {
            self.lock().renewed_at = Some(requested_at);
        }
        Ok(response)
    }

    /// Runs a script with the owner, the holder, the time limits and these arguments.
    pub(super) async fn run(
        &self,
        script: &RedisScript,
        arguments: &[&[u8]],
    ) -> Result<Result<Response, RedisProblem>, RedisError> {
        let millis = |duration: Duration| duration.as_millis().to_string();
        let (lease, retention) = (millis(self.limits.lease), millis(self.limits.retention));
        let Holder { program, since } = &self.holder;
        let mut all: Vec<&[u8]> = vec![
            self.owner.as_bytes(),
            program.as_bytes(),
            since.as_bytes(),
            lease.as_bytes(),
            retention.as_bytes(),
        ];
        all.extend(arguments);
        let keys = self.keys.all();
        // Boxed, because the futures of all operations contain it.
        let words = Box::pin(self.connection.script(script, &keys, all.as_slice()));
        Ok(Response::parse(words.await?))
    }

    /// Repeats a command while the server is away, until this takes too long.
    pub(super) async fn repeat<T, F: Future<Output = Result<T, RedisError>>>(
        &self,
        command: impl Fn() -> F,
    ) -> Result<T, RedisError> {
        let mut pause = Duration::from_millis(50);
        loop {
            let error = match command().await {
                Ok(response) => {
                    self.lock().away_since = None;
                    self.waiting.set(None);
                    return Ok(response);
                }
                Err(error) => error,
            };
            let now = SystemClock.elapsed();
            let away_since = *self.lock().away_since.get_or_insert(now);
            let away = now.saturating_sub(away_since).saturating_add(pause);
            if !error.is_temporary() || away > self.limits.write_timeout {
                self.waiting.set(None);
                return Err(error);
            }
            self.waiting.set(Some(error.to_string()));
            SystemClock.sleep(pause).await;
            pause = (2 * pause).min(Duration::from_secs(1));
        }
    }

    /// Appends events, or only renews the lease.
    pub(super) async fn append(
        &self,
        arguments: &[&[u8]],
        events: usize,
    ) -> Result<Response, RedisProblem> {
        let timeout = self.limits.write_timeout;
        match self.repeat(|| self.renew(&scripts::APPEND, arguments)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(problem)) => Err(self.lose(problem)),
            Err(source) if events == 0 => Err(RedisProblem::Write(source)),
            Err(source) => Err(RedisProblem::NotRecorded { events, timeout, source }),
        }
    }

    /// Remembers that this program may no longer write.
    pub(super) fn lose(&self, problem: RedisProblem) -> RedisProblem {
        let problem = match problem {
            RedisProblem::Missing => RedisProblem::Gone,
            problem => problem,
        };
        self.lock().lost.get_or_insert_with(|| problem.clone());
        problem
    }

    /// Gives the job back, so that another program need not wait until the lease expires.
    pub(super) async fn release(&self) {
        self.lose(RedisProblem::Closed);
        // If this fails, the lease expires.
        let _ = self.run(&scripts::RELEASE, &[]).await;
    }

    fn lock(&self) -> MutexGuard<'_, LeaseState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Renews the lease until the journal is dropped or the lease is lost.
pub(super) async fn renew_in_background(shared: Weak<Shared>) {
    let mut has_failed = false;
    loop {
        let Some(lease) = shared.upgrade().map(|shared| shared.limits.lease) else { return };
        SystemClock.sleep(if has_failed { lease / 10 } else { lease / 3 }).await;
        let Some(shared) = shared.upgrade() else { return };
        match shared.renew(&scripts::APPEND, &[b"0"]).await {
            Ok(Ok(_)) => has_failed = false,
            Err(_) => has_failed = true,
            Ok(Err(problem)) => {
                shared.lose(problem);
                return;
            }
        }
    }
}

/// The lease is valid by both clocks: the monotonic one stands still while the machine sleeps, and the
/// other one can be set.
impl Lease for Shared {
    fn is_valid(&self) -> bool {
        let state = self.lock();
        let Some((elapsed, time)) = state.renewed_at.filter(|_| state.lost.is_none()) else {
            return false;
        };
        // A tenth is reserved for sending the request.
        let limit = self.limits.lease - self.limits.lease / 10;
        let (elapsed_now, time_now) = now();
        elapsed_now.saturating_sub(elapsed) < limit
            && time_now.duration_since(time).is_ok_and(|age| age < limit)
    }

    fn confirm(&self) -> BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(async move {
            let lost = self.lock().lost.clone();
            let confirmed = match lost {
                Some(problem) => Err(problem),
                None => self.append(&[b"0"], 0).await,
            };
            confirmed.map(drop).map_err(|problem| self.keys.problem(problem).into())
        })
    }
}

fn now() -> RequestedAt {
    (SystemClock.elapsed(), SystemClock.now())
}
