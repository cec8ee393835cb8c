//! Jobs in Redis, which move between machines.

mod holder;
mod journal;
mod keys;
mod open;
mod response;
mod scripts;
mod shared;
mod waiting;

use std::time::Duration;

use alicloud_limit_redis::{RedisConfig, RedisConnection};

pub use self::journal::RedisJournal;
use self::shared::Limits;
use self::waiting::Waiting;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The shortest lease: a slow server must not lose it.
const MIN_LEASE: Duration = Duration::from_millis(300);

/// A store of jobs in Redis, so that a job that was killed on one machine continues on another.
///
/// One program at a time has a job. It holds a lease that it renews in the background and with each
/// event. A program that [opens](Self::open) the job waits until the lease expires, so that a job whose
/// machine died continues after 15 s. The server checks with each event that the program still has the
/// job, and the program checks its lease before it sends a call. If it was suspended or cut off so that
/// another program took the job, it stops with [`Error::Journal`](crate::Error::Journal).
///
/// **Durability is that of the server.** Enable `appendonly yes`; with `appendfsync everysec`, a crash of
/// the server can lose the last second, and a failover what was not replicated yet. A program that has
/// the job open appends lost events again, and refuses to continue if the whole job is lost. Only if the
/// program is lost in the same second, its successor may not know of a call and send it again; set
/// `appendfsync always`, and `min-replicas-to-write 1` with replicas, where that matters.
///
/// **What remains possible:** a program that is suspended in the microseconds between its last check and
/// the network sends its call late. Its successor has found the call as being sent and does not send it:
/// it looks it up, and reports it as [unknown](crate::ObjectStatus::Unknown) if it is not listed yet.
///
/// The keys of a job begin with `alicloud:job:1:{NAME}:`. They expire 14 days after the last event; the
/// service lists tasks for 3 days.
///
/// ```no_run
/// use alicloud_cdn_refresh::{Job, Plan, RedisConfig, RedisStore};
///
/// # async fn run(client: &alicloud_cdn::Client) -> Result<(), Box<dyn std::error::Error>> {
/// // The password is read from ALICLOUD_REDIS_PASSWORD.
/// let store = RedisStore::new(RedisConfig::from_url("redis://cache.example")?.connect().await?);
/// let (mut journal, mut job) = match store.open("release-42").await {
///     Ok(opened) => opened,
///     Err(error) if error.is_missing() => {
///         let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
///         (store.create("release-42", &job).await?, job)
///     }
///     Err(error) => return Err(error.into()),
/// };
/// let _ = job.submit(client).journal(&mut journal).await?;
/// let report = job.wait(client).journal(&mut journal).await?;
/// journal.close().await;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct RedisStore {
    connection: RedisConnection,
    limits: Limits,
    waiting: Waiting,
}

impl RedisStore {
    /// Creates a store on a server.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{RedisConfig, RedisStore};
    ///
    /// let connection = RedisConfig::from_url("redis://cache.example/2")?.connect_lazily();
    /// let store = RedisStore::new(connection);
    /// assert_eq!(store.config().to_string(), "redis://cache.example:6379/2");
    /// # Ok::<(), alicloud_cdn_refresh::RedisError>(())
    /// ```
    pub fn new(connection: RedisConnection) -> Self {
        let limits = Limits {
            lease: Duration::from_secs(15),
            retention: 14 * DAY,
            write_timeout: Duration::from_secs(30),
        };
        RedisStore { connection, limits, waiting: Waiting::default() }
    }

    /// Sets how long a program has a job without renewing its lease. Defaults to 15 s; at least 0.3 s.
    ///
    /// A job whose program died can be continued after this time. A program that is suspended for longer
    /// can lose the job.
    #[must_use]
    pub fn lease(mut self, duration: Duration) -> Self {
        self.limits.lease = duration.max(MIN_LEASE);
        self
    }

    /// Sets how long a job is kept after its last event. Defaults to 14 days; at least 3 days, the time for
    /// which the service lists tasks.
    #[must_use]
    pub fn retention(mut self, duration: Duration) -> Self {
        self.limits.retention = duration.max(3 * DAY);
        self
    }

    /// Sets how long to try to create, open or read a job, or to record an event, while the server is away.
    /// Defaults to 30 s.
    ///
    /// After that, the operation fails, and a running job stops with [`Error::Journal`](crate::Error::Journal).
    #[must_use]
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.limits.write_timeout = timeout;
        self
    }

    /// Returns what an operation of this store, of its clones or of their jobs waits for now: a server that is
    /// away, or the lease of another program. `None` if it waits for nothing. One line, for messages.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{RedisConfig, RedisStore};
    ///
    /// let connection = RedisConfig::from_url("redis://cache.example")?.connect_lazily();
    /// assert_eq!(RedisStore::new(connection).waiting_for(), None);
    /// # Ok::<(), alicloud_cdn_refresh::RedisError>(())
    /// ```
    pub fn waiting_for(&self) -> Option<String> {
        self.waiting.cause()
    }

    /// Returns how the server is reached.
    pub fn config(&self) -> &RedisConfig {
        self.connection.config()
    }
}
