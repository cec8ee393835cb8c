//! A cache of credentials that refreshes them before they expire.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::CredentialsFuture;
use super::single_flight::{JoinFuture, SingleFlight};
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::policy::skew::Skew;
use crate::sign::timestamp;
use crate::time::{Clock, NonceSource, RandomNonce, SystemClock, with_timeout};

/// Maximum time before expiration at which temporary credentials are refreshed. A fifth of their
/// lifetime if that is shorter.
const MAX_REFRESH_WINDOW: Duration = Duration::from_secs(15 * 60);

/// Time after which credentials without an expiration are refreshed, before jitter.
const REFRESH_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// Maximum time that a call waits for a refresh while the cached credentials are still valid.
const MAX_REFRESH_WAIT: Duration = Duration::from_secs(1);

/// Backoff after a failed refresh while the cached credentials are still valid.
const MIN_BACKOFF: Duration = Duration::from_secs(10);
const MAX_BACKOFF: Duration = Duration::from_secs(5 * 60);

/// How long an error is cached when there are no valid credentials.
const ERROR_TTL: Duration = Duration::from_secs(1);

/// Age after which an unfinished fetch is replaced by a new one.
const MAX_FETCH_AGE: Duration = Duration::from_secs(120);

type FetchResult = Result<Credentials, CredentialsError>;

/// A provider that caches the credentials of another provider and refreshes them before they expire.
///
/// The providers of this module that fetch credentials already do this. Wrap your own provider, so
/// that it need not deal with expiration and concurrent calls:
///
/// * The first call fetches credentials; concurrent calls wait for the same fetch.
/// * Temporary credentials are refreshed 15 minutes before they expire, or when a fifth of their
///   lifetime remains if that is shorter. A random part of up to a quarter of that time is added, so
///   that many processes do not refresh at the same time. One call waits up to 1 s for the refresh;
///   the others use the cached credentials.
/// * If a refresh fails, the cached credentials are used until they expire. It is retried after 10 s,
///   and then with exponential backoff of up to 5 minutes. Once the credentials have expired, calls
///   fail with the error, which is cached for 1 s.
/// * Credentials without an expiration are refreshed after 5 minutes plus jitter, in case they were
///   replaced.
///
/// It works on any async runtime: calls that wait drive the fetch, which continues if one of them is
/// dropped. Cloning is cheap and shares the cache.
///
/// # Errors
///
/// * The errors of the provider.
/// * Its credentials are invalid (see [`Credentials::validate`]), or have already expired, for example
///   because the clock of this computer is wrong.
/// * The provider panicked; reported to the other calls that wait for it.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use alicloud_core::Credentials;
/// use alicloud_core::credentials::{CachingCredentialsProvider, ProvideCredentials};
///
/// // Any provider, such as one that calls a vault.
/// let provider = CachingCredentialsProvider::new(Credentials::new("LTAI5tExample", "secret"));
/// assert_eq!(provider.credentials().await?.access_key_id(), "LTAI5tExample");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct CachingCredentialsProvider {
    shared: Arc<Shared>,
}

struct Shared {
    provider: Arc<dyn ProvideCredentials>,
    clock: Arc<dyn Clock>,
    nonces: Arc<dyn NonceSource>,
    /// An expiration is a time of a service, so it is compared with the corrected time.
    skew: Arc<Skew>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cached: Option<CachedCredentials>,
    fetch: Option<Fetch>,
    failed_fetch: Option<FailedFetch>,
}

struct CachedCredentials {
    credentials: Credentials,
    refresh_at: SystemTime,
}

#[derive(Clone)]
struct Fetch {
    flight: Arc<SingleFlight<FetchResult>>,
    started_at: Duration,
}

struct FailedFetch {
    error: CredentialsError,
    failed_at: Duration,
    /// Time until the next fetch while the cached credentials are valid.
    backoff: Duration,
    retries: u32,
}

