//! A clock and nonces that stand still.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::BoxFuture;
use crate::clock::Clock;
use crate::nonce::NonceSource;

/// A clock that moves only when it is told to, or when somebody sleeps.
///
/// A sleep moves it to the end of the sleep and is over at once, so that an hour of waiting takes no
/// time. A time limit does not move it: it ends when others have moved the clock beyond it. Clones are
/// the same clock.
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
    limits: Vec<Waker>,
}

impl ManualClock {
    /// A clock that shows this time.
    pub fn new(time: SystemTime) -> Self {
        ManualClock { start: time, state: Arc::default() }
    }

    /// A clock that shows so many seconds since 1970.
    pub fn from_unix_seconds(seconds: u64) -> Self {
        ManualClock::new(UNIX_EPOCH + Duration::from_secs(seconds))
    }

    /// Moves it forward, and ends the limits that it passes.
    pub fn advance(&self, duration: Duration) {
        let until = self.elapsed().saturating_add(duration);
        self.move_to(until);
    }

    fn move_to(&self, elapsed: Duration) {
        let mut state = self.lock();
        state.elapsed = state.elapsed.max(elapsed);
        let wakers = std::mem::take(&mut state.limits);
        drop(state);
        // Those that are not over yet come back.
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
        let until = self.elapsed().saturating_add(duration);
        Box::pin(async move { clock.move_to(until) })
    }

    fn timeout(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(Limit { clock: self.clone(), until: self.elapsed().saturating_add(duration) })
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

struct Limit {
    clock: ManualClock,
    until: Duration,
}

impl Future for Limit {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        if state.elapsed >= self.until {
            return Poll::Ready(());
        }
        state.limits.push(context.waker().clone());
        Poll::Pending
    }
}

/// Nonces that are known beforehand: one text again and again, or a row of them, each once.
#[derive(Debug)]
pub struct DeterministicNonce {
    first: String,
    /// The number behind the next nonce, where they are counted.
    next: Option<Mutex<u64>>,
}

impl DeterministicNonce {
    /// The same nonce each time, which a real service refuses the second time.
    pub fn constant(nonce: impl Into<String>) -> Self {
        DeterministicNonce { first: nonce.into(), next: None }
    }

    /// `prefix-1`, `prefix-2` and so on.
    pub fn sequence(prefix: impl Into<String>) -> Self {
        DeterministicNonce { first: prefix.into(), next: Some(Mutex::new(1)) }
    }
}

impl NonceSource for DeterministicNonce {
    fn nonce(&self) -> io::Result<String> {
        let Some(next) = &self.next else {
            return Ok(self.first.clone());
        };
        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
        let nonce = format!("{}-{next}", self.first);
        *next += 1;
        Ok(nonce)
    }
}
