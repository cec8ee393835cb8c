//! Caching and refreshing of credentials. The clock is manual, and the tests count fetches.

mod expirations;
mod moments;
mod waiters;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::credentials::{
    CachingCredentialsProvider, CredentialsError, ProvideCredentials,
};
use alicloud_core::testing::ManualClock;
use alicloud_core::{BoxFuture, Clock, Credentials};

use crate::clock;

/// Lifetime of credentials, in seconds.
const LIFETIME: u64 = 3600;

/// A provider that counts its fetches, and fails on demand.
#[derive(Debug, Clone)]
struct Counting {
    clock: ManualClock,
    lifetime: Option<u64>,
    fetches: Arc<AtomicUsize>,
    is_failing: Arc<Mutex<bool>>,
}

impl Counting {
    fn new(clock: &ManualClock, lifetime: Option<u64>) -> Self {
        Counting {
            clock: clock.clone(),
            lifetime,
            fetches: Arc::default(),
            is_failing: Arc::default(),
        }
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    fn set_failing(&self, is_failing: bool) {
        *self.is_failing.lock().unwrap() = is_failing;
    }
}

impl ProvideCredentials for Counting {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
            // Long enough for all other tasks to wait.
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            if *self.is_failing.lock().unwrap() {
                return Err(CredentialsError::failed("counting", format!("error {number}")));
            }
            let credentials = Credentials::new(format!("id-{number}"), "secret");
            Ok(match self.lifetime {
                Some(lifetime) => {
                    credentials.with_expiration(self.clock.now() + Duration::from_secs(lifetime))
                }
                None => credentials,
            })
        })
    }

    fn name(&self) -> &str {
        "counting"
    }
}

fn counting(lifetime: Option<u64>) -> (ManualClock, Counting, CachingCredentialsProvider) {
    let clock = clock();
    let source = Counting::new(&clock, lifetime);
    let cached = CachingCredentialsProvider::new(source.clone()).clock(clock.clone());
    (clock, source, cached)
}

