//! Blocking work on a separate thread, independent of the async runtime.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Runs blocking work on a new thread and returns a future of its result.
///
/// Dropping the future cancels the task: [`Completion::is_canceled`] then returns `true`, and the
/// work should stop.
pub(crate) fn spawn_blocking<T: Send + 'static>(
    name: &str,
    work: impl FnOnce(&Completion<T>) -> io::Result<T> + Send + 'static,
) -> BlockingTask<T> {
    let state: Arc<Mutex<TaskState<T>>> = Arc::default();
    let canceled: Arc<AtomicBool> = Arc::default();
    let completion = Completion { state: Arc::clone(&state), canceled: Arc::clone(&canceled) };
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        // If the work panics, dropping the completion reports that.
        let result = work(&completion);
        completion.set_result(result);
    });
    if let Err(error) = spawned {
        lock(&state).result = Some(Err(error));
    }
    BlockingTask { state, canceled }
}

/// State shared by the thread and the future.
struct TaskState<T> {
    result: Option<io::Result<T>>,
    waker: Option<Waker>,
}

impl<T> Default for TaskState<T> {
    fn default() -> Self {
        TaskState { result: None, waker: None }
    }
}

fn lock<T>(state: &Mutex<TaskState<T>>) -> MutexGuard<'_, TaskState<T>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread's handle of a task.
pub(crate) struct Completion<T> {
    state: Arc<Mutex<TaskState<T>>>,
    canceled: Arc<AtomicBool>,
}

impl<T> Completion<T> {
    /// Returns whether the future of the task was dropped.
    pub(crate) fn is_canceled(&self) -> bool {
        self.canceled.load(Ordering::Relaxed)
    }

    /// Returns the flag that is set when the future of the task is dropped.
    pub(crate) fn cancel_flag(&self) -> &Arc<AtomicBool> {
        &self.canceled
    }

    fn set_result(&self, result: io::Result<T>) {
        let mut state = lock(&self.state);
        state.result.get_or_insert(result);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Drop for Completion<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.set_result(Err(io::Error::other("the thread that ran it panicked")));
        }
    }
}

/// The future of a task.
pub(crate) struct BlockingTask<T> {
    state: Arc<Mutex<TaskState<T>>>,
    canceled: Arc<AtomicBool>,
}

impl<T> Future for BlockingTask<T> {
    type Output = io::Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let mut state = lock(&self.state);
        if let Some(result) = state.result.take() {
            return Poll::Ready(result);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for BlockingTask<T> {
    fn drop(&mut self) {
        self.canceled.store(true, Ordering::Relaxed);
    }
}
