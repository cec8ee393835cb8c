//! Work that blocks, away from the executor.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Runs work on a thread of its own and hands over what it comes to.
///
/// Dropping the future tells the work, through its [`Watch`], that nobody waits any more.
pub(super) fn on_thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce(&Watch<T>) -> io::Result<T> + Send + 'static,
) -> OnThread<T> {
    let shared: Arc<Mutex<Slot<T>>> = Arc::default();
    let watch = Watch(Arc::clone(&shared));
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        // Dropped at the end, even by a panic, it reports that nothing more will come.
        let result = work(&watch);
        watch.put(result);
    });
    if let Err(error) = spawned {
        lock(&shared).result = Some(Err(error));
    }
    OnThread(shared)
}

struct Slot<T> {
    result: Option<io::Result<T>>,
    waker: Option<Waker>,
    abandoned: bool,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot { result: None, waker: None, abandoned: false }
    }
}

fn lock<T>(slot: &Mutex<Slot<T>>) -> MutexGuard<'_, Slot<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The working side.
pub(super) struct Watch<T>(Arc<Mutex<Slot<T>>>);

impl<T> Watch<T> {
    /// Whether nobody waits any more.
    pub(super) fn is_abandoned(&self) -> bool {
        lock(&self.0).abandoned
    }

    fn put(&self, result: io::Result<T>) {
        let mut slot = lock(&self.0);
        slot.result.get_or_insert(result);
        let waker = slot.waker.take();
        drop(slot);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Drop for Watch<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.put(Err(io::Error::other("the thread of it panicked")));
        }
    }
}

/// The waiting side.
pub(super) struct OnThread<T>(Arc<Mutex<Slot<T>>>);

impl<T> Future for OnThread<T> {
    type Output = io::Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let mut slot = lock(&self.0);
        if let Some(result) = slot.result.take() {
            return Poll::Ready(result);
        }
        slot.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for OnThread<T> {
    fn drop(&mut self) {
        lock(&self.0).abandoned = true;
    }
}
