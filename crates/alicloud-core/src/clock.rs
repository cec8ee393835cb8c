//! Time, as a seam: everything in this crate asks a [`Clock`].

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crate::BoxFuture;

/// What time it is, and waiting.
///
/// A program uses the [`SystemClock`]; tests use one that stands still or jumps.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time of day. It is signed, and a service refuses one that is 15 minutes off.
    fn now(&self) -> SystemTime;

    /// The time since a fixed moment. It never goes back, so that it measures how long things take.
    fn elapsed(&self) -> Duration;

    /// Waits, as between two attempts.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// The end of a time limit, which runs beside work that should end sooner.
    ///
    /// A clock that jumps over a [`sleep`](Clock::sleep) must not jump over this, or nothing would
    /// ever be in time.
    fn limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
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

    fn limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).limit(duration)
    }
}

/// The computer's own clock.
///
/// On a tokio runtime it waits with tokio's timer, which the runtime must have enabled, as the
/// default transport needs it, too. Elsewhere one thread of the process does the waiting.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[allow(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
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
        if tokio::runtime::Handle::try_current().is_ok() {
            return Box::pin(tokio::time::sleep(duration));
        }
        Box::pin(crate::timer::Sleep::new(Instant::now().checked_add(duration)))
    }
}

/// Returns the output of a future, or `None` if the time limit ends first.
pub(crate) async fn within<F: Future>(
    clock: &dyn Clock,
    limit: Duration,
    work: F,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut end = clock.limit(limit);
    poll_fn(move |context| {
        if let Poll::Ready(output) = work.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        Pin::new(&mut end).poll(context).map(|()| None)
    })
    .await
}