async fn id(cached: &CachingCredentialsProvider) -> String {
    cached.credentials().await.unwrap().access_key_id().to_owned()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn refreshes_shortly_before_expiration() {
    let (clock, source, cached) = counting(Some(LIFETIME));
    assert_eq!(source.fetches(), 0);
    assert_eq!(id(&cached).await, "id-1");
    // A fifth of an hour is shorter than 15 minutes; jitter adds up to a quarter of it.
    clock.advance(seconds(LIFETIME - LIFETIME / 4 - 1));
    assert_eq!(id(&cached).await, "id-1");
    clock.advance(seconds(LIFETIME / 20 + 1));
    assert_eq!(id(&cached).await, "id-2");
    assert_eq!(source.fetches(), 2);

    // A fifth of twelve hours is longer than 15 minutes.
    let (clock, _source, cached) = counting(Some(12 * LIFETIME));
    id(&cached).await;
    clock.advance(seconds(12 * LIFETIME - 900 - 225 - 1));
    assert_eq!(id(&cached).await, "id-1");
    clock.advance(seconds(226));
    assert_eq!(id(&cached).await, "id-2");
}

#[tokio::test]
async fn credentials_are_expired_from_the_time_of_their_expiration() {
    let expiring_after = |seconds| {
        let credentials = Credentials::new("id", "secret");
        let credentials = credentials.with_expiration(crate::time_after(seconds));
        CachingCredentialsProvider::new(credentials).clock(clock())
    };
    let error = expiring_after(0).credentials().await.unwrap_err().to_string();
    assert!(error.contains("the credentials expired at 2026-01-02T03:04:05Z"), "{error}");
    assert_eq!(id(&expiring_after(1)).await, "id");

    // A refresh that fails at that time is an error, and before it the cached credentials are used.
    let (clock, source, cached) = counting(Some(LIFETIME));
    id(&cached).await;
    source.set_failing(true);
    clock.advance(seconds(LIFETIME - 1));
    assert_eq!(id(&cached).await, "id-1");
    clock.advance(seconds(1));
    assert!(cached.credentials().await.is_err());
}

#[tokio::test]
async fn caches_refresh_at_different_times_before_an_expiration() {
    const CACHES: usize = 40;
    let mut refreshed = 0;
    for _ in 0..CACHES {
        let (clock, source, cached) = counting(Some(LIFETIME));
        id(&cached).await;
        // The middle between a fifth of the lifetime and a quarter more.
        clock.advance(seconds(LIFETIME - LIFETIME / 5 - LIFETIME / 40));
        id(&cached).await;
        refreshed += source.fetches() - 1;
    }
    assert!((1..CACHES).contains(&refreshed), "{refreshed}");
}

#[tokio::test]
async fn a_failing_refresh_is_retried_with_growing_delays() {
    let (clock, source, cached) = counting(Some(12 * LIFETIME));
    id(&cached).await;
    source.set_failing(true);
    clock.advance(seconds(12 * LIFETIME - 900));
    for _ in 0..900 {
        assert_eq!(id(&cached).await, "id-1");
        clock.advance(seconds(1));
    }
    // At 0, 10, 30, 70, 150, 310 and 610 s, or at half of these delays.
    let refreshes = source.fetches() - 1;
    assert!((7..=10).contains(&refreshes), "{refreshes}");
}

#[tokio::test]
async fn an_unfinished_fetch_is_replaced_after_two_minutes() {
    let (clock, source, cached) = counting(Some(LIFETIME));
    let mut first = cached.credentials();
    assert!(poll_once(&mut first).is_none());
    clock.advance(seconds(120));
    assert!(poll_once(&mut cached.credentials()).is_none());
    assert_eq!(source.fetches(), 1);
    clock.advance(seconds(1));
    assert_eq!(id(&cached).await, "id-2");
    // The result of the first fetch does not replace newer credentials.
    assert_eq!(first.await.unwrap().access_key_id(), "id-1");
    assert_eq!(id(&cached).await, "id-2");
    assert!(format!("{cached:?}").starts_with("CachingCredentialsProvider(Counting"));
    assert_eq!(cached.name(), "counting");
}

#[tokio::test]
async fn refreshes_credentials_without_an_expiration() {
    let (clock, _source, cached) = counting(None);
    id(&cached).await;
    clock.advance(seconds(299));
    assert_eq!(id(&cached).await, "id-1");
    clock.advance(seconds(76));
    assert_eq!(id(&cached).await, "id-2");
}

#[tokio::test]
async fn valid_credentials_survive_a_failed_refresh() {
    let (clock, source, cached) = counting(Some(LIFETIME));
    id(&cached).await;
    source.set_failing(true);
    clock.advance(seconds(LIFETIME - LIFETIME / 5));
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(source.fetches(), 2, "it is not retried immediately");
    clock.advance(seconds(10));
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(source.fetches(), 3);
    // The second backoff is twice as long, minus up to a half of jitter.
    clock.advance(seconds(9));
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(source.fetches(), 3);

    clock.advance(seconds(LIFETIME / 5));
    let error = cached.credentials().await.unwrap_err();
    assert_eq!(error.to_string(), "counting: error 4");
    let error = cached.credentials().await.unwrap_err();
    assert_eq!(error.to_string(), "counting: error 4", "cached for a second");
    source.set_failing(false);
    clock.advance(seconds(1));
    assert_eq!(id(&cached).await, "id-5");
}

#[tokio::test]
async fn one_call_refreshes_while_the_others_use_the_cache() {
    let (clock, source, cached) = counting(Some(LIFETIME));
    id(&cached).await;
    clock.advance(seconds(LIFETIME - LIFETIME / 5));
    let mut first = cached.credentials();
    assert!(poll_once(&mut first).is_none(), "it waits for the refresh");
    assert_eq!(id(&cached).await, "id-1", "the others use the cached credentials");
    assert_eq!(source.fetches(), 2);

    // If the call that refreshes is dropped, the next call continues the same fetch.
    drop(first);
    assert_eq!(id(&cached).await, "id-2");
    assert_eq!(source.fetches(), 2);

    // A call waits for the refresh for a limited time.
    clock.advance(seconds(LIFETIME - LIFETIME / 5));
    let mut waiting = cached.credentials();
    assert!(poll_once(&mut waiting).is_none());
    clock.advance(seconds(1));
    assert_eq!(poll_once(&mut waiting).unwrap().unwrap().access_key_id(), "id-2");
}

fn poll_once<T>(future: &mut BoxFuture<'_, T>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => Some(output),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_calls_share_an_error() {
    let (_clock, source, cached) = counting(Some(LIFETIME));
    source.set_failing(true);
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let cached = cached.clone();
            tokio::spawn(async move { cached.credentials().await.unwrap_err().to_string() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "counting: error 1");
    }
    assert_eq!(source.fetches(), 1);
}
