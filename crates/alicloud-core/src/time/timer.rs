//! A timer that works without an async runtime: one thread that wakes expired sleeps.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

/// A future that completes at its deadline.
pub(crate) struct Sleep {
    /// `None` if the deadline is beyond the range of `Instant`; the future then never completes.
    deadline: Option<Instant>,
    /// Key of the entry in the queue; `None` before the first poll.
    key: Option<SleepKey>,
}

/// Deadline of a sleep, and a number that makes equal deadlines unique.
type SleepKey = (Instant, u64);

impl Sleep {
    pub(crate) fn new(deadline: Option<Instant>) -> Self {
        Sleep { deadline, key: None }
    }
}

#[derive(Default)]
struct Queue {
    wakers: BTreeMap<SleepKey, Waker>,
    last_number: u64,
}

struct Timer {
    queue: Mutex<Queue>,
    /// Signaled when a new entry becomes the first of the queue.
    first_changed: Condvar,
}

impl Timer {
    fn get() -> &'static Timer {
        static TIMER: OnceLock<Timer> = OnceLock::new();
        static THREAD: OnceLock<()> = OnceLock::new();
        let timer =
            TIMER.get_or_init(|| Timer { queue: Mutex::default(), first_changed: Condvar::new() });
        THREAD.get_or_init(|| {
            let thread = std::thread::Builder::new().name("alicloud-timer".to_owned());
            // If no thread can be started, sleeps never complete; there is no other way to wait.
            let _ = thread.spawn(|| timer.run());
        });
        timer
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[allow(clippy::disallowed_methods, reason = "part of the system clock")]
    fn run(&self) {
        let mut queue = self.lock();
        loop {
            let now = Instant::now();
            let expired = match queue.wakers.first_key_value() {
                Some((&(deadline, _), _)) if deadline <= now => queue.wakers.pop_first(),
                Some((&(deadline, _), _)) => {
                    let waited = self.first_changed.wait_timeout(queue, deadline - now);
                    queue = waited.unwrap_or_else(PoisonError::into_inner).0;
                    continue;
                }
                None => {
                    let waited = self.first_changed.wait(queue);
                    queue = waited.unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
            };
            drop(queue);
            if let Some((_, waker)) = expired {
                waker.wake();
            }
            queue = self.lock();
        }
    }
}

impl Future for Sleep {
    type Output = ();

    #[allow(clippy::disallowed_methods, reason = "part of the system clock")]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline else {
            return Poll::Pending;
        };
        if deadline <= Instant::now() {
            return Poll::Ready(());
        }
        let timer = Timer::get();
        let mut queue = timer.lock();
        let key = *self.key.get_or_insert_with(|| {
            queue.last_number += 1;
            (deadline, queue.last_number)
        });
        queue.wakers.insert(key, context.waker().clone());
        if queue.wakers.first_key_value().map(|(key, _)| *key) == Some(key) {
            timer.first_changed.notify_one();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            Timer::get().lock().wakers.remove(&key);
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

    struct ThreadWaker(Thread);

    impl Wake for ThreadWaker {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn block_on(mut future: impl Future<Output = ()> + Unpin) {
        let waker = Waker::from(Arc::new(ThreadWaker(std::thread::current())));
        while Pin::new(&mut future).poll(&mut Context::from_waker(&waker)).is_pending() {
            std::thread::park();
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn wakes_in_deadline_order_and_removes_dropped_sleeps() {
        let start = Instant::now();
        let mut late = Sleep::new(Some(start + Duration::from_secs(3600)));
        let waker = Waker::noop();
        assert!(Pin::new(&mut late).poll(&mut Context::from_waker(waker)).is_pending());
        let key = late.key.unwrap();
        block_on(Sleep::new(Some(start + Duration::from_millis(20))));
        assert!(start.elapsed() >= Duration::from_millis(20));
        assert!(Timer::get().lock().wakers.contains_key(&key));
        drop(late);
        assert!(!Timer::get().lock().wakers.contains_key(&key));
    }
}
