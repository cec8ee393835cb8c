//! One piece of work that many tasks wait for, on any executor.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::task::{Context, Poll, Wake, Waker};

use crate::BoxFuture;

/// Work under way. Whoever waits for it drives it, so that it goes on when the task that began it is
/// dropped, or is never polled again: a lock held by one task would stop all others then.
pub(super) struct Flight<T> {
    work: Mutex<Option<BoxFuture<'static, T>>>,
    output: OnceLock<T>,
    /// What it comes to when the work panics.
    broken: T,
    /// Whether the work has asked to be polled since it last was.
    awake: AtomicBool,
    /// How many are waiting, whether their wakers are below or were just woken.
    joined: AtomicUsize,
    waiters: Mutex<Waiters>,
}

#[derive(Default)]
struct Waiters {
    wakers: BTreeMap<u64, Waker>,
    next: u64,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    pub(super) fn new(work: BoxFuture<'static, T>, broken: T) -> Arc<Self> {
        Arc::new(Flight {
            work: Mutex::new(Some(work)),
            output: OnceLock::new(),
            broken,
            awake: AtomicBool::new(true),
            joined: AtomicUsize::new(0),
            waiters: Mutex::default(),
        })
    }

    /// Waits for it.
    pub(super) fn join(self: &Arc<Self>) -> Join<T> {
        self.joined.fetch_add(1, Ordering::SeqCst);
        let mut waiters = self.waiters();
        waiters.next += 1;
        let key = waiters.next;
        drop(waiters);
        Join { flight: Arc::clone(self), key }
    }

    /// Whether anybody drives it.
    pub(super) fn is_driven(&self) -> bool {
        self.joined.load(Ordering::SeqCst) > 0
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_all(&self) {
        let wakers = std::mem::take(&mut self.waiters().wakers);
        wakers.into_values().for_each(Waker::wake);
    }

    /// Polls the work if it asked for that and nobody else does.
    fn drive(self: &Arc<Self>) {
        let output = match self.work.try_lock() {
            // Whoever polls it was registered before, so it hears of whatever happens meanwhile.
            Err(TryLockError::WouldBlock) => return,
            Err(TryLockError::Poisoned(broken)) => {
                *broken.into_inner() = None;
                self.broken.clone()
            }
            Ok(mut work) => {
                if !self.awake.swap(false, Ordering::SeqCst) {
                    return;
                }
                let Some(future) = work.as_mut() else { return };
                let waker = Waker::from(Arc::clone(self));
                let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker))
                else {
                    return;
                };
                *work = None;
                output
            }
        };
        if self.output.set(output).is_ok() {
            self.wake_all();
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Wake for Flight<T> {
    fn wake(self: Arc<Self>) {
        self.awake.store(true, Ordering::SeqCst);
        self.wake_all();
    }
}

/// Ready when the work is done.
pub(super) struct Join<T: Clone + Send + Sync + 'static> {
    flight: Arc<Flight<T>>,
    key: u64,
}

impl<T: Clone + Send + Sync + 'static> Future for Join<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let flight = &self.flight;
        if flight.output.get().is_none() {
            // First registered, then driven: what happens in between wakes this task again.
            flight.waiters().wakers.insert(self.key, context.waker().clone());
            flight.drive();
        }
        match flight.output.get() {
            Some(output) => Poll::Ready(output.clone()),
            None => Poll::Pending,
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Drop for Join<T> {
    fn drop(&mut self) {
        let flight = &self.flight;
        let mut waiters = flight.waiters();
        waiters.wakers.remove(&self.key);
        flight.joined.fetch_sub(1, Ordering::SeqCst);
        // The wake-up that this task did not follow is for another one now.
        let unfinished = flight.output.get().is_none();
        let left = flight.awake.load(Ordering::SeqCst) || flight.work.is_poisoned();
        let next = if unfinished && left { waiters.wakers.pop_first() } else { None };
        drop(waiters);
        if let Some((_, waker)) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pending until it is told, and then for so many polls more.
    struct Steps(u32);

    impl Future for Steps {
        type Output = u32;

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
            if self.0 == 0 {
                return Poll::Ready(7);
            }
            self.0 -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    }

    fn poll(join: &mut Join<u32>) -> Poll<u32> {
        Pin::new(join).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn goes_on_without_the_one_that_began_it() {
        let flight = Flight::new(Box::pin(Steps(3)), 0);
        let mut first = flight.join();
        assert!(poll(&mut first).is_pending());
        let mut second = flight.join();
        drop(first);
        assert!(flight.is_driven());
        assert!(poll(&mut second).is_pending());
        drop(second);
        assert!(!flight.is_driven());
        let mut third = flight.join();
        assert!(poll(&mut third).is_pending());
        assert_eq!(poll(&mut third), Poll::Ready(7));
        assert_eq!(poll(&mut flight.join()), Poll::Ready(7));
    }

    #[test]
    fn a_panic_is_an_output_for_the_others() {
        let flight = Flight::new(Box::pin(async { panic!("as the test wants it") }), 13);
        let mut first = flight.join();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| poll(&mut first)));
        assert!(panicked.is_err());
        assert_eq!(poll(&mut flight.join()), Poll::Ready(13));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_tasks_and_many_cancellations() {
        for round in 0..50 {
            let work = Box::pin(async {
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
                7
            });
            let flight = Flight::new(work, 0);
            let tasks: Vec<_> = (0..40)
                .map(|index| {
                    let join = flight.join();
                    tokio::spawn(async move {
                        if (index + round) % 3 == 0 {
                            let soon = std::time::Duration::from_micros(index);
                            return tokio::time::timeout(soon, join).await.unwrap_or(7);
                        }
                        join.await
                    })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap(), 7);
            }
        }
    }
}
