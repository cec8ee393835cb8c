//! The [`Clock`] trait: the only source of time in this crate, so that tests can replace it.

#[cfg(feature = "transport")]
use std::cell::Cell;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crate::future::BoxFuture;

/// A source of time: the current time, elapsed time, sleeps and timeouts.
///
/// Programs use [`SystemClock`], the default. Tests use `testing::ManualClock`, which does not wait.
///
/// # Examples
///
/// A clock that runs an hour ahead of the system clock:
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use alicloud_core::{BoxFuture, Clock, SystemClock};
///
/// #[derive(Debug)]
/// struct HourAhead;
///
/// impl Clock for HourAhead {
///     fn now(&self) -> SystemTime {
///         SystemClock.now() + Duration::from_secs(3600)
///     }
///
///     fn elapsed(&self) -> Duration {
///         SystemClock.elapsed()
///     }
///
///     fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
///         SystemClock.sleep(duration)
///     }
/// }
///
/// assert!(HourAhead.now() > SystemClock.now());
/// ```
pub trait Clock: Send + Sync + fmt::Debug {
    /// Returns the current time. Requests are signed with it, and a service rejects a time that is
    /// off by more than 15 minutes.
    fn now(&self) -> SystemTime;

    /// Returns the time since a fixed moment. Monotonic, so it can measure durations.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Clock, SystemClock};
    ///
    /// let start = SystemClock.elapsed();
    /// assert!(SystemClock.elapsed() >= start);
    /// ```
    fn elapsed(&self) -> Duration;

    /// Waits for `duration`, for example between two attempts.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use std::time::Duration;
    ///
    /// use alicloud_core::Clock;
    /// use alicloud_core::testing::ManualClock;
    ///
    /// // A manual clock skips the wait.
    /// let clock = ManualClock::from_unix_seconds(1_767_323_045);
    /// clock.sleep(Duration::from_secs(3600)).await;
    /// assert_eq!(clock.elapsed(), Duration::from_secs(3600));
    /// # }
    /// ```
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Returns a future that completes when a time limit of `duration` expires. It is polled
    /// together with the work that the limit applies to.
    ///
    /// Defaults to [`sleep`](Clock::sleep). A clock that skips sleeps must not skip timeouts;
    /// otherwise every operation with a time limit would time out.
    fn timeout(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep(duration)
    }

    fn timeout(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).timeout(duration)
    }
}

/// The clock of the operating system.
///
/// On a tokio runtime, sleeps use its timer. Without a tokio runtime, and on one without a timer, one background
/// thread of the process wakes all sleeps.
///
/// # Examples
///
/// ```
/// use std::time::UNIX_EPOCH;
///
/// use alicloud_core::{Clock, SystemClock};
///
/// assert!(SystemClock.now() > UNIX_EPOCH);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[allow(clippy::disallowed_methods, reason = "the clock that everything else uses")]
impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        #[cfg(feature = "transport")]
        if let Some(sleep) = tokio_sleep(duration) {
            return Box::pin(continue_after_shutdown(sleep));
        }
        Box::pin(super::timer::Sleep::new(Instant::now().checked_add(duration)))
    }
}

/// Returns a sleep of the current tokio runtime, if there is one with a timer.
#[cfg(feature = "transport")]
fn tokio_sleep(duration: Duration) -> Option<tokio::time::Sleep> {
    use tokio::runtime::{Handle, Id};

    thread_local! {
        /// The last runtime without a timer on this thread: trying it again would print another panic.
        static WITHOUT_TIMER: Cell<Option<Id>> = const { Cell::new(None) };
    }
    let runtime = Handle::try_current().ok()?.id();
    if WITHOUT_TIMER.get() == Some(runtime) {
        return None;
    }
    let sleep = super::try_on_tokio(|| tokio::time::sleep(duration));
    if sleep.is_none() {
        WITHOUT_TIMER.set(Some(runtime));
    }
    sleep
}

/// Sleeps on the timer of tokio, and without it if the runtime is shut down: a call or a shared refresh of
/// credentials can continue on another runtime, where polling the timer panics.
#[cfg(feature = "transport")]
pub(crate) async fn continue_after_shutdown(sleep: tokio::time::Sleep) {
    let mut sleep = pin!(sleep);
    let is_complete = poll_fn(|context| {
        let poll = super::try_on_tokio(|| sleep.as_mut().poll(context));
        poll.map_or(Poll::Ready(false), |poll| poll.map(|()| true))
    });
    if !is_complete.await {
        super::timer::Sleep::new(Some(sleep.deadline().into_std())).await;
    }
}

/// Returns the output of a future, or `None` if the time limit expires first.
pub(crate) async fn with_timeout<F: Future>(
    clock: &dyn Clock,
    limit: Duration,
    future: F,
) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut timeout = clock.timeout(limit);
    poll_fn(move |context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        Pin::new(&mut timeout).poll(context).map(|()| None)
    })
    .await
}