/// What a call does next.
enum NextStep {
    Use(Credentials),
    Fail(CredentialsError),
    /// Wait for a fetch; only briefly if there are valid credentials to fall back on.
    Wait {
        fetch: Fetch,
        future: JoinFuture<FetchResult>,
        fallback: Option<Credentials>,
    },
}

impl CachingCredentialsProvider {
    /// Creates a cache for the credentials of `provider`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Credentials;
    /// use alicloud_core::credentials::{CachingCredentialsProvider, ProvideCredentials};
    ///
    /// let provider = CachingCredentialsProvider::new(Credentials::new("id", "secret"));
    /// assert_eq!(provider.name(), "static_ak");
    /// ```
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        CachingCredentialsProvider::from_parts(
            Arc::new(provider),
            Arc::new(SystemClock),
            Arc::new(RandomNonce),
            Arc::default(),
        )
    }

    /// Sets the clock, and clears the cache. Defaults to the [`SystemClock`].
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use alicloud_core::Credentials;
    /// use alicloud_core::credentials::{CachingCredentialsProvider, ProvideCredentials};
    /// use alicloud_core::testing::ManualClock;
    ///
    /// let expiration = UNIX_EPOCH + Duration::from_secs(1_000);
    /// let expired = Credentials::new("id", "secret").with_expiration(expiration);
    /// let clock = ManualClock::from_unix_seconds(1_001);
    /// let provider = CachingCredentialsProvider::new(expired).clock(clock);
    /// assert!(provider.credentials().await.is_err());
    /// # }
    /// ```
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        let Shared { provider, nonces, skew, .. } = &*self.shared;
        CachingCredentialsProvider::from_parts(
            provider.clone(),
            Arc::new(clock),
            nonces.clone(),
            skew.clone(),
        )
    }

    pub(super) fn from_parts(
        provider: Arc<dyn ProvideCredentials>,
        clock: Arc<dyn Clock>,
        nonces: Arc<dyn NonceSource>,
        skew: Arc<Skew>,
    ) -> Self {
        CachingCredentialsProvider {
            shared: Arc::new(Shared { provider, clock, nonces, skew, state: Mutex::default() }),
        }
    }

    async fn get(&self) -> FetchResult {
        let shared = &*self.shared;
        let (fetch, future, fallback) = match shared.next_step() {
            NextStep::Use(credentials) => return Ok(credentials),
            NextStep::Fail(error) => return Err(error),
            NextStep::Wait { fetch, future, fallback } => (fetch, future, fallback),
        };
        let result = match &fallback {
            None => future.await,
            Some(valid) => match with_timeout(&*shared.clock, MAX_REFRESH_WAIT, future).await {
                Some(result) => result,
                None => return Ok(valid.clone()),
            },
        };
        shared.record_result(&fetch, &result);
        match (result, fallback) {
            (Err(_), Some(valid)) if !is_expired(&valid, shared.now()) => Ok(valid),
            (result, _) => result,
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the corrected time.
    fn now(&self) -> SystemTime {
        self.skew.correct_for_any_host(self.clock.now())
    }

    fn next_step(&self) -> NextStep {
        let (now, elapsed) = (self.now(), self.clock.elapsed());
        let mut state = self.lock();
        let fallback = match &state.cached {
            Some(cached) if now < cached.refresh_at => {
                return NextStep::Use(cached.credentials.clone());
            }
            Some(cached) if !is_expired(&cached.credentials, now) => {
                Some(cached.credentials.clone())
            }
            _ => None,
        };
        if let Some(failed) = &state.failed_fetch {
            let age = elapsed.saturating_sub(failed.failed_at);
            match &fallback {
                Some(valid) if age < failed.backoff => return NextStep::Use(valid.clone()),
                None if age < ERROR_TTL => return NextStep::Fail(failed.error.clone()),
                _ => {}
            }
        }
        if let Some(fetch) = &state.fetch {
            match fallback {
                _ if elapsed.saturating_sub(fetch.started_at) > MAX_FETCH_AGE => {}
                // One waiting call drives the fetch; if that one was dropped, this one takes over.
                Some(valid) if fetch.flight.has_waiters() => return NextStep::Use(valid),
                fallback => {
                    let (fetch, future) = (fetch.clone(), fetch.flight.join());
                    return NextStep::Wait { fetch, future, fallback };
                }
            }
        }
        let panicked = CredentialsError::failed(
            self.provider.name().to_owned(),
            "the credentials provider panicked",
        );
        let (provider, clock) = (Arc::clone(&self.provider), Arc::clone(&self.clock));
        let skew = Arc::clone(&self.skew);
        let work = Box::pin(async move {
            let credentials = provider.credentials().await?;
            check_usable(credentials, skew.correct_for_any_host(clock.now()))
        });
        let fetch = Fetch { flight: SingleFlight::new(work, Err(panicked)), started_at: elapsed };
        let future = fetch.flight.join();
        state.fetch = Some(fetch.clone());
        NextStep::Wait { fetch, future, fallback }
    }

    /// Records the result of a fetch. Of the calls that waited, only the first one has an effect.
    fn record_result(&self, fetch: &Fetch, result: &FetchResult) {
        let (now, elapsed) = (self.now(), self.clock.elapsed());
        let mut state = self.lock();
        if !state.fetch.as_ref().is_some_and(|known| Arc::ptr_eq(&known.flight, &fetch.flight)) {
            return;
        }
        state.fetch = None;
        let jitter = self.jitter();
        match result {
            Ok(credentials) => {
                let refresh_at = refresh_time(credentials.expiration(), now, jitter);
                let credentials = credentials.clone();
                state.cached = Some(CachedCredentials { credentials, refresh_at });
                state.failed_fetch = None;
            }
            Err(error) => {
                let retries = state.failed_fetch.as_ref().map_or(0, |failed| failed.retries + 1);
                let backoff = MIN_BACKOFF.saturating_mul(1 << retries.min(6)).min(MAX_BACKOFF);
                let backoff = backoff.mul_f64(1.0 - 0.5 * jitter);
                let error = error.clone();
                state.failed_fetch =
                    Some(FailedFetch { error, failed_at: elapsed, backoff, retries });
            }
        }
    }

    /// Returns a random number between 0 and 1, derived from a nonce.
    fn jitter(&self) -> f64 {
        let nonce = self.nonces.nonce().unwrap_or_default();
        // FNV-1a distributes well enough for jitter.
        let hash = nonce
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        f64::from(hash) / f64::from(u32::MAX)
    }
}

/// Returns the credentials, or an error if they are invalid or have expired.
fn check_usable(credentials: Credentials, now: SystemTime) -> FetchResult {
    credentials.validate()?;
    match credentials.expiration() {
        Some(expiration) if is_expired(&credentials, now) => Err(CredentialsError::failed(
            credentials.provider().to_owned(),
            format!(
                "the credentials expired at {}; renew them, or correct the clock of this computer",
                timestamp(expiration),
            ),
        )),
        _ => Ok(credentials),
    }
}

fn is_expired(credentials: &Credentials, now: SystemTime) -> bool {
    credentials.expiration().is_some_and(|expiration| expiration <= now)
}

/// Returns when to refresh credentials that were fetched now.
fn refresh_time(expiration: Option<SystemTime>, now: SystemTime, jitter: f64) -> SystemTime {
    let Some(expiration) = expiration else {
        return now.checked_add(REFRESH_INTERVAL.mul_f64(1.0 + 0.25 * jitter)).unwrap_or(now);
    };
    let lifetime = expiration.duration_since(now).unwrap_or_default();
    let window = MAX_REFRESH_WINDOW.min(lifetime / 5).mul_f64(1.0 + 0.25 * jitter);
    expiration.checked_sub(window).unwrap_or(now)
}

impl ProvideCredentials for CachingCredentialsProvider {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(self.get())
    }

    fn name(&self) -> &str {
        self.shared.provider.name()
    }
}

impl fmt::Debug for CachingCredentialsProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CachingCredentialsProvider").field(&self.shared.provider).finish()
    }
}
