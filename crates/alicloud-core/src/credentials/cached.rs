//! Credentials that are kept, and fetched anew before they end.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::single_flight::{Flight, Join};
use super::source::Fetched;
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::clock::{Clock, SystemClock, within};
use crate::nonce::{NonceSource, RandomNonce};
use crate::sign::timestamp;

/// Temporary credentials are fetched anew so long before they end, or when a fifth of their life is
/// left, whichever is later.
const AHEAD: Duration = Duration::from_secs(15 * 60);

/// Credentials that do not say when they end may have been replaced after so long.
const UNDATED: Duration = Duration::from_secs(5 * 60);

/// How long a call waits for new credentials while its old ones are still valid.
const PATIENCE: Duration = Duration::from_secs(1);

/// The wait after a failed refresh while the old credentials are still valid: at first, and at most.
const BACKOFF: Duration = Duration::from_secs(10);
const MAX_BACKOFF: Duration = Duration::from_secs(5 * 60);

/// How long an error is repeated without trying again, where there is nothing valid.
const ERROR_KEPT: Duration = Duration::from_secs(1);

/// A fetch that nobody has waited for since then is begun again.
const ABANDONED: Duration = Duration::from_secs(120);

type Outcome = Result<Credentials, CredentialsError>;

/// Keeps what another provider hands out, and asks it again before that ends.
///
/// All providers of this module that fetch something do so by themselves. Wrap a provider of your own
/// in it and that need not care about time or about many tasks asking at once:
///
/// * Nothing is fetched until somebody asks, and then once, however many tasks wait.
/// * Temporary credentials are fetched anew 15 minutes before they end, or when a fifth of their life
///   is left if that is shorter, and up to a quarter of that time earlier, at random, so that many
///   processes do not all ask at once. One task does that in the course of its call, for a second at
///   most; the others go on with the old ones.
/// * When that fails, the old credentials serve until they end; it is tried again after 10 seconds,
///   and then less and less often, down to every 5 minutes. Only then is there an error, which is
///   kept for a second.
/// * Credentials without an end are asked for again after 5 minutes, in case they were replaced.
///
/// It needs no particular executor: a fetch is driven by whoever waits for it and outlives a task that
/// is dropped. Cloning is cheap and shares what is kept.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use alicloud_core::Credentials;
/// use alicloud_core::credentials::{CachingCredentialsProvider, ProvideCredentials};
///
/// // Any provider, such as one that asks a vault.
/// let provider = CachingCredentialsProvider::new(Credentials::new("LTAI5tExample", "secret"));
/// assert_eq!(provider.credentials().await?.access_key_id(), "LTAI5tExample");
/// # Ok::<(), alicloud_core::credentials::CredentialsError>(()) }).unwrap();
/// ```
///
/// # Errors
///
/// The provider's own; one when its credentials cannot be right (see [`Credentials::validate`]) or ended
/// before they came, which a wrong clock can cause, too; and one for those who wait when it panics.
#[derive(Clone)]
pub struct CachingCredentialsProvider {
    shared: Arc<Shared>,
}

struct Shared {
    provider: Arc<dyn ProvideCredentials>,
    clock: Arc<dyn Clock>,
    nonces: Arc<dyn NonceSource>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    fetch: Option<Fetch>,
    failure: Option<Failure>,
}

struct Held {
    credentials: Credentials,
    /// When to ask for others.
    renew: SystemTime,
}

#[derive(Clone)]
struct Fetch {
    flight: Arc<Flight<Outcome>>,
    begun: Duration,
}

struct Failure {
    error: CredentialsError,
    at: Duration,
    /// How long to wait while there is something valid.
    wait: Duration,
    count: u32,
}

/// What a caller does next.
enum Step {
    Use(Credentials),
    Refuse(CredentialsError),
    /// Waits for a fetch, not long if there is something valid to fall back on.
    Wait(Fetch, Join<Outcome>, Option<Credentials>),
}

