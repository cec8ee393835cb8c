//! Waiting without a runtime: one thread that wakes whoever is due.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

/// Ready at a point in time; never, where that lies beyond what the clock can say.
pub(crate) struct Sleep {
    until: Option<Instant>,
    /// The key of the entry in the queue, once there is one.
    entry: Option<(Instant, u64)>,
}

impl Sleep {
    pub(crate) fn new(until: Option<Instant>) -> Self {
        Sleep { until, entry: None }
    }
}

#[derive(Default)]
struct Queue {
    sleepers: BTreeMap<(Instant, u64), Waker>,
    next: u64,
}

struct Timer {
    queue: Mutex<Queue>,
    earlier: Condvar,
}

impl Timer {
    fn get() -> &'static Timer {
        static TIMER: OnceLock<Timer> = OnceLock::new();
        static THREAD: OnceLock<()> = OnceLock::new();
        let timer =
            TIMER.get_or_init(|| Timer { queue: Mutex::default(), earlier: Condvar::new() });
        THREAD.get_or_init(|| {
            let thread = std::thread::Builder::new().name("alicloud-timer".to_owned());
            // A process that cannot start a thread waits without limits: nothing else is left.
            let _ = thread.spawn(|| timer.run());
        });
        timer
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[allow(clippy::disallowed_methods, reason = "this is a part of the system's clock")]
    fn run(&self) {
        let mut queue = self.lock();
        loop {
            let now = Instant::now();
            let due = match queue.sleepers.first_key_value() {
                Some((&(until, _), _)) if until <= now => queue.sleepers.pop_first(),
                Some((&(until, _), _)) => {
                    let wait = self.earlier.wait_timeout(queue, until - now);
                    queue = wait.unwrap_or_else(PoisonError::into_inner).0;
                    continue;
                }
                None => {
                    let wait = self.earlier.wait(queue);
                    queue = wait.unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
            };
            drop(queue);
            if let Some((_, waker)) = due {
                waker.wake();
            }
            queue = self.lock();
        }
    }
}

impl Future for Sleep {
    type Output = ();

    #[allow(clippy::disallowed_methods, reason = "this is a part of the system's clock")]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until else {
            return Poll::Pending;
        };
        if until <= Instant::now() {
            return Poll::Ready(());
        }
        let timer = Timer::get();
        let mut queue = timer.lock();
        let key = *self.entry.get_or_insert_with(|| {
            queue.next += 1;
            (until, queue.next)
        });
        queue.sleepers.insert(key, context.waker().clone());
        if queue.sleepers.first_key_value().map(|(key, _)| *key) == Some(key) {
            timer.earlier.notify_one();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.entry {
            Timer::get().lock().sleepers.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::task::Wake;
    use std::thread::Thread;
    use std::time::Duration;

    use super::*;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn block_on(mut future: impl Future<Output = ()> + Unpin) {
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        while Pin::new(&mut future).poll(&mut Context::from_waker(&waker)).is_pending() {
            std::thread::park();
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn wakes_in_order_and_forgets_the_dropped() {
        let start = Instant::now();
        let mut late = Sleep::new(Some(start + Duration::from_secs(3600)));
        let waker = Waker::noop();
        assert!(Pin::new(&mut late).poll(&mut Context::from_waker(waker)).is_pending());
        let key = late.entry.unwrap();
        block_on(Sleep::new(Some(start + Duration::from_millis(20))));
        assert!(start.elapsed() >= Duration::from_millis(20));
        assert!(Timer::get().lock().sleepers.contains_key(&key));
        drop(late);
        assert!(!Timer::get().lock().sleepers.contains_key(&key));
    }
}
