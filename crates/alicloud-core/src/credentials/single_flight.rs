//! A future that many tasks wait for and drive together, on any async runtime.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::task::{Context, Poll, Wake, Waker};

use crate::future::BoxFuture;

/// A shared future. Any task that waits for it polls it, so that it continues when the task that
/// started it is dropped or no longer polled. A lock held across an await would block in that case.
pub(super) struct SingleFlight<T> {
    future: Mutex<Option<BoxFuture<'static, T>>>,
    output: OnceLock<T>,
    /// The output if the future panics.
    panic_output: T,
    /// Whether the future was woken since its last poll.
    is_woken: AtomicBool,
    /// Number of waiting tasks, including those that were woken and have no waker below.
    waiter_count: AtomicUsize,
    waiters: Mutex<Waiters>,
}

#[derive(Default)]
struct Waiters {
    wakers: BTreeMap<u64, Waker>,
    last_key: u64,
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    pub(super) fn new(future: BoxFuture<'static, T>, panic_output: T) -> Arc<Self> {
        Arc::new(SingleFlight {
            future: Mutex::new(Some(future)),
            output: OnceLock::new(),
            panic_output,
            is_woken: AtomicBool::new(true),
            waiter_count: AtomicUsize::new(0),
            waiters: Mutex::default(),
        })
    }

    /// Returns a future that waits for the output.
    pub(super) fn join(self: &Arc<Self>) -> JoinFuture<T> {
        self.waiter_count.fetch_add(1, Ordering::SeqCst);
        let mut waiters = self.waiters();
        waiters.last_key += 1;
        let key = waiters.last_key;
        drop(waiters);
        JoinFuture { flight: Arc::clone(self), key }
    }

    /// Returns whether any task waits for the output.
    pub(super) fn has_waiters(&self) -> bool {
        self.waiter_count.load(Ordering::SeqCst) > 0
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_all(&self) {
        let wakers = std::mem::take(&mut self.waiters().wakers);
        wakers.into_values().for_each(Waker::wake);
    }

    /// Polls the future if it was woken and no other task is polling it.
    fn poll_future(self: &Arc<Self>) {
        let output = match self.future.try_lock() {
            // The task that polls it has registered its waker, so it is woken for any progress.
            Err(TryLockError::WouldBlock) => return,
            Err(TryLockError::Poisoned(poisoned)) => {
                *poisoned.into_inner() = None;
                self.panic_output.clone()
            }
            Ok(mut slot) => {
                if !self.is_woken.swap(false, Ordering::SeqCst) {
                    return;
                }
                let Some(future) = slot.as_mut() else { return };
                let waker = Waker::from(Arc::clone(self));
                let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker))
                else {
                    return;
                };
                *slot = None;
                output
            }
        };
        if self.output.set(output).is_ok() {
            self.wake_all();
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Wake for SingleFlight<T> {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        self.wake_all();
    }
}

/// A future that completes with the output of a [`SingleFlight`].
pub(super) struct JoinFuture<T: Clone + Send + Sync + 'static> {
    flight: Arc<SingleFlight<T>>,
    key: u64,
}

impl<T: Clone + Send + Sync + 'static> Future for JoinFuture<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let flight = &self.flight;
        if flight.output.get().is_none() {
            // The waker is registered before polling, so that no wake-up in between is lost.
            flight.waiters().wakers.insert(self.key, context.waker().clone());
            flight.poll_future();
        }
        match flight.output.get() {
            Some(output) => Poll::Ready(output.clone()),
            None => Poll::Pending,
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Drop for JoinFuture<T> {
    fn drop(&mut self) {
        let flight = &self.flight;
        let mut waiters = flight.waiters();
        waiters.wakers.remove(&self.key);
        flight.waiter_count.fetch_sub(1, Ordering::SeqCst);
        // A wake-up that this task did not handle is passed to another task.
        let is_unfinished = flight.output.get().is_none();
        let needs_poll = flight.is_woken.load(Ordering::SeqCst) || flight.future.is_poisoned();
        let next = if is_unfinished && needs_poll { waiters.wakers.pop_first() } else { None };
        drop(waiters);
        if let Some((_, waker)) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A future that is pending for this number of polls.
    struct PendingPolls(u32);

    impl Future for PendingPolls {
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

    fn poll(future: &mut JoinFuture<u32>) -> Poll<u32> {
        Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn continues_when_the_first_waiter_is_dropped() {
        let flight = SingleFlight::new(Box::pin(PendingPolls(3)), 0);
        let mut first = flight.join();
        assert!(poll(&mut first).is_pending());
        let mut second = flight.join();
        drop(first);
        assert!(flight.has_waiters());
        assert!(poll(&mut second).is_pending());
        drop(second);
        assert!(!flight.has_waiters());
        let mut third = flight.join();
        assert!(poll(&mut third).is_pending());
        assert_eq!(poll(&mut third), Poll::Ready(7));
        assert_eq!(poll(&mut flight.join()), Poll::Ready(7));
    }

    #[test]
    fn a_panic_gives_the_other_waiters_the_panic_output() {
        let flight = SingleFlight::new(Box::pin(async { panic!("expected by this test") }), 13);
        let mut first = flight.join();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| poll(&mut first)));
        assert!(panicked.is_err());
        assert_eq!(poll(&mut flight.join()), Poll::Ready(13));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn survives_concurrent_waiters_and_cancellations() {
        for round in 0..50 {
            let future = Box::pin(async {
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
                7
            });
            let flight = SingleFlight::new(future, 0);
            let tasks: Vec<_> = (0..40)
                .map(|index| {
                    let output = flight.join();
                    tokio::spawn(async move {
                        if (index + round) % 3 == 0 {
                            let limit = std::time::Duration::from_micros(index);
                            return tokio::time::timeout(limit, output).await.unwrap_or(7);
                        }
                        output.await
                    })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap(), 7);
            }
        }
    }
}