impl CachingCredentialsProvider {
    /// Keeps what this provider hands out.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        CachingCredentialsProvider::of(
            Arc::new(provider),
            Arc::new(SystemClock),
            Arc::new(RandomNonce),
        )
    }

    /// The same by another clock, with nothing kept yet.
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        let Shared { provider, nonces, .. } = &*self.shared;
        CachingCredentialsProvider::of(provider.clone(), Arc::new(clock), nonces.clone())
    }

    pub(super) fn of(
        provider: Arc<dyn ProvideCredentials>,
        clock: Arc<dyn Clock>,
        nonces: Arc<dyn NonceSource>,
    ) -> Self {
        CachingCredentialsProvider {
            shared: Arc::new(Shared { provider, clock, nonces, state: Mutex::default() }),
        }
    }

    async fn get(&self) -> Outcome {
        let shared = &*self.shared;
        let (fetch, join, valid) = match shared.step() {
            Step::Use(credentials) => return Ok(credentials),
            Step::Refuse(error) => return Err(error),
            Step::Wait(fetch, join, valid) => (fetch, join, valid),
        };
        let outcome = match &valid {
            None => join.await,
            Some(valid) => match within(&*shared.clock, PATIENCE, join).await {
                Some(outcome) => outcome,
                None => return Ok(valid.clone()),
            },
        };
        shared.settle(&fetch, &outcome);
        match (outcome, valid) {
            (Err(_), Some(valid)) if !ended(&valid, shared.clock.now()) => Ok(valid),
            (outcome, _) => outcome,
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self) -> Step {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut state = self.lock();
        let valid = match &state.held {
            Some(held) if now < held.renew => return Step::Use(held.credentials.clone()),
            Some(held) if !ended(&held.credentials, now) => Some(held.credentials.clone()),
            _ => None,
        };
        if let Some(failure) = &state.failure {
            let since = elapsed.saturating_sub(failure.at);
            match &valid {
                Some(valid) if since < failure.wait => return Step::Use(valid.clone()),
                None if since < ERROR_KEPT => return Step::Refuse(failure.error.clone()),
                _ => {}
            }
        }
        if let Some(fetch) = &state.fetch {
            match valid {
                _ if elapsed.saturating_sub(fetch.begun) > ABANDONED => {}
                // One is enough to see to it; but if that one was dropped, another must.
                Some(valid) if fetch.flight.is_driven() => return Step::Use(valid),
                valid => return Step::Wait(fetch.clone(), fetch.flight.join(), valid),
            }
        }
        let broken = CredentialsError::failed(self.provider.name().to_owned(), "it panicked");
        let (provider, clock) = (Arc::clone(&self.provider), Arc::clone(&self.clock));
        let work = Box::pin(async move { usable(provider.credentials().await?, &*clock) });
        let fetch = Fetch { flight: Flight::new(work, Err(broken)), begun: elapsed };
        let join = fetch.flight.join();
        state.fetch = Some(fetch.clone());
        Step::Wait(fetch, join, valid)
    }

    /// Takes note of what a fetch came to; the first one of those who waited does.
    fn settle(&self, fetch: &Fetch, outcome: &Outcome) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut state = self.lock();
        if !state.fetch.as_ref().is_some_and(|known| Arc::ptr_eq(&known.flight, &fetch.flight)) {
            return;
        }
        state.fetch = None;
        let jitter = self.jitter();
        match outcome {
            Ok(credentials) => {
                let renew = renewal(credentials.expiration(), now, jitter);
                state.held = Some(Held { credentials: credentials.clone(), renew });
                state.failure = None;
            }
            Err(error) => {
                let count = state.failure.as_ref().map_or(0, |failure| failure.count + 1);
                let wait = BACKOFF.saturating_mul(1 << count.min(6)).min(MAX_BACKOFF);
                let wait = wait.mul_f64(1.0 - 0.5 * jitter);
                state.failure = Some(Failure { error: error.clone(), at: elapsed, wait, count });
            }
        }
    }

    /// A number between 0 and 1 from the same source as nonces.
    fn jitter(&self) -> f64 {
        let nonce = self.nonces.nonce().unwrap_or_default();
        // FNV-1a: enough to spread over an interval.
        let hash = nonce
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        f64::from(hash) / f64::from(u32::MAX)
    }
}

/// Credentials, unless they cannot be right or have ended.
fn usable(credentials: Credentials, clock: &dyn Clock) -> Outcome {
    credentials.validate()?;
    match credentials.expiration() {
        Some(end) if ended(&credentials, clock.now()) => Err(CredentialsError::failed(
            credentials.provider().to_owned(),
            format!(
                "its credentials ended at {}: are they fresh, and is this computer's clock right?",
                timestamp(end),
            ),
        )),
        _ => Ok(credentials),
    }
}

fn ended(credentials: &Credentials, now: SystemTime) -> bool {
    credentials.expiration().is_some_and(|end| end <= now)
}

/// When to ask for others.
fn renewal(end: Option<SystemTime>, now: SystemTime, jitter: f64) -> SystemTime {
    let Some(end) = end else {
        return now.checked_add(UNDATED.mul_f64(1.0 + 0.25 * jitter)).unwrap_or(now);
    };
    let life = end.duration_since(now).unwrap_or_default();
    let ahead = AHEAD.min(life / 5).mul_f64(1.0 + 0.25 * jitter);
    end.checked_sub(ahead).unwrap_or(now)
}

impl ProvideCredentials for CachingCredentialsProvider {
    fn credentials(&self) -> Fetched<'_> {
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
