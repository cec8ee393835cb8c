//! A manual clock and deterministic nonces.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::future::BoxFuture;
use crate::time::Clock;
use crate::time::NonceSource;

/// A clock that moves only through [`advance`](Self::advance) and through sleeps.
///
/// A sleep moves the clock to the end of the sleep and returns immediately, so that an hour of waiting
/// takes no time. A timeout does not move the clock; it expires when the clock is moved past it.
/// Clones share one time.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use alicloud_core::Clock;
/// use alicloud_core::testing::ManualClock;
///
/// let clock = ManualClock::new(UNIX_EPOCH + Duration::from_secs(1_767_323_045));
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(1_767_323_105));
/// assert_eq!(clock.elapsed(), Duration::from_secs(60));
/// ```
#[derive(Clone)]
pub struct ManualClock {
    start: SystemTime,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    elapsed: Duration,
    timeout_wakers: Vec<Waker>,
}

impl ManualClock {
    /// Creates a clock that shows this time.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use alicloud_core::Clock;
    /// use alicloud_core::testing::ManualClock;
    ///
    /// assert_eq!(ManualClock::new(UNIX_EPOCH).now(), UNIX_EPOCH);
    /// ```
    pub fn new(time: SystemTime) -> Self {
        ManualClock { start: time, state: Arc::default() }
    }

    /// Creates a clock that shows this number of seconds since the Unix epoch.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use alicloud_core::Clock;
    /// use alicloud_core::testing::ManualClock;
    ///
    /// let clock = ManualClock::from_unix_seconds(1_767_323_045);
    /// assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(1_767_323_045));
    /// ```
    pub fn from_unix_seconds(seconds: u64) -> Self {
        ManualClock::new(UNIX_EPOCH + Duration::from_secs(seconds))
    }

    /// Moves the clock forward. Timeouts that it passes expire.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Clock;
    /// use alicloud_core::testing::ManualClock;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let clock = ManualClock::from_unix_seconds(0);
    /// let timeout = clock.timeout(Duration::from_secs(5));
    /// clock.advance(Duration::from_secs(5));
    /// timeout.await;
    /// # }
    /// ```
    pub fn advance(&self, duration: Duration) {
        let target = self.elapsed().saturating_add(duration);
        self.move_to(target);
    }

    fn move_to(&self, elapsed: Duration) {
        let mut state = self.lock();
        state.elapsed = state.elapsed.max(elapsed);
        let wakers = std::mem::take(&mut state.timeout_wakers);
        drop(state);
        // Timeouts that have not expired yet register again.
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.start.checked_add(self.elapsed()).unwrap_or(self.start)
    }

    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let end = self.elapsed().saturating_add(duration);
        Box::pin(async move { clock.move_to(end) })
    }

    fn timeout(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(Timeout { clock: self.clone(), end: self.elapsed().saturating_add(duration) })
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

struct Timeout {
    clock: ManualClock,
    end: Duration,
}

impl Future for Timeout {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        if state.elapsed >= self.end {
            return Poll::Ready(());
        }
        state.timeout_wakers.push(context.waker().clone());
        Poll::Pending
    }
}

/// A source of predictable nonces: a constant or a numbered sequence.
///
/// # Examples
///
/// ```
/// use alicloud_core::NonceSource;
/// use alicloud_core::testing::DeterministicNonce;
///
/// let nonces = DeterministicNonce::sequence("n");
/// assert_eq!(nonces.nonce()?, "n-1");
/// assert_eq!(nonces.nonce()?, "n-2");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct DeterministicNonce {
    /// The constant nonce, or the prefix of the sequence.
    text: String,
    /// The next number of the sequence; `None` for a constant.
    next_number: Option<Mutex<u64>>,
}

impl DeterministicNonce {
    /// Creates a source that always returns the same nonce. A real service rejects its second use.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::NonceSource;
    /// use alicloud_core::testing::DeterministicNonce;
    ///
    /// assert_eq!(DeterministicNonce::constant("n").nonce()?, "n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn constant(nonce: impl Into<String>) -> Self {
        DeterministicNonce { text: nonce.into(), next_number: None }
    }

    /// Creates a source that returns `prefix-1`, `prefix-2` and so on.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::NonceSource;
    /// use alicloud_core::testing::DeterministicNonce;
    ///
    /// assert_eq!(DeterministicNonce::sequence("test").nonce()?, "test-1");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn sequence(prefix: impl Into<String>) -> Self {
        DeterministicNonce { text: prefix.into(), next_number: Some(Mutex::new(1)) }
    }
}

impl NonceSource for DeterministicNonce {
    fn nonce(&self) -> io::Result<String> {
        let Some(next_number) = &self.next_number else {
            return Ok(self.text.clone());
        };
        let mut number = next_number.lock().unwrap_or_else(PoisonError::into_inner);
        let nonce = format!("{}-{number}", self.text);
        *number += 1;
        Ok(nonce)
    }
}
